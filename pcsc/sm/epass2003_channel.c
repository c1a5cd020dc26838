/* See epass2003.h: the open channel, one command and one answer at a time. */
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/sm/aes.h"
#include "pcsc/sm/epass2003.h"
#include "pcsc/sm/epass2003_crypt.h"

#define ROOM "sm"
#define CLA_SM 0x0C
#define TAG_DATA 0x87
#define TAG_LE 0x97
#define TAG_SW 0x99
#define TAG_MAC 0x8E
#define END_BYTES (4 + 2 + CA_EPASS2003_MAC) /* 99 02 SW, 8E 08 MAC */
#define WHOLE 0x01                           /* before data that were padded */
#define SHORT_LC 255
/* Plain data of one command: a block of RSA 4096 and more than enough. */
#define DATA_MAX 1024
#define MESSAGE_MAX (DATA_MAX + 128)
#define ANSWER_MAX 4096

struct channel {
	struct ca_sm sm; /* first: this is what others see */
	struct ca_epass2003_keys keys;
	bool lost;
};

/* ---- a command ---- */

/* Lengths from 80 take three bytes: these cards know no 81. */
static void
put_length(struct ca_wr *w, size_t n)
{
	if (n < 0x80) {
		ca_wr_u8(w, (uint8_t)n);
		return;
	}
	ca_wr_u8(w, 0x82);
	ca_wr_u16(w, (uint16_t)n);
}

static ca_err
put_data(const struct channel *c, struct ca_rd plain, struct ca_wr *out)
{
	uint8_t b[DATA_MAX + CA_AES_BLOCK];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e = CA_E_DATA_LEN;

	if (plain.n == 0)
		return CA_OK;
	ca_wr_bytes(&w, plain);
	ca_epass2003_pad(&w, ca_epass2003_block(&c->keys));
	if (ca_wr_ok(&w) && plain.n <= DATA_MAX)
		e = ca_epass2003_cipher(&c->keys, 1, b, w.n);
	if (e == CA_OK) {
		ca_wr_u8(out, TAG_DATA);
		put_length(out, w.n + 1);
		ca_wr_u8(out, WHOLE);
		ca_wr_mem(out, b, w.n);
	}
	ca_wipe(b, sizeof(b));
	return e;
}

static void
put_le(size_t le, struct ca_wr *out)
{
	bool one = le < 0x80 || le == CA_LE_SHORT;

	if (le == CA_LE_NONE)
		return;
	ca_wr_u8(out, TAG_LE);
	ca_wr_u8(out, one ? 1 : 2);
	if (one)
		ca_wr_u8(out, (uint8_t)le);
	else
		ca_wr_u16(out, (uint16_t)le);
}

/*
 * The header, one block of its own, and the objects behind it. The FIPS cards
 * want the bare header of the one command that asks for a PIN's tries (seen in
 * OpenSC's driver; nothing is known of a reason).
 */
static ca_err
command_mac(const struct channel *c, const struct ca_apdu *cmd,
    struct ca_rd objects, uint8_t out[CA_EPASS2003_MAC])
{
	bool fips = c->keys.kind == CA_EPASS2003_FIPS;
	uint8_t b[MESSAGE_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e;

	ca_wr_u8(&w, cmd->cla);
	ca_wr_u8(&w, cmd->ins);
	ca_wr_u8(&w, cmd->p1);
	ca_wr_u8(&w, cmd->p2);
	if (!fips || objects.n > 0 || cmd->ins != 0x82 || cmd->p1 != 0x01)
		ca_epass2003_pad(&w, ca_epass2003_block(&c->keys));
	ca_wr_bytes(&w, objects);
	if (!fips && objects.n > 0)
		ca_epass2003_pad(&w, ca_epass2003_block(&c->keys));
	e = ca_epass2003_mac(&c->keys, &w, out);
	ca_wipe(b, sizeof(b));
	return e;
}

static ca_err
wrap(struct ca_sm *sm, const struct ca_apdu *plain, struct ca_apdu *wrapped,
    struct ca_buf *data)
{
	struct channel *c = (struct channel *)sm;
	uint8_t b[MESSAGE_MAX], mac[CA_EPASS2003_MAC];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e;

