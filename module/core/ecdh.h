/*
 * From the shared secret of ECDH to a key, as C_DeriveKey, C_EncapsulateKey and
 * C_DecapsulateKey all have it (PKCS#11 current mechanisms 3.0, section 2.3.17;
 * PKCS#11 3.2, CKM_ECDH1_DERIVE). Nothing is kept; the caller's memory is
 * borrowed.
 */
#ifndef CA_CORE_ECDH_H
#define CA_CORE_ECDH_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/attrs.h"
#include "module/core/pkcs11_3.h"
#include "module/crypto/hash.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

#define CA_ECDH_SECRET_MAX 66 /* a coordinate on P-521 */

struct ca_build;

struct ca_ecdh {
	enum ca_hash kdf; /* CA_HASH_NONE: CKD_NULL */
	bool one_step;    /* SP 800-56A, else X9.63 */
	struct ca_rd shared;
	struct ca_rd given; /* the other side's point, as it came */
	size_t field;       /* bytes of the shared secret; the caller sets it */
	size_t want;        /* bytes of the new key */
};

/*
 * Reads CK_ECDH1_DERIVE_PARAMS. `sent_apart`: the other side's point is not
 * there, for it is the ciphertext (3.2: pPublicData is NULL, its length 0).
 * CKR_MECHANISM_PARAM_INVALID.
 */
CA_MUST_CHECK CK_RV ca_ecdh_read(struct ca_ecdh *d, const CK_MECHANISM *given,
    bool sent_apart);

/* How long the new key of a build that has begun is: what the template says,
 * else all there is. CKR_TEMPLATE_INCOMPLETE, CKR_ATTRIBUTE_VALUE_INVALID. */
CA_MUST_CHECK CK_RV ca_ecdh_length(struct ca_ecdh *d, const struct ca_build *b);

/* Puts CKA_VALUE made of the shared secret. CA_E_MALFORMED: it is not as long
 * as a coordinate. */
CA_MUST_CHECK ca_err ca_ecdh_value(const struct ca_ecdh *d, struct ca_rd secret,
    struct ca_attrs *a);

#endif
