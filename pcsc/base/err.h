/*
 * The one error vocabulary below module/core. transport/pcsc.c makes these
 * from SCARD_* values, apdu/sw.c from status words, and module/core/rv.c alone
 * turns them into CK_RV. Tries left travel beside an error, never inside it.
 */
#ifndef CA_BASE_ERR_H
#define CA_BASE_ERR_H

#include <stdbool.h>

/* clang-format off */
typedef enum ca_err {
	CA_OK = 0,
	/* ours */
	CA_E_NOMEM,       /* no memory, or a fixed table is full */
	CA_E_BUG,         /* a caller inside this project broke a contract */
	/* PC/SC said so */
	CA_E_NO_SERVICE,  /* pcscd does not answer */
	CA_E_NO_READER,   /* the reader is gone */
	CA_E_NO_CARD,     /* the reader is empty */
	CA_E_REMOVED,     /* the card left since it was opened */
	CA_E_RESET,       /* somebody reset the card: login and selection lost */
	CA_E_BUSY,        /* another program holds the card exclusively */
	CA_E_IO,          /* the exchange failed; the card may still be there */
	CA_E_TIMEOUT,     /* the time given to wait is over, nothing happened */
	/* the card refused */
	CA_E_PIN_WRONG,
	CA_E_PIN_BLOCKED,
	CA_E_PIN_LEN,     /* outside the PIN's length rule: nothing was sent */
	CA_E_PIN_UNSET,   /* the PIN exists but was never given a value */
	CA_E_PIN_LAST,    /* one try left and no order to spend it: not sent */
	CA_E_AUTH_NEEDED,
	CA_E_NOT_FOUND,
	CA_E_UNSUPPORTED,
	CA_E_REFUSED,     /* conditions of use, access rules */
	/* the card does not like the value given to it, or what a file of it
	 * holds is not what should be there */
	CA_E_DATA,
	CA_E_DATA_LEN,    /* ... or its length */
	CA_E_NO_SPACE,    /* the card's memory is full */
	/* the holder did */
	CA_E_CANCELLED,
	/* the exchange itself was nonsense; or a signature that is none */
	CA_E_MALFORMED,
	CA_E_BAD_SIGNATURE,
	CA_E_LAST_ = CA_E_BAD_SIGNATURE
} ca_err;
/* clang-format on */

/*
 * The name of an error for a log line, without the CA_E_ ("PIN_WRONG").
 * Never NULL; a value outside the enum gives "?". Static storage.
 */
const char *ca_err_name(ca_err e);

/*
 * Whether the exchange worked and the card only said no to this one thing: it
 * is not there, not allowed, not of the right form. A login may or may not help
 * (CA_E_AUTH_NEEDED is not among these); repeating does not.
 */
bool ca_err_is_refusal(ca_err e);

/* Whether card or reader are gone, and with them whatever stood on the card. */
bool ca_err_is_gone(ca_err e);

#endif
