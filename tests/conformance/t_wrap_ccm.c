/* AES-CCM for keys: C_WrapKeyAuthenticated and C_UnwrapKeyAuthenticated with
 * CK_CCM_MESSAGE_PARAMS, C_WrapKey with CK_CCM_WRAP_PARAMS: 3.2 5.18.6, 5.18.7,
 * 6.13.5. OpenSSL opens what was wrapped. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/wrap.h"

#define NONCE 13
#define MAC 16

static const uint8_t kek[] = "a wrapping key with 32 bytes in!";
static const uint8_t value[] = "and 32 bytes that are wrapped...";
static CK_BYTE aad[] = "what is sent beside it";

/* CK_CCM_WRAP_PARAMS of 3.2. */
struct wrap_params {
	CK_ULONG data_len;
	CK_BYTE *nonce;
	CK_ULONG nonce_len, fixed_bits, generator;
	CK_BYTE *aad;
	CK_ULONG aad_len, mac_len;
};

/* One call with all that a row may bend. */
struct round {
	CK_BYTE nonce[NONCE + 1], mac[MAC], out[CF_WRAP_OUT];
	CK_ULONG out_n;
	struct cf_ccm_message p;
	CK_MECHANISM m;
	CK_OBJECT_HANDLE w, key;
};

/* by NULL: a wrapping key that nobody knows. */
static CK_RV
begin(struct cf *c, struct round *r, const char *by, const char *what)
{
	CK_RV rv;

	if (!cf_mech_can(c, CKM_AES_CCM, CKF_WRAP | CKF_UNWRAP))
		return cf_note(c, CF_SKIP, "CCM does not wrap");
	memset(r, 0, sizeof(*r));
	memset(r->nonce, 0x31, sizeof(r->nonce));
	r->p = (struct cf_ccm_message){
	    0, r->nonce, NONCE, 0, CF_CKG_NO_GENERATE, r->mac, MAC};
	r->m = (CK_MECHANISM){CKM_AES_CCM, &r->p, sizeof(r->p)};
	r->out_n = sizeof(r->out);
	rv = by == NULL ? cf_wrap_secret(c, CKK_AES, NULL, 32, "WU", &r->w)
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
unwrap(struct cf *c, struct round *r, CK_ULONG aad_n, const char *what,
    CK_OBJECT_HANDLE *o)
{
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_AES;
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE t[8] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_PRIVATE, &no, sizeof(no)}};
	CK_ULONG n = 4 + cf_wrap_flags(what, &t[4]);

	return c->f32->C_UnwrapKeyAuthenticated(c->s, &r->m, r->w, r->out,
	    r->out_n, t, n, aad, aad_n, o);
}

/* What OpenSSL makes of it. */
static bool
opens(const struct round *r, const uint8_t *mac, CK_ULONG mac_n)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t got[64], tag[MAC];
	int n = 0;
	bool ok;

	memcpy(tag, mac, mac_n);
	ok =
	    EVP_DecryptInit_ex(ctx, EVP_aes_256_ccm(), NULL, NULL, NULL) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, NONCE, NULL) ==
		1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)mac_n, tag) ==
		1 &&
	    EVP_DecryptInit_ex(ctx, NULL, NULL, kek, r->nonce) == 1 &&
	    EVP_DecryptUpdate(ctx, NULL, &n, NULL, 32) == 1 &&
	    EVP_DecryptUpdate(ctx, NULL, &n, aad, sizeof(aad)) == 1 &&
	    EVP_DecryptUpdate(ctx, got, &n, r->out, 32) == 1 && n == 32 &&
	    memcmp(got, value, 32) == 0;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

/* a: who makes the nonce; b: bits of it that stay; p: CK_ULONG, bytes of the
 * MAC, or NULL. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	CK_BYTE given[NONCE];
	CK_OBJECT_HANDLE back;
	struct round r;
	CK_RV rv = begin(c, &r, "WUsX", "sX");

	if (rv != CKR_OK)
		return rv;
	memcpy(given, r.nonce, NONCE);
	r.p.generator = k->a;
	r.p.fixed_bits = k->b;
	if (k->p != NULL)
		r.p.mac_n = *(const CK_ULONG *)k->p;
	if ((rv = wrap(c, &r)) != CKR_OK)
		return rv;
	if (r.out_n != 32 || !opens(&r, r.mac, r.p.mac_n))
		return cf_note(c, CF_WRONG, "OpenSSL does not open it");
	if ((memcmp(r.nonce, given, NONCE) == 0) !=
		(k->a == CF_CKG_NO_GENERATE) ||
	    memcmp(r.nonce, given, k->b / 8) != 0 || r.nonce[NONCE] != 0x31)
		return cf_note(c, CF_WRONG, "the nonce is not what was asked");
	rv = unwrap(c, &r, sizeof(aad), "sX", &back);
	return rv == CKR_OK ? cf_made_is_value(c, back, CKA_VALUE, value, 32)
			    : rv;
}

/* a: 1: a byte too little, 0: the length is asked for. */
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

