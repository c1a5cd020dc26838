/* See op_message.h: encrypting and decrypting message by message. */
#include <string.h>

#include "module/core/mech.h"
#include "module/core/op_message.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "pcsc/base/locked.h"
#include "pcsc/base/secret.h"

static bool
encrypts(const struct ca_op *op)
{
	return op->cipher_params.encrypt;
}

static enum ca_call
call_of(const struct ca_op *op)
{
	return encrypts(op) ? CA_CALL_ENCRYPT : CA_CALL_DECRYPT;
}

/* The answer to what the cipher said; a wrong tag has one of its own. */
static CK_RV
answer(const struct ca_op *op, ca_err e)
{
	return e == CA_E_DATA && !encrypts(op) ? CKR_AEAD_DECRYPT_FAILED
					       : ca_rv(e, call_of(op));
}

static enum ca_cipher
mode_of(const struct ca_op *op)
{
	return (enum ca_cipher)op->mech->detail;
}

static CK_RV
init(struct ca_session *ss, enum ca_op_kind kind, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	bool encrypt = kind == CA_OP_MESSAGE_ENCRYPT;
	struct ca_op *op = &ss->op[kind];
	const struct ca_sobject *x;
	CK_RV rv = CKR_OK;

	if (mech == NULL) {
		ca_op_end(op);
		return CKR_OK;
	}
	if (op->mech != NULL)
		return CKR_OPERATION_ACTIVE;
	op->mech = ca_mech_find(ss->slot, mech->mechanism,
	    encrypt ? CKF_MESSAGE_ENCRYPT : CKF_MESSAGE_DECRYPT);
	if (op->mech == NULL)
		return CKR_MECHANISM_INVALID;
	/* Those of the first message may stand here; they count there. */
	if (mech->ulParameterLen != 0 &&
	    (mech->pParameter == NULL ||
		mech->ulParameterLen != ca_message_param_size(mode_of(op))))
		rv = CKR_MECHANISM_PARAM_INVALID;
	if (rv == CKR_OK)
		rv = ca_skey_begin(ss, op, key, CKK_AES,
		    encrypt ? CKA_ENCRYPT : CKA_DECRYPT, &x);
	if (rv != CKR_OK)
		ca_op_end(op);
	return rv;
}

CK_RV
ca_message_encrypt_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	return init(ss, CA_OP_MESSAGE_ENCRYPT, mech, key);
}

CK_RV
ca_message_decrypt_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key)
{
	return init(ss, CA_OP_MESSAGE_DECRYPT, mech, key);
}

/* Whether a message can begin now. */
static CK_RV
check_begin(struct ca_session *ss, const struct ca_op *op, const CK_BYTE *aad,
    CK_ULONG aad_len)
{
	CK_RV rv;

	if (op->mech == NULL)
		return CKR_OPERATION_NOT_INITIALIZED;
	if (op->stage != CA_STAGE_FRESH)
		return CKR_OPERATION_ACTIVE;
	rv = ca_skey_alive(ss->slot, op);
	if (rv == CKR_OK && aad == NULL && aad_len != 0)
		rv = CKR_ARGUMENTS_BAD;
	return rv == CKR_OK && aad_len > CA_BUF_MAX ? CKR_DATA_LEN_RANGE : rv;
}

/* Begins it with this IV, the generator's if it has one; writes that to the
 * parameters. */
static CK_RV
begin(struct ca_session *ss, struct ca_op *op, enum ca_op_kind kind,
    const struct ca_message_params *p, struct ca_rd aad)
{
	struct ca_cipher_params *c = &op->cipher_params;
	const struct ca_sobject *x;
	uint8_t iv[CA_IV_MAX];
	CK_RV rv;

	c->mode = mode_of(op);
	c->encrypt = kind == CA_OP_MESSAGE_ENCRYPT;
	c->tag = p->tag_n;
	c->total = p->total;
	rv = ca_skey_begin(ss, op, op->key, CKK_AES,
	    c->encrypt ? CKA_ENCRYPT : CKA_DECRYPT, &x);
	if (rv != CKR_OK)
		return rv;
	memcpy(iv, p->iv, p->iv_n);
	if (c->encrypt)
		rv = ca_iv_make(&op->iv, p->generator, p->fixed, iv, p->iv_n);
	if (rv != CKR_OK)
		return rv;
	c->iv = ca_rd_of(iv, p->iv_n);
	c->aad = aad;
	rv = ca_rv(ca_cipher_new(c, ca_attrs_value(&x->a, CKA_VALUE),
		       &op->cipher),
	    call_of(op));
	c->iv = c->aad = ca_rd_of(NULL, 0);
	if (rv == CKR_OK && c->encrypt && p->generator != CKG_NO_GENERATE)
		memcpy(p->iv, iv, p->iv_n);
	return rv;
}

