/* See sim_dump_text.h: what each line means. */
#include "tests/sim/sim_dump_text.h"

#include <stdlib.h>
#include <string.h>

#include "pcsc/base/hex.h"

/* A number of digits of this base alone, 0 to max. */
static bool
number(struct ca_sim_dump_text *t, size_t word, int base, size_t max,
    size_t *out)
{
	const char *digits =
	    base == 16 ? "0123456789ABCDEFabcdef" : "0123456789";
	const char *w = word < t->words ? t->word[word] : "";
	size_t n = strlen(w);
	unsigned long v;

	if (n == 0 || n > 8 || strspn(w, digits) != n)
		return ca_sim_dump_fail(t, "a number is missing or is none");
	v = strtoul(w, NULL, base);
	if (v > max)
		return ca_sim_dump_fail(t, "a number is too big");
	*out = v;
	return true;
}

/* Hex digits, or "-" for nothing. */
static bool
bytes(struct ca_sim_dump_text *t, size_t word, uint8_t *out, size_t cap,
    size_t *n)
{
	const char *w = word < t->words ? t->word[word] : "";

	*n = 0;
	if (strcmp(w, "-") == 0)
		return true;
	if (*w == '\0' || !ca_hex_parse(w, out, cap, n))
		return ca_sim_dump_fail(t,
		    "hex digits are missing, wrong or too many");
	return true;
}

static bool
add(struct ca_sim_dump_text *t, struct ca_buf *to, struct ca_rd r, size_t max)
{
	if (r.n > max - to->n)
		return ca_sim_dump_fail(t, "more bytes than there may be");
	return ca_buf_add(to, r) == CA_OK || ca_sim_dump_fail(t, "no memory");
}

static struct ca_sim_dump_item *
last(struct ca_sim_dump_text *t)
{
	return t->d->items_n > 0 ? &t->d->items[t->d->items_n - 1] : NULL;
}

static bool
read_item(struct ca_sim_dump_text *t)
{
	struct ca_sim_dump *d = t->d;
	struct ca_sim_dump_item *i;
	size_t n, head_n, sw;

	if (d->items_n == CA_SIM_DUMP_ITEMS)
		return ca_sim_dump_fail(t, "too many commands");
	i = &d->items[d->items_n];
	if (!number(t, 1, 10, CA_SIM_DUMP_ITEMS, &n) ||
	    !number(t, 2, 10, CA_SIM_DUMP_ITEMS, &i->at) ||
	    !bytes(t, 3, i->head, sizeof(i->head), &head_n) ||
	    !bytes(t, 4, i->data, sizeof(i->data), &i->data_n) ||
	    !number(t, 5, 16, 0xFFFF, &sw))
		return false;
	if (n != d->items_n + 1)
		return ca_sim_dump_fail(t,
		    "commands are not numbered one by one");
	if (i->at >= n ||
	    (i->at > 0 && !ca_sim_dump_is_place(&d->items[i->at - 1])))
		return ca_sim_dump_fail(t, "there is no such place");
	if (head_n != sizeof(i->head))
		return ca_sim_dump_fail(t, "a command has four bytes");
	if ((i->head[1] == 0xA4) != (strcmp(t->word[0], "select") == 0))
		return ca_sim_dump_fail(t,
		    "SELECT, and nothing else, is \"select\"");
	i->sw = (uint16_t)sw;
	d->items_n++;
	return true;
}

static bool
read_answer(struct ca_sim_dump_text *t)
{
	uint8_t b[CA_SIM_DUMP_LINE];
	size_t n;

	if (last(t) == NULL)
		return ca_sim_dump_fail(t, "bytes before the first command");
	return bytes(t, 1, b, sizeof(b), &n) &&
	       add(t, &last(t)->answer, ca_rd_of(b, n), CA_SIM_ANSWER - 2);
}

