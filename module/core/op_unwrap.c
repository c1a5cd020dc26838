/*
 * C_UnwrapKey, and C_DecapsulateKey by RSA, which is the same (PKCS#11 3.2,
 * CKM_RSA_PKCS): see wrap.h; what may come out is in wrap_rule.h.
 *
 * RSA PKCS#1 v1.5 is where a wrong word gives a key away (D. Bleichenbacher,
 * 1998; R. Bardou and others, "Efficient padding oracle attacks on
 * cryptographic hardware", 2012, which asked C_UnwrapKey). Hence one answer for
 * whatever the block holds: a key is made always. Right padding with a length
 * that the template allows gives the key that was wrapped; everything else
 * gives a random one, the same for the same cryptogram, of a length that the
 * template allows, chosen by the cryptogram alone (RFC 3218, 2.3.2). The choice
 * is made without a branch (ca_unpad_pkcs1()), before the length is looked at
 * by anybody, so no check that comes after it can fail for one and pass for the
 * other. A program finds out when the key decrypts nothing, as with any wrong
 * key.
 *
 * CKM_AES_CBC_PAD and CKM_DES3_CBC_PAD have no such remedy: programs expect to
 * hear of a wrong key. Whatever is wrong there - padding, length, PKCS #8 - is
 * CKR_WRAPPED_KEY_INVALID; where that would tell about a sensitive key,
 * wrap_rule.h forbids the mechanism.
 */
#include <stdlib.h>

#include "module/core/builder.h"
#include "module/core/mech.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/wrap.h"
#include "module/core/wrap_cipher.h"
#include "module/core/wrap_param.h"
#include "module/core/wrap_rule.h"
#include "module/core/wrap_value.h"
#include "pcsc/base/secret.h"

struct unwrap {
	struct ca_session *ss;
	struct ca_op op; /* the unwrapping key, as operations have it */
	struct ca_wrap_param param;
	struct ca_build b;
	uint8_t in[CA_WRAP_MAX + CA_WRAP_MORE];
	uint8_t plain[CA_WRAP_MAX + CA_WRAP_MORE];
};

/* What the caller brings. */
struct call {
	const CK_MECHANISM *mech;
	CK_OBJECT_HANDLE unwrapping;
	bool message;      /* C_UnwrapKeyAuthenticated */
	bool encapsulated; /* C_DecapsulateKey */
	struct ca_rd in, aad;
	const struct ca_wrap_new *new;
};

/* What the new key is to be, before anything is decrypted. */
static CK_RV
begin_new(struct unwrap *u, const struct ca_wrap_new *new)
{
	bool rsa = u->op.mech->keys == CA_KEYS_RSA;
	CK_RV rv = ca_build_begin(&u->b, u->ss, new->t, new->n);

	if (rv != CKR_OK)
		return rv;
	if (u->b.cls != CKO_SECRET_KEY && (rsa || u->b.cls != CKO_PRIVATE_KEY))
		return CKR_TEMPLATE_INCONSISTENT;
	rv = ca_wrap_rule_enters(u->ss->slot, &u->op, &u->b);
	if (rv == CKR_OK && rsa)
		rv = ca_wrap_value_lengths(&u->b, u->op.lengths.max,
		    &u->op.lengths);
	return rv;
}

/* Whether a wrong length is a wrong padding: nothing else shows a change. */
static bool
is_padded(const struct ca_op *op)
{
	return op->mech->scheme == CA_SCHEME_CIPHER &&
	       op->cipher_params.mode == CA_CIPHER_CBC_PAD;
}

/* The wrapped key, and the tag behind it if that came apart. */
static CK_RV
unlock(struct unwrap *u, struct ca_rd in, struct ca_wr *plain)
{
	struct ca_wr w = ca_wr_of(u->in, sizeof(u->in));

	if (in.n > CA_WRAP_MAX)
		return CKR_WRAPPED_KEY_LEN_RANGE;
	ca_wr_bytes(&w, in);
	if (u->param.apart)
		ca_wr_mem(&w, u->param.tag, u->param.tag_n);
	return ca_wrap_unlock(u->ss, &u->op, ca_wr_rd(&w), plain);
}

