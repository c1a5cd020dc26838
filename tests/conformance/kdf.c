#include "tests/conformance/kdf.h"

#include <string.h>

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_BYTE value[32] = "thirty-two bytes of no secret !";

#define T(type, v)                                                             \
	{                                                                      \
		type, &(v), sizeof(v)                                          \
	}

static CK_RV
generated(struct cf *c, CK_OBJECT_HANDLE *h)
{
	CK_MECHANISM m = {CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};
	CK_ULONG n = 32;
	CK_ATTRIBUTE t[] = {T(CKA_TOKEN, no), T(CKA_PRIVATE, no),
	    T(CKA_VALUE_LEN, n), T(CKA_DERIVE, yes), T(CKA_SENSITIVE, yes),
	    T(CKA_EXTRACTABLE, no)};

	return c->f->C_GenerateKey(c->s, &m, t, CF_COUNT(t), h);
}

CK_RV
cf_base(struct cf *c, enum cf_base which, CK_OBJECT_HANDLE *h)
{
	const CK_ATTRIBUTE add[] = {
	    {CKA_VALUE, value, which == CF_BASE_SHORT ? 16 : 32},
	    {CKA_DERIVE, which == CF_BASE_NO_DERIVE ? &no : &yes, 1},
	    {CKA_SENSITIVE,
		which == CF_BASE_SENSITIVE || which == CF_BASE_SHORT ? &yes
								     : &no,
		1},
	    {CKA_EXTRACTABLE, which == CF_BASE_KEPT ? &no : &yes, 1},
	    {CKA_WRAP_WITH_TRUSTED, &yes, 1},
	};
	const struct cf_bend b = {
	    CF_KEEP_ALL, add, which == CF_BASE_TRUSTED ? 5 : 4};

	if (which == CF_BASE_GENERATED)
		return generated(c, h);
	return cf_make(c, which == CF_BASE_AES ? CF_AES : CF_GENERIC, &b, h);
}

CK_RV
cf_derive(struct cf *c, const struct cf_derive *d, CK_OBJECT_HANDLE base,
    CK_OBJECT_HANDLE *h)
{
	static CK_BYTE param[128]; /* the module may not write to it */
	CK_MECHANISM m = {d->type, d->param != NULL ? param : NULL, d->param_n};
	CK_KEY_TYPE type = d->makes;
	CK_ULONG length = d->length, n = 2;
	CK_ATTRIBUTE t[12] = {T(CKA_TOKEN, no), T(CKA_PRIVATE, no)};

	if (!cf_mech_listed(c, d->type))
		return cf_note(c, CF_SKIP, "not listed");
	if (d->param != NULL)
		memcpy(param, d->param,
		    d->param_n < sizeof(param) ? d->param_n : sizeof(param));
	if (type != CF_ANY_TYPE)
		t[n++] = (CK_ATTRIBUTE)T(CKA_KEY_TYPE, type);
	if (length != 0)
		t[n++] = (CK_ATTRIBUTE)T(CKA_VALUE_LEN, length);
	for (CK_ULONG i = 0; i < d->add_n; i++)
		t[n++] = d->add[i];
	return c->f->C_DeriveKey(c->s, &m, base, t, n, h);
}

CK_RV
cf_derive_row(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE base, h;
	CK_RV rv = cf_base(c, (enum cf_base)k->a, &base);

	return rv == CKR_OK ? cf_derive(c, k->p, base, &h) : rv;
}