static bool
read_file(struct ca_sim_dump_text *t)
{
	struct ca_sim_dump_item *i = last(t);
	const uint8_t none[256] = {0};
	size_t size, end;

	if (i == NULL || i->file || !ca_sim_dump_is_place(i))
		return ca_sim_dump_fail(t, "a file where none was selected");
	if (!number(t, 1, 10, CA_SIM_DUMP_FILE, &size) ||
	    !number(t, 2, 16, 0xFFFF, &end))
		return false;
	i->file = true;
	i->end = (uint16_t)end;
	while (i->bytes.n < size) {
		size_t left = size - i->bytes.n;
		struct ca_rd r = ca_rd_of(none, left < 256 ? left : 256);

		if (!add(t, &i->bytes, r, CA_SIM_DUMP_FILE) ||
		    !add(t, &i->known, r, CA_SIM_DUMP_FILE))
			return false;
	}
	return true;
}

static bool
read_same(struct ca_sim_dump_text *t)
{
	struct ca_sim_dump_item *i = last(t);
	const struct ca_sim_dump_item *o;
	size_t n;

	if (i == NULL || i->file || !ca_sim_dump_is_place(i))
		return ca_sim_dump_fail(t, "a file where none was selected");
	if (!number(t, 1, 10, t->d->items_n - 1, &n))
		return false;
	o = n > 0 ? &t->d->items[n - 1] : i;
	if (!o->file)
		return ca_sim_dump_fail(t, "there is no file");
	i->file = true;
	i->end = o->end;
	return add(t, &i->bytes, ca_buf_rd(&o->bytes), CA_SIM_DUMP_FILE) &&
	       add(t, &i->known, ca_buf_rd(&o->known), CA_SIM_DUMP_FILE);
}

static bool
read_bytes(struct ca_sim_dump_text *t)
{
	struct ca_sim_dump_item *i = last(t);
	uint8_t b[CA_SIM_DUMP_LINE];
	size_t at, n;

	if (i == NULL || !i->file)
		return ca_sim_dump_fail(t,
		    "bytes of a file where none was told");
	if (!number(t, 1, 16, CA_SIM_DUMP_FILE, &at) ||
	    !bytes(t, 2, b, sizeof(b), &n))
		return false;
	if (at > i->bytes.n || n > i->bytes.n - at)
		return ca_sim_dump_fail(t, "bytes behind the end of the file");
	if (n > 0) {
		memcpy(i->bytes.p + at, b, n);
		memset(i->known.p + at, 1, n);
	}
	return true;
}

static bool
read_atr(struct ca_sim_dump_text *t)
{
	t->atr = bytes(t, 1, t->d->atr, sizeof(t->d->atr), &t->d->atr_n) &&
		 t->d->atr_n > 0;
	return t->atr || ca_sim_dump_fail(t, "an ATR has 1 to 33 bytes");
}

static bool
read_protocol(struct ca_sim_dump_text *t)
{
	size_t n;

	if (!number(t, 1, 10, 1, &n))
		return false;
	t->d->t1 = n == 1;
	t->protocol = true;
	return true;
}

static bool
read_content(struct ca_sim_dump_text *t)
{
	return t->words == 2 || ca_sim_dump_fail(t, "\"content\" has one word");
}

static const struct {
	const char *name;
	bool (*read)(struct ca_sim_dump_text *t);
} keywords[] = {
    {"atr", read_atr},
    {"protocol", read_protocol},
    {"content", read_content},
    {"select", read_item},
    {"ask", read_item},
    {":", read_answer},
    {"file", read_file},
    {"same", read_same},
    {"@", read_bytes},
};

bool
ca_sim_dump_row(struct ca_sim_dump_text *t)
{
	for (size_t i = 0; i < CA_COUNT(keywords); i++)
		if (strcmp(t->word[0], keywords[i].name) == 0)
			return keywords[i].read(t);
	return ca_sim_dump_fail(t, "a word that is not known");
}
