/*
 * An entry at the reader's keypad: the structure is looked at as strictly as
 * the makers' manuals do it (ACS ACR83 and APG8201, chapter "PIN
 * modification"), the holder keys in, and the command is sent. Written from
 * PC/SC part 10, 2.5, and those manuals.
 */
#include <string.h>

#include "pcsc/base/secret.h"
#include "tests/sim/sim_world.h"

#define BAD_STRUCTURE 0x6B80
#define TIME_OUT 0x6400
#define CANCELLED 0x6401
#define DIFFERENT 0x6402
#define BAD_LENGTH 0x6403
#define OK 0x9000
#define MAX_UNTOLD 15
#define COMMAND_MAX 261

struct structure {
	uint8_t format, block, length_format;
	uint8_t old_at, new_at; /* from the first byte after Lc */
	uint16_t digits;
	uint8_t confirm, conditions, messages;
	uint8_t index[3];
	struct ca_rd command;
};

/* Numbers of more than a byte stand in the host's order: n bytes into out. */
static bool
host(struct ca_rd *r, void *out, size_t n)
{
	struct ca_rd v;

	if (!ca_rd_take(r, n, &v))
		return false;
	memcpy(out, v.p, n);
	return true;
}

static bool
parse(struct ca_rd r, bool modify, struct structure *x)
{
	uint8_t seconds, more;
	uint16_t language;
	struct ca_rd prologue;
	uint32_t n;

	memset(x, 0, sizeof(*x));
	if (!ca_rd_u8(&r, &seconds) || !ca_rd_u8(&r, &more) ||
	    !ca_rd_u8(&r, &x->format) || !ca_rd_u8(&r, &x->block) ||
	    !ca_rd_u8(&r, &x->length_format))
		return false;
	if (modify && (!ca_rd_u8(&r, &x->old_at) || !ca_rd_u8(&r, &x->new_at)))
		return false;
	if (!host(&r, &x->digits, sizeof(x->digits)) ||
	    (modify && !ca_rd_u8(&r, &x->confirm)) ||
	    !ca_rd_u8(&r, &x->conditions) || !ca_rd_u8(&r, &x->messages) ||
	    !host(&r, &language, sizeof(language)))
		return false;
	for (int i = 0; i < (modify ? 3 : 1); i++)
		if (!ca_rd_u8(&r, &x->index[i]))
			return false;
	if (!ca_rd_take(&r, 3, &prologue) || !ca_rd_all(prologue, 0) ||
	    !host(&r, &n, sizeof(n)) || n != r.n || n < 5 || n > COMMAND_MAX)
		return false;
	x->command = r;
	return language != 0;
}

static bool
bcd(const struct structure *x)
{
	return (x->format & 3) == 1;
}

/* Bytes, from the left, at the beginning of the block, no length put in. */
static bool
format_fits(const struct structure *x)
{
	return (x->format & 0xFC) == 0x80 &&
	       ((x->format & 3) == 1 || (x->format & 3) == 2) &&
	       (x->block & 0xF0) == 0 && x->length_format == 0 &&
	       x->conditions >= 1 && x->conditions <= 7;
}

static bool
digits_fit(const struct ca_sim_keypad *k, const struct structure *x)
{
	unsigned min = x->digits >> 8, max = x->digits & 0xFF;
	unsigned room = bcd(x) ? 2u * x->block : x->block;

	return min >= 1 && min <= max &&
	       max <= (k->max > 0 ? k->max : MAX_UNTOLD) && min >= k->min &&
	       (x->block == 0 || max <= room);
}

/* Whether the blocks fill the command and do not overlap. */
static bool
places_fit(const struct structure *x, bool modify)
{
	size_t lc = x->command.p[4];
	bool old = !modify || (x->confirm & 2) != 0;

	if (x->command.n != 5 + lc)
		return false;
	if (x->block == 0)
		return lc == 0 && !bcd(x) && x->new_at == 0 &&
		       (!modify || !old);
	if (!modify)
		return lc == x->block;
	return x->new_at + (size_t)x->block == lc &&
	       (!old || x->new_at >= x->old_at + x->block);
}

/* A message for each entry, in turn, on a reader that can show them. */
static bool
messages_fit(const struct ca_sim_keypad *k, const struct structure *x,
    bool modify)
{
	bool old = (x->confirm & 2) != 0;

	if (!k->display)
		return x->messages == 0;
	if (!modify)
		return (x->messages == 1 || x->messages == 0xFF) &&
		       x->index[0] == 0;
	return old ? x->messages == 3 && x->index[0] == 0 && x->index[1] == 1 &&
			 x->index[2] == 2
		   : x->messages == 2 && x->index[0] == 1 && x->index[1] == 2;
}

