/*
 * Mail to the holder of an EC key, as CMS has it (RFC 5753, 3.1): the private
 * key and the sender's ephemeral one agree on a key-encryption key, which
 * unwraps the content key, which deciphers the content. C_DeriveKey,
 * C_UnwrapKey and C_Decrypt in a row; OpenSSL is the sender. 2.40 mech 2.3.8,
 * 2.14.
 */
#include <string.h>

#include <openssl/ec.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/pair.h"
#include "tests/conformance/wrap.h"

#define POINT_MAX 140
#define INFO_MAX 64
#define TEXT_MAX 64

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS secret_key = CKO_SECRET_KEY;
static CK_KEY_TYPE aes = CKK_AES;
static const uint8_t content_key[] = "thirty-two bytes of a content ke";
static const uint8_t mail[] = "a mail to the holder of an EC key";
static CK_BYTE iv[16] = {3, 1, 4, 1, 5, 9, 2, 6};

/* An algorithm of RFC 5753, 7.1.5 and 7.1.6. */
struct suite {
	CK_ULONG kdf;
	const char *md;
	CK_ULONG kek_n;
	uint8_t oid_end;       /* id-aes128-wrap ... id-aes256-wrap */
	const char *ukm, *own; /* what the sender says, what we hear */
};
static const struct suite sha1_128 = {CKD_SHA1_KDF, "SHA1", 16, 5, NULL, NULL},
			  sha256_128 = {CKD_SHA256_KDF, "SHA256", 16, 5,
			      "keying material", "keying material"},
			  sha384_256 = {CKD_SHA384_KDF, "SHA384", 32, 45, NULL,
			      NULL},
			  sha512_192 = {CKD_SHA512_KDF, "SHA512", 24, 25, "x",
			      "x"},
			  other_ukm = {
			      CKD_SHA256_KDF, "SHA256", 16, 5, "said", "read"};

/* One mail. */
struct letter {
	CK_BYTE point[POINT_MAX], key[64], text[TEXT_MAX];
	size_t point_n, key_n, text_n;
};

/* ECC-CMS-SharedInfo (RFC 5753, 7.2) in DER; its length. */
static size_t
shared_info(const struct suite *s, const char *ukm, CK_BYTE *out)
{
	const uint8_t head[] = {0x30, 0, 0x30, 11, 0x06, 9, 0x60, 0x86, 0x48,
	    0x01, 0x65, 0x03, 0x04, 0x01, s->oid_end};
	const uint8_t end[] = {0xa2, 6, 0x04, 4, 0, 0,
	    (uint8_t)(8 * s->kek_n >> 8), (uint8_t)(8 * s->kek_n)};
	size_t n = sizeof(head), ukm_n = ukm != NULL ? strlen(ukm) : 0;

	memcpy(out, head, n);
	if (ukm != NULL) {
		out[n++] = 0xa0;
		out[n++] = (uint8_t)(ukm_n + 2);
		out[n++] = 0x04;
		out[n++] = (uint8_t)ukm_n;
		memcpy(&out[n], ukm, ukm_n);
		n += ukm_n;
	}
	memcpy(&out[n], end, sizeof(end));
	n += sizeof(end);
	out[1] = (uint8_t)(n - 2);
	return n;
}

/* The key-encryption key by the KDF of X9.63. */
static bool
agree(EVP_PKEY *own, EVP_PKEY *peer, const struct suite *s, uint8_t *kek)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
	CK_BYTE info[INFO_MAX];
	size_t info_n = shared_info(s, s->ukm, info), n = s->kek_n;
	void *copy = OPENSSL_memdup(info, info_n);
	bool ok =
	    EVP_PKEY_derive_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_ecdh_kdf_type(ctx, EVP_PKEY_ECDH_KDF_X9_63) == 1 &&
	    EVP_PKEY_CTX_set_ecdh_kdf_md(ctx, EVP_get_digestbyname(s->md)) ==
		1 &&
	    EVP_PKEY_CTX_set_ecdh_kdf_outlen(ctx, (int)n) == 1 &&
	    EVP_PKEY_CTX_set0_ecdh_kdf_ukm(ctx, copy, (int)info_n) == 1 &&
	    EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
	    EVP_PKEY_derive(ctx, kek, &n) == 1 && n == s->kek_n;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool
