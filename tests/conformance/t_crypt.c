/* RSA encryption and decryption. */
#include <string.h>

#include <openssl/rsa.h>

#include "tests/conformance/groups.h"

#define TEXT_N 32
#define CRYPT_MAX 1024

static bool
key_can(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE what)
{
	bool can = false;

	return o != CK_INVALID_HANDLE &&
	       cf_attr_bool(c, o, what, &can) == CKR_OK && can;
}

static CK_RV
can_decrypt(struct cf *c, CK_MECHANISM_TYPE type)
{
	if (!cf_mech_can(c, type, CKF_DECRYPT))
		return cf_note(c, CF_SKIP, "not offered");
	if (!key_can(c, c->key.priv, CKA_DECRYPT))
		return cf_note(c, CF_SKIP, "the key does not decrypt");
	return CKR_OK;
}

static CK_RV
can_encrypt(struct cf *c, CK_MECHANISM_TYPE type)
{
	if (!cf_mech_can(c, type, CKF_ENCRYPT))
		return cf_note(c, CF_SKIP, "not offered");
	if (!key_can(c, c->key.pub, CKA_ENCRYPT))
		return cf_note(c, CF_SKIP, "no public key that encrypts");
	return CKR_OK;
}

/* How a text is wrapped, for PKCS#11 and for OpenSSL. */
struct wrap {
	CK_MECHANISM_TYPE type;
	int pad;
	const char *md; /* OAEP */
	CK_MECHANISM_TYPE hash;
	CK_RSA_PKCS_MGF_TYPE mgf;
	const char *label;
};

static const struct wrap pkcs1 = {
    CKM_RSA_PKCS, RSA_PKCS1_PADDING, NULL, 0, 0, NULL};
static const struct wrap raw = {
    CKM_RSA_X_509, RSA_NO_PADDING, NULL, 0, 0, NULL};
static const struct wrap oaep1 = {CKM_RSA_PKCS_OAEP, RSA_PKCS1_OAEP_PADDING,
    "SHA1", CKM_SHA_1, CKG_MGF1_SHA1, NULL};
static const struct wrap oaep256 = {CKM_RSA_PKCS_OAEP, RSA_PKCS1_OAEP_PADDING,
    "SHA256", CKM_SHA256, CKG_MGF1_SHA256, NULL};
static const struct wrap oaep_label = {CKM_RSA_PKCS_OAEP,
    RSA_PKCS1_OAEP_PADDING, "SHA256", CKM_SHA256, CKG_MGF1_SHA256, "nhãn"};

struct mech {
	CK_MECHANISM m;
	CK_RSA_PKCS_OAEP_PARAMS oaep;
	uint8_t label[64];
};

static CK_MECHANISM *
mechanism(struct mech *x, const struct wrap *w)
{
	size_t n = w->label != NULL ? strlen(w->label) : 0;

	x->m = (CK_MECHANISM){w->type, NULL, 0};
	if (w->md == NULL)
		return &x->m;
	if (n != 0)
		memcpy(x->label, w->label, n);
	x->oaep = (CK_RSA_PKCS_OAEP_PARAMS){
	    w->hash, w->mgf, CKZ_DATA_SPECIFIED, n != 0 ? x->label : NULL, n};
	x->m.pParameter = &x->oaep;
	x->m.ulParameterLen = sizeof(x->oaep);
	return &x->m;
}

/* What is encrypted: a text, or a whole block for no padding. */
static size_t
make_text(struct cf *c, const struct wrap *w, uint8_t *text)
{
	size_t n = w->pad == RSA_NO_PADDING ? c->key.sig_len : TEXT_N;

	for (size_t i = 0; i < n; i++)
		text[i] = (uint8_t)(i * 13 + 1);
	text[0] = 0;
	return n;
}

