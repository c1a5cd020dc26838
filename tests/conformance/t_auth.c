/* AES that authenticates - CCM, CMAC, GMAC - where something is wrong (3.0 mech
 * 2.13 and 2.16). What is right is in tests/data/kat. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/params.h"

#define TEXT 20
#define TAG 8

static CK_BYTE key_value[16] = {7};
static CK_BYTE nonce[16] = {1, 2, 3}, aad[32] = {4}, text[64] = {5};
static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static const CK_ATTRIBUTE signs_add[] = {
    {CKA_VALUE, key_value, 16}, {CKA_SIGN, &yes, 1}, {CKA_VERIFY, &yes, 1}};
static const struct cf_bend signs = {CF_KEEP_ALL, signs_add, 3};

static const CK_ATTRIBUTE no_sign_add[] = {{CKA_SIGN, &no, 1}};
static const struct cf_bend no_sign = {CF_KEEP_ALL, no_sign_add, 1};

/* A good parameter, and the row's difference. */
enum {
	GOOD,
	NO_PARAM,
	SHORT_PARAM,
	NO_NONCE,
	NONCE_6,
	NONCE_14,
	NO_AAD,
	ENDLESS_AAD,
	MAC_2,
	MAC_7,
	MAC_18,
	LENGTH_BEYOND_NONCE,
	ENDLESS,
	SHORTER, /* the data are shorter than was told, or longer */
	LONGER,
	EMPTY,
};

static CK_MECHANISM *
ccm(unsigned long how)
{
	static struct cf_ccm p;
	static CK_MECHANISM m;

	p = (struct cf_ccm){TEXT, nonce, 12, aad, sizeof(aad), TAG};
	m = (CK_MECHANISM){CKM_AES_CCM, &p, sizeof(p)};
	m.pParameter = how == NO_PARAM ? NULL : &p;
	m.ulParameterLen -= how == SHORT_PARAM ? 1 : 0;
	p.nonce = how == NO_NONCE ? NULL : nonce;
	p.nonce_len = how == NONCE_6               ? 6
		      : how == NONCE_14            ? 14
		      : how == LENGTH_BEYOND_NONCE ? 13
						   : 12;
	p.aad = how == NO_AAD ? NULL : aad;
	p.aad_len = how == ENDLESS_AAD ? (CK_ULONG)-1 : sizeof(aad);
	p.mac_len = how == MAC_2    ? 2
		    : how == MAC_7  ? 7
		    : how == MAC_18 ? 18
				    : TAG;
	p.data_len = how == LENGTH_BEYOND_NONCE ? 0x10000
		     : how == ENDLESS           ? (CK_ULONG)-1
		     : how == SHORTER           ? TEXT + 1
		     : how == LONGER            ? TEXT - 1
		     : how == EMPTY             ? 0
						: TEXT;
	return &m;
}

/* A key for what the row does; CF_SKIP without the mechanism. */
static CK_RV
begin(struct cf *c, CK_MECHANISM_TYPE type, CK_OBJECT_HANDLE *h)
{
	if (!cf_mech_listed(c, type))
		return cf_note(c, CF_SKIP, "not listed");
	return cf_make(c, CF_AES, &signs, h);
}

/* a: what is wrong with the parameter. Both directions say the same. */
static CK_RV
ccm_init(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE h;
	CK_RV rv = begin(c, CKM_AES_CCM, &h), other;

	if (rv != CKR_OK)
		return rv;
	rv = c->f->C_EncryptInit(c->s, ccm(k->a), h);
	other = c->f->C_DecryptInit(c->s, ccm(k->a), h);
	return rv == other ? rv
			   : cf_note(c, CF_WRONG, "decrypting: 0x%lx", other);
}

