/* Keys derived from secret keys of the session where something is wrong (3.0
 * mech 2.15, 2.20.5, 2.43, 2.54). What is right is in tests/data/kat. */
#include "tests/conformance/groups.h"
#include "tests/conformance/kdf.h"

static CK_BYTE bytes[64] = {1, 2, 3};
static CK_ULONG bit_0, bit_256 = 256, bit_endless = ~0UL;
static CK_OBJECT_HANDLE no_key;

static const CK_KEY_DERIVATION_STRING_DATA data_16 = {bytes, 16},
					   data_null = {NULL, 16},
					   data_endless = {bytes, ~0UL},
					   data_0 = {NULL, 0},
					   data_15 = {bytes, 15};
static const struct cf_iv_and_data cbc_16 = {{0}, bytes, 16},
				   cbc_null = {{0}, NULL, 16},
				   cbc_endless = {{0}, bytes, ~0UL},
				   cbc_17 = {{0}, bytes, 17};

#define OF(type, param, makes, length)                                         \
	{                                                                      \
		type, &(param), sizeof(param), makes, length, NULL, 0          \
	}
#define HKDF_DERIVE 0x402aUL
#define HKDF_DATA 0x402bUL

static const struct cf_hkdf
    good = {1, 1, CKM_SHA256, 1, NULL, 0, 0, NULL, 0},
    expand = {0, 1, CKM_SHA256, 1, NULL, 0, 0, NULL, 0},
    expand_512 = {0, 1, CKM_SHA512, 1, NULL, 0, 0, NULL, 0},
    extract = {1, 0, CKM_SHA256, 1, NULL, 0, 0, NULL, 0},
    neither = {0, 0, CKM_SHA256, 1, NULL, 0, 0, NULL, 0},
    boolean = {2, 1, CKM_SHA256, 1, NULL, 0, 0, NULL, 0},
    hash = {1, 1, CKM_AES_ECB, 1, NULL, 0, 0, NULL, 0},
    salt_type = {1, 1, CKM_SHA256, 3, NULL, 0, 0, NULL, 0},
    salt_null = {1, 1, CKM_SHA256, 2, NULL, 5, 0, NULL, 0},
    salt_endless = {1, 1, CKM_SHA256, 2, bytes, ~0UL, 0, NULL, 0},
    salt_key = {1, 1, CKM_SHA256, 4, NULL, 0, 0, NULL, 0},
    info_null = {1, 1, CKM_SHA256, 1, NULL, 0, 0, NULL, 5},
    info_endless = {1, 1, CKM_SHA256, 1, NULL, 0, 0, bytes, ~0UL};

/* A key of triple DES gets its parity (2.43.3). */
static CK_RV
parity(struct cf *c, const struct cf_case *k)
{
	CK_BYTE value[24];
	CK_OBJECT_HANDLE base, h;
	size_t n;
	CK_RV rv = cf_base(c, CF_BASE_OPEN, &base);

	if (rv == CKR_OK)
		rv = cf_derive(c, k->p, base, &h);
	if (rv == CKR_OK)
		rv = cf_attr(c, h, CKA_VALUE, value, sizeof(value), &n);
	for (size_t i = 0; rv == CKR_OK && i < sizeof(value); i++)
		if (__builtin_parity(value[i]) != 1)
			return cf_note(c, CF_WRONG, "byte %zu is even", i);
	return rv;
}

/* A second key that may not derive. */
static CK_RV
other_cannot(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE base, other = 0, h;
	struct cf_derive d =
	    OF(CKM_CONCATENATE_BASE_AND_KEY, other, CF_ANY_TYPE, 0);
	CK_RV rv = cf_base(c, CF_BASE_OPEN, &base);

	(void)k;
	if (rv == CKR_OK)
		rv = cf_base(c, CF_BASE_NO_DERIVE, &other);
	return rv == CKR_OK ? cf_derive(c, &d, base, &h) : rv;
}

