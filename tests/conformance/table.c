/*
 * What a token offers, as text: its flags, its objects before and after login,
 * its mechanisms. Kept per card type in expected/TYPE.table and compared, so
 * that nobody changes what users see without seeing it.
 */
#include <string.h>

#include "tests/conformance/cf.h"

#define MECHS_MAX 512
#define OBJECTS_MAX 64
#define LABEL_MAX 256

struct flag {
	CK_FLAGS bit;
	const char *name;
};

static const struct flag token_flags[] = {
    {CKF_RNG, "RNG"},
    {CKF_WRITE_PROTECTED, "WRITE_PROTECTED"},
    {CKF_LOGIN_REQUIRED, "LOGIN_REQUIRED"},
    {CKF_USER_PIN_INITIALIZED, "USER_PIN_INITIALIZED"},
    {CKF_PROTECTED_AUTHENTICATION_PATH, "PROTECTED_AUTHENTICATION_PATH"},
    {CKF_RESTORE_KEY_NOT_NEEDED, "RESTORE_KEY_NOT_NEEDED"},
    {CKF_CLOCK_ON_TOKEN, "CLOCK_ON_TOKEN"},
    {CKF_DUAL_CRYPTO_OPERATIONS, "DUAL_CRYPTO_OPERATIONS"},
    {CKF_TOKEN_INITIALIZED, "TOKEN_INITIALIZED"},
    {CKF_USER_PIN_COUNT_LOW, "USER_PIN_COUNT_LOW"},
    {CKF_USER_PIN_FINAL_TRY, "USER_PIN_FINAL_TRY"},
    {CKF_USER_PIN_LOCKED, "USER_PIN_LOCKED"},
    {CKF_USER_PIN_TO_BE_CHANGED, "USER_PIN_TO_BE_CHANGED"},
    {CKF_SO_PIN_COUNT_LOW, "SO_PIN_COUNT_LOW"},
    {CKF_SO_PIN_FINAL_TRY, "SO_PIN_FINAL_TRY"},
    {CKF_SO_PIN_LOCKED, "SO_PIN_LOCKED"},
    {CKF_SO_PIN_TO_BE_CHANGED, "SO_PIN_TO_BE_CHANGED"},
};

static const struct flag mech_flags[] = {
    {CKF_ENCRYPT, "ENCRYPT"},
    {CKF_DECRYPT, "DECRYPT"},
    {CKF_DIGEST, "DIGEST"},
    {CKF_SIGN, "SIGN"},
    {CKF_SIGN_RECOVER, "SIGN_RECOVER"},
    {CKF_VERIFY, "VERIFY"},
    {CKF_VERIFY_RECOVER, "VERIFY_RECOVER"},
    {CKF_GENERATE, "GENERATE"},
    {CKF_GENERATE_KEY_PAIR, "GENERATE_KEY_PAIR"},
    {CKF_WRAP, "WRAP"},
    {CKF_UNWRAP, "UNWRAP"},
    {CKF_DERIVE, "DERIVE"},
    {CF_CKF_MESSAGE_ENCRYPT, "MESSAGE_ENCRYPT"},
    {CF_CKF_MESSAGE_DECRYPT, "MESSAGE_DECRYPT"},
    {CF_CKF_MESSAGE_SIGN, "MESSAGE_SIGN"},
    {CF_CKF_MESSAGE_VERIFY, "MESSAGE_VERIFY"},
    {CF_CKF_MULTI_MESSAGE, "MULTI_MESSAGE"},
    {CF_CKF_ENCAPSULATE, "ENCAPSULATE"},
    {CF_CKF_DECAPSULATE, "DECAPSULATE"},
    {CKF_EC_F_P, "EC_F_P"},
    {CF_CKF_EC_F_2M, "EC_F_2M"},
    {CF_CKF_EC_ECPARAMETERS, "EC_ECPARAMETERS"},
    {CKF_EC_NAMEDCURVE, "EC_NAMEDCURVE"},
    {CKF_EC_UNCOMPRESS, "EC_UNCOMPRESS"},
    {CKF_EC_COMPRESS, "EC_COMPRESS"},
    {CF_CKF_EC_CURVENAME, "EC_CURVENAME"},
};

static const struct flag classes[] = {
    {CKO_DATA, "data"},
    {CKO_CERTIFICATE, "certificate"},
    {CKO_PUBLIC_KEY, "public key"},
    {CKO_PRIVATE_KEY, "private key"},
    {CKO_SECRET_KEY, "secret key"},
    {CKO_DOMAIN_PARAMETERS, "domain parameters"},
    {CKO_MECHANISM, "mechanism"},
    {CF_CKO_PROFILE, "profile"},
};

