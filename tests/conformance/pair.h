/* Key pairs that C_GenerateKeyPair makes for a case. */
#ifndef CF_PAIR_H
#define CF_PAIR_H

#include "tests/conformance/cf.h"

/* 3.0, current mechanisms 2.3 */
#define CF_CKM_EC_EDWARDS_KEY_PAIR_GEN 0x1055UL
#define CF_CKM_EC_MONTGOMERY_KEY_PAIR_GEN 0x1056UL
#define CF_CKM_EDDSA 0x1057UL
#define CF_CKK_EC_EDWARDS 0x40UL
#define CF_CKK_EC_MONTGOMERY 0x41UL

#define CF_PAIR_ADD 6

/* A pair: how it is made, and what the templates have beside what every pair of
 * its kind has (CKA_TOKEN and CKA_PRIVATE false; the size or the curve). An
 * attribute that is there already is replaced. */
struct cf_pair {
	CK_MECHANISM_TYPE mechanism;
	const uint8_t *curve; /* DER; NULL: RSA of 2048 bits */
	size_t curve_n;
	CK_ATTRIBUTE pub[CF_PAIR_ADD], prv[CF_PAIR_ADD];
	CK_ULONG pub_n, prv_n;
};

/* The named ones, in the clear. */
extern const struct cf_pair cf_pair_rsa, cf_pair_p224, cf_pair_p256,
    cf_pair_p384, cf_pair_p521, cf_pair_k256, cf_pair_ed25519,
    cf_pair_ed25519_name, cf_pair_ed448, cf_pair_x25519, cf_pair_x25519_name,
    cf_pair_x448;

/* C_GenerateKeyPair in c->s. CF_SKIP where the mechanism is not listed. */
CK_RV cf_pair_make(struct cf *c, const struct cf_pair *p, CK_OBJECT_HANDLE *pub,
    CK_OBJECT_HANDLE *prv);

#endif
