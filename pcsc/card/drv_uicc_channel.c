/* See drv_uicc.h: the logical channel (TS 102 221, 8.7 and 11.1.17). */
#include <string.h>

#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_uicc.h"
#include "pcsc/card/iso7816.h"

#define ROOM "uicc"
#define CHANNELS_FIRST 4 /* channels whose number fits bits 2-1 of CLA */
#define CHANNEL_MAX 19
#define CLA_FURTHER 0x40
#define SW_NO_CHANNEL 0x6881

bool
ca_uicc_is_open(const struct ca_tx *tx)
{
	const struct ca_uicc_state *s = tx->state;

	return s->open && s->resets == ca_card_resets(tx->card);
}

void
ca_uicc_use_class(struct ca_tx *tx, uint8_t class_wim)
{
	struct ca_uicc_state *s = tx->state;
	uint8_t bits =
	    s->channel < CHANNELS_FIRST
		? s->channel
		: (uint8_t)(CLA_FURTHER | (s->channel - CHANNELS_FIRST));

	s->class_wim = class_wim;
	ca_tx_set_class(tx, bits | class_wim);
}

/* A logical channel that the card chooses; the basic one where it has none to
 * give: in a reader the card serves nobody else. */
static ca_err
open_channel(struct ca_tx *tx)
{
	struct ca_uicc_state *s = tx->state;
	uint8_t b[1] = {0};
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu open = {.ins = 0x70, .le = 1};
	uint16_t sw;
	ca_err e;

	ca_tx_set_class(tx, 0);
	s->open = s->kept = false;
	s->channel = 0;
	e = ca_tx_send(tx, &open, &w, &sw);
	if (e != CA_OK && e != CA_E_MALFORMED)
		return e;
	if (e == CA_OK && sw == 0x9000 && w.n == 1 && b[0] >= 1 &&
	    b[0] <= CHANNEL_MAX)
		s->channel = b[0];
	else
		ca_log(CA_LOG_INFO, ROOM, "no logical channel: %04X", sw);
	s->open = true;
	s->resets = ca_card_resets(tx->card);
	return CA_OK;
}

bool
ca_uicc_close(struct ca_tx *tx)
{
	struct ca_uicc_state *s = tx->state;
	struct ca_apdu cmd = {.ins = 0x70, .p1 = 0x80, .p2 = s->channel};
	bool closed = true;

	if (!ca_uicc_is_open(tx))
		return true;
	ca_tx_set_class(tx, 0);
	if (s->channel != 0 && ca_tx_do(tx, &cmd, NULL) != CA_OK) {
		ca_log(CA_LOG_WARN, ROOM, "channel %u stays open", s->channel);
		closed = false;
	}
	s->open = s->kept = false;
	return closed;
}

uint16_t
ca_uicc_status(struct ca_tx *tx, uint16_t sw)
{
	struct ca_uicc_state *s = tx->state;

	/* Another program closed what it took for its own. */
	if (sw == SW_NO_CHANNEL && s->open && s->channel != 0) {
		ca_log(CA_LOG_WARN, ROOM, "channel %u is gone", s->channel);
		s->open = s->kept = false;
		tx->entered = false;
	}
	/* A proactive command of the SIM Toolkit waits: no affair of ours, and
	 * the work itself is done (10.2.1). */
	return sw >> 8 == 0x91 ? 0x9000 : sw;
}

bool
ca_uicc_again(struct ca_tx *tx)
{
	return !ca_uicc_is_open(tx) && ca_tx_enter(tx) == CA_OK;
}

ca_err
ca_uicc_select_app(struct ca_tx *tx)
{
	struct ca_uicc_state *s = tx->state;
	const struct ca_uicc_entry *a = &s->apps[s->app];
	struct ca_wr fcp = ca_wr_of(s->fcp, sizeof(s->fcp));
	struct ca_apdu cmd = {.ins = 0xA4,
	    .p1 = 0x04,
	    .p2 = 0x04,
	    .data = ca_rd_of(a->aid, a->aid_n),
	    .le = CA_LE_SHORT};
	uint8_t class_wim = s->class_wim;
	ca_err e;

	s->kept = false;
	ca_uicc_use_class(tx, 0);
	e = ca_tx_do(tx, &cmd, &fcp);
	s->fcp_n = e == CA_OK ? fcp.n : 0;
	ca_uicc_use_class(tx, class_wim);
	return e;
}

/*
 * Back to the application that this channel had (7FFF, 8.4.1), which keeps its
 * logins: selecting it by name again would end them. On the basic channel
 * somebody else's may stand there, so its name is looked at.
 */
static bool
back_to_app(struct ca_tx *tx)
{
	static const uint8_t adf[] = {0x7F, 0xFF};
	const struct ca_uicc_state *s = tx->state;
	const struct ca_uicc_entry *a = &s->apps[s->app];
	uint8_t b[CA_UICC_FCP_MAX];
	struct ca_wr fcp = ca_wr_of(b, sizeof(b));
	struct ca_apdu cmd = {.ins = 0xA4,
	    .p2 = 0x04,
	    .data = ca_rd_of(adf, sizeof(adf)),
	    .le = CA_LE_SHORT};

	return ca_tx_do(tx, &cmd, &fcp) == CA_OK &&
	       ca_uicc_same_app(ca_wr_rd(&fcp), ca_rd_of(a->aid, a->aid_n));
}

ca_err
ca_uicc_enter(struct ca_tx *tx)
{
	const struct ca_uicc_state *s = tx->state;
	ca_err e;

	if (ca_uicc_is_open(tx)) {
		/* Nobody else moves the selection on our own channel. */
		if ((s->channel != 0 && !tx->lost) || back_to_app(tx))
			return CA_OK;
	}
	if (!ca_uicc_is_open(tx) && (e = open_channel(tx)) != CA_OK)
		return e;
	/* A channel that is not in our application is of no use. */
	if ((e = ca_uicc_select_app(tx)) != CA_OK)
		(void)ca_uicc_close(tx);
	return e;
}
