/* What private keys do, and what they consist of; see privkey.h. */
#include <limits.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "module/crypto/point.h"
#include "module/crypto/privkey.h"
#include "module/crypto/privkey_key.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/evp_key.h"
#include "pcsc/ossl/spki.h"

/* DER of r and s on the largest curve, with room to spare. */
#define ECDSA_DER_MAX 160
#define AGREED_MAX 66
#define EDDSA_MAX 114

static const char *const names[] = {
    [CA_PRIV_N] = OSSL_PKEY_PARAM_RSA_N,
    [CA_PRIV_E] = OSSL_PKEY_PARAM_RSA_E,
    [CA_PRIV_D] = OSSL_PKEY_PARAM_RSA_D,
    [CA_PRIV_P] = OSSL_PKEY_PARAM_RSA_FACTOR1,
    [CA_PRIV_Q] = OSSL_PKEY_PARAM_RSA_FACTOR2,
    [CA_PRIV_DP] = OSSL_PKEY_PARAM_RSA_EXPONENT1,
    [CA_PRIV_DQ] = OSSL_PKEY_PARAM_RSA_EXPONENT2,
    [CA_PRIV_QI] = OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    [CA_PRIV_VALUE] = OSSL_PKEY_PARAM_PRIV_KEY,
    [CA_PRIV_POINT] = OSSL_PKEY_PARAM_PUB_KEY,
};

/* A number; `width` bytes of it, or as many as it has (0). */
static bool
number_part(const struct ca_privkey *k, const char *name, size_t width,
    struct ca_wr *out)
{
	uint8_t b[CA_RSA_BYTES_MAX];
	BIGNUM *v = BN_secure_new();
	bool ok = v != NULL && EVP_PKEY_get_bn_param(k->key, name, &v) == 1;
	size_t n = width;

	if (ok && width == 0)
		n = (size_t)BN_num_bytes(v);
	ok = ok && n <= sizeof(b) && BN_bn2binpad(v, b, (int)n) == (int)n;
	if (ok)
		ca_wr_mem(out, b, n);
	BN_clear_free(v);
	ca_wipe(b, sizeof(b));
	return ok && ca_wr_ok(out);
}

static bool
bytes_part(const struct ca_privkey *k, const char *name, struct ca_wr *out)
{
	uint8_t b[CA_POINT_MAX];
	size_t n = 0;
	bool ok = EVP_PKEY_get_octet_string_param(k->key, name, b, sizeof(b),
		      &n) == 1;

	if (ok)
		ca_wr_mem(out, b, n);
	ca_wipe(b, sizeof(b));
	return ok && ca_wr_ok(out);
}

ca_err
ca_privkey_part(const struct ca_privkey *k, enum ca_priv_part part,
    struct ca_wr *out)
{
	const struct ca_curve *c = k->curve;
	bool of_curve = part == CA_PRIV_VALUE || part == CA_PRIV_POINT;
	bool ok = false;

	if (!ca_crypto_alive() || of_curve != (c != NULL))
		return CA_E_BUG;
	(void)ERR_set_mark();
	if (c == NULL)
		ok = number_part(k, names[part], 0, out);
	else if (part == CA_PRIV_VALUE && c->kind == CA_CURVE_SHORT)
		ok = number_part(k, names[part], c->field, out);
	else
		ok = bytes_part(k, names[part], out);
	(void)ERR_pop_to_mark();
	return ok ? CA_OK : CA_E_BUG;
}

/* Whether the block is as long as the modulus and below it. */
static ca_err
check_block(const struct ca_privkey *k, struct ca_rd block)
{
	uint8_t n[CA_RSA_BYTES_MAX];
	struct ca_wr w = ca_wr_of(n, sizeof(n));
	struct ca_spki s = {.type = CA_SPKI_RSA};

	if (block.n != (k->bits + 7) / 8)
		return CA_E_DATA_LEN;
	if (!number_part(k, names[CA_PRIV_N], 0, &w))
		return CA_E_BUG;
	s.modulus = ca_wr_rd(&w);
	return ca_spki_exceeds(&s, block) ? CA_E_DATA : CA_OK;
}

