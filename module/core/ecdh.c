#include "module/core/ecdh.h"

#include "module/core/builder.h"
#include "module/core/key_value.h"
#include "module/core/param.h"
#include "module/crypto/secret_key.h"
#include "pcsc/base/buf.h"
#include "pcsc/base/secret.h"

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
find_kdf(struct ca_ecdh *d, CK_ULONG kdf)
{
	for (size_t i = 0; i < CA_COUNT(kdfs); i++)
		if (kdfs[i].kdf == kdf) {
			d->kdf = kdfs[i].hash;
			d->one_step = kdfs[i].one_step;
			return true;
		}
	return false;
}

CK_RV
ca_ecdh_read(struct ca_ecdh *d, const CK_MECHANISM *given, bool sent_apart)
{
	CK_ECDH1_DERIVE_PARAMS p;

	if (ca_param_copy(given, &p, sizeof(p)) != CKR_OK)
		return CKR_MECHANISM_PARAM_INVALID;
	if (!find_kdf(d, p.kdf) ||
	    !ca_param_view(p.shared_data, p.shared_data_len, &d->shared) ||
	    (p.public_data == NULL) != sent_apart ||
	    (sent_apart && p.public_data_len != 0) ||
	    p.public_data_len > CA_BUF_MAX)
		return CKR_MECHANISM_PARAM_INVALID;
	/* 2.3.17: with CKD_NULL there is nothing to share. */
	if (d->kdf == CA_HASH_NONE && p.shared_data_len != 0)
		return CKR_MECHANISM_PARAM_INVALID;
	d->given = ca_rd_of(p.public_data, p.public_data_len);
	return CKR_OK;
}

CK_RV
ca_ecdh_length(struct ca_ecdh *d, const struct ca_build *b)
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
ca_err
ca_ecdh_value(const struct ca_ecdh *d, struct ca_rd secret, struct ca_attrs *a)
{
	uint8_t made[CA_GENERIC_BYTES_MAX];
	ca_err e;

	if (secret.n != d->field)
		return CA_E_MALFORMED;
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