static const struct flag attributes[] = {
    {CKA_PRIVATE, "PRIVATE"},
    {CKA_MODIFIABLE, "MODIFIABLE"},
    {CKA_TRUSTED, "TRUSTED"},
    {CKA_ENCRYPT, "ENCRYPT"},
    {CKA_DECRYPT, "DECRYPT"},
    {CKA_SIGN, "SIGN"},
    {CKA_SIGN_RECOVER, "SIGN_RECOVER"},
    {CKA_VERIFY, "VERIFY"},
    {CKA_VERIFY_RECOVER, "VERIFY_RECOVER"},
    {CKA_WRAP, "WRAP"},
    {CKA_UNWRAP, "UNWRAP"},
    {CKA_DERIVE, "DERIVE"},
    {CKA_SENSITIVE, "SENSITIVE"},
    {CKA_EXTRACTABLE, "EXTRACTABLE"},
    {CKA_LOCAL, "LOCAL"},
    {CKA_ALWAYS_AUTHENTICATE, "ALWAYS_AUTHENTICATE"},
};

/* The names of the bits that are set, and what nobody named. */
static void
put_flags(CK_FLAGS flags, const struct flag *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((flags & table[i].bit) != 0) {
			printf(" %s", table[i].name);
			flags &= ~table[i].bit;
		}
	if (flags != 0)
		printf(" 0x%lx", flags);
	putchar('\n');
}

/* A blank-padded field without its blanks. */
static void
put_field(const char *what, const CK_UTF8CHAR *field, size_t n)
{
	while (n > 0 && field[n - 1] == ' ')
		n--;
	printf("%s: %.*s\n", what, (int)n, (const char *)field);
}

#define PUT_FIELD(what, field) put_field(what, field, sizeof(field))

static void
put_token(const CK_TOKEN_INFO *t)
{
	PUT_FIELD("label", t->label);
	PUT_FIELD("manufacturer", t->manufacturerID);
	PUT_FIELD("model", t->model);
	printf("PIN: %lu to %lu\n", t->ulMinPinLen, t->ulMaxPinLen);
	printf("flags:");
	put_flags(t->flags, token_flags, CF_COUNT(token_flags));
}

/* Those in which the token has a part. */
static CK_RV
put_mechanisms(struct cf *c)
{
	CK_MECHANISM_TYPE list[MECHS_MAX];
	CK_ULONG n = MECHS_MAX;
	CK_MECHANISM_INFO info;
	CK_RV rv = c->f->C_GetMechanismList(c->slot, list, &n);

	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
		rv = c->f->C_GetMechanismInfo(c->slot, list[i], &info);
		if (rv != CKR_OK || (info.flags & CKF_HW) == 0)
			continue;
		printf("mechanism %s %lu to %lu:", cf_mech_name(list[i]),
		    info.ulMinKeySize, info.ulMaxKeySize);
		put_flags(info.flags & ~CKF_HW, mech_flags,
		    CF_COUNT(mech_flags));
	}
	return rv;
}

/* Size of a key, from the public half that is asked of the object. */
static void
put_key(struct cf *c, CK_OBJECT_HANDLE o)
{
	uint8_t b[1024];
	size_t n;

	if (cf_attr(c, o, CKA_MODULUS, b, sizeof(b), &n) == CKR_OK)
		printf(" RSA %zu", n * 8);
	else if (cf_attr(c, o, CKA_EC_PARAMS, b, sizeof(b), &n) == CKR_OK) {
		printf(" EC ");
		for (size_t i = 0; i < n; i++)
			printf("%02x", b[i]);
	}
}

static void
put_object(struct cf *c, CK_OBJECT_HANDLE o)
{
	CK_OBJECT_CLASS class = ~0UL;
	char label[LABEL_MAX];
	size_t n = 0;
	bool on;

	(void)cf_attr_ulong(c, o, CKA_CLASS, &class);
	for (size_t i = 0; i < CF_COUNT(classes); i++)
		if (classes[i].bit == class)
			printf("%s", classes[i].name);
	put_key(c, o);
	if (cf_attr(c, o, CKA_LABEL, label, sizeof(label), &n) == CKR_OK)
		printf(" \"%.*s\"", (int)n, label);
	putchar(':');
	for (size_t i = 0; i < CF_COUNT(attributes); i++)
		if (cf_attr_bool(c, o, attributes[i].bit, &on) == CKR_OK && on)
			printf(" %s", attributes[i].name);
	putchar('\n');
}

static CK_RV
put_objects(struct cf *c, const char *when)
{
	CK_OBJECT_HANDLE o[OBJECTS_MAX];
	CK_ULONG n = 0;
	CK_RV rv = cf_find(c, c->s, NULL, 0, o, CF_COUNT(o), &n);

	printf("%s:\n", when);
	for (CK_ULONG i = 0; i < n; i++) {
		printf("  ");
		put_object(c, o[i]);
	}
	return rv;
}

CK_RV
cf_table(struct cf *c)
{
	CK_RV rv = cf_up(c, CF_RO, 0);

	if (rv == CKR_OK)
		put_token(&c->token);
	if (rv == CKR_OK)
		rv = put_objects(c, "objects before login");
	if (rv == CKR_OK && c->opt->pin != NULL &&
	    (rv = cf_login(c, c->s)) == CKR_OK)
		rv = put_objects(c, "objects after login");
	if (rv == CKR_OK)
		rv = put_mechanisms(c);
	if (rv != CKR_OK)
		fprintf(stderr, "conformance: %s %s\n", cf_rv_name(rv),
		    c->note);
	cf_down(c);
	return rv;
}
