/* What 3.0 adds: C_LoginUser, C_SessionCancel, cancelling through an init with
 * a NULL mechanism, and the message functions. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/op.h"

static CK_RV
login_user(struct cf *c, const struct cf_case *k)
{
	CK_UTF8CHAR pin[256], name[] = "Nguyễn Văn Thử";
	size_t n;
	CK_RV rv;

	if (c->opt->pin == NULL)
		return cf_note(c, CF_SKIP, "no --pin");
	n = strlen(c->opt->pin);
	if (n > sizeof(pin))
		return cf_note(c, CF_SKIP, "the PIN is too long");
	memcpy(pin, c->opt->pin, n);
	rv = c->f3->C_LoginUser(c->s, k->a == 2 ? 77 : CKU_USER, pin, n,
	    k->a == 1 ? name : NULL, k->a == 1 ? sizeof(name) - 1 : 0);
	explicit_bzero(pin, sizeof(pin));
	return rv;
}

/* State and private objects are those of C_Login. */
static CK_RV
login_user_works(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_INFO info = {0};
	CK_RV rv = login_user(c, k);

	if (rv != CKR_OK ||
	    (rv = c->f->C_GetSessionInfo(c->s, &info)) != CKR_OK)
		return rv;
	if (info.state != CKS_RO_USER_FUNCTIONS)
		return cf_note(c, CF_WRONG, "state %lu", info.state);
	return c->f->C_Logout(c->s);
}

/* a: flags of operations that are not active. */
static CK_RV
cancel_nothing(struct cf *c, const struct cf_case *k)
{
	return c->f3->C_SessionCancel(c->s, k->a);
}

static CK_RV
cancel_find(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_ULONG n;
	CK_RV rv = c->f->C_FindObjectsInit(c->s, NULL, 0);

	(void)k;
	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "C_FindObjectsInit");
	rv = c->f3->C_SessionCancel(c->s, CF_CKF_FIND_OBJECTS);
	if (rv != CKR_OK)
		return rv;
	rv = c->f->C_FindObjects(c->s, &o, 1, &n);
	if (rv != CKR_OPERATION_NOT_INITIALIZED)
		return cf_note(c, CF_WRONG, "then C_FindObjects gave %s",
		    cf_rv_name(rv));
	return CKR_OK;
}

/* a: kind of operation; b: its flag, 0 for an init with a NULL mechanism. The
 * latter is a rule of 3.0, so it is asked through the list of 3.0. */
static CK_RV
cancel_through(struct cf *c, const struct cf_case *k)
{
	struct cf_op op;
	CK_RV rv = cf_op_prepare(c, (enum cf_kind)k->a, &op);

	if (rv != CKR_OK)
		return rv;
	if ((rv = cf_op_step(c, &op, CF_BEGIN, 0)) != CKR_OK)
		return cf_note(c, CF_SETUP, "the init");
	rv = k->b != 0 ? c->f3->C_SessionCancel(c->s, k->b)
		       : cf_op_step(c, &op, CF_BEGIN, CF_MECH_NULL);
	if (rv != CKR_OK)
		return rv;
	rv = cf_op_step(c, &op, CF_ONCE, 0);
	if (rv != CKR_OPERATION_NOT_INITIALIZED)
		return cf_note(c, CF_WRONG, "the next call gave %s",
		    cf_rv_name(rv));
	/* the session is free for the next one */
	return cf_op_step(c, &op, CF_BEGIN, 0);
}

static CK_RV
cancel_op(struct cf *c, const struct cf_case *k)
{
	CK_FUNCTION_LIST *f = c->f;
	CK_RV rv = cf_consent_skip(c);

	if (rv != CKR_OK)
		return rv;
	c->f = &c->f3->base;
	rv = cancel_through(c, k);
	c->f = f;
	return rv;
}

/* One operation is cancelled, the other goes on. */
static CK_RV
cancel_one_of_two(struct cf *c, const struct cf_case *k)
{
	struct cf_op sign, digest;
	CK_RV rv;

	(void)k;
	if ((rv = cf_op_prepare(c, CF_SIGN, &sign)) != CKR_OK ||
	    (rv = cf_op_prepare(c, CF_DIGEST, &digest)) != CKR_OK)
		return rv;
	if ((rv = cf_op_step(c, &sign, CF_BEGIN, 0)) != CKR_OK ||
	    (rv = cf_op_step(c, &digest, CF_BEGIN, 0)) != CKR_OK ||
	    (rv = c->f3->C_SessionCancel(c->s, CKF_DIGEST)) != CKR_OK)
		return rv;
	return cf_op_step(c, &sign, CF_ONCE, 0);
}

/* a: which; nothing was begun. A stub is conforming: 3.0 clause 5.2. */
static CK_RV
message_not_begun(struct cf *c, const struct cf_case *k)
{
	const struct cf_list3 *f = c->f3;
	CK_BYTE in[16] = {0}, out[512];
	CK_ULONG n = sizeof(out);

	switch (k->a) {
	case 0:
		return f->C_EncryptMessage(c->s, NULL, 0, NULL, 0, in,
		    sizeof(in), out, &n);
	case 1:
		return f->C_DecryptMessage(c->s, NULL, 0, NULL, 0, in,
		    sizeof(in), out, &n);
	case 2:
		return f->C_SignMessage(c->s, NULL, 0, in, sizeof(in), out, &n);
	case 3:
		return f->C_VerifyMessage(c->s, NULL, 0, in, sizeof(in), in,
		    sizeof(in));
	case 4:
		return f->C_MessageEncryptFinal(c->s);
	case 5:
		return f->C_MessageDecryptFinal(c->s);
	case 6:
		return f->C_MessageSignFinal(c->s);
	default:
		return f->C_MessageVerifyFinal(c->s);
	}
}