/* a: SHORTER or LONGER; b: 1 in parts. */
static CK_RV
ccm_length(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[64];
	CK_ULONG n = sizeof(out);
	CK_OBJECT_HANDLE h;
	CK_RV rv = begin(c, CKM_AES_CCM, &h);

	if (rv != CKR_OK ||
	    (rv = c->f->C_EncryptInit(c->s, ccm(k->a), h)) != CKR_OK)
		return rv;
	if (k->b == 0)
		return c->f->C_Encrypt(c->s, text, TEXT, out, &n);
	rv = c->f->C_EncryptUpdate(c->s, text, TEXT, out, &n);
	n = sizeof(out);
	return rv == CKR_OK ? c->f->C_EncryptFinal(c->s, out, &n) : rv;
}

static CK_RV
seal(struct cf *c, CK_OBJECT_HANDLE h, CK_BYTE *out, CK_ULONG *n)
{
	CK_RV rv = c->f->C_EncryptInit(c->s, ccm(GOOD), h);

	return rv == CKR_OK ? c->f->C_Encrypt(c->s, text, TEXT, out, n) : rv;
}

/* a: the bit that is changed, in the text, the tag, the nonce or the additional
 * data; b: in parts. Nothing of the text comes out. */
enum { IN_TEXT, IN_TAG, IN_NONCE, IN_AAD };

static CK_RV
ccm_changed(struct cf *c, const struct cf_case *k)
{
	CK_BYTE box[64], out[64], before[64];
	CK_ULONG n = sizeof(box), got = sizeof(out);
	CK_OBJECT_HANDLE h;
	CK_RV rv = begin(c, CKM_AES_CCM, &h);

	if (rv == CKR_OK)
		rv = seal(c, h, box, &n);
	if (rv != CKR_OK)
		return rv;
	memset(out, 0xC5, sizeof(out));
	memcpy(before, out, sizeof(out));
	box[k->a == IN_TAG ? TEXT : 0] ^= k->a == IN_TEXT || k->a == IN_TAG;
	nonce[0] ^= k->a == IN_NONCE;
	aad[0] ^= k->a == IN_AAD;
	rv = c->f->C_DecryptInit(c->s, ccm(GOOD), h);
	nonce[0] ^= k->a == IN_NONCE;
	aad[0] ^= k->a == IN_AAD;
	if (rv != CKR_OK)
		return rv;
	if (k->b == 0) {
		rv = c->f->C_Decrypt(c->s, box, n, out, &got);
	} else {
		rv = c->f->C_DecryptUpdate(c->s, box, n, out, &got);
		if (rv != CKR_OK || got != 0)
			return cf_note(c, CF_WRONG, "before the tag is seen");
		got = sizeof(out);
		rv = c->f->C_DecryptFinal(c->s, out, &got);
	}
	return memcmp(out, before, sizeof(out)) == 0
		   ? rv
		   : cf_note(c, CF_WRONG, "something came out");
}

/* a: bytes of a cryptogram that are not those that were told. */
static CK_RV
ccm_cut(struct cf *c, const struct cf_case *k)
{
	CK_BYTE box[64] = {0}, out[64];
	CK_ULONG n = sizeof(out);
	CK_OBJECT_HANDLE h;
	CK_RV rv = begin(c, CKM_AES_CCM, &h);

	if (rv == CKR_OK)
		rv = c->f->C_DecryptInit(c->s, ccm(GOOD), h);
	return rv == CKR_OK ? c->f->C_Decrypt(c->s, box, k->a, out, &n) : rv;
}

/* A length is asked for, then there is one byte too few, then enough; b: for
 * the end of parts. */
static CK_RV
ccm_room(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[64];
	CK_ULONG n = sizeof(out);
	CK_OBJECT_HANDLE h;
	CK_RV rv = begin(c, CKM_AES_CCM, &h);

	if (rv == CKR_OK)
		rv = c->f->C_EncryptInit(c->s, ccm(GOOD), h);
	if (rv == CKR_OK && k->b != 0)
		rv = c->f->C_EncryptUpdate(c->s, text, TEXT, out, &n);
	for (int i = 0; rv == CKR_OK && i < 3; i++) {
		CK_BYTE *to = i == 0 ? NULL : out;

		n = i == 1 ? TEXT + TAG - 1 : sizeof(out);
		rv = k->b != 0 ? c->f->C_EncryptFinal(c->s, to, &n)
			       : c->f->C_Encrypt(c->s, text, TEXT, to, &n);
		if (n != TEXT + TAG)
			return cf_note(c, CF_WRONG, "%lu bytes", n);
		if (i == 1)
			rv = rv == CKR_BUFFER_TOO_SMALL ? CKR_OK : CF_WRONG;
	}
	return rv;
}

