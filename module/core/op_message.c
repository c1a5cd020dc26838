/* See op_message.h: signing and checking message by message. */
#include "module/core/op_message.h"

#include "module/core/key.h"
#include "module/core/mech.h"
#include "module/core/op_sign.h"
#include "module/core/op_verify.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"

/* Takes the key: at the Init, and anew for each message. */
typedef CK_RV (*begin_fn)(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE key);

static CK_RV
begin_sign(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key)
{
	return ca_sign_begin(ss, op, key, CA_USE_SIGN);
}

static CK_RV
init(struct ca_session *ss, enum ca_op_kind kind, const CK_MECHANISM *mech,
    CK_FLAGS flag, CK_OBJECT_HANDLE key, begin_fn begin)
{
	struct ca_op *op = &ss->op[kind];
	bool cancelled;
	CK_RV rv = ca_op_begin(ss, kind, mech, flag, &cancelled);

	if (rv != CKR_OK || cancelled)
		return rv;
	rv = begin(ss, op, key);
	if (rv == CKR_OK)
		ca_op_rewind(op);
	else
		ca_op_end(op);
	return rv;
}

/* Begins a message. An operation that was begun under another login finds its
 * key no more. */
static CK_RV
message(struct ca_session *ss, struct ca_op *op, struct ca_message_arg arg,
    begin_fn begin)
{
	CK_RV rv;

	if (op->mech == NULL)
		return CKR_OPERATION_NOT_INITIALIZED;
	if (op->stage != CA_STAGE_FRESH)
		return CKR_OPERATION_ACTIVE;
	if (arg.n != 0)
		return CKR_MECHANISM_PARAM_INVALID;
	if ((op->private_key || op->private_session_key) &&
	    op->epoch != ss->slot->epoch)
		return CKR_USER_NOT_LOGGED_IN;
	rv = begin(ss, op, op->key);
	if (rv != CKR_OK)
		ca_op_rewind(op);
	return rv;
}

/* The same for a message that is under way. */
static CK_RV
under_way(struct ca_op *op, struct ca_message_arg arg)
{
	if (op->mech == NULL || op->stage != CA_STAGE_PARTS)
		return CKR_OPERATION_NOT_INITIALIZED;
	return arg.n == 0 ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}

static CK_RV
begin_message(struct ca_session *ss, enum ca_op_kind kind,
    struct ca_message_arg arg, begin_fn begin)
{
	CK_RV rv = message(ss, &ss->op[kind], arg, begin);

	if (rv == CKR_OK)
		ss->op[kind].stage = CA_STAGE_PARTS;
	return rv;
}

CK_RV
ca_message_final(struct ca_session *ss, enum ca_op_kind kind)
{
	struct ca_op *op = &ss->op[kind];

	if (op->mech == NULL)
		return CKR_OPERATION_NOT_INITIALIZED;
	ca_op_end(op);
	return CKR_OK;
}

CK_RV
ca_message_sign_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	return init(ss, CA_OP_MESSAGE_SIGN, mech, CKF_MESSAGE_SIGN, key,
	    begin_sign);
}

/* The last part, if there is room for the signature. *go: there was. */
static CK_RV
last_part(struct ca_session *ss, struct ca_op *op, struct ca_rd in,
    CK_BYTE *sig, CK_ULONG *sig_len, bool *go)
{
	CK_RV rv = ca_out_room(sig, sig_len, ca_sign_length(op), go);

	if (rv != CKR_OK || !*go)
		return rv;
	rv = ca_sign_feed(op, in.p, in.n);
	return rv == CKR_OK ? ca_sign_make(ss, op, sig, sig_len) : rv;
}

CK_RV
ca_sign_message(struct ca_session *ss, struct ca_message_arg arg,
    const CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig, CK_ULONG *sig_len)
{
	struct ca_op *op = &ss->op[CA_OP_MESSAGE_SIGN];
	bool go = false, consented;
	CK_RV rv = message(ss, op, arg, begin_sign);

	if (rv != CKR_OK)
		return rv;
	consented = op->consented;
	if (sig_len == NULL || (in == NULL && in_len != 0))
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv = last_part(ss, op, ca_rd_of(in, in_len), sig, sig_len, &go);
	ca_op_rewind(op);
	if (!go && (rv == CKR_OK || rv == CKR_BUFFER_TOO_SMALL))
		op->consented = consented; /* it was not used */
	return rv;
}

CK_RV
ca_sign_message_begin(struct ca_session *ss, struct ca_message_arg arg)
{
	return begin_message(ss, CA_OP_MESSAGE_SIGN, arg, begin_sign);
}

CK_RV
ca_sign_message_next(struct ca_session *ss, struct ca_message_arg arg,
    const CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig, CK_ULONG *sig_len)
{
	struct ca_op *op = &ss->op[CA_OP_MESSAGE_SIGN];
	bool go = false;
	CK_RV rv = under_way(op, arg);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && in == NULL && in_len != 0)
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && sig_len == NULL) {
		rv = ca_sign_feed(op, in, in_len);
		if (rv == CKR_OK)
			return rv;
	}
	if (rv == CKR_OK)
		rv = last_part(ss, op, ca_rd_of(in, in_len), sig, sig_len, &go);
	if (go || (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL))
		ca_op_rewind(op);
	return rv;
}

CK_RV
ca_message_verify_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	return init(ss, CA_OP_MESSAGE_VERIFY, mech, CKF_MESSAGE_VERIFY, key,
	    ca_verify_begin);
}

CK_RV
ca_verify_message(struct ca_session *ss, struct ca_message_arg arg,
    const CK_BYTE *in, CK_ULONG in_len, const CK_BYTE *sig, CK_ULONG sig_len)
{
	struct ca_op *op = &ss->op[CA_OP_MESSAGE_VERIFY];
	CK_RV rv = message(ss, op, arg, ca_verify_begin);

	if (rv != CKR_OK)
		return rv;
	rv = sig != NULL ? ca_verify_feed(op, in, in_len) : CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv = ca_verify_check(ss, op, ca_rd_of(sig, sig_len));
	ca_op_rewind(op);
	return rv;
}

CK_RV
ca_verify_message_begin(struct ca_session *ss, struct ca_message_arg arg)
{
	return begin_message(ss, CA_OP_MESSAGE_VERIFY, arg, ca_verify_begin);
}

CK_RV
ca_verify_message_next(struct ca_session *ss, struct ca_message_arg arg,
    const CK_BYTE *in, CK_ULONG in_len, const CK_BYTE *sig, CK_ULONG sig_len)
{
	struct ca_op *op = &ss->op[CA_OP_MESSAGE_VERIFY];
	CK_RV rv = under_way(op, arg);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK)
		rv = ca_verify_feed(op, in, in_len);
	if (rv == CKR_OK && sig == NULL)
		return rv;
	if (rv == CKR_OK)
		rv = ca_verify_check(ss, op, ca_rd_of(sig, sig_len));
	ca_op_rewind(op);
	return rv;
}
