/* What came out of an operation. */
#include <string.h>

#include <openssl/rsa.h>

#include "tests/conformance/op.h"

static bool
result_good(struct cf *c, const struct cf_op *op)
{
	uint8_t md[EVP_MAX_MD_SIZE];
	struct cf_sig how;

	switch (op->kind) {
	case CF_DIGEST:
		return cf_ossl_digest(op->need == 32 ? "SHA256" : "SHA1",
			   op->done, op->done_n, md) == op->out_n &&
		       memcmp(md, op->out, op->out_n) == 0;
	case CF_SIGN:
		cf_mech_sign_how(op->mech.mechanism, &how);
		return cf_ossl_verify(c->key.pkey, &how, op->done, op->done_n,
		    op->out, op->out_n);
	case CF_SIGN_RECOVER:
		how = (struct cf_sig){NULL, RSA_PKCS1_PADDING, NULL, 0};
		return cf_ossl_verify(c->key.pkey, &how, op->done, op->done_n,
		    op->out, op->out_n);
	case CF_VERIFY_RECOVER:
	case CF_DECRYPT:
		return op->out_n == op->sig_n &&
		       memcmp(op->out, op->sig, op->sig_n) == 0;
	default:
		return true;
	}
}

CK_RV
cf_op_check(struct cf *c, const struct cf_op *op, bool length, bool buffer,
    CK_RV rv)
{
	if (op->kind == CF_VERIFY || op->kind == CF_VERIFY_GIVEN || !length)
		return rv;
	if (rv == CKR_BUFFER_TOO_SMALL || (rv == CKR_OK && !buffer)) {
		if (op->out_n < op->need || op->out_n > CF_OP_OUT)
			return cf_note(c, CF_WRONG, "length %lu, needs %zu",
			    op->out_n, op->need);
		for (size_t i = 0; i < sizeof(op->out); i++)
			if (op->out[i] != CF_OP_PATTERN)
				return cf_note(c, CF_WRONG, "wrote byte %zu",
				    i);
		return rv;
	}
	if (rv != CKR_OK)
		return rv;
	if (op->out_n != op->need)
		return cf_note(c, CF_WRONG, "%lu bytes, not %zu", op->out_n,
		    op->need);
	if (!result_good(c, op))
		return cf_note(c, CF_WRONG, "the result is wrong");
	return rv;
}
