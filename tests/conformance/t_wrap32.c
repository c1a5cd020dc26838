/* C_WrapKeyAuthenticated and C_UnwrapKeyAuthenticated: 3.2 5.18.6, 5.18.7,
 * 6.13.3; CK_GCM_WRAP_PARAMS for C_WrapKey. OpenSSL opens what was wrapped. */
#include <string.h>

#include "tests/conformance/aead_wrap.h"
#include "tests/conformance/groups.h"

#define IV 12

/* CK_GCM_WRAP_PARAMS of 3.2. */
struct wrap_params {
	CK_BYTE *iv;
	CK_ULONG iv_len, fixed_bits, generator;
	CK_BYTE *aad;
	CK_ULONG aad_len, tag_bits;
};

static void
fill(struct cf_aead_round *r)
{
	r->p.gcm = (struct cf_gcm_message){
	    r->iv, IV, 0, CF_CKG_NO_GENERATE, r->tag, 8 * CF_AEAD_TAG};
	r->m = (CK_MECHANISM){CKM_AES_GCM, &r->p.gcm, sizeof(r->p.gcm)};
	r->generator = &r->p.gcm.generator;
	r->fixed_bits = &r->p.gcm.fixed_bits;
}

static bool
opens(const struct cf_aead_round *r, const uint8_t *tag)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t got[64], t[CF_AEAD_TAG];
	int n = 0, end = 0, skip = 0;
	bool ok;

	memcpy(t, tag, sizeof(t));
	ok = EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, cf_aead_kek,
		 r->iv) == 1 &&
	     EVP_DecryptUpdate(ctx, NULL, &skip, cf_aead_aad, CF_AEAD_AAD) ==
		 1 &&
	     EVP_DecryptUpdate(ctx, got, &n, r->out, CF_AEAD_KEY) == 1 &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof(t), t) ==
		 1 &&
	     EVP_DecryptFinal_ex(ctx, got + n, &end) == 1 && n == CF_AEAD_KEY &&
	     memcmp(got, cf_aead_value, CF_AEAD_KEY) == 0;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

static const struct cf_aead gcm = {
    CKM_AES_GCM, "GCM does not wrap", IV, fill, opens};

/* a: who makes the IV; b: bits of it that stay. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	struct cf_aead_round r;
	CK_RV rv = cf_aead_begin(c, &r, &gcm, "WUsX", "sX");

	return rv == CKR_OK ? cf_aead_good(c, &r, k->a, k->b) : rv;
}

/* Two IVs are never one. */
static CK_RV
fresh(struct cf *c, const struct cf_case *k)
{
	struct cf_aead_round r, s;
	CK_RV rv = cf_aead_begin(c, &r, &gcm, "WUsX", "sX");

	(void)k;
	if (rv != CKR_OK ||
	    (rv = cf_aead_begin(c, &s, &gcm, "WUsX", "sX")) != CKR_OK)
		return rv;
	*r.generator = *s.generator = CF_CKG_GENERATE;
	if ((rv = cf_aead_wrap(c, &r)) != CKR_OK ||
	    (rv = cf_aead_wrap(c, &s)) != CKR_OK)
		return rv;
	return memcmp(r.iv, s.iv, IV) != 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "one IV twice");
}

/* a: 1: a byte too little, 0: the length is asked for. */
static CK_RV
lengths(struct cf *c, const struct cf_case *k)
{
	return cf_aead_lengths(c, &gcm, k->a != 0);
}

/* A key that nobody knows wraps a sensitive key by GCM, if it makes the IV
 * itself. a: who does; b: bits that stay; p: what the key becomes. */
static CK_RV
sensitive(struct cf *c, const struct cf_case *k)
{
	struct cf_aead_round r;
	CK_RV rv = cf_aead_begin(c, &r, &gcm, NULL, "SX");

	if (rv != CKR_OK)
		return rv;
	*r.generator = k->a;
	*r.fixed_bits = k->b;
	return cf_aead_back(c, &r, k->p);
}

/* After it, the same IV for a key that is known. */
static CK_RV
key_stream(struct cf *c, const struct cf_case *k)
{
	struct cf_aead_round r;
	CK_RV rv = cf_aead_begin(c, &r, &gcm, NULL, "SX");

	(void)k;
	if (rv != CKR_OK)
		return rv;
	*r.generator = CF_CKG_GENERATE;
	if ((rv = cf_aead_wrap(c, &r)) != CKR_OK)
		return rv;
	*r.generator = CF_CKG_NO_GENERATE;
	rv = cf_wrap_secret(c, CKK_AES, cf_aead_kek, CF_AEAD_KEY, "sX", &r.key);
	return rv == CKR_OK ? cf_aead_wrap(c, &r) : rv;
}

