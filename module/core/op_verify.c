/* C_Verify and its kin, all on the host: signatures with public keys of the
 * token and of the session, MACs with secret keys (op_mac.h). */
#include "module/core/op_verify.h"

#include "module/core/key.h"
#include "module/core/mech.h"
#include "module/core/op_mac.h"
#include "module/core/op_private.h"
#include "module/core/op_sign.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/crypto/pubkey.h"

static CK_RV
begin_public(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key)
{
	CK_RV rv = ca_key_begin_public(ss, op, key, CA_USE_VERIFY);

	if (rv == CKR_OK && op->mech->scheme == CA_SCHEME_PSS &&
	    !ca_pss_fits(&op->pss, op->bits))
		rv = CKR_MECHANISM_PARAM_INVALID;
	if (rv == CKR_OK && !ca_eddsa_fits(op))
		rv = CKR_MECHANISM_PARAM_INVALID;
	return rv == CKR_OK ? ca_rv(ca_op_hash_start(op), CA_CALL_VERIFY) : rv;
}

CK_RV
ca_verify_begin(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key)
{
	return ca_mech_is_secret(op->mech)
		   ? ca_mac_begin(ss, op, key, CKA_VERIFY)
		   : begin_public(ss, op, key);
}

CK_RV
ca_verify_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	struct ca_op *op = &ss->op[CA_OP_VERIFY];
	bool cancelled;
	CK_RV rv = ca_op_begin(ss, CA_OP_VERIFY, mech, CKF_VERIFY, &cancelled);

	if (rv != CKR_OK || cancelled)
		return rv;
	rv = ca_verify_begin(ss, op, key);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

static ca_err
check_pkcs1(const struct ca_op *op, struct ca_rd value, struct ca_rd sig)
{
	uint8_t info[CA_DIGESTINFO_MAX];
	struct ca_wr w = ca_wr_of(info, sizeof(info));
	struct ca_rd spki = ca_buf_rd(&op->spki);
	ca_err e;

	if (op->mech->hash == CA_HASH_NONE)
		return value.n + 11 > sig.n ? CA_E_DATA_LEN
					    : ca_verify_pkcs1(spki, value, sig);
	e = ca_digestinfo_wrap(op->mech->hash, value, &w);
	return e == CA_OK ? ca_verify_pkcs1(spki, ca_wr_rd(&w), sig) : e;
}

static ca_err
check(const struct ca_op *op, struct ca_rd value, struct ca_rd sig)
{
	struct ca_rd spki = ca_buf_rd(&op->spki);

	switch (op->mech->scheme) {
	case CA_SCHEME_PKCS1:
		return check_pkcs1(op, value, sig);
	case CA_SCHEME_RAW:
		if (value.n > sig.n)
			return CA_E_DATA_LEN;
		return ca_verify_raw(spki, value, sig);
	case CA_SCHEME_PSS:
		if (value.n != ca_hash_len(op->pss.hash))
			return CA_E_DATA_LEN;
		return ca_verify_pss(spki, &op->pss, value, sig);
	case CA_SCHEME_ECDSA:
		return ca_verify_ecdsa(spki, value, sig);
	case CA_SCHEME_EDDSA:
		return ca_verify_eddsa(spki, value, sig);
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
	return CA_E_BUG;
}

CK_RV
ca_verify_check(struct ca_session *ss, struct ca_op *op, struct ca_rd sig)
{
	uint8_t hash[CA_HASH_LEN_MAX];
	struct ca_wr w = ca_wr_of(hash, sizeof(hash));
	struct ca_rd value;
	ca_err e;

	if (op->mac != NULL)
		return ca_mac_check(ss, op, sig);
	if (sig.n != ca_sign_length(op))
		return CKR_SIGNATURE_LEN_RANGE;
	e = ca_op_value(op, &w, &value);
	if (e == CA_OK)
		e = check(op, value, sig);
	return ca_rv(e, CA_CALL_VERIFY);
}

CK_RV
ca_verify_feed(struct ca_op *op, const CK_BYTE *in, CK_ULONG in_len)
{
	if (in == NULL && in_len != 0)
		return CKR_ARGUMENTS_BAD;
	return ca_rv(ca_op_feed(op, ca_rd_of(in, in_len), CA_BUF_MAX),
	    CA_CALL_VERIFY);
}

CK_RV
ca_verify(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    const CK_BYTE *sig, CK_ULONG sig_len)
{
	struct ca_op *op = &ss->op[CA_OP_VERIFY];
	CK_RV rv = ca_op_stage(op, CA_STAGE_ONCE);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && sig == NULL)
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv = ca_verify_feed(op, in, in_len);
	if (rv == CKR_OK)
		rv = ca_verify_check(ss, op, ca_rd_of(sig, sig_len));
	ca_op_end(op);
	return rv;
}

CK_RV
ca_verify_update(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len)
{
	struct ca_op *op = &ss->op[CA_OP_VERIFY];
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK)
		rv = ca_verify_feed(op, in, in_len);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

CK_RV
ca_verify_final(struct ca_session *ss, const CK_BYTE *sig, CK_ULONG sig_len)
{
	struct ca_op *op = &ss->op[CA_OP_VERIFY];
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && sig == NULL)
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK)
		rv = ca_verify_check(ss, op, ca_rd_of(sig, sig_len));
	ca_op_end(op);
	return rv;
}