/* What the token makes is of the type that has this mechanism alone. */
static CK_RV
hkdf_key(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {0x402cUL, NULL, 0};
	CK_BBOOL no = CK_FALSE, yes = CK_TRUE;
	CK_ULONG n = 32;
	CK_ATTRIBUTE t[] = {{CKA_TOKEN, &no, 1}, {CKA_PRIVATE, &no, 1},
	    {CKA_DERIVE, &yes, 1}, {CKA_VALUE_LEN, &n, sizeof(n)}};
	CK_OBJECT_HANDLE h;
	CK_RV rv;

	(void)k;
	if (!cf_mech_listed(c, m.mechanism))
		return cf_note(c, CF_SKIP, "not listed");
	rv = c->f->C_GenerateKey(c->s, &m, t, CF_COUNT(t), &h);
	if (rv == CKR_OK)
		rv = cf_made_is_number(c, h, CKA_KEY_TYPE, 0x42);
	if (rv == CKR_OK)
		rv = cf_made_is_number(c, h, CKA_VALUE_LEN, 32);
	return rv == CKR_OK ? cf_made_is_flag(c, h, CKA_LOCAL, true) : rv;
}

static const struct cf_derive
    no_param = {CKM_XOR_BASE_AND_DATA, NULL, 0, CF_ANY_TYPE, 0, NULL, 0},
    short_param = {CKM_XOR_BASE_AND_DATA, &data_16, sizeof(data_16) - 1,
	CF_ANY_TYPE, 0, NULL, 0},
    param_of_hash = OF(CKM_SHA256_KEY_DERIVATION, data_16, CF_ANY_TYPE, 0),
    null_data = OF(CKM_CONCATENATE_BASE_AND_DATA, data_null, CF_ANY_TYPE, 0),
    endless = OF(CKM_CONCATENATE_DATA_AND_BASE, data_endless, CF_ANY_TYPE, 0),
    xor_nothing = OF(CKM_XOR_BASE_AND_DATA, data_0, CF_ANY_TYPE, 0),
    xor_too_long = OF(CKM_XOR_BASE_AND_DATA, data_16, CF_ANY_TYPE, 17),
    join_too_long = OF(CKM_CONCATENATE_BASE_AND_DATA, data_16, CF_ANY_TYPE, 49),
    no_other = OF(CKM_CONCATENATE_BASE_AND_KEY, no_key, CF_ANY_TYPE, 0),
    aes_no_length = OF(CKM_XOR_BASE_AND_DATA, data_16, CKK_AES, 0),
    aes_of_15 = OF(CKM_XOR_BASE_AND_DATA, data_16, CKK_AES, 15),
    des_of_16 = OF(CKM_XOR_BASE_AND_DATA, data_16, CKK_DES3, 16),
    rsa_type = OF(CKM_XOR_BASE_AND_DATA, data_16, CKK_RSA, 0),
    bit_beyond = OF(CKM_EXTRACT_KEY_FROM_KEY, bit_256, CF_ANY_TYPE, 16),
    bit_far = OF(CKM_EXTRACT_KEY_FROM_KEY, bit_endless, CF_ANY_TYPE, 16),
    cut_no_length = OF(CKM_EXTRACT_KEY_FROM_KEY, bit_0, CF_ANY_TYPE, 0),
    cut_too_long = OF(CKM_EXTRACT_KEY_FROM_KEY, bit_0, CF_ANY_TYPE, 33),
    hash_too_long = {CKM_SHA256_KEY_DERIVATION, NULL, 0, CF_ANY_TYPE, 33, NULL,
	0},
    ecb_of_15 = OF(CKM_AES_ECB_ENCRYPT_DATA, data_15, CF_ANY_TYPE, 0),
    ecb_of_0 = OF(CKM_AES_ECB_ENCRYPT_DATA, data_0, CF_ANY_TYPE, 0),
    ecb_too_short = OF(CKM_AES_ECB_ENCRYPT_DATA, data_16, CF_ANY_TYPE, 17),
    ecb_good = OF(CKM_AES_ECB_ENCRYPT_DATA, data_16, CF_ANY_TYPE, 16),
    cbc_good = OF(CKM_AES_CBC_ENCRYPT_DATA, cbc_16, CF_ANY_TYPE, 16),
    cbc_no_data = OF(CKM_AES_CBC_ENCRYPT_DATA, cbc_null, CF_ANY_TYPE, 16),
    cbc_far = OF(CKM_AES_CBC_ENCRYPT_DATA, cbc_endless, CF_ANY_TYPE, 16),
    cbc_of_17 = OF(CKM_AES_CBC_ENCRYPT_DATA, cbc_17, CF_ANY_TYPE, 16),
    h_no_length = OF(HKDF_DERIVE, good, CF_ANY_TYPE, 0),
    h_too_long = OF(HKDF_DERIVE, good, CF_ANY_TYPE, 8161),
    h_aes = OF(HKDF_DERIVE, good, CKK_AES, 32),
    h_short_prk = OF(HKDF_DERIVE, expand_512, CF_ANY_TYPE, 32),
    h_prk = OF(HKDF_DERIVE, expand, CF_ANY_TYPE, 32),
    h_extract_long = OF(HKDF_DERIVE, extract, CF_ANY_TYPE, 33),
    h_neither = OF(HKDF_DERIVE, neither, CF_ANY_TYPE, 32),
    h_boolean = OF(HKDF_DERIVE, boolean, CF_ANY_TYPE, 32),
    h_hash = OF(HKDF_DERIVE, hash, CF_ANY_TYPE, 32),
    h_salt_type = OF(HKDF_DERIVE, salt_type, CF_ANY_TYPE, 32),
    h_salt_null = OF(HKDF_DERIVE, salt_null, CF_ANY_TYPE, 32),
    h_salt_far = OF(HKDF_DERIVE, salt_endless, CF_ANY_TYPE, 32),
    h_salt_key = OF(HKDF_DERIVE, salt_key, CF_ANY_TYPE, 32),
    h_info_null = OF(HKDF_DERIVE, info_null, CF_ANY_TYPE, 32),
    h_info_far = OF(HKDF_DERIVE, info_endless, CF_ANY_TYPE, 32),
    h_data_no_length = OF(HKDF_DATA, good, CF_ANY_TYPE, 0),
    h_data_typed = OF(HKDF_DATA, good, CKK_AES, 32),
    h_data_too_long = OF(HKDF_DATA, good, CF_ANY_TYPE, 8161),
    des_key = OF(CKM_EXTRACT_KEY_FROM_KEY, bit_0, CKK_DES3, 0);

