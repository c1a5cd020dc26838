/*
 * See the header. The structures are PIN_VERIFY_STRUCTURE and
 * PIN_MODIFY_STRUCTURE of part 10 as pcsc-lite's reader.h packs them: without
 * gaps, numbers of several bytes in the order of the host.
 */
#include "pcsc/transport/pinpad.h"

#include <reader.h>

#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"

#define ROOM "pinpad"
#define SECONDS 60 /* for a holder who has to look for his glasses first */
#define FORMAT_BYTES 0x80 /* bmFormatString: positions count in bytes */
#define FORMAT_BCD 0x01
#define FORMAT_ASCII 0x02
#define CONDITION_FULL 0x01
#define CONDITION_KEY 0x02 /* GemPC pinpads take no other one */
#define CONFIRM_NEW 0x01
#define ASK_OLD 0x02
#define MESSAGE_DEFAULT 0xFF
#define ENGLISH 0x0409 /* what examples have: not every reader takes others */
#define COMMAND_MAX (5 + 2 * CA_ENTRY_BLOCK_MAX)
#define STRUCTURE_MAX (sizeof(PIN_MODIFY_STRUCTURE) + COMMAND_MAX)
/* Some keypads (REINER SCT) refuse a range that goes beyond this, so it ends
 * here unless the reader tells its own. */
#define DIGITS_MAX 15

struct range {
	uint8_t min, max;
};

/* Digits that card and reader both take; false: none. */
static bool
range_of(const struct ca_features *f, const struct ca_entry *en,
    struct range *out)
{
	size_t max = f->digits_max > 0 ? f->digits_max : DIGITS_MAX;
	size_t min = en->min > 0 ? en->min : 1;
	size_t room = en->bcd ? 2 * en->block : en->block;

	if (en->max > 0 && en->max < max)
		max = en->max;
	if (room > 0 && room < max)
		max = room;
	if (f->digits_min > min)
		min = f->digits_min;
	if (min > max || max > UINT8_MAX)
		return false;
	*out = (struct range){(uint8_t)min, (uint8_t)max};
	return true;
}

/* A reader without OK key that ends the entry when it holds no more digits,
 * though the card's PIN may: it would send the first of them, and a try. */
static bool
cuts_off(const struct ca_features *f, const struct ca_entry *en, struct range r)
{
	size_t room = en->bcd ? 2 * en->block : en->block;
	size_t whole =
	    en->max > 0 && (room == 0 || en->max < room) ? en->max : room;

	return (f->conditions & (CONDITION_FULL | CONDITION_KEY)) ==
		   CONDITION_FULL &&
	       (whole == 0 || r.max < whole);
}

bool
ca_pinpad_can(const struct ca_features *f, const struct ca_entry *en)
{
	struct range r;

	/* Where one value ends and the next begins is a number in the
	 * structure. Nor can digits in half bytes be told to fill up. */
	if ((en->ask_new ? f->modify : f->verify) == 0 ||
	    (!en->ask_new && !en->ask_old) || en->block > CA_ENTRY_BLOCK_MAX ||
	    (en->block == 0 && ((en->ask_old && en->ask_new) || en->bcd)))
		return false;
	return range_of(f, en, &r) && !cuts_off(f, en, r);
}

static void
put_host16(struct ca_wr *w, uint16_t v)
{
	ca_wr_mem(w, &v, sizeof(v));
}

static void
put_host32(struct ca_wr *w, uint32_t v)
{
	ca_wr_mem(w, &v, sizeof(v));
}

/* The command with its blocks full of padding. A reader that is to send as many
 * bytes as were keyed in wants the Lc, of 0, all the same. */
static void
put_command(struct ca_wr *w, const struct ca_entry *en)
{
	size_t n = en->block * ((size_t)en->ask_old + en->ask_new);

	put_host32(w, (uint32_t)(5 + n));
	ca_wr_u8(w, en->cla);
	ca_wr_u8(w, en->ins);
	ca_wr_u8(w, en->p1);
	ca_wr_u8(w, en->p2);
	ca_wr_u8(w, (uint8_t)n);
	ca_wr_fill(w, en->pad, n);
}

/* What both structures begin with: times, and how a value is written. */
static void
put_format(struct ca_wr *w, const struct ca_entry *en)
{
	ca_wr_u8(w, SECONDS);
	ca_wr_u8(w, SECONDS);
	/* At the beginning of its block, to the left, no length before it. */
	ca_wr_u8(w, FORMAT_BYTES | (en->bcd ? FORMAT_BCD : FORMAT_ASCII));
	ca_wr_u8(w, (uint8_t)en->block);
	ca_wr_u8(w, 0);
}

