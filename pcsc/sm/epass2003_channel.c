/* See epass2003.h: the open channel, one command and one answer at a time. */
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/sm/aes.h"
#include "pcsc/sm/des.h"
#include "pcsc/sm/epass2003.h"

#define ROOM "sm"
#define CLA_SM 0x0C
#define TAG_DATA 0x87
#define TAG_LE 0x97
#define TAG_SW 0x99
#define TAG_MAC 0x8E
#define MAC_BYTES 8
#define END_BYTES (4 + 2 + MAC_BYTES) /* 99 02 SW, 8E 08 MAC */
#define WHOLE 0x01                    /* before data that were padded */
#define SHORT_LC 255
/* Plain data of one command: a block of RSA 4096 and more than enough. */
#define DATA_MAX 1024
#define MESSAGE_MAX (DATA_MAX + 128)
#define ANSWER_MAX 4096

struct channel {
	struct ca_sm sm; /* first: this is what others see */
	enum ca_epass2003_kind kind;
	uint8_t enc[CA_EPASS2003_KEY], mac[CA_EPASS2003_KEY];
	uint8_t counter[CA_EPASS2003_COUNTER];
	bool lost;
};

static const uint8_t zero[CA_AES_BLOCK];

static size_t
block_of(const struct channel *c)
{
	return c->kind == CA_EPASS2003_DES ? CA_DES_BLOCK : CA_AES_BLOCK;
}

/* The counter is as wide as a block. */
static void
count(struct channel *c)
{
	for (size_t i = block_of(c); i-- > 0;)
		if (++c->counter[i] != 0)
			break;
}

/* 80 00.. to whole blocks; always at least the 80. */
static void
pad(struct ca_wr *w, size_t block)
{
	ca_wr_u8(w, 0x80);
	if (w->n % block != 0)
		ca_wr_fill(w, 0, block - w->n % block);
}

static ca_err
cipher(const struct channel *c, int encrypt, uint8_t *data, size_t n)
{
	struct ca_rd key = ca_rd_of(c->enc, sizeof(c->enc));

	return c->kind == CA_EPASS2003_DES
		   ? ca_des_cbc(key, zero, encrypt, data, n)
		   : ca_aes_cbc(key, zero, encrypt, data, n);
}

/* ISO/IEC 9797-1 algorithm 3 ("retail MAC"): single DES but for the last block,
 * which is enciphered with both halves of the key. */
static ca_err
retail(const struct channel *c, uint8_t *b, size_t n, uint8_t out[MAC_BYTES])
{
	struct ca_rd key = ca_rd_of(c->mac, sizeof(c->mac)), half = key, first;
	uint8_t iv[CA_DES_BLOCK];
	size_t before = n - CA_DES_BLOCK;
	ca_err e;

	if (!ca_rd_take(&half, 8, &first))
		return CA_E_BUG;
	memcpy(iv, c->counter, sizeof(iv));
	e = ca_des_cbc(first, iv, 1, b, before);
	if (before > 0)
		memcpy(iv, b + before - CA_DES_BLOCK, sizeof(iv));
	if (e == CA_OK)
		e = ca_des_cbc(key, iv, 1, b + before, CA_DES_BLOCK);
	memcpy(out, b + before, MAC_BYTES);
	return e;
}

/* The MAC of what stands in *message, which is overwritten. A CMAC pads by
 * itself; for the others the message is whole blocks. */
