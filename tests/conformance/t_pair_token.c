/* C_GenerateKeyPair for keys of the token: 2.40 5.14.2, mech 2.1.4, 2.3.5. A
 * token that makes none answers CKR_TOKEN_WRITE_PROTECTED. */
#include <string.h>

#include "tests/conformance/groups.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_ULONG bits = 2048;
static CK_BYTE f4[] = {0x01, 0x00, 0x01}, id[] = {0xC0, 0x4F};
static CK_BYTE p256[] = {
    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};

enum { RSA_PAIR, EC_PAIR };
/* What is done: the order alone, or with a template that contradicts. */
enum { PLAIN, EXTRACTABLE_TOO, NO_CURVE };

struct pair {
	CK_OBJECT_HANDLE pub, prv;
};

static CK_RV
generate(struct cf *c, unsigned long kind, unsigned long what, struct pair *p)
{
	CK_MECHANISM m = {
	    kind == EC_PAIR ? CKM_EC_KEY_PAIR_GEN : CKM_RSA_PKCS_KEY_PAIR_GEN,
	    NULL, 0};
	CK_ATTRIBUTE pub[] = {{CKA_TOKEN, &yes, 1}, {CKA_VERIFY, &yes, 1},
	    {CKA_ID, id, sizeof(id)}, {CKA_MODULUS_BITS, &bits, sizeof(bits)},
	    {CKA_PUBLIC_EXPONENT, f4, sizeof(f4)}};
	CK_ATTRIBUTE prv[] = {{CKA_TOKEN, &yes, 1}, {CKA_PRIVATE, &yes, 1},
	    {CKA_SENSITIVE, &yes, 1}, {CKA_SIGN, &yes, 1},
	    {CKA_ID, id, sizeof(id)}, {CKA_EXTRACTABLE, &no, 1},
	    {CKA_EXTRACTABLE, &yes, 1}};
	CK_ULONG pub_n = 5;

	if (!cf_mech_can(c, m.mechanism, CKF_GENERATE_KEY_PAIR))
		return cf_note(c, CF_SKIP, "not listed");
	if (kind == EC_PAIR) {
		pub[3] = (CK_ATTRIBUTE){CKA_EC_PARAMS, p256, sizeof(p256)};
		pub_n = what == NO_CURVE ? 3 : 4;
	}
	return c->f->C_GenerateKeyPair(c->s, &m, pub, pub_n, prv,
	    what == EXTRACTABLE_TOO ? 7 : 6, &p->pub, &p->prv);
}

/* a: which pair; b: what is wrong with it. */
static CK_RV
refused(struct cf *c, const struct cf_case *k)
{
	struct pair p;

	return generate(c, k->a, k->b, &p);
}

/* The attributes of a key that was made on the token (mech 2.1.3). */
static CK_RV
check(struct cf *c, const struct pair *p)
{
	static const struct {
		CK_ATTRIBUTE_TYPE type;
		bool want;
	} flags[] = {{CKA_TOKEN, true}, {CKA_PRIVATE, true},
	    {CKA_SENSITIVE, true}, {CKA_ALWAYS_SENSITIVE, true},
	    {CKA_EXTRACTABLE, false}, {CKA_NEVER_EXTRACTABLE, true},
	    {CKA_LOCAL, true}, {CKA_SIGN, true}};
	bool is = false;
	CK_RV rv = CKR_OK;

	for (size_t i = 0; rv == CKR_OK && i < CF_COUNT(flags); i++) {
		rv = cf_attr_bool(c, p->prv, flags[i].type, &is);
		if (rv == CKR_OK && is != flags[i].want)
			return cf_note(c, CF_WRONG, "attribute %lX",
			    flags[i].type);
	}
	if (rv == CKR_OK)
		rv = cf_attr_bool(c, p->pub, CKA_VERIFY, &is);
	if (rv == CKR_OK && !is)
		return cf_note(c, CF_WRONG, "it does not verify");
	return rv;
}

/* It is there for another session, and goes when the token lets it. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	struct pair p;
	CK_RV rv = generate(c, k->a, PLAIN, &p);

	if (rv != CKR_OK)
		return rv;
	rv = check(c, &p);
	if (rv == CKR_OK &&
	    cf_find_class(c, c->s, CKO_PRIVATE_KEY, id, sizeof(id)) != p.prv)
		rv = cf_note(c, CF_WRONG, "not found by its CKA_ID");
	(void)c->f->C_DestroyObject(c->s, p.prv);
	(void)c->f->C_DestroyObject(c->s, p.pub);
	return rv;
}

/* A read/write session of the user. */
static CK_RV
as_user(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = cf_login(c, c->s);

	if (rv != CKR_OK)
		return rv;
	return k->p != NULL ? good(c, k) : refused(c, k);
}

#define ROW(what, state, need, fn, a, b, p, ...)                               \
	{                                                                      \
		"C_GenerateKeyPair/" what, "2.40 5.14.2", state, need, fn, a,  \
		    b, p, CF_ALLOW(__VA_ARGS__)                                \
	}

static const struct cf_case table[] = {
    ROW("token-read-only", CF_USER, 0, refused, RSA_PAIR, PLAIN, NULL,
	CKR_SESSION_READ_ONLY, CKR_TOKEN_WRITE_PROTECTED),
    ROW("token-public", CF_RW, 0, refused, RSA_PAIR, PLAIN, NULL,
	CKR_USER_NOT_LOGGED_IN, CKR_TOKEN_WRITE_PROTECTED),
    ROW("token-contradicting", CF_RW, CF_NEED_DESTRUCTIVE, as_user, EC_PAIR,
	EXTRACTABLE_TOO, NULL, CKR_TEMPLATE_INCONSISTENT,
	CKR_TOKEN_WRITE_PROTECTED),
    ROW("token-no-curve", CF_RW, 0, as_user, EC_PAIR, NO_CURVE, NULL,
	CKR_TEMPLATE_INCOMPLETE, CKR_TOKEN_WRITE_PROTECTED),
    /* They stay on a card: for tokens that are there to be tested. */
    ROW("token-rsa", CF_RW, CF_NEED_DESTRUCTIVE, as_user, RSA_PAIR, PLAIN, id,
	CKR_OK, CKR_TOKEN_WRITE_PROTECTED),
    ROW("token-ec-again", CF_RW, CF_NEED_DESTRUCTIVE, as_user, EC_PAIR, PLAIN,
	id, CKR_OK, CKR_TOKEN_WRITE_PROTECTED, CKR_ATTRIBUTE_VALUE_INVALID),
};

CF_GROUP(cf_group_pair_token, table)
