/*
 * What is on a token, as plain structures: no APDU, no CK_ type. A driver
 * fills one in with describe(); the layers above only read it.
 *
 * Ownership: a model owns all it holds; ca_model_wipe() releases it. Arrays
 * have fixed maxima, because a card must not decide how much memory we take.
 * Field names follow ISO/IEC 7816-15 (PKCS#15 v1.1).
 */
#ifndef CA_CARD_MODEL_H
#define CA_CARD_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/rd.h"

#define CA_ID_MAX 64     /* bytes of an object identifier (CKA_ID) */
#define CA_LABEL_MAX 256 /* bytes of UTF-8, with the NUL */
#define CA_PATH_MAX 16   /* bytes of a file path */
#define CA_PINS_MAX 8
#define CA_KEYS_MAX 32
#define CA_CERTS_MAX 64
#define CA_DATA_MAX 32

struct ca_id {
	uint8_t b[CA_ID_MAX];
	size_t n;
};

/* Where something lies on the card: a file, or part of it (Path of 7816-15). */
struct ca_ref {
	uint8_t path[CA_PATH_MAX]; /* FIDs; 2 bytes = FID in the application */
	size_t path_n;
	bool ranged;   /* index and length are given */
	size_t index;  /* first byte */
	size_t length; /* bytes */
};

enum ca_pin_role {
	CA_PIN_USER, /* CKU_USER */
	CA_PIN_SO,   /* CKU_SO, or the PUK that unblocks */
	CA_PIN_KEY,  /* protects some keys only */
};

enum ca_pin_type { /* pinType of 7816-15 */
	CA_PIN_BCD = 0,
	CA_PIN_ASCII = 1,
	CA_PIN_UTF8 = 2,
	CA_PIN_HALF_NIBBLE_BCD = 3,
	CA_PIN_ISO9564_1 = 4,
};

/* pinFlags of 7816-15, bit n of the standard as 1 << n. */
enum {
	CA_PINF_CASE_SENSITIVE = 1 << 0,
	CA_PINF_LOCAL = 1 << 1,
	CA_PINF_CHANGE_DISABLED = 1 << 2,
	CA_PINF_UNBLOCK_DISABLED = 1 << 3,
	CA_PINF_INITIALIZED = 1 << 4,
	CA_PINF_NEEDS_PADDING = 1 << 5,
	CA_PINF_UNBLOCKING = 1 << 6,
	CA_PINF_SO = 1 << 7,
};

struct ca_pin {
	struct ca_id auth_id;
	char label[CA_LABEL_MAX];
	enum ca_pin_role role;
	enum ca_pin_type type;
	uint32_t flags;     /* CA_PINF_* */
	uint8_t reference;  /* P2 of VERIFY */
	bool has_reference; /* false: the card names none, 00 is a guess */
	size_t min, max;    /* characters the card takes; max 0 = unknown */
	size_t stored;      /* bytes after padding; 0 = unknown */
	uint8_t pad_char;
	bool has_pad_char;
	unsigned tries_max; /* 0 = unknown */
	struct ca_ref path; /* the DF it is local to */
	/* It counts in a directory where nothing else is: to read a file of the
	 * token is to lose it. */
	bool dies_outside;
};

/* What is done with a PIN. */
enum ca_order {
	CA_ORDER_VERIFY,
	CA_ORDER_CHANGE,  /* by the old value */
	CA_ORDER_UNBLOCK, /* by the PUK */
	CA_ORDER_COUNT
};

/* The state of a PIN as the card tells it now, at the cost of no try. */
struct ca_pin_state {
	bool verified;
	bool blocked;
	int tries_left; /* -1: the card does not tell */
};

enum ca_key_type {
	CA_KEY_RSA,
	CA_KEY_EC,
};

/* usage of 7816-15, bit n of the standard as 1 << n. */
enum {
	CA_USE_ENCRYPT = 1 << 0,
	CA_USE_DECRYPT = 1 << 1,
	CA_USE_SIGN = 1 << 2,
	CA_USE_SIGN_RECOVER = 1 << 3,
	CA_USE_WRAP = 1 << 4,
	CA_USE_UNWRAP = 1 << 5,
	CA_USE_VERIFY = 1 << 6,
	CA_USE_VERIFY_RECOVER = 1 << 7,
	CA_USE_DERIVE = 1 << 8,
	CA_USE_NON_REPUDIATION = 1 << 9,
};

/* accessFlags of 7816-15. */
enum {
	CA_ACC_SENSITIVE = 1 << 0,
	CA_ACC_EXTRACTABLE = 1 << 1,
	CA_ACC_ALWAYS_SENSITIVE = 1 << 2,
	CA_ACC_NEVER_EXTRACTABLE = 1 << 3,
	CA_ACC_LOCAL = 1 << 4,
};