enum bend {
	SHORT_PARAM,
	NO_PARAM,
	NO_IV,
	NO_TAG,
	TAG_BITS,
	ALL_FIXED,
	BY_COUNTER,
	OTHER_MECH,
	NO_MECH,
	NO_LENGTH,
	AAD_NULL,
	KEY_ZERO,
	BY_ZERO,
	UNEXTRACTABLE,
	CHANGED,
	TAG_CHANGED,
	OTHER_AAD,
	CUT,
	NO_INPUT,
	NO_HANDLE,
};

static void
bend_params(struct cf_aead_round *r, enum bend bend)
{
	if (bend == SHORT_PARAM)
		r->m.ulParameterLen--;
	if (bend == NO_PARAM)
		r->m = (CK_MECHANISM){CKM_AES_GCM, NULL, 0};
	if (bend == NO_IV)
		r->p.gcm.iv = NULL;
	if (bend == NO_TAG)
		r->p.gcm.tag = NULL;
	if (bend == TAG_BITS)
		r->p.gcm.tag_bits = 7;
	if (bend == ALL_FIXED)
		r->p.gcm.fixed_bits = 8 * IV;
	if (bend == ALL_FIXED)
		r->p.gcm.generator = CF_CKG_GENERATE;
	if (bend == BY_COUNTER)
		r->p.gcm.generator = 77;
	if (bend == OTHER_MECH)
		r->m.mechanism = CKM_AES_KEY_WRAP;
}

static CK_RV
wrap_refused(struct cf *c, const struct cf_case *k)
{
	struct cf_aead_round r;
	CK_RV rv = cf_aead_begin(c, &r, &gcm, "WUsX",
	    k->a == UNEXTRACTABLE ? "sx" : "sX");

	if (rv != CKR_OK)
		return rv;
	bend_params(&r, (enum bend)k->a);
	return c->f32->C_WrapKeyAuthenticated(c->s,
	    k->a == NO_MECH ? NULL : &r.m, k->a == BY_ZERO ? 0 : r.w,
	    k->a == KEY_ZERO ? 0 : r.key, k->a == AAD_NULL ? NULL : cf_aead_aad,
	    CF_AEAD_AAD, r.out, k->a == NO_LENGTH ? NULL : &r.out_n);
}

static CK_RV
unwrap_refused(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_AES;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}};
	CK_OBJECT_HANDLE back;
	struct cf_aead_round r;
	CK_RV rv = cf_aead_begin(c, &r, &gcm, "WUsX", "sX");

	if (rv != CKR_OK || (rv = cf_aead_wrap(c, &r)) != CKR_OK)
		return rv;
	bend_params(&r, (enum bend)k->a);
	r.out[3] ^= k->a == CHANGED;
	r.tag[3] ^= k->a == TAG_CHANGED;
	r.out_n -= k->a == CUT;
	return c->f32->C_UnwrapKeyAuthenticated(c->s,
	    k->a == NO_MECH ? NULL : &r.m, k->a == BY_ZERO ? 0 : r.w,
	    k->a == NO_INPUT ? NULL : r.out, r.out_n, t, CF_COUNT(t),
	    k->a == AAD_NULL ? NULL : cf_aead_aad,
	    CF_AEAD_AAD - (k->a == OTHER_AAD ? 1 : 0),
	    k->a == NO_HANDLE ? NULL : &back);
}

/* C_WrapKey with CK_GCM_WRAP_PARAMS. a: who makes the IV. */
static CK_RV
wrap_params(struct cf *c, const struct cf_case *k)
{
	struct cf_aead_round r;
	struct wrap_params p = {
	    r.iv, IV, 0, k->a, cf_aead_aad, CF_AEAD_AAD, 8 * CF_AEAD_TAG};
	CK_RV rv = cf_aead_begin(c, &r, &gcm, "WUsX", "sX");

	return rv == CKR_OK ? cf_aead_params(c, &r, &p, sizeof(p)) : rv;
}

#define ROW(what, fn, a, b, p, ...)                                            \
	{                                                                      \
		what, "3.2 5.18.6, 5.18.7, 6.13.3", CF_RO, CF_NEED_32, fn, a,  \
		    b, p, CF_ALLOW(__VA_ARGS__)                                \
	}
#define WRAP(what, ...) ROW("C_WrapKeyAuthenticated/" what, __VA_ARGS__)
#define BADW(what, bend, ...)                                                  \
	WRAP(what, wrap_refused, bend, 0, NULL, __VA_ARGS__)
