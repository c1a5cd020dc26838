#include "module/core/op_cipher.h"

#include <stddef.h>
#include <string.h>

#include "module/core/mech.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "pcsc/base/locked.h"

static enum ca_call
call_of(const struct ca_op *op)
{
	return op->cipher_params.encrypt ? CA_CALL_ENCRYPT : CA_CALL_DECRYPT;
}

CK_RV
ca_cipher_begin(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key,
    bool encrypt, CK_ATTRIBUTE_TYPE may)
{
	const struct ca_sobject *x;
	ca_err e;
	CK_RV rv = ca_skey_begin(ss, op, key,
	    op->cipher_params.des3 ? CKK_DES3 : CKK_AES, may, &x);

	if (rv != CKR_OK)
		return rv;
	op->cipher_params.encrypt = encrypt;
	e = ca_cipher_new(&op->cipher_params, ca_attrs_value(&x->a, CKA_VALUE),
	    &op->cipher);
	op->cipher_params.iv = op->cipher_params.aad = ca_rd_of(NULL, 0);
	return ca_rv(e, call_of(op));
}

/* Where a result is made: input and output of the application may be the same
 * memory, and what does not fit in the end must not be written. */
struct scratch {
	uint8_t *p;
	size_t cap, n;
};

static bool
scratch_new(struct scratch *s, size_t n)
{
	memset(s, 0, sizeof(*s));
	if (n > SIZE_MAX - 2 * CA_AES_BLOCK)
		return false;
	s->cap = n + 2 * CA_AES_BLOCK;
	s->p = ca_locked_new(s->cap);
	return s->p != NULL;
}

static void
scratch_free(struct scratch *s)
{
	ca_locked_free(s->p, s->cap);
}

/* Gives it out: CKR_BUFFER_TOO_SMALL when it does not fit. */
static CK_RV
hand_over(const struct scratch *s, CK_BYTE *out, CK_ULONG *out_len)
{
	bool go;
	size_t n;
	CK_RV rv = ca_out_room(out, out_len, s->n, &go);

	if (rv != CKR_OK || !go)
		return rv;
	if (!ca_rd_copy(ca_rd_of(s->p, s->n), out, *out_len, &n))
		return CKR_GENERAL_ERROR;
	*out_len = s->n;
	return CKR_OK;
}

size_t
ca_cipher_once_size(const struct ca_op *op, size_t n)
{
	const struct ca_cipher_params *p = &op->cipher_params;
	size_t block = ca_cipher_block(p);

	if (p->mode == CA_CIPHER_CBC_PAD && p->encrypt)
		return n / block * block + block;
	if (p->mode == CA_CIPHER_GCM || p->mode == CA_CIPHER_CCM)
		return p->encrypt ? n + p->tag : n > p->tag ? n - p->tag : 0;
	return n;
}

static ca_err
whole(struct ca_op *op, struct ca_rd in, struct scratch *s)
{
	size_t last = 0;
	ca_err e = ca_cipher_restart(op->cipher);

	if (e == CA_OK)
		e = ca_cipher_update(op->cipher, in, s->p, &s->n);
	if (e == CA_OK)
		e = ca_cipher_final(op->cipher, s->p + s->n, &last);
	s->n += last;
	return e;
}

static CK_RV
once(struct ca_session *ss, struct ca_op *op, struct ca_rd in, CK_BYTE *out,
    CK_ULONG *out_len)
{
	bool encrypt = op->cipher_params.encrypt;
	struct scratch s;
	CK_RV rv;

	/* Padding and tag still fit into a size_t. */
	if (in.n > SIZE_MAX - 4 * (size_t)CA_AES_BLOCK)
		return encrypt ? CKR_DATA_LEN_RANGE
			       : CKR_ENCRYPTED_DATA_LEN_RANGE;
	rv = ca_skey_alive(ss->slot, op);
	if (rv != CKR_OK)
		return rv;
	if (out == NULL) {
		*out_len = ca_cipher_once_size(op, in.n);
		return CKR_OK;
	}
	if (!scratch_new(&s, ca_cipher_once_size(op, in.n)))
		return CKR_HOST_MEMORY;
	rv = ca_rv(whole(op, in, &s), call_of(op));
	if (rv == CKR_OK)
		rv = hand_over(&s, out, out_len);
	scratch_free(&s);
	return rv;
}

CK_RV
ca_cipher_once(struct ca_session *ss, struct ca_op *op, struct ca_rd in,
    CK_BYTE *out, CK_ULONG *out_len)
{
	return ca_op_result(op, once(ss, op, in, out, out_len), out);
}

static CK_RV
part(struct ca_session *ss, struct ca_op *op, struct ca_rd in, CK_BYTE *out,
    CK_ULONG *out_len)
{
	size_t need = ca_cipher_update_size(op->cipher, in.n);
	struct scratch s;
	bool go;
	CK_RV rv;

	/* The end was made and waits for room: nothing can come after it. */
	if (op->end != NULL)
		return CKR_OPERATION_ACTIVE;
	rv = ca_skey_alive(ss->slot, op);
	/* Nothing is taken in before there is room for what comes out. */
	if (rv == CKR_OK)
		rv = ca_out_room(out, out_len, need, &go);
	if (rv != CKR_OK || !go)
		return rv;
	if (!scratch_new(&s, need))
		return CKR_HOST_MEMORY;
	rv = ca_rv(ca_cipher_update(op->cipher, in, s.p, &s.n), call_of(op));
	if (rv == CKR_OK)
		rv = hand_over(&s, out, out_len);
	scratch_free(&s);
	return rv;
}

CK_RV
ca_cipher_part(struct ca_session *ss, struct ca_op *op, struct ca_rd in,
    CK_BYTE *out, CK_ULONG *out_len)
{
	CK_RV rv = part(ss, op, in, out, out_len);

	if (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL)
		ca_op_end(op);
	return rv;
}

/* The end is made once; it waits in op->out for room. */
static CK_RV
make_end(struct ca_op *op)
{
	struct scratch s;
	CK_RV rv;

	if (!scratch_new(&s, ca_cipher_final_size(op->cipher)))
		return CKR_HOST_MEMORY;
	rv = ca_rv(ca_cipher_final(op->cipher, s.p, &s.n), call_of(op));
	if (rv == CKR_OK) {
		op->end = s.p;
		op->end_cap = s.cap;
		op->end_n = s.n;
		return CKR_OK;
	}
	scratch_free(&s);
	return rv;
}

static CK_RV
end(struct ca_session *ss, struct ca_op *op, CK_BYTE *out, CK_ULONG *out_len)
{
	struct scratch s;
	CK_RV rv = ca_skey_alive(ss->slot, op);

	if (rv != CKR_OK)
		return rv;
	if (out == NULL && op->end == NULL) {
		*out_len = ca_cipher_final_size(op->cipher);
		return CKR_OK;
	}
	if (op->end == NULL)
		rv = make_end(op);
	if (rv != CKR_OK)
		return rv;
	s = (struct scratch){op->end, op->end_cap, op->end_n};
	return hand_over(&s, out, out_len);
}

CK_RV
ca_cipher_end(struct ca_session *ss, struct ca_op *op, CK_BYTE *out,
    CK_ULONG *out_len)
{
	return ca_op_result(op, end(ss, op, out, out_len), out);
}
