#include "module/core/op_cipher.h"

#include <stddef.h>
#include <string.h>

#include "module/core/mech.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "pcsc/base/locked.h"

/* Of OpenSSL: no more can be set. */
#define GCM_IV_MAX 128

static enum ca_call
call_of(const struct ca_op *op)
{
	return op->cipher_params.encrypt ? CA_CALL_ENCRYPT : CA_CALL_DECRYPT;
}

static CK_RV
read_iv(struct ca_cipher_params *p, const CK_MECHANISM *given)
{
	size_t block = ca_cipher_block(p);

	if (given->pParameter == NULL || given->ulParameterLen != block)
		return CKR_MECHANISM_PARAM_INVALID;
	p->iv = ca_rd_of(given->pParameter, block);
	return CKR_OK;
}

static CK_RV
read_ctr(struct ca_cipher_params *p, const CK_MECHANISM *given)
{
	CK_AES_CTR_PARAMS ctr;
	struct ca_rd iv;

	if (given->pParameter == NULL || given->ulParameterLen != sizeof(ctr))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&ctr, given->pParameter, sizeof(ctr));
	iv = ca_rd_of(given->pParameter, sizeof(ctr));
	if (ctr.counter_bits == 0 || ctr.counter_bits > 128 ||
	    !ca_rd_skip(&iv, offsetof(CK_AES_CTR_PARAMS, cb)) ||
	    !ca_rd_take(&iv, sizeof(ctr.cb), &p->iv))
		return CKR_MECHANISM_PARAM_INVALID;
	p->count_bits = (unsigned)ctr.counter_bits;
	return CKR_OK;
}

/* Tags of SP 800-38D, 5.2.1.2. */
static bool
is_tag(CK_ULONG bits)
{
	return bits == 32 || bits == 64 ||
	       (bits >= 96 && bits <= 128 && bits % 8 == 0);
}

CK_RV
ca_cipher_read_gcm(struct ca_cipher_params *p, const CK_MECHANISM *given)
{
	CK_GCM_PARAMS gcm;

	if (given->pParameter == NULL || given->ulParameterLen != sizeof(gcm))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&gcm, given->pParameter, sizeof(gcm));
	if (gcm.iv_ptr == NULL || gcm.iv_len == 0 || gcm.iv_len > GCM_IV_MAX ||
	    (gcm.aad_ptr == NULL && gcm.aad_len != 0) ||
	    gcm.aad_len > CA_BUF_MAX || !is_tag(gcm.tag_bits))
		return CKR_MECHANISM_PARAM_INVALID;
	p->iv = ca_rd_of(gcm.iv_ptr, gcm.iv_len);
	p->aad = ca_rd_of(gcm.aad_ptr, gcm.aad_len);
	p->tag = gcm.tag_bits / 8;
	return CKR_OK;
}

/* SP 800-38C, A.1: what is left of a block beside the nonce counts the bytes of
 * the message. */
static CK_RV
read_ccm(struct ca_cipher_params *p, const CK_MECHANISM *given)
{
	CK_CCM_PARAMS ccm;
	size_t length_n;

	if (given->pParameter == NULL || given->ulParameterLen != sizeof(ccm))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&ccm, given->pParameter, sizeof(ccm));
	if (ccm.pNonce == NULL || ccm.ulNonceLen < 7 || ccm.ulNonceLen > 13 ||
	    (ccm.pAAD == NULL && ccm.ulAADLen != 0) ||
	    ccm.ulAADLen > CA_BUF_MAX || ccm.ulMACLen < 4 ||
	    ccm.ulMACLen > 16 || ccm.ulMACLen % 2 != 0)
		return CKR_MECHANISM_PARAM_INVALID;
	length_n = 15 - ccm.ulNonceLen;
	if (ccm.ulDataLen > CA_CIPHER_KEPT_MAX ||
	    (length_n < 4 && ccm.ulDataLen >> 8 * length_n != 0))
		return CKR_MECHANISM_PARAM_INVALID;
	p->iv = ca_rd_of(ccm.pNonce, ccm.ulNonceLen);
	p->aad = ca_rd_of(ccm.pAAD, ccm.ulAADLen);
	p->tag = ccm.ulMACLen;
	p->total = ccm.ulDataLen;
	return CKR_OK;
}

CK_RV
ca_cipher_read(struct ca_op *op, const CK_MECHANISM *given)
{
	struct ca_cipher_params *p = &op->cipher_params;

	p->mode = (enum ca_cipher)op->mech->detail;
	p->des3 = op->mech->keys == CA_KEYS_DES3;
	switch (p->mode) {
	case CA_CIPHER_ECB:
		return given->ulParameterLen == 0 ? CKR_OK
						  : CKR_MECHANISM_PARAM_INVALID;
	case CA_CIPHER_CBC:
	case CA_CIPHER_CBC_PAD:
		return read_iv(p, given);
	case CA_CIPHER_CTR:
		return read_ctr(p, given);
	case CA_CIPHER_GCM:
		return ca_cipher_read_gcm(p, given);
	case CA_CIPHER_CCM:
		return read_ccm(p, given);
	}
	return CKR_MECHANISM_INVALID;
}

CK_RV
ca_cipher_begin(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key,
    bool encrypt)
{
	const struct ca_sobject *x;
	ca_err e;
	CK_RV rv = ca_skey_begin(ss, op, key,
	    op->cipher_params.des3 ? CKK_DES3 : CKK_AES,
	    encrypt ? CKA_ENCRYPT : CKA_DECRYPT, &x);

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

/* The longest result of a whole message of n bytes. */
static size_t
once_size(const struct ca_op *op, size_t n)
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
		*out_len = once_size(op, in.n);
		return CKR_OK;
	}
	if (!scratch_new(&s, once_size(op, in.n)))
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
