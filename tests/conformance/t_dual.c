/* Two operations in one call: 2.40 clause 5.13. AES-CBC with SHA-256 or HMAC;
 * every case ends by looking at what both operations made. */
#include <string.h>

#include <openssl/hmac.h>

#include "tests/conformance/aes.h"
#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"

#define TEXT 96

enum { DIGEST_ENCRYPT, DECRYPT_DIGEST, SIGN_ENCRYPT, DECRYPT_VERIFY };

typedef CK_RV (*dual_fn)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG, CK_BYTE *,
    CK_ULONG *);

struct dual {
	unsigned long which;
	dual_fn call;
	bool decrypts;
	CK_OBJECT_HANDLE aes, mac;
	CK_BYTE in[TEXT], out[TEXT], want[TEXT]; /* want: by OpenSSL */
	CK_BYTE value[64]; /* of the other operation, by OpenSSL */
	CK_BYTE got[TEXT + 16];
};

static CK_BYTE aes_key[32] = {7}, iv[16] = {9}, mac_key[32] = {5};
static CK_MECHANISM cbc = {CKM_AES_CBC, iv, sizeof(iv)};
static CK_MECHANISM sha = {CKM_SHA256, NULL, 0};
static CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0};

static bool
by_openssl(struct dual *d)
{
	CK_BYTE plain[TEXT], crypt[TEXT + 16];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned mac_n = 0;
	int n = 0;
	bool ok;

	for (unsigned i = 0; i < TEXT; i++)
		plain[i] = (CK_BYTE)(i * 5);
	ok = ctx != NULL &&
	     EVP_EncryptInit_ex2(ctx, EVP_aes_256_cbc(), aes_key, iv, NULL) ==
		 1 &&
	     EVP_EncryptUpdate(ctx, crypt, &n, plain, TEXT) == 1 && n == TEXT;
	EVP_CIPHER_CTX_free(ctx);
	memcpy(d->in, d->decrypts ? crypt : plain, TEXT);
	memcpy(d->want, d->decrypts ? plain : crypt, TEXT);
	if (d->which == DIGEST_ENCRYPT || d->which == DECRYPT_DIGEST)
		return ok && cf_ossl_digest("SHA256", plain, TEXT, d->value);
	return ok && HMAC(EVP_sha256(), mac_key, sizeof(mac_key), plain, TEXT,
			 d->value, &mac_n) != NULL;
}

/* Keys and what is to come out. The case named good is the one that tells
 * whether a module has the function; to the others it does not apply then. */
static CK_RV
prepare(struct cf *c, const struct cf_case *k, struct dual *d)
{
	CK_FUNCTION_LIST *f = c->f;
	const dual_fn calls[] = {f->C_DigestEncryptUpdate,
	    f->C_DecryptDigestUpdate, f->C_SignEncryptUpdate,
	    f->C_DecryptVerifyUpdate};
	CK_ATTRIBUTE value = {CKA_VALUE, mac_key, sizeof(mac_key)};
	const struct cf_bend b = {CF_KEEP_ALL, &value, 1};
	CK_ULONG n = TEXT;
	CK_RV rv;

	memset(d, 0, sizeof(*d));
	d->which = k->a;
	d->call = calls[k->a];
	d->decrypts = k->a == DECRYPT_DIGEST || k->a == DECRYPT_VERIFY;
	if (!by_openssl(d))
		return cf_note(c, CF_SETUP, "OpenSSL");
	if (strstr(k->name, "/good") == NULL &&
	    d->call(c->s, d->in, TEXT, d->out, &n) ==
		CKR_FUNCTION_NOT_SUPPORTED)
		return cf_note(c, CF_SKIP, "not supported");
	if ((rv = cf_aes_key(c, aes_key, 32, &d->aes)) != CKR_OK ||
	    (rv = cf_make(c, CF_GENERIC, &b, &d->mac)) != CKR_OK)
		return cf_note(c, CF_SETUP, "keys: %s", cf_rv_name(rv));
	return CKR_OK;
}

static CK_RV
begin_cipher(struct cf *c, const struct dual *d)
{
	return d->decrypts ? c->f->C_DecryptInit(c->s, &cbc, d->aes)
			   : c->f->C_EncryptInit(c->s, &cbc, d->aes);
}

