/* C_Encrypt and its kin, all on the host: RSA with public keys of the token and
 * of the session, ciphers with secret keys (op_cipher.h). */
#include "module/core/op_encrypt.h"

#include "module/core/key.h"
#include "module/core/mech.h"
#include "module/core/op_cipher.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/crypto/pubkey.h"
#include "pcsc/base/secret.h"

/* True when OAEP with this hash leaves room in the modulus at all. */
static bool
oaep_fits(const struct ca_op *op)
{
	return ca_op_bytes(op) >= 2 * ca_hash_len(op->oaep.hash) + 2;
}

CK_RV
ca_encrypt_rsa_begin(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE key, uint32_t usage)
{
	CK_RV rv = ca_key_begin_public(ss, op, key, usage);

	if (rv == CKR_OK && op->mech->scheme == CA_SCHEME_OAEP &&
	    !oaep_fits(op))
		return CKR_MECHANISM_PARAM_INVALID;
	return rv;
}

size_t
ca_encrypt_rsa_max(const struct ca_op *op)
{
	size_t k = ca_op_bytes(op);
	size_t less = op->mech->scheme == CA_SCHEME_OAEP
			  ? 2 * ca_hash_len(op->oaep.hash) + 2
		      : op->mech->scheme == CA_SCHEME_PKCS1 ? 11
							    : 0;

	return k > less ? k - less : 0;
}

CK_RV
ca_encrypt_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	struct ca_op *op = &ss->op[CA_OP_ENCRYPT];
	bool cancelled;
	CK_RV rv =
	    ca_op_begin(ss, CA_OP_ENCRYPT, mech, CKF_ENCRYPT, &cancelled);

	if (rv != CKR_OK || cancelled)
		return rv;
	rv = ca_mech_is_secret(op->mech)
		 ? ca_cipher_begin(ss, op, key, true, CKA_ENCRYPT)
		 : ca_encrypt_rsa_begin(ss, op, key, CA_USE_ENCRYPT);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

/* CKM_RSA_X_509: data shorter than the modulus is a number all the same. */
static ca_err
encrypt_number(const struct ca_op *op, struct ca_rd in, struct ca_wr *out)
{
	uint8_t block[CA_RSA_BYTES_MAX];
	struct ca_wr w = ca_wr_of(block, sizeof(block));
	ca_err e = CA_E_DATA_LEN;

	if (in.n <= ca_op_bytes(op)) {
		ca_wr_fill(&w, 0, ca_op_bytes(op) - in.n);
		ca_wr_bytes(&w, in);
		e = ca_encrypt_raw(ca_buf_rd(&op->spki), ca_wr_rd(&w), out);
	}
	ca_wipe(block, sizeof(block));
	return e;
}

static ca_err
encrypt_block(const struct ca_op *op, struct ca_wr *out)
{
	struct ca_rd spki = ca_buf_rd(&op->spki);
	struct ca_rd in = ca_buf_rd(&op->in);

	switch (op->mech->scheme) {
	case CA_SCHEME_PKCS1:
		return ca_encrypt_pkcs1(spki, in, out);
	case CA_SCHEME_OAEP:
		return ca_encrypt_oaep(spki, &op->oaep, in, out);
	case CA_SCHEME_RAW:
		return encrypt_number(op, in, out);
	case CA_SCHEME_PSS:
	case CA_SCHEME_ECDSA:
	case CA_SCHEME_EDDSA:
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
ca_encrypt_rsa(struct ca_op *op, struct ca_rd in, struct ca_wr *out)
{
	ca_err e = ca_buf_set(&op->in, in);

	return ca_rv(e == CA_OK ? encrypt_block(op, out) : e, CA_CALL_ENCRYPT);
}

/* Everything is collected; there is room for a modulus in `out`. */
static CK_RV
finish(const struct ca_op *op, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_wr w = ca_wr_of(out, *out_len);
	ca_err e = encrypt_block(op, &w);

	if (e == CA_OK)
		*out_len = ca_wr_rd(&w).n;
	return ca_rv(e, CA_CALL_ENCRYPT);
}

static CK_RV
feed(struct ca_op *op, const CK_BYTE *in, CK_ULONG in_len)
{
	return ca_rv(ca_op_feed(op, ca_rd_of(in, in_len), ca_op_bytes(op)),
	    CA_CALL_ENCRYPT);
}

CK_RV
ca_encrypt(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_op *op = &ss->op[CA_OP_ENCRYPT];
	bool go = false;
	CK_RV rv = ca_op_stage(op, CA_STAGE_ONCE);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && (out_len == NULL || (in == NULL && in_len != 0)))
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && op->cipher != NULL)
		return ca_cipher_once(ss, op, ca_rd_of(in, in_len), out,
		    out_len);
	if (rv == CKR_OK)
		rv = ca_out_room(out, out_len, ca_op_bytes(op), &go);
	if (rv == CKR_OK && go)
		rv = feed(op, in, in_len);
	if (rv == CKR_OK && go)
		rv = finish(op, out, out_len);
	return ca_op_result(op, rv, out);
}

CK_RV
ca_encrypt_update(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_op *op = &ss->op[CA_OP_ENCRYPT];
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && (out_len == NULL || (in == NULL && in_len != 0)))
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && op->cipher != NULL)
		return ca_cipher_part(ss, op, ca_rd_of(in, in_len), out,
		    out_len);
	if (rv == CKR_OK && out != NULL) /* else only the length is asked */
		rv = feed(op, in, in_len);
	if (rv != CKR_OK)
		ca_op_end(op);
	else
		*out_len = 0; /* all comes with C_EncryptFinal */
	return rv;
}

CK_RV
ca_encrypt_final(struct ca_session *ss, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_op *op = &ss->op[CA_OP_ENCRYPT];
	bool go = false;
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && out_len == NULL)
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && op->cipher != NULL)
		return ca_cipher_end(ss, op, out, out_len);
	if (rv == CKR_OK)
		rv = ca_out_room(out, out_len, ca_op_bytes(op), &go);
	if (rv == CKR_OK && go)
		rv = finish(op, out, out_len);
	return ca_op_result(op, rv, out);
}
