/* C_WrapKeyAuthenticated and C_UnwrapKeyAuthenticated: 3.2 5.18.6, 5.18.7,
 * 6.13.3; CK_GCM_WRAP_PARAMS for C_WrapKey. OpenSSL opens what was wrapped. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/wrap.h"

#define IV 12
#define TAG 16

static const uint8_t kek[] = "a wrapping key with 32 bytes in!";
static const uint8_t value[] = "and 32 bytes that are wrapped...";
static CK_BYTE aad[] = "what is sent beside it";

/* CK_GCM_MESSAGE_PARAMS of 3.0, 6.13. */
struct message {
	CK_BYTE *iv;
	CK_ULONG iv_len, fixed_bits, generator;
	CK_BYTE *tag;
	CK_ULONG tag_bits;
};
/* CK_GCM_WRAP_PARAMS of 3.2. */
struct wrap_params {
	CK_BYTE *iv;
	CK_ULONG iv_len, fixed_bits, generator;
	CK_BYTE *aad;
	CK_ULONG aad_len, tag_bits;
};
enum { NO_GENERATE, GENERATE, COUNTER, RANDOM };

/* One call with all that a row may bend. */
struct round {
	CK_BYTE iv[IV], tag[TAG], out[CF_WRAP_OUT];
	CK_ULONG out_n;
	struct message p;
	CK_MECHANISM m;
	CK_OBJECT_HANDLE w, key;
};

static CK_RV
begin(struct cf *c, struct round *r, const char *by, const char *what)
{
	CK_RV rv;

	if (!cf_mech_can(c, CKM_AES_GCM, CKF_WRAP | CKF_UNWRAP))
		return cf_note(c, CF_SKIP, "GCM does not wrap");
	memset(r, 0, sizeof(*r));
	memset(r->iv, 0x31, IV);
	r->p = (struct message){r->iv, IV, 0, NO_GENERATE, r->tag, 8 * TAG};
	r->m = (CK_MECHANISM){CKM_AES_GCM, &r->p, sizeof(r->p)};
	r->out_n = sizeof(r->out);
	rv = strcmp(by, "keeper") == 0
		 ? cf_wrap_secret(c, CKK_AES, NULL, 32, "WU", &r->w)
		 : cf_wrap_secret(c, CKK_AES, kek, 32, by, &r->w);
	return rv == CKR_OK
		   ? cf_wrap_secret(c, CKK_AES, value, 32, what, &r->key)
		   : rv;
}

static CK_RV
wrap(struct cf *c, struct round *r)
{
	return c->f32->C_WrapKeyAuthenticated(c->s, &r->m, r->w, r->key, aad,
	    sizeof(aad), r->out, &r->out_n);
}

static CK_RV
unwrap(struct cf *c, struct round *r, const char *what, CK_OBJECT_HANDLE *o)
{
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_AES;
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE t[8] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_PRIVATE, &no, sizeof(no)}};
	CK_ULONG n = 4 + cf_wrap_flags(what, &t[4]);

	return c->f32->C_UnwrapKeyAuthenticated(c->s, &r->m, r->w, r->out,
	    r->out_n, t, n, aad, sizeof(aad), o);
}

/* What OpenSSL makes of it. */
static bool
opens(const struct round *r, const uint8_t *tag)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t got[64], t[TAG];
	int n = 0, end = 0, skip = 0;
	bool ok;

	memcpy(t, tag, TAG);
	ok =
	    EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, kek, r->iv) == 1 &&
	    EVP_DecryptUpdate(ctx, NULL, &skip, aad, sizeof(aad)) == 1 &&
	    EVP_DecryptUpdate(ctx, got, &n, r->out, 32) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG, t) == 1 &&
	    EVP_DecryptFinal_ex(ctx, got + n, &end) == 1 && n == 32 &&
	    memcmp(got, value, 32) == 0;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

