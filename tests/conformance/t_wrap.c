/* C_WrapKey and C_UnwrapKey with AES keys of the session: 2.40 5.14.3, 5.14.4,
 * mech 2.8 to 2.11, 2.14; known answers of RFC 3394 and RFC 5649. */
#include <string.h>

#include "tests/conformance/aes.h"
#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/wrap.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

struct kind {
	CK_KEY_TYPE type;
	size_t n;
};
static const struct kind aes_16 = {CKK_AES, 16}, aes_24 = {CKK_AES, 24},
			 aes_32 = {CKK_AES, 32},
			 generic_5 = {CKK_GENERIC_SECRET, 5},
			 generic_13 = {CKK_GENERIC_SECRET, 13},
			 generic_16 = {CKK_GENERIC_SECRET, 16},
			 generic_100 = {CKK_GENERIC_SECRET, 100};

static const uint8_t value[100] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
static const uint8_t kek[] = "a wrapping key with 32 bytes in!";

/* A wrapping key and one to be wrapped, both readable. */
static CK_RV
begin(struct cf *c, CK_MECHANISM_TYPE type, const struct kind *kind,
    CK_OBJECT_HANDLE *w, CK_OBJECT_HANDLE *key)
{
	CK_RV rv;

	if (!cf_mech_can(c, type, CKF_WRAP | CKF_UNWRAP))
		return cf_note(c, CF_SKIP, "not offered");
	rv = cf_wrap_secret(c, CKK_AES, kek, 32, "WUsX", w);
	return rv == CKR_OK
		   ? cf_wrap_secret(c, kind->type, value, kind->n, "sX", key)
		   : rv;
}

/* Asked for its length, refused room, wrapped, unwrapped, compared. a: the
 * mechanism; b: the template tells the length; p: the key. */
static CK_RV
round_trip(struct cf *c, const struct cf_case *k)
{
	const struct kind *kind = k->p;
	CK_MECHANISM *m = cf_wrap_mech(k->a);
	CK_OBJECT_HANDLE w, key, back;
	CK_BYTE out[CF_WRAP_OUT];
	CK_ULONG told = 0, n = 0;
	CK_RV rv = begin(c, k->a, kind, &w, &key);

	if (rv == CKR_OK)
		rv = c->f->C_WrapKey(c->s, m, w, key, NULL, &told);
	if (rv != CKR_OK)
		return rv;
	n = told - 1;
	memset(out, 0xC5, sizeof(out));
	rv = c->f->C_WrapKey(c->s, m, w, key, out, &n);
	if (rv != CKR_BUFFER_TOO_SMALL || n != told || out[0] != 0xC5)
		return cf_note(c, CF_WRONG, "%s, %lu bytes", cf_rv_name(rv), n);
	n = told;
	if ((rv = c->f->C_WrapKey(c->s, m, w, key, out, &n)) != CKR_OK ||
	    (rv = cf_wrap_unwrap(c, m, w, out, n, kind->type,
		 k->b != 0 ? kind->n : 0, "sX", &back)) != CKR_OK)
		return rv;
	if (n > told)
		return cf_note(c, CF_WRONG, "%lu bytes, %lu told", n, told);
	return cf_made_is_value(c, back, CKA_VALUE, value, kind->n);
}

struct vector {
	const char *kek, *plain, *wrapped;
};
/* RFC 3394, 4.1 to 4.6. */
static const struct vector kw[] = {
    {"000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF",
	"1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"},
    {"000102030405060708090A0B0C0D0E0F1011121314151617",
	"00112233445566778899AABBCCDDEEFF",
	"96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D"},
    {"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
	"00112233445566778899AABBCCDDEEFF",
	"64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7"},
    {"000102030405060708090A0B0C0D0E0F1011121314151617",
	"00112233445566778899AABBCCDDEEFF0001020304050607",
	"031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2"},
    {"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
	"00112233445566778899AABBCCDDEEFF0001020304050607",
	"A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1"},
    {"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
	"00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
	"28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43B"
	"FB988B9B7A02DD21"},
};
/* RFC 5649, 6. */
static const struct vector kwp[] = {
    {"5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8",
	"c37b7e6492584340bed12207808941155068f738",
	"138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a"},
    {"5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8", "466f7250617369",
	"afbeb0f07dfbf5419200f2ccb50bb24f"},
};

