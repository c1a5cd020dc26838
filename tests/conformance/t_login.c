/* C_Login of the user and C_Logout: 2.40 clause 5.6. */
#include <string.h>

#include "tests/conformance/groups.h"

static CK_UTF8CHAR pin_of[256];

/* The right PIN in memory the module may write to. */
static CK_ULONG
good_pin(const char *pin)
{
	size_t n = strlen(pin);

	n = n < sizeof(pin_of) ? n : sizeof(pin_of);
	memcpy(pin_of, pin, n);
	return n;
}

/* Another PIN of the same length and kind. */
static CK_ULONG
wrong_pin(const char *pin)
{
	CK_ULONG n = good_pin(pin);

	pin_of[n - 1] = pin_of[n - 1] == '1' ? '2' : '1';
	return n;
}

static CK_RV
login_good(struct cf *c, const struct cf_case *k)
{
	(void)k;
	return c->opt->pin == NULL ? cf_note(c, CF_SKIP, "no --pin")
				   : cf_login(c, c->s);
}

static CK_RV
login_again(struct cf *c, const struct cf_case *k)
{
	(void)k;
	return cf_login(c, c->s);
}

/* a: user type, with a PIN no card ever sees. */
static CK_RV
login_type(struct cf *c, const struct cf_case *k)
{
	CK_UTF8CHAR pin[] = "00000000";

	return c->f->C_Login(c->s, k->a, pin, 8);
}

