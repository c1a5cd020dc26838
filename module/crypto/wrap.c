#include "module/crypto/wrap.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"

#define SEMI 8U /* a semiblock */

static const char *
name_of(enum ca_keywrap kind, size_t key_n)
{
	static const char *const names[2][3] = {
	    {"AES-128-WRAP", "AES-192-WRAP", "AES-256-WRAP"},
	    {"AES-128-WRAP-PAD", "AES-192-WRAP-PAD", "AES-256-WRAP-PAD"},
	};

	if (key_n != 16 && key_n != 24 && key_n != 32)
		return NULL;
	return names[kind == CA_KEYWRAP_KWP ? 1 : 0][key_n / 8 - 2];
}

size_t
ca_keywrap_iv(enum ca_keywrap kind)
{
	return kind == CA_KEYWRAP_KWP ? 4 : SEMI;
}

/* Bytes that go into the cipher. */
static size_t
padded(enum ca_keywrap kind, size_t n)
{
	switch (kind) {
	case CA_KEYWRAP_KW:
		return n;
	case CA_KEYWRAP_KWP:
		return (n + SEMI - 1) / SEMI * SEMI;
	case CA_KEYWRAP_PKCS7:
		return n / SEMI * SEMI + SEMI;
	}
	return 0;
}

size_t
ca_keywrap_size(enum ca_keywrap kind, size_t n)
{
	size_t all;

	if (n == 0 || n > CA_KEYWRAP_MAX)
		return 0;
	all = padded(kind, n);
	/* One semiblock is a block of AES, which KWP alone has a way for. */
	if (all % SEMI != 0 || (kind != CA_KEYWRAP_KWP && all < 2 * SEMI))
		return 0;
	return all + SEMI;
}

/* What OpenSSL makes of it; `made` has room for in.n + CA_KEYWRAP_MORE. */
static bool
run(const char *name, struct ca_rd kek, struct ca_rd iv, struct ca_rd in,
    int dir, uint8_t *made, size_t *made_n)
{
	EVP_CIPHER *c = EVP_CIPHER_fetch(ca_crypto_ctx(), name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const uint8_t *start = iv.n != 0 ? iv.p : NULL;
	int n = 0;
	bool ok = c != NULL && ctx != NULL;

	if (ok) {
		EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
		ok = EVP_CipherInit_ex2(ctx, c, kek.p, start, dir, NULL) == 1 &&
		     EVP_CipherUpdate(ctx, made, &n, in.p, (int)in.n) == 1 &&
		     n > 0;
	}
	*made_n = ok ? (size_t)n : 0;
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(c);
	return ok;
}

static bool
run_quietly(const char *name, struct ca_rd kek, struct ca_rd iv,
    struct ca_rd in, int dir, uint8_t *made, size_t *made_n)
{
	bool ok;

	(void)ERR_set_mark();
	ok = run(name, kek, iv, in, dir, made, made_n);
	(void)ERR_pop_to_mark();
	return ok;
}

/* The input as it goes into the cipher, in `text`, and the result after it. */
static ca_err
wrap_in(enum ca_keywrap kind, struct ca_rd kek, struct ca_rd iv,
    struct ca_rd in, struct ca_wr *text, struct ca_wr *out)
{
	size_t pad = kind == CA_KEYWRAP_PKCS7 ? SEMI - in.n % SEMI : 0, n;
	struct ca_rd all;

	ca_wr_bytes(text, in);
	ca_wr_fill(text, (uint8_t)pad, pad);
	all = ca_wr_rd(text);
	if (!run_quietly(name_of(kind, kek.n), kek, iv, all, 1, text->p + all.n,
		&n))
		return CA_E_BUG;
	ca_wr_mem(out, text->p + all.n, n);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

static bool
usable(enum ca_keywrap kind, struct ca_rd kek, struct ca_rd iv)
{
	return ca_crypto_ctx() != NULL && name_of(kind, kek.n) != NULL &&
	       (iv.n == 0 || iv.n == ca_keywrap_iv(kind));
}

ca_err
ca_keywrap(enum ca_keywrap kind, struct ca_rd kek, struct ca_rd iv,
    struct ca_rd in, struct ca_wr *out)
{
	size_t cap = 2 * (in.n + CA_KEYWRAP_MORE);
	struct ca_wr text;
	uint8_t *p;
	ca_err e;

	if (!usable(kind, kek, iv))
		return CA_E_BUG;
	if (ca_keywrap_size(kind, in.n) == 0)
		return CA_E_DATA_LEN;
	p = malloc(cap);
	if (p == NULL)
		return CA_E_NOMEM;
	text = ca_wr_of(p, cap);
	e = wrap_in(kind, kek, iv, in, &text, out);
	ca_wipe(p, cap);
	free(p);
	return e;
}

/* Bytes of a PKCS#7 padding at the end, 0 when it is none. What is looked at
 * came out of an authenticated cipher, so its time tells nobody anything. */
static size_t
padding_of(struct ca_rd all)
{
	struct ca_rd last = all, look;
	uint8_t pad;

	if (all.n < SEMI || !ca_rd_skip(&last, all.n - 1) ||
	    !ca_rd_u8(&last, &pad) || pad == 0 || pad > SEMI)
		return 0;
	look = all;
	return ca_rd_skip(&look, all.n - pad) && ca_rd_all(look, pad) ? pad : 0;
}

static ca_err
unwrap_in(enum ca_keywrap kind, struct ca_rd kek, struct ca_rd iv,
    struct ca_rd in, uint8_t *made, struct ca_wr *out)
{
	size_t n, pad = 0;

	if (!run_quietly(name_of(kind, kek.n), kek, iv, in, 0, made, &n))
		return CA_E_DATA;
	if (kind == CA_KEYWRAP_PKCS7) {
		pad = padding_of(ca_rd_of(made, n));
		if (pad == 0)
			return CA_E_DATA;
	}
	ca_wr_mem(out, made, n - pad);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

ca_err
ca_keyunwrap(enum ca_keywrap kind, struct ca_rd kek, struct ca_rd iv,
    struct ca_rd in, struct ca_wr *out)
{
	size_t cap = in.n + CA_KEYWRAP_MORE;
	size_t least = kind == CA_KEYWRAP_KWP ? 2 * SEMI : 3 * SEMI;
	uint8_t *made;
	ca_err e;

	if (!usable(kind, kek, iv))
		return CA_E_BUG;
	if (in.n % SEMI != 0 || in.n < least ||
	    in.n > CA_KEYWRAP_MAX + CA_KEYWRAP_MORE)
		return CA_E_DATA_LEN;
	made = malloc(cap);
	if (made == NULL)
		return CA_E_NOMEM;
	e = unwrap_in(kind, kek, iv, in, made, out);
	ca_wipe(made, cap);
	free(made);
	return e;
}
