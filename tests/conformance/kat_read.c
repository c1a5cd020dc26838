/* See kat.h: the texts as vectors. */
#include "tests/conformance/kat.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define VECTORS_MAX 1024

static struct cf_kat vectors[VECTORS_MAX];
static size_t vectors_n;

void
cf_kat_wrong(const struct cf_kat *v, const char *why, const char *what)
{
	fprintf(stderr, "%s:%u: %s: %s\n", v->file, v->line, why, what);
	exit(2);
}

static char *
trim(char *s)
{
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	for (n = strlen(s); n > 0 && isspace((unsigned char)s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

static void
add(struct cf_kat *v, char *line)
{
	char *eq = strchr(line, '=');

	if (eq == NULL)
		cf_kat_wrong(v, "no NAME = VALUE", line);
	if (v->n == CF_KAT_FIELDS)
		cf_kat_wrong(v, "too many fields", line);
	*eq = '\0';
	v->name[v->n] = trim(line);
	v->value[v->n] = trim(eq + 1);
	if (cf_kat_text(v, v->name[v->n]) != NULL)
		cf_kat_wrong(v, "twice", v->name[v->n]);
	v->n++;
}

/* A block of lines has ended. */
static void
finish(struct cf_kat *v)
{
	if (v->n == 0)
		return;
	v->mechanism =
	    cf_kat_constant(v, "mechanism", CK_UNAVAILABLE_INFORMATION);
	if (v->mechanism == CK_UNAVAILABLE_INFORMATION)
		cf_kat_wrong(v, "missing", "mechanism");
	if (++vectors_n == VECTORS_MAX)
		cf_kat_wrong(v, "too many", "vectors");
}

/* The end of a line and of those that go on with it, which begin with a space;
 * *lines: how many they are. NULL at the end of the text. */
static char *
line_end(char *p, unsigned *lines)
{
	for (*lines = 1; (p = strchr(p, '\n')) != NULL; (*lines)++) {
		if (p[1] != ' ' && p[1] != '\t')
			break;
		*p = ' ';
	}
	return p;
}

static void
read_text(const struct cf_kat_text *t)
{
	char *text = strdup(t->text), *end; /* kept: the vectors look at it */
	unsigned line = 1, lines;

	if (text == NULL)
		abort();
	vectors[vectors_n] = (struct cf_kat){.file = t->name};
	for (char *p = text; p != NULL; p = end, line += lines) {
		struct cf_kat *v = &vectors[vectors_n];

		end = line_end(p, &lines);
		if (end != NULL)
			*end++ = '\0';
		if (*p == '#')
			continue;
		p = trim(p);
		if (*p == '\0') {
			finish(v);
			vectors[vectors_n] = (struct cf_kat){.file = t->name};
			continue;
		}
		if (v->n == 0)
			v->line = line;
		add(v, p);
	}
	finish(&vectors[vectors_n]);
}

const struct cf_kat *
cf_kats(size_t *n)
{
	if (vectors_n == 0)
		for (size_t i = 0; i < cf_kat_texts_n; i++)
			read_text(&cf_kat_texts[i]);
	*n = vectors_n;
	return vectors;
}

const char *
cf_kat_text(const struct cf_kat *v, const char *name)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->name[i], name) == 0)
			return v->value[i];
	return NULL;
}

struct bytes {
	const struct cf_kat *v;
	const char *name;
	uint8_t *p;
	size_t n;
};

static void
put(struct bytes *b, uint8_t byte)
{
	if (b->n == CF_KAT_MAX)
		cf_kat_wrong(b->v, "too long", b->name);
	b->p[b->n++] = byte;
}

static unsigned
digit(const struct bytes *b, char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, tolower(c));

	if (at == NULL)
		cf_kat_wrong(b->v, "no hex", b->name);
	return (unsigned)(at - digits);
}

/* Up to the closing quote; what follows it. */
static const char *
put_text(struct bytes *b, const char *s)
{
	for (; *s != '"'; s++) {
		if (*s == '\0')
			cf_kat_wrong(b->v, "no closing quote", b->name);
		put(b, (uint8_t)*s);
	}
	return s + 1;
}

/* Two digits, and how many times, if that is said. */
static const char *
put_hex(struct bytes *b, const char *s)
{
	uint8_t byte = (uint8_t)(digit(b, s[0]) << 4 | digit(b, s[1]));
	unsigned long times = 1;
	char *end = NULL;

	s += 2;
	if (*s == '*') {
		times = strtoul(s + 1, &end, 10);
		s = end;
	}
	while (times-- > 0)
		put(b, byte);
	return s;
}

size_t
cf_kat_bytes(const struct cf_kat *v, const char *name, uint8_t *out)
{
	struct bytes b = {v, name, out, 0};
	const char *s = cf_kat_text(v, name);

	while (s != NULL && *s != '\0') {
		if (*s == ' ' || *s == '\t')
			s++;
		else
			s = *s == '"' ? put_text(&b, s + 1) : put_hex(&b, s);
	}
	return b.n;
}

CK_ULONG
cf_kat_number(const struct cf_kat *v, const char *name, CK_ULONG otherwise)
{
	const char *s = cf_kat_text(v, name);
	char *end = NULL;
	CK_ULONG n;

	if (s == NULL)
		return otherwise;
	n = strtoul(s, &end, 10);
	if (*s == '\0' || *end != '\0')
		cf_kat_wrong(v, "no number", name);
	return n;
}

CK_ULONG
cf_kat_constant(const struct cf_kat *v, const char *name, CK_ULONG otherwise)
{
	const char *s = cf_kat_text(v, name);
	CK_ULONG n = otherwise;

	if (s != NULL && !cf_constant(s, &n))
		cf_kat_wrong(v, "unknown constant", s);
	return n;
}
