/*
 * Secure messaging: a layer between a driver and the APDU room that wraps each
 * command and unwraps each answer. It owns session keys and counters, which
 * are wiped by close(). One object belongs to one card and is used inside its
 * transactions only.
 */
#ifndef CA_SM_H
#define CA_SM_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/apdu/apdu.h"
#include "pcsc/base/buf.h"
#include "pcsc/base/err.h"
#include "pcsc/base/wr.h"

struct ca_sm;

struct ca_sm_ops {
	/* The command as it goes over the wire; its data are written to *data,
	 * which the caller frees after the exchange. The wrapped command is
	 * secret when the plain one is. */
	ca_err (*wrap)(struct ca_sm *sm, const struct ca_apdu *plain,
	    struct ca_apdu *wrapped, struct ca_buf *data);
	/*
	 * Checks the answer and takes it apart: the plain data to *out (NULL:
	 * nobody wants them), the status word of the inside to *sw.
	 * CA_E_MALFORMED when it has no or a wrong MAC: nothing of it is used.
	 * CA_E_RESET when the card has lost the channel (6985, 6987, 6988 in
	 * clear), and whatever hung on it with it: open it again.
	 */
	ca_err (*unwrap)(struct ca_sm *sm, struct ca_rd answer, uint16_t outer,
	    struct ca_wr *out, uint16_t *sw);
	/* Wipes and frees. */
	void (*close)(struct ca_sm *sm);
};

/* Every kind of channel begins with this. */
struct ca_sm {
	const struct ca_sm_ops *ops;
};

#endif
