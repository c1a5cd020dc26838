/* Token objects on the host: what lies in the folder and should not, where
 * nothing can be kept, caps, threads. */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/families/stored.h"

#define THREADS 8
#define ROUNDS 20

static const struct fam_row iso = {"iso-stored", "iso7816-15",
    "key=p256 ca-key=p256 serial=" FAM_STORED_SERIAL, 0, "", "", {0}};

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

const char *
fam_stored_path(const char *file)
{
	static char name[4][300];
	static unsigned next;
	char *out = name[next++ % 4];

	(void)snprintf(out, sizeof(name[0]),
	    "data/capkcs11/certs/" FAM_STORED_SERIAL "%s%s",
	    *file != '\0' ? "/" : "", file);
	return ca_suite_path(out);
}

size_t
fam_stored_files(bool clear)
{
	DIR *d = opendir(fam_stored_path(""));
	const struct dirent *e;
	size_t n = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strstr(e->d_name, ".p11") == NULL)
			continue;
		n++;
		if (clear)
			CU_ASSERT(remove(fam_stored_path(e->d_name)) == 0);
	}
	if (d != NULL)
		closedir(d);
	return n;
}

static CK_RV
make_data(struct fam *t, const CK_ATTRIBUTE *more, CK_ULONG more_n,
    CK_OBJECT_HANDLE *o)
{
	CK_OBJECT_CLASS cls = CKO_DATA;
	char value[] = "content";
	CK_ATTRIBUTE a[8] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_TOKEN, &yes, 1}, {CKA_VALUE, value, 7}};

	for (CK_ULONG i = 0; i < more_n; i++)
		a[3 + i] = more[i];
	return t->f->C_CreateObject(t->s, a, 3 + more_n, o);
}

static void
put_file(const char *name, const char *text, size_t n)
{
	FILE *out = fopen(fam_stored_path(name), "we");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT(fwrite(text, 1, n, out) == n && fclose(out) == 0);
}

/* What no module wrote is no object, and disturbs none. */
static void
strange_files(void)
{
	/* A private, a trusted and an empty object, and one of 60,001 bytes. */
	static const char private[] = "\x30\x15\x02\x01\x01\x02\x01\x00\x02\x01"
				      "\x00\x02\x01\x01\x01\x01\xff\x02\x01\x02"
				      "\x01\x01\xff";
	static const char key[] = "\x30\x15\x02\x01\x01\x02\x01\x00\x02\x01"
				  "\x03\x02\x01\x01\x01\x01\xff\x02\x01\x02"
				  "\x01\x01\x00";
	char *large = calloc(1, 60001);
	CK_OBJECT_HANDLE o, found[8];
	struct fam t;

	fam_use(&iso);
	fam_begin_open(&t, NULL);
	FAM_IS(make_data(&t, NULL, 0, &o), CKR_OK);
	put_file("00000000000000000000000000000001.p11", private,
	    sizeof(private) - 1);
	put_file("00000000000000000000000000000002.p11", key, sizeof(key) - 1);
	put_file("00000000000000000000000000000003.p11", "", 0);
	put_file("00000000000000000000000000000004.p11", large, 60001);
	CU_ASSERT(symlink("/dev/zero", fam_stored_path("00000000000000000000000"
						       "000000005.p11")) == 0);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_DATA, found, 8), 1);
	CU_ASSERT(found[0] == o && fam_stored_files(false) == 6);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_SECRET_KEY, found, 8), 0);
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_OK);
	CU_ASSERT_EQUAL(fam_stored_files(true), 5);
	free(large);
	fam_end(&t);
}

/* An object's own word holds, also in the next process. */
static void
own_word(void)
{
	const CK_ATTRIBUTE lasting[] = {
	    {CKA_DESTROYABLE, &no, 1}, {CKA_MODIFIABLE, &no, 1}};
	const CK_ATTRIBUTE trusted = {CKA_TRUSTED, &yes, 1};
	const CK_ATTRIBUTE private = {CKA_PRIVATE, &yes, 1};
	CK_ATTRIBUTE label = {CKA_LABEL, NULL, 0};
	CK_OBJECT_HANDLE o;
	struct fam t;

	fam_use(&iso);
	fam_begin_open(&t, NULL);
	FAM_IS(make_data(&t, lasting, 2, &o), CKR_OK);
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_ACTION_PROHIBITED);
	fam_restart(&t);
	FAM_IS(fam_open(&t), CKR_OK);
	CU_ASSERT_FATAL(fam_find(&t, CKO_DATA, &o, 1) == 1);
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_ACTION_PROHIBITED);
	FAM_IS(t.f->C_SetAttributeValue(t.s, o, &label, 1),
	    CKR_ACTION_PROHIBITED);
	/* The file is the user's all the same. */
	CU_ASSERT_EQUAL(fam_stored_files(true), 1);
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_OBJECT_HANDLE_INVALID);
	/* Nobody vouches for a file: not the user, not the officer. */
	FAM_IS(make_data(&t, &private, 1, &o), CKR_USER_NOT_LOGGED_IN);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	FAM_IS(make_data(&t, &private, 1, &o), CKR_TOKEN_WRITE_PROTECTED);
	FAM_IS(make_data(&t, &trusted, 1, &o), CKR_TEMPLATE_INCONSISTENT);
	CU_ASSERT_EQUAL(fam_stored_files(false), 0);
	fam_end(&t);
}

