/* Session objects and the card: they cost it nothing, have caps, and go with
 * the token; threads and processes do not meet in them. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/families/fam.h"

#define PER_SESSION 4096
#define MIB (1024UL * 1024UL)
#define MIBS 64
#define THREADS 8
#define ROUNDS 200

static const struct fam_row row = {
    "iso-made", "iso7816-15", "key=p256", 0, "", "", {0}};

static CK_RV
make(struct fam *t, CK_SESSION_HANDLE s, void *value, CK_ULONG n, bool secret,
    CK_OBJECT_HANDLE *out)
{
	CK_OBJECT_CLASS cls = secret ? CKO_SECRET_KEY : CKO_DATA;
	CK_KEY_TYPE type = CKK_GENERIC_SECRET;
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE a[] = {
	    {CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_VALUE, value, n},
	    {CKA_KEY_TYPE, &type, sizeof(type)},
	};

	return t->f->C_CreateObject(s, a, secret ? 4 : 3, out);
}

/* Making, finding, changing and ending them sends nothing to the card. */
static void
no_commands(void)
{
	char value[] = "five", label[] = "new";
	CK_ATTRIBUTE a = {CKA_LABEL, label, 3};
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE ours = {CKA_TOKEN, &no, sizeof(no)};
	CK_OBJECT_HANDLE o, found[4];
	CK_ULONG n = 0;
	uint64_t before;
	struct fam t;

	fam_use(&row);
	fam_begin_login(&t, NULL);
	before = fam_count(&t, CA_SIM_APDUS);
	FAM_IS(make(&t, t.s, value, 4, true, &o), CKR_OK);
	FAM_IS(t.f->C_SetAttributeValue(t.s, o, &a, 1), CKR_OK);
	FAM_IS(t.f->C_FindObjectsInit(t.s, &ours, 1), CKR_OK);
	FAM_IS(t.f->C_FindObjects(t.s, found, 4, &n), CKR_OK);
	CU_ASSERT(n == 1 && found[0] == o);
	FAM_IS(t.f->C_FindObjectsFinal(t.s), CKR_OK);
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), before);
	fam_end(&t);
}

/* One object too many for a session; another session still makes some, and one
 * that goes makes room. */
static void
cap_of_session(void)
{
	static CK_OBJECT_HANDLE o[PER_SESSION];
	CK_OBJECT_HANDLE more;
	CK_SESSION_HANDLE other;
	char value[] = "x";
	struct fam t;

	fam_use(&row);
	fam_begin_open(&t, NULL);
	for (size_t i = 0; i < PER_SESSION; i++)
		FAM_IS(make(&t, t.s, value, 1, false, &o[i]), CKR_OK);
	FAM_IS(make(&t, t.s, value, 1, false, &more), CKR_DEVICE_MEMORY);
	FAM_IS(t.f->C_CopyObject(t.s, o[0], NULL, 0, &more), CKR_DEVICE_MEMORY);
	FAM_IS(t.f->C_OpenSession(t.slot, CKF_SERIAL_SESSION, NULL, NULL,
		   &other),
	    CKR_OK);
	FAM_IS(make(&t, other, value, 1, false, &more), CKR_OK);
	FAM_IS(t.f->C_DestroyObject(t.s, o[7]), CKR_OK);
	FAM_IS(make(&t, t.s, value, 1, false, &more), CKR_OK);
	FAM_IS(t.f->C_DestroyObject(t.s, o[7]), CKR_OBJECT_HANDLE_INVALID);
	FAM_IS(t.f->C_DestroyObject(t.s, o[PER_SESSION - 1]), CKR_OK);
	fam_end(&t);
}

/* The longest value, one byte more, and all values of a token together. */
static void
cap_of_bytes(void)
{
	CK_OBJECT_HANDLE o, first = 0;
	char *value = calloc(1, MIB + 1);
	CK_ATTRIBUTE a = {CKA_VALUE, value, MIB};
	struct fam t;
	size_t made = 0;
	CK_RV rv;

	CU_ASSERT_PTR_NOT_NULL_FATAL(value);
	fam_use(&row);
	fam_begin_open(&t, NULL);
	FAM_IS(make(&t, t.s, value, MIB + 1, false, &o), CKR_DEVICE_MEMORY);
	while ((rv = make(&t, t.s, value, MIB, false, &o)) == CKR_OK) {
		first = made++ == 0 ? o : first;
		if (made > MIBS)
			break;
	}
	FAM_IS(rv, CKR_DEVICE_MEMORY);
	CU_ASSERT_EQUAL(made, MIBS - 1); /* the other attributes count too */
	/* A copy has no room either; what goes makes some. */
	FAM_IS(t.f->C_CopyObject(t.s, first, &a, 1, &o), CKR_DEVICE_MEMORY);
	FAM_IS(t.f->C_DestroyObject(t.s, first), CKR_OK);
	FAM_IS(make(&t, t.s, value, MIB, false, &o), CKR_OK);
	/* A key has a limit of its own. */
	FAM_IS(make(&t, t.s, value, 4097, true, &o),
	    CKR_ATTRIBUTE_VALUE_INVALID);
	fam_end(&t);
	free(value);
}

