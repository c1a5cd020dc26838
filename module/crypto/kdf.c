#include "module/crypto/kdf.h"

#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "module/crypto/mac.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"

ca_err
ca_hkdf_extract(enum ca_hash h, struct ca_rd salt, struct ca_rd key,
    uint8_t out[CA_HASH_LEN_MAX])
{
	static const uint8_t zeros[CA_HASH_LEN_MAX];
	struct ca_rd none = ca_rd_of(zeros, ca_hash_len(h));
	struct ca_wr w = ca_wr_of(out, CA_HASH_LEN_MAX);
	struct ca_mac_run *m = NULL;
	ca_err e = ca_mac_new(h, salt.n != 0 ? salt : none, &m);

	if (e == CA_OK)
		e = ca_mac_update(m, key);
	if (e == CA_OK)
		e = ca_mac_final(m, &w);
	ca_mac_free(&m);
	return e;
}

size_t
ca_hkdf_max(enum ca_hash h)
{
	return 255 * ca_hash_len(h);
}

/* RFC 5869, 2.3: T(i) from T(i - 1), which is empty for the first. */
static ca_err
next_block(enum ca_hash h, struct ca_rd prk, struct ca_rd before,
    struct ca_rd info, uint8_t i, struct ca_wr *out)
{
	struct ca_mac_run *m = NULL;
	ca_err e = ca_mac_new(h, prk, &m);

	if (e == CA_OK)
		e = ca_mac_update(m, before);
	if (e == CA_OK)
		e = ca_mac_update(m, info);
	if (e == CA_OK)
		e = ca_mac_update(m, ca_rd_of(&i, 1));
	if (e == CA_OK)
		e = ca_mac_final(m, out);
	ca_mac_free(&m);
	return e;
}

ca_err
ca_hkdf_expand(enum ca_hash h, struct ca_rd prk, struct ca_rd info,
    uint8_t *out, size_t n)
{
	uint8_t room[2][CA_HASH_LEN_MAX]; /* T(i), T(i - 1) */
	struct ca_rd before = ca_rd_of(NULL, 0), part;
	struct ca_wr all = ca_wr_of(out, n);
	ca_err e = n > ca_hkdf_max(h) ? CA_E_BUG : CA_OK;

	for (unsigned i = 1; e == CA_OK && all.n < n; i++) {
		struct ca_wr w = ca_wr_of(room[i % 2], sizeof(room[0]));

		e = next_block(h, prk, before, info, (uint8_t)i, &w);
		before = part = ca_wr_rd(&w);
		if (part.n > n - all.n)
			part.n = n - all.n;
		ca_wr_bytes(&all, part);
	}
	ca_wipe(room, sizeof(room));
	if (e != CA_OK)
		ca_wipe(out, n);
	return e;
}

/* OSSL_PARAM takes pointers that could be written through; OpenSSL only reads
 * these. An empty view has an address, too. */
static void *
unconst(struct ca_rd r)
{
	static uint8_t nothing;
	void *q = &nothing;

	if (r.n != 0)
		memcpy(&q, &r.p, sizeof(q));
	return q;
}

static bool
pbkdf2(OSSL_LIB_CTX *lib, const struct ca_pbkdf2 *how, struct ca_rd password,
    uint8_t *out, size_t n)
{
	EVP_KDF *kdf = EVP_KDF_fetch(lib, "PBKDF2", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	uint64_t iterations = how->iterations;
	int pkcs5 = 1; /* short salts and few iterations are the caller's */
	char name[16];
	OSSL_PARAM params[6];
	bool ok;

	(void)snprintf(name, sizeof(name), "%s", ca_hash_name(how->prf));
	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD,
	    unconst(password), password.n);
	params[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT,
	    unconst(how->salt), how->salt.n);
	params[3] =
	    OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, &iterations);
	params[4] = OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &pkcs5);
	params[5] = OSSL_PARAM_construct_end();
	ok = ctx != NULL && EVP_KDF_derive(ctx, out, n, params) == 1;
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok;
}

ca_err
ca_pbkdf2(const struct ca_pbkdf2 *how, struct ca_rd password, uint8_t *out,
    size_t n)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	bool ok;

	if (lib == NULL || ca_hash_name(how->prf) == NULL ||
	    how->iterations == 0)
		return CA_E_BUG;
	(void)ERR_set_mark();
	ok = pbkdf2(lib, how, password, out, n);
	(void)ERR_pop_to_mark();
	if (!ok)
		ca_wipe(out, n);
	return ok ? CA_OK : CA_E_BUG;
}