#define ROW(what, fn, base, d, ...)                                            \
	{                                                                      \
		"C_DeriveKey/" what, "3.0 mech 2.43", CF_RO, 0, fn, base, 0,   \
		    d, CF_ALLOW(__VA_ARGS__)                                   \
	}
#define OPEN(what, d, ...)                                                     \
	ROW(what, cf_derive_row, CF_BASE_OPEN, d, __VA_ARGS__)
#define AES(what, d, ...) ROW(what, cf_derive_row, CF_BASE_AES, d, __VA_ARGS__)
#define PARAM CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD
#define LENGTH                                                                 \
	CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT,                \
	    CKR_KEY_SIZE_RANGE

static const struct cf_case table[] = {
    OPEN("xor-no-parameter", &no_param, PARAM),
    OPEN("xor-short-parameter", &short_param, PARAM),
    OPEN("hash-with-parameter", &param_of_hash, PARAM),
    OPEN("join-no-data", &null_data, PARAM),
    OPEN("join-endless", &endless, PARAM),
    OPEN("xor-with-nothing", &xor_nothing, PARAM, LENGTH),
    OPEN("xor-longer-than-data", &xor_too_long, LENGTH),
    OPEN("join-longer-than-both", &join_too_long, LENGTH),
    OPEN("join-key-zero", &no_other, CKR_KEY_HANDLE_INVALID),
    ROW("join-key-cannot-derive", other_cannot, 0, NULL,
	CKR_KEY_FUNCTION_NOT_PERMITTED),
    OPEN("aes-without-length", &aes_no_length, CKR_TEMPLATE_INCOMPLETE),
    OPEN("aes-of-15", &aes_of_15, LENGTH),
    OPEN("des3-of-16", &des_of_16, LENGTH),
    OPEN("type-of-a-pair", &rsa_type, CKR_ATTRIBUTE_VALUE_INVALID,
	CKR_TEMPLATE_INCONSISTENT),
    ROW("des3-parity", parity, 0, &des_key, CKR_OK),
    OPEN("cut-after-the-end", &bit_beyond, PARAM),
    OPEN("cut-far-away", &bit_far, PARAM),
    OPEN("cut-without-length", &cut_no_length, CKR_TEMPLATE_INCOMPLETE),
    OPEN("cut-longer-than-base", &cut_too_long, LENGTH),
    OPEN("hash-longer-than-it-is", &hash_too_long, LENGTH),
    ROW("base-cannot-derive", cf_derive_row, CF_BASE_NO_DERIVE, &hash_too_long,
	CKR_KEY_FUNCTION_NOT_PERMITTED),
    OPEN("ecb-with-generic-key", &ecb_good, CKR_KEY_TYPE_INCONSISTENT),
    OPEN("cbc-with-generic-key", &cbc_good, CKR_KEY_TYPE_INCONSISTENT),
    AES("ecb-of-15", &ecb_of_15, PARAM),
    AES("ecb-of-nothing", &ecb_of_0, PARAM),
    AES("ecb-too-short", &ecb_too_short, CKR_DATA_LEN_RANGE),
    AES("cbc-no-data", &cbc_no_data, PARAM),
    AES("cbc-endless", &cbc_far, PARAM),
    AES("cbc-of-17", &cbc_of_17, PARAM),
    ROW("hkdf-key-made", hkdf_key, 0, NULL, CKR_OK),
    OPEN("hkdf-without-length", &h_no_length, CKR_TEMPLATE_INCOMPLETE),
    OPEN("hkdf-too-long", &h_too_long, LENGTH),
    AES("hkdf-with-aes-key", &h_aes, CKR_KEY_TYPE_INCONSISTENT),
    OPEN("hkdf-expand-a-short-key", &h_short_prk, CKR_KEY_SIZE_RANGE),
    OPEN("hkdf-expand", &h_prk, CKR_OK),
    OPEN("hkdf-extract-too-long", &h_extract_long, LENGTH),
    OPEN("hkdf-neither", &h_neither, PARAM),
    OPEN("hkdf-no-boolean", &h_boolean, PARAM),
    OPEN("hkdf-no-hash", &h_hash, PARAM),
    OPEN("hkdf-unknown-salt", &h_salt_type, PARAM),
    OPEN("hkdf-no-salt", &h_salt_null, PARAM),
    OPEN("hkdf-endless-salt", &h_salt_far, PARAM),
    OPEN("hkdf-salt-key-zero", &h_salt_key, CKR_KEY_HANDLE_INVALID),
    OPEN("hkdf-no-info", &h_info_null, PARAM),
    OPEN("hkdf-endless-info", &h_info_far, PARAM),
    OPEN("hkdf-data-without-length", &h_data_no_length,
	CKR_TEMPLATE_INCOMPLETE),
    OPEN("hkdf-data-with-type", &h_data_typed, CKR_TEMPLATE_INCONSISTENT),
    OPEN("hkdf-data-too-long", &h_data_too_long, LENGTH, CKR_DATA_LEN_RANGE),
};

CF_GROUP(cf_group_kdf, table)
