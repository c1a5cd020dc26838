#include "module/core/key_value.h"

#include "module/core/des_key.h"
#include "module/core/key_pair_value.h"
#include "module/core/rv.h"
#include "module/core/wrap_rule.h"
#include "module/crypto/hash.h"
#include "module/crypto/point.h"
#include "module/crypto/secret_key.h"
#include "pcsc/ossl/curve.h"

static CK_RV
rv_of(ca_err e)
{
	if (e == CA_OK)
		return CKR_OK;
	if (e == CA_E_REFUSED)
		return CKR_TEMPLATE_INCONSISTENT;
	if (e == CA_E_NOT_FOUND)
		return CKR_TEMPLATE_INCOMPLETE;
	return e == CA_E_NOMEM ? CKR_HOST_MEMORY : CKR_ATTRIBUTE_VALUE_INVALID;
}

bool
ca_key_curve_fits(CK_KEY_TYPE type, struct ca_rd params)
{
	const struct ca_curve *c = ca_curve_find(params);

	if (c == NULL)
		return false;
	switch (c->kind) {
	case CA_CURVE_SHORT:
		return type == CKK_EC;
	case CA_CURVE_EDWARDS:
		return type == CKK_EC_EDWARDS;
	case CA_CURVE_MONTGOMERY:
		return type == CKK_EC_MONTGOMERY;
	}
	return false;
}

CK_RV
ca_key_value_fits(CK_KEY_TYPE type, size_t n)
{
	size_t fixed = ca_des_key_bytes(type);
	bool ok = type == CKK_AES ? n == 16 || n == 24 || n == 32
		  : fixed != 0    ? n == fixed
				  : n != 0 && n <= CA_GENERIC_BYTES_MAX;

	return ok ? CKR_OK : CKR_ATTRIBUTE_VALUE_INVALID;
}

/* PKCS#11 4.10.2: of a cipher's key, the encryption of zeros; of other values
 * the hash. An application that gives an empty one wants none. */
static CK_RV
settle_check_value(struct ca_attrs *a, ca_err made, struct ca_rd check)
{
	struct ca_rd given;

	if (made != CA_OK)
		return rv_of(made);
	if (ca_attrs_get(a, CKA_CHECK_VALUE, &given))
		return given.n == 0 || ca_rd_equal(given, check)
			   ? CKR_OK
			   : CKR_ATTRIBUTE_VALUE_INVALID;
	return rv_of(ca_attrs_put(a, CKA_CHECK_VALUE, check));
}

static CK_RV
hash_check_value(struct ca_attrs *a, struct ca_rd value)
{
	uint8_t hash[CA_HASH_LEN_MAX];
	struct ca_wr w = ca_wr_of(hash, sizeof(hash));
	ca_err e = ca_hash_once(CA_HASH_SHA1, value, &w);

	return settle_check_value(a, e, ca_rd_of(hash, CA_CHECK_VALUE_BYTES));
}

static CK_RV
settle_secret(struct ca_build *b)
{
	struct ca_rd value = ca_attrs_value(&b->a, CKA_VALUE);
	uint8_t check[CA_CHECK_VALUE_BYTES];
	ca_err e;
	CK_RV rv = ca_key_value_fits(b->type, value.n);

	if (rv != CKR_OK)
		return rv;
	rv = rv_of(ca_attrs_put_number(&b->a, CKA_VALUE_LEN, value.n));
	if (rv == CKR_OK && ca_des_key_bytes(b->type) != 0)
		rv = ca_des_key_parity(b);
	if (rv != CKR_OK)
		return rv;
	value = ca_attrs_value(&b->a, CKA_VALUE);
	if (b->type != CKK_AES && ca_des_key_bytes(b->type) == 0)
		return hash_check_value(&b->a, value);
	e = b->type == CKK_AES ? ca_aes_check_value(value, check)
			       : ca_des3_check_value(value, check);
	return settle_check_value(&b->a, e, ca_rd_of(check, sizeof(check)));
}

/* PKCS#11 4.6.3: a certificate has a value, or says where it is. */
static CK_RV
settle_cert(struct ca_build *b)
{
	struct ca_rd value = ca_attrs_value(&b->a, CKA_VALUE);

	if (value.n == 0 && ca_attrs_value(&b->a, CKA_URL).n == 0)
		return CKR_TEMPLATE_INCOMPLETE;
	return value.n != 0 ? hash_check_value(&b->a, value) : CKR_OK;
}

/* Where the key comes from (PKCS#11 4.8 to 4.10). What an application brings
 * was outside before. */
static CK_RV
settle_history(struct ca_build *b)
{
	bool made = b->how == CA_BUILD_GENERATE;
	bool always =
	    b->how == CA_BUILD_DERIVE ? b->base_always_sensitive : made;
	bool never =
	    b->how == CA_BUILD_DERIVE ? b->base_never_extractable : made;
	ca_err e = ca_attrs_put_flag(&b->a, CKA_LOCAL, made);

	if (e == CA_OK && b->cls != CKO_DOMAIN_PARAMETERS)
		e = ca_attrs_put_number(&b->a, CKA_KEY_GEN_MECHANISM,
		    made ? b->mechanism : CK_UNAVAILABLE_INFORMATION);
	if (b->cls != CKO_PRIVATE_KEY && b->cls != CKO_SECRET_KEY)
		return rv_of(e);
	if (e == CA_OK)
		e = ca_attrs_put_flag(&b->a, CKA_ALWAYS_SENSITIVE,
		    always && ca_attrs_flag(&b->a, CKA_SENSITIVE));
	if (e == CA_OK)
		e = ca_attrs_put_flag(&b->a, CKA_NEVER_EXTRACTABLE,
		    never && !ca_attrs_flag(&b->a, CKA_EXTRACTABLE));
	if (e == CA_OK)
		e = ca_wrap_rule_born(b);
	return rv_of(e);
}

static CK_RV
settle_domain(struct ca_build *b)
{
	struct ca_rd p = ca_attrs_value(&b->a, CKA_PRIME);

	if (p.n == 0 || p.n > CA_RSA_BYTES_MAX || ca_rd_all(p, 0))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	return rv_of(ca_attrs_put_number(&b->a, CKA_PRIME_BITS,
	    ca_bit_length(p)));
}

static CK_RV
settle_pair(struct ca_build *b)
{
	if (b->type == CKK_RSA)
		return rv_of(ca_key_pair_rsa(b));
	if (!ca_key_curve_fits(b->type, ca_attrs_value(&b->a, CKA_EC_PARAMS)))
		return CKR_CURVE_NOT_SUPPORTED;
	return rv_of(ca_key_pair_ec(b));
}

CK_RV
ca_key_value_settle(struct ca_build *b)
{
	CK_RV rv;

	switch (b->cls) {
	case CKO_DATA:
		return CKR_OK;
	case CKO_CERTIFICATE:
		return settle_cert(b);
	case CKO_SECRET_KEY:
		rv = settle_secret(b);
		break;
	case CKO_DOMAIN_PARAMETERS:
		rv = settle_domain(b);
		break;
	default:
		rv = settle_pair(b);
		break;
	}
	return rv == CKR_OK ? settle_history(b) : rv;
}