uint16_t
ca_sim_entry_check(const struct ca_sim_slot *s)
{
	const struct ca_sim_keypad *k = &s->info.keypad;
	struct structure x;

	if (!parse(ca_rd_of(s->structure, s->structure_n), s->modify, &x) ||
	    !format_fits(&x) || !digits_fit(k, &x) ||
	    !places_fit(&x, s->modify) || !messages_fit(k, &x, s->modify) ||
	    (s->modify && x.confirm != 1 && x.confirm != 3))
		return BAD_STRUCTURE;
	return OK;
}

/* The next entry: its digits, or why there are none. */
static uint16_t
next(struct ca_sim_slot *s, const struct structure *x, char *digits, size_t cap)
{
	size_t n = strcspn(s->keys, " "), rest = n + strspn(&s->keys[n], " ");

	s->entries++;
	digits[0] = '\0';
	if (n >= cap)
		return BAD_LENGTH;
	memcpy(digits, s->keys, n);
	digits[n] = '\0';
	memmove(s->keys, &s->keys[rest], strlen(&s->keys[rest]) + 1);
	if (n == 0 || strcmp(digits, "away") == 0)
		return TIME_OUT;
	if (strcmp(digits, "cancel") == 0)
		return CANCELLED;
	if (strspn(digits, "0123456789") != n)
		return BAD_STRUCTURE; /* a keypad has no letters */
	return n >= x->digits >> 8 && n <= (x->digits & 0xFF) ? OK : BAD_LENGTH;
}

/* Puts digits into their block; what they do not reach stays as it is. */
static void
insert(const struct structure *x, const char *digits, uint8_t *at)
{
	for (size_t i = 0; digits[i] != '\0'; i++) {
		uint8_t d = (uint8_t)(digits[i] - '0');

		if (!bcd(x))
			at[i] = (uint8_t)digits[i];
		else if (i % 2 == 0)
			at[i / 2] = (uint8_t)(d << 4 | (at[i / 2] & 0x0F));
		else
			at[i / 2] = (uint8_t)((at[i / 2] & 0xF0) | d);
	}
}

/* All that is asked for, into the command. */
static uint16_t
key_in(struct ca_sim_slot *s, const struct structure *x, uint8_t *cmd,
    size_t *n)
{
	bool old = !s->modify || (x->confirm & 2) != 0;
	char a[CA_SIM_KEYS] = "", b[CA_SIM_KEYS] = "", c[CA_SIM_KEYS] = "";
	uint16_t sw = OK;

	if (old)
		sw = next(s, x, a, sizeof(a));
	if (sw == OK && s->modify)
		sw = next(s, x, b, sizeof(b));
	if (sw == OK && s->modify)
		sw = next(s, x, c, sizeof(c));
	if (sw == OK && strcmp(b, c) != 0)
		sw = DIFFERENT;
	if (sw == OK && x->block == 0) {
		cmd[4] = (uint8_t)strlen(old ? a : b);
		*n += cmd[4];
	}
	if (sw == OK && old)
		insert(x, a, &cmd[5 + x->old_at]);
	if (sw == OK && s->modify)
		insert(x, b, &cmd[5 + x->new_at]);
	ca_wipe(a, sizeof(a));
	ca_wipe(b, sizeof(b));
	ca_wipe(c, sizeof(c));
	return sw;
}

ca_err
ca_sim_entry_run(struct ca_sim_world *w, struct ca_sim_slot *s,
    struct ca_wr *resp)
{
	uint8_t cmd[COMMAND_MAX + CA_SIM_KEYS];
	struct structure x;
	uint16_t sw;
	size_t n;
	ca_err e;

	if (!parse(ca_rd_of(s->structure, s->structure_n), s->modify, &x) ||
	    !ca_rd_copy(x.command, cmd, COMMAND_MAX, &n))
		return CA_E_IO;
	sw = key_in(s, &x, cmd, &n);
	if (sw == OK) {
		e = ca_sim_slot_exchange(w, s, ca_rd_of(cmd, n), resp);
	} else {
		ca_wr_u16(resp, sw);
		e = ca_wr_ok(resp) ? CA_OK : CA_E_MALFORMED;
	}
	ca_wipe(cmd, sizeof(cmd));
	return e;
}
