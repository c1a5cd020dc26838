/* What 3.2 adds, beside signatures that are given first (t_op.c): the order of
 * the interfaces, asynchronous sessions, validation flags. */
#include <string.h>

#include "tests/conformance/groups.h"

#define FORK_SAFE 1UL /* CKF_INTERFACE_FORK_SAFE */

/* Highest first: a program that asks for no version wants the newest. */
static CK_RV
list_in_order(struct cf *c, const struct cf_case *k)
{
	struct cf_interface in[CF_INTERFACES_MAX];
	CK_VERSION last = {0xff, 0xff};
	CK_ULONG n;
	CK_RV rv = cf_interfaces(c, in, &n);

	(void)k;
	if (rv != CKR_OK)
		return rv;
	for (CK_ULONG i = 0; i < n; i++) {
		CK_VERSION v;

		memcpy(&v, in[i].list, sizeof(v));
		if (v.major > last.major ||
		    (v.major == last.major && v.minor >= last.minor))
			return cf_note(c, CF_WRONG, "%d.%d after %d.%d",
			    v.major, v.minor, last.major, last.minor);
		last = v;
	}
	return CKR_OK;
}

/* Nobody's sessions outlive fork(), so nothing may claim it. */
static CK_RV
fork_safe(struct cf *c, const struct cf_case *k)
{
	struct cf_interface in[CF_INTERFACES_MAX], *got = NULL;
	CK_FLAGS all = 0;
	CK_ULONG n;
	CK_RV rv = cf_interfaces(c, in, &n);

	(void)k;
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
		all |= in[i].flags;
	if (rv != CKR_OK || (all & FORK_SAFE) != 0)
		return rv;
	rv = c->get_interface(NULL, NULL, &got, FORK_SAFE);
	return rv == CKR_OK ? cf_note(c, CF_WRONG, "not in the list") : CKR_OK;
}

/* A module with the functions of 3.2 is one of 3.2. */
static CK_RV
info(struct cf *c, const struct cf_case *k)
{
	CK_INFO i;
	CK_RV rv = c->f->C_GetInfo(&i);

	(void)k;
	if (rv == CKR_OK &&
	    (i.cryptokiVersion.major != 3 || i.cryptokiVersion.minor < 2))
		return cf_note(c, CF_WRONG, "%d.%d", i.cryptokiVersion.major,
		    i.cryptokiVersion.minor);
	return rv;
}

/* An asynchronous session opens exactly where the token says so. */
static CK_RV
open_async(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s = CK_INVALID_HANDLE;
	CK_RV rv = cf_open(c, CF_CKF_ASYNC_SESSION, &s);

	(void)k;
	if ((c->token.flags & CF_CKF_ASYNC_SESSION_SUPPORTED) != 0)
		return cf_note(c, CF_SKIP, "asynchronous sessions");
	return rv;
}

/* a: type; b: 1 for a NULL pointer. */
static CK_RV
validation(struct cf *c, const struct cf_case *k)
{
	CK_FLAGS flags = ~0UL;
	CK_RV rv = c->f32->C_GetSessionValidationFlags(c->s, k->a,
	    k->b == 1 ? NULL : &flags);

	if (rv == CKR_OK && flags != 0)
		return cf_note(c, CF_WRONG,
		    "flags 0x%lx without validation objects", flags);
	return rv;
}

/* a: which; in a session where nothing can be asynchronous. */
static CK_RV
async(struct cf *c, const struct cf_case *k)
{
	CK_UTF8CHAR name[] = "C_SignInit";
	CK_BYTE out[64];
	CK_ULONG id;

	if (k->a == 0)
		return c->f32->C_AsyncComplete(c->s, name, NULL);
	if (k->a == 1)
		return c->f32->C_AsyncGetID(c->s, name, &id);
	return c->f32->C_AsyncJoin(c->s, name, 1, out, sizeof(out));
}

#define ROW(what, clause, state, need, fn, a, b, ...)                          \
	{                                                                      \
		what, clause, state, need, fn, a, b, NULL,                     \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define ASYNC(fnname, a)                                                       \
	ROW(fnname "/synchronous-session", "3.2 5.21 " fnname, CF_RO,          \
	    CF_NEED_32, async, a, 0, CKR_FUNCTION_NOT_SUPPORTED,               \
	    CKR_OPERATION_NOT_INITIALIZED)

static const struct cf_case table[] = {
    ROW("C_GetInterfaceList/newest-first", "3.0 5.4 C_GetInterfaceList", CF_RAW,
	0, list_in_order, 0, 0, CKR_OK),
    ROW("C_GetInterface/fork-safe", "3.0 3.1", CF_RAW, 0, fork_safe, 0, 0,
	CKR_OK),
    ROW("C_GetInfo/3.2", "3.2 3.1", CF_INIT, CF_NEED_32, info, 0, 0, CKR_OK),
    ROW("C_OpenSession/async", "3.2 5.6 C_OpenSession", CF_SLOT, CF_NEED_32,
	open_async, 0, 0, CF_CKR_SESSION_ASYNC_NOT_SUPPORTED),
    ROW("C_GetSessionValidationFlags/good", "3.2 5.6", CF_RO, CF_NEED_32,
	validation, CF_CKS_LAST_VALIDATION_OK, 0, CKR_OK),
    ROW("C_GetSessionValidationFlags/null", "3.2 5.6", CF_RO, CF_NEED_32,
	validation, CF_CKS_LAST_VALIDATION_OK, 1, CKR_ARGUMENTS_BAD),
    ROW("C_GetSessionValidationFlags/unknown-type", "3.2 5.6", CF_RO,
	CF_NEED_32, validation, 77, 0, CKR_ARGUMENTS_BAD),
    ASYNC("C_AsyncComplete", 0),
    ASYNC("C_AsyncGetID", 1),
    ASYNC("C_AsyncJoin", 2),
};

CF_GROUP(cf_group_v32, table)
