#include "module/crypto/pubkey.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/evp_key.h"
#include "pcsc/ossl/spki.h"

/* One use of a key: everything that must be freed at its end. */
struct use {
	OSSL_LIB_CTX *lib;
	EVP_PKEY *key;
	EVP_PKEY_CTX *ctx;
};

static void
use_end(struct use *u)
{
	EVP_PKEY_CTX_free(u->ctx);
	EVP_PKEY_free(u->key);
	ERR_pop_to_mark();
}

/* After this, use_end() is due only when the answer was CA_OK. */
static ca_err
use_begin(struct use *u, struct ca_rd spki)
{
	memset(u, 0, sizeof(*u));
	u->lib = ca_crypto_ctx();
	if (u->lib == NULL)
		return CA_E_BUG;
	ERR_set_mark();
	u->key = ca_evp_key(u->lib, spki);
	if (u->key != NULL)
		u->ctx = EVP_PKEY_CTX_new_from_pkey(u->lib, u->key, NULL);
	if (u->ctx != NULL)
		return CA_OK;
	use_end(u);
	return CA_E_MALFORMED;
}

/* One EVP_PKEY_verify; a negative answer of OpenSSL is no signature either. */
static ca_err
use_verify(struct use *u, struct ca_rd value, struct ca_rd sig)
{
	return EVP_PKEY_verify(u->ctx, sig.p, sig.n, value.p, value.n) == 1
		   ? CA_OK
		   : CA_E_BAD_SIGNATURE;
}

ca_err
ca_verify_pkcs1(struct ca_rd spki, struct ca_rd t, struct ca_rd sig)
{
	uint8_t em[CA_RSA_BYTES_MAX];
	struct ca_wr w = ca_wr_of(em, sizeof(em));
	ca_err e;

	/* RFC 8017, 8.2.2: build the block again and compare, so that nothing
	 * in it is parsed. */
	e = ca_pad_pkcs1(t, sig.n, &w);
	if (e != CA_OK)
		return CA_E_BAD_SIGNATURE;
	return ca_verify_raw(spki, ca_wr_rd(&w), sig);
}

ca_err
ca_verify_raw(struct ca_rd spki, struct ca_rd data, struct ca_rd sig)
{
	uint8_t want[CA_RSA_BYTES_MAX], got[CA_RSA_BYTES_MAX];
	struct ca_wr w = ca_wr_of(want, sizeof(want));
	struct ca_wr g = ca_wr_of(got, sizeof(got));
	ca_err e;

	if (data.n > sig.n || sig.n > sizeof(want))
		return CA_E_BAD_SIGNATURE;
	ca_wr_fill(&w, 0, sig.n - data.n);
	ca_wr_bytes(&w, data);
	e = ca_encrypt_raw(spki, sig, &g);
	if (e == CA_E_DATA || e == CA_E_DATA_LEN)
		return CA_E_BAD_SIGNATURE;
	if (e == CA_OK && !ca_rd_equal(ca_wr_rd(&w), ca_wr_rd(&g)))
		e = CA_E_BAD_SIGNATURE;
	return e;
}

/* OSSL_PARAM wants a name that it could write to. */
static bool
copy_name(enum ca_hash h, char out[16])
{
	const char *name = ca_hash_name(h);

	return name != NULL && snprintf(out, 16, "%s", name) < 16;
}

ca_err
ca_verify_pss(struct ca_rd spki, const struct ca_pss *pss, struct ca_rd value,
    struct ca_rd sig)
{
	struct use u;
	OSSL_PARAM params[5];
	char hash[16], mgf[16], mode[] = OSSL_PKEY_RSA_PAD_MODE_PSS;
	int salt = (int)pss->salt;
	ca_err e;

	if (pss->salt > INT_MAX || value.n != ca_hash_len(pss->hash) ||
	    !copy_name(pss->hash, hash) || !copy_name(pss->mgf, mgf))
		return CA_E_BUG;
	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE,
		mode, 0);
	params[1] =
	    OSSL_PARAM_construct_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, hash,
		0);
	params[2] =
	    OSSL_PARAM_construct_utf8_string(OSSL_SIGNATURE_PARAM_MGF1_DIGEST,
		mgf, 0);
	params[3] =
	    OSSL_PARAM_construct_int(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, &salt);
	params[4] = OSSL_PARAM_construct_end();
	e = use_begin(&u, spki);
	if (e != CA_OK)
		return e;
	if (EVP_PKEY_verify_init_ex(u.ctx, params) != 1)
		e = CA_E_BUG;
	else
		e = use_verify(&u, value, sig);
	use_end(&u);
	return e;
}

