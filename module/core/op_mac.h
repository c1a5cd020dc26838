/* HMAC, CMAC and GMAC as C_Sign and C_Verify do them, with session keys. Slot
 * lock held. */
#ifndef CA_CORE_OP_MAC_H
#define CA_CORE_OP_MAC_H

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

/* Bytes of the result when it is not cut. */
size_t ca_mac_whole(const struct ca_mech *m);

/* Begins one with a key that may be used as `may`; op->mech is set. */
CA_MUST_CHECK CK_RV ca_mac_begin(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE may);

/* The result, op->mac_len bytes, for which there is room. */
CA_MUST_CHECK CK_RV ca_mac_sign(struct ca_session *ss, struct ca_op *op,
    CK_BYTE *sig, CK_ULONG *sig_len);

/* Compares it, in a time that tells nothing. */
CA_MUST_CHECK CK_RV ca_mac_check(struct ca_session *ss, struct ca_op *op,
    struct ca_rd sig);

#endif
