/*
 * C_DeriveKey: ECDH of a private key, the card's or the session's, with
 * somebody's point (PKCS#11 current mechanisms 3.0, section 2.3.17). The point
 * is checked here before the card sees it, the key derivation is done here.
 */
#include "module/core/op_derive.h"

#include <string.h>

#include "module/core/builder.h"
#include "module/core/key.h"
#include "module/core/key_value.h"
#include "module/core/mech.h"
#include "module/core/op.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/crypto/point.h"
#include "module/crypto/secret_key.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/curve.h"

#define SECRET_MAX 66 /* a coordinate on P-521 */

struct derive {
	struct ca_slot *s;
	struct ca_op op; /* the base key, as operations have it */
	size_t index;
	enum ca_hash kdf; /* CA_HASH_NONE: CKD_NULL */
	bool one_step;    /* SP 800-56A, else X9.63 */
	struct ca_rd shared;
	struct ca_rd given; /* the other side's point, as it came */
	uint8_t point[CA_POINT_MAX];
	size_t point_n;
	size_t field; /* bytes of the shared secret */
	size_t want;  /* bytes of the new key */
};

/* clang-format off */
static const struct {
	CK_ULONG kdf;
	enum ca_hash hash;
	bool one_step;
} kdfs[] = {
	{ CKD_NULL,         CA_HASH_NONE,     false },
	{ CKD_SHA1_KDF,     CA_HASH_SHA1,     false },
	{ CKD_SHA224_KDF,   CA_HASH_SHA224,   false },
	{ CKD_SHA256_KDF,   CA_HASH_SHA256,   false },
	{ CKD_SHA384_KDF,   CA_HASH_SHA384,   false },
	{ CKD_SHA512_KDF,   CA_HASH_SHA512,   false },
	{ CKD_SHA3_224_KDF, CA_HASH_SHA3_224, false },
	{ CKD_SHA3_256_KDF, CA_HASH_SHA3_256, false },
	{ CKD_SHA3_384_KDF, CA_HASH_SHA3_384, false },
	{ CKD_SHA3_512_KDF, CA_HASH_SHA3_512, false },
	{ CKD_SHA1_KDF_SP800,     CA_HASH_SHA1,     true },
	{ CKD_SHA224_KDF_SP800,   CA_HASH_SHA224,   true },
	{ CKD_SHA256_KDF_SP800,   CA_HASH_SHA256,   true },
	{ CKD_SHA384_KDF_SP800,   CA_HASH_SHA384,   true },
	{ CKD_SHA512_KDF_SP800,   CA_HASH_SHA512,   true },
	{ CKD_SHA3_224_KDF_SP800, CA_HASH_SHA3_224, true },
	{ CKD_SHA3_256_KDF_SP800, CA_HASH_SHA3_256, true },
	{ CKD_SHA3_384_KDF_SP800, CA_HASH_SHA3_384, true },
	{ CKD_SHA3_512_KDF_SP800, CA_HASH_SHA3_512, true },
};
/* clang-format on */

static bool
find_kdf(struct derive *d, CK_ULONG kdf)
{
	for (size_t i = 0; i < CA_COUNT(kdfs); i++)
		if (kdfs[i].kdf == kdf) {
			d->kdf = kdfs[i].hash;
			d->one_step = kdfs[i].one_step;
			return true;
		}
	return false;
}

static CK_RV
read_params(struct derive *d, const CK_MECHANISM *given)
{
	CK_ECDH1_DERIVE_PARAMS p;

	if (given->pParameter == NULL || given->ulParameterLen != sizeof(p))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&p, given->pParameter, sizeof(p));
	if (!find_kdf(d, p.kdf) ||
	    (p.shared_data == NULL && p.shared_data_len != 0) ||
	    p.shared_data_len > CA_BUF_MAX || p.public_data == NULL ||
	    p.public_data_len > CA_BUF_MAX)
		return CKR_MECHANISM_PARAM_INVALID;
	/* 2.3.17: with CKD_NULL there is nothing to share. */
	if (d->kdf == CA_HASH_NONE && p.shared_data_len != 0)
		return CKR_MECHANISM_PARAM_INVALID;
	d->shared = ca_rd_of(p.shared_data, p.shared_data_len);
	d->given = ca_rd_of(p.public_data, p.public_data_len);
	return CKR_OK;
}

static CK_RV
find_base(struct derive *d, struct ca_session *ss, CK_OBJECT_HANDLE base)
{
	CK_RV rv = ca_key_begin_private(ss, &d->op, base, CA_USE_DERIVE);

	if (rv != CKR_OK || d->op.priv != NULL)
		return rv;
	rv = ca_key_index(d->s, &d->op, &d->index);
	if (rv == CKR_OK && !ca_key_derives(d->s, d->index))
		rv = CKR_KEY_FUNCTION_NOT_PERMITTED;
	return rv;
}

/* DER ECParameters of the curve of our key, borrowed. */
static CK_RV
own_curve(struct derive *d, struct ca_rd *params)
{
	struct ca_spki own;
	struct ca_rd spki;
	ca_err e;

	if (d->op.priv != NULL) {
		*params = ca_curve_oid(ca_privkey_of_curve(d->op.priv));
		return CKR_OK;
	}
	e = ca_token_key_spki(d->s->token, d->index, &spki);
	if (e != CA_OK)
		return ca_slot_rv(d->s, e, CA_CALL_DERIVE);
	if (!ca_spki_parse(spki, &own))
		return CKR_DEVICE_ERROR;
	*params = own.params;
	return CKR_OK;
}

