/* Whether the numbers of an RSA key belong together; see privkey.h. */
#include <openssl/bn.h>
#include <openssl/err.h>

#include "module/crypto/privkey.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/spki.h"

/* One check: its numbers live in a context that wipes them. */
struct sums {
	BN_CTX *ctx;
	BIGNUM *n, *e, *d, *p, *q, *a, *b, *c;
	bool failed; /* OpenSSL could not */
};

static BIGNUM *
load(struct sums *s, struct ca_rd number)
{
	BIGNUM *b = BN_CTX_get(s->ctx);

	if (b == NULL || number.n > CA_RSA_BYTES_MAX ||
	    BN_bin2bn(number.p, (int)number.n, b) == NULL) {
		s->failed = true;
		return NULL;
	}
	BN_set_flags(b, BN_FLG_CONSTTIME);
	return b;
}

static bool
above_one_below(const BIGNUM *v, const BIGNUM *limit)
{
	return !BN_is_zero(v) && !BN_is_one(v) && BN_cmp(v, limit) < 0;
}

/* p * q = n; one alone divides n. */
static bool
check_primes(struct sums *s, const struct ca_rsa_numbers *r)
{
	const BIGNUM *one = r->p.n != 0 ? s->p : s->q;

	if (r->p.n == 0 && r->q.n == 0)
		return true;
	if (r->p.n != 0 && r->q.n != 0)
		return BN_mul(s->a, s->p, s->q, s->ctx) == 1 &&
		       BN_cmp(s->a, s->n) == 0;
	return BN_mod(s->a, s->n, one, s->ctx) == 1 && BN_is_zero(s->a);
}

/* `given` is d modulo prime - 1, if both are there (RFC 8017, 3.2). */
static bool
check_exponent(struct sums *s, const BIGNUM *prime, struct ca_rd p,
    struct ca_rd given)
{
	const BIGNUM *want;

	if (p.n == 0 || given.n == 0)
		return true;
	want = load(s, given);
	return want != NULL && BN_copy(s->a, prime) != NULL &&
	       BN_sub_word(s->a, 1) == 1 &&
	       BN_mod(s->b, s->d, s->a, s->ctx) == 1 && BN_cmp(s->b, want) == 0;
}

/* qi * q = 1 modulo p. */
static bool
check_coefficient(struct sums *s, const struct ca_rsa_numbers *r)
{
	const BIGNUM *qi;

	if (r->p.n == 0 || r->q.n == 0 || r->qi.n == 0)
		return true;
	qi = load(s, r->qi);
	return qi != NULL && BN_cmp(qi, s->p) < 0 &&
	       BN_mod_mul(s->a, qi, s->q, s->p, s->ctx) == 1 && BN_is_one(s->a);
}

/* Whether s->c, which is 2 to the d, gives 2 again with this e. */
static bool
undoes(struct sums *s, const BIGNUM *e)
{
	return BN_mod_exp(s->a, s->c, e, s->n, s->ctx) == 1 &&
	       BN_is_word(s->a, 2);
}

/* The e that fits, into s->e. */
static bool
try_usual(struct sums *s)
{
	static const BN_ULONG usual[] = {65537, 3, 17, 5, 257};

	for (size_t i = 0; i < CA_COUNT(usual); i++)
		if (BN_set_word(s->e, usual[i]) == 1 &&
		    BN_cmp(s->e, s->n) < 0 && undoes(s, s->e))
			return true;
	return false;
}

static ca_err
check_power(struct sums *s, bool known)
{
	if (BN_set_word(s->b, 2) != 1 ||
	    BN_mod_exp(s->c, s->b, s->d, s->n, s->ctx) != 1)
		return CA_E_BUG;
	if (!known)
		return try_usual(s) ? CA_OK : CA_E_NOT_FOUND;
	return undoes(s, s->e) ? CA_OK : CA_E_REFUSED;
}

/* Each number by itself. */
static bool
in_range(const struct sums *s, const struct ca_rsa_numbers *r)
{
	return BN_is_odd(s->n) && above_one_below(s->d, s->n) &&
	       (r->e.n == 0 ||
		   (BN_is_odd(s->e) && above_one_below(s->e, s->n))) &&
	       (r->p.n == 0 || above_one_below(s->p, s->n)) &&
	       (r->q.n == 0 || above_one_below(s->q, s->n));
}

static bool
start(struct sums *s, const struct ca_rsa_numbers *r)
{
	s->n = load(s, r->n);
	s->e = load(s, r->e);
	s->d = load(s, r->d);
	s->p = load(s, r->p);
	s->q = load(s, r->q);
	s->a = BN_CTX_get(s->ctx);
	s->b = BN_CTX_get(s->ctx);
	s->c = BN_CTX_get(s->ctx);
	return !s->failed && s->c != NULL;
}

static ca_err
check(struct sums *s, const struct ca_rsa_numbers *r)
{
	if (!start(s, r) || !in_range(s, r))
		return CA_E_DATA;
	if (!check_primes(s, r) || !check_exponent(s, s->p, r->p, r->dp) ||
	    !check_exponent(s, s->q, r->q, r->dq) || !check_coefficient(s, r))
		return CA_E_REFUSED;
	return check_power(s, r->e.n != 0);
}

static ca_err
put(const BIGNUM *v, struct ca_wr *out)
{
	uint8_t b[CA_RSA_BYTES_MAX];

	ca_wr_mem(out, b, (size_t)BN_bn2bin(v, b));
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

ca_err
ca_rsa_numbers_check(const struct ca_rsa_numbers *r, struct ca_wr *e_out)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	struct sums s = {0};
	ca_err e;

	if (lib == NULL)
		return CA_E_BUG;
	(void)ERR_set_mark();
	s.ctx = BN_CTX_secure_new_ex(lib);
	if (s.ctx == NULL) {
		(void)ERR_pop_to_mark();
		return CA_E_NOMEM;
	}
	BN_CTX_start(s.ctx);
	e = check(&s, r);
	if (e == CA_OK)
		e = put(s.e, e_out);
	BN_CTX_end(s.ctx);
	BN_CTX_free(s.ctx);
	(void)ERR_pop_to_mark();
	return e;
}
