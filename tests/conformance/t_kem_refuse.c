/* What C_EncapsulateKey and C_DecapsulateKey refuse: 3.2 5.18.8, 5.18.9. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/kem.h"

static CK_BYTE data[1] = {1};

#define GEN CKK_GENERIC_SECRET
static const struct cf_kem
    pkcs = {CKM_RSA_PKCS, &cf_pair_rsa, 0, CKK_AES, 32, 32, 256},
    oaep_48 = {CKM_RSA_PKCS_OAEP, &cf_pair_rsa, 0, GEN, 48, 48, 256},
    p256 = {CKM_ECDH1_DERIVE, &cf_pair_p256, CKD_NULL, GEN, 0, 32, 65},
    x25519 = {CKM_ECDH1_DERIVE, &cf_pair_x25519, CKD_NULL, GEN, 0, 32, 32},
    pkcs_no_length = {CKM_RSA_PKCS, &cf_pair_rsa, 0, GEN, 0, 0, 0},
    pkcs_too_long = {CKM_RSA_PKCS, &cf_pair_rsa, 0, GEN, 246, 0, 0},
    oaep_too_long = {CKM_RSA_PKCS_OAEP, &cf_pair_rsa, 0, GEN, 191, 0, 0},
    aes_of_17 = {CKM_RSA_PKCS, &cf_pair_rsa, 0, CKK_AES, 17, 0, 0},
    kdf_no_length = {CKM_ECDH1_DERIVE, &cf_pair_p256, CKD_SHA256_KDF, GEN, 0, 0,
	0},
    ec_too_long = {CKM_ECDH1_DERIVE, &cf_pair_p256, CKD_NULL, GEN, 33, 0, 0},
    rsa_with_ec = {CKM_RSA_PKCS, &cf_pair_p256, 0, GEN, 16, 0, 0},
    ecdh_with_rsa = {CKM_ECDH1_DERIVE, &cf_pair_rsa, CKD_NULL, GEN, 16, 0, 0},
    cofactor_x = {CKM_ECDH1_COFACTOR_DERIVE, &cf_pair_x25519, CKD_NULL, GEN, 0,
	0, 0},
    no_such = {CKM_AES_KEY_WRAP, &cf_pair_rsa, 0, GEN, 16, 0, 0};

enum bend {
	STRAIGHT,
	NO_MECH,
	NO_PARAM,
	SHORT_PARAM,
	PUBLIC_DATA,
	UNKNOWN_KDF,
	SHARED_WITHOUT_KDF,
	NO_RIGHT,
	KEY_ZERO,
	OTHER_HALF,
	NO_TEMPLATE,
	OTHER_CLASS,
	VALUE_GIVEN,
	NO_LENGTH,
	NO_HANDLE,
	NO_INPUT,
	CUT,
	CHANGED,
	EMPTY,
	ALL_ZERO,
};

static void
bend_params(struct cf_kem_round *r, enum bend bend)
{
	if (bend == NO_PARAM)
		r->m = (CK_MECHANISM){r->m.mechanism, NULL, 0};
	if (bend == SHORT_PARAM)
		r->m.ulParameterLen--;
	if (bend == PUBLIC_DATA) {
		r->ecdh.public_data = data;
		r->ecdh.public_data_len = sizeof(data);
	}
	if (bend == UNKNOWN_KDF)
		r->ecdh.kdf = 0x7badc0deUL;
	if (bend == SHARED_WITHOUT_KDF) {
		r->ecdh.shared_data = cf_kem_shared;
		r->ecdh.shared_data_len = sizeof(cf_kem_shared);
	}
	if (bend == OTHER_CLASS)
		r->cls = CKO_DATA;
	if (bend == VALUE_GIVEN)
		cf_kem_add(r, CKA_VALUE, cf_kem_shared, sizeof(cf_kem_shared));
}

/* p: what; a: the bend. */
static CK_RV
not_sent(struct cf *c, const struct cf_case *k)
{
	enum bend bend = (enum bend)k->a;
	struct cf_kem_round r;
	CK_RV rv = cf_kem_begin(c, &r, k->p, bend != NO_RIGHT, true);
	CK_ULONG before = rv == CKR_OK ? cf_kem_keys(c) : 0;

	if (rv != CKR_OK)
		return rv;
	bend_params(&r, bend);
	rv = c->f32->C_EncapsulateKey(c->s, bend == NO_MECH ? NULL : &r.m,
	    bend == KEY_ZERO     ? 0
	    : bend == OTHER_HALF ? r.prv
				 : r.pub,
	    bend == NO_TEMPLATE ? NULL : r.t, r.n, r.sent,
	    bend == NO_LENGTH ? NULL : &r.sent_n,
	    bend == NO_HANDLE ? NULL : &r.key);
	return cf_kem_keys(c) == before && r.sent[0] == CF_KEM_UNTOUCHED
		   ? rv
		   : cf_note(c, CF_WRONG, "0x%lx, and yet something came", rv);
}

