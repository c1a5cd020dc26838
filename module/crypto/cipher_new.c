/* See cipher.h: how a run begins and ends. */
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "module/crypto/cipher_run.h"
#include "pcsc/base/locked.h"
#include "pcsc/ossl/ctx.h"

static const char *
name_of(const struct ca_cipher_params *p, size_t key_n)
{
	static const char *const names[][3] = {
	    [CA_CIPHER_ECB] = {"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"},
	    [CA_CIPHER_CBC] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"},
	    [CA_CIPHER_CBC_PAD] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"},
	    [CA_CIPHER_CTR] = {"AES-128-CTR", "AES-192-CTR", "AES-256-CTR"},
	    [CA_CIPHER_GCM] = {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"},
	    [CA_CIPHER_CCM] = {"AES-128-CCM", "AES-192-CCM", "AES-256-CCM"},
	};
	/* Of two keys, of three. */
	static const char *const des3[][2] = {
	    [CA_CIPHER_ECB] = {"DES-EDE-ECB", "DES-EDE3-ECB"},
	    [CA_CIPHER_CBC] = {"DES-EDE-CBC", "DES-EDE3-CBC"},
	    [CA_CIPHER_CBC_PAD] = {"DES-EDE-CBC", "DES-EDE3-CBC"},
	};

	if (key_n != 16 && key_n != 24 && (key_n != 32 || p->des3))
		return NULL;
	if (!p->des3)
		return names[p->mode][key_n / 8 - 2];
	return p->encrypt || p->mode > CA_CIPHER_CBC_PAD
		   ? NULL
		   : des3[p->mode][key_n / 8 - 2];
}

size_t
ca_cipher_block(const struct ca_cipher_params *p)
{
	return p->des3 ? CA_DES_BLOCK : CA_AES_BLOCK;
}

/* The lowest n bits of 64. */
static uint64_t
ones(unsigned n)
{
	return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

/* How many blocks a counter of so many low bits of the first block counts;
 * UINT64_MAX for more than there will ever be. A long one is near its end when
 * its upper part is all ones (for 64 bits it has none). */
static uint64_t
blocks_of(const struct ca_cipher_params *p)
{
	uint64_t high = 0, low = 0, upper, lower;
	unsigned bits = p->count_bits;
	struct ca_rd iv = p->iv;
	uint8_t b;

	if (p->mode != CA_CIPHER_CTR)
		return UINT64_MAX;
	while (ca_rd_u8(&iv, &b)) {
		high = high << 8 | low >> 56;
		low = low << 8 | b;
	}
	upper = ones(bits > 64 ? bits - 64 : 0);
	lower = ones(bits);
	if ((high & upper) != upper || (bits >= 64 && low == 0))
		return UINT64_MAX;
	return lower - (low & lower) + 1;
}

/* The key once; IV and additional data for each message. */
static bool
set_key(struct ca_cipher_run *r, const char *name, struct ca_rd key)
{
	EVP_CIPHER *c = EVP_CIPHER_fetch(ca_crypto_ctx(), name, NULL);
	int dir = r->encrypt ? 1 : 0;
	bool ok = c != NULL &&
		  EVP_CipherInit_ex2(r->ctx, c, NULL, NULL, dir, NULL) == 1;

	if (ok && (r->mode == CA_CIPHER_GCM || r->mode == CA_CIPHER_CCM))
		ok = EVP_CIPHER_CTX_ctrl(r->ctx, EVP_CTRL_AEAD_SET_IVLEN,
			 (int)r->iv.n, NULL) == 1;
	/* The key goes into CCM with the length of the tag. */
	if (ok && r->mode == CA_CIPHER_CCM)
		ok = EVP_CIPHER_CTX_ctrl(r->ctx, EVP_CTRL_AEAD_SET_TAG,
			 (int)r->tag, NULL) == 1;
	ok =
	    ok && EVP_CipherInit_ex2(r->ctx, NULL, key.p, NULL, dir, NULL) == 1;
	EVP_CIPHER_free(c);
	return ok;
}

static bool
set_message(struct ca_cipher_run *r)
{
	int dir = r->encrypt ? 1 : 0, n = 0;
	const uint8_t *iv = r->iv.n != 0 ? r->iv.p : NULL;

	if (EVP_CipherInit_ex2(r->ctx, NULL, NULL, iv, dir, NULL) != 1)
		return false;
	(void)EVP_CIPHER_CTX_set_padding(r->ctx,
	    r->mode == CA_CIPHER_CBC_PAD ? 1 : 0);
	return r->aad.n == 0 ||
	       EVP_CipherUpdate(r->ctx, NULL, &n, r->aad.p, (int)r->aad.n) == 1;
}

ca_err
ca_cipher_restart(struct ca_cipher_run *r)
{
	bool ok;

	if (!ca_crypto_alive())
		return CA_E_BUG;
	r->held = 0;
	r->taken = 0;
	r->kept_n = 0;
	if (r->mode == CA_CIPHER_CCM) /* begins when all is there */
		return CA_OK;
	(void)ERR_set_mark();
	ok = set_message(r);
	(void)ERR_pop_to_mark();
	return ok ? CA_OK : CA_E_BUG;
}

static ca_err
start(struct ca_cipher_run *r, const struct ca_cipher_params *p,
    struct ca_rd key)
{
	const char *name = name_of(p, key.n);
	ca_err e = ca_buf_set(&r->iv, p->iv);
	bool ok;

	if (e == CA_OK)
		e = ca_buf_set(&r->aad, p->aad);
	if (e != CA_OK || name == NULL)
		return e != CA_OK ? e : CA_E_BUG;
	(void)ERR_set_mark();
	ok = set_key(r, name, key);
	(void)ERR_pop_to_mark();
	return ok ? ca_cipher_restart(r) : CA_E_BUG;
}

ca_err
ca_cipher_new(const struct ca_cipher_params *p, struct ca_rd key,
    struct ca_cipher_run **out)
{
	struct ca_cipher_run *r;
	ca_err e = CA_E_NOMEM;

	if (ca_crypto_ctx() == NULL)
		return CA_E_BUG;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return CA_E_NOMEM;
	r->mode = p->mode;
	r->encrypt = p->encrypt;
	r->block = ca_cipher_block(p);
	r->tag = p->tag;
	r->total = p->total;
	r->blocks_max = blocks_of(p);
	r->ctx = EVP_CIPHER_CTX_new();
	if (r->ctx != NULL)
		e = start(r, p, key);
	if (e != CA_OK)
		ca_cipher_free(&r);
	*out = r;
	return e;
}

void
ca_cipher_free(struct ca_cipher_run **r)
{
	if (*r == NULL)
		return;
	if (ca_crypto_alive())
		EVP_CIPHER_CTX_free((*r)->ctx);
	ca_buf_free(&(*r)->iv);
	ca_buf_free(&(*r)->aad);
	ca_locked_free((*r)->kept, (*r)->kept_cap);
	free(*r);
	*r = NULL;
}