/* a: 0 a NULL PIN with a length, 1 a NULL PIN of none. */
static CK_RV
login_null(struct cf *c, const struct cf_case *k)
{
	if ((c->token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
		return cf_note(c, CF_SKIP, "the reader has a PIN pad");
	return c->f->C_Login(c->s, CKU_USER, NULL, k->a != 0 ? 0 : 6);
}

/* a: how long. A PIN outside the token's length rule cannot be the PIN. */
static CK_RV
login_length(struct cf *c, const struct cf_case *k)
{
	CK_UTF8CHAR pin[300];
	CK_ULONG n = k->a;

	memset(pin, '1', sizeof(pin));
	if (n == 1 && c->token.ulMinPinLen <= 1)
		return cf_note(c, CF_SKIP, "the token takes such PINs");
	if (n > 1 && c->token.ulMaxPinLen >= n)
		return cf_note(c, CF_SKIP, "the token takes such PINs");
	return c->f->C_Login(c->s, CKU_USER, pin, n);
}

/* One try is lost, the flags say so, and the right PIN brings it back. */
static CK_RV
login_wrong(struct cf *c, const struct cf_case *k)
{
	CK_TOKEN_INFO t;
	CK_ULONG n;
	CK_RV rv;

	(void)k;
	if (c->opt->pin == NULL)
		return cf_note(c, CF_SKIP, "no --pin");
	if ((c->token.flags & CKF_USER_PIN_FINAL_TRY) != 0)
		return cf_note(c, CF_SKIP, "one try left");
	n = wrong_pin(c->opt->pin);
	rv = c->f->C_Login(c->s, CKU_USER, pin_of, n);
	if (rv != CKR_PIN_INCORRECT)
		return rv;
	if (c->f->C_GetTokenInfo(c->slot, &t) != CKR_OK ||
	    (t.flags & CKF_USER_PIN_COUNT_LOW) == 0)
		return cf_note(c, CF_WRONG, "CKF_USER_PIN_COUNT_LOW not set");
	if ((rv = cf_login(c, c->s)) != CKR_OK)
		return cf_note(c, CF_WRONG, "then the right PIN gave %s",
		    cf_rv_name(rv));
	if (c->f->C_GetTokenInfo(c->slot, &t) != CKR_OK ||
	    (t.flags & CKF_USER_PIN_COUNT_LOW) != 0)
		return cf_note(c, CF_WRONG, "COUNT_LOW not cleared");
	return CKR_PIN_INCORRECT;
}

static CK_RV
state_of(struct cf *c, CK_SESSION_HANDLE s, CK_STATE *state)
{
	CK_SESSION_INFO info = {0};
	CK_RV rv = c->f->C_GetSessionInfo(s, &info);

	*state = info.state;
	return rv;
}

/* All sessions of the token change together; later ones start in the state. */
static CK_RV
login_shared(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE two, three;
	CK_STATE a, b, d;
	CK_RV rv;

	(void)k;
	if (c->opt->pin == NULL)
		return cf_note(c, CF_SKIP, "no --pin");
	if ((rv = cf_open(c, 0, &two)) != CKR_OK ||
	    (rv = cf_login(c, c->s)) != CKR_OK ||
	    (rv = cf_open(c, 0, &three)) != CKR_OK ||
	    (rv = state_of(c, two, &a)) != CKR_OK ||
	    (rv = state_of(c, three, &b)) != CKR_OK ||
	    (rv = c->f->C_Logout(two)) != CKR_OK ||
	    (rv = state_of(c, c->s, &d)) != CKR_OK)
		return rv;
	if (a != CKS_RO_USER_FUNCTIONS || b != CKS_RO_USER_FUNCTIONS ||
	    d != CKS_RO_PUBLIC_SESSION)
		return cf_note(c, CF_WRONG, "states %lu, %lu, %lu", a, b, d);
	return CKR_OK;
}

/* a: 0 close the last session, 1 close all: the login ends with it. */
static CK_RV
login_ends(struct cf *c, const struct cf_case *k)
{
	CK_STATE state;
	CK_RV rv;

	rv = k->a == 0 ? c->f->C_CloseSession(c->s)
		       : c->f->C_CloseAllSessions(c->slot);
	if (rv != CKR_OK || (rv = cf_open(c, 0, &c->s)) != CKR_OK ||
	    (rv = state_of(c, c->s, &state)) != CKR_OK)
		return rv;
	if (state != CKS_RO_PUBLIC_SESSION)
		return cf_note(c, CF_WRONG, "still logged in");
	if (cf_find_class(c, c->s, CKO_PRIVATE_KEY, NULL, 0) != 0)
		return cf_note(c, CF_WRONG, "a private key is still found");
	return c->f->C_Logout(c->s);
}

static CK_RV
logout(struct cf *c, const struct cf_case *k)
{
	(void)k;
	return c->f->C_Logout(c->s);
}

/* After C_Logout a private handle is dead, also after the next login. */
static CK_RV
logout_kills_handles(struct cf *c, const struct cf_case *k)
{
	CK_ULONG type;
	bool is_private = false;
	CK_RV rv;

	if (cf_attr_bool(c, c->key.priv, CKA_PRIVATE, &is_private) != CKR_OK ||
	    !is_private)
		return cf_note(c, CF_SKIP, "the key is not CKA_PRIVATE");
	if ((rv = c->f->C_Logout(c->s)) != CKR_OK)
		return rv;
	if (k->a != 0 && (rv = cf_login(c, c->s)) != CKR_OK)
		return rv;
	return cf_attr_ulong(c, c->key.priv, CKA_KEY_TYPE, &type);
}

/* A signature begun before C_Logout may not succeed after it. */
static CK_RV
logout_ends_signature(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	CK_BYTE data[32] = {1}, sig[1024];
	CK_ULONG n = sizeof(sig);
	CK_RV rv;

	if ((rv = c->f->C_SignInit(c->s, &m, c->key.priv)) != CKR_OK ||
	    (rv = c->f->C_Logout(c->s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	if (k->a != 0 && (rv = cf_login(c, c->s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return c->f->C_Sign(c->s, data, sizeof(data), sig, &n);
}

/* a: 0 not logged in, 1 logged in and nothing active. */
static CK_RV
login_context(struct cf *c, const struct cf_case *k)
{
	CK_UTF8CHAR pin[] = "00000000";

	(void)k;
	return c->f->C_Login(c->s, CKU_CONTEXT_SPECIFIC, pin, 8);
}

/* A key without CKA_ALWAYS_AUTHENTICATE: refused, the operation goes on. */
static CK_RV
login_context_sign(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	CK_UTF8CHAR pin[] = "00000000";
	CK_BYTE data[32] = {1}, sig[1024];
	CK_ULONG n = sizeof(sig);
	bool always = false;
	CK_RV rv, sign;

	(void)k;
	if (cf_attr_bool(c, c->key.priv, CKA_ALWAYS_AUTHENTICATE, &always) ==
		CKR_OK &&
	    always)
		return cf_note(c, CF_SKIP, "the key wants a PIN each time");
	if (c->f->C_SignInit(c->s, &m, c->key.priv) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_SignInit");
	rv = c->f->C_Login(c->s, CKU_CONTEXT_SPECIFIC, pin, 8);
	sign = c->f->C_Sign(c->s, data, sizeof(data), sig, &n);
	if (sign != CKR_OK)
		return cf_note(c, CF_WRONG, "then C_Sign gave %s",
		    cf_rv_name(sign));
	return rv;
}

#define ROW(what, fnname, clause, state, need, fn, a, b, ...)                  \
	{                                                                      \
		fnname "/" what, clause " " fnname, state, need, fn, a, b,     \
		    NULL, CF_ALLOW(__VA_ARGS__)                                \
	}
#define LOGIN(what, state, need, fn, a, ...)                                   \
	ROW(what, "C_Login", "2.40 5.6", state, need, fn, a, 0, __VA_ARGS__)
#define LOGOUT(what, state, fn, a, ...)                                        \
	ROW(what, "C_Logout", "2.40 5.6", state, 0, fn, a, 0, __VA_ARGS__)

static const struct cf_case table[] = {
    LOGIN("good", CF_RO, 0, login_good, 0, CKR_OK),
    LOGIN("again", CF_USER, 0, login_again, 0, CKR_USER_ALREADY_LOGGED_IN),
    LOGIN("unknown-type", CF_RO, 0, login_type, 77, CKR_USER_TYPE_INVALID),
    LOGIN("null-pin", CF_RO, 0, login_null, 0, CKR_ARGUMENTS_BAD),
    LOGIN("null-pin-no-length", CF_RO, 0, login_null, 1, CKR_ARGUMENTS_BAD,
	CKR_PIN_INCORRECT),
    LOGIN("one-character", CF_RO, 0, login_length, 1, CKR_PIN_INCORRECT),
    LOGIN("300-characters", CF_RO, 0, login_length, 300, CKR_PIN_INCORRECT),
    LOGIN("wrong", CF_RO, CF_NEED_DESTRUCTIVE, login_wrong, 0,
	CKR_PIN_INCORRECT),
    LOGIN("shared-by-sessions", CF_RO, 0, login_shared, 0, CKR_OK),
    LOGIN("ends-with-last-session", CF_USER, 0, login_ends, 0,
	CKR_USER_NOT_LOGGED_IN),
    LOGIN("ends-with-all-sessions", CF_USER, 0, login_ends, 1,
	CKR_USER_NOT_LOGGED_IN),
    LOGIN("context-public", CF_RO, 0, login_context, 0,
	CKR_OPERATION_NOT_INITIALIZED),
    LOGIN("context-nothing-active", CF_USER, 0, login_context, 1,
	CKR_OPERATION_NOT_INITIALIZED),
    LOGIN("context-not-wanted", CF_KEY, 0, login_context_sign, 0,
	CKR_OPERATION_NOT_INITIALIZED),
    LOGOUT("good", CF_USER, logout, 0, CKR_OK),
    LOGOUT("nobody-in", CF_RO, logout, 0, CKR_USER_NOT_LOGGED_IN),
    LOGOUT("private-handles-die", CF_KEY, logout_kills_handles, 0,
	CKR_OBJECT_HANDLE_INVALID),
    LOGOUT("private-handles-stay-dead", CF_KEY, logout_kills_handles, 1,
	CKR_OBJECT_HANDLE_INVALID),
    LOGOUT("ends-signature", CF_KEY, logout_ends_signature, 0,
	CKR_USER_NOT_LOGGED_IN, CKR_OPERATION_NOT_INITIALIZED),
    LOGOUT("ends-signature-for-good", CF_KEY, logout_ends_signature, 1,
	CKR_USER_NOT_LOGGED_IN, CKR_OPERATION_NOT_INITIALIZED),
};

CF_GROUP(cf_group_login, table)
