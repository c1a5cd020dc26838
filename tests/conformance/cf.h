/*
 * The conformance suite: any PKCS#11 module, loaded with dlopen, against the
 * standard. A case is a row: a name, the clause it comes from, the state it
 * starts in, a small function that makes the call with what the row passes,
 * and the return values the standard allows.
 *
 * Clauses: "2.40 x" is PKCS #11 Base Specification 2.40 plus errata 01, "3.0 x"
 * the same of 3.0, "3.2 x" the PKCS #11 Specification 3.2, "mech x" Current
 * Mechanisms 2.40, "prof x" Profiles 3.0.
 *
 * Each case goes from C_Initialize to C_Finalize, so none depends on another.
 * Cases run in turn in a worker process; when it dies, the case it was at fails
 * and a new worker goes on with the next.
 */
#ifndef CF_H
#define CF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <openssl/evp.h>

#include "tests/conformance/p11.h"

#define CF_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Answers that are no CK_RV of the module: in the vendor range, with names, so
 * that an expectation can list them. */
#define CF_PSEUDO (CKR_VENDOR_DEFINED | 0x0CF00000UL)
#define CF_WRONG (CF_PSEUDO + 1) /* right code, wrong content; see the note */
#define CF_CRASH (CF_PSEUDO + 2) /* the worker died */
#define CF_HANG (CF_PSEUDO + 3)  /* the case did not end in time */
#define CF_SETUP (CF_PSEUDO + 4) /* the case could not begin; see the note */
#define CF_SKIP (CF_PSEUDO + 5)  /* not applicable; see the note */
#define CF_ANY (CF_PSEUDO + 6)   /* in an expectation: any answer */
#define CF_END (~0UL)            /* ends a list of return values */

/* What has happened before the case's own calls. Each includes the former. */
enum cf_state {
	CF_RAW,  /* loaded, nothing called */
	CF_INIT, /* C_Initialize with CKF_OS_LOCKING_OK */
	CF_SLOT, /* a slot with a token is chosen */
	CF_RO,   /* a read-only session c->s */
	CF_RW,   /* a read/write session instead, where the token allows it */
	CF_USER, /* read-only, and C_Login as the user */
	CF_KEY,  /* and c->key holds a private key that signs */
};

/* What a case needs beyond its state; without it the case is skipped. */
enum {
	CF_NEED_3 = 1 << 0,           /* a 3.0 interface */
	CF_NEED_DESTRUCTIVE = 1 << 1, /* --destructive: it costs a PIN try */
	CF_NEED_SO = 1 << 2,          /* --so-pin */
	CF_NEED_CERT = 1 << 3,        /* a certificate with the key's CKA_ID */
	CF_NEED_PUB = 1 << 4,         /* a public key with the key's CKA_ID */
	CF_NEED_RSA = 1 << 5,         /* the key is an RSA key */
	CF_NEED_EC = 1 << 6,          /* the key is an EC key */
	CF_NEED_CONSENT = 1 << 8,     /* the key has CKA_ALWAYS_AUTHENTICATE */
	CF_NEED_NO_TOKEN = 1 << 7, /* a slot without a token; c->slot is it */
	CF_NEED_32 = 1 << 9,       /* a 3.2 interface */
};

#define CF_ID_MAX 128

struct cf_key {
	CK_OBJECT_HANDLE priv, pub, cert; /* 0: there is none */
	CK_KEY_TYPE type;
	size_t bits;
	size_t sig_len; /* bytes of a signature */
	uint8_t id[CF_ID_MAX];
	size_t id_n;
	EVP_PKEY *pkey; /* from the certificate, else from attributes */
};

struct cf_options {
	const char *module;
	const char *pin;    /* NULL: cases that log in are skipped */
	const char *so_pin; /* NULL: likewise */
	const char *token_label;
	bool has_slot;
	CK_SLOT_ID slot;
	bool destructive;
	bool through3;     /* the 2.40 functions through the 3.0 interface */
	bool in_process;   /* no worker: for valgrind and debuggers */
	unsigned timeout;  /* seconds per case */
	unsigned sessions; /* how many the session case opens in all */
};

struct cf {
	const struct cf_options *opt;
	void *so;
	CK_FUNCTION_LIST *f;   /* never NULL once loaded */
	struct cf_list3 *f3;   /* NULL: the module has no 3.0 interface */
	struct cf_list32 *f32; /* NULL: none of 3.2 */
	CK_C_GetFunctionList get_list;
	cf_get_interface_list get_interface_list; /* or NULL */
	cf_get_interface get_interface;           /* or NULL */

	/* Not NULL while f is a copy that gives the PIN to a key that wants it
	 * before each use: the list of the module itself. */
	CK_FUNCTION_LIST *plain;