static CK_RV
one_answer(struct cf *c, CK_MECHANISM *m, const struct vector *v)
{
	uint8_t under[32], plain[40], want[64];
	size_t under_n = cf_aes_hex(v->kek, under);
	size_t plain_n = cf_aes_hex(v->plain, plain);
	size_t want_n = cf_aes_hex(v->wrapped, want);
	CK_OBJECT_HANDLE w, key, back;
	CK_BYTE out[CF_WRAP_OUT];
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_wrap_secret(c, CKK_AES, under, under_n, "WU", &w)) !=
		CKR_OK ||
	    (rv = cf_wrap_secret(c, CKK_GENERIC_SECRET, plain, plain_n, "sX",
		 &key)) != CKR_OK ||
	    (rv = cf_wrap_wrap(c, m, w, key, out, &n)) != CKR_OK)
		return rv;
	if (n != want_n || memcmp(out, want, n) != 0)
		return cf_note(c, CF_WRONG, "another cryptogram");
	rv = cf_wrap_unwrap(c, m, w, want, want_n, CKK_GENERIC_SECRET, 0, "sX",
	    &back);
	return rv == CKR_OK
		   ? cf_made_is_value(c, back, CKA_VALUE, plain, plain_n)
		   : rv;
}

/* a: the mechanism; b: how many; p: the vectors. */
static CK_RV
answers(struct cf *c, const struct cf_case *k)
{
	const struct vector *v = k->p;
	CK_RV rv = CKR_OK;

	if (!cf_mech_can(c, k->a, CKF_WRAP | CKF_UNWRAP))
		return cf_note(c, CF_SKIP, "not offered");
	for (size_t i = 0; rv == CKR_OK && i < k->b; i++)
		rv = one_answer(c, cf_wrap_mech(k->a), &v[i]);
	return rv;
}

/* 2.40 mech 2.14: the padding of PKCS #7, and then key wrap. a: mechanism. */
static CK_RV
pads(struct cf *c, const struct cf_case *k)
{
	uint8_t padded[24];
	CK_BYTE one[CF_WRAP_OUT], two[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, key, long_key;
	CK_ULONG n, m;
	CK_RV rv;

	if (!cf_mech_can(c, k->a, CKF_WRAP))
		return cf_note(c, CF_SKIP, "not offered");
	memset(padded, 4, sizeof(padded));
	memcpy(padded, value, 20);
	if ((rv = cf_wrap_secret(c, CKK_AES, kek, 32, "W", &w)) != CKR_OK ||
	    (rv = cf_wrap_secret(c, CKK_GENERIC_SECRET, value, 20, "sX",
		 &key)) != CKR_OK ||
	    (rv = cf_wrap_secret(c, CKK_GENERIC_SECRET, padded, 24, "sX",
		 &long_key)) != CKR_OK ||
	    (rv = cf_wrap_wrap(c, cf_wrap_mech(k->a), w, key, one, &n)) !=
		CKR_OK ||
	    (rv = cf_wrap_wrap(c, cf_wrap_mech(CKM_AES_KEY_WRAP), w, long_key,
		 two, &m)) != CKR_OK)
		return rv;
	return n == m && memcmp(one, two, n) == 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "another cryptogram");
}

/* What a row bends. */
enum bend {
	STRAIGHT,
	CUT,
	EMPTY,
	CHANGED,
	WRONG_KEY,
	WITH_PARAM,
	NO_USE,      /* CKA_WRAP, or CKA_UNWRAP, is false */
	BY_GENERIC,  /* a key of another type */
	OF_DATA,     /* no key at all */
	LENGTH_MORE, /* the template tells a byte more than there is */
	LENGTH_LESS,
	NOT_ALLOWED, /* CKA_ALLOWED_MECHANISMS names another */
};