/* The token leaves, and comes back: nothing of before is there. */
static void
card_leaves(void)
{
	CK_OBJECT_HANDLE o, found[8];
	char value[] = "gone";
	struct fam t;

	fam_use(&row);
	fam_begin_login(&t, NULL);
	FAM_IS(make(&t, t.s, value, 4, true, &o), CKR_OK);
	CU_ASSERT(ca_sim_world_remove(t.w, FAM_READER) == CA_OK);
	CU_ASSERT(t.f->C_FindObjectsInit(t.s, NULL, 0) != CKR_OK);
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_SESSION_HANDLE_INVALID);
	CU_ASSERT(ca_sim_world_insert(t.w, FAM_READER, t.card) == CA_OK);
	FAM_IS(fam_open(&t), CKR_OK);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_SECRET_KEY, found, 8), 0);
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_OBJECT_HANDLE_INVALID);
	fam_end(&t);
}

struct worker {
	struct fam *t;
	pthread_t id;
	unsigned bad;
};

/* Makes and ends objects in a session of its own, and looks at all. */
static void *
work(void *arg)
{
	struct worker *w = arg;
	CK_FUNCTION_LIST *f = w->t->f;
	CK_OBJECT_HANDLE o, found[32];
	CK_SESSION_HANDLE s;
	CK_ULONG n;
	char value[] = "mine";

	if (f->C_OpenSession(w->t->slot, CKF_SERIAL_SESSION, NULL, NULL, &s) !=
	    CKR_OK)
		w->bad++;
	for (int i = 0; i < ROUNDS; i++) {
		if (make(w->t, s, value, 4, true, &o) != CKR_OK ||
		    f->C_FindObjectsInit(s, NULL, 0) != CKR_OK ||
		    f->C_FindObjects(s, found, 32, &n) != CKR_OK ||
		    f->C_FindObjectsFinal(s) != CKR_OK || n == 0)
			w->bad++;
		if (i % 2 == 0 && f->C_DestroyObject(s, o) != CKR_OK)
			w->bad++;
	}
	if (f->C_CloseSession(s) != CKR_OK)
		w->bad++;
	return NULL;
}

static void
threads(void)
{
	struct worker w[THREADS];
	CK_OBJECT_HANDLE found[8];
	struct fam t;

	fam_use(&row);
	fam_begin_open(&t, NULL);
	for (size_t i = 0; i < THREADS; i++) {
		w[i] = (struct worker){.t = &t};
		CU_ASSERT_FATAL(pthread_create(&w[i].id, NULL, work, &w[i]) ==
				0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		CU_ASSERT(pthread_join(w[i].id, NULL) == 0);
		CU_ASSERT_EQUAL(w[i].bad, 0);
	}
	CU_ASSERT_EQUAL(fam_find(&t, CKO_SECRET_KEY, found, 8), 0);
	fam_end(&t);
}

/* What a forked child sees of the parent's objects: it is not initialised, its
 * own start finds none, and the parent keeps its own. */
static int
child(struct fam *t, CK_OBJECT_HANDLE o)
{
	CK_BBOOL b;
	CK_ATTRIBUTE a = {CKA_TOKEN, &b, sizeof(b)};
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};

	if (t->f->C_GetAttributeValue(t->s, o, &a, 1) !=
	    CKR_CRYPTOKI_NOT_INITIALIZED)
		return 1;
	if (t->f->C_Initialize(&args) != CKR_OK)
		return 2;
	if (t->f->C_GetAttributeValue(t->s, o, &a, 1) !=
	    CKR_SESSION_HANDLE_INVALID)
		return 3;
	return t->f->C_Finalize(NULL) == CKR_OK ? 0 : 4;
}

static void
forked(void)
{
	char value[] = "kept", got[8];
	CK_ULONG n = sizeof(got);
	CK_OBJECT_HANDLE o;
	struct fam t;
	int status = 0;
	pid_t pid;

	fam_use(&row);
	fam_begin_open(&t, NULL);
	FAM_IS(make(&t, t.s, value, 4, true, &o), CKR_OK);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0)
		_exit(child(&t, o));
	CU_ASSERT(waitpid(pid, &status, 0) == pid);
	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	FAM_IS(fam_attr(&t, o, CKA_VALUE, got, &n), CKR_OK);
	CU_ASSERT(n == 4 && memcmp(got, value, 4) == 0);
	fam_end(&t);
}

void
fam_suite_made(CU_pSuite s)
{
	CU_add_test(s, "no-commands", no_commands);
	CU_add_test(s, "cap-of-session", cap_of_session);
	CU_add_test(s, "cap-of-bytes", cap_of_bytes);
	CU_add_test(s, "card-leaves", card_leaves);
	CU_add_test(s, "threads", threads);
	CU_add_test(s, "forked", forked);
}