	/* From here on set up anew for each case. */
	CK_SLOT_ID slot;
	CK_TOKEN_INFO token;
	CK_SESSION_HANDLE s;
	struct cf_key key;
	char note[400]; /* why, in one line */
};

struct cf_case;
typedef CK_RV (*cf_run)(struct cf *c, const struct cf_case *k);

struct cf_case {
	const char *name;   /* FUNCTION/what */
	const char *clause; /* where it is written */
	enum cf_state state;
	unsigned need;
	cf_run run;
	unsigned long a, b; /* what the row passes; each runner says */
	const void *p;
	const CK_RV *allow; /* ends with CF_END */
};

/* A list of allowed return values, for a row. */
#define CF_ALLOW(...) ((const CK_RV[]){__VA_ARGS__, CF_END})

struct cf_group {
	const struct cf_case *(*cases)(size_t *n);
};

/* Every group of cases, in the order they run; groups.c. */
extern const struct cf_group cf_groups[];
extern const size_t cf_groups_n;

/* Defines the accessor of a group over a table in the same file. */
#define CF_GROUP(fn, table)                                                    \
	const struct cf_case *fn(size_t *n)                                    \
	{                                                                      \
		*n = CF_COUNT(table);                                          \
		return table;                                                  \
	}

/* --- names.c --- */
/* "CKR_OK" and so on; an unknown value as hex in a static buffer. */
const char *cf_rv_name(CK_RV rv);
/* The reverse; false for an unknown name. */
bool cf_rv_parse(const char *name, CK_RV *rv);

/* --- state.c --- */

/* Loads the module and its function lists; false after a message on stderr. */
bool cf_load(struct cf *c);

/* Brings the module to a state. CKR_OK, CF_SKIP or CF_SETUP with a note. */
CK_RV cf_up(struct cf *c, enum cf_state state, unsigned need);

/* Ends whatever state there is; C_Finalize may find nothing to end. */
void cf_down(struct cf *c);
/* C_Initialize with CKF_OS_LOCKING_OK. */
CK_RV cf_init(struct cf *c);

/* Opens a session; flags beside CKF_SERIAL_SESSION. */
CK_RV cf_open(struct cf *c, CK_FLAGS flags, CK_SESSION_HANDLE *s);

/* CKR_OK where C_GetInterfaceList and C_GetInterface are, else CF_SKIP. */
CK_RV cf_interfaces_needed(struct cf *c);

#define CF_INTERFACES_MAX 16

/* All of C_GetInterfaceList; *n how many. CF_SKIP without it. */
CK_RV cf_interfaces(struct cf *c, struct cf_interface out[CF_INTERFACES_MAX],
    CK_ULONG *n);

/* C_Login of the user with the right PIN. */
CK_RV cf_login(struct cf *c, CK_SESSION_HANDLE s);

/* Notes a reason and gives rv, so that a runner can say
 * `return cf_note(c, CF_WRONG, "...")`. */
