/* See the header. */
#include "pcsc/token/selfcheck.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "pcsc/base/secret.h"
#include "pcsc/base/wr.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/evp_key.h"
#include "pcsc/ossl/spki.h"

#define ECDSA_DER_MAX 160
#define COORDINATE_MAX 72

/* What the public operation gives back must be what went in. */
static bool
recovers(EVP_PKEY_CTX *ctx, int padding, struct ca_rd in, struct ca_rd sig)
{
	unsigned char b[CA_RSA_BYTES_MAX];
	size_t n = sizeof(b);
	struct ca_rd got, zeros;

	/* OpenSSL takes a shorter number as well; verifiers do not. */
	if (sig.n != (size_t)EVP_PKEY_get_size(EVP_PKEY_CTX_get0_pkey(ctx)) ||
	    EVP_PKEY_verify_recover_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, padding) != 1 ||
	    EVP_PKEY_verify_recover(ctx, b, &n, sig.p, sig.n) != 1)
		return false;
	got = ca_rd_of(b, n);
	/* Raw: the number may have been given without its leading zeros. */
	if (padding == RSA_NO_PADDING && got.n > in.n &&
	    (!ca_rd_take(&got, got.n - in.n, &zeros) || !ca_rd_all(zeros, 0)))
		return false;
	return ca_rd_equal(got, in);
}

static bool
verifies_hash(EVP_PKEY_CTX *ctx, const EVP_MD *md, int padding,
    struct ca_rd hash, struct ca_rd sig)
{
	if (EVP_PKEY_verify_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, padding) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(ctx, md) != 1)
		return false;
	if (padding == RSA_PKCS1_PSS_PADDING &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) != 1)
		return false;
	return EVP_PKEY_verify(ctx, sig.p, sig.n, hash.p, hash.n) == 1;
}

