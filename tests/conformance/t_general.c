/* C_Initialize, C_Finalize, C_GetInfo, C_GetFunctionList. */
#include <string.h>
#include <unistd.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/mutexes.h"

enum {
	CREATE = 1,
	DESTROY = 2,
	LOCK = 4,
	UNLOCK = 8,
	ALL = 15,
	RESERVED = 16,
};

static void
make_args(CK_C_INITIALIZE_ARGS *args, unsigned long which, CK_FLAGS flags)
{
	memset(args, 0, sizeof(*args));
	args->CreateMutex = (which & CREATE) != 0 ? cf_mutex_create : NULL;
	args->DestroyMutex = (which & DESTROY) != 0 ? cf_mutex_destroy : NULL;
	args->LockMutex = (which & LOCK) != 0 ? cf_mutex_lock : NULL;
	args->UnlockMutex = (which & UNLOCK) != 0 ? cf_mutex_unlock : NULL;
	args->flags = flags;
	args->pReserved = (which & RESERVED) != 0 ? &cf_mutexes : NULL;
}

/* a: which pointers; b: flags. A refusal must leave the module as it was. */
static CK_RV
initialize(struct cf *c, const struct cf_case *k)
{
	CK_C_INITIALIZE_ARGS args;
	CK_INFO info;
	CK_RV rv, after;

	make_args(&args, k->a, k->b);
	rv = c->f->C_Initialize(&args);
	after = c->f->C_GetInfo(&info);
	if (rv == CKR_OK && after != CKR_OK)
		return cf_note(c, CF_WRONG, "then C_GetInfo gave %s",
		    cf_rv_name(after));
	if (rv != CKR_OK && after != CKR_CRYPTOKI_NOT_INITIALIZED)
		return cf_note(c, CF_WRONG, "refused, yet C_GetInfo gave %s",
		    cf_rv_name(after));
	return rv;
}

/* What NSS passes for a module without parameters: its own, longer struct. */
static CK_RV
initialize_nss(struct cf *c, const struct cf_case *k)
{
	struct {
		CK_C_INITIALIZE_ARGS args; /* pReserved: LibraryParameters */
		void *reserved;
	} nss;

	(void)k;
	make_args(&nss.args, ALL,
	    CKF_LIBRARY_CANT_CREATE_OS_THREADS | CKF_OS_LOCKING_OK);
	nss.reserved = NULL;
	return c->f->C_Initialize(&nss.args);
}

static CK_RV
initialize_null(struct cf *c, const struct cf_case *k)
{
	(void)k;
	return c->f->C_Initialize(NULL);
}

static CK_RV
initialize_twice(struct cf *c, const struct cf_case *k)
{
	(void)k;
	return cf_init(c);
}

/* Every mutex made through the callbacks is unlocked and destroyed again. */
static CK_RV
callbacks_balanced(struct cf *c, const struct cf_case *k)
{
	CK_C_INITIALIZE_ARGS args;
	CK_ULONG n = 0;
	CK_RV rv;

	(void)k;
	cf_mutexes.made = cf_mutexes.ended = cf_mutexes.locked =
	    cf_mutexes.unlocked = 0;
	make_args(&args, ALL, 0);
	if ((rv = c->f->C_Initialize(&args)) == CKR_CANT_LOCK)
		return rv;
	if (rv != CKR_OK ||
	    (rv = c->f->C_GetSlotList(CK_TRUE, NULL, &n)) != CKR_OK ||
	    (rv = c->f->C_Finalize(NULL)) != CKR_OK)
		return rv;
	if (cf_mutexes.made == 0 || cf_mutexes.locked == 0)
		return cf_note(c, CF_WRONG, "the callbacks were not used");
	if (cf_mutexes.made != cf_mutexes.ended ||
	    cf_mutexes.locked != cf_mutexes.unlocked)
		return cf_note(c, CF_WRONG,
		    "%d made, %d destroyed; %d locked, %d unlocked",
		    cf_mutexes.made, cf_mutexes.ended, cf_mutexes.locked,
		    cf_mutexes.unlocked);
	return CKR_OK;
}

/* a: how often. The descriptors of the process may not grow. */
static int
descriptors(void)
{
	char name[32];
	int n = 0;

	for (int fd = 0; fd < 1024; fd++) {
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
		if (access(name, F_OK) == 0)
			n++;
	}
	return n;
}