/* Numbers that do not belong together are no key, like bytes that are none. */
static CK_RV
finish(struct unwrap *u, CK_OBJECT_HANDLE *key)
{
	CK_RV rv = ca_build_end(&u->b, u->ss, key);

	return rv == CKR_ATTRIBUTE_VALUE_INVALID && u->b.cls == CKO_PRIVATE_KEY
		   ? CKR_WRAPPED_KEY_INVALID
		   : rv;
}

static CK_RV
make_new(struct unwrap *u, const struct call *c)
{
	struct ca_wr plain = ca_wr_of(u->plain, sizeof(u->plain));
	size_t zeros = ca_wrap_zeros_max(&u->op);
	bool padded = is_padded(&u->op), whole = ca_wrap_is_whole(&u->op);
	CK_RV rv = begin_new(u, c->new);

	if (rv == CKR_OK)
		rv = unlock(u, c->in, &plain);
	if (rv != CKR_OK)
		return rv;
	rv = ca_wrap_value_read(&u->b, ca_wr_rd(&plain), zeros, whole);
	if (rv == CKR_WRAPPED_KEY_LEN_RANGE && padded)
		rv = CKR_WRAPPED_KEY_INVALID;
	return rv == CKR_OK ? finish(u, c->new->key) : rv;
}

static CK_RV
unwrap(struct unwrap *u, const struct call *c)
{
	CK_RV rv;

	u->op.mech = ca_mech_find(u->ss->slot, c->mech->mechanism,
	    c->encapsulated ? CKF_DECAPSULATE : CKF_UNWRAP);
	if (u->op.mech == NULL)
		return CKR_MECHANISM_INVALID;
	rv = c->message ? ca_wrap_param_read_message(&u->op, c->mech, c->aad,
			      &u->param)
			: ca_wrap_param_read(&u->op, c->mech, &u->param);
	if (rv == CKR_OK)
		rv = c->encapsulated
			 ? ca_wrap_begin_decapsulate(u->ss, &u->op,
			       c->unwrapping)
			 : ca_wrap_begin(u->ss, &u->op, c->unwrapping, false);
	return rv == CKR_OK ? make_new(u, c) : rv;
}

static CK_RV
run(struct ca_session *ss, const struct call *c)
{
	struct unwrap *u;
	CK_RV rv;

	if (c->mech == NULL || c->in.p == NULL || c->new->key == NULL ||
	    (c->new->t == NULL && c->new->n != 0))
		return CKR_ARGUMENTS_BAD;
	u = calloc(1, sizeof(*u));
	if (u == NULL)
		return CKR_HOST_MEMORY;
	u->ss = ss;
	u->b.how = CA_BUILD_UNWRAP;
	u->b.makes = c->encapsulated ? CKO_SECRET_KEY : 0;
	rv = unwrap(u, c);
	ca_op_end(&u->op);
	ca_build_free(&u->b);
	ca_wipe(u, sizeof(*u));
	free(u);
	return rv;
}

CK_RV
ca_unwrap_key(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE unwrapping, const CK_BYTE *in, CK_ULONG in_len,
    const struct ca_wrap_new *new)
{
	struct call c = {.mech = mech,
	    .unwrapping = unwrapping,
	    .in = ca_rd_of(in, in_len),
	    .new = new};

	return run(ss, &c);
}

CK_RV
ca_decapsulate_rsa(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE private_key, struct ca_rd sent,
    const struct ca_wrap_new *new)
{
	struct call c = {.mech = mech,
	    .unwrapping = private_key,
	    .encapsulated = true,
	    .in = sent,
	    .new = new};

	return run(ss, &c);
}

CK_RV
ca_unwrap_key_authenticated(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE unwrapping, const CK_BYTE *in, CK_ULONG in_len,
    const CK_BYTE *aad, CK_ULONG aad_len, const struct ca_wrap_new *new)
{
	struct call c = {.mech = mech,
	    .unwrapping = unwrapping,
	    .message = true,
	    .in = ca_rd_of(in, in_len),
	    .aad = ca_rd_of(aad, aad_len),
	    .new = new};

	return aad == NULL && aad_len != 0 ? CKR_ARGUMENTS_BAD : run(ss, &c);
}
