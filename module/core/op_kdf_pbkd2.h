/* C_GenerateKey with CKM_PKCS5_PBKD2. Slot lock held. */
#ifndef CA_CORE_OP_KDF_PBKD2_H
#define CA_CORE_OP_KDF_PBKD2_H

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

struct ca_session;

/*
 * How many rounds of HMAC one call may cost, all blocks of the key together:
 * 2^24, the largest of RFC 6070 and some ten seconds. The token is locked
 * meanwhile, and nothing can break the call off.
 */
#define CA_PBKD2_ROUNDS_MAX (1UL << 24)

/* The answers are those of C_GenerateKey; CKR_MECHANISM_PARAM_INVALID also for
 * more rounds than that. */
CA_MUST_CHECK CK_RV ca_generate_pbkd2(struct ca_session *ss,
    const CK_MECHANISM *given, const CK_ATTRIBUTE *t, CK_ULONG n,
    CK_OBJECT_HANDLE *out);

#endif
