/* fork() between C_Initialize and C_Sign. The child speaks to a copy of the
 * world that fork made for it, so what it does can be judged there. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/trouble/stage.h"

/*
 * Runs body in a child; its result, or -1 when it died. A child that hangs is
 * ended by its alarm. A child that is done kills itself: it has the parent's
 * memory, and no leak checker shall judge that twice.
 */
static int
in_child(struct ca_stage *t, int (*body)(struct ca_stage *))
{
	int result = -1, p[2];
	pid_t pid;

	fflush(NULL);
	if (pipe(p) != 0)
		return -1;
	if ((pid = fork()) == 0) {
		alarm(60);
		result = body(t);
		(void)!write(p[1], &result, sizeof(result));
		(void)raise(SIGKILL);
	}
	close(p[1]);
	if (pid < 0 || read(p[0], &result, sizeof(result)) != sizeof(result))
		result = -1;
	close(p[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return result;
}

/* Steps of a child give a number each, so that the parent can name them. */
#define STEP(n, condition)                                                     \
	if (!(condition))                                                      \
	return n

static int
child_is_not_initialized(struct ca_stage *t)
{
	CK_SESSION_INFO info;
	CK_INFO i;

	STEP(1, t->f->C_GetInfo(&i) == CKR_CRYPTOKI_NOT_INITIALIZED);
	STEP(2, t->f->C_GetSessionInfo(t->s, &info) ==
		    CKR_CRYPTOKI_NOT_INITIALIZED);
	STEP(3, t->f->C_Finalize(NULL) == CKR_CRYPTOKI_NOT_INITIALIZED);
	STEP(4, ca_stage_sign(t) == CKR_CRYPTOKI_NOT_INITIALIZED);
	STEP(5, ca_sim_world_breaches(t->w) == 0);
	return 0;
}

static int
child_starts_anew(struct ca_stage *t)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
	CK_SESSION_INFO info;

	STEP(1, t->f->C_Initialize(&args) == CKR_OK);
	STEP(2,
	    t->f->C_GetSessionInfo(t->s, &info) == CKR_SESSION_HANDLE_INVALID);
	STEP(3, ca_stage_flow(t) == CKR_OK);
	STEP(4, t->f->C_Finalize(NULL) == CKR_OK);
	STEP(5, ca_sim_world_breaches(t->w) == 0);
	return 0;
}

/* The child's child, too. */
static int
grandchild(struct ca_stage *t)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};

	STEP(1, t->f->C_Initialize(&args) == CKR_OK);
	STEP(2, ca_stage_flow(t) == CKR_OK);
	STEP(3, in_child(t, child_starts_anew) == 0);
	STEP(4, ca_stage_sign(t) == CKR_OK);
	STEP(5, t->f->C_Finalize(NULL) == CKR_OK);
	STEP(6, ca_sim_world_breaches(t->w) == 0);
	return 0;
}

static void
fork_with(int (*body)(struct ca_stage *))
{
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	CA_STAGE_IS(ca_stage_sign(&t), CKR_OK);
	CU_ASSERT_EQUAL(in_child(&t, body), 0);
	CA_STAGE_IS(ca_stage_sign(&t), CKR_OK);
	ca_stage_end(&t);
}

static void
not_initialized(void)
{
	fork_with(child_is_not_initialized);
}

static void
starts_anew(void)
{
	fork_with(child_starts_anew);
}

static void
grandchildren(void)
{
	fork_with(grandchild);
}

/* Between C_Initialize and C_Sign, with nothing opened yet. */
static void
right_after_initialize(void)
{
	struct ca_stage t;

	ca_stage_begin(&t, NULL);
	CU_ASSERT_EQUAL(in_child(&t, child_starts_anew), 0);
	CA_STAGE_IS(ca_stage_flow(&t), CKR_OK);
	ca_stage_end(&t);
}

/* Between C_SignInit and C_Sign. */
static void
inside_an_operation(void)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_BYTE data[8] = {1}, sig[512];
	CK_ULONG n = sizeof(sig);
	struct ca_stage t;

	ca_stage_begin_user(&t, NULL);
	CA_STAGE_IS(t.f->C_SignInit(t.s, &m, t.key), CKR_OK);
	CU_ASSERT_EQUAL(in_child(&t, child_starts_anew), 0);
	CA_STAGE_IS(t.f->C_Sign(t.s, data, sizeof(data), sig, &n), CKR_OK);
	ca_stage_end(&t);
}

void
ca_trouble_forks(CU_pSuite suite)
{
	CU_add_test(suite, "child is not initialized", not_initialized);
	CU_add_test(suite, "child starts anew", starts_anew);
	CU_add_test(suite, "grandchildren", grandchildren);
	CU_add_test(suite, "right after initialize", right_after_initialize);
	CU_add_test(suite, "inside an operation", inside_an_operation);
}
