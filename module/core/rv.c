#include "module/core/rv.h"

/* Errors about a PIN: only calls that bring one may name them. C_InitPIN's list
 * has no CKR_PIN_INCORRECT; for the PUK it is the one word that is true. */
static CK_RV
rv_pin(ca_err e, enum ca_call call)
{
	if (call != CA_CALL_LOGIN && call != CA_CALL_SET_PIN)
		return CKR_FUNCTION_FAILED;
	if (call == CA_CALL_SET_PIN && e == CA_E_PIN_LEN)
		return CKR_PIN_LEN_RANGE;
	if (e == CA_E_PIN_BLOCKED || e == CA_E_PIN_LAST)
		return CKR_PIN_LOCKED;
	if (e == CA_E_PIN_UNSET)
		return CKR_USER_PIN_NOT_INITIALIZED;
	/* C_Login may not say CKR_PIN_LEN_RANGE: such a PIN is just wrong. */
	return CKR_PIN_INCORRECT;
}

static CK_RV
rv_auth(enum ca_call call)
{
	if (call == CA_CALL_SIGN || call == CA_CALL_DECRYPT ||
	    call == CA_CALL_DERIVE)
		return CKR_USER_NOT_LOGGED_IN;
	return CKR_FUNCTION_FAILED;
}

/* The card or the host did not like the data itself. */
static CK_RV
rv_data(bool length, enum ca_call call)
{
	switch (call) {
	case CA_CALL_SIGN:
	case CA_CALL_VERIFY:
	case CA_CALL_ENCRYPT:
		return length ? CKR_DATA_LEN_RANGE : CKR_DATA_INVALID;
	case CA_CALL_DECRYPT:
		return length ? CKR_ENCRYPTED_DATA_LEN_RANGE
			      : CKR_ENCRYPTED_DATA_INVALID;
	case CA_CALL_SET_PIN: /* the new PIN, by the card's own rules */
		return length ? CKR_PIN_LEN_RANGE : CKR_PIN_INVALID;
	case CA_CALL_SLOT:
	case CA_CALL_LOGIN:
	case CA_CALL_READ:
	case CA_CALL_DERIVE: /* the point was looked at before */
		break;
	}
	return CKR_DEVICE_ERROR;
}

/* The family, or this card, knows no way. */
static CK_RV
rv_unsupported(enum ca_call call)
{
	if (call == CA_CALL_SLOT)
		return CKR_TOKEN_NOT_RECOGNIZED;
	return call == CA_CALL_SET_PIN ? CKR_FUNCTION_NOT_SUPPORTED
				       : CKR_FUNCTION_FAILED;
}

CK_RV
ca_rv(ca_err e, enum ca_call call)
{
	/* No default: -Wswitch finds the name you forgot. */
	switch (e) {
	case CA_OK:
		return CKR_OK;
	case CA_E_NOMEM:
		return CKR_HOST_MEMORY;
	case CA_E_BUG:
		return CKR_GENERAL_ERROR;
	case CA_E_NO_READER:
	case CA_E_NO_CARD:
	case CA_E_REMOVED: /* a session call may not say TOKEN_NOT_PRESENT */
		return call == CA_CALL_SLOT ? CKR_TOKEN_NOT_PRESENT
					    : CKR_DEVICE_REMOVED;
	case CA_E_NO_SERVICE: /* the sessions live on: pcscd may come back */
		return call == CA_CALL_SLOT ? CKR_TOKEN_NOT_PRESENT
					    : CKR_DEVICE_ERROR;
	case CA_E_UNSUPPORTED:
		return rv_unsupported(call);
	case CA_E_PIN_WRONG:
	case CA_E_PIN_BLOCKED:
	case CA_E_PIN_LEN:
	case CA_E_PIN_UNSET:
	case CA_E_PIN_LAST:
		return rv_pin(e, call);
	case CA_E_AUTH_NEEDED:
		return rv_auth(call);
	case CA_E_DATA:
		return rv_data(false, call);
	case CA_E_DATA_LEN:
		return rv_data(true, call);
	case CA_E_NO_SPACE:
		return CKR_DEVICE_MEMORY;
	case CA_E_CANCELLED: /* C_OpenSession and the readers may not say so */
		return call == CA_CALL_SLOT || call == CA_CALL_READ
			   ? CKR_FUNCTION_FAILED
			   : CKR_FUNCTION_CANCELED;
	case CA_E_BAD_SIGNATURE: /* given to us, or made by the card */
		return call == CA_CALL_VERIFY ? CKR_SIGNATURE_INVALID
					      : CKR_DEVICE_ERROR;
	case CA_E_TIMEOUT:
	case CA_E_REFUSED:
	case CA_E_NOT_FOUND:
		return CKR_FUNCTION_FAILED;
	case CA_E_RESET:
	case CA_E_BUSY:
	case CA_E_IO:
	case CA_E_MALFORMED: /* the card's fault, never ARGUMENTS_BAD */
		return CKR_DEVICE_ERROR;
	}
	return CKR_GENERAL_ERROR;
}
