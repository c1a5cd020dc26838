/*
 * The parameters of wrapping mechanisms, and the IV or nonce that the module
 * makes for AES-GCM and AES-CCM (PKCS#11 3.2, 6.13.3 and 6.13.5). Slot lock
 * held.
 */
#ifndef CA_CORE_WRAP_PARAM_H
#define CA_CORE_WRAP_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module/core/message_iv.h"
#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

#define CA_WRAP_TAG_MAX 16

/* Bits that are drawn at least, so that no IV comes twice (SP 800-38D, 8.2.2:
 * the random field of the RBG-based construction). */
#define CA_WRAP_IV_RANDOM 96

struct ca_wrap_param {
	bool wrap;  /* set by the caller: an IV may have to be made */
	bool apart; /* the tag stands in the parameters, not behind the key */
	CK_BYTE *tag;
	size_t tag_n; /* of one that is apart */

	bool made; /* the IV is ours ... */
	uint8_t iv[CA_IV_MAX];
	size_t iv_n;
	CK_BYTE *iv_out; /* ... and goes here when the key leaves */
	bool fresh;      /* ... and has CA_WRAP_IV_RANDOM new bits */
};

/*
 * C_WrapKey, C_UnwrapKey: as ca_mech_params() has them, or CK_GCM_WRAP_PARAMS
 * in place of CK_GCM_PARAMS, and CK_CCM_WRAP_PARAMS of CK_CCM_PARAMS. The
 * length in those of CCM is ignored: it is the key's. op->mech is set; the
 * operation borrows from `given` and from `p`. CKR_MECHANISM_PARAM_INVALID:
 * what is wrong there, or a way to make IVs other than by drawing them.
 */
CA_MUST_CHECK CK_RV ca_wrap_param_read(struct ca_op *op,
    const CK_MECHANISM *given, struct ca_wrap_param *p);

/* C_WrapKeyAuthenticated, C_UnwrapKeyAuthenticated: CK_GCM_MESSAGE_PARAMS or
 * CK_CCM_MESSAGE_PARAMS, and the associated data beside them.
 * CKR_MECHANISM_INVALID: the mechanism authenticates nothing. */
CA_MUST_CHECK CK_RV ca_wrap_param_read_message(struct ca_op *op,
    const CK_MECHANISM *given, struct ca_rd aad, struct ca_wrap_param *p);

/* Gives out the IV that was made and, if it is apart, the tag. */
void ca_wrap_param_give(const struct ca_wrap_param *p, struct ca_rd tag);

#endif
