/* CKA_ALWAYS_AUTHENTICATE: 2.40 clauses 4.9 and 5.6, C_Login with
 * CKU_CONTEXT_SPECIFIC. c->plain is the module's own function list. */
#include <string.h>

#include "tests/conformance/groups.h"

static CK_RV
begin(struct cf *c, CK_SESSION_HANDLE s)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};

	if (c->plain->C_SignInit(s, &m, c->key.priv) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_SignInit");
	return CKR_OK;
}

/* `query`: ask for the length only. */
static CK_RV
use(struct cf *c, CK_SESSION_HANDLE s, bool query)
{
	CK_BYTE data[32] = {8}, sig[1024];
	CK_ULONG n = query ? 0 : sizeof(sig);

	return c->plain->C_Sign(s, data, sizeof(data), query ? NULL : sig, &n);
}

static CK_RV
without_pin(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = begin(c, c->s);

	(void)k;
	return rv != CKR_OK ? rv : use(c, c->s, false);
}

/* a: 1 with a length query before, 2 with one after the PIN. */
static CK_RV
with_pin(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = begin(c, c->s);

	if (rv != CKR_OK ||
	    (k->a == 1 && (rv = use(c, c->s, true)) != CKR_OK) ||
	    (rv = cf_consent_login(c, c->s)) != CKR_OK ||
	    (k->a == 2 && (rv = use(c, c->s, true)) != CKR_OK))
		return rv;
	return use(c, c->s, false);
}

/* The PIN holds for one operation. */
static CK_RV
only_once(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = with_pin(c, k);

	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return without_pin(c, k);
}

/* In parts, the PIN between them: it holds until the end. a: 0 without it. */
static CK_RV
parts(struct cf *c, const struct cf_case *k)
{
	CK_BYTE data[32] = {8}, sig[1024];
	CK_ULONG n = 0;
	CK_RV rv = begin(c, c->s);

	if (rv != CKR_OK ||
	    (rv = c->plain->C_SignUpdate(c->s, data, sizeof(data))) != CKR_OK ||
	    (k->a == 1 && (rv = cf_consent_login(c, c->s)) != CKR_OK) ||
	    (rv = c->plain->C_SignUpdate(c->s, data, sizeof(data))) != CKR_OK ||
	    (rv = c->plain->C_SignFinal(c->s, NULL, &n)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return c->plain->C_SignFinal(c->s, sig, &n);
}

/* Two sessions in turn, each with a PIN of its own. */
static CK_RV
two_sessions(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s[2] = {c->s, 0};
	CK_RV rv = cf_open(c, 0, &s[1]);

	(void)k;
	for (size_t i = 0; rv == CKR_OK && i < 4; i++) {
		rv = begin(c, s[i % 2]);
		if (rv == CKR_OK)
			rv = cf_consent_login(c, s[i % 2]);
		if (rv == CKR_OK)
			rv = use(c, s[i % 2], false);
	}
	return rv;
}

/* The PIN given in one session is none in another. */
static CK_RV
other_session(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s;
	CK_RV rv = cf_open(c, 0, &s);

	(void)k;
	if (rv != CKR_OK || (rv = begin(c, c->s)) != CKR_OK ||
	    (rv = begin(c, s)) != CKR_OK ||
	    (rv = cf_consent_login(c, s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return use(c, c->s, false);
}

static CK_RV
nothing_active(struct cf *c, const struct cf_case *k)
{
	(void)k;
	return cf_consent_login(c, c->s);
}

/* A wrong PIN leaves the session as it is, and the right one still works. */
static CK_RV
wrong_pin(struct cf *c, const struct cf_case *k)
{
	CK_UTF8CHAR pin[] = "00000000";
	CK_SESSION_INFO info = {0};
	CK_RV rv = begin(c, c->s), wrong;

	(void)k;
	if (rv != CKR_OK)
		return rv;
	wrong = c->plain->C_Login(c->s, CKU_CONTEXT_SPECIFIC, pin, 8);
	if (c->plain->C_GetSessionInfo(c->s, &info) != CKR_OK ||
	    info.state != CKS_RO_USER_FUNCTIONS)
		return cf_note(c, CF_WRONG, "%s, and logged out",
		    cf_rv_name(wrong));
	(void)use(c, c->s, false);
	if ((rv = with_pin(c, k)) != CKR_OK)
		return cf_note(c, CF_WRONG, "then the right PIN gave %s",
		    cf_rv_name(rv));
	return wrong;
}

#define ROW(what, need, fn, a, ...)                                            \
	{                                                                      \
		"consent/" what, "2.40 4.9, 5.6 C_Login", CF_KEY,              \
		    CF_NEED_CONSENT | (need), fn, a, 0, NULL,                  \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}

static const struct cf_case table[] = {
    ROW("without-pin", 0, without_pin, 0, CKR_USER_NOT_LOGGED_IN),
    ROW("with-pin", 0, with_pin, 0, CKR_OK),
    ROW("length-query-before-pin", 0, with_pin, 1, CKR_OK),
    ROW("length-query-after-pin", 0, with_pin, 2, CKR_OK),
    ROW("only-once", 0, only_once, 0, CKR_USER_NOT_LOGGED_IN),
    ROW("in-parts", 0, parts, 1, CKR_OK),
    ROW("in-parts-without-pin", 0, parts, 0, CKR_USER_NOT_LOGGED_IN),
    ROW("two-sessions", 0, two_sessions, 0, CKR_OK),
    ROW("other-session", 0, other_session, 0, CKR_USER_NOT_LOGGED_IN),
    ROW("nothing-active", 0, nothing_active, 0, CKR_OPERATION_NOT_INITIALIZED),
    ROW("wrong-pin", CF_NEED_DESTRUCTIVE, wrong_pin, 0, CKR_PIN_INCORRECT),
};

CF_GROUP(cf_group_consent, table)
