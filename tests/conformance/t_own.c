/*
 * The module's own object class (module/capkcs11.h); skipped by modules that
 * know none. A vendor's class must not disturb those who know the standard
 * alone (3.0 4.1: CKO_VENDOR_DEFINED; 4.12 for objects found by class).
 */
#include <string.h>

#include "module/capkcs11.h"
#include "tests/conformance/groups.h"

#define MAX 512

static CK_BBOOL yes = CK_TRUE;

/* The object, or CF_SKIP. */
static CK_RV
own(struct cf *c, CK_OBJECT_HANDLE *o)
{
	CK_OBJECT_CLASS cls = CKO_CAPKCS11_TOKEN;
	CK_ATTRIBUTE t = {CKA_CLASS, &cls, sizeof(cls)};
	CK_OBJECT_HANDLE found[2];
	CK_ULONG n = 0;
	CK_RV rv = cf_find(c, c->s, &t, 1, found, 2, &n);

	if (rv != CKR_OK || n == 0)
		return cf_note(c, CF_SKIP, "no such class");
	*o = found[0];
	return n == 1 ? CKR_OK : cf_note(c, CF_WRONG, "%lu objects", n);
}

/* a: what is asked for: 0 nothing, 1 CKA_TOKEN, 2 an attribute that only the
 * object has, 3 another class. */
static CK_RV
not_found(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_CLASS cls = CKO_CERTIFICATE;
	CK_ULONG can;
	CK_ATTRIBUTE t[] = {{0}, {CKA_TOKEN, &yes, sizeof(yes)},
	    {CKA_CAPKCS11_CAN, &can, sizeof(can)},
	    {CKA_CLASS, &cls, sizeof(cls)}};
	CK_OBJECT_HANDLE o, found[MAX];
	CK_ULONG n = 0;
	CK_RV rv = own(c, &o);

	if (rv == CKR_OK)
		rv = cf_attr_ulong(c, o, CKA_CAPKCS11_CAN, &can);
	if (rv == CKR_OK)
		rv = cf_find(c, c->s, &t[k->a], k->a != 0 ? 1 : 0, found, MAX,
		    &n);
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
		if (found[i] == o)
			return cf_note(c, CF_WRONG, "it is found");
	return rv;
}

/* Both numbers of tries, and no more left than there are. */
static CK_RV
tries(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_ULONG left, max;
	CK_RV rv = own(c, &o);

	if (rv == CKR_OK)
		rv = cf_attr_ulong(c, o, k->a, &left);
	if (rv == CKR_OK)
		rv = cf_attr_ulong(c, o, k->b, &max);
	if (rv == CKR_OK && left != CK_UNAVAILABLE_INFORMATION && left > max)
		return cf_note(c, CF_WRONG, "%lu of %lu", left, max);
	return rv;
}

static CK_RV
family(struct cf *c, const struct cf_case *k)
{
	CK_BYTE name[256];
	CK_OBJECT_HANDLE o;
	size_t n = 0;
	CK_RV rv = own(c, &o);

	(void)k;
	if (rv == CKR_OK)
		rv = cf_attr(c, o, CKA_CAPKCS11_FAMILY, name, sizeof(name), &n);
	if (rv == CKR_OK && (n == 0 || memchr(name, 0, n) != NULL))
		return cf_note(c, CF_WRONG, "%zu bytes", n);
	return rv;
}

static CK_RV
ordered(struct cf *c, CK_OBJECT_HANDLE o, CK_BBOOL want)
{
	CK_BBOOL is = 2;
	CK_ATTRIBUTE a = {CKA_CAPKCS11_SPEND_LAST_TRY, &is, sizeof(is)};
	CK_RV rv = c->f->C_GetAttributeValue(c->s, o, &a, 1);

	return rv == CKR_OK && is != want ? cf_note(c, CF_WRONG, "it is %u", is)
					  : rv;
}

/* a: 0 C_Login of nobody, 1 C_SetPIN and 2 C_InitPIN without a value: each is
 * an order, spends no try, and ends the word. */
