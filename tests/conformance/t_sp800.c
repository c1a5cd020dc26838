/* SP 800-108 (3.0 mech 2.42) where something is wrong. What is right is in
 * tests/data/kat. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/kdf.h"

#define COUNTER 0x3acUL
#define FEEDBACK 0x3adUL

static CK_BYTE bytes[16];
static const struct cf_prf_counter c8 = {0, 8}, c0 = {0, 0}, c12 = {0, 12},
				   c64 = {0, 64}, c_bool = {2, 8};
static const struct cf_prf_length l32 = {1, 0, 32}, l_method = {3, 0, 32},
				  l_endless = {1, 0, ~0UL};

#define PART(type, v)                                                          \
	{                                                                      \
		type, (void *)(uintptr_t) & (v), sizeof(v)                     \
	}
#define COUNTS PART(CF_SP800_ITERATION, c8)
#define BEFORE                                                                 \
	{                                                                      \
		CF_SP800_ITERATION, NULL, 0                                    \
	}
#define SET(name, ...) static struct cf_prf_data name[] = {__VA_ARGS__}

SET(good, COUNTS, {CF_SP800_BYTES, bytes, 16});
SET(before, BEFORE, {CF_SP800_BYTES, bytes, 16});
SET(none, {CF_SP800_BYTES, bytes, 16});
SET(twice, COUNTS, COUNTS);
SET(before_twice, BEFORE, BEFORE);
SET(counter, COUNTS, PART(CF_SP800_COUNTER, c8));
SET(two_counters, BEFORE, PART(CF_SP800_COUNTER, c8),
    PART(CF_SP800_COUNTER, c8));
SET(of_0, PART(CF_SP800_ITERATION, c0));
SET(of_12, PART(CF_SP800_ITERATION, c12));
SET(of_64, PART(CF_SP800_ITERATION, c64));
SET(no_boolean, PART(CF_SP800_ITERATION, c_bool));
SET(no_format, {CF_SP800_ITERATION, NULL, sizeof(c8)});
SET(short_format, {CF_SP800_ITERATION, bytes, 3});
SET(two_lengths, COUNTS, PART(CF_SP800_LENGTH, l32),
    PART(CF_SP800_LENGTH, l32));
SET(method, COUNTS, PART(CF_SP800_LENGTH, l_method));
SET(length_endless, COUNTS, PART(CF_SP800_LENGTH, l_endless));
SET(no_bytes, COUNTS, {CF_SP800_BYTES, NULL, 16});
SET(empty_bytes, COUNTS, {CF_SP800_BYTES, bytes, 0});
SET(endless_bytes, COUNTS, {CF_SP800_BYTES, bytes, ~0UL});
SET(unknown, COUNTS, {99, bytes, 16});
static struct cf_prf_data many[4096];

/* A derivation of 32 bytes. */
static CK_RV
run(struct cf *c, CK_MECHANISM_TYPE type, struct cf_prf_data *d, CK_ULONG n,
    CK_MECHANISM_TYPE prf)
{
	struct cf_sp800_counter one = {prf, n, d, 0, NULL};
	struct cf_sp800_feedback two = {prf, n, d, 0, NULL, 0, NULL};
	struct cf_derive how = {
	    type, &one, sizeof(one), CF_ANY_TYPE, 32, NULL, 0};
	CK_OBJECT_HANDLE base, h;
	CK_RV rv = cf_base(c, CF_BASE_OPEN, &base);

	if (type == FEEDBACK) {
		how.param = &two;
		how.param_n = sizeof(two);
	}
	return rv == CKR_OK ? cf_derive(c, &how, base, &h) : rv;
}

/* p: the parts, b of them; a: the mechanism. */
static CK_RV
parts(struct cf *c, const struct cf_case *k)
{
	struct cf_prf_data d[4];

	memcpy(d, k->p, k->b * sizeof(d[0]));
	return run(c, k->a, d, k->b, CKM_SHA256_HMAC);
}

/* a: the pseudorandom function. */
static CK_RV
prf(struct cf *c, const struct cf_case *k)
{
	return run(c, COUNTER, good, 2, k->a);
}

/* a: how many parts are told, of NULL or of more than there may be. */
static CK_RV
number(struct cf *c, const struct cf_case *k)
{
	return run(c, COUNTER, k->b != 0 ? many : NULL, k->a, CKM_SHA256_HMAC);
}

