/*
 * One block of RSA: the card computes, the host removes the padding. With a key
 * of the session the host computes, too.
 *
 * Neither time, nor return value, nor log may tell whether the padding was
 * right. PKCS#1 v1.5 therefore never fails for what is inside the cryptogram
 * (see ca_unpad_pkcs1()); OAEP fails in one way only.
 */
#include "module/core/op_decrypt.h"

#include "module/core/key.h"
#include "module/core/mech.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/spki.h"

size_t
ca_decrypt_rsa_max(const struct ca_op *op)
{
	size_t k = ca_op_bytes(op);

	if (op->mech->scheme == CA_SCHEME_PKCS1)
		return k - 11;
	if (op->mech->scheme == CA_SCHEME_OAEP)
		return k - 2 * ca_hash_len(op->oaep.hash) - 2;
	return k;
}

/* What the card is asked for: the bare power, from which the host removes any
 * padding, or to remove it itself. False: it cannot, with these parameters. */
static bool
card_alg(const struct ca_op *op, uint32_t algs, enum ca_alg *out)
{
	bool has_one = true;

	*out = CA_ALG_RSA_DEC_RAW;
	if ((algs & CA_ALG_BIT(CA_ALG_RSA_DEC_RAW)) != 0)
		return true;
	if (op->mech->scheme == CA_SCHEME_PKCS1)
		*out = CA_ALG_RSA_DEC_PKCS1;
	else if (op->mech->scheme == CA_SCHEME_OAEP)
		has_one = ca_mech_oaep(&op->oaep, out);
	return has_one && (algs & CA_ALG_BIT(*out)) != 0;
}

/* Whether the padding has room in the modulus. */
static CK_RV
check_size(const struct ca_op *op)
{
	if (ca_op_bytes(op) < 64)
		return CKR_KEY_SIZE_RANGE;
	if (op->mech->scheme == CA_SCHEME_OAEP &&
	    ca_op_bytes(op) < 2 * ca_hash_len(op->oaep.hash) + 2)
		return CKR_MECHANISM_PARAM_INVALID;
	return CKR_OK;
}

static CK_RV
check_key(const struct ca_session *ss, const struct ca_op *op)
{
	const struct ca_model *m = ca_token_model(ss->slot->token);
	const struct ca_object *o = ca_object_get(ss->slot, op->key);
	enum ca_alg alg;
	CK_RV rv;

	if (op->priv != NULL)
		return check_size(op);
	if (o == NULL)
		return CKR_KEY_HANDLE_INVALID;
	if ((m->keys[o->index].algs & ca_mech_decrypt_algs(op->mech)) == 0)
		return ca_mech_offered(ss->slot, op->mech, CKF_DECRYPT)
			   ? CKR_KEY_FUNCTION_NOT_PERMITTED
			   : CKR_MECHANISM_INVALID;
	rv = check_size(op);
	if (rv != CKR_OK)
		return rv;
	return card_alg(op, m->keys[o->index].algs, &alg)
		   ? CKR_OK
		   : CKR_MECHANISM_PARAM_INVALID;
}

CK_RV
ca_decrypt_rsa_begin(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE key, uint32_t usage)
{
	CK_RV rv = ca_key_begin_private(ss, op, key, usage);

	if (rv == CKR_OK)
		rv = check_key(ss, op);
	if (rv == CKR_OK && op->lengths.step == 0)
		op->lengths = (struct ca_lengths){0, ca_decrypt_rsa_max(op), 1};
	return rv;
}

/* Whether an error may come from the cryptogram's content. No list of status
 * words tells which one a card has for a wrong padding, and whoever can tell it
 * from another has an oracle: all do, but those that come from elsewhere. */
static bool
is_content_fault(ca_err e)
{
	switch (e) {
	case CA_OK:
	case CA_E_NOMEM:
	case CA_E_BUG:
	case CA_E_NO_SERVICE:
	case CA_E_RESET:
	case CA_E_BUSY:
	case CA_E_AUTH_NEEDED:
	case CA_E_CANCELLED:
		return false;
	default:
		return !ca_err_is_gone(e);
	}
}

/* Whether a plaintext that the card unpadded may be one. */
static bool
fits(const struct ca_op *op, size_t n)
{
	return op->mech->scheme == CA_SCHEME_OAEP
		   ? n <= ca_decrypt_rsa_max(op)
		   : ca_length_fits(&op->lengths, n);
}