static bool
verifies_ecdsa(EVP_PKEY_CTX *ctx, struct ca_rd hash, struct ca_rd sig)
{
	ECDSA_SIG *rs = ECDSA_SIG_new();
	unsigned char b[ECDSA_DER_MAX], *p = b;
	struct ca_rd second = sig, first;
	bool ok = false;
	BIGNUM *r, *s;
	int n = 0;
	int bits = EVP_PKEY_get_bits(EVP_PKEY_CTX_get0_pkey(ctx));

	if (rs == NULL || sig.n != 2 * (((size_t)bits + 7) / 8) ||
	    !ca_rd_take(&second, sig.n / 2, &first)) {
		ECDSA_SIG_free(rs);
		return false;
	}
	r = BN_bin2bn(first.p, (int)first.n, NULL);
	s = BN_bin2bn(second.p, (int)second.n, NULL);
	if (r != NULL && s != NULL && ECDSA_SIG_set0(rs, r, s) == 1) {
		n = i2d_ECDSA_SIG(rs, NULL);
		if (n > 0 && n <= (int)sizeof(b))
			n = i2d_ECDSA_SIG(rs, &p);
		ok = n > 0 && n <= (int)sizeof(b);
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(rs);
	return ok && EVP_PKEY_verify_init(ctx) == 1 &&
	       EVP_PKEY_verify(ctx, b, (size_t)n, hash.p, hash.n) == 1;
}

/* The hash that a card makes of data given to sign. */
static struct ca_rd
hash_of(enum ca_alg alg, struct ca_rd data, unsigned char b[EVP_MAX_MD_SIZE],
    const EVP_MD **md)
{
	unsigned n = 0;

	switch (alg) {
	case CA_ALG_ECDSA_DATA_SHA1:
	case CA_ALG_RSA_PKCS1_DATA_SHA1:
		*md = EVP_sha1();
		break;
	case CA_ALG_ECDSA_DATA_SHA224:
	case CA_ALG_RSA_PKCS1_DATA_SHA224:
		*md = EVP_sha224();
		break;
	case CA_ALG_ECDSA_DATA_SHA256:
	case CA_ALG_RSA_PKCS1_DATA_SHA256:
		*md = EVP_sha256();
		break;
	case CA_ALG_ECDSA_DATA_SHA384:
	case CA_ALG_RSA_PKCS1_DATA_SHA384:
		*md = EVP_sha384();
		break;
	default:
		*md = EVP_sha512();
		break;
	}
	if (EVP_Digest(data.p, data.n, b, &n, *md, NULL) != 1)
		n = 0;
	return ca_rd_of(b, n);
}

static bool
good_of_data(EVP_PKEY_CTX *ctx, enum ca_alg alg, struct ca_rd in,
    struct ca_rd sig)
{
	unsigned char b[EVP_MAX_MD_SIZE];
	const EVP_MD *md;
	struct ca_rd hash = hash_of(alg, in, b, &md);

	if (hash.n == 0)
		return false;
	return ca_alg_is_ecdsa(alg)
		   ? verifies_ecdsa(ctx, hash, sig)
		   : verifies_hash(ctx, md, RSA_PKCS1_PADDING, hash, sig);
}

/* The result of ECDH: nobody but the card can compute it, but half of all
 * numbers are the coordinate of no point, and none of another length is. */
static bool
is_coordinate(EVP_PKEY_CTX *ctx, struct ca_rd x)
{
	EVP_PKEY *own = EVP_PKEY_CTX_get0_pkey(ctx), *point = EVP_PKEY_new();
	uint8_t b[1 + COORDINATE_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	size_t field = ((size_t)EVP_PKEY_get_bits(own) + 7) / 8;
	bool ok = point != NULL && EVP_PKEY_is_a(own, "EC") == 1 &&
		  x.n == field && EVP_PKEY_copy_parameters(point, own) == 1;

	ca_wr_u8(&w, 0x02); /* SEC 1, 2.3.3: compressed, Y even */
	ca_wr_bytes(&w, x);
	ok = ok && ca_wr_ok(&w) &&
	     EVP_PKEY_set1_encoded_public_key(point, b, ca_wr_rd(&w).n) == 1;
	EVP_PKEY_free(point);
	ca_wipe(b, sizeof(b));
	return ok;
}

static bool
good(EVP_PKEY_CTX *ctx, enum ca_alg alg, struct ca_rd in, struct ca_rd sig)
{
	const int v15 = RSA_PKCS1_PADDING, pss = RSA_PKCS1_PSS_PADDING;

	switch (alg) {
	case CA_ALG_RSA_RAW:
		return recovers(ctx, RSA_NO_PADDING, in, sig);
	case CA_ALG_RSA_PKCS1:
		return recovers(ctx, v15, in, sig);
	case CA_ALG_RSA_PKCS1_SHA1:
		return verifies_hash(ctx, EVP_sha1(), v15, in, sig);
	case CA_ALG_RSA_PKCS1_SHA224:
		return verifies_hash(ctx, EVP_sha224(), v15, in, sig);
	case CA_ALG_RSA_PKCS1_SHA256:
		return verifies_hash(ctx, EVP_sha256(), v15, in, sig);
	case CA_ALG_RSA_PKCS1_SHA384:
		return verifies_hash(ctx, EVP_sha384(), v15, in, sig);
	case CA_ALG_RSA_PKCS1_SHA512:
		return verifies_hash(ctx, EVP_sha512(), v15, in, sig);
	case CA_ALG_RSA_PSS_SHA1:
		return verifies_hash(ctx, EVP_sha1(), pss, in, sig);
	case CA_ALG_RSA_PSS_SHA224:
		return verifies_hash(ctx, EVP_sha224(), pss, in, sig);
	case CA_ALG_RSA_PSS_SHA256:
		return verifies_hash(ctx, EVP_sha256(), pss, in, sig);
	case CA_ALG_RSA_PSS_SHA384:
		return verifies_hash(ctx, EVP_sha384(), pss, in, sig);
	case CA_ALG_RSA_PSS_SHA512:
		return verifies_hash(ctx, EVP_sha512(), pss, in, sig);
	case CA_ALG_ECDSA:
		return verifies_ecdsa(ctx, in, sig);
	case CA_ALG_ECDSA_DATA_SHA1:
	case CA_ALG_ECDSA_DATA_SHA224:
	case CA_ALG_ECDSA_DATA_SHA256:
	case CA_ALG_ECDSA_DATA_SHA384:
	case CA_ALG_ECDSA_DATA_SHA512:
	case CA_ALG_RSA_PKCS1_DATA_SHA1:
	case CA_ALG_RSA_PKCS1_DATA_SHA224:
	case CA_ALG_RSA_PKCS1_DATA_SHA256:
	case CA_ALG_RSA_PKCS1_DATA_SHA384:
	case CA_ALG_RSA_PKCS1_DATA_SHA512:
		return good_of_data(ctx, alg, in, sig);
	case CA_ALG_ECDH:
		return is_coordinate(ctx, sig);
	case CA_ALG_RSA_DEC_RAW:
	case CA_ALG_RSA_DEC_PKCS1:
	case CA_ALG_RSA_DEC_OAEP_SHA1:
	case CA_ALG_RSA_DEC_OAEP_SHA256:
	case CA_ALG_RSA_DEC_OAEP_SHA384:
	case CA_ALG_RSA_DEC_OAEP_SHA512:
	case CA_ALG_COUNT:
		break;
	}
	return false;
}

ca_err
ca_selfcheck(struct ca_rd spki, enum ca_alg alg, struct ca_rd in,
    struct ca_rd sig)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *k = NULL;
	bool ok = false;

	if (lib == NULL)
		return CA_E_BUG;
	/* The error queue is the application's: leave it as it was. */
	(void)ERR_set_mark();
	k = ca_evp_key(lib, spki);
	if (k != NULL && EVP_PKEY_get_size(k) <= CA_RSA_BYTES_MAX)
		ctx = EVP_PKEY_CTX_new_from_pkey(lib, k, NULL);
	ok = ctx != NULL && good(ctx, alg, in, sig);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(k);
	(void)ERR_pop_to_mark();
	return ok ? CA_OK : CA_E_BAD_SIGNATURE;
}