static ca_err
mac_of(const struct channel *c, struct ca_wr *message, uint8_t out[MAC_BYTES])
{
	struct ca_rd key = ca_rd_of(c->mac, sizeof(c->mac));
	uint8_t cmac[CA_AES_BLOCK];
	ca_err e;

	if (!ca_wr_ok(message) || message->n == 0)
		return CA_E_BUG;
	switch (c->kind) {
	case CA_EPASS2003_FIPS:
		e = ca_aes_cmac(key, c->counter, ca_wr_rd(message), cmac);
		memcpy(out, cmac, MAC_BYTES);
		return e;
	case CA_EPASS2003_AES:
		e = ca_aes_cbc(key, c->counter, 1, message->p, message->n);
		if (e == CA_OK)
			memcpy(out, message->p + message->n - CA_AES_BLOCK,
			    MAC_BYTES);
		return e;
	case CA_EPASS2003_DES:
		return retail(c, message->p, message->n, out);
	case CA_EPASS2003_PLAIN:
		break;
	}
	return CA_E_BUG;
}

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
	pad(&w, block_of(c));
	if (ca_wr_ok(&w) && plain.n <= DATA_MAX)
		e = cipher(c, 1, b, w.n);
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
    struct ca_rd objects, uint8_t out[MAC_BYTES])
{
	bool fips = c->kind == CA_EPASS2003_FIPS;
	uint8_t b[MESSAGE_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e;

	ca_wr_u8(&w, cmd->cla);
	ca_wr_u8(&w, cmd->ins);
	ca_wr_u8(&w, cmd->p1);
	ca_wr_u8(&w, cmd->p2);
	if (!fips || objects.n > 0 || cmd->ins != 0x82 || cmd->p1 != 0x01)
		pad(&w, block_of(c));
	ca_wr_bytes(&w, objects);
	if (!fips && objects.n > 0)
		pad(&w, block_of(c));
	e = mac_of(c, &w, out);
	ca_wipe(b, sizeof(b));
	return e;
}

static ca_err
wrap(struct ca_sm *sm, const struct ca_apdu *plain, struct ca_apdu *wrapped,
    struct ca_buf *data)
{
	struct channel *c = (struct channel *)sm;
	uint8_t b[MESSAGE_MAX], mac[MAC_BYTES];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e;

	*wrapped = *plain;
	wrapped->cla |= CLA_SM;
	wrapped->no_answer = false; /* its MAC is wanted */
	if ((e = put_data(c, plain->data, &w)) != CA_OK)
		return e;
	put_le(plain->le, &w);
	count(c);
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
	    tag != (TAG_MAC << 8 | MAC_BYTES) ||
	    !ca_rd_take(&r, MAC_BYTES, &p->mac) || !ca_rd_end(&r))
		return false;
	v = answer;
	if (!ca_rd_take(&v, answer.n - 2 - MAC_BYTES, &p->signed_part))
		return false;
	if (head.n == 0)
		return true;
	return parse_data(head, &p->cipher) && p->cipher.n > 0 &&
	       p->cipher.n % block_of(c) == 0;
}

static bool
answer_mac_right(const struct channel *c, const struct parts *p)
{
	uint8_t mac[MAC_BYTES], *b = malloc(ANSWER_MAX);
	struct ca_wr w = ca_wr_of(b, b != NULL ? ANSWER_MAX : 0);
	bool right;

	ca_wr_bytes(&w, p->signed_part);
	if (c->kind != CA_EPASS2003_FIPS)
		pad(&w, block_of(c));
	right = mac_of(c, &w, mac) == CA_OK &&
		ca_const_cmp(mac, p->mac.p, sizeof(mac)) == 0;
	free(b); /* nothing of it is secret */
	return right;
}

/* The plain data: all before the 80 in the last block. */
static bool
open_data(const struct channel *c, struct ca_rd enciphered, struct ca_wr *out)
{
	struct ca_buf b = {0};
	size_t n = enciphered.n, block = block_of(c);
	bool ok = ca_buf_set(&b, enciphered) == CA_OK &&
		  cipher(c, 0, b.p, b.n) == CA_OK;

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
	c->kind = s->kind;
	memcpy(c->enc, s->enc, sizeof(c->enc));
	memcpy(c->mac, s->mac, sizeof(c->mac));
	memcpy(c->counter, s->counter, sizeof(c->counter));
	*out = &c->sm;
	return CA_OK;
}

bool
ca_epass2003_lost(const struct ca_sm *sm)
{
	return ((const struct channel *)sm)->lost;
}