/* No place on the host: a clear answer. */
static void
no_place(void)
{
	static const char *const homes[] = {"", "/proc/self/none"};
	char *before = strdup(getenv("XDG_DATA_HOME"));
	char *home = getenv("HOME") != NULL ? strdup(getenv("HOME")) : NULL;
	CK_OBJECT_HANDLE o;
	struct fam t;

	fam_use(&iso);
	unsetenv("HOME");
	for (size_t i = 0; i < 2; i++) {
		setenv("XDG_DATA_HOME", homes[i], 1);
		fam_begin_open(&t, NULL);
		FAM_IS(make_data(&t, NULL, 0, &o), CKR_TOKEN_WRITE_PROTECTED);
		fam_end(&t);
	}
	setenv("XDG_DATA_HOME", before, 1);
	if (home != NULL)
		setenv("HOME", home, 1);
	free(before);
	free(home);
}

/* 256 objects are the most; one that goes makes room. */
static void
cap(void)
{
	CK_OBJECT_HANDLE o, more;
	struct fam t;

	fam_use(&iso);
	fam_begin_open(&t, NULL);
	for (int i = 0; i < 256; i++)
		FAM_IS(make_data(&t, NULL, 0, &o), CKR_OK);
	FAM_IS(make_data(&t, NULL, 0, &more), CKR_DEVICE_MEMORY);
	FAM_IS(t.f->C_CopyObject(t.s, o, NULL, 0, &more), CKR_DEVICE_MEMORY);
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_OK);
	FAM_IS(make_data(&t, NULL, 0, &more), CKR_OK);
	CU_ASSERT_EQUAL(fam_stored_files(true), 256);
	fam_end(&t);
}

static void *
make_and_end(void *arg)
{
	struct fam t = *(struct fam *)arg;
	CK_OBJECT_HANDLE o, found[64];

	FAM_IS(t.f->C_OpenSession(t.slot, CKF_SERIAL_SESSION | CKF_RW_SESSION,
		   NULL, NULL, &t.s),
	    CKR_OK);
	for (int i = 0; i < ROUNDS; i++) {
		FAM_IS(make_data(&t, NULL, 0, &o), CKR_OK);
		CU_ASSERT(fam_find(&t, CKO_DATA, found, 64) > 0);
		FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_OK);
	}
	FAM_IS(t.f->C_CloseSession(t.s), CKR_OK);
	return NULL;
}

/* Threads, each with objects of its own: none is lost, none is left. */
static void
threads(void)
{
	pthread_t id[THREADS];
	CK_OBJECT_HANDLE o;
	struct fam t;

	fam_use(&iso);
	fam_begin_open(&t, NULL);
	for (int i = 0; i < THREADS; i++)
		CU_ASSERT_FATAL(pthread_create(&id[i], NULL, make_and_end,
				    &t) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(id[i], NULL);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_DATA, &o, 1), 0);
	CU_ASSERT_EQUAL(fam_stored_files(true), 0);
	fam_end(&t);
}

/* Objects of the host cost the card nothing once it was opened. */
static void
no_commands(void)
{
	CK_OBJECT_HANDLE o, found;
	char label[] = "label";
	CK_ATTRIBUTE a = {CKA_LABEL, label, 5};
	uint64_t before;
	struct fam t;

	fam_use(&iso);
	fam_begin_open(&t, NULL);
	(void)fam_find(&t, CKO_DATA, &found, 1); /* those of the card */
	before = fam_count(&t, CA_SIM_APDUS);
	FAM_IS(make_data(&t, NULL, 0, &o), CKR_OK);
	FAM_IS(t.f->C_SetAttributeValue(t.s, o, &a, 1), CKR_OK);
	CU_ASSERT(fam_find(&t, CKO_DATA, &found, 1) == 1 && found == o);
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), before);
	fam_end(&t);
}

void
fam_suite_stored(CU_pSuite s)
{
	fam_stored_certs(s);
	CU_add_test(s, "strange-files", strange_files);
	CU_add_test(s, "own-word", own_word);
	CU_add_test(s, "no-place", no_place);
	CU_add_test(s, "cap", cap);
	CU_add_test(s, "threads", threads);
	CU_add_test(s, "no-commands", no_commands);
}
