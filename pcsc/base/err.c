#include "pcsc/base/err.h"

const char *
ca_err_name(ca_err e)
{
	/* No default: -Wswitch finds the name that is missing here. */
	switch (e) {
	/* clang-format off */
	case CA_OK:              return "OK";
	case CA_E_NOMEM:         return "NOMEM";
	case CA_E_BUG:           return "BUG";
	case CA_E_NO_SERVICE:    return "NO_SERVICE";
	case CA_E_NO_READER:     return "NO_READER";
	case CA_E_NO_CARD:       return "NO_CARD";
	case CA_E_REMOVED:       return "REMOVED";
	case CA_E_RESET:         return "RESET";
	case CA_E_BUSY:          return "BUSY";
	case CA_E_IO:            return "IO";
	case CA_E_TIMEOUT:       return "TIMEOUT";
	case CA_E_PIN_WRONG:     return "PIN_WRONG";
	case CA_E_PIN_BLOCKED:   return "PIN_BLOCKED";
	case CA_E_PIN_LEN:       return "PIN_LEN";
	case CA_E_PIN_UNSET:     return "PIN_UNSET";
	case CA_E_PIN_LAST:      return "PIN_LAST";
	case CA_E_AUTH_NEEDED:   return "AUTH_NEEDED";
	case CA_E_NOT_FOUND:     return "NOT_FOUND";
	case CA_E_UNSUPPORTED:   return "UNSUPPORTED";
	case CA_E_REFUSED:       return "REFUSED";
	case CA_E_DATA:          return "DATA";
	case CA_E_DATA_LEN:      return "DATA_LEN";
	case CA_E_NO_SPACE:      return "NO_SPACE";
	case CA_E_CANCELLED:     return "CANCELLED";
	case CA_E_MALFORMED:     return "MALFORMED";
	case CA_E_BAD_SIGNATURE: return "BAD_SIGNATURE";
		/* clang-format on */
	}
	return "?";
}

bool
ca_err_is_refusal(ca_err e)
{
	switch (e) {
	case CA_E_NOT_FOUND:
	case CA_E_REFUSED:
	case CA_E_UNSUPPORTED:
	case CA_E_DATA:
	case CA_E_DATA_LEN:
		return true;
	default:
		return false;
	}
}

bool
ca_err_is_gone(ca_err e)
{
	return e == CA_E_REMOVED || e == CA_E_NO_CARD || e == CA_E_NO_READER;
}
