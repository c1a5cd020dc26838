/*
 * C_InitToken: it empties a token and gives it a new label and SO PIN. No
 * family is known well enough for that (what a maker's own tool writes to an
 * empty token is nowhere public), and an official's key would be lost with it:
 * so every token is left as it is, and nothing is sent to it.
 *
 * The slot lock is held.
 */
#ifndef CA_CORE_INIT_TOKEN_H
#define CA_CORE_INIT_TOKEN_H

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

struct ca_slot;

/*
 * What is wrong with the order (PKCS#11 2.40 5.5), the slot's token being open:
 * CKR_SESSION_EXISTS, CKR_ARGUMENTS_BAD (no label; no PIN where none can be
 * keyed in), and then CKR_FUNCTION_NOT_SUPPORTED with a line in the log.
 */
CA_MUST_CHECK CK_RV ca_init_token(struct ca_slot *s, const CK_UTF8CHAR *pin,
    CK_ULONG pin_len, const CK_UTF8CHAR *label);

#endif