static CK_RV
make_by(struct cf *c, enum bend bend, CK_OBJECT_HANDLE *w)
{
	CK_MECHANISM_TYPE other = CKM_AES_CTR;
	CK_ATTRIBUTE t[] = {{CKA_ALLOWED_MECHANISMS, &other, sizeof(other)},
	    {CKA_WRAP, &yes, 1}, {CKA_UNWRAP, &yes, 1}};
	struct cf_bend b = {CF_KEEP_ALL, t, CF_COUNT(t)};

	if (bend == NO_USE)
		return cf_wrap_secret(c, CKK_AES, kek, 32, "wuED", w);
	if (bend == BY_GENERIC)
		return cf_wrap_secret(c, CKK_GENERIC_SECRET, kek, 32, "WU", w);
	if (bend == WRONG_KEY)
		return cf_wrap_secret(c, CKK_AES, value, 32, "WU", w);
	if (bend == OF_DATA)
		return cf_make(c, CF_DATA, NULL, w);
	return bend == NOT_ALLOWED ? cf_make(c, CF_AES, &b, w) : CKR_OK;
}

static void
bend_mech(CK_MECHANISM *m, enum bend bend)
{
	static CK_BYTE few[3];

	if (bend == WITH_PARAM)
		*m = (CK_MECHANISM){m->mechanism, few, sizeof(few)};
}

/* a: the mechanism; b: the bend. */
static CK_RV
wrap_refused(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = *cf_wrap_mech(k->a);
	CK_OBJECT_HANDLE w, key;
	CK_BYTE out[CF_WRAP_OUT];
	CK_ULONG n;
	CK_RV rv = begin(c, k->a, &aes_32, &w, &key);

	if (rv == CKR_OK)
		rv = make_by(c, (enum bend)k->b, &w);
	bend_mech(&m, (enum bend)k->b);
	return rv == CKR_OK ? cf_wrap_wrap(c, &m, w, key, out, &n) : rv;
}

static CK_RV
unwrap_refused(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = *cf_wrap_mech(k->a);
	CK_OBJECT_HANDLE w, key;
	CK_BYTE out[CF_WRAP_OUT];
	CK_ULONG n, len = 0;
	CK_RV rv = begin(c, k->a, &generic_16, &w, &key);

	if (rv == CKR_OK)
		rv = cf_wrap_wrap(c, &m, w, key, out, &n);
	if (rv == CKR_OK)
		rv = make_by(c, (enum bend)k->b, &w);
	if (rv != CKR_OK)
		return rv;
	bend_mech(&m, (enum bend)k->b);
	n = k->b == CUT ? n - 1 : k->b == EMPTY ? 0 : n;
	out[n / 2] ^= k->b == CHANGED;
	len = k->b == LENGTH_MORE ? 17 : k->b == LENGTH_LESS ? 8 : 0;
	return cf_wrap_unwrap(c, &m, w, out, n, CKK_GENERIC_SECRET, len, "sX",
	    &key);
}

/* What is wrapped: a certificate, a public key (b), under a good key. */
static CK_RV
wrap_other(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE w, o;
	CK_BYTE out[CF_WRAP_OUT];
	CK_ULONG n;
	CK_RV rv = begin(c, CKM_AES_KEY_WRAP, &aes_32, &w, &o);

	if (rv == CKR_OK)
		rv = cf_make(c, (enum cf_made)k->b, NULL, &o);
	return rv == CKR_OK ? cf_wrap_wrap(c, cf_wrap_mech(CKM_AES_KEY_WRAP), w,
				  o, out, &n)
			    : rv;
}

/* Under CKM_RSA_PKCS of the token's public key: more than fits (a bytes). */
static CK_RV
too_long(struct cf *c, const struct cf_case *k)
{
	static const uint8_t much[512] = {1};
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE key;
	CK_ULONG n = sizeof(out);
	CK_RV rv;

	if (!cf_mech_can(c, CKM_RSA_PKCS, CKF_WRAP))
		return cf_note(c, CF_SKIP, "not offered");
	rv = cf_wrap_secret(c, CKK_GENERIC_SECRET, much, k->a, "sX", &key);
	return rv == CKR_OK ? c->f->C_WrapKey(c->s, cf_wrap_mech(CKM_RSA_PKCS),
				  c->key.pub, key, k->b != 0 ? NULL : out, &n)
			    : rv;
}