static CK_RV
begin_other(struct cf *c, const struct dual *d)
{
	if (d->which == SIGN_ENCRYPT)
		return c->f->C_SignInit(c->s, &hmac, d->mac);
	if (d->which == DECRYPT_VERIFY)
		return c->f->C_VerifyInit(c->s, &hmac, d->mac);
	return c->f->C_DigestInit(c->s, &sha);
}

static CK_RV
begin(struct cf *c, const struct cf_case *k, struct dual *d)
{
	CK_RV rv = prepare(c, k, d);

	if (rv == CKR_OK)
		rv = begin_cipher(c, d);
	return rv == CKR_OK ? begin_other(c, d) : rv;
}

static CK_RV
end_cipher(struct cf *c, const struct dual *d)
{
	CK_BYTE rest[32];
	CK_ULONG n = sizeof(rest);
	CK_RV rv = d->decrypts ? c->f->C_DecryptFinal(c->s, rest, &n)
			       : c->f->C_EncryptFinal(c->s, rest, &n);

	return rv == CKR_OK && n != 0 ? CF_WRONG : rv;
}

static CK_RV
end_other(struct cf *c, struct dual *d)
{
	CK_BYTE md[64];
	CK_ULONG n = sizeof(md);
	CK_RV rv;

	if (d->which == DECRYPT_VERIFY)
		return c->f->C_VerifyFinal(c->s, d->value, 32);
	rv = d->which == SIGN_ENCRYPT ? c->f->C_SignFinal(c->s, md, &n)
				      : c->f->C_DigestFinal(c->s, md, &n);
	if (rv == CKR_OK && (n != 32 || memcmp(md, d->value, 32) != 0))
		return cf_note(c, CF_WRONG, "digest or MAC differs");
	return rv;
}

/* One part to d->got. */
static CK_RV
part(struct cf *c, struct dual *d, size_t at, size_t n, size_t *done)
{
	CK_ULONG out_n = TEXT - *done;
	CK_RV rv = d->call(c->s, d->in + at, n, d->got + *done, &out_n);

	*done += rv == CKR_OK ? out_n : 0;
	return rv;
}

static CK_RV
look(struct cf *c, struct dual *d, size_t done)
{
	CK_RV rv = end_cipher(c, d);

	if (rv != CKR_OK)
		return rv;
	if (done != TEXT || memcmp(d->got, d->want, TEXT) != 0)
		return cf_note(c, CF_WRONG, "%zu bytes came, or others", done);
	return end_other(c, d);
}

/* b: bytes of a part. */
static CK_RV
in_parts(struct cf *c, const struct cf_case *k)
{
	struct dual d;
	size_t done = 0;
	CK_RV rv = begin(c, k, &d);

	for (size_t at = 0; rv == CKR_OK && at < TEXT; at += k->b)
		rv =
		    part(c, &d, at, TEXT - at < k->b ? TEXT - at : k->b, &done);
	return rv == CKR_OK ? look(c, &d, done) : rv;
}

/* Input and output in the same memory. */
static CK_RV
in_place(struct cf *c, const struct cf_case *k)
{
	struct dual d;
	CK_ULONG n = TEXT;
	CK_RV rv = begin(c, k, &d);

	if (rv != CKR_OK)
		return rv;
	memcpy(d.got, d.in, TEXT);
	rv = d.call(c->s, d.got, TEXT, d.got, &n);
	return rv == CKR_OK ? look(c, &d, n) : rv;
}

/* b: 0 a length query, 1 a buffer too small. Nothing is fed by either. */
static CK_RV
no_room(struct cf *c, const struct cf_case *k)
{
	struct dual d;
	CK_ULONG n = k->b == 1 ? TEXT - 1 : 0;
	size_t done = 0;
	CK_RV rv = begin(c, k, &d);

	if (rv != CKR_OK)
		return rv;
	rv = d.call(c->s, d.in, TEXT, k->b == 1 ? d.out : NULL, &n);
	if (rv != (k->b == 1 ? CKR_BUFFER_TOO_SMALL : CKR_OK) || n < TEXT)
		return cf_note(c, CF_WRONG, "%s, length %lu", cf_rv_name(rv),
		    n);
	rv = part(c, &d, 0, TEXT, &done);
	return rv == CKR_OK ? look(c, &d, done) : rv;
}