/* The cipher's end: the rest of the text, and the tag given or taken. */
static ca_err
end(struct ca_op *op, const struct ca_message_params *p, uint8_t *out,
    size_t *out_n)
{
	size_t some = 0, rest = 0, n = 0;
	struct ca_rd tag;
	ca_err e = CA_OK;

	if (!encrypts(op))
		e = ca_cipher_update(op->cipher, ca_rd_of(p->tag, p->tag_n),
		    out, &some);
	if (e == CA_OK)
		e = ca_cipher_final(op->cipher, out + some, &rest);
	*out_n = some + rest;
	if (e != CA_OK || !encrypts(op))
		return e;
	tag = ca_rd_of(out, *out_n);
	if (!ca_rd_skip(&tag, *out_n - p->tag_n) ||
	    !ca_rd_copy(tag, p->tag, p->tag_n, &n))
		return CA_E_BUG;
	*out_n -= p->tag_n;
	return CA_OK;
}

/* Bytes of text that come out with these. */
static size_t
text_size(const struct ca_op *op, size_t n, bool last)
{
	return last ? op->fed - op->given + n
		    : ca_cipher_update_size(op->cipher, n);
}

/* Feeds a part, for whose result there is room. */
static CK_RV
feed(struct ca_op *op, const struct ca_message_params *p,
    const struct ca_message_text *text, bool last)
{
	size_t cap = text_size(op, text->in_len, last) + 4 * CA_AES_BLOCK;
	uint8_t *made = ca_locked_new(cap);
	size_t n = 0, more = 0, copied = 0;
	ca_err e;
	CK_RV rv;

	if (made == NULL)
		return CKR_HOST_MEMORY;
	e = ca_cipher_update(op->cipher, ca_rd_of(text->in, text->in_len), made,
	    &n);
	if (e == CA_OK && last)
		e = end(op, p, made + n, &more);
	n += more;
	rv = answer(op, e);
	if (rv == CKR_OK &&
	    !ca_rd_copy(ca_rd_of(made, n), text->out, *text->out_len, &copied))
		rv = CKR_GENERAL_ERROR;
	if (rv == CKR_OK)
		*text->out_len = copied;
	op->fed += text->in_len;
	op->given += n;
	ca_locked_free(made, cap);
	return rv;
}

static CK_RV
check_text(const struct ca_message_text *text)
{
	if (text->out_len == NULL || (text->in == NULL && text->in_len != 0))
		return CKR_ARGUMENTS_BAD;
	return text->in_len > CA_CIPHER_KEPT_MAX ? CKR_DATA_LEN_RANGE : CKR_OK;
}

CK_RV
ca_crypt_message(struct ca_session *ss, enum ca_op_kind kind,
    struct ca_message_arg arg, const CK_BYTE *aad, CK_ULONG aad_len,
    const struct ca_message_text *text)
{
	struct ca_op *op = &ss->op[kind];
	struct ca_message_params p;
	bool go = false;
	CK_RV rv = check_begin(ss, op, aad, aad_len);

	if (rv == CKR_OK)
		rv = check_text(text);
	if (rv == CKR_OK)
		rv = ca_message_param_read(mode_of(op), arg, &p);
	if (rv == CKR_OK && p.tag == NULL)
		rv = CKR_MECHANISM_PARAM_INVALID;
	if (rv == CKR_OK)
		rv = ca_out_room(text->out, text->out_len, text->in_len, &go);
	if (rv != CKR_OK || !go)
		return rv;
	rv = begin(ss, op, kind, &p, ca_rd_of(aad, aad_len));
	if (rv == CKR_OK)
		rv = feed(op, &p, text, true);
	ca_op_rewind(op);
	return rv;
}

CK_RV
ca_crypt_message_begin(struct ca_session *ss, enum ca_op_kind kind,
    struct ca_message_arg arg, const CK_BYTE *aad, CK_ULONG aad_len)
{
	struct ca_op *op = &ss->op[kind];
	struct ca_message_params p;
	CK_RV rv = check_begin(ss, op, aad, aad_len);

	if (rv == CKR_OK)
		rv = ca_message_param_read(mode_of(op), arg, &p);
	if (rv != CKR_OK)
		return rv;
	rv = begin(ss, op, kind, &p, ca_rd_of(aad, aad_len));
	if (rv == CKR_OK)
		op->stage = CA_STAGE_PARTS;
	else
		ca_op_rewind(op);
	return rv;
}

CK_RV
ca_crypt_message_next(struct ca_session *ss, enum ca_op_kind kind,
    struct ca_message_arg arg, const struct ca_message_text *text, bool last)
{
	struct ca_op *op = &ss->op[kind];
	struct ca_message_params p;
	bool go = false;
	CK_RV rv;

	if (op->mech == NULL || op->stage != CA_STAGE_PARTS)
		return CKR_OPERATION_NOT_INITIALIZED;
	rv = ca_skey_alive(ss->slot, op);
	if (rv == CKR_OK)
		rv = check_text(text);
	if (rv == CKR_OK)
		rv = ca_message_param_read(mode_of(op), arg, &p);
	if (rv == CKR_OK &&
	    ((last && p.tag == NULL) || p.tag_n != op->cipher_params.tag))
		rv = CKR_MECHANISM_PARAM_INVALID;
	if (rv == CKR_OK)
		rv = ca_out_room(text->out, text->out_len,
		    text_size(op, text->in_len, last), &go);
	if (rv == CKR_OK && go)
		rv = feed(op, &p, text, last);
	if ((go && last) || (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL))
		ca_op_rewind(op);
	return rv;
}