static CK_RV
initialize_again(struct cf *c, const struct cf_case *k)
{
	CK_ULONG n = 0;
	int before = 0;
	CK_RV rv;

	for (unsigned long i = 0; i < k->a; i++) {
		if ((rv = cf_init(c)) != CKR_OK ||
		    (rv = c->f->C_GetSlotList(CK_TRUE, NULL, &n)) != CKR_OK ||
		    (rv = c->f->C_Finalize(NULL)) != CKR_OK)
			return cf_note(c, rv, "in round %lu", i);
		if (i == 0)
			before = descriptors();
	}
	if (descriptors() > before)
		return cf_note(c, CF_WRONG, "%d descriptors became %d", before,
		    descriptors());
	return CKR_OK;
}

static CK_RV
finalize(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = c->f->C_Finalize(k->a != 0 ? &cf_mutexes : NULL), after;
	CK_INFO info;

	after = c->f->C_GetInfo(&info);
	if (rv != CKR_OK && after != CKR_OK)
		return cf_note(c, CF_WRONG, "refused, yet C_GetInfo gave %s",
		    cf_rv_name(after));
	return rv;
}

static CK_RV
finalize_twice(struct cf *c, const struct cf_case *k)
{
	CK_RV rv = c->f->C_Finalize(NULL);

	(void)k;
	return rv != CKR_OK ? rv : c->f->C_Finalize(NULL);
}

