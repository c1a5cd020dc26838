/* See sim_dump.h: the text, line by line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/secret.h"
#include "tests/sim/sim_dump_text.h"

#define FIRST "capkcs11-card-dump"

bool
ca_sim_dump_fail(struct ca_sim_dump_text *t, const char *fault)
{
	t->fault = fault;
	return false;
}

bool
ca_sim_dump_is_place(const struct ca_sim_dump_item *i)
{
	uint8_t sw1 = (uint8_t)(i->sw >> 8);

	return i->head[1] == 0xA4 &&
	       (i->sw == 0x9000 || sw1 == 0x62 || sw1 == 0x63);
}

static bool
read_first(struct ca_sim_dump_text *t)
{
	if (t->words != 2 || strcmp(t->word[0], FIRST) != 0)
		return ca_sim_dump_fail(t, "this is no dump of a card");
	if (strcmp(t->word[1], "1") != 0)
		return ca_sim_dump_fail(t,
		    "a dump of a version that is not known");
	t->started = true;
	return true;
}

static bool
read_sum(struct ca_sim_dump_text *t)
{
	char want[17];

	(void)snprintf(want, sizeof(want), "%016llX",
	    (unsigned long long)t->sum);
	if (t->words != 2 || strcmp(t->word[1], want) != 0)
		return ca_sim_dump_fail(t,
		    "the sum is wrong: the text was changed");
	if (!t->atr || !t->protocol)
		return ca_sim_dump_fail(t, "ATR or protocol is missing");
	t->ended = true;
	return true;
}

static bool
read_words(struct ca_sim_dump_text *t)
{
	if (t->ended)
		return ca_sim_dump_fail(t, "something behind the sum");
	if (!t->started)
		return read_first(t);
	if (t->word[0][0] == '#')
		return true;
	return strcmp(t->word[0], "sum") == 0 ? read_sum(t)
					      : ca_sim_dump_row(t);
}

/* One line without its end and the blanks around it. */
static bool
read_line(struct ca_sim_dump_text *t, char *s)
{
	char *save = NULL;
	uint64_t sum = t->sum;

	for (const char *c = s; *c != '\0'; c++)
		sum = (sum ^ (uint8_t)*c) * 0x100000001B3u;
	t->words = 0;
	if (*s == '\0')
		return true;
	for (char *w = strtok_r(s, " \t", &save);
	     w != NULL && t->words < CA_SIM_DUMP_WORDS;
	     w = strtok_r(NULL, " \t", &save))
		t->word[t->words++] = w;
	if (t->words == 0 || !read_words(t))
		return t->words == 0;
	t->sum = sum;
	return true;
}

/* Takes the next line of the text; false: its characters are not those of a
 * dump, or it is too long. */
static bool
take_line(struct ca_sim_dump_text *t, struct ca_rd *in,
    char out[CA_SIM_DUMP_LINE])
{
	size_t n = 0;
	uint8_t b;

	t->line++;
	while (ca_rd_u8(in, &b) && b != '\n') {
		if (b == '\r' || (n == 0 && (b == ' ' || b == '\t')))
			continue;
		if ((b < 0x20 && b != '\t') || b > 0x7E)
			return ca_sim_dump_fail(t,
			    "a character that has no place here");
		if (n == CA_SIM_DUMP_LINE - 1)
			return ca_sim_dump_fail(t, "a line is too long");
		out[n++] = (char)b;
	}
	while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\t'))
		n--;
	out[n] = '\0';
	return true;
}

ca_err
ca_sim_dump_parse(struct ca_rd text, const char *name, struct ca_sim_dump *out,
    char *why)
{
	struct ca_sim_dump_text t = {.d = out, .sum = 0xCBF29CE484222325u};
	char line[CA_SIM_DUMP_LINE];

	while (text.n > 0 && t.fault == NULL)
		if (take_line(&t, &text, line))
			(void)!read_line(&t, line);
	if (t.fault == NULL && !t.ended)
		t.fault = "it ends before the sum";
	if (t.fault == NULL)
		return CA_OK;
	(void)snprintf(why, CA_SIM_DUMP_WHY, "%.150s:%u: %s", name, t.line,
	    t.fault);
	return CA_E_DATA;
}

ca_err
ca_sim_dump_load(const char *path, struct ca_sim_dump *out, char *why)
{
	uint8_t *text = malloc(CA_SIM_DUMP_TEXT + 1);
	FILE *f = fopen(path, "re");
	ca_err e = CA_E_IO;
	size_t n;

	(void)snprintf(why, CA_SIM_DUMP_WHY, "%.150s: it cannot be read", path);
	if (text != NULL && f != NULL) {
		n = fread(text, 1, CA_SIM_DUMP_TEXT + 1, f);
		if (n > CA_SIM_DUMP_TEXT)
			(void)snprintf(why, CA_SIM_DUMP_WHY,
			    "%.150s: it is too long", path);
		else if (!ferror(f))
			e = ca_sim_dump_parse(ca_rd_of(text, n), path, out,
			    why);
	}
	if (f != NULL)
		(void)fclose(f);
	free(text);
	return e;
}

void
ca_sim_dump_wipe(struct ca_sim_dump *d)
{
	for (size_t i = 0; i < CA_SIM_DUMP_ITEMS; i++) {
		ca_buf_free(&d->items[i].answer);
		ca_buf_free(&d->items[i].bytes);
		ca_buf_free(&d->items[i].known);
	}
	ca_wipe(d, sizeof(*d));
}