/* r||s as a DER ECDSA-Sig-Value; *der is OPENSSL_free()d by the caller. */
static int
ecdsa_to_der(struct ca_rd sig, unsigned char **der)
{
	struct ca_rd r_half, s_half = sig;
	ECDSA_SIG *es = ECDSA_SIG_new();
	BIGNUM *r = NULL, *s = NULL;
	int n = -1;

	if (es != NULL && ca_rd_take(&s_half, sig.n / 2, &r_half)) {
		r = BN_bin2bn(r_half.p, (int)r_half.n, NULL);
		s = BN_bin2bn(s_half.p, (int)s_half.n, NULL);
	}
	if (r != NULL && s != NULL && ECDSA_SIG_set0(es, r, s) == 1) {
		r = s = NULL; /* they belong to es now */
		n = i2d_ECDSA_SIG(es, der);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(es);
	return n;
}

ca_err
ca_verify_ecdsa(struct ca_rd spki, struct ca_rd value, struct ca_rd sig)
{
	unsigned char *der = NULL;
	struct use u;
	int n;
	ca_err e;

	if (sig.n == 0 || sig.n % 2 != 0 || sig.n > INT_MAX)
		return CA_E_BAD_SIGNATURE;
	e = use_begin(&u, spki);
	if (e != CA_OK)
		return e;
	n = ecdsa_to_der(sig, &der);
	if (n <= 0 || EVP_PKEY_verify_init(u.ctx) != 1)
		e = CA_E_NOMEM;
	else
		e = use_verify(&u, value, ca_rd_of(der, (size_t)n));
	OPENSSL_free(der);
	use_end(&u);
	return e;
}

/* One EVP_PKEY_encrypt with whatever padding u->ctx has. */
static ca_err
use_encrypt(struct use *u, struct ca_rd in, struct ca_wr *out)
{
	uint8_t buf[CA_RSA_BYTES_MAX];
	size_t n = sizeof(buf);

	if (EVP_PKEY_get_size(u->key) > (int)sizeof(buf))
		return CA_E_UNSUPPORTED;
	if (EVP_PKEY_encrypt(u->ctx, buf, &n, in.p, in.n) != 1)
		return CA_E_BUG;
	ca_wr_mem(out, buf, n);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

/* Begins encryption with this padding; `room` is what it takes from k. */
static ca_err
encrypt_begin(struct use *u, struct ca_rd spki, int padding, size_t room,
    size_t in_n)
{
	ca_err e = use_begin(u, spki);

	if (e != CA_OK)
		return e;
	if ((size_t)EVP_PKEY_get_size(u->key) < room + in_n)
		e = CA_E_DATA_LEN;
	else if (EVP_PKEY_encrypt_init(u->ctx) != 1 ||
		 EVP_PKEY_CTX_set_rsa_padding(u->ctx, padding) != 1)
		e = CA_E_BUG;
	if (e != CA_OK)
		use_end(u);
	return e;
}

ca_err
ca_encrypt_pkcs1(struct ca_rd spki, struct ca_rd in, struct ca_wr *out)
{
	struct use u;
	ca_err e = encrypt_begin(&u, spki, RSA_PKCS1_PADDING, 11, in.n);

	if (e != CA_OK)
		return e;
	e = use_encrypt(&u, in, out);
	use_end(&u);
	return e;
}

ca_err
ca_encrypt_oaep(struct ca_rd spki, const struct ca_oaep *o, struct ca_rd in,
    struct ca_wr *out)
{
	unsigned char *label = NULL;
	struct use u;
	ca_err e = encrypt_begin(&u, spki, RSA_PKCS1_OAEP_PADDING,
	    2 * ca_hash_len(o->hash) + 2, in.n);

	if (e != CA_OK)
		return e;
	if (EVP_PKEY_CTX_set_rsa_oaep_md_name(u.ctx, ca_hash_name(o->hash),
		NULL) != 1 ||
	    EVP_PKEY_CTX_set_rsa_mgf1_md_name(u.ctx, ca_hash_name(o->mgf),
		NULL) != 1)
		e = CA_E_BUG;
	if (e == CA_OK && o->label.n != 0) {
		label = OPENSSL_memdup(o->label.p, o->label.n);
		if (label == NULL)
			e = CA_E_NOMEM;
		else if (EVP_PKEY_CTX_set0_rsa_oaep_label(u.ctx, label,
			     (int)o->label.n) != 1) {
			OPENSSL_free(label);
			e = CA_E_BUG;
		}
	}
	if (e == CA_OK)
		e = use_encrypt(&u, in, out);
	use_end(&u);
	return e;
}

/* Fails unless in is as long as the modulus and smaller as a number. */
static ca_err
raw_range(struct ca_rd spki, struct ca_rd in)
{
	struct ca_spki s;

	if (!ca_spki_parse(spki, &s) || s.type != CA_SPKI_RSA)
		return CA_E_MALFORMED;
	if (in.n != s.modulus.n)
		return CA_E_DATA_LEN;
	return ca_spki_exceeds(&s, in) ? CA_E_DATA : CA_OK;
}

ca_err
ca_encrypt_raw(struct ca_rd spki, struct ca_rd in, struct ca_wr *out)
{
	struct use u;
	ca_err e = raw_range(spki, in);

	if (e == CA_OK)
		e = encrypt_begin(&u, spki, RSA_NO_PADDING, 0, in.n);
	if (e != CA_OK)
		return e;
	e = use_encrypt(&u, in, out);
	use_end(&u);
	return e;
}