ca_err
ca_privkey_power(const struct ca_privkey *k, struct ca_rd block,
    struct ca_wr *out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	uint8_t b[CA_RSA_BYTES_MAX];
	size_t n = sizeof(b);
	EVP_PKEY_CTX *ctx;
	ca_err e;

	if (lib == NULL || k->curve != NULL || k->bits > 8 * sizeof(b))
		return CA_E_BUG;
	(void)ERR_set_mark();
	e = check_block(k, block);
	ctx = e == CA_OK ? EVP_PKEY_CTX_new_from_pkey(lib, k->key, NULL) : NULL;
	if (e == CA_OK &&
	    (ctx == NULL || EVP_PKEY_decrypt_init(ctx) != 1 ||
		EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) != 1 ||
		EVP_PKEY_decrypt(ctx, b, &n, block.p, block.n) != 1 ||
		n != block.n))
		e = CA_E_BUG;
	if (e == CA_OK) {
		ca_wr_mem(out, b, n);
		e = ca_wr_ok(out) ? CA_OK : CA_E_BUG;
	}
	EVP_PKEY_CTX_free(ctx);
	(void)ERR_pop_to_mark();
	ca_wipe(b, sizeof(b));
	return e;
}

/* DER ECDSA-Sig-Value to r||s. */
static bool
put_r_s(const uint8_t *der, size_t n, size_t half, struct ca_wr *out)
{
	uint8_t b[2 * AGREED_MAX];
	ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &der, (long)n);
	bool ok =
	    s != NULL && 2 * half <= sizeof(b) &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(s), b, (int)half) == (int)half &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(s), &b[half], (int)half) == (int)half;

	if (ok)
		ca_wr_mem(out, b, 2 * half);
	ECDSA_SIG_free(s);
	return ok && ca_wr_ok(out);
}

ca_err
ca_privkey_ecdsa(const struct ca_privkey *k, struct ca_rd value,
    struct ca_wr *out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	uint8_t der[ECDSA_DER_MAX];
	size_t n = sizeof(der);
	EVP_PKEY_CTX *ctx;
	bool ok;

	if (lib == NULL || k->curve == NULL)
		return CA_E_BUG;
	(void)ERR_set_mark();
	ctx = EVP_PKEY_CTX_new_from_pkey(lib, k->key, NULL);
	ok = ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	     EVP_PKEY_sign(ctx, der, &n, value.p, value.n) == 1 &&
	     put_r_s(der, n, k->curve->field, out);
	EVP_PKEY_CTX_free(ctx);
	(void)ERR_pop_to_mark();
	return ok ? CA_OK : CA_E_BUG;
}

ca_err
ca_privkey_eddsa(const struct ca_privkey *k, struct ca_rd data,
    struct ca_wr *out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	uint8_t sig[EDDSA_MAX];
	size_t n = sizeof(sig);
	EVP_MD_CTX *ctx;
	bool ok;

	if (lib == NULL || k->curve == NULL)
		return CA_E_BUG;
	(void)ERR_set_mark();
	ctx = EVP_MD_CTX_new();
	ok = ctx != NULL &&
	     EVP_DigestSignInit_ex(ctx, NULL, NULL, lib, NULL, k->key, NULL) ==
		 1 &&
	     EVP_DigestSign(ctx, sig, &n, data.p, data.n) == 1;
	if (ok)
		ca_wr_mem(out, sig, n);
	EVP_MD_CTX_free(ctx);
	(void)ERR_pop_to_mark();
	return ok && ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

/* The other side's key, or NULL. */
static EVP_PKEY *
peer_key(OSSL_LIB_CTX *lib, const struct ca_curve *c, struct ca_rd point)
{
	struct ca_buf spki = {0};
	EVP_PKEY *key = NULL;

	if (ca_spki_make_ec(ca_curve_oid(c), point, &spki) == CA_OK)
		key = ca_evp_key(lib, ca_buf_rd(&spki));
	ca_buf_free(&spki);
	return key;
}

ca_err
ca_privkey_agree(const struct ca_privkey *k, struct ca_rd point,
    struct ca_wr *out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	uint8_t secret[AGREED_MAX];
	size_t n = sizeof(secret);
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *peer;
	bool ok;

	if (lib == NULL || k->curve == NULL)
		return CA_E_BUG;
	(void)ERR_set_mark();
	peer = peer_key(lib, k->curve, point);
	ctx = EVP_PKEY_CTX_new_from_pkey(lib, k->key, NULL);
	ok = peer != NULL && ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
	     EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
	     EVP_PKEY_derive(ctx, secret, &n) == 1;
	if (ok)
		ca_wr_mem(out, secret, n);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	(void)ERR_pop_to_mark();
	ca_wipe(secret, sizeof(secret));
	if (!ok)
		return CA_E_DATA;
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}