/* The token's public key wraps, its private key unwraps. */
static CK_RV
to_the_token(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE key, back;
	CK_ULONG n;
	CK_RV rv = cf_wrap_needs(c, k->a);

	if (rv != CKR_OK ||
	    (rv = cf_wrap_secret(c, CKK_AES, value, 32, "sX", &key)) !=
		CKR_OK ||
	    (rv = cf_wrap_wrap(c, cf_wrap_mech(k->a), c->key.pub, key, out,
		 &n)) != CKR_OK ||
	    (rv = cf_wrap_unwrap(c, cf_wrap_mech(k->a), c->key.priv, out, n,
		 CKK_AES, 0, "sX", &back)) != CKR_OK)
		return rv;
	return cf_made_is_value(c, back, CKA_VALUE, value, 32);
}

/* Defaults of an unwrapped key: 3.2, C_UnwrapKey; 2.40 4.10. */
static CK_RV
history(struct cf *c, const struct cf_case *k)
{
	static const struct {
		CK_ATTRIBUTE_TYPE type;
		bool want;
	} flags[] = {{CKA_EXTRACTABLE, true}, {CKA_LOCAL, false},
	    {CKA_ALWAYS_SENSITIVE, false}, {CKA_NEVER_EXTRACTABLE, false}};
	CK_MECHANISM *m = cf_wrap_mech(CKM_AES_CBC_PAD);
	CK_OBJECT_HANDLE w, key, back;
	CK_BYTE out[CF_WRAP_OUT];
	CK_ULONG n;
	CK_RV rv = begin(c, CKM_AES_CBC_PAD, &aes_32, &w, &key);

	(void)k;
	if (rv == CKR_OK)
		rv = cf_wrap_wrap(c, m, w, key, out, &n);
	if (rv == CKR_OK)
		rv = cf_wrap_unwrap(c, m, w, out, n, CKK_AES, 0, "S", &back);
	for (size_t i = 0; rv == CKR_OK && i < CF_COUNT(flags); i++)
		rv = cf_made_is_flag(c, back, flags[i].type, flags[i].want);
	return rv;
}

static CK_RV
null_template(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE w, key;
	CK_BYTE out[CF_WRAP_OUT];
	CK_ULONG n;
	CK_MECHANISM *m = cf_wrap_mech(CKM_AES_CBC_PAD);
	CK_RV rv = begin(c, CKM_AES_CBC_PAD, &aes_32, &w, &key);

	if (rv == CKR_OK)
		rv = cf_wrap_wrap(c, m, w, key, out, &n);
	return rv == CKR_OK
		   ? c->f->C_UnwrapKey(c->s, m, w, out, n, NULL, k->a, &key)
		   : rv;
}

static CK_RV
on_token(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t[8] = {{CKA_TOKEN, &yes, sizeof(yes)}};
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_AES;
	CK_OBJECT_HANDLE w, key;
	CK_BYTE out[CF_WRAP_OUT];
	CK_ULONG n;
	CK_MECHANISM *m = cf_wrap_mech(CKM_AES_CBC_PAD);
	CK_RV rv = begin(c, CKM_AES_CBC_PAD, &aes_32, &w, &key);

	(void)k;
	t[1] = (CK_ATTRIBUTE){CKA_CLASS, &cls, sizeof(cls)};
	t[2] = (CK_ATTRIBUTE){CKA_KEY_TYPE, &type, sizeof(type)};
	t[3] = (CK_ATTRIBUTE){CKA_PRIVATE, &no, sizeof(no)};
	if (rv == CKR_OK)
		rv = cf_wrap_wrap(c, m, w, key, out, &n);
	return rv == CKR_OK ? c->f->C_UnwrapKey(c->s, m, w, out, n, t, 4, &key)
			    : rv;
}

#define WRAPS "2.40 5.14.3, mech 2.8 to 2.14"
#define ROW(what, state, need, fn, a, b, p, ...)                               \
	{                                                                      \
		what, WRAPS, state, need, fn, a, b, p, CF_ALLOW(__VA_ARGS__)   \
	}
#define ROUND(what, mech, told, p)                                             \
	ROW("C_WrapKey/" what, CF_RO, 0, round_trip, mech, told, &p, CKR_OK)
