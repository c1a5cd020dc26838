/*
 * Every family of cards through the functions of the module, in process: a
 * world of simulated readers, one card of the family, the module linked
 * statically. A row of the table in rows.c is one card: its type and options,
 * and what is expected of it. Each suite runs once for every row it concerns.
 *
 * A test begins with fam_begin() and ends with fam_end(), which looks for leaks
 * and for breaches of the transport's contract.
 */
#ifndef CA_FAM_H
#define CA_FAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <p11-kit/pkcs11.h>

#include <CUnit/CUnit.h>

#include "tests/sim/sim.h"
#include "tests/sim/sim_transport.h"
#include "tests/suite/suite.h"

#define FAM_READER "Family 00"
#define FAM_KEYS 8
#define FAM_MECHS 128

/* What a card of the row can do. */
enum {
	FAM_CHANGE = 1 << 0,     /* C_SetPIN */
	FAM_UNBLOCK = 1 << 1,    /* C_Login(CKU_SO, PUK), C_InitPIN */
	FAM_PUK_HEARD = 1 << 2,  /* a wrong PUK is refused by C_Login already */
	FAM_PUK_CHANGE = 1 << 3, /* C_SetPIN in the officer's session */
	FAM_NO_CERT = 1 << 4,    /* keys without certificates */
	FAM_EXTENDED = 1 << 5,   /* its reader carries extended length */
	/* What the holder can key in at a reader's keypad. */
	FAM_KEYED = 1 << 6,         /* the user's PIN */
	FAM_KEYED_CHANGE = 1 << 7,  /* ... old and new */
	FAM_KEYED_UNBLOCK = 1 << 8, /* PUK and new PIN */
};

/* Commands to the card, counted. */
struct fam_budget {
	uint64_t open;  /* C_Initialize, C_GetSlotList, C_GetTokenInfo */
	uint64_t find;  /* certificate found and read */
	uint64_t login; /* C_Login */
	uint64_t sign;  /* the first signature, with the key's search */
	uint64_t
	    again;     /* each later one, its PIN included where it wants one */
	uint64_t poll; /* C_GetTokenInfo */
};

struct fam_row {
	const char *name;
	const char *type;
	const char
	    *options;      /* "name=value ..." on top of the type's defaults */
	unsigned has;      /* FAM_ bits */
	const char *signs; /* mechanisms that sign, as in mechs.c */
	const char *decrypts;
	struct fam_budget budget;
};

extern const struct fam_row fam_rows[];
extern const size_t fam_rows_n;

/* A card that lies, and the outcome as bad.c writes it. */
struct fam_lie {
	const char *type, *options, *outcome;
};

/* Bytes of the longest command with extended length. */
#define FAM_APDU_EXTENDED 65544

extern const struct fam_lie fam_lies[];
extern const size_t fam_lies_n;

struct fam {
	const struct fam_row *row;
	CK_FUNCTION_LIST *f;
	struct ca_sim_world *w;
	struct ca_sim_opts opts;
	struct ca_sim *card;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE s;
};

/* ---- fam.c ---- */

/* The row of all tests from now on. */
void fam_use(const struct fam_row *row);
const struct fam_row *fam_row(void);

/* Folder of the whole program; false when it cannot be made. */
bool fam_setup(void);
/* The reader of all tests from now on; NULL: a plain one. */
void fam_reader(const struct ca_sim_reader *reader);
/* Lines of configuration on top of those of the tests; "" for none. */
void fam_config(const char *text);

/* Sets options from text, "name=value ...". */
void fam_options(struct ca_sim_opts *o, const char *text);
/* World, card of the row with further options (NULL: none), C_Initialize. */
void fam_begin(struct fam *t, const char *more);
/* The same, and an RW session; `t->slot` is the token's. */
void fam_begin_open(struct fam *t, const char *more);
/* The same, logged in as the user. */
void fam_begin_login(struct fam *t, const char *more);
void fam_end(struct fam *t);
/* C_Finalize and C_Initialize: another program, and the same card. */
void fam_restart(struct fam *t);

/* Asserts that rv is `want`, and says what it was. */
#define FAM_IS(rv, want) fam_is((rv), (want), #rv, __FILE__, __LINE__)
void fam_is(CK_RV rv, CK_RV want, const char *what, const char *file,
    unsigned line);

/* ---- steps.c: what a user does ---- */

