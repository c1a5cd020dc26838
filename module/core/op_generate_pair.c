/* C_GenerateKeyPair: pairs of the session, made by OpenSSL (PKCS#11 3.0,
 * 5.18.2; current mechanisms, 2.1.4, 2.3.11 to 2.3.13). */
#include "module/core/op_generate_pair.h"

#include "module/core/key_numbers.h"
#include "module/core/key_value.h"
#include "module/core/mech.h"
#include "module/core/op.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/crypto/point.h"

/* What a host has patience for; a modulus of twice the length takes it sixteen
 * times as long, with the slot locked. */
#define GENERATE_BITS_MAX 4096
/* FIPS 186-4, B.3.1: below 2 to the 256. */
#define EXPONENT_BITS_MAX 256

struct pair {
	const struct ca_mech *m;
	struct ca_build pub, prv;
	struct ca_privkey *key;
};

static CK_RV
rv_of(ca_err e)
{
	if (e == CA_OK)
		return CKR_OK;
	if (e == CA_E_DATA)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	return e == CA_E_NOMEM ? CKR_HOST_MEMORY : CKR_GENERAL_ERROR;
}

/* Reads CKA_MODULUS_BITS and CKA_PUBLIC_EXPONENT; without one it is 65537. */
static CK_RV
check_rsa(struct pair *p)
{
	static const uint8_t usual[] = {0x01, 0x00, 0x01};
	CK_ULONG bits = ca_attrs_number(&p->pub.a, CKA_MODULUS_BITS);
	struct ca_rd e;
	size_t e_bits;

	if (!ca_attrs_has(&p->pub.a, CKA_MODULUS_BITS))
		return CKR_TEMPLATE_INCOMPLETE;
	if (bits < CA_RSA_BITS_MIN || bits > GENERATE_BITS_MAX || bits % 8 != 0)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	if (!ca_attrs_get(&p->pub.a, CKA_PUBLIC_EXPONENT, &e))
		return rv_of(ca_attrs_put(&p->pub.a, CKA_PUBLIC_EXPONENT,
		    ca_rd_of(usual, sizeof(usual))));
	e_bits = ca_bit_length(e);
	if (e_bits < 2 || e_bits > EXPONENT_BITS_MAX)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	return CKR_OK;
}

/* CKA_EC_PARAMS stands in the public template; in the other it may stand. */
static CK_RV
check_curve(struct pair *p)
{
	struct ca_rd params, other;

	if (!ca_attrs_get(&p->pub.a, CKA_EC_PARAMS, &params))
		return CKR_TEMPLATE_INCOMPLETE;
	if (!ca_key_curve_fits(p->pub.type, params))
		return CKR_CURVE_NOT_SUPPORTED;
	if (ca_attrs_get(&p->prv.a, CKA_EC_PARAMS, &other))
		return ca_rd_equal(params, other) ? CKR_OK
						  : CKR_TEMPLATE_INCONSISTENT;
	return rv_of(ca_attrs_put(&p->prv.a, CKA_EC_PARAMS, params));
}

static CK_RV
read_templates(struct pair *p, struct ca_session *ss, const CK_ATTRIBUTE *pub_t,
    CK_ULONG pub_n, const CK_ATTRIBUTE *prv_t, CK_ULONG prv_n)
{
	CK_RV rv = ca_build_begin(&p->pub, ss, pub_t, pub_n);

	if (rv == CKR_OK)
		rv = ca_build_begin(&p->prv, ss, prv_t, prv_n);
	if (rv != CKR_OK)
		return rv;
	return p->m->keys == CA_KEYS_RSA ? check_rsa(p) : check_curve(p);
}

static CK_RV
make_key(struct pair *p)
{
	struct ca_attrs *a = &p->pub.a;
	ca_err e;

	if (p->m->keys == CA_KEYS_RSA)
		e = ca_privkey_new_rsa(ca_attrs_number(a, CKA_MODULUS_BITS),
		    ca_attrs_value(a, CKA_PUBLIC_EXPONENT), &p->key);
	else
		e = ca_privkey_new_curve(ca_attrs_value(a, CKA_EC_PARAMS),
		    &p->key);
	if (e == CA_OK)
		e = ca_key_put_public(a, p->key);
	if (e == CA_OK)
		e = ca_key_put_private(&p->prv.a, p->key);
	return rv_of(e);
}

/* Both objects, or none. */
static CK_RV
make_objects(struct pair *p, struct ca_session *ss, CK_OBJECT_HANDLE *pub,
    CK_OBJECT_HANDLE *prv)
{
	CK_OBJECT_HANDLE first, second;
	CK_RV rv = ca_build_end(&p->pub, ss, &first);

	if (rv != CKR_OK)
		return rv;
	rv = ca_build_end(&p->prv, ss, &second);
	if (rv != CKR_OK) {
		ca_sobject_remove(ss->slot, first);
		return rv;
	}
	*pub = first;
	*prv = second;
	return CKR_OK;
}

static CK_RV
generate(struct pair *p, struct ca_session *ss, CK_OBJECT_HANDLE *pub,
    CK_OBJECT_HANDLE *prv)
{
	CK_RV rv;

	if (ca_attrs_flag(&p->pub.a, CKA_TOKEN) ||
	    ca_attrs_flag(&p->prv.a, CKA_TOKEN))
		return ca_generate_on_token(ss, p->m, &p->pub, &p->prv, pub,
		    prv);
	rv = make_key(p);
	return rv == CKR_OK ? make_objects(p, ss, pub, prv) : rv;
}

static void
begin(struct ca_build *b, const struct ca_mech *m, CK_OBJECT_CLASS cls)
{
	b->how = CA_BUILD_GENERATE;
	b->makes = cls;
	b->has_type = true;
	b->type = m->detail;
	b->mechanism = m->type;
	b->token_too = true;
}

CK_RV
ca_generate_key_pair(struct ca_session *ss, const CK_MECHANISM *mech,
    const CK_ATTRIBUTE *public_t, CK_ULONG public_n,
    const CK_ATTRIBUTE *private_t, CK_ULONG private_n,
    CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key)
{
	struct pair p = {0};
	CK_RV rv;

	if (mech == NULL || public_key == NULL || private_key == NULL ||
	    (public_t == NULL && public_n != 0) ||
	    (private_t == NULL && private_n != 0))
		return CKR_ARGUMENTS_BAD;
	p.m = ca_mech_find(ss->slot, mech->mechanism, CKF_GENERATE_KEY_PAIR);
	if (p.m == NULL)
		return CKR_MECHANISM_INVALID;
	if (mech->ulParameterLen != 0)
		return CKR_MECHANISM_PARAM_INVALID;
	begin(&p.pub, p.m, CKO_PUBLIC_KEY);
	begin(&p.prv, p.m, CKO_PRIVATE_KEY);
	rv = ca_slot_check_rv(ss->slot);
	if (rv == CKR_OK)
		rv = read_templates(&p, ss, public_t, public_n, private_t,
		    private_n);
	if (rv == CKR_OK)
		rv = generate(&p, ss, public_key, private_key);
	ca_privkey_free(&p.key);
	ca_build_free(&p.pub);
	ca_build_free(&p.prv);
	return rv;
}