/* A sensitive key leaves under a nonce that is made for it and is too long to
 * come twice. a: who makes it; b: its bytes; p: what the key becomes. */
static CK_RV
sensitive(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE back;
	struct round r;
	CK_RV rv = begin(c, &r, NULL, "SX");

	if (rv != CKR_OK)
		return rv;
	r.p.generator = k->a;
	r.p.nonce_n = k->b;
	rv = wrap(c, &r);
	return rv == CKR_OK ? unwrap(c, &r, sizeof(aad), k->p, &back) : rv;
}

enum bend {
	SHORT_PARAM,
	NO_NONCE,
	NONCE_OF_6,
	NONCE_OF_14,
	NO_MAC,
	MAC_OF_5,
	MAC_HUGE, /* eight times that is 128 again */
	ALL_FIXED,
	BY_COUNTER,
	CHANGED,
	MAC_CHANGED,
	OTHER_AAD,
	CUT,
	NOTHING,
};

static void
bend_params(struct round *r, enum bend bend)
{
	r->m.ulParameterLen -= bend == SHORT_PARAM;
	if (bend == NO_NONCE)
		r->p.nonce = NULL;
	if (bend == NONCE_OF_6 || bend == NONCE_OF_14)
		r->p.nonce_n = bend == NONCE_OF_6 ? 6 : 14;
	if (bend == NO_MAC)
		r->p.mac = NULL;
	if (bend == MAC_OF_5)
		r->p.mac_n = 5;
	if (bend == MAC_HUGE)
		r->p.mac_n = ((CK_ULONG)1 << (8 * sizeof(CK_ULONG) - 3)) + 16;
	if (bend == ALL_FIXED)
		r->p.fixed_bits = 8 * NONCE;
	if (bend == ALL_FIXED || bend == BY_COUNTER)
		r->p.generator =
		    bend == ALL_FIXED ? CF_CKG_GENERATE : CF_CKG_COUNTER;
}

/* a: the bend. */
static CK_RV
wrap_refused(struct cf *c, const struct cf_case *k)
{
	struct round r;
	CK_RV rv = begin(c, &r, "WUsX", "sX");

	if (rv != CKR_OK)
		return rv;
	bend_params(&r, (enum bend)k->a);
	return wrap(c, &r);
}

static CK_RV
unwrap_refused(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE back;
	struct round r;
	CK_RV rv = begin(c, &r, "WUsX", "sX");

	if (rv != CKR_OK || (rv = wrap(c, &r)) != CKR_OK)
		return rv;
	bend_params(&r, (enum bend)k->a);
	r.out[3] ^= k->a == CHANGED;
	r.mac[3] ^= k->a == MAC_CHANGED;
	r.out_n -= k->a == CUT;
	r.out_n = k->a == NOTHING ? 0 : r.out_n;
	return unwrap(c, &r, sizeof(aad) - (k->a == OTHER_AAD), "sX", &back);
}

/* C_WrapKey with CK_CCM_WRAP_PARAMS: the MAC comes behind the key. a: who makes
 * the nonce; b: a length of the data, to be ignored. */
static CK_RV
wrap_params(struct cf *c, const struct cf_case *k)
{
	struct wrap_params p;
	CK_MECHANISM m = {CKM_AES_CCM, &p, sizeof(p)};
	CK_OBJECT_HANDLE back;
	struct round r;
	CK_RV rv = begin(c, &r, "WUsX", "sX");

	p = (struct wrap_params){
	    k->b, r.nonce, NONCE, 0, k->a, aad, sizeof(aad), MAC};
	if (rv == CKR_OK)
		rv = cf_wrap_wrap(c, &m, r.w, r.key, r.out, &r.out_n);
	if (rv != CKR_OK)
		return rv;
	if (r.out_n != 32 + MAC || !opens(&r, &r.out[32], MAC))
		return cf_note(c, CF_WRONG, "OpenSSL does not open it");
	rv =
	    cf_wrap_unwrap(c, &m, r.w, r.out, r.out_n, CKK_AES, 0, "sX", &back);
	return rv == CKR_OK ? cf_made_is_value(c, back, CKA_VALUE, value, 32)
			    : rv;
}

