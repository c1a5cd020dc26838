#include "module/core/op.h"

#include <string.h>

#include "module/core/mech.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "pcsc/base/locked.h"

size_t
ca_op_bytes(const struct ca_op *op)
{
	return (op->bits + 7) / 8;
}

void
ca_op_end(struct ca_op *op)
{
	ca_hash_free(&op->run);
	ca_mac_free(&op->mac);
	ca_cipher_free(&op->cipher);
	ca_privkey_free(&op->priv);
	ca_locked_free(op->end, op->end_cap);
	ca_buf_free(&op->in);
	ca_buf_free(&op->sig);
	ca_buf_free(&op->out);
	ca_buf_free(&op->spki);
	ca_buf_free(&op->label);
	memset(op, 0, sizeof(*op));
}

void
ca_op_rewind(struct ca_op *op)
{
	struct ca_op kept = {
	    .mech = op->mech,
	    .pss = op->pss,
	    .eddsa_params = op->eddsa_params,
	    .mac_len = op->mac_len,
	    .key = op->key,
	    .epoch = op->epoch,
	    .private_key = op->private_key,
	    .private_session_key = op->private_session_key,
	    .consent = op->consent,
	    .iv = op->iv,
	};

	ca_op_end(op);
	*op = kept;
}

struct ca_op *
ca_op_wants_consent(struct ca_session *ss)
{
	static const enum ca_op_kind kinds[] = {
	    CA_OP_SIGN, CA_OP_SIGN_RECOVER, CA_OP_MESSAGE_SIGN, CA_OP_DECRYPT};
	struct ca_op *last = NULL;

	for (size_t i = 0; i < CA_COUNT(kinds); i++) {
		struct ca_op *op = &ss->op[kinds[i]];

		if (op->mech == NULL || !op->consent)
			continue;
		if (!op->consented)
			return op;
		last = op;
	}
	return last; /* has it already; another PIN does no harm */
}

CK_RV
ca_op_begin(struct ca_session *ss, enum ca_op_kind kind,
    const CK_MECHANISM *mech, CK_FLAGS flag, bool *cancelled)
{
	struct ca_op *op = &ss->op[kind];
	CK_RV rv;

	*cancelled = mech == NULL;
	if (mech == NULL) {
		ca_op_end(op);
		return CKR_OK;
	}
	if (op->mech != NULL)
		return CKR_OPERATION_ACTIVE;
	op->in.secret = op->out.secret = true;
	op->mech = ca_mech_find(ss->slot, mech->mechanism, flag);
	if (op->mech == NULL)
		return CKR_MECHANISM_INVALID;
	rv = ca_mech_params(op, mech);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

CK_RV
ca_op_stage(struct ca_op *op, enum ca_op_stage stage)
{
	if (op->mech == NULL)
		return CKR_OPERATION_NOT_INITIALIZED;
	if (op->stage != CA_STAGE_FRESH && op->stage != stage)
		return CKR_OPERATION_ACTIVE;
	op->stage = stage;
	return CKR_OK;
}

CK_RV
ca_op_result(struct ca_op *op, CK_RV rv, const void *out)
{
	bool goes_on =
	    rv == CKR_BUFFER_TOO_SMALL || (rv == CKR_OK && out == NULL);

	if (!goes_on)
		ca_op_end(op);
	return rv;
}

CK_RV
ca_out_room(const CK_BYTE *out, CK_ULONG *len, size_t need, bool *go)
{
	bool fits = out != NULL && *len >= need;

	*go = fits;
	if (fits)
		return CKR_OK;
	*len = need;
	return out == NULL ? CKR_OK : CKR_BUFFER_TOO_SMALL;
}

ca_err
ca_op_feed(struct ca_op *op, struct ca_rd part, size_t max)
{
	if (op->mac != NULL)
		return ca_mac_update(op->mac, part);
	if (op->run != NULL)
		return ca_hash_update(op->run, part);
	if (part.n > max || op->in.n > max - part.n)
		return CA_E_DATA_LEN;
	return ca_buf_add(&op->in, part);
}

ca_err
ca_op_hash_start(struct ca_op *op)
{
	if (op->mech->hash == CA_HASH_NONE)
		return CA_OK;
	return ca_hash_new(op->mech->hash, &op->run);
}

ca_err
ca_op_value(struct ca_op *op, struct ca_wr *buf, struct ca_rd *out)
{
	ca_err e = CA_OK;

	if (op->run == NULL) {
		*out = ca_buf_rd(&op->in);
		return CA_OK;
	}
	e = ca_hash_final(op->run, buf);
	ca_hash_free(&op->run);
	*out = ca_wr_rd(buf);
	return e;
}
