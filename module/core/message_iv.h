/*
 * IVs of messages (3.2, 6.13.3): given by the application or made here, for
 * C_EncryptMessage and C_EncryptMessageBegin.
 */
#ifndef CA_CORE_MESSAGE_IV_H
#define CA_CORE_MESSAGE_IV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

#define CA_IV_MAX 128    /* bytes; of OpenSSL, for GCM */
#define CA_IV_XOR_MAX 16 /* for CKG_GENERATE_COUNTER_XOR */

/* What one C_MessageEncryptInit has made so far. All zero at the start. */
struct ca_iv_gen {
	uint64_t used;  /* how many */
	uint64_t start; /* of CKG_GENERATE: chance, then one after the other */
	uint8_t first[CA_IV_XOR_MAX]; /* what was given with the first */
	size_t first_n;
};

/*
 * Makes the next IV in place: iv holds what the application gave, n bytes, of
 * which the first `fixed` bits stay. CKR_MECHANISM_PARAM_INVALID: an unknown
 * generator, or too few bits for it: 32 for CKG_GENERATE, whose IVs differ from
 * each other here and by chance from those made elsewhere, 56 for
 * CKG_GENERATE_RANDOM; or CKG_GENERATE_COUNTER_XOR is given another IV than the
 * first time, which would lead to one that was used. CKR_KEY_EXHAUSTED: a
 * counter is at its end.
 */
CA_MUST_CHECK CK_RV ca_iv_make(struct ca_iv_gen *g,
    CK_GENERATOR_FUNCTION generator, CK_ULONG fixed, uint8_t *iv, size_t n);

/* Chance for all but the first `fixed` bits of n bytes, CA_IV_MAX at most. */
CA_MUST_CHECK CK_RV ca_iv_random(uint8_t *iv, size_t n, CK_ULONG fixed);

#endif