static const CK_ULONG mac_4 = 4;

#define ROW(what, fn, a, b, p, ...)                                            \
	{                                                                      \
		what, "3.2 5.18.6, 5.18.7, 6.13.5", CF_RO, CF_NEED_32, fn, a,  \
		    b, p, CF_ALLOW(__VA_ARGS__)                                \
	}
#define WRAP(what, ...) ROW("C_WrapKeyAuthenticated/ccm-" what, __VA_ARGS__)
#define BADW(what, bend, ...)                                                  \
	WRAP(what, wrap_refused, bend, 0, NULL, __VA_ARGS__)
#define BADU(what, bend, ...)                                                  \
	ROW("C_UnwrapKeyAuthenticated/ccm-" what, unwrap_refused, bend, 0,     \
	    NULL, __VA_ARGS__)
#define PARAM CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD
#define KEPT CKR_KEY_NOT_WRAPPABLE, CKR_MECHANISM_INVALID
#define LENGTH CKR_WRAPPED_KEY_LEN_RANGE

static const struct cf_case table[] = {
    WRAP("given-nonce", good, CF_CKG_NO_GENERATE, 0, NULL, CKR_OK),
    WRAP("made-nonce", good, CF_CKG_GENERATE, 0, NULL, CKR_OK),
    WRAP("made-nonce-fixed-part", good, CF_CKG_GENERATE, 32, NULL, CKR_OK),
    WRAP("random-nonce", good, CF_CKG_RANDOM, 0, NULL, CKR_OK),
    WRAP("mac-of-4", good, CF_CKG_GENERATE, 0, &mac_4, CKR_OK),
    WRAP("length-query", lengths, 0, 0, NULL, CKR_OK),
    WRAP("too-small", lengths, 1, 0, NULL, CKR_BUFFER_TOO_SMALL),
    WRAP("sensitive", sensitive, CF_CKG_GENERATE, 12, "S", CKR_OK),
    WRAP("sensitive-readable", sensitive, CF_CKG_GENERATE, 12, "s",
	CKR_TEMPLATE_INCONSISTENT),
    WRAP("sensitive-given-nonce", sensitive, CF_CKG_NO_GENERATE, 12, "S", KEPT),
    WRAP("sensitive-short-nonce", sensitive, CF_CKG_GENERATE, 7, "S", KEPT),
    BADW("short-parameter", SHORT_PARAM, PARAM),
    BADW("no-nonce", NO_NONCE, PARAM),
    BADW("nonce-of-6", NONCE_OF_6, PARAM),
    BADW("nonce-of-14", NONCE_OF_14, PARAM),
    BADW("no-mac", NO_MAC, PARAM),
    BADW("mac-of-5", MAC_OF_5, PARAM),
    BADW("mac-huge", MAC_HUGE, PARAM),
    BADW("nonce-all-fixed", ALL_FIXED, PARAM),
    BADW("by-counter", BY_COUNTER, PARAM, CKR_OK),
    BADU("changed", CHANGED, CKR_WRAPPED_KEY_INVALID),
    BADU("mac-changed", MAC_CHANGED, CKR_WRAPPED_KEY_INVALID),
    BADU("other-data", OTHER_AAD, CKR_WRAPPED_KEY_INVALID),
    BADU("cut", CUT, CKR_WRAPPED_KEY_INVALID, LENGTH),
    BADU("nothing", NOTHING, CKR_WRAPPED_KEY_INVALID, LENGTH),
    BADU("no-mac", NO_MAC, PARAM),
    BADU("mac-huge", MAC_HUGE, PARAM),
    BADU("nonce-of-14", NONCE_OF_14, PARAM),
    BADU("short-parameter", SHORT_PARAM, PARAM),
    ROW("C_WrapKey/ccm-wrap-parameters", wrap_params, CF_CKG_NO_GENERATE, 0,
	NULL, CKR_OK),
    ROW("C_WrapKey/ccm-wrap-parameters-made", wrap_params, CF_CKG_GENERATE, 0,
	NULL, CKR_OK),
    ROW("C_WrapKey/ccm-length-ignored", wrap_params, CF_CKG_GENERATE, 77, NULL,
	CKR_OK),
    ROW("C_WrapKey/ccm-huge-length-ignored", wrap_params, CF_CKG_GENERATE, ~0UL,
	NULL, CKR_OK),
};

CF_GROUP(cf_group_wrap_ccm, table)
