/*
 * Mechanisms: one row each. What the host does with keys in our memory is there
 * on every token; what a private key on the card may do beside that is narrowed
 * by what the keys of the token can.
 */
#ifndef CA_CORE_MECH_H
#define CA_CORE_MECH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "module/crypto/hash.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/card/model.h"

struct ca_slot;

/* What is done. */
enum ca_scheme {
	CA_SCHEME_DIGEST,
	CA_SCHEME_PKCS1, /* RSASSA and RSAES-PKCS1-v1_5 */
	CA_SCHEME_RAW,   /* CKM_RSA_X_509 */
	CA_SCHEME_PSS,
	CA_SCHEME_OAEP,
	CA_SCHEME_ECDSA,
	CA_SCHEME_EDDSA,
	CA_SCHEME_ECDH,
	CA_SCHEME_MAC,     /* detail: enum ca_mech_mac */
	CA_SCHEME_CIPHER,  /* detail: enum ca_cipher */
	CA_SCHEME_KEYWRAP, /* detail: enum ca_keywrap */
	CA_SCHEME_MAKE,    /* detail: CKK_ of the key or pair that is made */
	CA_SCHEME_KDF,     /* detail: enum ca_mech_kdf */
	CA_SCHEME_COUNT
};

/* Which keys it takes or makes: their sizes, and whose they may be. */
enum ca_mech_keys {
	CA_KEYS_NONE,
	CA_KEYS_RSA,
	CA_KEYS_EC,
	CA_KEYS_EDWARDS,
	CA_KEYS_MONTGOMERY,
	CA_KEYS_AES, /* from here on secret ones, of the session */
	CA_KEYS_SECRET,
	CA_KEYS_DES3,
	CA_KEYS_COUNT
};

/* Of CA_SCHEME_MAC: HMAC, or without a hash AES-CMAC. */
enum ca_mech_mac {
	CA_MAC_WHOLE,   /* all of it */
	CA_MAC_GENERAL, /* the caller says how long it is */
	CA_MAC_GMAC,    /* AES-GMAC: likewise, with an IV */
};

/* Keys from secret keys: op_kdf.h. */
enum ca_mech_kdf {
	CA_KDF_BASE_AND_KEY,
	CA_KDF_BASE_AND_DATA,
	CA_KDF_DATA_AND_BASE,
	CA_KDF_XOR,
	CA_KDF_EXTRACT,
	CA_KDF_HASH,
	CA_KDF_ECB, /* AES over data */
	CA_KDF_CBC,
	CA_KDF_HKDF,
	CA_KDF_HKDF_DATA, /* makes a data object */
	CA_KDF_COUNTER,   /* SP 800-108 */
	CA_KDF_FEEDBACK,
	CA_KDF_PBKD2, /* from a password: C_GenerateKey */
};

struct ca_mech {
	CK_MECHANISM_TYPE type;
	enum ca_scheme scheme;
	unsigned detail; /* by scheme */
	enum ca_mech_keys keys;
	enum ca_hash hash; /* the mechanism hashes; NONE: the caller did */
	CK_FLAGS host;     /* what the host does, with keys in our memory */
	CK_FLAGS card;     /* what a private key on the card may do, too */
};

/* All of them. */
extern const struct ca_mech ca_mech_rows[];
extern const size_t ca_mech_rows_n;

/* What crosses the card's edge when it signs. */
enum ca_form {
	CA_FORM_VALUE,      /* the hash value or the data as they are */
	CA_FORM_DIGESTINFO, /* host makes the DigestInfo, card pads */
	CA_FORM_BLOCK,      /* host makes the whole block */
	CA_FORM_DATA,       /* the data themselves: the card hashes, too */
	CA_FORM_COUNT
};

/* How a card is had to sign: an algorithm, and what it is given. */
struct ca_recipe {
	enum ca_alg alg;
	enum ca_form form;
};

/*
 * mech_recipe.c. The nth recipe for a mechanism, best first; false when there
 * are no more. `hash` is that of the value to be signed (for CKM_RSA_PKCS: that
 * of the DigestInfo the caller brought, or NONE).
 */
CA_MUST_CHECK bool ca_mech_recipe(const struct ca_mech *m, enum ca_hash hash,
    size_t n, struct ca_recipe *out);

/* CA_ALG_BIT()s any of which makes the mechanism sign, or decrypt. */
uint32_t ca_mech_sign_algs(const struct ca_mech *m);
uint32_t ca_mech_decrypt_algs(const struct ca_mech *m);

/* The card's own OAEP with these parameters; false when no card has it: it
 * knows no label and one hash for everything. */
CA_MUST_CHECK bool ca_mech_oaep(const struct ca_oaep *oaep, enum ca_alg *out);

/* Whether a key with these algorithms signs, or decrypts, at all. */
bool ca_mech_signs(uint32_t algs);
bool ca_mech_decrypts(uint32_t algs);

/* Whether it is done with secret keys of the session, all on the host. */
bool ca_mech_is_secret(const struct ca_mech *m);

/* Whether it is done with keys of this CKK_ type: for all but those with secret
 * keys. */
bool ca_mech_takes(const struct ca_mech *m, CK_KEY_TYPE type);

/* The row if it is there with this CKF_ flag: on the host, on the token in the
 * slot, or it may turn out there (ca_token_prove()); else NULL. */
const struct ca_mech *ca_mech_find(const struct ca_slot *s,
    CK_MECHANISM_TYPE type, CK_FLAGS flag);

/* Whether the token has it with this flag for sure, as C_GetMechanismInfo
 * tells it. */
bool ca_mech_offered(const struct ca_slot *s, const struct ca_mech *m,
    CK_FLAGS flag);

/* mech_follow.c: `flags`, which the mechanism has, and those that follow from
 * them. */
CK_FLAGS ca_mech_follow(const struct ca_mech *m, CK_FLAGS flags);

/* CA_GEN_BIT()s of the key pairs that the token itself makes by a mechanism. */
uint32_t ca_mech_generates(const struct ca_slot *s, const struct ca_mech *m);

/* The hash function behind CKM_SHA_1 and its kin; NONE for others. */
enum ca_hash ca_mech_hash(CK_MECHANISM_TYPE type);

/* mech_param.c: reads the parameters into the operation, whose mech is set.
 * CKR_MECHANISM_PARAM_INVALID or CKR_HOST_MEMORY. */
CA_MUST_CHECK CK_RV ca_mech_params(struct ca_op *op, const CK_MECHANISM *given);

/* C_GetMechanismList and C_GetMechanismInfo; the slot lock is held and the
 * token open. The latter may ask the card for a proof. */
CK_RV ca_mech_list(const struct ca_slot *s, CK_MECHANISM_TYPE *out,
    CK_ULONG *n);
CK_RV ca_mech_info(struct ca_slot *s, CK_MECHANISM_TYPE type,
    CK_MECHANISM_INFO *out);

#endif
