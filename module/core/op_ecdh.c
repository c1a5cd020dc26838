/*
 * C_DeriveKey and C_DecapsulateKey: ECDH of a private key, the card's or the
 * session's, with somebody's point (PKCS#11 current mechanisms 3.0,
 * section 2.3.17). The point is checked here before the card sees it, the key
 * derivation is done here.
 */
#include "module/core/op_derive.h"

#include "module/core/builder.h"
#include "module/core/ecdh.h"
#include "module/core/key.h"
#include "module/core/mech.h"
#include "module/core/op.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/core/wrap.h"
#include "module/crypto/point.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/curve.h"

struct derive {
	struct ca_slot *s;
	struct ca_op op; /* the base key, as operations have it */
	size_t index;
	uint32_t usage; /* CA_USE_ bit that the base key must have */
	struct ca_ecdh ecdh;
	uint8_t point[CA_POINT_MAX];
	size_t point_n;
};

static CK_RV
find_base(struct derive *d, struct ca_session *ss, CK_OBJECT_HANDLE base)
{
	CK_RV rv = ca_key_begin_private(ss, &d->op, base, d->usage);

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
	d->ecdh.field = ca_point_field(params);
	if (d->ecdh.field == 0)
		return CKR_DOMAIN_PARAMS_INVALID;
	e = ca_point_open(params, d->ecdh.given, &w);
	d->point_n = ca_wr_rd(&w).n;
	if (e == CA_E_DATA)
		return CKR_MECHANISM_PARAM_INVALID;
	return ca_rv(e, CA_CALL_DERIVE);
}

static CK_RV
use_key(struct derive *d, struct ca_attrs *a)
{
	uint8_t secret[CA_ECDH_SECRET_MAX];
	struct ca_wr w = ca_wr_of(secret, sizeof(secret));
	struct ca_rd point = ca_rd_of(d->point, d->point_n);
	ca_err e = d->op.priv != NULL
		       ? ca_privkey_agree(d->op.priv, point, &w)
		       : ca_token_derive(d->s->token, d->index, point, &w);

	/* RFC 7748, 6.1: a point of small order leaves nothing secret. */
	if (d->op.priv != NULL && e == CA_E_DATA)
		return CKR_MECHANISM_PARAM_INVALID;
	if (e == CA_OK)
		e = ca_ecdh_value(&d->ecdh, ca_wr_rd(&w), a);
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
		rv = ca_ecdh_length(&d->ecdh, b);
	if (rv != CKR_OK)
		return rv;
	if (b->how == CA_BUILD_DERIVE)
		inherit(d, b);
	rv = use_key(d, &b->a);
	return rv == CKR_OK ? ca_build_end(b, ss, out) : rv;
}

CK_RV
ca_derive_ecdh(struct ca_session *ss, const struct ca_mech *m,
    const CK_MECHANISM *given, CK_OBJECT_HANDLE base, struct ca_build *b,
    const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct derive d = {.s = ss->slot, .op.mech = m, .usage = CA_USE_DERIVE};
	CK_RV rv = ca_ecdh_read(&d.ecdh, given, false);

	if (rv == CKR_OK)
		rv = find_base(&d, ss, base);
	if (rv == CKR_OK)
		rv = derive(&d, b, ss, t, n, out);
	ca_op_end(&d.op);
	return rv;
}

/* What C_DeriveKey says of the base key and of the point in the parameters, as
 * C_DecapsulateKey says it. */
static CK_RV
about_base(CK_RV rv)
{
	if (rv == CKR_KEY_HANDLE_INVALID)
		return CKR_UNWRAPPING_KEY_HANDLE_INVALID;
	return rv == CKR_KEY_TYPE_INCONSISTENT
		   ? CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT
		   : rv;
}

CK_RV
ca_decapsulate_ecdh(struct ca_session *ss, const struct ca_mech *m,
    const CK_MECHANISM *given, CK_OBJECT_HANDLE base, struct ca_rd sent,
    struct ca_build *b, const struct ca_wrap_new *new)
{
	struct derive d = {
	    .s = ss->slot, .op.mech = m, .usage = CA_USE_DECAPSULATE};
	CK_RV rv = ca_ecdh_read(&d.ecdh, given, true);

	if (rv == CKR_OK)
		rv = about_base(find_base(&d, ss, base));
	d.ecdh.given = sent;
	if (rv == CKR_OK) {
		rv = derive(&d, b, ss, new->t, new->n, new->key);
		if (rv == CKR_MECHANISM_PARAM_INVALID) /* the point */
			rv = CKR_WRAPPED_KEY_INVALID;
	}
	ca_op_end(&d.op);
	return rv;
}
