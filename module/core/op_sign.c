/* C_Sign and its kin: the host hashes and pads, the card does the rest; for
 * keys of the session, the host does that, too. */
#include "module/core/op_sign.h"

#include "module/core/key.h"
#include "module/core/mech.h"
#include "module/core/op_mac.h"
#include "module/core/op_private.h"
#include "module/core/session.h"
#include "module/core/sign_input.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "pcsc/base/secret.h"

size_t
ca_sign_length(const struct ca_op *op)
{
	size_t n = ca_op_bytes(op);

	if (op->mac != NULL)
		return op->mac_len;
	return op->mech->scheme == CA_SCHEME_ECDSA ||
		       op->mech->scheme == CA_SCHEME_EDDSA
		   ? 2 * n
		   : n;
}

/* The longest input where we do not hash. */
static size_t
input_max(const struct ca_op *op)
{
	size_t k = (op->bits + 7) / 8;

	if (op->mech->hash != CA_HASH_NONE)
		return CA_SIGN_DATA_MAX; /* for the card to hash */
	switch (op->mech->scheme) {
	case CA_SCHEME_PKCS1:
		return k > 11 ? k - 11 : 0;
	case CA_SCHEME_RAW:
		return k;
	case CA_SCHEME_PSS:
		return ca_hash_len(op->pss.hash);
	case CA_SCHEME_ECDSA: /* the leftmost bits count */
	case CA_SCHEME_EDDSA: /* the data themselves */
		return CA_BUF_MAX;
	case CA_SCHEME_OAEP:
	case CA_SCHEME_ECDH:
	case CA_SCHEME_MAC:
	case CA_SCHEME_CIPHER:
	case CA_SCHEME_KEYWRAP:
	case CA_SCHEME_MAKE:
	case CA_SCHEME_KDF:
	case CA_SCHEME_DIGEST:
	case CA_SCHEME_COUNT:
		break;
	}
	return 0;
}

/* What the key can do of what the mechanism needs, after the card has shown
 * what nobody knows it to do. */
static CK_RV
key_algs(struct ca_session *ss, const struct ca_op *op, uint32_t *algs)
{
	struct ca_slot *s = ss->slot;
	const struct ca_object *o = ca_object_get(s, op->key);
	uint32_t wanted = ca_mech_sign_algs(op->mech);
	ca_err e;

	if (o == NULL)
		return CKR_KEY_HANDLE_INVALID;
	*algs = ca_token_model(s->token)->keys[o->index].algs;
	if ((*algs & wanted) != 0)
		return CKR_OK;
	e = ca_token_prove(s->token, o->index, wanted);
	if (e != CA_OK)
		return ca_slot_rv(s, e, CA_CALL_SIGN);
	*algs = ca_token_model(s->token)->keys[o->index].algs;
	if ((*algs & wanted) != 0)
		return CKR_OK;
	return ca_mech_offered(s, op->mech, CKF_SIGN)
		   ? CKR_KEY_FUNCTION_NOT_PERMITTED
		   : CKR_MECHANISM_INVALID;
}

/* Whether the key can do it with the parameters that were given. A token has
 * the mechanism when one of its keys can; this asks about this one. *by_card:
 * the card wants the data and hashes them. */
static CK_RV
check_key(struct ca_session *ss, const struct ca_op *op, bool *by_card)
{
	uint32_t algs;
	struct ca_recipe how;
	CK_RV rv = key_algs(ss, op, &algs);

	*by_card = false;
	if (rv != CKR_OK)
		return rv;
	if (op->mech->scheme != CA_SCHEME_PSS) {
		*by_card = ca_sign_recipe(op, algs, op->mech->hash, &how) &&
			   how.form == CA_FORM_DATA;
		return CKR_OK;
	}
	if (!ca_pss_fits(&op->pss, op->bits) ||
	    !ca_sign_recipe(op, algs, op->pss.hash, &how))
		return CKR_MECHANISM_PARAM_INVALID;
	return CKR_OK;
}

static CK_RV
begin_private(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key,
    uint32_t usage)
{
	bool by_card = false;
	CK_RV rv = ca_key_begin_private(ss, op, key, usage);

	if (rv == CKR_OK)
		rv = op->priv != NULL ? ca_private_sign_check(op)
				      : check_key(ss, op, &by_card);
	if (rv == CKR_OK && !by_card)
		rv = ca_rv(ca_op_hash_start(op), CA_CALL_SIGN);
	return rv;
}

CK_RV
ca_sign_begin(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key,
    uint32_t usage)
{
	return ca_mech_is_secret(op->mech) ? ca_mac_begin(ss, op, key, CKA_SIGN)
					   : begin_private(ss, op, key, usage);
}

CK_RV
ca_sign_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	struct ca_op *op = &ss->op[CA_OP_SIGN];
	bool cancelled;
	CK_RV rv = ca_op_begin(ss, CA_OP_SIGN, mech, CKF_SIGN, &cancelled);

	if (rv != CKR_OK || cancelled)
		return rv;
	rv = ca_sign_begin(ss, op, key, CA_USE_SIGN);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

