/* See the header. */
#include "pcsc/apdu/apdu.h"

#include <inttypes.h>
#include <stdlib.h>

#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"

#define ROOM "apdu"
#define SHORT_LC 255
#define SHORT_COMMAND 261 /* header, Lc, 255 bytes, Le */
#define EXT_OVERHEAD 9    /* header, 00, Lc 2, Le 2 */
#define ANSWER_SHORT (256 + 2)
#define ANSWER_EXT (65536 + 2)
#define CLA_CHAIN 0x10
/* The logical channel in the class byte: bits 2-1 of the first interindustry
 * range, bits 4-1 and 7 of the further one (7816-4 clause 5.1.1). */
#define CLA_CHANNEL_FIRST 0x03
#define CLA_CHANNEL_FURTHER 0x4F

/* One exchange with the card, before anything is read into it. */
struct exchange {
	struct ca_chan *ch;
	uint8_t *buf; /* where the answer arrives */
	size_t cap;
	bool secret_answer;
};

static void
log_command(struct ca_rd raw, const struct ca_apdu *cmd)
{
	char hex[3 * SHORT_COMMAND];

	if (!ca_log_on(CA_LOG_APDU))
		return;
	if (cmd->secret)
		ca_log(CA_LOG_APDU, ROOM,
		    "> %02X %02X %02X %02X, %zu secret bytes", cmd->cla,
		    cmd->ins, cmd->p1, cmd->p2, cmd->data.n);
	else
		ca_log(CA_LOG_APDU, ROOM, "> %s",
		    ca_log_hex(raw, hex, sizeof(hex)));
}

static void
log_answer(struct ca_rd raw, bool secret, uint16_t sw)
{
	char hex[3 * SHORT_COMMAND];

	if (!ca_log_on(CA_LOG_APDU))
		return;
	if (secret)
		ca_log(CA_LOG_APDU, ROOM, "< %zu secret bytes, %04X", raw.n - 2,
		    sw);
	else
		ca_log(CA_LOG_APDU, ROOM, "< %s",
		    ca_log_hex(raw, hex, sizeof(hex)));
}

/* Sends encoded bytes; `data` gets the answer without its status word. */
static ca_err
exchange(struct exchange *x, struct ca_rd raw, struct ca_rd *data, uint16_t *sw)
{
	struct ca_wr w = ca_wr_of(x->buf, x->cap);
	struct ca_rd r, tail;
	ca_err e;

	x->ch->sent++;
	if ((e = x->ch->ops->transmit(x->ch->link, raw, &w)) != CA_OK)
		return e;
	r = tail = ca_wr_rd(&w);
	if (r.n < 2 || !ca_rd_take(&tail, r.n - 2, data) ||
	    !ca_rd_u16(&tail, sw)) {
		ca_log(CA_LOG_ERROR, ROOM, "answer of %zu bytes has no status",
		    r.n);
		return CA_E_MALFORMED;
	}
	log_answer(r, x->secret_answer, *sw);
	/* SW1 is 6x or 9x (7816-3 clause 12.2.1). */
	if ((*sw & 0xF000) != 0x6000 && (*sw & 0xF000) != 0x9000) {
		ca_log(CA_LOG_ERROR, ROOM, "%04X is no status word", *sw);
		return CA_E_MALFORMED;
	}
	return CA_OK;
}

static void
put_header(struct ca_wr *w, const struct ca_apdu *cmd)
{
	ca_wr_u8(w, cmd->cla);
	ca_wr_u8(w, cmd->ins);
	ca_wr_u8(w, cmd->p1);
	ca_wr_u8(w, cmd->p2);
}

