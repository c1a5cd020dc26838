/*
 * C_Decrypt and its kin: a cipher as its data come (op_cipher.h), RSA at the
 * end, when the cryptogram is whole.
 */
#include "module/core/op_decrypt.h"

#include "module/core/mech.h"
#include "module/core/op_cipher.h"
#include "module/core/session.h"

CK_RV
ca_decrypt_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	struct ca_op *op = &ss->op[CA_OP_DECRYPT];
	bool cancelled;
	CK_RV rv =
	    ca_op_begin(ss, CA_OP_DECRYPT, mech, CKF_DECRYPT, &cancelled);

	if (rv != CKR_OK || cancelled)
		return rv;
	if (ca_mech_is_secret(op->mech))
		rv = ca_cipher_begin(ss, op, key, false, CKA_DECRYPT);
	else
		rv = ca_decrypt_rsa_begin(ss, op, key, CA_USE_DECRYPT);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

/*
 * Gives the plaintext out, once everything is collected. The card works once:
 * when the buffer proves too small for what came out, the plaintext waits in
 * op->out for the next call.
 */
static CK_RV
finish(struct ca_session *ss, struct ca_op *op, CK_BYTE *out, CK_ULONG *out_len)
{
	bool go;
	size_t n = 0;
	CK_RV rv;

	if (!op->made) {
		if (out == NULL) {
			*out_len = ca_decrypt_rsa_max(op);
			return CKR_OK;
		}
		rv = ca_decrypt_rsa(ss, op);
		if (rv != CKR_OK)
			return rv;
		op->made = true;
	}
	rv = ca_out_room(out, out_len, op->out.n, &go);
	if (rv != CKR_OK || !go)
		return rv;
	if (!ca_rd_copy(ca_buf_rd(&op->out), out, *out_len, &n))
		return CKR_GENERAL_ERROR;
	*out_len = n;
	return CKR_OK;
}

/* The input of C_Decrypt; the same again after CKR_BUFFER_TOO_SMALL. */
static CK_RV
take_once(struct ca_op *op, struct ca_rd in)
{
	if (op->made && !ca_rd_equal(in, ca_buf_rd(&op->in)))
		op->made = false; /* another cryptogram: the card works again */
	if (in.n > CA_RSA_BYTES_MAX)
		return CKR_ENCRYPTED_DATA_LEN_RANGE;
	return ca_rv(ca_buf_set(&op->in, in), CA_CALL_DECRYPT);
}

CK_RV
ca_decrypt(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_op *op = &ss->op[CA_OP_DECRYPT];
	CK_RV rv = ca_op_stage(op, CA_STAGE_ONCE);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && (out_len == NULL || (in == NULL && in_len != 0)))
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && op->cipher != NULL)
		return ca_cipher_once(ss, op, ca_rd_of(in, in_len), out,
		    out_len);
	if (rv == CKR_OK)
		rv = take_once(op, ca_rd_of(in, in_len));
	if (rv == CKR_OK)
		rv = finish(ss, op, out, out_len);
	return ca_op_result(op, rv, out);
}

CK_RV
ca_decrypt_update(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_op *op = &ss->op[CA_OP_DECRYPT];
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && (out_len == NULL || (in == NULL && in_len != 0)))
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && op->cipher != NULL)
		return ca_cipher_part(ss, op, ca_rd_of(in, in_len), out,
		    out_len);
	if (rv == CKR_OK && out != NULL) /* else only the length is asked */
		rv =
		    ca_rv(ca_op_feed(op, ca_rd_of(in, in_len), ca_op_bytes(op)),
			CA_CALL_DECRYPT);
	if (rv != CKR_OK)
		ca_op_end(op);
	else
		*out_len = 0; /* all comes with C_DecryptFinal */
	return rv;
}

CK_RV
ca_decrypt_final(struct ca_session *ss, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_op *op = &ss->op[CA_OP_DECRYPT];
	CK_RV rv = ca_op_stage(op, CA_STAGE_PARTS);

	if (rv == CKR_OPERATION_NOT_INITIALIZED)
		return rv;
	if (rv == CKR_OK && out_len == NULL)
		rv = CKR_ARGUMENTS_BAD;
	if (rv == CKR_OK && op->cipher != NULL)
		return ca_cipher_end(ss, op, out, out_len);
	if (rv == CKR_OK)
		rv = finish(ss, op, out, out_len);
	return ca_op_result(op, rv, out);
}