/* a: bytes of a CMAC asked for; b: 1: no parameter, 2: too short a one. */
static CK_RV
cmac_init(struct cf *c, const struct cf_case *k)
{
	CK_ULONG n = k->a;
	CK_MECHANISM m = {CKM_AES_CMAC_GENERAL, &n, sizeof(n) - (k->b == 2)};
	CK_OBJECT_HANDLE h;
	CK_RV rv = begin(c, m.mechanism, &h);

	if (k->b == 1)
		m = (CK_MECHANISM){m.mechanism, NULL, 0};
	if (rv == CKR_OK && c->f->C_VerifyInit(c->s, &m, h) == CKR_OK)
		return cf_note(c, CF_WRONG, "it would verify");
	return rv == CKR_OK ? c->f->C_SignInit(c->s, &m, h) : rv;
}

/* a: the mechanism; b: the key's kind; p: how it is bent. */
static CK_RV
other_key(struct cf *c, const struct cf_case *k)
{
	CK_GCM_PARAMS gcm = {nonce, 12, 96, NULL, 0, 128};
	CK_MECHANISM m = {k->a, NULL, 0};
	CK_OBJECT_HANDLE h;
	CK_RV rv = begin(c, k->a, &h);

	if (k->a == CKM_AES_GMAC)
		m = (CK_MECHANISM){k->a, &gcm, sizeof(gcm)};
	if (rv == CKR_OK)
		rv = cf_make(c, (enum cf_made)k->b, k->p, &h);
	return rv == CKR_OK ? c->f->C_SignInit(c->s, &m, h) : rv;
}

/* p: the parameter, which is no good. */
static CK_RV
gmac_init(struct cf *c, const struct cf_case *k)
{
	CK_GCM_PARAMS gcm;
	CK_MECHANISM m = {CKM_AES_GMAC, &gcm, sizeof(gcm) - k->a};
	CK_OBJECT_HANDLE h;
	CK_RV rv = begin(c, m.mechanism, &h);

	memcpy(&gcm, k->p, sizeof(gcm));
	return rv == CKR_OK ? c->f->C_SignInit(c->s, &m, h) : rv;
}

static const CK_GCM_PARAMS good = {nonce, 12, 96, NULL, 0, 128},
			   no_iv = {NULL, 12, 96, NULL, 0, 128},
			   empty_iv = {nonce, 0, 0, NULL, 0, 128},
			   endless_iv = {nonce, (CK_ULONG)-1, 96, NULL, 0, 128},
			   with_aad = {nonce, 12, 96, aad, 4, 128},
			   tag_0 = {nonce, 12, 96, NULL, 0, 0},
			   tag_33 = {nonce, 12, 96, NULL, 0, 33},
			   tag_136 = {nonce, 12, 96, NULL, 0, 136};