/* a: who makes the IV. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	static const CK_BYTE given[IV] = {0x31, 0x31, 0x31, 0x31, 0x31, 0x31,
	    0x31, 0x31, 0x31, 0x31, 0x31, 0x31};
	CK_OBJECT_HANDLE back;
	struct round r;
	CK_RV rv = begin(c, &r, "WUsX", "sX");

	if (rv != CKR_OK)
		return rv;
	r.p.generator = k->a;
	r.p.fixed_bits = k->b;
	if ((rv = wrap(c, &r)) != CKR_OK)
		return rv;
	if (r.out_n != 32 || !opens(&r, r.tag))
		return cf_note(c, CF_WRONG, "OpenSSL does not open it");
	if ((memcmp(r.iv, given, IV) == 0) != (k->a == NO_GENERATE) ||
	    memcmp(r.iv, given, k->b / 8) != 0)
		return cf_note(c, CF_WRONG, "the IV is not what was asked");
	rv = unwrap(c, &r, "sX", &back);
	return rv == CKR_OK ? cf_made_is_value(c, back, CKA_VALUE, value, 32)
			    : rv;
}

/* Two IVs are never one. */
static CK_RV
fresh(struct cf *c, const struct cf_case *k)
{
	struct round r, s;
	CK_RV rv = begin(c, &r, "WUsX", "sX");

	(void)k;
	if (rv != CKR_OK || (rv = begin(c, &s, "WUsX", "sX")) != CKR_OK)
		return rv;
	r.p.generator = s.p.generator = GENERATE;
	r.p.iv = r.iv;
	if ((rv = wrap(c, &r)) != CKR_OK || (rv = wrap(c, &s)) != CKR_OK)
		return rv;
	return memcmp(r.iv, s.iv, IV) != 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "one IV twice");
}

static CK_RV
lengths(struct cf *c, const struct cf_case *k)
{
	struct round r;
	CK_RV rv = begin(c, &r, "WUsX", "sX");

	if (rv != CKR_OK)
		return rv;
	if (k->a != 0)
		r.out_n = 31;
	rv = c->f32->C_WrapKeyAuthenticated(c->s, &r.m, r.w, r.key, aad,
	    sizeof(aad), k->a != 0 ? r.out : NULL, &r.out_n);
	return r.out_n == 32 ? rv : cf_note(c, CF_WRONG, "%lu bytes", r.out_n);
}

/* A keeper wraps a sensitive key by GCM, if it makes the IV itself. a: who
 * does; p: what the key becomes. */
static CK_RV
sensitive(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE back;
	struct round r;
	CK_RV rv = begin(c, &r, "keeper", "SX");

	if (rv != CKR_OK)
		return rv;
	r.p.generator = k->a;
	r.p.fixed_bits = k->b;
	rv = wrap(c, &r);
	return rv == CKR_OK ? unwrap(c, &r, k->p, &back) : rv;
}

/* After it, the same IV for a key that is known. */
static CK_RV
key_stream(struct cf *c, const struct cf_case *k)
{
	struct round r;
	CK_RV rv = begin(c, &r, "keeper", "SX");

	(void)k;
	if (rv != CKR_OK)
		return rv;
	r.p.generator = GENERATE;
	if ((rv = wrap(c, &r)) != CKR_OK)
		return rv;
	r.p.generator = NO_GENERATE;
	rv = cf_wrap_secret(c, CKK_AES, kek, 32, "sX", &r.key);
	return rv == CKR_OK ? wrap(c, &r) : rv;
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
bend_params(struct round *r, enum bend bend)
{
	if (bend == SHORT_PARAM)
		r->m.ulParameterLen--;
	if (bend == NO_PARAM)
		r->m = (CK_MECHANISM){CKM_AES_GCM, NULL, 0};
	if (bend == NO_IV)
		r->p.iv = NULL;
	if (bend == NO_TAG)
		r->p.tag = NULL;
	if (bend == TAG_BITS)
		r->p.tag_bits = 7;
	if (bend == ALL_FIXED)
		r->p.fixed_bits = 8 * IV;
	if (bend == ALL_FIXED)
		r->p.generator = GENERATE;
	if (bend == BY_COUNTER)
		r->p.generator = 77;
	if (bend == OTHER_MECH)
		r->m.mechanism = CKM_AES_KEY_WRAP;
}

static CK_RV
wrap_refused(struct cf *c, const struct cf_case *k)
{
	struct round r;
	CK_RV rv = begin(c, &r, "WUsX", k->a == UNEXTRACTABLE ? "sx" : "sX");

	if (rv != CKR_OK)
		return rv;
	bend_params(&r, (enum bend)k->a);
	return c->f32->C_WrapKeyAuthenticated(c->s,
	    k->a == NO_MECH ? NULL : &r.m, k->a == BY_ZERO ? 0 : r.w,
	    k->a == KEY_ZERO ? 0 : r.key, k->a == AAD_NULL ? NULL : aad,
	    sizeof(aad), r.out, k->a == NO_LENGTH ? NULL : &r.out_n);
}

static CK_RV
unwrap_refused(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_AES;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}};
	CK_OBJECT_HANDLE back;
	struct round r;
	CK_RV rv = begin(c, &r, "WUsX", "sX");

	if (rv != CKR_OK || (rv = wrap(c, &r)) != CKR_OK)
		return rv;
	bend_params(&r, (enum bend)k->a);
	r.out[3] ^= k->a == CHANGED;
	r.tag[3] ^= k->a == TAG_CHANGED;
	r.out_n -= k->a == CUT;
	return c->f32->C_UnwrapKeyAuthenticated(c->s,
	    k->a == NO_MECH ? NULL : &r.m, k->a == BY_ZERO ? 0 : r.w,
	    k->a == NO_INPUT ? NULL : r.out, r.out_n, t, CF_COUNT(t),
	    k->a == AAD_NULL ? NULL : aad,
	    sizeof(aad) - (k->a == OTHER_AAD ? 1 : 0),
	    k->a == NO_HANDLE ? NULL : &back);
}