static CK_RV
message_init(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {0x7badc0deUL, NULL, 0};
	const cf_msg_init init[] = {c->f3->C_MessageEncryptInit,
	    c->f3->C_MessageDecryptInit, c->f3->C_MessageSignInit,
	    c->f3->C_MessageVerifyInit};

	return init[k->a](c->s, &m, 0);
}

#define ROW(what, clause, state, fn, a, b, ...)                                \
	{                                                                      \
		what, "3.0 " clause, state, CF_NEED_3, fn, a, b, NULL,         \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define CANCEL(what, kind, flag, state)                                        \
	ROW("C_SessionCancel/" what, "5.6 C_SessionCancel", state, cancel_op,  \
	    kind, flag, CKR_OK, CF_CKR_OPERATION_CANCEL_FAILED)
#define BY_INIT(what, kind, state)                                             \
	ROW(what "/null-mechanism-cancels", "5.8 to 5.15", state, cancel_op,   \
	    kind, 0, CKR_OK, CF_CKR_OPERATION_CANCEL_FAILED)
#define NOT_BEGUN(fnname, a)                                                   \
	ROW(fnname "/not-begun", "5.9 to 5.16", CF_RO, message_not_begun, a,   \
	    0, CKR_OPERATION_NOT_INITIALIZED, CKR_FUNCTION_NOT_SUPPORTED)
#define MSG_INIT(fnname, a)                                                    \
	ROW(fnname "/unknown-mechanism", "5.9 to 5.16", CF_RO, message_init,   \
	    a, 0, CKR_MECHANISM_INVALID, CKR_FUNCTION_NOT_SUPPORTED)

static const struct cf_case table[] = {
    ROW("C_LoginUser/no-name", "5.6 C_LoginUser", CF_RO, login_user_works, 0, 0,
	CKR_OK),
    ROW("C_LoginUser/name", "5.6 C_LoginUser", CF_RO, login_user, 1, 0, CKR_OK,
	CKR_ARGUMENTS_BAD, CKR_FUNCTION_NOT_SUPPORTED, CKR_USER_TYPE_INVALID,
	CKR_PIN_INCORRECT),
    ROW("C_LoginUser/unknown-type", "5.6 C_LoginUser", CF_RO, login_user, 2, 0,
	CKR_USER_TYPE_INVALID),
    ROW("C_LoginUser/again", "5.6 C_LoginUser", CF_USER, login_user, 0, 0,
	CKR_USER_ALREADY_LOGGED_IN),
    ROW("C_SessionCancel/no-flags", "5.6 C_SessionCancel", CF_RO,
	cancel_nothing, 0, 0, CKR_OK),
    ROW("C_SessionCancel/inactive", "5.6 C_SessionCancel", CF_RO,
	cancel_nothing, CKF_SIGN | CKF_DIGEST | CF_CKF_FIND_OBJECTS, 0, CKR_OK),
    ROW("C_SessionCancel/find", "5.6 C_SessionCancel", CF_RO, cancel_find, 0, 0,
	CKR_OK, CF_CKR_OPERATION_CANCEL_FAILED),
    CANCEL("digest", CF_DIGEST, CKF_DIGEST, CF_RO),
    CANCEL("sign", CF_SIGN, CKF_SIGN, CF_KEY),
    CANCEL("verify", CF_VERIFY, CKF_VERIFY, CF_KEY),
    CANCEL("encrypt", CF_ENCRYPT, CKF_ENCRYPT, CF_KEY),
    CANCEL("decrypt", CF_DECRYPT, CKF_DECRYPT, CF_KEY),
    ROW("C_SessionCancel/one-of-two", "5.6 C_SessionCancel", CF_KEY,
	cancel_one_of_two, 0, 0, CKR_OK, CF_CKR_OPERATION_CANCEL_FAILED),
    BY_INIT("C_DigestInit", CF_DIGEST, CF_RO),
    BY_INIT("C_SignInit", CF_SIGN, CF_KEY),
    BY_INIT("C_VerifyInit", CF_VERIFY, CF_KEY),
    BY_INIT("C_EncryptInit", CF_ENCRYPT, CF_KEY),
    BY_INIT("C_DecryptInit", CF_DECRYPT, CF_KEY),
    MSG_INIT("C_MessageEncryptInit", 0),
    MSG_INIT("C_MessageDecryptInit", 1),
    MSG_INIT("C_MessageSignInit", 2),
    MSG_INIT("C_MessageVerifyInit", 3),
    NOT_BEGUN("C_EncryptMessage", 0),
    NOT_BEGUN("C_DecryptMessage", 1),
    NOT_BEGUN("C_SignMessage", 2),
    NOT_BEGUN("C_VerifyMessage", 3),
    NOT_BEGUN("C_MessageEncryptFinal", 4),
    NOT_BEGUN("C_MessageDecryptFinal", 5),
    NOT_BEGUN("C_MessageSignFinal", 6),
    NOT_BEGUN("C_MessageVerifyFinal", 7),
};

CF_GROUP(cf_group_three, table)
