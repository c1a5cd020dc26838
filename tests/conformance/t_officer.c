/* The security officer's login, C_InitPIN, C_SetPIN, C_InitToken: 2.40 clauses
 * 5.5 and 5.6. */
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

static CK_RV
state_of(struct cf *c, CK_SESSION_HANDLE s, CK_STATE *state)
{
	CK_SESSION_INFO info = {0};
	CK_RV rv = c->f->C_GetSessionInfo(s, &info);

	*state = info.state;
	return rv;
}

/* The security officer with a read-only session open; no try is spent. */
static CK_RV
login_so_ro(struct cf *c, const struct cf_case *k)
{
	CK_ULONG n = good_pin(c->opt->so_pin);

	(void)k;
	return c->f->C_Login(c->s, CKU_SO, pin_of, n);
}

/* a: 0 the login itself, 1 then the user, 2 then a read-only session. */
static CK_RV
login_so(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s;
	CK_STATE state;
	CK_ULONG n = good_pin(c->opt->so_pin);
	CK_RV rv = c->f->C_Login(c->s, CKU_SO, pin_of, n);

	if (rv != CKR_OK || (rv = state_of(c, c->s, &state)) != CKR_OK)
		return rv;
	if (state != CKS_RW_SO_FUNCTIONS)
		return cf_note(c, CF_WRONG, "state %lu", state);
	if (k->a == 1)
		return cf_login(c, c->s);
	return k->a == 2 ? cf_open(c, 0, &s) : CKR_OK;
}

static CK_RV
login_so_after_user(struct cf *c, const struct cf_case *k)
{
	CK_ULONG n;
	CK_RV rv;

	(void)k;
	if (c->opt->pin == NULL)
		return cf_note(c, CF_SKIP, "no --pin");
	if ((rv = cf_login(c, c->s)) != CKR_OK)
		return rv;
	n = good_pin(c->opt->so_pin);
	return c->f->C_Login(c->s, CKU_SO, pin_of, n);
}

static CK_RV
init_pin(struct cf *c, const struct cf_case *k)
{
	CK_UTF8CHAR pin[] = "12345678";

	(void)k;
	return c->f->C_InitPIN(c->s, pin, 8);
}

static CK_RV
set_pin(struct cf *c, const struct cf_case *k)
{
	CK_UTF8CHAR pin[] = "12345678";

	(void)k;
	return c->f->C_SetPIN(c->s, pin, 8, pin, 8);
}

/* With a session open the token cannot be initialised; checked first. */
static CK_RV
init_token(struct cf *c, const struct cf_case *k)
{
	CK_UTF8CHAR pin[] = "12345678", label[32];

	(void)k;
	memset(label, ' ', sizeof(label));
	return c->f->C_InitToken(c->slot, pin, 8, label);
}

/* a: 0 all arguments, with an SO PIN that is none; 1 no label; 2 no PIN. */
static CK_RV
init_token_alone(struct cf *c, const struct cf_case *k)
{
	CK_UTF8CHAR pin[] = "no PIN of anybody", label[32];

	memset(label, ' ', sizeof(label));
	if (k->a == 2 &&
	    (c->token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
		return cf_note(c, CF_SKIP, "it would be keyed in");
	return c->f->C_InitToken(c->slot, k->a == 2 ? NULL : pin,
	    sizeof(pin) - 1, k->a == 1 ? NULL : label);
}

#define ROW(what, fnname, clause, state, need, fn, a, b, ...)                  \
	{                                                                      \
		fnname "/" what, clause " " fnname, state, need, fn, a, b,     \
		    NULL, CF_ALLOW(__VA_ARGS__)                                \
	}
#define LOGIN(what, state, need, fn, a, ...)                                   \
	ROW(what, "C_Login", "2.40 5.6", state, need, fn, a, 0, __VA_ARGS__)

static const struct cf_case table[] = {
    LOGIN("so-with-read-only-session", CF_RO, CF_NEED_SO, login_so_ro, 0,
	CKR_SESSION_READ_ONLY_EXISTS, CKR_USER_TYPE_INVALID),
    LOGIN("so", CF_RW, CF_NEED_SO, login_so, 0, CKR_OK, CKR_USER_TYPE_INVALID),
    LOGIN("user-after-so", CF_RW, CF_NEED_SO, login_so, 1,
	CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_USER_TYPE_INVALID),
    LOGIN("so-after-user", CF_RW, CF_NEED_SO, login_so_after_user, 0,
	CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_USER_TYPE_INVALID),
    ROW("read-only-with-so", "C_OpenSession", "2.40 5.6", CF_RW, CF_NEED_SO,
	login_so, 2, 0, CKR_SESSION_READ_WRITE_SO_EXISTS,
	CKR_USER_TYPE_INVALID),
    ROW("public", "C_InitPIN", "2.40 5.5", CF_RO, 0, init_pin, 0, 0,
	CKR_USER_NOT_LOGGED_IN),
    ROW("user", "C_InitPIN", "2.40 5.5", CF_USER, 0, init_pin, 0, 0,
	CKR_USER_NOT_LOGGED_IN),
    ROW("read-only", "C_SetPIN", "2.40 5.5", CF_RO, 0, set_pin, 0, 0,
	CKR_SESSION_READ_ONLY),
    ROW("session-open", "C_InitToken", "2.40 5.5", CF_RO, 0, init_token, 0, 0,
	CKR_SESSION_EXISTS),
    ROW("no-token", "C_InitToken", "2.40 5.5", CF_SLOT, CF_NEED_NO_TOKEN,
	init_token_alone, 0, 0, CKR_TOKEN_NOT_PRESENT,
	CKR_TOKEN_NOT_RECOGNIZED),
    ROW("null-label", "C_InitToken", "2.40 5.5", CF_SLOT, 0, init_token_alone,
	1, 0, CKR_ARGUMENTS_BAD),
    ROW("null-pin", "C_InitToken", "2.40 5.5", CF_SLOT, 0, init_token_alone, 2,
	0, CKR_ARGUMENTS_BAD),
    ROW("wrong-pin", "C_InitToken", "2.40 5.5", CF_SLOT, CF_NEED_DESTRUCTIVE,
	init_token_alone, 0, 0, CKR_PIN_INCORRECT, CKR_FUNCTION_NOT_SUPPORTED),
};

CF_GROUP(cf_group_officer, table)