CK_RV cf_note(struct cf *c, CK_RV rv, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* --- objects.c --- */
/* Finds at most cap objects; *n how many. First return value that is not
 * CKR_OK, else CKR_OK. */
CK_RV cf_find(struct cf *c, CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG t_n,
    CK_OBJECT_HANDLE *out, CK_ULONG cap, CK_ULONG *n);

/* The first object of a class, optionally with a CKA_ID; 0 when none. */
CK_OBJECT_HANDLE cf_find_class(struct cf *c, CK_SESSION_HANDLE s,
    CK_OBJECT_CLASS cls, const uint8_t *id, size_t id_n);

/* One attribute into the caller's memory; the length in *n. */
CK_RV cf_attr(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    void *out, size_t cap, size_t *n);
/* The same for a CK_ULONG and a CK_BBOOL; a wrong size is CF_WRONG. */
CK_RV cf_attr_ulong(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    CK_ULONG *out);
CK_RV cf_attr_bool(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    bool *out);

/* Fills c->key with the first private key that signs, of the type asked for by
 * CF_NEED_RSA or CF_NEED_EC, if any. CKR_OK, CF_SKIP or CF_SETUP. */
CK_RV cf_key_get(struct cf *c, unsigned need);
void cf_key_free(struct cf_key *k);

/* --- consent.c --- */

/* From now on, C_SignInit and C_DecryptInit also give the PIN. */
void cf_consent_on(struct cf *c);
void cf_consent_off(struct cf *c);
/* For cases in which several operations wait for their PIN at once: a card
 * knows one PIN at a time. CF_SKIP for such a key, else CKR_OK. */
CK_RV cf_consent_skip(struct cf *c);
/* C_Login with CKU_CONTEXT_SPECIFIC and the right PIN. */
CK_RV cf_consent_login(struct cf *c, CK_SESSION_HANDLE s);

/* --- ossl.c: OpenSSL as the independent judge --- */

/* The public key of a DER certificate; NULL when it does not parse. */
EVP_PKEY *cf_ossl_cert_key(const uint8_t *der, size_t n);
/* From big-endian modulus and exponent. */
EVP_PKEY *cf_ossl_rsa(const uint8_t *n, size_t n_n, const uint8_t *e,
    size_t e_n);
/* From a DER curve OID and a DER OCTET STRING with the point. */
EVP_PKEY *cf_ossl_ec(const uint8_t *params, size_t params_n,
    const uint8_t *point, size_t point_n);

/* How a signature was made, in OpenSSL's words. */
struct cf_sig {
	const char *md; /* "SHA256", or NULL: the input is not hashed */
	int pad;        /* RSA_PKCS1_PADDING, ..., 0 for ECDSA */
	const char *mgf1_md;
	int salt;
};
/* True when sig is a signature over data; r||s for EC. */
bool cf_ossl_verify(EVP_PKEY *key, const struct cf_sig *how,
    const uint8_t *data, size_t data_n, const uint8_t *sig, size_t sig_n);

/* RSA encryption with the public key; oaep_md NULL for PKCS#1 v1.5. False when
 * OpenSSL refuses. *out_n is capacity in, length out. */
bool cf_ossl_encrypt(EVP_PKEY *key, int pad, const char *oaep_md,
    const uint8_t *label, size_t label_n, const uint8_t *in, size_t in_n,
    uint8_t *out, size_t *out_n);

/* A digest by OpenSSL's name; the length, 0 on failure. */
size_t cf_ossl_digest(const char *md, const uint8_t *in, size_t n,
    uint8_t out[EVP_MAX_MD_SIZE]);

/* --- mech.c --- */

bool cf_mech_listed(struct cf *c, CK_MECHANISM_TYPE type);
/* True when listed with all of these CKF_*. */
bool cf_mech_can(struct cf *c, CK_MECHANISM_TYPE type, CK_FLAGS flags);
/* The mechanism cases use for signing with c->key: one that hashes, where the
 * token lists one, else the bare one. */
CK_MECHANISM_TYPE cf_mech_sign(struct cf *c);
/* How OpenSSL verifies what cf_mech_sign() made. */
void cf_mech_sign_how(CK_MECHANISM_TYPE m, struct cf_sig *how);
/* A signature over 32 bytes by c->key with cf_mech_sign(): CKR_OK when OpenSSL
 * agrees, CF_WRONG when not, or what a call said. *where: which; a literal. */
CK_RV cf_mech_sign_once(struct cf *c, CK_SESSION_HANDLE s, CK_BYTE data[32],
    const char **where);
/* "CKM_..." for those the suite knows, else hex in a static buffer. */
const char *cf_mech_name(CK_MECHANISM_TYPE m);

/* --- calls.c: every function once, with harmless arguments --- */

enum {
	CF_CALL_SESSION = 1 << 0, /* its first argument is a session */
	CF_CALL_SLOT = 1 << 1,    /* its first argument is a slot */
	CF_CALL_3 = 1 << 2,       /* from the 3.0 list */
	CF_CALL_LEGACY = 1 << 3,  /* may say CKR_FUNCTION_NOT_PARALLEL always */
	CF_CALL_32 = 1 << 4,      /* from the 3.2 list */
};

struct cf_call {
	const char *name;
	unsigned flags;
	/* h is a session or a slot, as the flags say */
	CK_RV (*call)(struct cf *c, CK_ULONG h);
};

extern const struct cf_call cf_calls[];
extern const size_t cf_calls_n;

/* --- table.c --- */

/* Prints what the token offers. CKR_OK, or the answer of the first call that
 * failed, after a message on stderr. */
CK_RV cf_table(struct cf *c);

/* --- report.c --- */

/* Decides about one answer and prints its line. True when it passed; skipped
 * cases count apart. */
enum cf_outcome { CF_PASSED, CF_FAILED, CF_SKIPPED };
enum cf_outcome cf_report(const struct cf_case *k, CK_RV rv, const char *note);

/* --- expect.c --- */

/* Reads a file of expected differences: "NAME ANSWER [# why]" per line. False
 * after a message on stderr. May be called several times; later lines win. */
bool cf_expect_read(const char *file);
/* The answer a case is expected to give; false when none is listed. */
bool cf_expect_get(const char *name, CK_RV *rv);
/* Names that no case has, on stderr; true when there are none. */
bool cf_expect_known(bool (*is_case)(const char *name));

#endif
