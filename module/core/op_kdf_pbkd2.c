/* CKM_PKCS5_PBKD2: C_GenerateKey from a password (PKCS#11 current mechanisms
 * 3.0, section 2.28). */
#include "module/core/op_kdf_pbkd2.h"

#include <string.h>

#include "module/core/builder.h"
#include "module/core/des_key.h"
#include "module/core/key_value.h"
#include "module/core/mech.h"
#include "module/core/op_kdf.h"
#include "module/core/param.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/crypto/kdf.h"
#include "pcsc/base/secret.h"

#define PASSWORD_MAX 65535UL
/* No program is mapped below: 64-bit ones begin at 4 MiB, others have at least
 * the kernel's lowest address. */
#define ADDRESS_MIN (sizeof(CK_ULONG) > 4 ? 0x400000UL : 0x10000UL)

struct from_password {
	struct ca_pbkdf2 how;
	struct ca_rd password;
};

static enum ca_hash
prf_hash(CK_ULONG prf)
{
	static const struct {
		CK_ULONG prf;
		enum ca_hash hash;
	} rows[] = {
	    {CKP_PKCS5_PBKD2_HMAC_SHA1, CA_HASH_SHA1},
	    {CKP_PKCS5_PBKD2_HMAC_SHA224, CA_HASH_SHA224},
	    {CKP_PKCS5_PBKD2_HMAC_SHA256, CA_HASH_SHA256},
	    {CKP_PKCS5_PBKD2_HMAC_SHA384, CA_HASH_SHA384},
	    {CKP_PKCS5_PBKD2_HMAC_SHA512, CA_HASH_SHA512},
	    {CKP_PKCS5_PBKD2_HMAC_SHA512_224, CA_HASH_SHA512_224},
	    {CKP_PKCS5_PBKD2_HMAC_SHA512_256, CA_HASH_SHA512_256},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (rows[i].prf == prf)
			return rows[i].hash;
	return CA_HASH_NONE;
}

/*
 * The last field is the password's length; before 2.40 errata 01 it was a
 * pointer to it. Both structures have one size, so the value tells: a length is
 * at most 65535, and no process has memory at such an address. What is between
 * that and the first address is a length that is too long.
 */
static bool
password_length(CK_ULONG field, CK_ULONG *out)
{
	const CK_ULONG *at;

	*out = field;
	if (field <= PASSWORD_MAX)
		return true;
	if (field < ADDRESS_MIN || field % sizeof(*at) != 0)
		return false;
	memcpy(&at, &field, sizeof(at));
	*out = *at;
	return *out <= PASSWORD_MAX;
}

static CK_RV
read_params(struct from_password *f, const CK_MECHANISM *given)
{
	CK_PKCS5_PBKD2_PARAMS2 p;
	CK_ULONG n = 0;
	CK_RV rv = ca_param_copy(given, &p, sizeof(p));

	if (rv != CKR_OK)
		return rv;
	f->how.prf = prf_hash(p.prf);
	f->how.iterations = p.iterations;
	if (p.saltSource != CKZ_SALT_SPECIFIED ||
	    !ca_param_view(p.pSaltSourceData, p.ulSaltSourceDataLen,
		&f->how.salt) ||
	    p.iterations == 0 || p.iterations > CA_PBKD2_ROUNDS_MAX ||
	    f->how.prf == CA_HASH_NONE || p.ulPrfDataLen != 0 ||
	    !password_length(p.ulPasswordLen, &n) ||
	    (p.pPassword == NULL && n != 0))
		return CKR_MECHANISM_PARAM_INVALID;
	f->password = ca_rd_of(p.pPassword, n);
	return CKR_OK;
}

/* 2.28.6: type and length are told, unless the type has only one. */
static CK_RV
settle_length(const struct ca_build *b, size_t *out)
{
	size_t of_type = ca_des_key_bytes(b->type);

	*out = ca_attrs_number(&b->a, CKA_VALUE_LEN);
	if (!ca_attrs_has(&b->a, CKA_VALUE_LEN)) {
		if (of_type == 0)
			return CKR_TEMPLATE_INCOMPLETE;
		*out = of_type;
	}
	return ca_key_value_fits(b->type, *out);
}

static CK_RV
make_value(const struct from_password *f, struct ca_build *b)
{
	uint8_t made[CA_GENERIC_BYTES_MAX];
	size_t n = 0, len = ca_hash_len(f->how.prf);
	CK_RV rv = settle_length(b, &n);
	ca_err e;

	if (rv != CKR_OK)
		return rv;
	if (f->how.iterations > CA_PBKD2_ROUNDS_MAX / ((n + len - 1) / len))
		return CKR_MECHANISM_PARAM_INVALID;
	e = ca_pbkdf2(&f->how, f->password, made, n);
	if (e == CA_OK)
		e = ca_attrs_put(&b->a, CKA_VALUE, ca_rd_of(made, n));
	ca_wipe(made, sizeof(made));
	return ca_rv(e, CA_CALL_DERIVE);
}

static CK_RV
check_type(const CK_ATTRIBUTE *t, CK_ULONG n)
{
	if (t == NULL)
		return n != 0 ? CKR_ARGUMENTS_BAD : CKR_TEMPLATE_INCOMPLETE;
	for (CK_ULONG i = 0; i < n; i++)
		if (t[i].type == CKA_KEY_TYPE)
			return CKR_OK;
	return CKR_TEMPLATE_INCOMPLETE;
}

CK_RV
ca_generate_pbkd2(struct ca_session *ss, const CK_MECHANISM *given,
    const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct ca_build b = {.how = CA_BUILD_GENERATE,
	    .makes = CKO_SECRET_KEY,
	    .mechanism = given->mechanism};
	struct from_password f;
	CK_RV rv = read_params(&f, given);

	if (rv == CKR_OK)
		rv = check_type(t, n);
	if (rv == CKR_OK)
		rv = ca_slot_check_rv(ss->slot);
	if (rv == CKR_OK)
		rv = ca_build_begin(&b, ss, t, n);
	if (rv == CKR_OK)
		rv = make_value(&f, &b);
	if (rv == CKR_OK)
		rv = ca_build_end(&b, ss, out);
	ca_build_free(&b);
	return rv;
}
