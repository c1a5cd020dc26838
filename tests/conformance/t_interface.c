/* C_GetInterfaceList and C_GetInterface of 3.0. */
#include <string.h>

#include "tests/conformance/groups.h"

static CK_RV
list_count(struct cf *c, const struct cf_case *k)
{
	CK_ULONG n = 77;
	CK_RV rv = cf_interfaces_needed(c);

	(void)k;
	if (rv != CKR_OK)
		return rv;
	rv = c->get_interface_list(NULL, &n);
	if (rv == CKR_OK && (n == 0 || n > CF_INTERFACES_MAX))
		return cf_note(c, CF_WRONG, "%lu interfaces", n);
	return rv;
}

static CK_RV
list_short(struct cf *c, const struct cf_case *k)
{
	struct cf_interface in[CF_INTERFACES_MAX];
	CK_ULONG n = 0, all = 0;
	CK_RV rv = cf_interfaces_needed(c);

	(void)k;
	if (rv != CKR_OK || (rv = c->get_interface_list(NULL, &all)) != CKR_OK)
		return rv;
	rv = c->get_interface_list(in, &n);
	if (rv == CKR_BUFFER_TOO_SMALL && n != all)
		return cf_note(c, CF_WRONG, "the count says %lu, not %lu", n,
		    all);
	return rv;
}

static CK_RV
list_null(struct cf *c, const struct cf_case *k)
{
	struct cf_interface in[CF_INTERFACES_MAX];
	CK_RV rv = cf_interfaces_needed(c);

	if (rv != CKR_OK)
		return rv;
	return c->get_interface_list(k->a != 0 ? in : NULL, NULL);
}

static bool
all_set(const void *list, size_t functions)
{
	void *p[CF_FUNCTIONS_32];
	const uint8_t *first = list;

	memcpy(p, first + offsetof(CK_FUNCTION_LIST, C_Initialize),
	    functions * sizeof(p[0]));
	for (size_t i = 0; i < functions; i++)
		if (p[i] == NULL)
			return false;
	return true;
}

static size_t
functions_of(const CK_VERSION *v)
{
	if (v->major < 3)
		return CF_FUNCTIONS_240;
	return v->minor < 2 ? CF_FUNCTIONS_30 : CF_FUNCTIONS_32;
}

/* Every standard entry: its list, whole; and C_GetInterface finds the same. */
static CK_RV
check_entry(struct cf *c, const struct cf_interface *in)
{
	struct cf_interface *got = NULL;
	CK_VERSION v;

	if (in->name == NULL || in->list == NULL)
		return cf_note(c, CF_WRONG, "an entry without name or list");
	if (strcmp((const char *)in->name, "PKCS 11") != 0)
		return CKR_OK;
	memcpy(&v, in->list, sizeof(v));
	if (!all_set(in->list, functions_of(&v)))
		return cf_note(c, CF_WRONG, "%d.%d has a NULL function",
		    v.major, v.minor);
	if (c->get_interface(in->name, &v, &got, in->flags) != CKR_OK ||
	    got == NULL || got->list != in->list)
		return cf_note(c, CF_WRONG,
		    "C_GetInterface does not give the listed %d.%d", v.major,
		    v.minor);
	return CKR_OK;
}

static CK_RV
list_whole(struct cf *c, const struct cf_case *k)
{
	struct cf_interface in[CF_INTERFACES_MAX];
	CK_ULONG n;
	CK_RV rv = cf_interfaces(c, in, &n);

	(void)k;
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
		rv = check_entry(c, &in[i]);
	return rv;
}

/* The 2.40 list is the same one that C_GetFunctionList gives, or as good. */
static CK_RV
list_has_both(struct cf *c, const struct cf_case *k)
{
	struct cf_interface in[CF_INTERFACES_MAX];
	bool two = false, three = false;
	CK_ULONG n;
	CK_RV rv = cf_interfaces(c, in, &n);

	(void)k;
	if (rv != CKR_OK)
		return rv;
	for (CK_ULONG i = 0; i < n; i++) {
		CK_VERSION v;

		memcpy(&v, in[i].list, sizeof(v));
		two = two || (v.major == 2 && v.minor == 40);
		three = three || v.major == 3;
	}
	if (!two || !three)
		return cf_note(c, CF_WRONG, "not both 2.40 and 3.x");
	return CKR_OK;
}

/* The first of the list is the default: no name, no version. */
static CK_RV
get_default(struct cf *c, const struct cf_case *k)
{
	struct cf_interface in[CF_INTERFACES_MAX], *got = NULL;
	CK_UTF8CHAR name[] = "PKCS 11";
	CK_ULONG n;
	CK_RV rv = cf_interfaces(c, in, &n);

	if (rv != CKR_OK)
		return rv;
	rv = c->get_interface(k->a != 0 ? name : NULL, NULL, &got, 0);
	if (rv == CKR_OK && (got == NULL || got->list != in[0].list))
		return cf_note(c, CF_WRONG, "not the first of the list");
	return rv;
}

