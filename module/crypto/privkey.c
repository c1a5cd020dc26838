/* Making private keys of numbers; see privkey.h. */
#include "module/crypto/privkey.h"

#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "module/crypto/privkey_key.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/spki.h"

#define NUMBERS_MAX 8

/* Parameters being put together. What is secret is kept where OpenSSL wipes
 * it: BN_secure_new() marks a number so, and the block made of it. */
struct parts {
	OSSL_PARAM_BLD *bld;
	BIGNUM *v[NUMBERS_MAX];
	size_t n;
	bool failed;
};

static void
add_number(struct parts *p, const char *name, struct ca_rd number)
{
	BIGNUM *b = BN_secure_new();

	if (b == NULL || p->n >= NUMBERS_MAX || number.n > CA_RSA_BYTES_MAX ||
	    BN_bin2bn(number.p, (int)number.n, b) == NULL ||
	    OSSL_PARAM_BLD_push_BN(p->bld, name, b) != 1)
		p->failed = true;
	if (b != NULL && p->n < NUMBERS_MAX)
		p->v[p->n++] = b; /* looked at until the block is made */
	else
		BN_clear_free(b);
}

static EVP_PKEY *
key_of(OSSL_LIB_CTX *lib, const char *type, struct parts *p)
{
	OSSL_PARAM *params = p->failed ? NULL : OSSL_PARAM_BLD_to_param(p->bld);
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *key = NULL;

	if (params != NULL)
		ctx = EVP_PKEY_CTX_new_from_name(lib, type, NULL);
	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return key;
}

static void
parts_free(struct parts *p)
{
	for (size_t i = 0; i < p->n; i++)
		BN_clear_free(p->v[i]);
	OSSL_PARAM_BLD_free(p->bld);
}

/* Takes the key; NULL is CA_E_DATA. */
static ca_err
keep(EVP_PKEY *key, const struct ca_curve *curve, struct ca_privkey **out)
{
	struct ca_privkey *k;

	if (key == NULL)
		return CA_E_DATA;
	k = calloc(1, sizeof(*k));
	if (k == NULL) {
		EVP_PKEY_free(key);
		return CA_E_NOMEM;
	}
	k->key = key;
	k->curve = curve;
	k->bits = curve != NULL ? curve->bits : (size_t)EVP_PKEY_get_bits(key);
	*out = k;
	return CA_OK;
}

static EVP_PKEY *
rsa_key(OSSL_LIB_CTX *lib, const struct ca_rsa_numbers *r)
{
	bool whole = r->p.n != 0 && r->q.n != 0 && r->dp.n != 0 &&
		     r->dq.n != 0 && r->qi.n != 0;
	struct parts p = {.bld = OSSL_PARAM_BLD_new()};
	EVP_PKEY *key = NULL;

	if (p.bld != NULL) {
		add_number(&p, OSSL_PKEY_PARAM_RSA_N, r->n);
		add_number(&p, OSSL_PKEY_PARAM_RSA_E, r->e);
		add_number(&p, OSSL_PKEY_PARAM_RSA_D, r->d);
	}
	if (p.bld != NULL && whole) {
		add_number(&p, OSSL_PKEY_PARAM_RSA_FACTOR1, r->p);
		add_number(&p, OSSL_PKEY_PARAM_RSA_FACTOR2, r->q);
		add_number(&p, OSSL_PKEY_PARAM_RSA_EXPONENT1, r->dp);
		add_number(&p, OSSL_PKEY_PARAM_RSA_EXPONENT2, r->dq);
		add_number(&p, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, r->qi);
	}
	if (p.bld != NULL)
		key = key_of(lib, "RSA", &p);
	parts_free(&p);
	return key;
}

ca_err
ca_privkey_rsa(const struct ca_rsa_numbers *r, struct ca_privkey **out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	ca_err e;

	if (lib == NULL)
		return CA_E_BUG;
	if (r->n.n == 0 || r->e.n == 0 || r->d.n == 0)
		return CA_E_DATA;
	(void)ERR_set_mark();
	e = keep(rsa_key(lib, r), NULL, out);
	(void)ERR_pop_to_mark();
	return e;
}

/* 0 < value < order. */
static bool
in_order(OSSL_LIB_CTX *lib, const struct ca_curve *c, struct ca_rd value)
{
	EC_GROUP *g =
	    EC_GROUP_new_by_curve_name_ex(lib, NULL, OBJ_sn2nid(c->name));
	BIGNUM *v = BN_secure_new();
	bool ok = g != NULL && v != NULL && value.n <= c->field &&
		  BN_bin2bn(value.p, (int)value.n, v) != NULL &&
		  !BN_is_zero(v) && BN_cmp(v, EC_GROUP_get0_order(g)) < 0;

	BN_clear_free(v);
	EC_GROUP_free(g);
	return ok;
}

