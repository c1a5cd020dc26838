/*
 * C_EncapsulateKey (PKCS#11 3.2): see wrap.h. What the token's public key is
 * needed for is done on the host. RSA encrypts a secret drawn for it; with ECDH
 * a key pair is made, its public point is what is sent, and its private half is
 * gone when the call is over.
 */
#include "module/core/builder.h"
#include "module/core/ecdh.h"
#include "module/core/key.h"
#include "module/core/key_value.h"
#include "module/core/mech.h"
#include "module/core/op_encrypt.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/wrap.h"
#include "module/core/wrap_value.h"
#include "module/crypto/point.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/spki.h"

struct encapsulate {
	struct ca_session *ss;
	struct ca_op op; /* the public key, as operations have it */
	struct ca_ecdh ecdh;
	struct ca_spki other; /* of op.spki */
	struct ca_build b;
	size_t want; /* bytes of an RSA secret */
	uint8_t sent[CA_RSA_BYTES_MAX];
	size_t sent_n; /* set before it is made */
};

static bool
is_ecdh(const struct encapsulate *x)
{
	return x->op.mech->scheme == CA_SCHEME_ECDH;
}

/* Parameters and public key. */
static CK_RV
find_key(struct encapsulate *x, const CK_MECHANISM *mech, CK_OBJECT_HANDLE h)
{
	CK_RV rv = is_ecdh(x) ? ca_ecdh_read(&x->ecdh, mech, true)
			      : ca_mech_params(&x->op, mech);

	if (rv != CKR_OK)
		return rv;
	return is_ecdh(x)
		   ? ca_key_begin_public(x->ss, &x->op, h, CA_USE_ENCAPSULATE)
		   : ca_encrypt_rsa_begin(x->ss, &x->op, h, CA_USE_ENCAPSULATE);
}

/* The length of what RSA wraps is the template's, or that of the type, if all
 * its keys have the same. */
static CK_RV
settle_rsa(struct encapsulate *x)
{
	struct ca_lengths len = {0};
	size_t max = ca_encrypt_rsa_max(&x->op);
	CK_RV rv = ca_wrap_value_lengths(&x->b, max, &len);

	if (rv != CKR_OK)
		return rv == CKR_UNWRAPPING_KEY_SIZE_RANGE ? CKR_KEY_SIZE_RANGE
							   : rv;
	if (len.min != len.max)
		return CKR_TEMPLATE_INCOMPLETE;
	x->want = len.min;
	x->sent_n = ca_op_bytes(&x->op);
	return x->want <= max ? CKR_OK : CKR_KEY_SIZE_RANGE;
}

static CK_RV
settle_ecdh(struct encapsulate *x)
{
	if (!ca_spki_parse(ca_buf_rd(&x->op.spki), &x->other))
		return CKR_KEY_HANDLE_INVALID;
	x->ecdh.field = ca_point_field(x->other.params);
	if (x->ecdh.field == 0)
		return CKR_CURVE_NOT_SUPPORTED;
	x->sent_n = x->other.point.n;
	return ca_ecdh_length(&x->ecdh, &x->b);
}

static CK_RV
make_rsa(struct encapsulate *x, struct ca_wr *sent)
{
	uint8_t secret[CA_RSA_BYTES_MAX] = {0};
	struct ca_rd value = ca_rd_of(secret, x->want);
	ca_err e = ca_crypto_random(secret, x->want);
	CK_RV rv;

	if (e == CA_OK)
		e = ca_attrs_put(&x->b.a, CKA_VALUE, value);
	rv = ca_rv(e, CA_CALL_ENCRYPT);
	if (rv == CKR_OK)
		rv = ca_encrypt_rsa(&x->op, value, sent);
	ca_wipe(secret, sizeof(secret));
	return rv;
}

/* The other's point is one of the curve, and leaves a secret. */
static ca_err
agree(struct encapsulate *x, const struct ca_privkey *own)
{
	uint8_t point[CA_POINT_MAX], secret[CA_ECDH_SECRET_MAX];
	struct ca_wr p = ca_wr_of(point, sizeof(point));
	struct ca_wr s = ca_wr_of(secret, sizeof(secret));
	ca_err e = ca_point_open(x->other.params, x->other.point, &p);

	if (e == CA_OK)
		e = ca_privkey_agree(own, ca_wr_rd(&p), &s);
	if (e == CA_OK)
		e = ca_ecdh_value(&x->ecdh, ca_wr_rd(&s), &x->b.a);
	ca_wipe(secret, sizeof(secret));
	return e;
}

static CK_RV
make_ecdh(struct encapsulate *x, struct ca_wr *sent)
{
	struct ca_privkey *own = NULL;
	ca_err e = ca_privkey_new_curve(x->other.params, &own);

	if (e == CA_OK)
		e = ca_privkey_part(own, CA_PRIV_POINT, sent);
	if (e == CA_OK)
		e = agree(x, own);
	ca_privkey_free(&own);
	return e == CA_E_DATA ? CKR_KEY_HANDLE_INVALID
			      : ca_rv(e, CA_CALL_DERIVE);
}

/* There is room for what is sent. */
static CK_RV
make(struct encapsulate *x, CK_BYTE *out, CK_ULONG *out_len,
    CK_OBJECT_HANDLE *key)
{
	struct ca_wr sent = ca_wr_of(x->sent, sizeof(x->sent));
	size_t n = 0;
	CK_RV rv = is_ecdh(x) ? make_ecdh(x, &sent) : make_rsa(x, &sent);

	if (rv != CKR_OK)
		return rv;
	if (ca_wr_rd(&sent).n != x->sent_n)
		return CKR_GENERAL_ERROR;
	rv = ca_build_end(&x->b, x->ss, key);
	if (rv == CKR_OK && !ca_rd_copy(ca_wr_rd(&sent), out, *out_len, &n))
		return CKR_GENERAL_ERROR;
	if (rv == CKR_OK)
		*out_len = n;
	return rv;
}

static CK_RV
encapsulate(struct encapsulate *x, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE public_key, CK_BYTE *sent, CK_ULONG *sent_len,
    const struct ca_wrap_new *new)
{
	bool go = false;
	CK_RV rv = find_key(x, mech, public_key);

	if (rv == CKR_OK)
		rv = ca_build_begin(&x->b, x->ss, new->t, new->n);
	if (rv == CKR_OK)
		rv = is_ecdh(x) ? settle_ecdh(x) : settle_rsa(x);
	if (rv == CKR_OK)
		rv = ca_out_room(sent, sent_len, x->sent_n, &go);
	return rv == CKR_OK && go ? make(x, sent, sent_len, new->key) : rv;
}

CK_RV
ca_encapsulate_key(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE public_key, CK_BYTE *sent, CK_ULONG *sent_len,
    const struct ca_wrap_new *new)
{
	struct encapsulate x = {
	    .ss = ss, .b = {.how = CA_BUILD_UNWRAP, .makes = CKO_SECRET_KEY}};
	CK_RV rv = CKR_MECHANISM_INVALID;

	/* Whoever only asks for the length needs no place for a handle. */
	if (mech == NULL || sent_len == NULL ||
	    (sent != NULL && new->key == NULL))
		return CKR_ARGUMENTS_BAD;
	x.op.mech = ca_mech_find(ss->slot, mech->mechanism, CKF_ENCAPSULATE);
	if (x.op.mech != NULL)
		rv = encapsulate(&x, mech, public_key, sent, sent_len, new);
	ca_op_end(&x.op);
	ca_build_free(&x.b);
	return rv;
}
