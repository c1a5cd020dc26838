#include "tests/conformance/aes.h"

#include <string.h>

#include "tests/conformance/made.h"

#define TAG 16
#define ROOM 320

static const struct {
	CK_MECHANISM_TYPE type;
	const char *names[3];
} modes[] = {
    [CF_AES_ECB] = {CKM_AES_ECB, {"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"}},
    [CF_AES_CBC] = {CKM_AES_CBC, {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}},
    [CF_AES_CBC_PAD] = {CKM_AES_CBC_PAD,
	{"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}},
    [CF_AES_CTR] = {CKM_AES_CTR, {"AES-128-CTR", "AES-192-CTR", "AES-256-CTR"}},
    [CF_AES_GCM] = {CKM_AES_GCM, {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"}},
};

CK_MECHANISM_TYPE
cf_aes_mech(enum cf_aes mode)
{
	return modes[mode].type;
}

bool
cf_aes_is_block(enum cf_aes mode)
{
	return mode == CF_AES_ECB || mode == CF_AES_CBC;
}

size_t
cf_aes_hex(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		unsigned b = 0;

		(void)sscanf(&hex[2 * i], "%2x", &b);
		out[i] = (uint8_t)b;
	}
	return n;
}

CK_MECHANISM *
cf_aes_mechanism(struct cf_aes_use *u)
{
	static CK_MECHANISM m;
	static CK_AES_CTR_PARAMS ctr;
	static CK_GCM_PARAMS gcm;

	if (u->iv_n == 0) {
		u->iv_n = u->mode == CF_AES_GCM ? 12 : 16;
		memset(u->iv, 0x3c, u->iv_n);
	}
	m = (CK_MECHANISM){modes[u->mode].type, NULL, 0};
	if (u->mode == CF_AES_CBC || u->mode == CF_AES_CBC_PAD)
		m = (CK_MECHANISM){m.mechanism, u->iv, 16};
	ctr.counter_bits = 128;
	memcpy(ctr.cb, u->iv, 16);
	if (u->mode == CF_AES_CTR)
		m = (CK_MECHANISM){m.mechanism, &ctr, sizeof(ctr)};
	gcm = (CK_GCM_PARAMS){
	    u->iv, u->iv_n, u->iv_n * 8, u->aad, u->aad_n, TAG * 8};
	if (u->mode == CF_AES_GCM)
		m = (CK_MECHANISM){m.mechanism, &gcm, sizeof(gcm)};
	return &m;
}

CK_RV
cf_aes_key(struct cf *c, CK_BYTE *value, CK_ULONG n, CK_OBJECT_HANDLE *h)
{
	CK_ATTRIBUTE a = {CKA_VALUE, value, n};
	struct cf_bend b = {CF_KEEP_ALL, &a, 1};

	return cf_make(c, CF_AES, &b, h);
}

/* The cryptogram by OpenSSL; its length. */
static size_t
by_openssl(const struct cf_aes_use *u, const uint8_t *key, const uint8_t *in,
    uint8_t *out)
{
	EVP_CIPHER *c = EVP_CIPHER_fetch(NULL,
	    modes[u->mode].names[u->key_n / 8 - 2], NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0, end = 0, skip = 0;

	EVP_EncryptInit_ex2(ctx, c, key, u->iv, NULL);
	EVP_CIPHER_CTX_set_padding(ctx, u->mode == CF_AES_CBC_PAD);
	if (u->aad_n != 0)
		EVP_EncryptUpdate(ctx, NULL, &skip, u->aad, (int)u->aad_n);
	EVP_EncryptUpdate(ctx, out, &n, in, (int)u->n);
	EVP_EncryptFinal_ex(ctx, out + n, &end);
	n += end;
	if (u->mode == CF_AES_GCM) {
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG, out + n);
		n += TAG;
	}
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(c);
	return (size_t)n;
}

typedef CK_RV (*update_fn)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG, CK_BYTE *,
    CK_ULONG *);
typedef CK_RV (*final_fn)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG *);

/* In parts; what each gives is asked for before. */
static CK_RV
in_parts(struct cf *c, update_fn update, final_fn final, size_t step,
    CK_BYTE *in, size_t n, CK_BYTE *out, size_t *out_n)
{
	CK_ULONG told, got;
	CK_RV rv;

	*out_n = 0;
	for (size_t at = 0; at < n; at += step) {
		size_t part = n - at < step ? n - at : step;

		told = 0;
		rv = update(c->s, in + at, part, NULL, &told);
		got = told;
		if (rv == CKR_OK)
			rv = update(c->s, in + at, part, out + *out_n, &got);
		if (rv != CKR_OK)
			return rv;
		if (got > told)
			return cf_note(c, CF_WRONG, "%lu bytes, %lu told", got,
			    told);
		*out_n += got;
	}
	told = 0;
	rv = final(c->s, NULL, &told);
	got = ROOM - *out_n;
	if (rv == CKR_OK)
		rv = final(c->s, out + *out_n, &got);
	*out_n += rv == CKR_OK ? got : 0;
	return rv;
}

static CK_RV
encrypt(struct cf *c, const struct cf_aes_use *u, CK_BYTE *in, CK_BYTE *out,
    size_t *n)
{
	CK_ULONG got = ROOM;
	CK_RV rv;

	if (u->step != 0)
		return in_parts(c, c->f->C_EncryptUpdate, c->f->C_EncryptFinal,
		    u->step, in, u->n, out, n);
	rv = c->f->C_Encrypt(c->s, in, u->n, out, &got);
	*n = got;
	return rv;
}

static CK_RV
decrypt(struct cf *c, const struct cf_aes_use *u, CK_BYTE *in, size_t in_n,
    CK_BYTE *out, size_t *n)
{
	CK_ULONG got = ROOM;
	CK_RV rv;

	if (u->step != 0)
		return in_parts(c, c->f->C_DecryptUpdate, c->f->C_DecryptFinal,
		    u->step, in, in_n, out, n);
	rv = c->f->C_Decrypt(c->s, in, in_n, out, &got);
	*n = got;
	return rv;
}

CK_RV
cf_aes_round(struct cf *c, struct cf_aes_use *u, CK_BYTE *plain)
{
	CK_BYTE key[32], crypt[ROOM], back[ROOM], want[ROOM];
	CK_MECHANISM *m = cf_aes_mechanism(u);
	CK_OBJECT_HANDLE h;
	size_t n = 0, back_n = 0, want_n;
	CK_RV rv;

	memset(key, 0x51, sizeof(key));
	want_n = by_openssl(u, key, plain, want);
	if ((rv = cf_aes_key(c, key, u->key_n, &h)) != CKR_OK ||
	    (rv = c->f->C_EncryptInit(c->s, m, h)) != CKR_OK ||
	    (rv = encrypt(c, u, plain, crypt, &n)) != CKR_OK)
		return cf_note(c, rv, "encrypting %zu in %zu", u->n, u->step);
	if (n != want_n || memcmp(crypt, want, n) != 0)
		return cf_note(c, CF_WRONG, "%zu in %zu: another cryptogram",
		    u->n, u->step);
	if ((rv = c->f->C_DecryptInit(c->s, m, h)) != CKR_OK ||
	    (rv = decrypt(c, u, crypt, n, back, &back_n)) != CKR_OK)
		return cf_note(c, rv, "decrypting %zu in %zu", u->n, u->step);
	if (back_n != u->n || memcmp(back, plain, back_n) != 0)
		return cf_note(c, CF_WRONG, "%zu in %zu: another plaintext",
		    u->n, u->step);
	return c->f->C_DestroyObject(c->s, h);
}