/* Card work. `out` gets exactly ca_sign_length() bytes or nothing. */
static CK_RV
card_sign(struct ca_session *ss, struct ca_op *op, struct ca_rd value,
    struct ca_wr *out)
{
	struct ca_slot *s = ss->slot;
	uint8_t block[CA_RSA_BYTES_MAX];
	struct ca_wr in = ca_wr_of(block, sizeof(block));
	struct ca_recipe how;
	size_t index, need = ca_sign_length(op);
	ca_err e;
	CK_RV rv = ca_key_ready(s, op, &index);

	if (rv != CKR_OK)
		return rv;
	rv = ca_sign_settle(op, ca_token_model(s->token)->keys[index].algs,
	    &value, &how);
	if (rv != CKR_OK)
		return rv;
	e = how.form == CA_FORM_DATA ? CA_OK
				     : ca_sign_input(op, how.form, value, &in);
	if (e == CA_OK)
		e = ca_token_sign(s->token, index, how.alg,
		    how.form == CA_FORM_DATA ? value : ca_wr_rd(&in), out);
	if (e == CA_OK && ca_wr_rd(out).n != need)
		e = CA_E_MALFORMED;
	ca_wipe(block, sizeof(block));
	return ca_slot_rv(s, e, CA_CALL_SIGN);
}

static CK_RV
host_sign(struct ca_session *ss, const struct ca_op *op, struct ca_rd value,
    struct ca_wr *out)
{
	CK_RV rv = ca_skey_alive(ss->slot, op);

	return rv == CKR_OK ? ca_private_sign(op, value, out) : rv;
}

CK_RV
ca_sign_feed(struct ca_op *op, const CK_BYTE *in, CK_ULONG in_len)
{
	if (in == NULL && in_len != 0)
		return CKR_ARGUMENTS_BAD;
	return ca_rv(ca_op_feed(op, ca_rd_of(in, in_len), input_max(op)),
	    CA_CALL_SIGN);
}

CK_RV
ca_sign_make(struct ca_session *ss, struct ca_op *op, CK_BYTE *sig,
    CK_ULONG *sig_len)
{
	uint8_t hash[CA_HASH_LEN_MAX], made[CA_RSA_BYTES_MAX];
	struct ca_wr hw = ca_wr_of(hash, sizeof(hash));
	struct ca_wr out = ca_wr_of(made, sizeof(made));
	struct ca_rd value;
	size_t n = 0;
	CK_RV rv;

	if (op->mac != NULL)
		return ca_mac_sign(ss, op, sig, sig_len);
	rv = ca_rv(ca_op_value(op, &hw, &value), CA_CALL_SIGN);
	if (rv == CKR_OK)
		rv = op->priv != NULL ? host_sign(ss, op, value, &out)
				      : card_sign(ss, op, value, &out);
	if (rv == CKR_OK && !ca_rd_copy(ca_wr_rd(&out), sig, *sig_len, &n))
		rv = CKR_GENERAL_ERROR;
	if (rv == CKR_OK)
		*sig_len = n;
	ca_wipe(made, sizeof(made));
	return rv;
}

static CK_RV
whole(struct ca_session *ss, struct ca_op *op, struct ca_rd in, CK_BYTE *sig,
    CK_ULONG *sig_len)
{
	bool go;
	CK_RV rv = ca_out_room(sig, sig_len, ca_sign_length(op), &go);

	if (rv != CKR_OK || !go)
		return rv;
	rv = ca_sign_feed(op, in.p, in.n);
	return rv == CKR_OK ? ca_sign_make(ss, op, sig, sig_len) : rv;
}

CK_RV
ca_sign_whole(struct ca_session *ss, struct ca_op *op, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *sig, CK_ULONG *sig_len)
{
	CK_RV rv = ca_op_stage(op, CA_STAGE_ONCE);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && (sig_len == NULL || (in == NULL && in_len != 0)))
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv = whole(ss, op, ca_rd_of(in, in_len), sig, sig_len);
	return ca_op_result(op, rv, sig);
}

CK_RV
ca_sign(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig,
    CK_ULONG *sig_len)
{
	return ca_sign_whole(ss, &ss->op[CA_OP_SIGN], in, in_len, sig, sig_len);
}

CK_RV
ca_sign_update(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len)
{
	struct ca_op *op = &ss->op[CA_OP_SIGN];
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK)
		rv = ca_sign_feed(op, in, in_len);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

CK_RV
ca_sign_final(struct ca_session *ss, CK_BYTE *sig, CK_ULONG *sig_len)
{
	struct ca_op *op = &ss->op[CA_OP_SIGN];
	bool go = false;
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && sig_len == NULL)
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv = ca_out_room(sig, sig_len, ca_sign_length(op), &go);
	if (rv == CKR_OK && go)
		rv = ca_sign_make(ss, op, sig, sig_len);
	return ca_op_result(op, rv, sig);
}
