/* See the header. */
#include "tools/lib/phone_code.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

#include "pcsc/base/secret.h"

#define BITS 5
#define BASE (1U << BITS)
#define MODULUS 1021U
#define GROUP 4
#define HEAD 5 /* symbols: kind and scheme, tag */
#define CHECK 2
#define SYMBOLS(bytes) (HEAD + ((bytes)*8 + BITS - 1) / BITS + CHECK)
#define SYMBOLS_MAX SYMBOLS(CA_REMOTE_MAX)
#define ANSWER_BIT 0x10U
#define SERIAL_MAX 256

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* ---- symbols ---- */

/* The whole code as a number to the base 32, modulo the prime. */
static unsigned
remainder_of(const uint8_t *s, size_t n)
{
	unsigned v = 0;

	for (size_t i = 0; i < n; i++)
		v = (v * BASE + s[i]) % MODULUS;
	return v;
}

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* -1: no code has this character. */
static int
symbol_of(char c)
{
	const char *at;

	c = upper(c);
	if (c == 'I' || c == 'L')
		c = '1';
	if (c == 'O')
		c = '0';
	at = c != '\0' ? strchr(alphabet, c) : NULL;
	return at != NULL ? (int)(at - alphabet) : -1;
}

static size_t
symbols_of(int scheme)
{
	size_t bytes = ca_remote_size(scheme);

	return bytes == 0 ? 0 : SYMBOLS(bytes);
}

/* ---- writing ---- */

static void
put_head(const struct ca_phone *c, uint8_t *s)
{
	unsigned kind = c->kind == CA_PHONE_ANSWER ? ANSWER_BIT : 0;

	s[0] = (uint8_t)(kind | (unsigned)c->scheme);
	for (unsigned i = 1; i < HEAD; i++)
		s[i] = c->tag >> (CA_PHONE_TAG_BITS - BITS * i) & (BASE - 1);
}

static void
put_bytes(const struct ca_phone *c, uint8_t *s)
{
	for (size_t bit = 0; bit < c->n * 8; bit++)
		if ((c->b[bit / 8] >> (7 - bit % 8) & 1) != 0)
			s[bit / BITS] |=
			    (uint8_t)(1U << (BITS - 1 - bit % BITS));
}

void
ca_phone_write(const struct ca_phone *c, char out[CA_PHONE_TEXT])
{
	uint8_t s[SYMBOLS_MAX] = {0};
	size_t n = symbols_of((int)c->scheme), at = 0;
	unsigned check;

	out[0] = '\0';
	if (n == 0 || c->n != ca_remote_size((int)c->scheme))
		return;
	put_head(c, s);
	put_bytes(c, s + HEAD);
	check = (MODULUS + 1 - remainder_of(s, n)) % MODULUS;
	s[n - 2] = (uint8_t)(check / BASE);
	s[n - 1] = check % BASE;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && i % GROUP == 0)
			out[at++] = '-';
		out[at++] = alphabet[s[i]];
	}
	out[at] = '\0';
	ca_wipe(s, sizeof(s));
}

/* ---- reading ---- */

/* The symbols of a text; more than any code has are one too many. */
static enum ca_phone_fault
get_symbols(const char *text, uint8_t s[SYMBOLS_MAX], size_t *n)
{
	*n = 0;
	for (; *text != '\0'; text++) {
		int v = symbol_of(*text);

		if (strchr(" \t\r\n-.", *text) != NULL)
			continue;
		if (v < 0)
			return CA_PHONE_CHARACTER;
		if (*n == SYMBOLS_MAX)
			return CA_PHONE_LENGTH;
		s[(*n)++] = (uint8_t)v;
	}
	return CA_PHONE_GOOD;
}

static bool
some_code_has(size_t n)
{
	for (int scheme = 1; scheme < (int)ANSWER_BIT; scheme++)
		if (symbols_of(scheme) == n)
			return n > 0;
	return false;
}

/* False: bits are set behind the last byte. */
static bool
get_bytes(const uint8_t *s, size_t symbols, struct ca_phone *c)
{
	for (size_t bit = 0; bit < symbols * BITS; bit++) {
		unsigned v =
		    (unsigned)s[bit / BITS] >> (BITS - 1 - bit % BITS) & 1U;

		if (bit / 8 < c->n)
			c->b[bit / 8] =
			    (uint8_t)((unsigned)c->b[bit / 8] << 1 | v);
		else if (v != 0)
			return false;
	}
	return true;
}

static enum ca_phone_fault
understand(const uint8_t *s, size_t n, enum ca_phone_kind kind,
    struct ca_phone *c)
{
	unsigned scheme = s[0] & (ANSWER_BIT - 1);

	if (!some_code_has(n))
		return CA_PHONE_LENGTH;
	if (remainder_of(s, n) != 1)
		return CA_PHONE_CHECK;
	c->kind =
	    (s[0] & ANSWER_BIT) != 0 ? CA_PHONE_ANSWER : CA_PHONE_CHALLENGE;
	if (c->kind != kind)
		return CA_PHONE_OTHER_KIND;
	if (symbols_of((int)scheme) != n)
		return CA_PHONE_UNKNOWN;
	c->scheme = (enum ca_remote)scheme;
	c->n = ca_remote_size((int)scheme);
	for (unsigned i = 1; i < HEAD; i++)
		c->tag = c->tag << BITS | s[i];
	return get_bytes(s + HEAD, n - HEAD - CHECK, c) ? CA_PHONE_GOOD
							: CA_PHONE_UNKNOWN;
}

enum ca_phone_fault
ca_phone_read(const char *text, enum ca_phone_kind kind, struct ca_phone *out)
{
	uint8_t s[SYMBOLS_MAX] = {0};
	struct ca_phone c = {.tag = 0};
	size_t n;
	enum ca_phone_fault f = get_symbols(text, s, &n);

	if (f == CA_PHONE_GOOD)
		f = understand(s, n, kind, &c);
	if (f == CA_PHONE_GOOD)
		*out = c;
	ca_wipe(s, sizeof(s));
	ca_wipe(&c, sizeof(c));
	return f;
}

/* ---- tags ---- */

/* The first bits of a hash. What cannot be hashed has a tag all the same: it
 * tells nothing then, and both sides find no fault. */
static uint32_t
tag_of(const void *p, size_t n)
{
	uint8_t h[EVP_MAX_MD_SIZE] = {0};

	if (EVP_Digest(p, n, h, NULL, EVP_sha256(), NULL) != 1)
		return 0;
	return ((uint32_t)h[0] << 16 | (uint32_t)h[1] << 8 | h[2]) >>
	       (24 - CA_PHONE_TAG_BITS);
}

uint32_t
ca_phone_token_tag(const char *serial)
{
	char text[SERIAL_MAX];
	size_t n = 0;

	for (; *serial != '\0' && n < sizeof(text); serial++) {
		char c = upper(*serial);

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
			text[n++] = c;
	}
	return tag_of(text, n);
}

uint32_t
ca_phone_question_tag(const struct ca_phone *challenge)
{
	uint8_t b[4 + CA_REMOTE_MAX] = {(uint8_t)challenge->scheme,
	    (uint8_t)(challenge->tag >> 16), (uint8_t)(challenge->tag >> 8),
	    (uint8_t)challenge->tag};

	memcpy(b + 4, challenge->b, sizeof(challenge->b));
	return tag_of(b, 4 + challenge->n);
}