/* The slot with a token, and an RW session on it. CKR_TOKEN_NOT_PRESENT. */
CK_RV fam_open(struct fam *t);
CK_RV fam_login(struct fam *t, CK_USER_TYPE user, const char *pin);
CK_RV fam_set_pin(struct fam *t, const char *old_pin, const char *new_pin);
CK_RV fam_init_pin(struct fam *t, const char *pin);
CK_FLAGS fam_flags(struct fam *t);
/* The token's serial number as C_GetTokenInfo tells it, without blanks. */
void fam_serial(struct fam *t, char *out, size_t cap);
CK_STATE fam_state(struct fam *t);

/* Objects of a class, at most max; how many. */
size_t fam_find(struct fam *t, CK_OBJECT_CLASS cls, CK_OBJECT_HANDLE *out,
    size_t max);
CK_RV fam_attr(struct fam *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    void *value, CK_ULONG *n);
bool fam_flag(struct fam *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type);
CK_ULONG fam_number(struct fam *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type);
/* The value of the nth private key's own PIN. */
const char *fam_key_pin(const struct fam *t, size_t index);
/* Whether some private key of the token signs with SHA-256, and the signature
 * is right: the whole proof that a login stands. The first answer that is not
 * CKR_OK; CKR_SIGNATURE_INVALID when OpenSSL says no. */
CK_RV fam_sign_once(struct fam *t);

/* What another program sends to the card, and the status word it gets. */
void fam_another(const struct fam *t, const char *cmd, size_t n, uint16_t want);

int fam_tries(const struct fam *t);
int fam_puk_tries(const struct fam *t);
uint64_t fam_count(const struct fam *t, enum ca_sim_count what);
/* A PIN of the same length as the right one, and wrong. */
const char *fam_wrong(const char *right);

/* ---- mechs.c ---- */

struct fam_mech {
	CK_MECHANISM_TYPE type;
	const char *name;
	const char *hash; /* OpenSSL's name; NULL: the caller hashes, or none */
	enum { FAM_PKCS1, FAM_RAW, FAM_PSS, FAM_ECDSA, FAM_OAEP } scheme;
};

/* The row of a mechanism that a private key works with, or NULL. */
const struct fam_mech *fam_mech(CK_MECHANISM_TYPE type);
/* The mechanisms of the token that the card does, with this flag, by name in
 * the table's order: "RSA_PKCS RSA_X_509 ...". Static storage. */
const char *fam_mech_names(struct fam *t, CK_FLAGS flag);
/* Signs with the key by this mechanism in all its forms and checks each result
 * with OpenSSL. How many signatures were good; a bad one fails the test. */
size_t fam_mech_sign(struct fam *t, const struct fam_mech *m,
    CK_OBJECT_HANDLE key, const char *pin);
/* The same for decryption of what OpenSSL encrypted. */
size_t fam_mech_decrypt(struct fam *t, const struct fam_mech *m,
    CK_OBJECT_HANDLE key, const char *pin);

/* ---- the suites ---- */

void fam_suite_use(CU_pSuite s);
void fam_suite_pin(CU_pSuite s);
void fam_suite_officer(CU_pSuite s);
void fam_suite_keypad(CU_pSuite s);
void fam_suite_count(CU_pSuite s);
void fam_suite_token_object(CU_pSuite s);
void fam_suite_last_try(CU_pSuite s);
void fam_suite_bad(CU_pSuite s);     /* for all rows at once */
void fam_suite_reader(CU_pSuite s);  /* what readers can carry */
void fam_suite_own(CU_pSuite s);     /* what one family alone has */
void fam_suite_feitian(CU_pSuite s); /* ... and the two of one maker */
void fam_suite_cns(CU_pSuite s);     /* ... the CNS card */
void fam_suite_uicc(CU_pSuite s);    /* ... the PKI SIM */
void fam_suite_import(CU_pSuite s);
void fam_suite_proof(CU_pSuite s);
void fam_suite_chipdoc(CU_pSuite s);
void fam_suite_admin(CU_pSuite s); /* profiles of an administrator */
void fam_suite_derive(CU_pSuite s);
void fam_suite_made(CU_pSuite s);
void fam_suite_stored(CU_pSuite s); /* token objects on the host */
void fam_suite_pair(CU_pSuite s); /* key pairs on the token: not for all ... */
void fam_suite_generate(CU_pSuite s); /* ... but for the card that makes them */

#endif