	*wrapped = *plain;
	wrapped->cla |= CLA_SM;
	wrapped->no_answer = false; /* its MAC is wanted */
	if ((e = put_data(c, plain->data, &w)) != CA_OK)
		return e;
	put_le(plain->le, &w);
	ca_epass2003_count(&c->keys);
	if ((e = command_mac(c, wrapped, ca_wr_rd(&w), mac)) == CA_OK) {
		ca_wr_tlv(&w, TAG_MAC, ca_rd_of(mac, sizeof(mac)));
		e = ca_wr_ok(&w) ? ca_buf_set(data, ca_wr_rd(&w))
				 : CA_E_DATA_LEN;
	}
	wrapped->data = ca_buf_rd(data);
	/* There is always an answer: its MAC. The card takes the Le of the
	 * plain command and means the plain answer by it; 00 has as many bytes
	 * as the length before it. */
	if (plain->le == CA_LE_NONE)
		wrapped->le = CA_LE_SHORT;
	/* Reader and card are one thing, which takes extended length. */
	if (data->n > SHORT_LC) {
		wrapped->extended = true;
		wrapped->le = CA_LE_EXT;
	}
	return e;
}

/* ---- an answer ---- */

struct parts {
	struct ca_rd signed_part; /* what the MAC is over */
	struct ca_rd cipher;      /* n 0: no data */
	uint16_t sw;
	struct ca_rd mac;
};

/*
 * The enciphered data. The cards write lengths of 80 to FF in one byte, where
 * BER has 81 before it; as the object fills all the room before the status
 * word, and 01 follows the length, only one reading can be right.
 */
static bool
parse_data(struct ca_rd r, struct ca_rd *out)
{
	struct ca_rd one = r, two = r, three = r;
	uint8_t tag, length, form, mark;
	uint16_t wide;

	if (ca_rd_u8(&one, &tag) && tag == TAG_DATA &&
	    ca_rd_u8(&one, &length) && length == one.n &&
	    ca_rd_u8(&one, &mark) && mark == WHOLE) {
		*out = one;
		return true;
	}
	if (ca_rd_u8(&two, &tag) && tag == TAG_DATA && ca_rd_u8(&two, &form) &&
	    form == 0x81 && ca_rd_u8(&two, &length) && length == two.n &&
	    ca_rd_u8(&two, &mark) && mark == WHOLE) {
		*out = two;
		return true;
	}
	if (ca_rd_u8(&three, &tag) && tag == TAG_DATA &&
	    ca_rd_u8(&three, &form) && form == 0x82 &&
	    ca_rd_u16(&three, &wide) && wide == three.n &&
	    ca_rd_u8(&three, &mark) && mark == WHOLE) {
		*out = three;
		return true;
	}
	return false;
}

/* [87 ..] 99 02 SW 8E 08 MAC, and nothing else. */
static bool
parse_answer(const struct channel *c, struct ca_rd answer, struct parts *p)
{
	struct ca_rd r = answer, head, v;
	uint16_t tag;

	memset(p, 0, sizeof(*p));
	if (answer.n < END_BYTES ||
	    !ca_rd_take(&r, answer.n - END_BYTES, &head) ||
	    !ca_rd_u16(&r, &tag) || tag != (TAG_SW << 8 | 2) ||
	    !ca_rd_u16(&r, &p->sw) || !ca_rd_u16(&r, &tag) ||
	    tag != (TAG_MAC << 8 | CA_EPASS2003_MAC) ||
	    !ca_rd_take(&r, CA_EPASS2003_MAC, &p->mac) || !ca_rd_end(&r))
		return false;
	v = answer;
	if (!ca_rd_take(&v, answer.n - 2 - CA_EPASS2003_MAC, &p->signed_part))
		return false;
	if (head.n == 0)
		return true;
	return parse_data(head, &p->cipher) && p->cipher.n > 0 &&
	       p->cipher.n % ca_epass2003_block(&c->keys) == 0;
}

static bool
answer_mac_right(const struct channel *c, const struct parts *p)
{
	uint8_t mac[CA_EPASS2003_MAC], *b = malloc(ANSWER_MAX);
	struct ca_wr w = ca_wr_of(b, b != NULL ? ANSWER_MAX : 0);
	bool right;

	ca_wr_bytes(&w, p->signed_part);
	if (c->keys.kind != CA_EPASS2003_FIPS)
		ca_epass2003_pad(&w, ca_epass2003_block(&c->keys));
	right = ca_epass2003_mac(&c->keys, &w, mac) == CA_OK &&
		ca_const_cmp(mac, p->mac.p, sizeof(mac)) == 0;
	free(b); /* nothing of it is secret */
	return right;
}

/* The plain data: all before the 80 in the last block. */
static bool
open_data(const struct channel *c, struct ca_rd enciphered, struct ca_wr *out)
{
	struct ca_buf b = {0};
	size_t n = enciphered.n, block = ca_epass2003_block(&c->keys);
	bool ok = ca_buf_set(&b, enciphered) == CA_OK &&
		  ca_epass2003_cipher(&c->keys, 0, b.p, b.n) == CA_OK;

	if (ok) {
		while (n > enciphered.n - block && b.p[n - 1] == 0x00)
			n--;
		ok = n > enciphered.n - block && b.p[n - 1] == 0x80;
	}
	if (ok && out != NULL) {
		ca_wr_mem(out, b.p, n - 1);
		ok = ca_wr_ok(out);
	}
	ca_buf_free(&b);
	return ok;
}

static bool
no_channel(uint16_t sw)
{
	return sw == 0x6985 || sw == 0x6987 || sw == 0x6988;
}

static ca_err
unwrap(struct ca_sm *sm, struct ca_rd answer, uint16_t outer, struct ca_wr *out,
    uint16_t *sw)
{
	struct channel *c = (struct channel *)sm;
	struct parts p;

	if (answer.n == 0 && no_channel(outer)) {
		c->lost = true;
		ca_log(CA_LOG_INFO, ROOM, "the card lost the channel (%04X)",
		    outer);
		return CA_E_RESET;
	}
	if (!parse_answer(c, answer, &p) || p.sw != outer ||
	    !answer_mac_right(c, &p) ||
	    (p.cipher.n > 0 && !open_data(c, p.cipher, out))) {
		ca_log(CA_LOG_ERROR, ROOM,
		    "answer (%zu bytes, %04X) is not of this channel: refused",
		    answer.n, outer);
		return CA_E_MALFORMED;
	}
	*sw = p.sw;
	return CA_OK;
}

/* ---- the object ---- */

static void
close_channel(struct ca_sm *sm)
{
	ca_wipe(sm, sizeof(struct channel));
	free(sm);
}

ca_err
ca_epass2003_channel(const struct ca_epass2003 *s, struct ca_sm **out)
{
	static const struct ca_sm_ops ops = {
	    .wrap = wrap, .unwrap = unwrap, .close = close_channel};
	struct channel *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return CA_E_NOMEM;
	c->sm.ops = &ops;
	c->keys.kind = s->kind;
	memcpy(c->keys.enc, s->enc, sizeof(c->keys.enc));
	memcpy(c->keys.mac, s->mac, sizeof(c->keys.mac));
	memcpy(c->keys.counter, s->counter, sizeof(c->keys.counter));
	*out = &c->sm;
	return CA_OK;
}

bool
ca_epass2003_lost(const struct ca_sm *sm)
{
	return ((const struct channel *)sm)->lost;
}
