/* Signing and checking message by message: 3.0 clauses 5.14 and 5.16, with the
 * card's key; a key that wants a PIN for each use wants it for each message. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/op.h"

static CK_BYTE text[64] = "Công văn thử của Sở Thử nghiệm tỉnh Ví Dụ";

struct signing {
	CK_MECHANISM m;
	CK_BYTE sig[1024];
	CK_ULONG n;
};

static CK_RV
begin(struct cf *c, struct signing *s)
{
	CK_MECHANISM_INFO info = {0, 0, 0};

	memset(s, 0, sizeof(*s));
	s->m.mechanism = cf_mech_sign(c);
	s->n = sizeof(s->sig);
	if (c->f3->base.C_GetMechanismInfo(c->slot, s->m.mechanism, &info) !=
		CKR_OK ||
	    (info.flags & CF_CKF_MESSAGE_SIGN) == 0)
		return cf_note(c, CF_SKIP, "no signing of messages");
	return c->f3->C_MessageSignInit(c->s, &s->m, c->key.priv);
}

/* The PIN for a message, if the key wants one. */
static CK_RV
consent(struct cf *c)
{
	return c->plain != NULL ? cf_consent_login(c, c->s) : CKR_OK;
}

static CK_RV
right(struct cf *c, const struct signing *s, size_t n)
{
	struct cf_sig how;

	cf_mech_sign_how(s->m.mechanism, &how);
	return cf_ossl_verify(c->key.pkey, &how, text, n, s->sig, s->n)
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "the signature is wrong");
}

/* One message at once; b: in parts of b bytes. */
static CK_RV
one(struct cf *c, struct signing *s, size_t step)
{
	size_t at = 0;
	CK_RV rv = consent(c);

	s->n = sizeof(s->sig);
	if (rv == CKR_OK && step == 0)
		rv = c->f3->C_SignMessage(c->s, NULL, 0, text, sizeof(text),
		    s->sig, &s->n);
	else if (rv == CKR_OK)
		rv = c->f3->C_SignMessageBegin(c->s, NULL, 0);
	if (step == 0)
		return rv;
	for (; rv == CKR_OK && at + step < sizeof(text); at += step)
		rv = c->f3->C_SignMessageNext(c->s, NULL, 0, text + at, step,
		    NULL, NULL);
	return rv == CKR_OK ? c->f3->C_SignMessageNext(c->s, NULL, 0, text + at,
				  sizeof(text) - at, s->sig, &s->n)
			    : rv;
}

/* a: bytes of a part, 0 for at once. Three messages, then the end. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	struct signing s;
	CK_RV rv = begin(c, &s);

	for (unsigned i = 0; rv == CKR_OK && i < 3; i++) {
		text[60] = (CK_BYTE)i;
		rv = one(c, &s, k->a);
		if (rv == CKR_OK)
			rv = right(c, &s, sizeof(text));
	}
	return rv == CKR_OK ? c->f3->C_MessageSignFinal(c->s) : rv;
}

/* a: 0 a length query, 1 too small; b: 1 in a last part. The PIN, given before,
 * is still good. */
static CK_RV
no_room(struct cf *c, const struct cf_case *k)
{
	const struct cf_list3 *f = c->f3;
	struct signing s;
	CK_ULONG n = k->a == 1 ? c->key.sig_len - 1 : 0;
	CK_BYTE *out = k->a == 1 ? s.sig : NULL;
	CK_RV rv = begin(c, &s);

	if (rv == CKR_OK)
		rv = consent(c);
	if (rv == CKR_OK && k->b == 1)
		rv = f->C_SignMessageBegin(c->s, NULL, 0);
	if (rv != CKR_OK)
		return rv;
	s.sig[0] = CF_OP_PATTERN;
	rv = k->b == 1 ? f->C_SignMessageNext(c->s, NULL, 0, text, 32, out, &n)
		       : f->C_SignMessage(c->s, NULL, 0, text, 32, out, &n);
	if (rv != (k->a == 1 ? CKR_BUFFER_TOO_SMALL : CKR_OK) ||
	    n < c->key.sig_len || s.sig[0] != CF_OP_PATTERN)
		return cf_note(c, CF_WRONG, "%s, length %lu", cf_rv_name(rv),
		    n);
	rv = k->b == 1
		 ? f->C_SignMessageNext(c->s, NULL, 0, text, 32, s.sig, &s.n)
		 : f->C_SignMessage(c->s, NULL, 0, text, 32, s.sig, &s.n);
	return rv == CKR_OK ? right(c, &s, 32) : rv;
}