encipher(const EVP_CIPHER *by, const uint8_t *key, const uint8_t *with_iv,
    const uint8_t *in, size_t in_n, uint8_t *out, size_t *out_n)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0, rest = 0;
	bool ok;

	EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	ok = EVP_EncryptInit_ex(ctx, by, NULL, key, with_iv) == 1 &&
	     EVP_EncryptUpdate(ctx, out, &n, in, (int)in_n) == 1 &&
	     EVP_EncryptFinal_ex(ctx, out + n, &rest) == 1;
	EVP_CIPHER_CTX_free(ctx);
	*out_n = (size_t)(n + rest);
	return ok;
}

/* What a sender does who knows `to` alone. */
static bool
send(EVP_PKEY *to, const struct suite *s, struct letter *l)
{
	const EVP_CIPHER *wrap = s->kek_n == 16   ? EVP_aes_128_wrap()
				 : s->kek_n == 24 ? EVP_aes_192_wrap()
						  : EVP_aes_256_wrap();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(to, NULL);
	EVP_PKEY *own = NULL;
	unsigned char *point = NULL;
	uint8_t kek[32];
	bool ok =
	    EVP_PKEY_keygen_init(ctx) == 1 && EVP_PKEY_keygen(ctx, &own) == 1 &&
	    agree(own, to, s, kek) &&
	    encipher(wrap, kek, NULL, content_key, 32, l->key, &l->key_n) &&
	    encipher(EVP_aes_256_cbc(), content_key, iv, mail, sizeof(mail),
		l->text, &l->text_n);

	l->point_n = ok ? EVP_PKEY_get1_encoded_public_key(own, &point) : 0;
	ok = l->point_n != 0 && l->point_n <= sizeof(l->point);
	if (ok)
		memcpy(l->point, point, l->point_n);
	OPENSSL_free(point);
	EVP_PKEY_free(own);
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static CK_RV
derive(struct cf *c, CK_OBJECT_HANDLE priv, const struct suite *s,
    struct letter *l, CK_OBJECT_HANDLE *kek)
{
	CK_BYTE info[INFO_MAX];
	CK_ECDH1_DERIVE_PARAMS p = {
	    s->kdf, shared_info(s, s->own, info), info, l->point_n, l->point};
	CK_MECHANISM m = {CKM_ECDH1_DERIVE, &p, sizeof(p)};
	CK_ULONG n = s->kek_n;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &secret_key, sizeof(secret_key)},
	    {CKA_KEY_TYPE, &aes, sizeof(aes)}, {CKA_VALUE_LEN, &n, sizeof(n)},
	    {CKA_TOKEN, &no, 1}, {CKA_SENSITIVE, &yes, 1},
	    {CKA_UNWRAP, &yes, 1}};

	return c->f->C_DeriveKey(c->s, &m, priv, t, CF_COUNT(t), kek);
}

/* What the reader does who has the private key. */
static CK_RV
read_mail(struct cf *c, CK_OBJECT_HANDLE priv, const struct suite *s,
    struct letter *l)
{
	CK_MECHANISM m = {CKM_AES_CBC_PAD, iv, sizeof(iv)};
	CK_OBJECT_HANDLE kek, key;
	CK_BYTE got[TEXT_MAX];
	CK_ULONG n = sizeof(got);
	CK_RV rv;

	if ((rv = derive(c, priv, s, l, &kek)) != CKR_OK ||
	    (rv = cf_wrap_unwrap(c, cf_wrap_mech(CKM_AES_KEY_WRAP), kek, l->key,
		 l->key_n, CKK_AES, 0, "SD", &key)) != CKR_OK ||
	    (rv = c->f->C_DecryptInit(c->s, &m, key)) != CKR_OK ||
	    (rv = c->f->C_Decrypt(c->s, l->text, l->text_n, got, &n)) != CKR_OK)
		return rv;
	return n == sizeof(mail) && memcmp(got, mail, n) == 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "another text, %lu bytes", n);
}

