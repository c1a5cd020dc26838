#include "pcsc/ossl/evp_key.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/ossl/curve.h"
#include "pcsc/ossl/spki.h"

#define GROUP_NAME_MAX 16

static EVP_PKEY *
from_params(OSSL_LIB_CTX *lib, const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(lib, type, NULL);
	EVP_PKEY *key = NULL;

	if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* OSSL_PARAM wants numbers in the machine's order, into which a big-endian
 * one is turned here. */
static bool
native(struct ca_rd number, unsigned char *out, size_t cap)
{
	uint16_t probe = 1;
	uint8_t b, little;

	memcpy(&little, &probe, 1);
	if (number.n > cap)
		return false;
	for (size_t i = 0, n = number.n; ca_rd_u8(&number, &b); i++)
		out[little != 0 ? n - 1 - i : i] = b;
	return true;
}

static EVP_PKEY *
rsa_key(OSSL_LIB_CTX *lib, const struct ca_spki *k)
{
	unsigned char n[CA_RSA_BYTES_MAX], e[CA_RSA_BYTES_MAX];
	OSSL_PARAM params[3];

	if (!native(k->modulus, n, sizeof(n)) ||
	    !native(k->exponent, e, sizeof(e)))
		return NULL;
	params[0] =
	    OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n, k->modulus.n);
	params[1] =
	    OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, e, k->exponent.n);
	params[2] = OSSL_PARAM_construct_end();
	return from_params(lib, "RSA", params);
}

/* NULL: the curve is not known by name. */
static EVP_PKEY *
ec_key(OSSL_LIB_CTX *lib, const struct ca_spki *k)
{
	const struct ca_curve *c = ca_curve_find(k->params);
	unsigned char point[256];
	char name[GROUP_NAME_MAX];
	OSSL_PARAM params[3];
	size_t n;

	if (c == NULL || !ca_rd_copy(k->point, point, sizeof(point), &n) ||
	    snprintf(name, sizeof(name), "%s", c->name) >= (int)sizeof(name))
		return NULL;
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
	    name, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
	    point, n);
	params[2] = OSSL_PARAM_construct_end();
	return from_params(lib, "EC", params);
}

static EVP_PKEY *
raw_key(OSSL_LIB_CTX *lib, const struct ca_spki *k)
{
	return EVP_PKEY_new_raw_public_key_ex(lib,
	    ca_curve_find(k->params)->name, NULL, k->point.p, k->point.n);
}

static EVP_PKEY *
by_decoder(OSSL_LIB_CTX *lib, struct ca_rd spki)
{
	const unsigned char *p = spki.p;

	if (spki.n == 0 || spki.n > LONG_MAX)
		return NULL;
	return d2i_PUBKEY_ex(NULL, &p, (long)spki.n, lib, NULL);
}

EVP_PKEY *
ca_evp_key(OSSL_LIB_CTX *lib, struct ca_rd spki)
{
	struct ca_spki k;
	EVP_PKEY *key;

	if (!ca_spki_parse(spki, &k))
		return NULL;
	if (k.type == CA_SPKI_RAW)
		return raw_key(lib, &k);
	key = k.type == CA_SPKI_RSA ? rsa_key(lib, &k) : ec_key(lib, &k);
	return key != NULL ? key : by_decoder(lib, spki);
}