#define ROW(what, fn, a, b, p, ...)                                            \
	{                                                                      \
		what, "3.0 mech 2.13", CF_RO, 0, fn, a, b, p,                  \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define PARAM CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD
#define CCM(what, how)                                                         \
	ROW("C_EncryptInit/ccm-" what, ccm_init, how, 0, NULL, PARAM)
#define CHANGED(what, where)                                                   \
	ROW("C_Decrypt/ccm-" what, ccm_changed, where, 0, NULL,                \
	    CKR_ENCRYPTED_DATA_INVALID, CF_CKR_AEAD_DECRYPT_FAILED),           \
	    ROW("C_DecryptFinal/ccm-" what, ccm_changed, where, 1, NULL,       \
		CKR_ENCRYPTED_DATA_INVALID, CF_CKR_AEAD_DECRYPT_FAILED)
#define GMAC(what, p) ROW("C_SignInit/gmac-" what, gmac_init, 0, 0, p, PARAM)

static const struct cf_case table[] = {
    CCM("no-parameter", NO_PARAM),
    CCM("short-parameter", SHORT_PARAM),
    CCM("no-nonce", NO_NONCE),
    CCM("nonce-of-6", NONCE_6),
    CCM("nonce-of-14", NONCE_14),
    CCM("no-additional-data", NO_AAD),
    CCM("endless-additional-data", ENDLESS_AAD),
    CCM("tag-of-2", MAC_2),
    CCM("tag-of-7", MAC_7),
    CCM("tag-of-18", MAC_18),
    CCM("length-beyond-nonce", LENGTH_BEYOND_NONCE),
    CCM("endless", ENDLESS),
    ROW("C_Encrypt/ccm-shorter-than-told", ccm_length, SHORTER, 0, NULL,
	CKR_DATA_LEN_RANGE),
    ROW("C_Encrypt/ccm-longer-than-told", ccm_length, LONGER, 0, NULL,
	CKR_DATA_LEN_RANGE),
    ROW("C_Encrypt/ccm-none-told", ccm_length, EMPTY, 0, NULL,
	CKR_DATA_LEN_RANGE),
    ROW("C_EncryptFinal/ccm-shorter-than-told", ccm_length, SHORTER, 1, NULL,
	CKR_DATA_LEN_RANGE),
    ROW("C_EncryptUpdate/ccm-longer-than-told", ccm_length, LONGER, 1, NULL,
	CKR_DATA_LEN_RANGE),
    CHANGED("changed-text", IN_TEXT),
    CHANGED("changed-tag", IN_TAG),
    CHANGED("other-nonce", IN_NONCE),
    CHANGED("other-additional-data", IN_AAD),
    ROW("C_Decrypt/ccm-nothing", ccm_cut, 0, 0, NULL,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/ccm-cut", ccm_cut, TEXT + TAG - 1, 0, NULL,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/ccm-longer", ccm_cut, TEXT + TAG + 1, 0, NULL,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Encrypt/ccm-lengths", ccm_room, 0, 0, NULL, CKR_OK),
    ROW("C_EncryptFinal/ccm-lengths", ccm_room, 0, 1, NULL, CKR_OK),
    ROW("C_SignInit/cmac-length-0", cmac_init, 0, 0, NULL, PARAM),
    ROW("C_SignInit/cmac-too-long", cmac_init, 17, 0, NULL, PARAM),
    ROW("C_SignInit/cmac-endless", cmac_init, (CK_ULONG)-1, 0, NULL, PARAM),
    ROW("C_SignInit/cmac-no-length", cmac_init, 8, 1, NULL, PARAM),
    ROW("C_SignInit/cmac-short-parameter", cmac_init, 8, 2, NULL, PARAM),
    ROW("C_SignInit/cmac-key-cannot-sign", other_key, CKM_AES_CMAC, CF_AES,
	&no_sign, CKR_KEY_FUNCTION_NOT_PERMITTED),
    ROW("C_SignInit/cmac-generic-key", other_key, CKM_AES_CMAC, CF_GENERIC,
	NULL, CKR_KEY_TYPE_INCONSISTENT),
    ROW("C_SignInit/gmac-generic-key", other_key, CKM_AES_GMAC, CF_GENERIC,
	NULL, CKR_KEY_TYPE_INCONSISTENT),
    ROW("C_SignInit/gmac-short-parameter", gmac_init, 1, 0, &good, PARAM),
    GMAC("no-iv", &no_iv),
    GMAC("empty-iv", &empty_iv),
    GMAC("endless-iv", &endless_iv),
    GMAC("additional-data", &with_aad),
    GMAC("tag-of-0", &tag_0),
    GMAC("tag-of-33-bits", &tag_33),
    GMAC("tag-of-136-bits", &tag_136),
};

CF_GROUP(cf_group_auth, table)
