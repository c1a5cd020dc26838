/*
 * C_GenerateKeyPair, where it leaves the host: keys that are to stay on the
 * token. Slot lock held.
 */
#ifndef CA_CORE_OP_GENERATE_PAIR_H
#define CA_CORE_OP_GENERATE_PAIR_H

#include "module/core/builder.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

struct ca_mech;
struct ca_session;

/*
 * Makes a pair of which one half has CKA_TOKEN, or both. The templates have
 * been read into `pub` and `prv` (class, type, values by their rows, the right
 * to make private objects), and what the mechanism needs is there and of the
 * right form: CKA_MODULUS_BITS and CKA_PUBLIC_EXPONENT, or CKA_EC_PARAMS, in
 * `pub`. The caller frees both. Both handles are set, or nothing was made.
 * CKR_TOKEN_WRITE_PROTECTED, CKR_SESSION_READ_ONLY: ca_build_on_token().
 */
CA_MUST_CHECK CK_RV ca_generate_on_token(struct ca_session *ss,
    const struct ca_mech *m, struct ca_build *pub, struct ca_build *prv,
    CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key);

#endif