/* The other side's point, on that curve. */
static CK_RV
check_point(struct derive *d)
{
	struct ca_wr w = ca_wr_of(d->point, sizeof(d->point));
	struct ca_rd params;
	CK_RV rv = own_curve(d, &params);
	ca_err e;

	if (rv != CKR_OK)
		return rv;
	d->field = ca_point_field(params);
	if (d->field == 0)
		return CKR_DOMAIN_PARAMS_INVALID;
	e = ca_point_open(params, d->given, &w);
	d->point_n = ca_wr_rd(&w).n;
	if (e == CA_E_DATA)
		return CKR_MECHANISM_PARAM_INVALID;
	return ca_rv(e, CA_CALL_DERIVE);
}

/* How long the new key is: what the template says, else all there is. */
static CK_RV
settle_length(struct derive *d, const struct ca_build *b)
{
	CK_ULONG told = ca_attrs_number(&b->a, CKA_VALUE_LEN);
	bool said = ca_attrs_has(&b->a, CKA_VALUE_LEN);

	if (!said && (d->kdf != CA_HASH_NONE ||
			 ca_key_value_fits(b->type, d->field) != CKR_OK))
		return CKR_TEMPLATE_INCOMPLETE;
	d->want = said ? told : d->field;
	if (d->kdf == CA_HASH_NONE && d->want > d->field)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	return ca_key_value_fits(b->type, d->want);
}

/* 2.3.17: what is too long is cut at the leading end. */
static ca_err
make_value(const struct derive *d, struct ca_rd secret, struct ca_attrs *a)
{
	uint8_t made[CA_GENERIC_BYTES_MAX];
	ca_err e;

	if (d->kdf == CA_HASH_NONE) {
		if (!ca_rd_skip(&secret, secret.n - d->want))
			return CA_E_BUG;
		return ca_attrs_put(a, CKA_VALUE, secret);
	}
	e = (d->one_step ? ca_kdf_one_step : ca_kdf_x963)(d->kdf, secret,
	    d->shared, made, d->want);
	if (e == CA_OK)
		e = ca_attrs_put(a, CKA_VALUE, ca_rd_of(made, d->want));
	ca_wipe(made, sizeof(made));
	return e;
}

static CK_RV
use_key(struct derive *d, struct ca_attrs *a)
{
	uint8_t secret[SECRET_MAX];
	struct ca_wr w = ca_wr_of(secret, sizeof(secret));
	struct ca_rd point = ca_rd_of(d->point, d->point_n);
	ca_err e = d->op.priv != NULL
		       ? ca_privkey_agree(d->op.priv, point, &w)
		       : ca_token_derive(d->s->token, d->index, point, &w);

	/* RFC 7748, 6.1: a point of small order leaves nothing secret. */
	if (d->op.priv != NULL && e == CA_E_DATA)
		return CKR_MECHANISM_PARAM_INVALID;
	if (e == CA_OK && ca_wr_rd(&w).n != d->field)
		e = CA_E_MALFORMED;
	if (e == CA_OK)
		e = make_value(d, ca_wr_rd(&w), a);
	ca_wipe(secret, sizeof(secret));
	return ca_slot_rv(d->s, e, CA_CALL_DERIVE);
}

/* What the new key inherits (4.10: what was always kept stays so). */
static void
inherit(const struct derive *d, struct ca_build *b)
{
	const struct ca_key *k;
	const struct ca_attrs *a;

	if (d->op.priv != NULL) {
		a = &ca_sobject_get(d->s, d->op.key)->a;
		b->base_always_sensitive =
		    ca_attrs_flag(a, CKA_ALWAYS_SENSITIVE);
		b->base_never_extractable =
		    ca_attrs_flag(a, CKA_NEVER_EXTRACTABLE);
		return;
	}
	k = &ca_token_model(d->s->token)->keys[d->index];
	b->base_always_sensitive =
	    k->has_access && (k->access & CA_ACC_ALWAYS_SENSITIVE) != 0;
	b->base_never_extractable =
	    k->has_access && (k->access & CA_ACC_NEVER_EXTRACTABLE) != 0;
}

/* Everything that can be wrong is found before the card is asked. */
static CK_RV
derive(struct derive *d, struct ca_build *b, struct ca_session *ss,
    const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	CK_RV rv = ca_build_begin(b, ss, t, n);

	if (rv == CKR_OK)
		rv = check_point(d);
	if (rv == CKR_OK)
		rv = settle_length(d, b);
	if (rv != CKR_OK)
		return rv;
	inherit(d, b);
	rv = use_key(d, &b->a);
	return rv == CKR_OK ? ca_build_end(b, ss, out) : rv;
}

CK_RV
ca_derive_ecdh(struct ca_session *ss, const struct ca_mech *m,
    const CK_MECHANISM *given, CK_OBJECT_HANDLE base, struct ca_build *b,
    const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct derive d = {.s = ss->slot, .op.mech = m};
	CK_RV rv = read_params(&d, given);

	if (rv == CKR_OK)
		rv = find_base(&d, ss, base);
	if (rv == CKR_OK)
		rv = derive(&d, b, ss, t, n, out);
	ca_op_end(&d.op);
	return rv;
}
