/* HKDF (RFC 5869; PKCS#11 current mechanisms 3.0, section 2.54). */
#include "module/core/key_value.h"
#include "module/core/op_kdf.h"
#include "module/core/param.h"
#include "module/crypto/kdf.h"
#include "pcsc/base/secret.h"

/* The salt: data, or the value of another key. */
static CK_RV
read_salt(struct ca_kdf *k, const CK_HKDF_PARAMS *p)
{
	CK_RV rv;

	switch (p->ulSaltType) {
	case CKF_HKDF_SALT_NULL:
		return CKR_OK;
	case CKF_HKDF_SALT_DATA:
		return ca_param_view(p->pSalt, p->ulSaltLen, &k->iv)
			   ? CKR_OK
			   : CKR_MECHANISM_PARAM_INVALID;
	case CKF_HKDF_SALT_KEY:
		rv = ca_kdf_other(k, p->hSaltKey);
		if (rv == CKR_OK)
			k->iv = ca_attrs_value(&k->other->a, CKA_VALUE);
		return rv;
	default:
		return CKR_MECHANISM_PARAM_INVALID;
	}
}

static bool
is_bool(CK_BBOOL b)
{
	return b == CK_TRUE || b == CK_FALSE;
}

/* What is not used is not looked at (2.54.3). */
static CK_RV
read(struct ca_kdf *k, const CK_MECHANISM *given)
{
	CK_HKDF_PARAMS p;
	CK_RV rv = ca_param_copy(given, &p, sizeof(p));

	if (rv != CKR_OK)
		return rv;
	k->extract = p.bExtract == CK_TRUE;
	k->expand = p.bExpand == CK_TRUE;
	k->hash = ca_mech_hash(p.prfHashMechanism);
	if (!is_bool(p.bExtract) || !is_bool(p.bExpand) ||
	    (!k->extract && !k->expand) || k->hash == CA_HASH_NONE ||
	    (k->expand && !ca_param_view(p.pInfo, p.ulInfoLen, &k->data)))
		return CKR_MECHANISM_PARAM_INVALID;
	/* RFC 5869, 2.3: what is expanded has at least a hash's length. */
	if (!k->extract && k->key.n < ca_hash_len(k->hash))
		return CKR_KEY_SIZE_RANGE;
	return k->extract ? read_salt(k, &p) : CKR_OK;
}

static size_t
most(const struct ca_kdf *k)
{
	return k->expand ? ca_hkdf_max(k->hash) : ca_hash_len(k->hash);
}

/* What was extracted is a hash; how much is expanded has to be said. */
static bool
has_length(const struct ca_kdf *k)
{
	return !k->expand;
}

static ca_err
make(const struct ca_kdf *k, size_t n, struct ca_wr *out)
{
	uint8_t prk[CA_HASH_LEN_MAX], made[CA_GENERIC_BYTES_MAX];
	struct ca_rd key = k->key;
	ca_err e = CA_OK;

	if (k->extract) {
		e = ca_hkdf_extract(k->hash, k->iv, k->key, prk);
		key = ca_rd_of(prk, ca_hash_len(k->hash));
	}
	if (e == CA_OK && k->expand)
		e = ca_hkdf_expand(k->hash, key, k->data, made, n);
	if (e == CA_OK)
		ca_wr_mem(out, k->expand ? made : prk, n);
	ca_wipe(prk, sizeof(prk));
	ca_wipe(made, sizeof(made));
	return e == CA_OK && !ca_wr_ok(out) ? CA_E_BUG : e;
}

const struct ca_kdf_kind ca_kdf_hkdf = {
    .read = read,
    .most = most,
    .has_length = has_length,
    .make = make,
    .too_short = CKR_ATTRIBUTE_VALUE_INVALID,
};
