/* Secrets that are sent to a public key, for the cases about
 * C_EncapsulateKey and C_DecapsulateKey of 3.2. */
#ifndef CF_KEM_H
#define CF_KEM_H

#include "tests/conformance/cf.h"
#include "tests/conformance/pair.h"

#define CF_KEM_SENT 512
#define CF_KEM_UNTOUCHED 0xC5 /* what r->sent is full of before */

/* What is sent how to whom, and what it becomes. */
struct cf_kem {
	CK_MECHANISM_TYPE mechanism;
	const struct cf_pair *pair;
	CK_ULONG kdf; /* 0: it is not ECDH */
	CK_KEY_TYPE type;
	CK_ULONG told; /* CKA_VALUE_LEN of the template; 0: not in it */
	CK_ULONG want; /* bytes of the key */
	CK_ULONG sent; /* bytes of the ciphertext */
};

/* One exchange, with all that a row may bend. */
struct cf_kem_round {
	CK_OBJECT_HANDLE pub, prv, key, back;
	CK_ECDH1_DERIVE_PARAMS ecdh;
	CK_MECHANISM m;
	CK_OBJECT_CLASS cls;
	CK_KEY_TYPE type;
	CK_ULONG told;
	CK_ATTRIBUTE t[8];
	CK_ULONG n;
	CK_BYTE sent[CF_KEM_SENT];
	CK_ULONG sent_n;
};

/* Data that both sides know. */
extern CK_BYTE cf_kem_shared[10];

/* Mechanism and template; no keys yet. */
void cf_kem_fill(struct cf_kem_round *r, const struct cf_kem *k);
/* One attribute more. */
void cf_kem_add(struct cf_kem_round *r, CK_ATTRIBUTE_TYPE type, void *value,
    CK_ULONG n);

/* And a new pair; to, from: CKA_ENCAPSULATE and CKA_DECAPSULATE of it. */
CK_RV cf_kem_begin(struct cf *c, struct cf_kem_round *r, const struct cf_kem *k,
    bool to, bool from);

/* The two calls: r->pub, r->prv into r->key, r->back. */
CK_RV cf_kem_send(struct cf *c, struct cf_kem_round *r);
CK_RV cf_kem_receive(struct cf *c, struct cf_kem_round *r);

/* CKR_OK when r->key and r->back are two keys of one value, so many bytes;
 * CF_WRONG with a note. */
CK_RV cf_kem_same(struct cf *c, const struct cf_kem_round *r, size_t want);

/* How many secret keys there are. */
CK_ULONG cf_kem_keys(struct cf *c);

#endif