#define BADU(what, bend, ...)                                                  \
	ROW("C_UnwrapKeyAuthenticated/" what, unwrap_refused, bend, 0, NULL,   \
	    __VA_ARGS__)
#define PARAM CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD
#define NULL_MECH CKR_ARGUMENTS_BAD, CKR_MECHANISM_INVALID
#define KEPT CKR_KEY_NOT_WRAPPABLE, CKR_MECHANISM_INVALID

static const struct cf_case table[] = {
    WRAP("given-iv", good, CF_CKG_NO_GENERATE, 0, NULL, CKR_OK),
    WRAP("made-iv", good, CF_CKG_GENERATE, 0, NULL, CKR_OK),
    WRAP("made-iv-fixed-part", good, CF_CKG_GENERATE, 32, NULL, CKR_OK),
    WRAP("random-iv-fixed-bits", good, CF_CKG_RANDOM, 13, NULL, CKR_OK),
    WRAP("fresh", fresh, 0, 0, NULL, CKR_OK),
    WRAP("length-query", lengths, 0, 0, NULL, CKR_OK),
    WRAP("too-small", lengths, 1, 0, NULL, CKR_BUFFER_TOO_SMALL),
    WRAP("sensitive", sensitive, CF_CKG_GENERATE, 0, "S", CKR_OK),
    WRAP("sensitive-says-nothing", sensitive, CF_CKG_GENERATE, 0, "", CKR_OK),
    WRAP("sensitive-readable", sensitive, CF_CKG_GENERATE, 0, "s",
	CKR_TEMPLATE_INCONSISTENT),
    WRAP("sensitive-given-iv", sensitive, CF_CKG_NO_GENERATE, 0, "S", KEPT),
    WRAP("sensitive-fixed-part", sensitive, CF_CKG_GENERATE, 32, "S", KEPT),
    WRAP("sensitive-key-stream", key_stream, 0, 0, NULL, KEPT),
    BADW("short-parameter", SHORT_PARAM, PARAM),
    BADW("no-parameter", NO_PARAM, PARAM),
    BADW("no-iv", NO_IV, PARAM),
    BADW("no-tag", NO_TAG, PARAM),
    BADW("tag-of-7-bits", TAG_BITS, PARAM),
    BADW("iv-all-fixed", ALL_FIXED, PARAM),
    BADW("unknown-generator", BY_COUNTER, PARAM),
    BADW("other-mechanism", OTHER_MECH, CKR_MECHANISM_INVALID),
    BADW("null-mechanism", NO_MECH, NULL_MECH),
    BADW("null-length", NO_LENGTH, CKR_ARGUMENTS_BAD),
    BADW("null-data-with-length", AAD_NULL, CKR_ARGUMENTS_BAD),
    BADW("key-zero", KEY_ZERO, CKR_KEY_HANDLE_INVALID),
    BADW("wrapping-key-zero", BY_ZERO, CKR_WRAPPING_KEY_HANDLE_INVALID),
    BADW("unextractable", UNEXTRACTABLE, CKR_KEY_UNEXTRACTABLE),
    BADU("changed", CHANGED, CKR_WRAPPED_KEY_INVALID),
    BADU("tag-changed", TAG_CHANGED, CKR_WRAPPED_KEY_INVALID),
    BADU("other-data", OTHER_AAD, CKR_WRAPPED_KEY_INVALID),
    BADU("cut", CUT, CKR_WRAPPED_KEY_INVALID, CKR_WRAPPED_KEY_LEN_RANGE),
    BADU("null-input", NO_INPUT, CKR_ARGUMENTS_BAD),
    BADU("null-handle", NO_HANDLE, CKR_ARGUMENTS_BAD),
    BADU("null-mechanism", NO_MECH, NULL_MECH),
    BADU("null-data-with-length", AAD_NULL, CKR_ARGUMENTS_BAD),
    BADU("unwrapping-key-zero", BY_ZERO, CKR_UNWRAPPING_KEY_HANDLE_INVALID),
    BADU("no-tag", NO_TAG, PARAM),
    BADU("short-parameter", SHORT_PARAM, PARAM),
    BADU("other-mechanism", OTHER_MECH, CKR_MECHANISM_INVALID),
    ROW("C_WrapKey/gcm-wrap-parameters", wrap_params, CF_CKG_NO_GENERATE, 0,
	NULL, CKR_OK),
    ROW("C_WrapKey/gcm-wrap-parameters-made", wrap_params, CF_CKG_GENERATE, 0,
	NULL, CKR_OK),
};

CF_GROUP(cf_group_wrap32, table)