/* The card removes the padding. Its refusal is hidden behind a plaintext
 * (PKCS#1 v1.5) or always the same error (OAEP). */
static ca_err
plain_by_card(struct ca_session *ss, const struct ca_op *op, size_t index,
    enum ca_alg alg, struct ca_wr *out)
{
	struct ca_rd in = ca_buf_rd(&op->in);
	struct ca_wr start = *out;
	ca_err e = ca_token_decipher(ss->slot->token, index, alg, in, out);

	if (!is_content_fault(e) && e != CA_OK)
		return e;
	if (e == CA_OK && fits(op, ca_wr_rd(out).n))
		return CA_OK;
	*out = start;
	if (op->mech->scheme == CA_SCHEME_OAEP)
		return CA_E_DATA;
	return ca_unpad_reject(ca_op_bytes(op), in, e == CA_OK, &op->lengths,
	    out);
}

static ca_err
unpad(const struct ca_op *op, struct ca_rd block, struct ca_wr *out)
{
	if (op->mech->scheme == CA_SCHEME_PKCS1)
		return ca_unpad_pkcs1(block, ca_buf_rd(&op->in), &op->lengths,
		    out);
	if (op->mech->scheme == CA_SCHEME_OAEP)
		return ca_unpad_oaep(&op->oaep, block, out);
	ca_wr_bytes(out, block);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

/* The whole block, out of the card or of the session's key. */
static ca_err
plain_by_host(struct ca_session *ss, const struct ca_op *op, size_t index,
    struct ca_wr *out)
{
	uint8_t block[CA_RSA_BYTES_MAX];
	struct ca_wr w = ca_wr_of(block, sizeof(block));
	struct ca_rd in = ca_buf_rd(&op->in);
	ca_err e = op->priv != NULL ? ca_privkey_power(op->priv, in, &w)
				    : ca_token_decipher(ss->slot->token, index,
					  CA_ALG_RSA_DEC_RAW, in, &w);

	if (e == CA_OK && ca_wr_rd(&w).n != ca_op_bytes(op))
		e = CA_E_MALFORMED;
	if (e == CA_OK)
		e = unpad(op, ca_wr_rd(&w), out);
	ca_wipe(block, sizeof(block));
	return e;
}

/* CKR_ENCRYPTED_DATA_INVALID for a number that cannot be a cryptogram, where
 * the modulus is known. It says nothing about the content. */
static CK_RV
check_cryptogram(const struct ca_op *op)
{
	struct ca_spki key;

	if (op->in.n != ca_op_bytes(op))
		return CKR_ENCRYPTED_DATA_LEN_RANGE;
	if (ca_spki_parse(ca_buf_rd(&op->spki), &key) &&
	    ca_spki_exceeds(&key, ca_buf_rd(&op->in)))
		return CKR_ENCRYPTED_DATA_INVALID;
	return CKR_OK;
}

/* Whether the key may be used now; index and way of one on the card. */
static CK_RV
key_now(struct ca_slot *s, const struct ca_op *op, size_t *index,
    enum ca_alg *alg)
{
	CK_RV rv;

	*index = 0;
	*alg = CA_ALG_RSA_DEC_RAW;
	if (op->priv != NULL)
		return ca_skey_alive(s, op);
	rv = ca_key_ready(s, op, index);
	if (rv != CKR_OK)
		return rv;
	return card_alg(op, ca_token_model(s->token)->keys[*index].algs, alg)
		   ? CKR_OK
		   : ca_rv(CA_E_UNSUPPORTED, CA_CALL_DECRYPT);
}

CK_RV
ca_decrypt_rsa(struct ca_session *ss, struct ca_op *op)
{
	uint8_t plain[CA_RSA_BYTES_MAX];
	struct ca_wr w = ca_wr_of(plain, sizeof(plain));
	struct ca_slot *s = ss->slot;
	enum ca_alg alg;
	size_t index;
	ca_err e;
	CK_RV rv = check_cryptogram(op);

	if (rv == CKR_OK)
		rv = key_now(s, op, &index, &alg);
	if (rv != CKR_OK)
		return rv;
	if (alg == CA_ALG_RSA_DEC_RAW)
		e = plain_by_host(ss, op, index, &w);
	else
		e = plain_by_card(ss, op, index, alg, &w);
	if (e == CA_OK)
		e = ca_buf_set(&op->out, ca_wr_rd(&w));
	ca_wipe(plain, sizeof(plain));
	return ca_slot_rv(s, e, CA_CALL_DECRYPT);
}