static bool
can(struct cf *c)
{
	return cf_mech_can(c, CKM_ECDH1_DERIVE, CKF_DERIVE) &&
	       cf_mech_can(c, CKM_AES_KEY_WRAP, CKF_UNWRAP) &&
	       cf_mech_can(c, CKM_AES_CBC_PAD, CKF_DECRYPT);
}

/* By the key of the token. p: the suite. */
static CK_RV
by_token(struct cf *c, const struct cf_case *k)
{
	struct letter l;
	bool derives = false;

	if (!can(c) ||
	    cf_attr_bool(c, c->key.priv, CKA_DERIVE, &derives) != CKR_OK ||
	    !derives)
		return cf_note(c, CF_SKIP, "the key does not derive");
	if (!send(c->key.pkey, k->p, &l))
		return cf_note(c, CF_SETUP, "OpenSSL does not send");
	return read_mail(c, c->key.priv, k->p, &l);
}

static EVP_PKEY *
public_of(struct cf *c, CK_OBJECT_HANDLE pub)
{
	uint8_t params[32], point[POINT_MAX];
	size_t params_n, point_n;

	if (cf_attr(c, pub, CKA_EC_PARAMS, params, sizeof(params), &params_n) !=
		CKR_OK ||
	    cf_attr(c, pub, CKA_EC_POINT, point, sizeof(point), &point_n) !=
		CKR_OK)
		return NULL;
	return cf_ossl_ec(params, params_n, point, point_n);
}

/* By a key that was made for the session. p: the suite. */
static CK_RV
by_session(struct cf *c, const struct cf_case *k)
{
	struct cf_pair pair = cf_pair_p384;
	CK_OBJECT_HANDLE pub, prv;
	struct letter l;
	EVP_PKEY *to;
	bool sent;
	CK_RV rv;

	if (!can(c))
		return cf_note(c, CF_SKIP, "a mechanism is not listed");
	pair.prv[0] = (CK_ATTRIBUTE){CKA_DERIVE, &yes, sizeof(yes)};
	pair.prv_n = 1;
	if ((rv = cf_pair_make(c, &pair, &pub, &prv)) != CKR_OK)
		return rv;
	to = public_of(c, pub);
	sent = to != NULL && send(to, k->p, &l);
	EVP_PKEY_free(to);
	return sent ? read_mail(c, prv, k->p, &l)
		    : cf_note(c, CF_SETUP, "OpenSSL does not send");
}

#define ROW(what, state, need, fn, p, ...)                                     \
	{                                                                      \
		"C_UnwrapKey/cms-ec-" what, "2.40 mech 2.3.8, 2.14", state,    \
		    need, fn, 0, 0, &p, CF_ALLOW(__VA_ARGS__)                  \
	}
#define TOKEN(what, p, ...)                                                    \
	ROW("token-" what, CF_KEY, CF_NEED_EC, by_token, p, __VA_ARGS__)
#define SESSION(what, p, ...)                                                  \
	ROW("session-" what, CF_USER, 0, by_session, p, __VA_ARGS__)

static const struct cf_case table[] = {
    TOKEN("sha1-aes-128", sha1_128, CKR_OK),
    TOKEN("sha256-aes-128-ukm", sha256_128, CKR_OK),
    TOKEN("sha384-aes-256", sha384_256, CKR_OK),
    TOKEN("other-ukm", other_ukm, CKR_WRAPPED_KEY_INVALID),
    SESSION("sha1-aes-128", sha1_128, CKR_OK),
    SESSION("sha256-aes-128-ukm", sha256_128, CKR_OK),
    SESSION("sha384-aes-256", sha384_256, CKR_OK),
    SESSION("sha512-aes-192-ukm", sha512_192, CKR_OK),
    SESSION("other-ukm", other_ukm, CKR_WRAPPED_KEY_INVALID),
};

CF_GROUP(cf_group_cms_ec, table)