/* p: the wrap. OpenSSL encrypts, the module decrypts. */
static CK_RV
decrypt(struct cf *c, const struct cf_case *k)
{
	const struct wrap *w = k->p;
	uint8_t text[CRYPT_MAX], box[CRYPT_MAX], out[CRYPT_MAX];
	size_t n, box_n = sizeof(box);
	CK_ULONG out_n = sizeof(out);
	struct mech x;
	CK_RV rv = can_decrypt(c, w->type);

	if (rv != CKR_OK)
		return rv;
	n = make_text(c, w, text);
	if (!cf_ossl_encrypt(c->key.pkey, w->pad, w->md,
		(const uint8_t *)w->label,
		w->label != NULL ? strlen(w->label) : 0, text, n, box, &box_n))
		return cf_note(c, CF_SETUP, "OpenSSL does not encrypt");
	if ((rv = c->f->C_DecryptInit(c->s, mechanism(&x, w), c->key.priv)) !=
		CKR_OK ||
	    (rv = c->f->C_Decrypt(c->s, box, box_n, out, &out_n)) != CKR_OK)
		return rv;
	if (out_n != n || memcmp(out, text, n) != 0)
		return cf_note(c, CF_WRONG, "%lu other bytes", out_n);
	return CKR_OK;
}

/* The module encrypts and decrypts again; what it made differs each time. */
static CK_RV
encrypt(struct cf *c, const struct cf_case *k)
{
	const struct wrap *w = k->p;
	uint8_t text[CRYPT_MAX], box[CRYPT_MAX], out[CRYPT_MAX];
	CK_ULONG box_n = sizeof(box), out_n = sizeof(out);
	struct mech x;
	size_t n;
	CK_RV rv = can_encrypt(c, w->type);

	if (rv != CKR_OK)
		return rv;
	n = make_text(c, w, text);
	if ((rv = c->f->C_EncryptInit(c->s, mechanism(&x, w), c->key.pub)) !=
		CKR_OK ||
	    (rv = c->f->C_Encrypt(c->s, text, n, box, &box_n)) != CKR_OK)
		return rv;
	if (box_n != c->key.sig_len)
		return cf_note(c, CF_WRONG, "%lu bytes", box_n);
	if (can_decrypt(c, w->type) != CKR_OK)
		return CKR_OK;
	if ((rv = c->f->C_DecryptInit(c->s, mechanism(&x, w), c->key.priv)) !=
		CKR_OK ||
	    (rv = c->f->C_Decrypt(c->s, box, box_n, out, &out_n)) != CKR_OK)
		return cf_note(c, rv, "decrypting it");
	if (out_n != n || memcmp(out, text, n) != 0)
		return cf_note(c, CF_WRONG, "%lu other bytes", out_n);
	return CKR_OK;
}

/* a: bytes too few (1) or too many (2), or a broken padding (0). Implicit
 * rejection is CKR_OK with bytes that are not the text. */
