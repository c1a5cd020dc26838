/*
 * C_DigestEncryptUpdate and its kin: one part goes through two running
 * operations (2.40, 5.13).
 */
#include "module/core/op.h"
#include "module/core/session.h"

/* C_DigestUpdate and the like. */
typedef CK_RV (*feed_fn)(struct ca_session *ss, const CK_BYTE *in, CK_ULONG n);

struct pair {
	struct ca_op *cipher, *other;
	feed_fn feed; /* of the other */
};

static void
end_both(const struct pair *p)
{
	ca_op_end(p->cipher);
	ca_op_end(p->other);
}

/* Both are there and work in parts. One that is missing leaves the other as it
 * is; any other error ends both, as it ends each where it is alone. */
static CK_RV
start(const struct pair *p)
{
	CK_RV rv;

	if (p->cipher->mech == NULL || p->other->mech == NULL)
		return CKR_OPERATION_NOT_INITIALIZED;
	rv = ca_op_stage(p->cipher, CA_STAGE_PARTS);
	if (rv == CKR_OK)
		rv = ca_op_stage(p->other, CA_STAGE_PARTS);
	if (rv != CKR_OK)
		end_both(p);
	return rv;
}

static CK_RV
finish(const struct pair *p, CK_RV rv)
{
	if (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL)
		end_both(p);
	return rv;
}

/* The other operation sees the part before the cipher does, because it may be
 * overwritten, but not before there is room for all that comes out. */
static CK_RV
encrypt(struct ca_session *ss, const struct pair *p, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len)
{
	CK_ULONG need = 0;
	bool go;
	CK_RV rv = start(p);

	if (rv != CKR_OK)
		return rv;
	if (out_len == NULL)
		return finish(p, CKR_ARGUMENTS_BAD);
	rv = ca_encrypt_update(ss, in, in_len, NULL, &need);
	if (rv == CKR_OK)
		rv = ca_out_room(out, out_len, need, &go);
	if (rv == CKR_OK && go)
		rv = p->feed(ss, in, in_len);
	if (rv == CKR_OK && go)
		rv = ca_encrypt_update(ss, in, in_len, out, out_len);
	return finish(p, rv);
}

static CK_RV
decrypt(struct ca_session *ss, const struct pair *p, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len)
{
	CK_RV rv = start(p);

	if (rv != CKR_OK)
		return rv;
	rv = ca_decrypt_update(ss, in, in_len, out, out_len);
	if (rv == CKR_OK && out != NULL)
		rv = p->feed(ss, out, *out_len);
	return finish(p, rv);
}

CK_RV
ca_digest_encrypt_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len)
{
	const struct pair p = {
	    &ss->op[CA_OP_ENCRYPT], &ss->op[CA_OP_DIGEST], ca_digest_update};

	return encrypt(ss, &p, in, in_len, out, out_len);
}

CK_RV
ca_sign_encrypt_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len)
{
	const struct pair p = {
	    &ss->op[CA_OP_ENCRYPT], &ss->op[CA_OP_SIGN], ca_sign_update};

	return encrypt(ss, &p, in, in_len, out, out_len);
}

CK_RV
ca_decrypt_digest_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len)
{
	const struct pair p = {
	    &ss->op[CA_OP_DECRYPT], &ss->op[CA_OP_DIGEST], ca_digest_update};

	return decrypt(ss, &p, in, in_len, out, out_len);
}

CK_RV
ca_decrypt_verify_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len)
{
	const struct pair p = {
	    &ss->op[CA_OP_DECRYPT], &ss->op[CA_OP_VERIFY], ca_verify_update};

	return decrypt(ss, &p, in, in_len, out, out_len);
}
