#include "tools/lib/paragraph.h"

#include <stdio.h>
#include <string.h>

#include "tools/lib/i18n.h"

#define COLUMNS 79
#define WORD_MAX 256 /* bytes; what is longer is written as it is */

static int
width(const char *word, size_t n)
{
	char copy[WORD_MAX];

	if (n >= sizeof(copy))
		return (int)n;
	memcpy(copy, word, n);
	copy[n] = '\0';
	return ca_i18n_width(copy);
}

void
ca_paragraph(const char *text)
{
	int at = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, " \n");
		int wide = width(text, n);

		if (at > 0 && at + 1 + wide > COLUMNS) {
			(void)printf("\n");
			at = 0;
		}
		at += printf("%s%.*s", at > 0 ? " " : "", (int)n, text) > 0
			  ? wide + (at > 0)
			  : 0;
		text += n;
		if (*text == '\n') {
			(void)printf("\n");
			at = 0;
		}
		text += *text != '\0';
	}
	(void)printf("\n");
}
