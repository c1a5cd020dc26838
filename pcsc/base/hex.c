#include "pcsc/base/hex.h"

/* The value of a digit, or -1. Not isxdigit(): that asks the locale. */
static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* One walk over the text; out NULL only counts. */
static bool
walk(const char *text, uint8_t *out, size_t *n)
{
	size_t count = 0;
	int high;
	int low;

	for (;;) {
		while (*text == ' ' || *text == '\t')
			text++;
		if (*text == '\0')
			break;
		if ((high = digit(text[0])) < 0 || (low = digit(text[1])) < 0)
			return false;
		if (out)
			out[count] = (uint8_t)(high << 4 | low);
		count++;
		text += 2;
	}
	*n = count;
	return true;
}

bool
ca_hex_parse(const char *text, uint8_t *out, size_t cap, size_t *out_n)
{
	size_t n;

	if (!walk(text, NULL, &n) || n > cap)
		return false;
	return walk(text, out, out_n);
}