/* Sessions end with C_Finalize; their handles mean nothing afterwards. */
static CK_RV
finalize_ends_sessions(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_INFO info;
	CK_RV rv;

	(void)k;
	if ((rv = c->f->C_Finalize(NULL)) != CKR_OK ||
	    (rv = cf_init(c)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return c->f->C_GetSessionInfo(c->s, &info);
}

static bool
blank_padded(const CK_UTF8CHAR *field, size_t n)
{
	return memchr(field, 0, n) == NULL;
}

static CK_RV
get_info(struct cf *c, const struct cf_case *k)
{
	CK_INFO info;
	CK_RV rv;

	(void)k;
	memset(&info, 0, sizeof(info));
	if ((rv = c->f->C_GetInfo(&info)) != CKR_OK)
		return rv;
	if (!blank_padded(info.manufacturerID, sizeof(info.manufacturerID)) ||
	    !blank_padded(info.libraryDescription,
		sizeof(info.libraryDescription)))
		return cf_note(c, CF_WRONG, "a text field holds a NUL");
	if (info.flags != 0)
		return cf_note(c, CF_WRONG, "flags are not 0");
	if (info.cryptokiVersion.major < 2 ||
	    (info.cryptokiVersion.major == 2 &&
		info.cryptokiVersion.minor < 40 && c->f3 != NULL))
		return cf_note(c, CF_WRONG, "version %d.%d",
		    info.cryptokiVersion.major, info.cryptokiVersion.minor);
	return CKR_OK;
}

static CK_RV
get_info_null(struct cf *c, const struct cf_case *k)
{
	(void)k;
	return c->f->C_GetInfo(NULL);
}

/* No pointer of the list may be NULL, and two calls give the same list. */
static CK_RV
function_list(struct cf *c, const struct cf_case *k)
{
	CK_FUNCTION_LIST *one = NULL, *two = NULL;
	void *p[CF_FUNCTIONS_240];
	CK_RV rv;

	(void)k;
	if ((rv = c->get_list(&one)) != CKR_OK ||
	    (rv = c->get_list(&two)) != CKR_OK)
		return rv;
	if (one != two || one->version.major != 2)
		return cf_note(c, CF_WRONG, "two lists, or not 2.x");
	memcpy(p, &one->C_Initialize, sizeof(p));
	for (size_t i = 0; i < CF_FUNCTIONS_240; i++)
		if (p[i] == NULL)
			return cf_note(c, CF_WRONG, "entry %zu is NULL", i);
	return CKR_OK;
}

static CK_RV
function_list_null(struct cf *c, const struct cf_case *k)
{
	(void)k;
	return c->get_list(NULL);
}

#define INIT(what, pointers, flags, ...)                                       \
	{                                                                      \
		"C_Initialize/" what, "2.40 5.4 C_Initialize", CF_RAW, 0,      \
		    initialize, pointers, flags, NULL, CF_ALLOW(__VA_ARGS__)   \
	}
#define ROW(what, clause, state, fn, a, ...)                                   \
	{                                                                      \
		what, clause, state, 0, fn, a, 0, NULL, CF_ALLOW(__VA_ARGS__)  \
	}

static const struct cf_case table[] = {
    INIT("no-callbacks-no-flags", 0, 0, CKR_OK),
    INIT("os-locking", 0, CKF_OS_LOCKING_OK, CKR_OK),
    INIT("callbacks", ALL, 0, CKR_OK, CKR_CANT_LOCK),
    INIT("callbacks-and-os-locking", ALL, CKF_OS_LOCKING_OK, CKR_OK),
    INIT("cannot-create-threads", 0, CKF_LIBRARY_CANT_CREATE_OS_THREADS, CKR_OK,
	CKR_NEED_TO_CREATE_THREADS),
    INIT("cannot-create-threads-os-locking", 0,
	CKF_LIBRARY_CANT_CREATE_OS_THREADS | CKF_OS_LOCKING_OK, CKR_OK,
	CKR_NEED_TO_CREATE_THREADS),
    INIT("one-callback", CREATE, 0, CKR_ARGUMENTS_BAD),
    INIT("two-callbacks", CREATE | DESTROY, 0, CKR_ARGUMENTS_BAD),
    INIT("three-callbacks", CREATE | DESTROY | LOCK, 0, CKR_ARGUMENTS_BAD),
    INIT("no-create", DESTROY | LOCK | UNLOCK, CKF_OS_LOCKING_OK,
	CKR_ARGUMENTS_BAD),
    INIT("lock-only", LOCK, CKF_OS_LOCKING_OK, CKR_ARGUMENTS_BAD),
    INIT("reserved", RESERVED, 0, CKR_ARGUMENTS_BAD),
    INIT("reserved-and-callbacks", ALL | RESERVED, CKF_OS_LOCKING_OK,
	CKR_ARGUMENTS_BAD),
    ROW("C_Initialize/null", "2.40 5.4 C_Initialize", CF_RAW, initialize_null,
	0, CKR_OK),
    ROW("C_Initialize/as-nss", "2.40 5.4 C_Initialize", CF_RAW, initialize_nss,
	0, CKR_OK),
    ROW("C_Initialize/twice", "2.40 5.4 C_Initialize", CF_INIT,
	initialize_twice, 0, CKR_CRYPTOKI_ALREADY_INITIALIZED),
    ROW("C_Initialize/callbacks-balanced", "2.40 5.4 C_Initialize", CF_RAW,
	callbacks_balanced, 0, CKR_OK, CKR_CANT_LOCK),
    ROW("C_Initialize/fifty-times", "2.40 5.4 C_Finalize", CF_RAW,
	initialize_again, 50, CKR_OK),
    ROW("C_Finalize/good", "2.40 5.4 C_Finalize", CF_INIT, finalize, 0, CKR_OK),
    ROW("C_Finalize/reserved", "2.40 5.4 C_Finalize", CF_INIT, finalize, 1,
	CKR_ARGUMENTS_BAD),
    ROW("C_Finalize/twice", "2.40 5.4 C_Finalize", CF_INIT, finalize_twice, 0,
	CKR_CRYPTOKI_NOT_INITIALIZED),
    ROW("C_Finalize/ends-sessions", "2.40 5.4 C_Finalize", CF_RO,
	finalize_ends_sessions, 0, CKR_SESSION_HANDLE_INVALID),
    ROW("C_GetInfo/good", "2.40 5.4 C_GetInfo", CF_INIT, get_info, 0, CKR_OK),
    ROW("C_GetInfo/null", "2.40 5.4 C_GetInfo", CF_INIT, get_info_null, 0,
	CKR_ARGUMENTS_BAD),
    ROW("C_GetFunctionList/good", "2.40 5.4 C_GetFunctionList", CF_RAW,
	function_list, 0, CKR_OK),
    ROW("C_GetFunctionList/null", "2.40 5.4 C_GetFunctionList", CF_RAW,
	function_list_null, 0, CKR_ARGUMENTS_BAD),
};

CF_GROUP(cf_group_general, table)