/* b: 0 NULL length, 1 NULL input. Both operations end. */
static CK_RV
bad_argument(struct cf *c, const struct cf_case *k)
{
	struct dual d;
	CK_ULONG n = TEXT;
	CK_RV rv = begin(c, k, &d);

	if (rv != CKR_OK)
		return rv;
	rv = d.call(c->s, k->b == 1 ? NULL : d.in, TEXT, d.out,
	    k->b == 0 ? NULL : &n);
	if (end_cipher(c, &d) != CKR_OPERATION_NOT_INITIALIZED ||
	    end_other(c, &d) != CKR_OPERATION_NOT_INITIALIZED)
		return cf_note(c, CF_WRONG, "%s, but something goes on",
		    cf_rv_name(rv));
	return rv;
}

/* b: 0 only the cipher was begun, 1 only the other; it goes on. */
static CK_RV
half(struct cf *c, const struct cf_case *k)
{
	struct dual d;
	size_t done = 0;
	CK_RV rv = prepare(c, k, &d), end;

	if (rv == CKR_OK)
		rv = k->b == 0 ? begin_cipher(c, &d) : begin_other(c, &d);
	if (rv != CKR_OK)
		return rv;
	rv = part(c, &d, 0, TEXT, &done);
	end = k->b == 0 ? begin_other(c, &d) : begin_cipher(c, &d);
	if (end == CKR_OK)
		end = part(c, &d, 0, TEXT, &done);
	if (end == CKR_OK)
		end = look(c, &d, done);
	return end == CKR_OK ? rv
			     : cf_note(c, CF_WRONG, "%s, then %s",
				   cf_rv_name(rv), cf_rv_name(end));
}

/* The cipher was asked at once before. */
static CK_RV
after_once(struct cf *c, const struct cf_case *k)
{
	struct dual d;
	CK_ULONG n = 0;
	size_t done = 0;
	CK_RV rv = begin(c, k, &d);

	if (rv == CKR_OK)
		rv = d.decrypts ? c->f->C_Decrypt(c->s, d.in, TEXT, NULL, &n)
				: c->f->C_Encrypt(c->s, d.in, TEXT, NULL, &n);
	return rv == CKR_OK ? part(c, &d, 0, TEXT, &done) : rv;
}

#define ROW(name, which, what, fn, b, ...)                                     \
	{                                                                      \
		name "/" what, "2.40 5.13 " name, CF_RO, 0, fn, which, b,      \
		    NULL, CF_ALLOW(__VA_ARGS__)                                \
	}
#define FUNCTION(name, which)                                                  \
	ROW(name, which, "good", in_parts, TEXT, CKR_OK),                      \
	    ROW(name, which, "parts-of-7", in_parts, 7, CKR_OK),               \
	    ROW(name, which, "parts-of-32", in_parts, 32, CKR_OK),             \
	    ROW(name, which, "in-place", in_place, 0, CKR_OK),                 \
	    ROW(name, which, "length-query", no_room, 0, CKR_OK),              \
	    ROW(name, which, "too-small-goes-on", no_room, 1, CKR_OK),         \
	    ROW(name, which, "null-length", bad_argument, 0,                   \
		CKR_ARGUMENTS_BAD),                                            \
	    ROW(name, which, "null-input", bad_argument, 1,                    \
		CKR_ARGUMENTS_BAD),                                            \
	    ROW(name, which, "only-the-cipher", half, 0,                       \
		CKR_OPERATION_NOT_INITIALIZED),                                \
	    ROW(name, which, "only-the-other", half, 1,                        \
		CKR_OPERATION_NOT_INITIALIZED),                                \
	    ROW(name, which, "after-once", after_once, 0,                      \
		CKR_OPERATION_ACTIVE)

static const struct cf_case table[] = {
    FUNCTION("C_DigestEncryptUpdate", DIGEST_ENCRYPT),
    FUNCTION("C_DecryptDigestUpdate", DECRYPT_DIGEST),
    FUNCTION("C_SignEncryptUpdate", SIGN_ENCRYPT),
    FUNCTION("C_DecryptVerifyUpdate", DECRYPT_VERIFY),
};

CF_GROUP(cf_group_dual, table)