/* A key that wants it gets no PIN. a: 1 for the second message, after one. */
static CK_RV
without_consent(struct cf *c, const struct cf_case *k)
{
	struct signing s;
	CK_RV rv = begin(c, &s);

	if (rv == CKR_OK && k->a == 1 && (rv = one(c, &s, 0)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	s.n = sizeof(s.sig);
	return rv == CKR_OK
		   ? c->f3->C_SignMessage(c->s, NULL, 0, text, 32, s.sig, &s.n)
		   : rv;
}

enum {
	PARAMETER,
	NULL_LENGTH,
	NULL_INPUT,
	NEXT_ALONE,
	BEGIN_TWICE,
	ONCE_INSIDE,
	AFTER_FINAL,
	TWICE,
	CANCELLED
};

/* a: what is wrong. */
static CK_RV
wrong(struct cf *c, const struct cf_case *k)
{
	const struct cf_list3 *f = c->f3;
	struct signing s;
	CK_RV rv = begin(c, &s);

	if (rv != CKR_OK)
		return rv;
	switch (k->a) {
	case PARAMETER:
		return f->C_SignMessage(c->s, text, 5, text, 32, s.sig, &s.n);
	case NULL_LENGTH:
		return f->C_SignMessage(c->s, NULL, 0, text, 32, s.sig, NULL);
	case NULL_INPUT:
		return f->C_SignMessage(c->s, NULL, 0, NULL, 32, s.sig, &s.n);
	case TWICE:
		return f->C_MessageSignInit(c->s, &s.m, c->key.priv);
	case NEXT_ALONE:
		return f->C_SignMessageNext(c->s, NULL, 0, text, 32, NULL,
		    NULL);
	default:
		break;
	}
	rv = f->C_SignMessageBegin(c->s, NULL, 0);
	if (rv == CKR_OK && k->a == BEGIN_TWICE)
		return f->C_SignMessageBegin(c->s, NULL, 0);
	if (rv == CKR_OK && k->a == AFTER_FINAL)
		rv = f->C_MessageSignFinal(c->s);
	if (rv == CKR_OK && k->a == CANCELLED)
		rv = f->C_SessionCancel(c->s, CF_CKF_MESSAGE_SIGN);
	return rv == CKR_OK
		   ? f->C_SignMessage(c->s, NULL, 0, text, 32, s.sig, &s.n)
		   : rv;
}

/* An error ends the message alone. */
static CK_RV
goes_on(struct cf *c, const struct cf_case *k)
{
	struct signing s;
	CK_RV rv = begin(c, &s);

	(void)k;
	if (rv == CKR_OK)
		rv = c->f3->C_SignMessageBegin(c->s, NULL, 0);
	if (rv != CKR_OK)
		return rv;
	rv = c->f3->C_SignMessageNext(c->s, NULL, 0, NULL, 9, NULL, NULL);
	if (rv != CKR_ARGUMENTS_BAD)
		return cf_note(c, CF_WRONG, "%s", cf_rv_name(rv));
	rv = one(c, &s, 0);
	return rv == CKR_OK ? right(c, &s, sizeof(text)) : rv;
}

/* Nothing is signed after the login is over. */
static CK_RV
logged_out(struct cf *c, const struct cf_case *k)
{
	struct signing s;
	CK_RV rv = begin(c, &s);

	(void)k;
	if (rv == CKR_OK && (rv = c->f->C_Logout(c->s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return rv == CKR_OK
		   ? c->f3->C_SignMessage(c->s, NULL, 0, text, 32, s.sig, &s.n)
		   : rv;
}

#define ROW(what, need, fn, a, b, ...)                                         \
	{                                                                      \
		what, "3.0 5.14", CF_KEY, CF_NEED_3 | (need), fn, a, b, NULL,  \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define WRONG(what, a, rv) ROW(what, 0, wrong, a, 0, rv)

static const struct cf_case table[] = {
    ROW("C_SignMessage/good", 0, good, 0, 0, CKR_OK),
    ROW("C_SignMessageNext/parts-of-9", 0, good, 9, 0, CKR_OK),
    ROW("C_SignMessageNext/one-part", 0, good, 64, 0, CKR_OK),
    ROW("C_SignMessage/length-query", 0, no_room, 0, 0, CKR_OK),
    ROW("C_SignMessage/too-small-goes-on", 0, no_room, 1, 0, CKR_OK),
    ROW("C_SignMessageNext/length-query", 0, no_room, 0, 1, CKR_OK),
    ROW("C_SignMessageNext/too-small-goes-on", 0, no_room, 1, 1, CKR_OK),
    ROW("C_SignMessage/without-consent", CF_NEED_CONSENT, without_consent, 0, 0,
	CKR_USER_NOT_LOGGED_IN),
    ROW("C_SignMessage/consent-once", CF_NEED_CONSENT, without_consent, 1, 0,
	CKR_USER_NOT_LOGGED_IN),
    ROW("C_SignMessage/error-goes-on", 0, goes_on, 0, 0, CKR_OK),
    ROW("C_SignMessage/logged-out", 0, logged_out, 0, 0,
	CKR_USER_NOT_LOGGED_IN),
    WRONG("C_SignMessage/parameter", PARAMETER, CKR_MECHANISM_PARAM_INVALID),
    WRONG("C_SignMessage/null-length", NULL_LENGTH, CKR_ARGUMENTS_BAD),
    WRONG("C_SignMessage/null-input", NULL_INPUT, CKR_ARGUMENTS_BAD),
    WRONG("C_SignMessage/inside-a-message", ONCE_INSIDE, CKR_OPERATION_ACTIVE),
    WRONG("C_SignMessageBegin/twice", BEGIN_TWICE, CKR_OPERATION_ACTIVE),
    WRONG("C_SignMessageNext/no-message", NEXT_ALONE,
	CKR_OPERATION_NOT_INITIALIZED),
    WRONG("C_MessageSignInit/twice", TWICE, CKR_OPERATION_ACTIVE),
    WRONG("C_MessageSignFinal/ends", AFTER_FINAL,
	CKR_OPERATION_NOT_INITIALIZED),
    WRONG("C_SessionCancel/message-sign", CANCELLED,
	CKR_OPERATION_NOT_INITIALIZED),
};

CF_GROUP(cf_group_message_sign, table)
