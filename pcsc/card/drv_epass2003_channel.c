/*
 * See drv_epass2003.c: whose card it is, its secure channel, its application.
 */
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_epass2003.h"
#include "pcsc/card/iso7816.h"

#define ROOM "epass2003"
#define ANSWER_MAX 256

/* The static keys of these tokens, the same on all of them and in public
 * source. */
static const uint8_t static_key[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
    0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10};

/* There is a channel object; the card may have lost its side of it. */
static bool
has_channel(const struct ca_tx *tx)
{
	const struct ca_epass2003_state *s = tx->state;

	return s->sm != NULL && s->resets == ca_card_resets(tx->card);
}

static bool
lost_channel(const struct ca_tx *tx)
{
	const struct ca_epass2003_state *s = tx->state;

	return has_channel(tx) && ca_epass2003_lost(s->sm);
}

ca_err
ca_epass2003_claims(struct ca_tx *tx)
{
	struct ca_epass2003_state *s = tx->state;
	uint8_t b[ANSWER_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu ask = {
	    .ins = 0xCA, .p1 = 0x01, .p2 = 0x86, .le = CA_LE_SHORT};
	uint16_t sw;
	ca_err e = ca_tx_send(tx, &ask, &w, &sw);

	if (e != CA_OK)
		return e;
	/* A Java card without the applet has the same ATR. */
	return sw != 0x9000 ? CA_E_NOT_FOUND
			    : ca_epass2003_kind(ca_wr_rd(&w), &s->kind);
}

/* Other keys: said once. Some cards count the attempts. */
static ca_err
refuse(struct ca_epass2003_state *s, const char *who)
{
	s->refused = true;
	ca_log(CA_LOG_ERROR, ROOM,
	    "mutual authentication failed (%s): the token has other keys than "
	    "the public ones; it is not tried again",
	    who);
	return CA_E_UNSUPPORTED;
}

static ca_err
handshake(struct ca_tx *tx, struct ca_epass2003 *a)
{
	const struct ca_rd key = ca_rd_of(static_key, sizeof(static_key));
	struct ca_epass2003_state *s = tx->state;
	uint8_t b[ANSWER_MAX], pb[CA_EPASS2003_PROOF];
	struct ca_wr answer = ca_wr_of(b, sizeof(b));
	struct ca_wr proof = ca_wr_of(pb, sizeof(pb));
	struct ca_apdu ask = {.cla = 0x80,
	    .ins = 0x50,
	    .data = ca_rd_of(a->host, sizeof(a->host)),
	    .le = ca_epass2003_answer_size(a->kind)};
	struct ca_apdu prove = {.cla = 0x84, .ins = 0x82, .p1 = 0x03};
	uint16_t sw;
	ca_err e;

	if ((e = ca_tx_send(tx, &ask, &answer, &sw)) != CA_OK)
		return e;
	if (sw != 0x9000)
		return refuse(s, "no answer to the challenge");
	e = ca_epass2003_answer(a, key, key, ca_wr_rd(&answer), &proof);
	if (e == CA_E_REFUSED)
		return refuse(s, "the card's cryptogram");
	if (e != CA_OK)
		return e;
	prove.data = ca_wr_rd(&proof);
	if ((e = ca_tx_send(tx, &prove, NULL, &sw)) != CA_OK)
		return e;
	return sw == 0x9000 ? CA_OK : refuse(s, "the host's cryptogram");
}

static ca_err
open_channel(struct ca_tx *tx)
{
	struct ca_epass2003_state *s = tx->state;
	struct ca_epass2003 a;
	struct ca_sm *sm;
	ca_err e;

	if (s->kind == CA_EPASS2003_PLAIN ||
	    (has_channel(tx) && !lost_channel(tx)))
		return CA_OK;
	if (s->refused)
		return CA_E_UNSUPPORTED;
	s->sm = NULL;
	ca_tx_set_sm(tx, NULL);
	if ((e = ca_epass2003_begin(&a, s->kind)) == CA_OK &&
	    (e = handshake(tx, &a)) == CA_OK &&
	    (e = ca_epass2003_channel(&a, &sm)) == CA_OK) {
		ca_tx_set_sm(tx, sm);
		s->sm = sm;
		s->resets = ca_card_resets(tx->card);
	}
	ca_wipe(&a, sizeof(a));
	return e;
}

/* The application's DF: first from where the card stands, which mostly is where
 * we left it; else from the MF. */
static ca_err
select_application(struct ca_tx *tx)
{
	struct ca_epass2003_state *s = tx->state;
	struct ca_rd path = ca_rd_of(tx->profile->path.b, tx->profile->path.n);
	ca_err e = CA_E_NOT_FOUND;

	if (!s->no_shortcut && path.n > 2 && ca_rd_skip(&path, path.n - 2))
		e = ca_iso_select(tx, CA_SELECT_ANY, path, NULL);
	switch (e) {
	case CA_E_NOT_FOUND:
	case CA_E_REFUSED:
	case CA_E_UNSUPPORTED:
	case CA_E_DATA:
		s->no_shortcut = true;
		return ca_iso_drv_enter(tx);
	default:
		return e;
	}
}

ca_err
ca_epass2003_enter(struct ca_tx *tx)
{
	ca_err e;

	if ((e = open_channel(tx)) != CA_OK)
		return e;
	e = select_application(tx);
	/* Another program opened a channel of its own: ours ended with it. */
	if (e == CA_E_RESET && lost_channel(tx) &&
	    (e = open_channel(tx)) == CA_OK)
		e = select_application(tx);
	return e;
}

void
ca_epass2003_stay(struct ca_tx *tx)
{
	if (has_channel(tx) && !lost_channel(tx))
		tx->entered = true;
}

ca_err
ca_epass2003_ready(struct ca_tx *tx)
{
	const struct ca_epass2003_state *s = tx->state;

	if (s->kind == CA_EPASS2003_PLAIN ||
	    (has_channel(tx) && !lost_channel(tx)))
		return CA_OK;
	tx->entered = false;
	return ca_tx_enter(tx);
}

bool
ca_epass2003_again(struct ca_tx *tx, ca_err e)
{
	if (e != CA_E_RESET || !lost_channel(tx))
		return false;
	return ca_epass2003_ready(tx) == CA_OK;
}
