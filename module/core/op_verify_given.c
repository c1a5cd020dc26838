/* C_VerifySignature and its kin: the signature comes first. */
#include "module/core/op_sign.h"
#include "module/core/op_verify.h"
#include "module/core/session.h"

static struct ca_op *
op_of(struct ca_session *ss)
{
	return &ss->op[CA_OP_VERIFY_GIVEN];
}

static CK_RV
take_signature(struct ca_op *op, struct ca_rd sig)
{
	if (sig.n != ca_sign_length(op))
		return CKR_SIGNATURE_LEN_RANGE;
	return ca_rv(ca_buf_set(&op->sig, sig), CA_CALL_VERIFY);
}

CK_RV
ca_verify_given_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key, const CK_BYTE *sig, CK_ULONG sig_len)
{
	struct ca_op *op = op_of(ss);
	bool cancelled;
	CK_RV rv =
	    ca_op_begin(ss, CA_OP_VERIFY_GIVEN, mech, CKF_VERIFY, &cancelled);

	if (rv != CKR_OK || cancelled)
		return rv;
	rv = sig != NULL ? ca_verify_begin(ss, op, key) : CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv = take_signature(op, ca_rd_of(sig, sig_len));
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

CK_RV
ca_verify_given(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len)
{
	struct ca_op *op = op_of(ss);
	CK_RV rv = ca_op_stage(op, CA_STAGE_ONCE);

	if (rv == CKR_OK)
		rv = ca_verify_feed(op, in, in_len);
	if (rv == CKR_OK)
		rv = ca_verify_check(ss, op, ca_buf_rd(&op->sig));
	ca_op_end(op);
	return rv;
}

CK_RV
ca_verify_given_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len)
{
	struct ca_op *op = op_of(ss);
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OK)
		rv = ca_verify_feed(op, in, in_len);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

CK_RV
ca_verify_given_final(struct ca_session *ss)
{
	struct ca_op *op = op_of(ss);
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OK)
		rv = ca_verify_check(ss, op, ca_buf_rd(&op->sig));
	ca_op_end(op);
	return rv;
}