/* Short form. With T=0 the Le of case 4 is not sent, and case 1 has a P3. */
static void
encode_short(struct ca_wr *w, const struct ca_apdu *cmd, enum ca_proto proto)
{
	put_header(w, cmd);
	if (cmd->data.n > 0) {
		ca_wr_u8(w, (uint8_t)cmd->data.n);
		ca_wr_bytes(w, cmd->data);
	} else if (cmd->le == CA_LE_NONE && proto == CA_PROTO_T0) {
		ca_wr_u8(w, 0);
	}
	if (cmd->le != CA_LE_NONE && (cmd->data.n == 0 || proto != CA_PROTO_T0))
		ca_wr_u8(w, cmd->le >= CA_LE_SHORT ? 0 : (uint8_t)cmd->le);
}

/* Le at most what the reader carries: a card that has more says so. */
static void
encode_extended(struct ca_wr *w, const struct ca_apdu *cmd, size_t reader_max)
{
	size_t le = cmd->le;

	if (reader_max > 0 && le > reader_max)
		le = reader_max;
	put_header(w, cmd);
	ca_wr_u8(w, 0);
	if (cmd->data.n > 0) {
		ca_wr_u16(w, (uint16_t)cmd->data.n);
		ca_wr_bytes(w, cmd->data);
	}
	if (cmd->le != CA_LE_NONE)
		ca_wr_u16(w, le >= CA_LE_EXT ? 0 : (uint16_t)le);
}

/* An answer that the reader would have to carry in parts is better cut by the
 * card: short, and then 61xx. */
static bool
wants_extended(const struct ca_chan *ch, const struct ca_apdu *cmd)
{
	bool long_answer = cmd->le > CA_LE_SHORT &&
			   (ch->max_apdu == 0 || cmd->le <= ch->max_apdu);
	bool reader_can = cmd->data.n + EXT_OVERHEAD <= ch->max_apdu;

	/* One that does not say will do as well as another. */
	if (ch->max_apdu == 0)
		reader_can = !ch->short_only;
	return (ch->extended || cmd->extended) && ch->proto == CA_PROTO_T1 &&
	       (cmd->data.n > SHORT_LC || long_answer) && reader_can;
}

/* Sends one command that is not chained further, 6Cxx included. */
static ca_err
send_one(struct exchange *x, struct ca_apdu cmd, struct ca_rd *data,
    uint16_t *sw)
{
	uint8_t raw[CA_APDU_DATA_MAX + EXT_OVERHEAD];
	ca_err e;

	for (int again = 0;; again++) {
		struct ca_wr w = ca_wr_of(raw, sizeof(raw));

		if (wants_extended(x->ch, &cmd))
			encode_extended(&w, &cmd, x->ch->max_apdu);
		else
			encode_short(&w, &cmd, x->ch->proto);
		log_command(ca_wr_rd(&w), &cmd);
		e = ca_wr_ok(&w) ? exchange(x, ca_wr_rd(&w), data, sw)
				 : CA_E_BUG;
		/* A PIN is not sent twice, not even where secure messaging
		 * gave its command an Le. Data beside 6Cxx are an answer that
		 * was wrapped: the command inside is meant, not this one. */
		if (e != CA_OK || *sw >> 8 != 0x6C || data->n > 0 ||
		    cmd.le == CA_LE_NONE || cmd.secret)
			break;
		/* Wrong Le: once more with the right one, then it is a fault
		 * (7816-4 clause 5.1.3). */
		if (again > 0) {
			e = CA_E_MALFORMED;
			break;
		}
		cmd.le = (*sw & 0xFF) == 0 ? CA_LE_SHORT : *sw & 0xFF;
	}
	ca_wipe(raw, sizeof(raw));
	return e;
}

/* All parts but the last of a command that is too long, with chaining. */
static ca_err
send_chain(struct exchange *x, struct ca_apdu *cmd, uint16_t *sw)
{
	struct ca_apdu part = *cmd;
	struct ca_rd ignored;
	ca_err e;

	part.cla |= CLA_CHAIN;
	part.le = CA_LE_NONE;
	while (cmd->data.n > SHORT_LC) {
		if (!ca_rd_take(&cmd->data, SHORT_LC, &part.data))
			return CA_E_BUG;
		if ((e = send_one(x, part, &ignored, sw)) != CA_OK)
			return e;
		if (*sw != 0x9000)
			return CA_OK; /* the caller sees the refusal */
	}
	*sw = 0x9000;
	return CA_OK;
}