static uint8_t
condition(const struct ca_features *f)
{
	return f->conditions == 0 || (f->conditions & CONDITION_KEY) != 0
		   ? CONDITION_KEY
		   : f->conditions;
}

static void
put_verify(struct ca_wr *w, const struct ca_features *f,
    const struct ca_entry *en, struct range r)
{
	put_format(w, en);
	put_host16(w, (uint16_t)(r.min << 8 | r.max));
	ca_wr_u8(w, condition(f));
	ca_wr_u8(w, f->display ? MESSAGE_DEFAULT : 0);
	put_host16(w, ENGLISH);
	ca_wr_u8(w, 0);      /* bMsgIndex */
	ca_wr_fill(w, 0, 3); /* bTeoPrologue: the driver's */
	put_command(w, en);
}

/* With a display there is a message for each value: old, new, new again. */
static void
put_modify(struct ca_wr *w, const struct ca_features *f,
    const struct ca_entry *en, struct range r)
{
	uint8_t messages = en->ask_old ? 3 : 2;
	uint8_t first = en->ask_old ? 0 : 1;

	put_format(w, en);
	ca_wr_u8(w, 0); /* where the old value goes, and the new one */
	ca_wr_u8(w, en->ask_old ? (uint8_t)en->block : 0);
	put_host16(w, (uint16_t)(r.min << 8 | r.max));
	ca_wr_u8(w, CONFIRM_NEW | (en->ask_old ? ASK_OLD : 0));
	ca_wr_u8(w, condition(f));
	ca_wr_u8(w, f->display ? messages : 0);
	put_host16(w, ENGLISH);
	ca_wr_u8(w, first);
	ca_wr_u8(w, first + 1);
	ca_wr_u8(w, 2);
	ca_wr_fill(w, 0, 3);
	put_command(w, en);
}

/* What the reader itself says instead of the card (part 10, 2.5.1). ISO/IEC
 * 7816-4 has 64xx for "nothing was changed", so a card that says it agrees. */
static ca_err
outcome(uint16_t sw)
{
	switch (sw) {
	case 0x6400: /* nothing keyed in in time */
	case 0x6401: /* the holder pressed cancel */
	case 0x6480: /* the host did */
		return CA_E_CANCELLED;
	case 0x6402:
		return CA_E_DATA;
	case 0x6403:
		return CA_E_PIN_LEN;
	case 0x6B80:
		return CA_E_REFUSED;
	default:
		return CA_OK;
	}
}

/* One control code, or the two of a pair. *began: a reader that did not start
 * says why at once, and then nothing is waited for. */
static ca_err
ask(const struct ca_transport_ops *ops, void *link, uint32_t code,
    uint32_t finish, struct ca_rd structure, struct ca_wr *resp, bool *began)
{
	ca_err e = ops->control(link, code, structure, resp);

	*began = e == CA_OK && (finish == 0 || resp->n == 0);
	if (!*began || finish == 0)
		return e;
	return ops->control(link, finish, (struct ca_rd){NULL, 0}, resp);
}

ca_err
ca_pinpad_enter(const struct ca_transport_ops *ops, void *link,
    const struct ca_features *f, const struct ca_entry *en, uint16_t *sw)
{
	uint8_t b[STRUCTURE_MAX], answer[256 + 2];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_wr resp = ca_wr_of(answer, sizeof(answer));
	struct ca_rd said;
	struct range r;
	bool began;
	ca_err e;

	if (!ca_pinpad_can(f, en) || !range_of(f, en, &r))
		return CA_E_UNSUPPORTED;
	if (en->ask_new)
		put_modify(&w, f, en, r);
	else
		put_verify(&w, f, en, r);
	if (!ca_wr_ok(&w))
		return CA_E_BUG;
	e = ask(ops, link, en->ask_new ? f->modify : f->verify,
	    en->ask_new ? f->modify_finish : f->verify_finish, ca_wr_rd(&w),
	    &resp, &began);
	said = ca_wr_rd(&resp);
	if (e == CA_OK && (!ca_rd_u16(&said, sw) || !ca_rd_end(&said)))
		e = CA_E_MALFORMED;
	ca_wipe(answer, sizeof(answer)); /* a reader may say too much */
	if (e != CA_OK)
		return e;
	if ((e = outcome(*sw)) == CA_OK && !began)
		return CA_E_MALFORMED; /* no card was asked yet */
	if (e != CA_OK)
		ca_log(CA_LOG_INFO, ROOM, "the reader says %04X, %s", *sw,
		    ca_err_name(e));
	return e;
}