/* Keys beside the one: not here. a: how many. */
static CK_RV
more_keys(struct cf *c, const struct cf_case *k)
{
	struct cf_sp800_counter p = {CKM_SHA256_HMAC, 2, good, k->a, bytes};
	struct cf_derive how = {
	    COUNTER, &p, sizeof(p) - k->b, CF_ANY_TYPE, 32, NULL, 0};
	CK_OBJECT_HANDLE base, h;
	CK_RV rv = cf_base(c, CF_BASE_OPEN, &base);

	return rv == CKR_OK ? cf_derive(c, &how, base, &h) : rv;
}

/* A counter of 8 bits counts 255 blocks of CMAC. a: bytes of the key, 0: not
 * told. */
static CK_RV
longest(struct cf *c, const struct cf_case *k)
{
	struct cf_sp800_counter p = {CKM_AES_CMAC, 2, good, 0, NULL};
	struct cf_derive how = {
	    COUNTER, &p, sizeof(p), CF_ANY_TYPE, k->a, NULL, 0};
	CK_OBJECT_HANDLE base, h;
	CK_RV rv = cf_base(c, CF_BASE_AES, &base);

	return rv == CKR_OK ? cf_derive(c, &how, base, &h) : rv;
}

#define ROW(what, fn, a, b, p, ...)                                            \
	{                                                                      \
		"C_DeriveKey/sp800-" what, "3.0 mech 2.42", CF_RO, 0, fn, a,   \
		    b, p, CF_ALLOW(__VA_ARGS__)                                \
	}
#define PARAM CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD
#define BAD(what, type, set) ROW(what, parts, type, CF_COUNT(set), set, PARAM)

static const struct cf_case table[] = {
    ROW("counter", parts, COUNTER, 2, good, CKR_OK),
    ROW("feedback", parts, FEEDBACK, 2, before, CKR_OK),
    BAD("no-counter", COUNTER, none),
    BAD("nothing-fed-back", FEEDBACK, none),
    BAD("counter-twice", COUNTER, twice),
    BAD("fed-back-twice", FEEDBACK, before_twice),
    BAD("counter-of-its-own", COUNTER, counter),
    BAD("two-counters", FEEDBACK, two_counters),
    BAD("counter-not-told", COUNTER, before),
    BAD("format-of-what-is-fed-back", FEEDBACK, good),
    BAD("counter-of-0-bits", COUNTER, of_0),
    BAD("counter-of-12-bits", COUNTER, of_12),
    BAD("counter-of-64-bits", COUNTER, of_64),
    BAD("counter-no-boolean", COUNTER, no_boolean),
    BAD("counter-no-format", COUNTER, no_format),
    BAD("counter-short-format", COUNTER, short_format),
    BAD("two-lengths", COUNTER, two_lengths),
    BAD("length-method", COUNTER, method),
    BAD("length-endless", COUNTER, length_endless),
    BAD("no-bytes", COUNTER, no_bytes),
    BAD("empty-bytes", COUNTER, empty_bytes),
    BAD("endless-bytes", COUNTER, endless_bytes),
    BAD("unknown-part", COUNTER, unknown),
    ROW("no-parts", number, 0, 0, NULL, PARAM),
    ROW("null-parts", number, 2, 0, NULL, PARAM),
    ROW("many-parts", number, CF_COUNT(many), 1, NULL, PARAM),
    ROW("endless-parts", number, ~0UL, 1, NULL, PARAM),
    ROW("no-function", prf, CKM_SHA256, 0, NULL, PARAM),
    ROW("cut-function", prf, CKM_SHA256_HMAC_GENERAL, 0, NULL, PARAM),
    ROW("cmac-with-generic-key", prf, CKM_AES_CMAC, 0, NULL,
	CKR_KEY_TYPE_INCONSISTENT),
    ROW("more-keys", more_keys, 1, 0, NULL, PARAM),
    ROW("short-parameter", more_keys, 0, 1, NULL, PARAM),
    ROW("longest", longest, 4080, 0, NULL, CKR_OK),
    ROW("too-long", longest, 4081, 0, NULL, CKR_ATTRIBUTE_VALUE_INVALID,
	CKR_KEY_SIZE_RANGE),
    ROW("no-length", longest, 0, 0, NULL, CKR_TEMPLATE_INCOMPLETE),
};

CF_GROUP(cf_group_sp800, table)