/* C_WrapKey with CK_GCM_WRAP_PARAMS: the tag comes behind the key. */
static CK_RV
wrap_params(struct cf *c, const struct cf_case *k)
{
	struct wrap_params p;
	CK_MECHANISM m = {CKM_AES_GCM, &p, sizeof(p)};
	CK_OBJECT_HANDLE back;
	struct round r;
	CK_RV rv = begin(c, &r, "WUsX", "sX");

	p = (struct wrap_params){r.iv, IV, 0, k->a, aad, sizeof(aad), 8 * TAG};
	if (rv == CKR_OK)
		rv = cf_wrap_wrap(c, &m, r.w, r.key, r.out, &r.out_n);
	if (rv != CKR_OK)
		return rv;
	if (r.out_n != 32 + TAG || !opens(&r, &r.out[32]))
		return cf_note(c, CF_WRONG, "OpenSSL does not open it");
	rv =
	    cf_wrap_unwrap(c, &m, r.w, r.out, r.out_n, CKK_AES, 0, "sX", &back);
	return rv == CKR_OK ? cf_made_is_value(c, back, CKA_VALUE, value, 32)
			    : rv;
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
    WRAP("given-iv", good, NO_GENERATE, 0, NULL, CKR_OK),
    WRAP("made-iv", good, GENERATE, 0, NULL, CKR_OK),
    WRAP("made-iv-fixed-part", good, GENERATE, 32, NULL, CKR_OK),
    WRAP("random-iv-fixed-bits", good, RANDOM, 13, NULL, CKR_OK),
    WRAP("fresh", fresh, 0, 0, NULL, CKR_OK),
    WRAP("length-query", lengths, 0, 0, NULL, CKR_OK),
    WRAP("too-small", lengths, 1, 0, NULL, CKR_BUFFER_TOO_SMALL),
    WRAP("sensitive", sensitive, GENERATE, 0, "S", CKR_OK),
    WRAP("sensitive-says-nothing", sensitive, GENERATE, 0, "", CKR_OK),
    WRAP("sensitive-readable", sensitive, GENERATE, 0, "s",
	CKR_TEMPLATE_INCONSISTENT),
    WRAP("sensitive-given-iv", sensitive, NO_GENERATE, 0, "S", KEPT),
    WRAP("sensitive-fixed-part", sensitive, GENERATE, 32, "S", KEPT),
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
    ROW("C_WrapKey/gcm-wrap-parameters", wrap_params, NO_GENERATE, 0, NULL,
	CKR_OK),
    ROW("C_WrapKey/gcm-wrap-parameters-made", wrap_params, GENERATE, 0, NULL,
	CKR_OK),
};

CF_GROUP(cf_group_wrap32, table)