static CK_RV
decrypt_bad(struct cf *c, const struct cf_case *k)
{
	uint8_t box[CRYPT_MAX + 1], out[CRYPT_MAX], text[CRYPT_MAX];
	CK_ULONG out_n = sizeof(out);
	size_t n = sizeof(box) - 1;
	struct mech x;
	CK_RV rv = can_decrypt(c, CKM_RSA_PKCS);

	if (rv != CKR_OK)
		return rv;
	memset(text, 0x11, c->key.sig_len);
	text[0] = 0;
	text[1] = 7; /* no block type of PKCS#1 */
	if (!cf_ossl_encrypt(c->key.pkey, RSA_NO_PADDING, NULL, NULL, 0, text,
		c->key.sig_len, box, &n))
		return cf_note(c, CF_SETUP, "OpenSSL does not encrypt");
	n = k->a == 1 ? n - 1 : k->a == 2 ? n + 1 : n;
	if ((rv = c->f->C_DecryptInit(c->s, mechanism(&x, &pkcs1),
		 c->key.priv)) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_DecryptInit");
	return c->f->C_Decrypt(c->s, box, n, out, &out_n);
}

static CK_RV
encrypt_long(struct cf *c, const struct cf_case *k)
{
	uint8_t text[CRYPT_MAX] = {0}, out[CRYPT_MAX];
	CK_ULONG n = sizeof(out);
	struct mech x;
	CK_RV rv = can_encrypt(c, CKM_RSA_PKCS);

	(void)k;
	if (rv != CKR_OK)
		return rv;
	if (c->f->C_EncryptInit(c->s, mechanism(&x, &pkcs1), c->key.pub) !=
	    CKR_OK)
		return cf_note(c, CF_SETUP, "C_EncryptInit");
	return c->f->C_Encrypt(c->s, text, c->key.sig_len - 10, out, &n);
}

/* a: what is wrong with the OAEP parameters. */
static CK_RV
oaep_bad(struct cf *c, const struct cf_case *k)
{
	struct mech x;
	CK_RV rv = can_decrypt(c, CKM_RSA_PKCS_OAEP);

	if (rv != CKR_OK)
		return rv;
	mechanism(&x, &oaep256);
	if (k->a == 0) {
		x.m.pParameter = NULL;
		x.m.ulParameterLen = 0;
	} else if (k->a == 1)
		x.m.ulParameterLen--;
	else if (k->a == 2)
		x.oaep.hashAlg = CKM_RSA_PKCS;
	else
		x.oaep.mgf = 0x7badc0deUL;
	return c->f->C_DecryptInit(c->s, &x.m, c->key.priv);
}

#define ROW(what, clause, state, need, fn, a, p, ...)                          \
	{                                                                      \
		what, clause, state, need, fn, a, 0, p, CF_ALLOW(__VA_ARGS__)  \
	}
#define DEC(what, w)                                                           \
	ROW("C_Decrypt/" what, "mech 2.1", CF_KEY, CF_NEED_RSA, decrypt, 0,    \
	    &w, CKR_OK)
#define ENC(what, w)                                                           \
	ROW("C_Encrypt/" what, "mech 2.1", CF_KEY, CF_NEED_RSA, encrypt, 0,    \
	    &w, CKR_OK)
#define OAEP(what, a)                                                          \
	ROW("C_DecryptInit/" what, "mech 2.1.7", CF_KEY, CF_NEED_RSA,          \
	    oaep_bad, a, NULL, CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD)

static const struct cf_case table[] = {
    DEC("rsa-pkcs", pkcs1),
    DEC("rsa-x509", raw),
    DEC("oaep-sha1", oaep1),
    DEC("oaep-sha256", oaep256),
    DEC("oaep-sha256-label", oaep_label),
    ENC("rsa-pkcs", pkcs1),
    ENC("rsa-x509", raw),
    ENC("oaep-sha1", oaep1),
    ENC("oaep-sha256", oaep256),
    ENC("oaep-sha256-label", oaep_label),
    ROW("C_Decrypt/bad-padding", "mech 2.1.6", CF_KEY, CF_NEED_RSA, decrypt_bad,
	0, NULL, CKR_ENCRYPTED_DATA_INVALID, CKR_OK),
    ROW("C_Decrypt/short", "mech 2.1.6", CF_KEY, CF_NEED_RSA, decrypt_bad, 1,
	NULL, CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/long", "mech 2.1.6", CF_KEY, CF_NEED_RSA, decrypt_bad, 2,
	NULL, CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Encrypt/too-long", "mech 2.1.6", CF_KEY, CF_NEED_RSA, encrypt_long,
	0, NULL, CKR_DATA_LEN_RANGE),
    OAEP("oaep-no-parameters", 0),
    OAEP("oaep-wrong-size", 1),
    OAEP("oaep-unknown-hash", 2),
    OAEP("oaep-unknown-mgf", 3),
};

CF_GROUP(cf_group_crypt, table)
