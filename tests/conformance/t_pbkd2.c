/* CKM_PKCS5_PBKD2 where something is wrong (3.0 mech 2.28). What is right is in
 * tests/data/kat. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/params.h"

static CK_BYTE salt[] = "salt", password[] = "password";

enum {
	SOURCE,
	NO_SALT,
	ENDLESS_SALT,
	ROUNDS_0,
	ROUNDS_FAR,
	ROUNDS_TWICE, /* what is allowed, for each of two blocks */
	PRF,
	PRF_DATA,
	NO_PASSWORD,
	ENDLESS_PASSWORD,
	LONG_PASSWORD,
	LONG_AS_ADDRESS,   /* a length that a pointer could be, aligned */
	OLD_LONG_PASSWORD, /* where the old structure has a pointer */
	NO_PARAM,
	SHORT_PARAM,
};

static void
bend(struct cf_pbkd2 *p, unsigned long how)
{
	static CK_ULONG far = ~0UL;

	p->source += how == SOURCE ? 1 : 0;
	p->salt = how == NO_SALT ? NULL : salt;
	p->salt_len = how == ENDLESS_SALT ? ~0UL : 4;
	p->iterations = how == ROUNDS_0       ? 0
			: how == ROUNDS_FAR   ? ~0UL
			: how == ROUNDS_TWICE ? 1UL << 24
					      : 1;
	p->prf = how == PRF ? 99 : 1;
	p->prf_data = how == PRF_DATA ? salt : NULL;
	p->prf_data_len = how == PRF_DATA ? 4 : 0;
	p->password = how == NO_PASSWORD ? NULL : password;
	p->u.password_len = how == ENDLESS_PASSWORD  ? ~0UL
			    : how == LONG_PASSWORD   ? 65537
			    : how == LONG_AS_ADDRESS ? 1 << 20
						     : 8;
	if (how == OLD_LONG_PASSWORD)
		p->u.password_len_at = &far;
}

/* a: what is wrong. */
static CK_RV
param(struct cf *c, const struct cf_case *k)
{
	struct cf_pbkd2 p = {.source = CF_CKZ_SALT_SPECIFIED};
	CK_MECHANISM m = {CKM_PKCS5_PBKD2, k->a == NO_PARAM ? NULL : &p,
	    sizeof(p) - (k->a == SHORT_PARAM ? 1 : 0)};
	CK_BBOOL no = CK_FALSE;
	CK_KEY_TYPE type = CKK_GENERIC_SECRET;
	CK_ULONG n = 40; /* two blocks of SHA-1 */
	CK_ATTRIBUTE t[] = {{CKA_PRIVATE, &no, 1},
	    {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_VALUE_LEN, &n, sizeof(n)}};
	CK_OBJECT_HANDLE h;

	if (!cf_mech_listed(c, m.mechanism))
		return cf_note(c, CF_SKIP, "not listed");
	bend(&p, k->a);
	return c->f->C_GenerateKey(c->s, &m, t, CF_COUNT(t), &h);
}

/* a: the type, 0: not told; b: the length, 0: not told. */
static CK_RV template(struct cf *c, const struct cf_case *k)
{
	struct cf_pbkd2 p = {.source = CF_CKZ_SALT_SPECIFIED};
	CK_MECHANISM m = {CKM_PKCS5_PBKD2, &p, sizeof(p)};
	CK_BBOOL no = CK_FALSE;
	CK_KEY_TYPE type = k->a;
	CK_ULONG len = k->b, n = 1;
	CK_ATTRIBUTE t[3] = {{CKA_PRIVATE, &no, 1}};
	CK_OBJECT_HANDLE h;

	if (!cf_mech_listed(c, m.mechanism))
		return cf_note(c, CF_SKIP, "not listed");
	if (type != 0)
		t[n++] = (CK_ATTRIBUTE){CKA_KEY_TYPE, &type, sizeof(type)};
	if (len != 0)
		t[n++] = (CK_ATTRIBUTE){CKA_VALUE_LEN, &len, sizeof(len)};
	bend(&p, SHORT_PARAM); /* which changes nothing in it */
	return c->f->C_GenerateKey(c->s, &m, t, n, &h);
}

#define ROW(what, fn, a, b, ...)                                               \
	{                                                                      \
		"C_GenerateKey/pbkd2-" what, "3.0 mech 2.28", CF_RO, 0, fn, a, \
		    b, NULL, CF_ALLOW(__VA_ARGS__)                             \
	}
#define PARAM(what, how)                                                       \
	ROW(what, param, how, 0, CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD)

static const struct cf_case table[] = {
    PARAM("no-parameter", NO_PARAM),
    PARAM("short-parameter", SHORT_PARAM),
    PARAM("salt-source", SOURCE),
    PARAM("no-salt", NO_SALT),
    PARAM("endless-salt", ENDLESS_SALT),
    PARAM("no-rounds", ROUNDS_0),
    PARAM("endless-rounds", ROUNDS_FAR),
    PARAM("rounds-of-two-blocks", ROUNDS_TWICE),
    PARAM("unknown-prf", PRF),
    PARAM("prf-data", PRF_DATA),
    PARAM("no-password", NO_PASSWORD),
    PARAM("endless-password", ENDLESS_PASSWORD),
    PARAM("long-password", LONG_PASSWORD),
    PARAM("long-password-like-address", LONG_AS_ADDRESS),
    PARAM("old-long-password", OLD_LONG_PASSWORD),
    ROW("no-type", template, 0, 16, CKR_TEMPLATE_INCOMPLETE),
    ROW("no-length", template, CKK_GENERIC_SECRET, 0, CKR_TEMPLATE_INCOMPLETE),
    ROW("aes-of-17", template, CKK_AES, 17, CKR_ATTRIBUTE_VALUE_INVALID,
	CKR_TEMPLATE_INCONSISTENT, CKR_KEY_SIZE_RANGE),
    ROW("des3-has-a-length", template, CKK_DES3, 0, CKR_OK),
};

CF_GROUP(cf_group_pbkd2, table)
