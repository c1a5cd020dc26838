/*
 * Private keys in our memory: those that an application made for the session.
 * OpenSSL does the arithmetic, with its blinding on. A key is secret as a
 * whole; freeing it wipes it. Not for two threads at once.
 *
 * Any function may answer CA_E_NOMEM and CA_E_BUG.
 */
#ifndef CA_CRYPTO_PRIVKEY_H
#define CA_CRYPTO_PRIVKEY_H

#include <stddef.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

struct ca_curve;
struct ca_privkey;

/* RFC 8017, 3.2: big-endian, without leading zeros; empty: not known. */
struct ca_rsa_numbers {
	struct ca_rd n, e, d;
	struct ca_rd p, q, dp, dq, qi;
};

/*
 * Whether the numbers belong together: n odd, d and e between 1 and n, what is
 * raised to d and then to e is itself again, and each of the others as RFC
 * 8017, 3.2 has it. The primes are not proven. Where e is not known, the usual
 * ones are tried, and what fits is written to `e` (which else gets the e that
 * was given). CA_E_DATA: one cannot be such a number. CA_E_REFUSED: they
 * do not belong together. CA_E_NOT_FOUND: e is not known, and none of the usual
 * ones.
 */
CA_MUST_CHECK ca_err ca_rsa_numbers_check(const struct ca_rsa_numbers *r,
    struct ca_wr *e);

/* A key from numbers that were checked. n, e and d are needed; the others are
 * used when all of them are there. */
CA_MUST_CHECK ca_err ca_privkey_rsa(const struct ca_rsa_numbers *r,
    struct ca_privkey **out);

/*
 * A key on a curve, by DER ECParameters. `value` is the big-endian number, not
 * longer than the order; of Edwards and Montgomery curves the bytes of RFC 8032
 * and RFC 7748. CA_E_UNSUPPORTED: the curve is not known. CA_E_DATA: not
 * between 1 and the order - 1, or not of the right length.
 */
CA_MUST_CHECK ca_err ca_privkey_curve(struct ca_rd params, struct ca_rd value,
    struct ca_privkey **out);

/* New ones. The exponent is odd and above 1, or CA_E_DATA. */
CA_MUST_CHECK ca_err ca_privkey_new_rsa(size_t bits, struct ca_rd exponent,
    struct ca_privkey **out);
CA_MUST_CHECK ca_err ca_privkey_new_curve(struct ca_rd params,
    struct ca_privkey **out);

/* Wipes, frees and sets to NULL. Safe on NULL. */
void ca_privkey_free(struct ca_privkey **k);

/* Bits of the modulus or of the order (pcsc/ossl/curve.h); the curve, or NULL
 * for RSA. */
size_t ca_privkey_bits(const struct ca_privkey *k);
const struct ca_curve *ca_privkey_of_curve(const struct ca_privkey *k);

/* The parts of a key, as they are given above; of a curve key the value, as
 * long as the order, and the public point. */
enum ca_priv_part {
	CA_PRIV_N,
	CA_PRIV_E,
	CA_PRIV_D,
	CA_PRIV_P,
	CA_PRIV_Q,
	CA_PRIV_DP,
	CA_PRIV_DQ,
	CA_PRIV_QI,
	CA_PRIV_VALUE,
	CA_PRIV_POINT,
};
CA_MUST_CHECK ca_err ca_privkey_part(const struct ca_privkey *k,
    enum ca_priv_part part, struct ca_wr *out);

/* RSA: the block to the d, as long as the modulus. CA_E_DATA_LEN, CA_E_DATA:
 * the block is not as long, or not below it as a number. */
CA_MUST_CHECK ca_err ca_privkey_power(const struct ca_privkey *k,
    struct ca_rd block, struct ca_wr *out);

/* ECDSA over a hash value; r||s, each as long as the order. */
CA_MUST_CHECK ca_err ca_privkey_ecdsa(const struct ca_privkey *k,
    struct ca_rd value, struct ca_wr *out);

/* Ed25519 or Ed448 (with an empty context) over the data. */
CA_MUST_CHECK ca_err ca_privkey_eddsa(const struct ca_privkey *k,
    struct ca_rd data, struct ca_wr *out);

/* The shared secret with somebody's point, of the form ca_point_open() gives:
 * the X coordinate, or what RFC 7748, 6 has. The curves' cofactor is 1 where
 * there is an X. CA_E_DATA: that would be zero (RFC 7748, 6.1). */
CA_MUST_CHECK ca_err ca_privkey_agree(const struct ca_privkey *k,
    struct ca_rd point, struct ca_wr *out);

#endif