#define EACH(name, mech)                                                       \
	ROUND(name "-aes-16", mech, 0, aes_16),                                \
	    ROUND(name "-aes-24-told", mech, 1, aes_24),                       \
	    ROUND(name "-aes-32", mech, 0, aes_32),                            \
	    ROUND(name "-generic-13-told", mech, 1, generic_13),               \
	    ROUND(name "-generic-100-told", mech, 1, generic_100)
#define BADW(what, mech, bend, ...)                                            \
	ROW("C_WrapKey/" what, CF_RO, 0, wrap_refused, mech, bend, NULL,       \
	    __VA_ARGS__)
#define BADU(what, mech, bend, ...)                                            \
	ROW("C_UnwrapKey/" what, CF_RO, 0, unwrap_refused, mech, bend, NULL,   \
	    __VA_ARGS__)
#define INVALID CKR_WRAPPED_KEY_INVALID
#define LENGTH CKR_WRAPPED_KEY_LEN_RANGE
#define PARAM CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD
#define WTYPE CKR_WRAPPING_KEY_TYPE_INCONSISTENT
#define UTYPE CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT
#define KW CKM_AES_KEY_WRAP
#define PAD CKM_AES_CBC_PAD

static const struct cf_case table[] = {
    EACH("kw", KW),
    EACH("kw-pad", CKM_AES_KEY_WRAP_PAD),
    EACH("kwp", CF_CKM_AES_KEY_WRAP_KWP),
    EACH("kw-pkcs7", CF_CKM_AES_KEY_WRAP_PKCS7),
    EACH("cbc-pad", PAD),
    EACH("gcm", CKM_AES_GCM),
    EACH("ccm", CKM_AES_CCM),
    EACH("cbc", CKM_AES_CBC),
    EACH("ecb", CKM_AES_ECB),
    ROUND("kwp-generic-5", CF_CKM_AES_KEY_WRAP_KWP, 0, generic_5),
    ROUND("cbc-pad-generic-5", PAD, 0, generic_5),
    ROUND("gcm-generic-5", CKM_AES_GCM, 0, generic_5),
    ROUND("ccm-generic-5", CKM_AES_CCM, 0, generic_5),
    ROUND("ecb-generic-5-told", CKM_AES_ECB, 1, generic_5),
    ROW("C_WrapKey/kw-answers", CF_RO, 0, answers, KW, CF_COUNT(kw), kw,
	CKR_OK),
    ROW("C_WrapKey/kwp-answers", CF_RO, 0, answers, CF_CKM_AES_KEY_WRAP_KWP,
	CF_COUNT(kwp), kwp, CKR_OK),
    ROW("C_WrapKey/kw-pad-is-pkcs7", CF_RO, 0, pads, CKM_AES_KEY_WRAP_PAD, 0,
	NULL, CKR_OK),
    ROW("C_WrapKey/kw-pkcs7-is-pkcs7", CF_RO, 0, pads,
	CF_CKM_AES_KEY_WRAP_PKCS7, 0, NULL, CKR_OK),
    ROW("C_WrapKey/rsa-to-the-token", CF_KEY, CF_NEED_RSA | CF_NEED_PUB,
	to_the_token, CKM_RSA_PKCS, 0, NULL, CKR_OK),
    ROW("C_WrapKey/oaep-to-the-token", CF_KEY, CF_NEED_RSA | CF_NEED_PUB,
	to_the_token, CKM_RSA_PKCS_OAEP, 0, NULL, CKR_OK),
    ROW("C_WrapKey/rsa-too-long", CF_KEY, CF_NEED_RSA | CF_NEED_PUB, too_long,
	500, 0, NULL, CKR_KEY_SIZE_RANGE, CKR_KEY_FUNCTION_NOT_PERMITTED),
    ROW("C_WrapKey/rsa-too-long-query", CF_KEY, CF_NEED_RSA | CF_NEED_PUB,
	too_long, 500, 1, NULL, CKR_KEY_SIZE_RANGE,
	CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_OK),
    ROW("C_WrapKey/of-certificate", CF_RO, 0, wrap_other, 0, CF_CERT, NULL,
	CKR_KEY_HANDLE_INVALID),
    ROW("C_WrapKey/of-public-key", CF_RO, 0, wrap_other, 0, CF_RSA_PUB, NULL,
	CKR_KEY_HANDLE_INVALID, CKR_KEY_NOT_WRAPPABLE),
    ROW("C_WrapKey/of-sensitive-private-key", CF_RO, 0, wrap_other, 0,
	CF_EC_PRIV, NULL, CKR_KEY_UNEXTRACTABLE),
    BADW("parameter", KW, WITH_PARAM, PARAM),
    BADW("pad-short-iv", PAD, WITH_PARAM, PARAM),
    BADW("gcm-short-parameter", CKM_AES_GCM, WITH_PARAM, PARAM),
    BADW("ccm-short-parameter", CKM_AES_CCM, WITH_PARAM, PARAM),
    BADW("not-for-wrapping", KW, NO_USE, CKR_KEY_FUNCTION_NOT_PERMITTED),
    BADW("by-generic-secret", KW, BY_GENERIC, WTYPE),
    BADW("by-data", KW, OF_DATA, CKR_WRAPPING_KEY_HANDLE_INVALID),
    BADW("mechanism-not-allowed", KW, NOT_ALLOWED, CKR_MECHANISM_INVALID),
    BADU("kw-cut", KW, CUT, LENGTH),
    BADU("kw-empty", KW, EMPTY, LENGTH, CKR_ARGUMENTS_BAD),
    BADU("kw-changed", KW, CHANGED, INVALID),
    BADU("kw-wrong-key", KW, WRONG_KEY, INVALID),
    BADU("kw-parameter", KW, WITH_PARAM, PARAM),
    BADU("kw-length-more", KW, LENGTH_MORE, LENGTH),
    BADU("kw-length-less", KW, LENGTH_LESS, LENGTH),
    BADU("kwp-length-less", CKM_AES_KEY_WRAP_PAD, LENGTH_LESS, LENGTH),
    BADU("pad-cut", PAD, CUT, LENGTH),
    BADU("pad-changed", PAD, CHANGED, INVALID, CKR_OK),
    BADU("pad-wrong-key", PAD, WRONG_KEY, INVALID),
    BADU("pad-length-more", PAD, LENGTH_MORE, INVALID, LENGTH),
    BADU("pad-length-less", PAD, LENGTH_LESS, INVALID, LENGTH),
    BADU("gcm-changed", CKM_AES_GCM, CHANGED, INVALID),
    BADU("gcm-cut", CKM_AES_GCM, CUT, INVALID, LENGTH),
    BADU("gcm-empty", CKM_AES_GCM, EMPTY, INVALID, LENGTH, CKR_ARGUMENTS_BAD),
    BADU("ccm-changed", CKM_AES_CCM, CHANGED, INVALID),
    BADU("ccm-cut", CKM_AES_CCM, CUT, INVALID, LENGTH),
    BADU("ccm-empty", CKM_AES_CCM, EMPTY, INVALID, LENGTH, CKR_ARGUMENTS_BAD),
    BADU("cbc-cut", CKM_AES_CBC, CUT, LENGTH),
    BADU("cbc-length-more", CKM_AES_CBC, LENGTH_MORE, LENGTH),
    BADU("not-for-unwrapping", KW, NO_USE, CKR_KEY_FUNCTION_NOT_PERMITTED),
    BADU("by-generic-secret", KW, BY_GENERIC, UTYPE),
    BADU("by-data", KW, OF_DATA, CKR_UNWRAPPING_KEY_HANDLE_INVALID),
    BADU("mechanism-not-allowed", KW, NOT_ALLOWED, CKR_MECHANISM_INVALID),
    ROW("C_UnwrapKey/history", CF_RO, 0, history, 0, 0, NULL, CKR_OK),
    ROW("C_UnwrapKey/null-template", CF_RO, 0, null_template, 2, 0, NULL,
	CKR_ARGUMENTS_BAD),
    ROW("C_UnwrapKey/empty-template", CF_RO, 0, null_template, 0, 0, NULL,
	CKR_TEMPLATE_INCOMPLETE),
    ROW("C_UnwrapKey/on-token-read-only", CF_RO, 0, on_token, 0, 0, NULL,
	CKR_SESSION_READ_ONLY, CKR_TOKEN_WRITE_PROTECTED),
};

CF_GROUP(cf_group_wrap, table)
