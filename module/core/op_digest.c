/* C_Digest and its kin. */
#include "module/core/mech.h"
#include "module/core/op.h"
#include "module/core/session.h"
#include "module/core/slot.h"

CK_RV
ca_digest_init(struct ca_session *ss, const CK_MECHANISM *mech)
{
	struct ca_op *op = &ss->op[CA_OP_DIGEST];
	bool cancelled;
	CK_RV rv = ca_op_begin(ss, CA_OP_DIGEST, mech, CKF_DIGEST, &cancelled);

	if (rv != CKR_OK || cancelled)
		return rv;
	rv = ca_rv(ca_op_hash_start(op), CA_CALL_ENCRYPT);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

static CK_RV
finish(struct ca_op *op, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_wr w = ca_wr_of(out, *out_len);
	ca_err e = ca_hash_final(op->run, &w);

	if (e == CA_OK)
		*out_len = ca_hash_len(op->mech->hash);
	return ca_rv(e, CA_CALL_ENCRYPT);
}

CK_RV
ca_digest(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_op *op = &ss->op[CA_OP_DIGEST];
	bool go = false;
	CK_RV rv = ca_op_stage(op, CA_STAGE_ONCE);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && (out_len == NULL || (in == NULL && in_len != 0)))
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv =
		    ca_out_room(out, out_len, ca_hash_len(op->mech->hash), &go);
	if (rv == CKR_OK && go)
		rv = ca_rv(ca_hash_update(op->run, ca_rd_of(in, in_len)),
		    CA_CALL_ENCRYPT);
	if (rv == CKR_OK && go)
		rv = finish(op, out, out_len);
	return ca_op_result(op, rv, out);
}

CK_RV
ca_digest_update(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len)
{
	struct ca_op *op = &ss->op[CA_OP_DIGEST];
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && in == NULL && in_len != 0)
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv = ca_rv(ca_hash_update(op->run, ca_rd_of(in, in_len)),
		    CA_CALL_ENCRYPT);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

static CK_RV
feed_key(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key)
{
	CK_RV rv = ca_slot_check_recent(ss->slot);
	const struct ca_object *o;
	struct ca_rd value;

	if (rv != CKR_OK)
		return rv;
	o = ca_object_get(ss->slot, key);
	if (o == NULL)
		return CKR_KEY_HANDLE_INVALID;
	if (o->session == NULL || o->session->cls != CKO_SECRET_KEY ||
	    ca_sobject_show(o->session, CKA_VALUE, &value) != CKR_OK)
		return CKR_KEY_INDIGESTIBLE;
	if (o->session->is_private) {
		op->private_session_key = true;
		op->epoch = ss->slot->epoch;
	}
	return ca_rv(ca_hash_update(op->run, value), CA_CALL_ENCRYPT);
}

/* Only secret keys can be digested, and of those not one whose value may not
 * be known (2.40, 5.10.4: a token may refuse). */
CK_RV
ca_digest_key(struct ca_session *ss, CK_OBJECT_HANDLE key)
{
	struct ca_op *op = &ss->op[CA_OP_DIGEST];
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK)
		rv = feed_key(ss, op, key);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

CK_RV
ca_digest_final(struct ca_session *ss, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_op *op = &ss->op[CA_OP_DIGEST];
	bool go = false;
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && out_len == NULL)
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv =
		    ca_out_room(out, out_len, ca_hash_len(op->mech->hash), &go);
	if (rv == CKR_OK && go)
		rv = finish(op, out, out_len);
	return ca_op_result(op, rv, out);
}