static CK_RV
one_order(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE a = {CKA_CAPKCS11_SPEND_LAST_TRY, &yes, sizeof(yes)};
	CK_OBJECT_HANDLE o;
	CK_RV rv = own(c, &o);

	if (rv == CKR_OK)
		rv = ordered(c, o, CK_FALSE);
	if (rv == CKR_OK)
		rv = c->f->C_SetAttributeValue(c->s, o, &a, 1);
	if (rv == CKR_OK)
		rv = ordered(c, o, CK_TRUE);
	if (rv != CKR_OK)
		return rv;
	if (k->a == 0)
		rv = c->f->C_Login(c->s, 0x7badc0deUL, NULL, 0);
	else if (k->a == 1)
		rv = c->f->C_SetPIN(c->s, NULL, 1, NULL, 1);
	else
		rv = c->f->C_InitPIN(c->s, NULL, 1);
	if (rv == CKR_OK)
		return cf_note(c, CF_WRONG, "the order was carried out");
	return ordered(c, o, CK_FALSE);
}

/* a: 0 C_DestroyObject, 1 C_CopyObject, 2 C_SetAttributeValue of what is read
 * only, 3 of what it has not, 4 of no CK_BBOOL. */
static CK_RV
refused(struct cf *c, const struct cf_case *k)
{
	CK_ULONG number = 1;
	CK_ATTRIBUTE t[] = {{CKA_CAPKCS11_CAN, &number, sizeof(number)},
	    {CKA_LABEL, &number, 1},
	    {CKA_CAPKCS11_SPEND_LAST_TRY, &number, sizeof(number)}};
	CK_OBJECT_HANDLE o, copy;
	CK_RV rv = own(c, &o);

	if (rv != CKR_OK)
		return rv;
	if (k->a == 0)
		return c->f->C_DestroyObject(c->s, o);
	if (k->a == 1)
		return c->f->C_CopyObject(c->s, o, NULL, 0, &copy);
	return c->f->C_SetAttributeValue(c->s, o, &t[k->a - 2], 1);
}

#define OWN(what, state, fn, a, b, ...)                                        \
	{                                                                      \
		"own-class/" what, "3.0 4.1", state, 0, fn, a, b, NULL,        \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}

static const struct cf_case table[] = {
    OWN("not-without-class", CF_RO, not_found, 0, 0, CKR_OK),
    OWN("not-by-token", CF_RO, not_found, 1, 0, CKR_OK),
    OWN("not-by-attribute", CF_RO, not_found, 2, 0, CKR_OK),
    OWN("not-by-another-class", CF_RO, not_found, 3, 0, CKR_OK),
    OWN("not-logged-in", CF_USER, not_found, 0, 0, CKR_OK),
    OWN("family", CF_RO, family, 0, 0, CKR_OK),
    OWN("pin-tries", CF_RO, tries, CKA_CAPKCS11_PIN_TRIES,
	CKA_CAPKCS11_PIN_TRIES_MAX, CKR_OK),
    OWN("puk-tries", CF_RO, tries, CKA_CAPKCS11_PUK_TRIES,
	CKA_CAPKCS11_PUK_TRIES_MAX, CKR_OK),
    OWN("pin-tries-logged-in", CF_USER, tries, CKA_CAPKCS11_PIN_TRIES,
	CKA_CAPKCS11_PIN_TRIES_MAX, CKR_OK),
    OWN("last-try-login", CF_RO, one_order, 0, 0, CKR_OK),
    OWN("last-try-set-pin", CF_RW, one_order, 1, 0, CKR_OK),
    OWN("last-try-init-pin", CF_RW, one_order, 2, 0, CKR_OK),
    OWN("destroy", CF_RW, refused, 0, 0, CKR_ACTION_PROHIBITED),
    OWN("copy", CF_RW, refused, 1, 0, CKR_ACTION_PROHIBITED),
    OWN("set-read-only", CF_RW, refused, 2, 0, CKR_ATTRIBUTE_READ_ONLY),
    OWN("set-unknown", CF_RW, refused, 3, 0, CKR_ATTRIBUTE_TYPE_INVALID),
    OWN("set-no-flag", CF_RW, refused, 4, 0, CKR_ATTRIBUTE_VALUE_INVALID),
};

CF_GROUP(cf_group_own, table)