static uint8_t
channel_of(uint8_t cla)
{
	if ((cla & 0x40) != 0)
		return cla & CLA_CHANNEL_FURTHER;
	return cla & CLA_CHANNEL_FIRST;
}

/* Keeps answer data; none are kept when the caller does not want any. */
static ca_err
keep(struct ca_wr *answer, struct ca_rd data)
{
	if (answer == NULL)
		return CA_OK;
	ca_wr_bytes(answer, data);
	if (ca_wr_ok(answer))
		return CA_OK;
	ca_log(CA_LOG_ERROR, ROOM, "answer does not fit %zu bytes",
	    answer->cap);
	return CA_E_MALFORMED;
}

/* Collects an answer, following 61xx. */
static ca_err
collect(struct exchange *x, uint8_t cla, struct ca_rd data,
    struct ca_wr *answer, uint16_t *sw)
{
	struct ca_apdu more = {.cla = channel_of(cla), .ins = 0xC0};
	ca_err e;

	more.secret_answer = x->secret_answer;
	for (int round = 0;; round++) {
		if ((e = keep(answer, data)) != CA_OK)
			return e;
		if (*sw >> 8 != 0x61)
			return CA_OK;
		if (round == CA_APDU_ROUNDS_MAX) {
			ca_log(CA_LOG_ERROR, ROOM,
			    "61xx after %d rounds of GET RESPONSE", round);
			return CA_E_MALFORMED;
		}
		more.le = (*sw & 0xFF) == 0 ? CA_LE_SHORT : *sw & 0xFF;
		if ((e = send_one(x, more, &data, sw)) != CA_OK)
			return e;
	}
}

static ca_err
transmit(struct exchange *x, struct ca_apdu cmd, struct ca_wr *answer,
    uint16_t *sw)
{
	struct ca_rd data;
	ca_err e;

	if (cmd.data.n > SHORT_LC && !wants_extended(x->ch, &cmd)) {
		if (!x->ch->chaining) {
			ca_log(CA_LOG_WARN, ROOM,
			    "%zu bytes want extended length, which card or "
			    "reader have not",
			    cmd.data.n);
			return CA_E_UNSUPPORTED;
		}
		e = send_chain(x, &cmd, sw);
		if (e != CA_OK || *sw != 0x9000)
			return e;
	}
	if ((e = send_one(x, cmd, &data, sw)) != CA_OK)
		return e;
	/* 61xx says that it was done (7816-4 clause 5.1.3); the next command
	 * clears what waits. */
	if (cmd.no_answer && x->ch->proto == CA_PROTO_T0 && *sw >> 8 == 0x61) {
		*sw = 0x9000;
		return CA_OK;
	}
	return collect(x, cmd.cla, data, answer, sw);
}

ca_err
ca_apdu_transmit(struct ca_chan *ch, const struct ca_apdu *cmd,
    struct ca_wr *answer, uint16_t *sw)
{
	bool ext = wants_extended(ch, cmd);
	struct exchange x = {.ch = ch,
	    .cap = ext ? ANSWER_EXT : ANSWER_SHORT,
	    .secret_answer = cmd->secret_answer};
	ca_err e;

	if (cmd->data.n > CA_APDU_DATA_MAX || cmd->le > CA_LE_EXT)
		return CA_E_BUG;
	if (answer != NULL)
		*answer = ca_wr_of(answer->p, answer->cap);
	if ((x.buf = malloc(x.cap)) == NULL)
		return CA_E_NOMEM;
	*sw = 0;
	e = transmit(&x, *cmd, answer, sw);
	ca_wipe(x.buf, x.cap);
	free(x.buf);
	if (e != CA_OK && answer != NULL)
		ca_wr_wipe(answer);
	return e;
}
