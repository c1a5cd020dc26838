/* See kat.h: the key of a vector. */
#include "tests/conformance/kat.h"

#include <string.h>

#define ATTRS_MAX 24

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

/* What the key must be allowed to. */
struct use {
	const char *verb;
	CK_OBJECT_CLASS cls;
	CK_ATTRIBUTE_TYPE may[2];
	size_t n;
};

static const struct use uses[] = {
    {"sign", CKO_SECRET_KEY, {CKA_SIGN, CKA_VERIFY}, 2},
    {"sign", CKO_PRIVATE_KEY, {CKA_SIGN}, 1},
    {"verify", CKO_PUBLIC_KEY, {CKA_VERIFY}, 1},
    {"encrypt", CKO_SECRET_KEY, {CKA_ENCRYPT, CKA_DECRYPT}, 2},
    {"encrypt", CKO_PUBLIC_KEY, {CKA_ENCRYPT}, 1},
    {"decrypt", CKO_SECRET_KEY, {CKA_DECRYPT}, 1},
    {"decrypt", CKO_PRIVATE_KEY, {CKA_DECRYPT}, 1},
    {"derive", CKO_SECRET_KEY, {CKA_DERIVE}, 1},
    {"derive", CKO_PRIVATE_KEY, {CKA_DERIVE}, 1},
};

static CK_ULONG
add_uses(const struct cf_kat *v, CK_OBJECT_CLASS cls, CK_ATTRIBUTE *t)
{
	const char *verb = cf_kat_text(v, "do");

	for (size_t i = 0; i < CF_COUNT(uses); i++)
		if (strcmp(uses[i].verb, verb) == 0 && uses[i].cls == cls) {
			for (size_t j = 0; j < uses[i].n; j++)
				t[j] = (CK_ATTRIBUTE){
				    uses[i].may[j], &yes, sizeof(yes)};
			return uses[i].n;
		}
	cf_kat_wrong(v, "no such key can", verb);
}

/* The fields that are attributes. */
static CK_ULONG
add_values(const struct cf_kat *v, CK_ATTRIBUTE *t)
{
	static uint8_t room[8][CF_KAT_MAX];
	CK_ULONG n = 0;

	for (size_t i = 0; i < v->n; i++) {
		CK_ATTRIBUTE_TYPE type;

		if (strncmp(v->name[i], "CKA_", 4) != 0)
			continue;
		if (n == CF_COUNT(room) || !cf_constant(v->name[i], &type))
			cf_kat_wrong(v, "unknown, or too many", v->name[i]);
		t[n] = (CK_ATTRIBUTE){type, room[n], 0};
		t[n].ulValueLen = cf_kat_bytes(v, v->name[i], room[n]);
		n++;
	}
	return n;
}

CK_RV
cf_kat_key(struct cf *c, const struct cf_kat *v, CK_OBJECT_HANDLE *h)
{
	CK_OBJECT_CLASS cls = cf_kat_constant(v, "class", CKO_SECRET_KEY);
	CK_KEY_TYPE type = cf_kat_constant(v, "key", CKK_GENERIC_SECRET);
	CK_ATTRIBUTE t[ATTRS_MAX] = {
	    {CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_PRIVATE, &no, sizeof(no)},
	};
	CK_ULONG n = 4;

	n += add_uses(v, cls, t + n);
	n += add_values(v, t + n);
	return c->f->C_CreateObject(c->s, t, n, h);
}

CK_RV
cf_kat_secret(struct cf *c, uint8_t *value, size_t value_n, CK_OBJECT_HANDLE *h)
{
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_GENERIC_SECRET;
	CK_ATTRIBUTE t[] = {
	    {CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_PRIVATE, &no, sizeof(no)},
	    {CKA_DERIVE, &yes, sizeof(yes)},
	    {CKA_VALUE, value, value_n},
	};

	return c->f->C_CreateObject(c->s, t, CF_COUNT(t), h);
}