/*
 * What the card can be asked to do with a private key. The host does the rest:
 * it pads for CA_ALG_RSA_RAW, makes the DigestInfo for CA_ALG_RSA_PKCS1, and so
 * on. In and out are what crosses the card's edge:
 */
/* clang-format off */
enum ca_alg {
	CA_ALG_RSA_RAW,         /* k bytes in, k bytes out, no padding on card */
	CA_ALG_RSA_PKCS1,       /* in: DigestInfo or any <= k-11; card pads type 1 */
	CA_ALG_RSA_PKCS1_SHA1,  /* in: the hash; card makes DigestInfo and pads */
	CA_ALG_RSA_PKCS1_SHA224,
	CA_ALG_RSA_PKCS1_SHA256,
	CA_ALG_RSA_PKCS1_SHA384,
	CA_ALG_RSA_PKCS1_SHA512,
	CA_ALG_RSA_PSS_SHA1,    /* in: the hash; MGF1 same hash, salt = hash length */
	CA_ALG_RSA_PSS_SHA224,
	CA_ALG_RSA_PSS_SHA256,
	CA_ALG_RSA_PSS_SHA384,
	CA_ALG_RSA_PSS_SHA512,
	/* in: hash, no more bytes than the order, whose leftmost bits count
	 * (FIPS 186-4, 6.4); out: r||s, equal halves */
	CA_ALG_ECDSA,
	/* in: the data, at most CA_SIGN_DATA_MAX; the card hashes, too */
	CA_ALG_ECDSA_DATA_SHA1,
	CA_ALG_ECDSA_DATA_SHA224,
	CA_ALG_ECDSA_DATA_SHA256,
	CA_ALG_ECDSA_DATA_SHA384,
	CA_ALG_ECDSA_DATA_SHA512,
	CA_ALG_RSA_PKCS1_DATA_SHA1,
	CA_ALG_RSA_PKCS1_DATA_SHA224,
	CA_ALG_RSA_PKCS1_DATA_SHA256,
	CA_ALG_RSA_PKCS1_DATA_SHA384,
	CA_ALG_RSA_PKCS1_DATA_SHA512,
	CA_ALG_RSA_DEC_RAW,     /* cryptogram in, k bytes out */
	CA_ALG_RSA_DEC_PKCS1,   /* out: the plaintext, type 2 padding removed */
	CA_ALG_RSA_DEC_OAEP_SHA1, /* out: the plaintext; MGF1 same hash, no label */
	CA_ALG_RSA_DEC_OAEP_SHA256,
	CA_ALG_RSA_DEC_OAEP_SHA384,
	CA_ALG_RSA_DEC_OAEP_SHA512,
	CA_ALG_ECDH,            /* in: 04||X||Y; out: X coordinate */
	CA_ALG_COUNT
};
/* clang-format on */
#define CA_ALG_BIT(alg) ((uint32_t)1 << (unsigned)(alg))
#define CA_SIGN_DATA_MAX 4096 /* bytes that a card is given to hash */

/* Whether it takes the data and hashes them; whether it is ECDSA. */
bool ca_alg_hashes(enum ca_alg alg);
bool ca_alg_is_ecdsa(enum ca_alg alg);

struct ca_key {
	struct ca_id id;
	struct ca_id auth_id; /* n 0: no PIN named */
	char label[CA_LABEL_MAX];
	enum ca_key_type type;
	size_t bits; /* modulus or field bits; 0 = unknown as yet */
	uint32_t usage;
	uint32_t access;
	bool has_access;
	bool is_private;   /* commonObjectFlags: needs login to be seen */
	unsigned consent;  /* userConsent; >= 1: a PIN before each use */
	uint8_t reference; /* key reference for MSE */
	bool has_reference;
	struct ca_ref path;
	uint32_t algs; /* CA_ALG_BIT() of what the card can do with it */
	/* ... and of what it may be able to do, but has not shown yet: see
	 * ca_token_prove(). Never in both. */
	uint32_t unproven;
	/* Public half, DER SubjectPublicKeyInfo, empty as long as unknown. It
	 * comes from a PuKDF entry or from the certificate with the same id. */
	struct ca_buf spki;
	struct ca_buf subject; /* DER Name or empty */
};

/* Kinds of key pair that a card may make. */
enum ca_gen {
	CA_GEN_RSA_1024,
	CA_GEN_RSA_2048,
	CA_GEN_RSA_3072,
	CA_GEN_RSA_4096,
	CA_GEN_P256,
	CA_GEN_P384,
	CA_GEN_P521,
	CA_GEN_COUNT
};
#define CA_GEN_BIT(g) ((uint32_t)1 << (unsigned)(g))