static void
bend_sent(struct cf_kem_round *r, enum bend bend)
{
	if (bend == CUT)
		r->sent_n--;
	if (bend == EMPTY)
		r->sent_n = 0;
	if (bend == CHANGED)
		r->sent[r->sent_n - 1] ^= 1;
	if (bend == ALL_ZERO)
		memset(r->sent, 0, r->sent_n);
}

/* p: what, which is good to encapsulate; a: the bend. */
static CK_RV
not_received(struct cf *c, const struct cf_case *k)
{
	enum bend bend = (enum bend)k->a;
	struct cf_kem_round r;
	CK_RV rv = cf_kem_begin(c, &r, k->p, true, bend != NO_RIGHT);

	if (rv != CKR_OK || (rv = cf_kem_send(c, &r)) != CKR_OK)
		return rv;
	bend_params(&r, bend);
	bend_sent(&r, bend);
	return c->f32->C_DecapsulateKey(c->s, bend == NO_MECH ? NULL : &r.m,
	    bend == KEY_ZERO     ? 0
	    : bend == OTHER_HALF ? r.pub
				 : r.prv,
	    bend == NO_TEMPLATE ? NULL : r.t, r.n,
	    bend == NO_INPUT ? NULL : r.sent, r.sent_n,
	    bend == NO_HANDLE ? NULL : &r.back);
}

/* A private key of another type, by the mechanism of p. */
static CK_RV
other_type(struct cf *c, const struct cf_case *k)
{
	struct cf_kem_round r;
	CK_RV rv = cf_kem_begin(c, &r, k->p, true, true);

	if (rv != CKR_OK)
		return rv;
	r.sent_n = 65;
	return cf_kem_receive(c, &r);
}

#define ROW(what, state, need, fn, a, p, ...)                                  \
	{                                                                      \
		what, "3.2 5.18.8, 5.18.9", state, CF_NEED_32 | (need), fn, a, \
		    0, p, CF_ALLOW(__VA_ARGS__)                                \
	}
#define BADE(what, bend, p, ...)                                               \
	ROW("C_EncapsulateKey/" what, CF_RO, 0, not_sent, bend, &(p),          \
	    __VA_ARGS__)
#define BADD(what, bend, p, ...)                                               \
	ROW("C_DecapsulateKey/" what, CF_RO, 0, not_received, bend, &(p),      \
	    __VA_ARGS__)
#define PARAM CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD
#define NULL_MECH CKR_ARGUMENTS_BAD, CKR_MECHANISM_INVALID
#define LENGTH CKR_ATTRIBUTE_VALUE_INVALID, CKR_KEY_SIZE_RANGE
#define RIGHT CKR_KEY_FUNCTION_NOT_PERMITTED
#define NO_POINT CKR_WRAPPED_KEY_INVALID, CKR_WRAPPED_KEY_LEN_RANGE

