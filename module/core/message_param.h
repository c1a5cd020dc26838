/*
 * The parameters of one message that is encrypted or decrypted (3.2, 6.13.3 and
 * 6.13.5): CK_GCM_MESSAGE_PARAMS and CK_CCM_MESSAGE_PARAMS.
 */
#ifndef CA_CORE_MESSAGE_PARAM_H
#define CA_CORE_MESSAGE_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/pkcs11_3.h"
#include "module/crypto/cipher.h"
#include "pcsc/base/cdefs.h"

/* What a C_ function was given. */
struct ca_message_arg {
	void *p;
	CK_ULONG n;
};

/* What it says, for any cipher. The pointers are the application's; tag may be
 * NULL until the end. Lengths are in bytes. */
struct ca_message_params {
	CK_BYTE *iv, *tag;
	size_t iv_n, tag_n;
	CK_ULONG fixed; /* bits of the IV */
	CK_GENERATOR_FUNCTION generator;
	size_t total; /* CCM: bytes of text there will be */
};

/* Bytes of the parameters for this cipher; 0: it has no messages. */
size_t ca_message_param_size(enum ca_cipher mode);

/* CKR_MECHANISM_PARAM_INVALID. */
CA_MUST_CHECK CK_RV ca_message_param_read(enum ca_cipher mode,
    struct ca_message_arg arg, struct ca_message_params *out);

#endif
