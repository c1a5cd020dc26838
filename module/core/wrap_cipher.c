#include "module/core/wrap_cipher.h"

#include <string.h>

#include "module/core/key.h"
#include "module/core/mech.h"
#include "module/core/op_cipher.h"
#include "module/core/op_decrypt.h"
#include "module/core/op_encrypt.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/crypto/wrap.h"

#define SEMI 8 /* bytes of a semiblock of AES key wrap */

static enum ca_keywrap
kind_of(const struct ca_op *op)
{
	return (enum ca_keywrap)op->mech->detail;
}

static bool
is_rsa(const struct ca_op *op)
{
	return op->mech->keys == CA_KEYS_RSA;
}

CK_RV
ca_wrap_read(struct ca_op *op, const CK_MECHANISM *given)
{
	struct ca_rd iv = ca_rd_of(given->pParameter, given->ulParameterLen);

	/* A length without a pointer, or the reverse, is a mistake. */
	if (iv.n != given->ulParameterLen ||
	    (iv.n != 0 && iv.n != ca_keywrap_iv(kind_of(op))))
		return CKR_MECHANISM_PARAM_INVALID;
	op->cipher_params.iv = iv;
	return CKR_OK;
}

/* What a call about keys and data says, as one about keys under keys says it:
 * the wrapping key is not the key, and the data are one. */