/* a: major << 8 | minor, 0 for none; b: flags; p: the name. */
static CK_RV
get_one(struct cf *c, const struct cf_case *k)
{
	CK_VERSION v = {(CK_BYTE)(k->a >> 8), (CK_BYTE)k->a};
	struct cf_interface *got = NULL;
	CK_UTF8CHAR name[32] = "";
	CK_RV rv = cf_interfaces_needed(c);

	if (rv != CKR_OK)
		return rv;
	if (k->p != NULL)
		snprintf((char *)name, sizeof(name), "%s", (const char *)k->p);
	rv = c->get_interface(k->p != NULL ? name : NULL, k->a != 0 ? &v : NULL,
	    &got, k->b);
	if (rv == CKR_OK && memcmp(got->list, &v, sizeof(v)) != 0 && k->a != 0)
		return cf_note(c, CF_WRONG, "another version");
	return rv;
}

static CK_RV
get_null(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = cf_interfaces_needed(c);

	(void)k;
	return rv != CKR_OK ? rv : c->get_interface(NULL, NULL, NULL, 0);
}

/* One state behind all lists: what one initialises is so for the other. */
static CK_RV
one_state(struct cf *c, const struct cf_case *k)
{
	CK_FUNCTION_LIST *two = NULL;
	CK_INFO info;
	CK_RV rv;

	(void)k;
	if ((rv = c->get_list(&two)) != CKR_OK ||
	    (rv = c->f3->base.C_GetInfo(&info)) != CKR_OK)
		return rv;
	return two->C_Initialize(NULL);
}

#define LIST "3.0 5.4 C_GetInterfaceList"
#define GET "3.0 5.4 C_GetInterface"
#define ROW(what, clause, state, need, fn, a, b, p, ...)                       \
	{                                                                      \
		what, clause, state, need, fn, a, b, p, CF_ALLOW(__VA_ARGS__)  \
	}

static const struct cf_case table[] = {
    ROW("C_GetInterfaceList/count", LIST, CF_RAW, 0, list_count, 0, 0, NULL,
	CKR_OK),
    ROW("C_GetInterfaceList/too-small", LIST, CF_RAW, 0, list_short, 0, 0, NULL,
	CKR_BUFFER_TOO_SMALL),
    ROW("C_GetInterfaceList/null-count", LIST, CF_RAW, 0, list_null, 1, 0, NULL,
	CKR_ARGUMENTS_BAD),
    ROW("C_GetInterfaceList/null-both", LIST, CF_RAW, 0, list_null, 0, 0, NULL,
	CKR_ARGUMENTS_BAD),
    ROW("C_GetInterfaceList/whole", LIST, CF_RAW, 0, list_whole, 0, 0, NULL,
	CKR_OK),
    ROW("C_GetInterfaceList/initialized", LIST, CF_INIT, 0, list_whole, 0, 0,
	NULL, CKR_OK),
    ROW("C_GetInterfaceList/2.40-and-3.x", LIST, CF_RAW, 0, list_has_both, 0, 0,
	NULL, CKR_OK),
    ROW("C_GetInterface/default", GET, CF_RAW, 0, get_default, 0, 0, NULL,
	CKR_OK),
    ROW("C_GetInterface/by-name", GET, CF_RAW, 0, get_default, 1, 0, NULL,
	CKR_OK),
    ROW("C_GetInterface/2.40", GET, CF_RAW, 0, get_one, 0x228, 0, "PKCS 11",
	CKR_OK),
    ROW("C_GetInterface/3.0", GET, CF_RAW, 0, get_one, 0x300, 0, "PKCS 11",
	CKR_OK),
    ROW("C_GetInterface/3.2", GET, CF_RAW, CF_NEED_32, get_one, 0x302, 0,
	"PKCS 11", CKR_OK),
    ROW("C_GetInterface/3.1", GET, CF_RAW, CF_NEED_32, get_one, 0x301, 0,
	"PKCS 11", CKR_ARGUMENTS_BAD),
    ROW("C_GetInterface/3.0-no-name", GET, CF_RAW, 0, get_one, 0x300, 0, NULL,
	CKR_OK),
    ROW("C_GetInterface/unknown-version", GET, CF_RAW, 0, get_one, 0x263, 0,
	"PKCS 11", CKR_ARGUMENTS_BAD),
    ROW("C_GetInterface/unknown-name", GET, CF_RAW, 0, get_one, 0, 0, "PKCS 12",
	CKR_ARGUMENTS_BAD),
    ROW("C_GetInterface/name-prefix", GET, CF_RAW, 0, get_one, 0, 0, "PKCS",
	CKR_ARGUMENTS_BAD),
    ROW("C_GetInterface/unknown-flags", GET, CF_RAW, 0, get_one, 0, 1UL << 30,
	"PKCS 11", CKR_ARGUMENTS_BAD),
    ROW("C_GetInterface/null-out", GET, CF_RAW, 0, get_null, 0, 0, NULL,
	CKR_ARGUMENTS_BAD),
    ROW("C_GetInterface/one-state", "3.0 3.1", CF_INIT, CF_NEED_3, one_state, 0,
	0, NULL, CKR_CRYPTOKI_ALREADY_INITIALIZED),
};

CF_GROUP(cf_group_interface, table)
