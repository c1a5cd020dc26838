/* Keys wrapped with a tag, by GCM and by CCM: C_WrapKeyAuthenticated and
 * C_UnwrapKeyAuthenticated of 3.2, and the same by C_WrapKey. */
#ifndef CF_AEAD_WRAP_H
#define CF_AEAD_WRAP_H

#include "tests/conformance/cf.h"
#include "tests/conformance/wrap.h"

#define CF_AEAD_AAD 23
#define CF_AEAD_TAG 16
#define CF_AEAD_KEY                                                            \
	32              /* bytes of the key that is wrapped, and of the other  \
			 */
#define CF_AEAD_IV 0x31 /* what the IV is full of before, and a byte behind */

struct cf_aead_round;

/* A mechanism and what is its own. */
struct cf_aead {
	CK_MECHANISM_TYPE mechanism;
	const char *refusal; /* the note when it does not wrap */
	size_t iv_n;
	/* r->p, r->m and where in r->p the two numbers are; no IV is made */
	void (*fill)(struct cf_aead_round *r);
	/* whether OpenSSL makes the key of r->out with this tag */
	bool (*opens)(const struct cf_aead_round *r, const uint8_t *tag);
};

/* One call with all that a row may bend. */
struct cf_aead_round {
	const struct cf_aead *how;
	CK_BYTE iv[16], tag[CF_AEAD_TAG], out[CF_WRAP_OUT];
	CK_ULONG out_n;
	union {
		struct cf_gcm_message gcm;
		struct cf_ccm_message ccm;
	} p;
	CK_ULONG *generator, *fixed_bits; /* in p */
	CK_MECHANISM m;
	CK_OBJECT_HANDLE w, key;
};

/* The wrapping key, the key, and what is sent beside it. */
extern const uint8_t cf_aead_kek[], cf_aead_value[];
extern CK_BYTE cf_aead_aad[CF_AEAD_AAD];

/* Parameter and keys; by, what: as in cf_wrap_secret(), by NULL: a wrapping key
 * that nobody knows. CF_SKIP when the mechanism does not wrap. */
CK_RV cf_aead_begin(struct cf *c, struct cf_aead_round *r,
    const struct cf_aead *how, const char *by, const char *what);

/* C_WrapKeyAuthenticated: r->key under r->w into r->out. */
CK_RV cf_aead_wrap(struct cf *c, struct cf_aead_round *r);

/* C_UnwrapKeyAuthenticated, with the first aad_n bytes of what was sent. */
CK_RV cf_aead_unwrap(struct cf *c, struct cf_aead_round *r, CK_ULONG aad_n,
    const char *what, CK_OBJECT_HANDLE *o);

/* Both calls, after cf_aead_begin() with keys that are known: OpenSSL opens
 * what is sent, `fixed` bits of the IV stay, and the key comes back. */
CK_RV cf_aead_good(struct cf *c, struct cf_aead_round *r, CK_ULONG generator,
    CK_ULONG fixed);

/* Both calls; what: what the key becomes. */
CK_RV cf_aead_back(struct cf *c, struct cf_aead_round *r, const char *what);

/* A whole case: the length alone, or short: a byte too little. */
CK_RV cf_aead_lengths(struct cf *c, const struct cf_aead *how, bool is_short);

/* The same by C_WrapKey and C_UnwrapKey with a parameter of n bytes: the tag
 * comes behind the key. */
CK_RV cf_aead_params(struct cf *c, struct cf_aead_round *r, void *param,
    CK_ULONG n);

#endif