static CK_RV
translate(CK_RV rv, bool wrap)
{
	static const struct {
		CK_RV from, wrap, unwrap;
	} rows[] = {
	    {CKR_KEY_HANDLE_INVALID, CKR_WRAPPING_KEY_HANDLE_INVALID,
		CKR_UNWRAPPING_KEY_HANDLE_INVALID},
	    {CKR_KEY_TYPE_INCONSISTENT, CKR_WRAPPING_KEY_TYPE_INCONSISTENT,
		CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT},
	    {CKR_KEY_SIZE_RANGE, CKR_WRAPPING_KEY_SIZE_RANGE,
		CKR_UNWRAPPING_KEY_SIZE_RANGE},
	    {CKR_DATA_LEN_RANGE, CKR_KEY_SIZE_RANGE, CKR_FUNCTION_FAILED},
	    {CKR_DATA_INVALID, CKR_KEY_NOT_WRAPPABLE, CKR_FUNCTION_FAILED},
	    {CKR_ENCRYPTED_DATA_LEN_RANGE, CKR_FUNCTION_FAILED,
		CKR_WRAPPED_KEY_LEN_RANGE},
	    {CKR_ENCRYPTED_DATA_INVALID, CKR_FUNCTION_FAILED,
		CKR_WRAPPED_KEY_INVALID},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (rows[i].from == rv)
			return wrap ? rows[i].wrap : rows[i].unwrap;
	return rv;
}

CK_RV
ca_wrap_begin_decapsulate(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE key)
{
	return translate(ca_decrypt_rsa_begin(ss, op, key, CA_USE_DECAPSULATE),
	    false);
}

static CK_RV
begin_rsa(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key,
    bool wrap)
{
	CK_RV rv;

	if (wrap)
		return ca_encrypt_rsa_begin(ss, op, key, CA_USE_WRAP);
	rv = ca_decrypt_rsa_begin(ss, op, key, CA_USE_DECRYPT | CA_USE_UNWRAP);
	return rv == CKR_OK && op->consent ? CKR_KEY_FUNCTION_NOT_PERMITTED
					   : rv;
}

CK_RV
ca_wrap_begin(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key,
    bool wrap)
{
	CK_ATTRIBUTE_TYPE may = wrap ? CKA_WRAP : CKA_UNWRAP;
	const struct ca_sobject *x;
	CK_RV rv;

	if (is_rsa(op))
		rv = begin_rsa(ss, op, key, wrap);
	else if (op->mech->scheme == CA_SCHEME_CIPHER)
		rv = ca_cipher_begin(ss, op, key, wrap, may);
	else
		rv = ca_skey_begin(ss, op, key, CKK_AES, may, &x);
	return translate(rv, wrap);
}

size_t
ca_wrap_zeros_max(const struct ca_op *op)
{
	if (op->mech->scheme == CA_SCHEME_KEYWRAP)
		return kind_of(op) == CA_KEYWRAP_KW ? SEMI - 1 : 0;
	if (op->mech->scheme == CA_SCHEME_CIPHER &&
	    (op->cipher_params.mode == CA_CIPHER_ECB ||
		op->cipher_params.mode == CA_CIPHER_CBC))
		return ca_cipher_block(&op->cipher_params) - 1;
	return 0;
}

size_t
ca_wrap_zeros(const struct ca_op *op, size_t n)
{
	size_t unit = ca_wrap_zeros_max(op) + 1;

	return (unit - n % unit) % unit;
}

CK_RV
ca_wrap_size(const struct ca_op *op, size_t n, size_t *out)
{
	size_t all = n + ca_wrap_zeros(op, n);

	if (is_rsa(op))
		*out = n <= ca_encrypt_rsa_max(op) ? ca_op_bytes(op) : 0;
	else if (op->mech->scheme == CA_SCHEME_CIPHER)
		*out = ca_cipher_once_size(op, all);
	else
		*out = ca_keywrap_size(kind_of(op), all);
	return *out != 0 && all <= CA_WRAP_MAX ? CKR_OK : CKR_KEY_SIZE_RANGE;
}

/* The bytes of the AES key of an operation that lasts for this call. */
static struct ca_rd
kek_of(const struct ca_session *ss, const struct ca_op *op)
{
	const struct ca_sobject *x = ca_sobject_get(ss->slot, op->key);

	return x != NULL ? ca_attrs_value(&x->a, CKA_VALUE) : ca_rd_of(NULL, 0);
}

/* CCM wants to know the length before, and a caller cannot: it is that of the
 * key (PKCS#11 3.2, 6.13.5). */
static void
expect(struct ca_op *op, size_t n)
{
	const struct ca_cipher_params *p = &op->cipher_params;
	size_t tag = p->encrypt ? 0 : p->tag;

	ca_cipher_expect(op->cipher, n > tag ? n - tag : 0);
}

/* One message through op's cipher. */
static CK_RV
by_cipher(struct ca_session *ss, struct ca_op *op, struct ca_rd in,
    struct ca_wr *out)
{
	CK_ULONG n = out->cap - out->n;
	uint8_t *at = out->p + out->n;
	CK_RV rv;

	expect(op, in.n);
	rv = ca_cipher_once(ss, op, in, at, &n);
	if (rv == CKR_OK)
		out->n += n;
	return rv;
}

CK_RV
ca_wrap_lock(struct ca_session *ss, struct ca_op *op, struct ca_rd in,
    struct ca_wr *out)
{
	CK_RV rv;

	if (is_rsa(op))
		rv = ca_encrypt_rsa(op, in, out);
	else if (op->mech->scheme == CA_SCHEME_CIPHER)
		rv = by_cipher(ss, op, in, out);
	else
		rv = ca_rv(ca_keywrap(kind_of(op), kek_of(ss, op),
			       op->cipher_params.iv, in, out),
		    CA_CALL_ENCRYPT);
	return translate(rv, true);
}

static CK_RV
by_rsa(struct ca_session *ss, struct ca_op *op, struct ca_rd in,
    struct ca_wr *out)
{
	CK_RV rv = in.n > CA_RSA_BYTES_MAX
		       ? CKR_ENCRYPTED_DATA_LEN_RANGE
		       : ca_rv(ca_buf_set(&op->in, in), CA_CALL_DECRYPT);

	if (rv == CKR_OK)
		rv = ca_decrypt_rsa(ss, op);
	if (rv == CKR_OK)
		ca_wr_bytes(out, ca_buf_rd(&op->out));
	return rv;
}

CK_RV
ca_wrap_unlock(struct ca_session *ss, struct ca_op *op, struct ca_rd in,
    struct ca_wr *out)
{
	CK_RV rv;

	if (in.n > CA_WRAP_MAX)
		return CKR_WRAPPED_KEY_LEN_RANGE;
	if (is_rsa(op))
		rv = by_rsa(ss, op, in, out);
	else if (op->mech->scheme == CA_SCHEME_CIPHER)
		rv = by_cipher(ss, op, in, out);
	else
		rv = ca_rv(ca_keyunwrap(kind_of(op), kek_of(ss, op),
			       op->cipher_params.iv, in, out),
		    CA_CALL_DECRYPT);
	return translate(rv, false);
}

bool
ca_wrap_is_whole(const struct ca_op *op)
{
	return op->mech->scheme == CA_SCHEME_KEYWRAP ||
	       (op->mech->scheme == CA_SCHEME_CIPHER &&
		   op->cipher_params.tag != 0);
}