static const struct cf_case table[] = {
    BADE("no-mechanism", NO_MECH, p256, NULL_MECH),
    BADE("other-mechanism", STRAIGHT, no_such, CKR_MECHANISM_INVALID),
    BADE("no-parameter", NO_PARAM, p256, PARAM),
    BADE("no-oaep-parameter", NO_PARAM, oaep_48, PARAM),
    BADE("short-parameter", SHORT_PARAM, p256, PARAM),
    BADE("public-data", PUBLIC_DATA, p256, PARAM),
    BADE("unknown-kdf", UNKNOWN_KDF, p256, PARAM),
    BADE("shared-data-without-kdf", SHARED_WITHOUT_KDF, p256, PARAM),
    BADE("no-right-rsa", NO_RIGHT, pkcs, RIGHT),
    BADE("no-right-ecdh", NO_RIGHT, p256, RIGHT),
    BADE("key-zero", KEY_ZERO, p256, CKR_KEY_HANDLE_INVALID),
    BADE("private-half", OTHER_HALF, p256, RIGHT, CKR_KEY_TYPE_INCONSISTENT,
	CKR_KEY_HANDLE_INVALID),
    BADE("rsa-with-ec", STRAIGHT, rsa_with_ec, CKR_KEY_TYPE_INCONSISTENT),
    BADE("ecdh-with-rsa", STRAIGHT, ecdh_with_rsa, CKR_KEY_TYPE_INCONSISTENT),
    BADE("cofactor-montgomery", STRAIGHT, cofactor_x,
	CKR_KEY_TYPE_INCONSISTENT),
    BADE("no-template", NO_TEMPLATE, p256, CKR_ARGUMENTS_BAD),
    BADE("into-data", OTHER_CLASS, p256, CKR_TEMPLATE_INCONSISTENT,
	CKR_ATTRIBUTE_VALUE_INVALID),
    BADE("value-given", VALUE_GIVEN, p256, CKR_ATTRIBUTE_READ_ONLY,
	CKR_TEMPLATE_INCONSISTENT),
    BADE("no-length", NO_LENGTH, p256, CKR_ARGUMENTS_BAD),
    BADE("no-handle", NO_HANDLE, p256, CKR_ARGUMENTS_BAD),
    BADE("rsa-without-value-len", STRAIGHT, pkcs_no_length,
	CKR_TEMPLATE_INCOMPLETE),
    BADE("kdf-without-value-len", STRAIGHT, kdf_no_length,
	CKR_TEMPLATE_INCOMPLETE),
    BADE("rsa-pkcs-too-long", STRAIGHT, pkcs_too_long, LENGTH),
    BADE("rsa-oaep-too-long", STRAIGHT, oaep_too_long, LENGTH),
    BADE("ecdh-too-long", STRAIGHT, ec_too_long, LENGTH),
    BADE("aes-of-17-bytes", STRAIGHT, aes_of_17, LENGTH),
    BADD("no-mechanism", NO_MECH, p256, NULL_MECH),
    BADD("no-parameter", NO_PARAM, p256, PARAM),
    BADD("public-data", PUBLIC_DATA, p256, PARAM),
    BADD("no-right-rsa", NO_RIGHT, pkcs, RIGHT),
    BADD("no-right-oaep", NO_RIGHT, oaep_48, RIGHT),
    BADD("no-right-ecdh", NO_RIGHT, p256, RIGHT),
    BADD("key-zero-rsa", KEY_ZERO, pkcs, CKR_UNWRAPPING_KEY_HANDLE_INVALID),
    BADD("key-zero-ecdh", KEY_ZERO, p256, CKR_UNWRAPPING_KEY_HANDLE_INVALID),
    BADD("public-half", OTHER_HALF, p256, RIGHT,
	CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT,
	CKR_UNWRAPPING_KEY_HANDLE_INVALID),
    ROW("C_DecapsulateKey/rsa-with-ec", CF_RO, 0, other_type, 0, &rsa_with_ec,
	CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT),
    ROW("C_DecapsulateKey/ecdh-with-rsa", CF_RO, 0, other_type, 0,
	&ecdh_with_rsa, CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT),
    BADD("no-template", NO_TEMPLATE, p256, CKR_ARGUMENTS_BAD),
    BADD("into-data-rsa", OTHER_CLASS, pkcs, CKR_TEMPLATE_INCONSISTENT,
	CKR_ATTRIBUTE_VALUE_INVALID),
    BADD("into-data-ecdh", OTHER_CLASS, p256, CKR_TEMPLATE_INCONSISTENT,
	CKR_ATTRIBUTE_VALUE_INVALID),
    BADD("no-input", NO_INPUT, p256, CKR_ARGUMENTS_BAD),
    BADD("no-handle", NO_HANDLE, p256, CKR_ARGUMENTS_BAD),
    BADD("point-cut", CUT, p256, NO_POINT),
    BADD("point-empty", EMPTY, p256, NO_POINT),
    BADD("point-off-the-curve", CHANGED, p256, NO_POINT),
    BADD("x25519-zero", ALL_ZERO, x25519, NO_POINT),
    BADD("rsa-cut", CUT, pkcs, CKR_WRAPPED_KEY_LEN_RANGE),
    BADD("oaep-changed", CHANGED, oaep_48, CKR_WRAPPED_KEY_INVALID),
};

CF_GROUP(cf_group_kem_refuse, table)
