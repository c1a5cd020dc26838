/*
 * The operations that share one shape - begin, do at once or in parts,
 * end - and scripts of steps over them. The engine checks what comes out: a
 * length that suffices, a buffer left alone when it is too small, and the
 * result itself against OpenSSL.
 */
#ifndef CF_OP_H
#define CF_OP_H

#include "tests/conformance/cf.h"

enum cf_kind {
	CF_DIGEST,
	CF_SIGN,
	CF_VERIFY,
	CF_ENCRYPT,
	CF_DECRYPT,
	CF_VERIFY_GIVEN, /* C_VerifySignatureInit of 3.2 */
	CF_SIGN_RECOVER,
	CF_VERIFY_RECOVER,
	CF_KINDS,
};

enum cf_verb {
	CF_STOP, /* no more steps */
	CF_BEGIN,
	CF_ONCE,
	CF_UPDATE,
	CF_FINAL,
	CF_VERBS,
};

/* How a step differs from a good call. */
enum {
	CF_MECH_NULL = 1 << 0,
	CF_MECH_UNKNOWN = 1 << 1,
	CF_MECH_OTHER = 1 << 2, /* a mechanism of another kind */
	CF_KEY_ZERO = 1 << 3,
	CF_KEY_UNKNOWN = 1 << 4,
	CF_KEY_CERT = 1 << 5,  /* a certificate's handle */
	CF_KEY_OTHER = 1 << 6, /* the other half of the pair */
	CF_IN_NULL = 1 << 7,
	CF_IN_EMPTY = 1 << 8,
	CF_OUT_NULL = 1 << 9,
	CF_OUT_SHORT = 1 << 10,
	CF_OUT_ZERO = 1 << 11, /* a buffer of length 0 */
	CF_LEN_NULL = 1 << 12,
	CF_SIG_NULL = 1 << 13,
	CF_SIG_SHORT = 1 << 14,
	CF_SIG_LONG = 1 << 15,
	CF_SIG_BAD = 1 << 16,
	CF_SIG_EMPTY = 1 << 17,
	CF_DATA_OTHER = 1 << 18, /* not the data that was signed */
	CF_IN_SHORT = 1 << 19,
	CF_IN_LONG = 1 << 20,
};

struct cf_step {
	enum cf_verb verb;
	unsigned how;
	const CK_RV *allow;
};

#define CF_STEPS_MAX 6

/* A script for each of some kinds; steps[] ends with CF_STOP. The last step's
 * return value is the answer of the case. */
struct cf_script {
	const char *what;
	const char *clause;
	unsigned kinds;     /* 1 << enum cf_kind */
	enum cf_verb named; /* the case is named after this function */
	unsigned need;
	struct cf_step steps[CF_STEPS_MAX];
};

#define CF_OP_OUT 1024

/* One operation on one session. */
struct cf_op {
	enum cf_kind kind;
	CK_SESSION_HANDLE s;
	CK_MECHANISM mech;
	CK_OBJECT_HANDLE key;
	uint8_t in[CF_OP_OUT];
	size_t in_n;
	uint8_t sig[CF_OP_OUT]; /* to be verified: a good signature */
	size_t sig_n;
	size_t need;             /* bytes the result has */
	uint8_t done[CF_OP_OUT]; /* all that went in since the begin */
	size_t done_n;
	uint8_t out[CF_OP_OUT];
	CK_ULONG out_n;
};

/* What an untouched buffer looks like. */
#define CF_OP_PATTERN 0xC5

/*
 * Judges what a call left in op->out and op->out_n: rv as it was, or CF_WRONG
 * with a note. length, buffer: whether the call was given these pointers.
 */
CK_RV cf_op_check(struct cf *c, const struct cf_op *op, bool length,
    bool buffer, CK_RV rv);

/* "C_Sign" and so on. */
const char *cf_op_name(enum cf_kind kind, enum cf_verb verb);

/* Prepares an operation on c->s with c->key. CKR_OK, CF_SKIP or CF_SETUP. */
CK_RV cf_op_prepare(struct cf *c, enum cf_kind kind, struct cf_op *op);

/* One step; CF_WRONG with a note when something else than the return value is
 * wrong. */
CK_RV cf_op_step(struct cf *c, struct cf_op *op, enum cf_verb verb,
    unsigned how);

#endif
