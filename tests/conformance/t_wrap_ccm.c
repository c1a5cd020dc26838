/* AES-CCM for keys: C_WrapKeyAuthenticated and C_UnwrapKeyAuthenticated with
 * CK_CCM_MESSAGE_PARAMS, C_WrapKey with CK_CCM_WRAP_PARAMS: 3.2 5.18.6, 5.18.7,
 * 6.13.5. OpenSSL opens what was wrapped. */
#include <string.h>

#include "tests/conformance/aead_wrap.h"
#include "tests/conformance/groups.h"

#define NONCE 13

/* CK_CCM_WRAP_PARAMS of 3.2. */
struct wrap_params {
	CK_ULONG data_len;
	CK_BYTE *nonce;
	CK_ULONG nonce_len, fixed_bits, generator;
	CK_BYTE *aad;
	CK_ULONG aad_len, mac_len;
};

static void
fill(struct cf_aead_round *r)
{
	r->p.ccm = (struct cf_ccm_message){
	    0, r->iv, NONCE, 0, CF_CKG_NO_GENERATE, r->tag, CF_AEAD_TAG};
	r->m = (CK_MECHANISM){CKM_AES_CCM, &r->p.ccm, sizeof(r->p.ccm)};
	r->generator = &r->p.ccm.generator;
	r->fixed_bits = &r->p.ccm.fixed_bits;
}

static bool
opens(const struct cf_aead_round *r, const uint8_t *mac)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t got[64], tag[CF_AEAD_TAG];
	int n = 0, mac_n = (int)r->p.ccm.mac_n;
	bool ok;

	memcpy(tag, mac, r->p.ccm.mac_n);
	ok =
	    EVP_DecryptInit_ex(ctx, EVP_aes_256_ccm(), NULL, NULL, NULL) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, NONCE, NULL) ==
		1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, mac_n, tag) == 1 &&
	    EVP_DecryptInit_ex(ctx, NULL, NULL, cf_aead_kek, r->iv) == 1 &&
	    EVP_DecryptUpdate(ctx, NULL, &n, NULL, CF_AEAD_KEY) == 1 &&
	    EVP_DecryptUpdate(ctx, NULL, &n, cf_aead_aad, CF_AEAD_AAD) == 1 &&
	    EVP_DecryptUpdate(ctx, got, &n, r->out, CF_AEAD_KEY) == 1 &&
	    n == CF_AEAD_KEY && memcmp(got, cf_aead_value, CF_AEAD_KEY) == 0;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

static const struct cf_aead ccm = {
    CKM_AES_CCM, "CCM does not wrap", NONCE, fill, opens};

/* a: who makes the nonce; b: bits of it that stay; p: CK_ULONG, bytes of the
 * MAC, or NULL. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	struct cf_aead_round r;
	CK_RV rv = cf_aead_begin(c, &r, &ccm, "WUsX", "sX");

	if (rv != CKR_OK)
		return rv;
	if (k->p != NULL)
		r.p.ccm.mac_n = *(const CK_ULONG *)k->p;
	return cf_aead_good(c, &r, k->a, k->b);
}

/* a: 1: a byte too little, 0: the length is asked for. */
static CK_RV
lengths(struct cf *c, const struct cf_case *k)
{
	return cf_aead_lengths(c, &ccm, k->a != 0);
}

/* A sensitive key leaves under a nonce that is made for it and is too long to
 * come twice. a: who makes it; b: its bytes; p: what the key becomes. */
static CK_RV
sensitive(struct cf *c, const struct cf_case *k)
{
	struct cf_aead_round r;
	CK_RV rv = cf_aead_begin(c, &r, &ccm, NULL, "SX");

	if (rv != CKR_OK)
		return rv;
	*r.generator = k->a;
	r.p.ccm.nonce_n = k->b;
	return cf_aead_back(c, &r, k->p);
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
bend_params(struct cf_aead_round *r, enum bend bend)
{
	r->m.ulParameterLen -= bend == SHORT_PARAM;
	if (bend == NO_NONCE)
		r->p.ccm.nonce = NULL;
	if (bend == NONCE_OF_6 || bend == NONCE_OF_14)
		r->p.ccm.nonce_n = bend == NONCE_OF_6 ? 6 : 14;
	if (bend == NO_MAC)
		r->p.ccm.mac = NULL;
	if (bend == MAC_OF_5)
		r->p.ccm.mac_n = 5;
	if (bend == MAC_HUGE)
		r->p.ccm.mac_n =
		    ((CK_ULONG)1 << (8 * sizeof(CK_ULONG) - 3)) + 16;
	if (bend == ALL_FIXED)
		r->p.ccm.fixed_bits = 8 * NONCE;
	if (bend == ALL_FIXED || bend == BY_COUNTER)
		r->p.ccm.generator =
		    bend == ALL_FIXED ? CF_CKG_GENERATE : CF_CKG_COUNTER;
}

/* a: the bend. */
static CK_RV
wrap_refused(struct cf *c, const struct cf_case *k)
{
	struct cf_aead_round r;
	CK_RV rv = cf_aead_begin(c, &r, &ccm, "WUsX", "sX");

	if (rv != CKR_OK)
		return rv;
	bend_params(&r, (enum bend)k->a);
	return cf_aead_wrap(c, &r);
}

static CK_RV
unwrap_refused(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE back;
	struct cf_aead_round r;
	CK_RV rv = cf_aead_begin(c, &r, &ccm, "WUsX", "sX");

	if (rv != CKR_OK || (rv = cf_aead_wrap(c, &r)) != CKR_OK)
		return rv;
	bend_params(&r, (enum bend)k->a);
	r.out[3] ^= k->a == CHANGED;
	r.tag[3] ^= k->a == MAC_CHANGED;
	r.out_n -= k->a == CUT;
	r.out_n = k->a == NOTHING ? 0 : r.out_n;
	return cf_aead_unwrap(c, &r, CF_AEAD_AAD - (k->a == OTHER_AAD), "sX",
	    &back);
}

/* C_WrapKey with CK_CCM_WRAP_PARAMS. a: who makes the nonce; b: a length of the
 * data, to be ignored. */
static CK_RV
wrap_params(struct cf *c, const struct cf_case *k)
{
	struct cf_aead_round r;
	struct wrap_params p = {
	    k->b, r.iv, NONCE, 0, k->a, cf_aead_aad, CF_AEAD_AAD, CF_AEAD_TAG};
	CK_RV rv = cf_aead_begin(c, &r, &ccm, "WUsX", "sX");

	return rv == CKR_OK ? cf_aead_params(c, &r, &p, sizeof(p)) : rv;
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
