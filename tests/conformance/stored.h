/* Objects that stay on the token: made, looked for from elsewhere, and cleared
 * away again (2.40 clauses 4.4, 4.6, 5.7). */
#ifndef CF_STORED_H
#define CF_STORED_H

#include "tests/conformance/cf.h"
#include "tests/conformance/made.h"

/* The label of everything that these cases leave on a token. */
extern CK_UTF8CHAR cf_stored_label[];
#define CF_STORED_LABEL_N 21

/* The template of CF_DATA or CF_CERT on the token, with the label; `b` as in
 * cf_made_template(), without CKA_TOKEN. A certificate is one that OpenSSL
 * made, of an authority. */
CK_ULONG cf_stored_template(enum cf_made which, const struct cf_bend *b,
    CK_ATTRIBUTE t[CF_MADE_MAX]);

/* C_CreateObject with it in session s. */
CK_RV cf_store(struct cf *c, CK_SESSION_HANDLE s, enum cf_made which,
    const struct cf_bend *b, CK_OBJECT_HANDLE *o);

/* How many objects with the label session s finds; the first in *o. */
CK_RV cf_stored_count(struct cf *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE *o,
    CK_ULONG *n);

/* Destroys all of them, in a session of its own. */
CK_RV cf_stored_clear(struct cf *c);

/* Runs `fn` in a forked child that starts the module anew and has opened the
 * read/write session c->s; what it says. */
CK_RV cf_stored_elsewhere(struct cf *c, CK_RV (*fn)(struct cf *c));

/* What a case does between clearing away before and after: k->p of the case
 * that cf_stored_between() runs. */
struct cf_stored_inner {
	CK_RV (*run)(struct cf *c, const struct cf_case *k);
	const struct cf_bend *bend;
};
CK_RV cf_stored_between(struct cf *c, const struct cf_case *k);

#endif