static EVP_PKEY *
short_key(OSSL_LIB_CTX *lib, const struct ca_curve *c, struct ca_rd value)
{
	struct parts p = {.bld = OSSL_PARAM_BLD_new()};
	EVP_PKEY *key = NULL;

	if (p.bld != NULL && in_order(lib, c, value) &&
	    OSSL_PARAM_BLD_push_utf8_string(p.bld, OSSL_PKEY_PARAM_GROUP_NAME,
		c->name, 0) == 1) {
		add_number(&p, OSSL_PKEY_PARAM_PRIV_KEY, value);
		key = key_of(lib, "EC", &p);
	}
	parts_free(&p);
	return key;
}

ca_err
ca_privkey_curve(struct ca_rd params, struct ca_rd value,
    struct ca_privkey **out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	const struct ca_curve *c = ca_curve_find(params);
	EVP_PKEY *key = NULL;
	ca_err e;

	if (lib == NULL)
		return CA_E_BUG;
	if (c == NULL)
		return CA_E_UNSUPPORTED;
	(void)ERR_set_mark();
	if (c->kind == CA_CURVE_SHORT)
		key = short_key(lib, c, value);
	else if (value.n == c->field)
		key = EVP_PKEY_new_raw_private_key_ex(lib, c->name, NULL,
		    value.p, value.n);
	e = keep(key, c, out);
	(void)ERR_pop_to_mark();
	return e;
}

static bool
good_exponent(const BIGNUM *e)
{
	return e != NULL && BN_is_odd(e) && !BN_is_one(e);
}

static ca_err
generate(EVP_PKEY_CTX *ctx, const struct ca_curve *c, struct ca_privkey **out)
{
	EVP_PKEY *key = NULL;

	if (EVP_PKEY_generate(ctx, &key) != 1)
		return CA_E_BUG;
	return keep(key, c, out);
}

ca_err
ca_privkey_new_rsa(size_t bits, struct ca_rd exponent, struct ca_privkey **out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	EVP_PKEY_CTX *ctx;
	BIGNUM *e_bn;
	ca_err e = CA_E_BUG;

	if (lib == NULL)
		return CA_E_BUG;
	if (exponent.n > CA_RSA_BYTES_MAX || bits > 8 * CA_RSA_BYTES_MAX)
		return CA_E_DATA;
	(void)ERR_set_mark();
	ctx = EVP_PKEY_CTX_new_from_name(lib, "RSA", NULL);
	e_bn = BN_bin2bn(exponent.p, (int)exponent.n, NULL);
	if (!good_exponent(e_bn))
		e = CA_E_DATA;
	else if (ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1 &&
		 EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) == 1 &&
		 EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e_bn) == 1)
		e = generate(ctx, NULL, out);
	BN_free(e_bn);
	EVP_PKEY_CTX_free(ctx);
	(void)ERR_pop_to_mark();
	return e;
}

ca_err
ca_privkey_new_curve(struct ca_rd params, struct ca_privkey **out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	const struct ca_curve *c = ca_curve_find(params);
	EVP_PKEY_CTX *ctx;
	ca_err e = CA_E_BUG;
	bool is_short;

	if (lib == NULL)
		return CA_E_BUG;
	if (c == NULL)
		return CA_E_UNSUPPORTED;
	is_short = c->kind == CA_CURVE_SHORT;
	(void)ERR_set_mark();
	ctx = EVP_PKEY_CTX_new_from_name(lib, is_short ? "EC" : c->name, NULL);
	if (ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1 &&
	    (!is_short || EVP_PKEY_CTX_set_group_name(ctx, c->name) == 1))
		e = generate(ctx, c, out);
	EVP_PKEY_CTX_free(ctx);
	(void)ERR_pop_to_mark();
	return e;
}

void
ca_privkey_free(struct ca_privkey **k)
{
	if (*k == NULL)
		return;
	if (ca_crypto_alive())
		EVP_PKEY_free((*k)->key);
	free(*k);
	*k = NULL;
}

size_t
ca_privkey_bits(const struct ca_privkey *k)
{
	return k->bits;
}

const struct ca_curve *
ca_privkey_of_curve(const struct ca_privkey *k)
{
	return k->curve;
}