/* Bits of the modulus, or of the curve's field; whether it is a curve's. */
size_t ca_gen_bits(enum ca_gen g);
bool ca_gen_is_ec(enum ca_gen g);

/* A key pair to be made, and what the directories shall say of it. */
struct ca_keygen {
	enum ca_gen kind;
	/* EC: the curve's numbers as 7816-8 has them, tags 81 to 85 and 87;
	 * and its name, a DER OBJECT IDENTIFIER */
	struct ca_rd domain, curve;
	struct ca_id id;
	char label[CA_LABEL_MAX], public_label[CA_LABEL_MAX];
	uint32_t usage, public_usage; /* CA_USE_*, of the two halves */
	bool used[256]; /* references of keys that are known, wherever from */
};

struct ca_pub {
	struct ca_id id;
	char label[CA_LABEL_MAX];
	enum ca_key_type type;
	size_t bits;
	uint32_t usage;
	struct ca_ref path;
	struct ca_buf spki; /* DER SubjectPublicKeyInfo; empty until read */
};

enum ca_cert_state {
	CA_CERT_UNREAD, /* on the card, not read yet */
	CA_CERT_READ,   /* der holds a certificate that parses */
	CA_CERT_BAD,    /* what lies there is no certificate (or unreadable) */
};

struct ca_cert {
	struct ca_id id;
	char label[CA_LABEL_MAX];
	bool authority; /* a CA certificate */
	bool is_private;
	bool local; /* from the host's certificate store, not from the card */
	struct ca_ref path;
	enum ca_cert_state state;
	struct ca_buf der;
};

struct ca_data {
	char label[CA_LABEL_MAX];
	char application[CA_LABEL_MAX];
	struct ca_buf oid; /* DER OBJECT IDENTIFIER or empty */
	bool is_private;
	struct ca_ref path;
	bool read;
	struct ca_buf value;
};

/* tokenflags of 7816-15. */
enum {
	CA_TOKF_READONLY = 1 << 0,
	CA_TOKF_LOGIN_REQUIRED = 1 << 1,
	CA_TOKF_PRN_GENERATION = 1 << 2,
	CA_TOKF_EID_COMPLIANT = 1 << 3,
};

/* An entry of TokenInfo.supportedAlgorithms (7816-15 AlgorithmInfo). */
struct ca_supported {
	uint32_t mechanism;  /* a CKM_ value */
	uint32_t operations; /* CA_OP_* */
	uint8_t alg_ref;     /* what MSE wants in tag 80 */
	bool has_alg_ref;
};

#define CA_SUPPORTED_MAX 16

struct ca_supported_list {
	struct ca_supported a[CA_SUPPORTED_MAX];
	size_t n;
};

#define CA_OP_COMPUTE_SIGNATURE (1u << 1)
#define CA_OP_DECIPHER (1u << 5)
#define CA_OP_GENERATE_KEY (1u << 7)

struct ca_model {
	char label[CA_LABEL_MAX];
	char manufacturer[CA_LABEL_MAX];
	char model[CA_LABEL_MAX];
	char serial[2 * CA_ID_MAX + 1]; /* as text: printed form or hex */
	uint32_t token_flags;           /* CA_TOKF_* */
	uint32_t generates; /* CA_GEN_BIT()s of the key pairs that it makes */
	bool can_random; /* the card answers GET CHALLENGE with random bytes */
	/* Some directory could not be read before login: describe again then.
	 */
	bool hidden_before_login;

	struct ca_supported_list supported;
	/* TokenInfo.seInfo: the WIM's RSA environment, else the first named. */
	uint8_t se;
	bool has_se, se_is_wim;
	struct ca_pin pins[CA_PINS_MAX];
	size_t pins_n;
	struct ca_key keys[CA_KEYS_MAX];
	size_t keys_n;
	struct ca_pub pubs[CA_KEYS_MAX];
	size_t pubs_n;
	/* The PuKDF is read only when somebody asks for public keys. */
	bool pubs_read;
	struct ca_cert certs[CA_CERTS_MAX];
	size_t certs_n;
	struct ca_data data[CA_DATA_MAX];
	size_t data_n;
	bool data_read;
};

/* The PIN a PKCS#11 user type stands for, or NULL: the first PIN with that
 * role. Borrowed from the model. */
const struct ca_pin *ca_model_pin(const struct ca_model *m,
    enum ca_pin_role role);

/* The PIN that protects a key: the one its authId names, else the user PIN. */
const struct ca_pin *ca_model_key_pin(const struct ca_model *m,
    const struct ca_key *key);

/* True when both identifiers have the same bytes; empty ones never match. */
bool ca_id_equal(const struct ca_id *a, const struct ca_id *b);

/* Releases everything in *m, wipes and zeroes it. Safe on a zeroed one. */
void ca_model_wipe(struct ca_model *m);

#endif
