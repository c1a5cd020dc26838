/* C_SignRecover and C_VerifyRecover: RSA signatures that hold the data. */
#include "module/core/key.h"
#include "module/core/mech.h"
#include "module/core/op_sign.h"
#include "module/core/session.h"
#include "module/crypto/pubkey.h"

CK_RV
ca_sign_recover_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	struct ca_op *op = &ss->op[CA_OP_SIGN_RECOVER];
	bool cancelled;
	CK_RV rv = ca_op_begin(ss, CA_OP_SIGN_RECOVER, mech, CKF_SIGN_RECOVER,
	    &cancelled);

	if (rv != CKR_OK || cancelled)
		return rv;
	rv = ca_sign_begin(ss, op, key, CA_USE_SIGN_RECOVER);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

CK_RV
ca_sign_recover(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *sig, CK_ULONG *sig_len)
{
	return ca_sign_whole(ss, &ss->op[CA_OP_SIGN_RECOVER], in, in_len, sig,
	    sig_len);
}

CK_RV
ca_verify_recover_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	struct ca_op *op = &ss->op[CA_OP_VERIFY_RECOVER];
	bool cancelled;
	CK_RV rv = ca_op_begin(ss, CA_OP_VERIFY_RECOVER, mech,
	    CKF_VERIFY_RECOVER, &cancelled);

	if (rv != CKR_OK || cancelled)
		return rv;
	rv = ca_key_begin_public(ss, op, key, CA_USE_VERIFY_RECOVER);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

/* A wrong signature is told before a buffer too small (2.40, 5.12), so it is
 * opened for a length query, too. */
static CK_RV
open_signature(const struct ca_op *op, struct ca_rd sig, CK_BYTE *out,
    CK_ULONG *out_len)
{
	uint8_t data[CA_RSA_BYTES_MAX];
	struct ca_wr w = ca_wr_of(data, sizeof(data));
	struct ca_rd spki = ca_buf_rd(&op->spki);
	bool go = false;
	size_t n = 0;
	CK_RV rv;

	if (sig.n != ca_op_bytes(op))
		return CKR_SIGNATURE_LEN_RANGE;
	rv = ca_rv(op->mech->scheme == CA_SCHEME_RAW
		       ? ca_recover_raw(spki, sig, &w)
		       : ca_recover_pkcs1(spki, sig, &w),
	    CA_CALL_VERIFY);
	if (rv == CKR_OK)
		rv = ca_out_room(out, out_len, ca_wr_rd(&w).n, &go);
	if (rv != CKR_OK || !go)
		return rv;
	if (!ca_rd_copy(ca_wr_rd(&w), out, *out_len, &n))
		return CKR_GENERAL_ERROR;
	*out_len = n;
	return CKR_OK;
}

CK_RV
ca_verify_recover(struct ca_session *ss, const CK_BYTE *sig, CK_ULONG sig_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_op *op = &ss->op[CA_OP_VERIFY_RECOVER];
	CK_RV rv = ca_op_stage(op, CA_STAGE_ONCE);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && (out_len == NULL || sig == NULL))
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv = open_signature(op, ca_rd_of(sig, sig_len), out, out_len);
	return ca_op_result(op, rv, out);
}
