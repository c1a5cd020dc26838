#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcsc/token/objstore.h"
#include "tests/unit/suites.h"

#define SERIAL "1122334455667788"

struct scene {
	struct ut_dir home;
	struct ca_config config;
	struct ca_obj_list list;
	char name[CA_OBJ_NAME];
};

static struct scene *
scene_begin(void)
{
	struct scene *s = calloc(1, sizeof(*s));

	s->home = ut_dir_new();
	(void)snprintf(s->config.certs_user, CA_CONF_PATH, "%s",
	    ut_dir_at(&s->home, "a/b/store"));
	ut_log_begin(CA_LOG_WARN);
	return s;
}

static void
scene_end(struct scene *s)
{
	ut_log_end();
	ut_dir_free(&s->home);
	free(s);
}

/* A file in the token's folder. */
static const char *
at(const struct scene *s, const char *file)
{
	char path[200];

	(void)snprintf(path, sizeof(path), "a/b/store/" SERIAL "/%s", file);
	return ut_dir_at(&s->home, path);
}

static ca_err
add(struct scene *s, const char *text)
{
	return ca_objstore_add(&s->config, SERIAL, ut_text(text), s->name);
}

static bool
reads(struct scene *s, const char *name, const char *text)
{
	struct ca_buf b = {0};
	struct ca_obj_stamp stamp;
	bool same =
	    ca_objstore_read(&s->config, SERIAL, name, &b, &stamp) == CA_OK &&
	    ca_rd_equal(ca_buf_rd(&b), ut_text(text));

	ca_buf_free(&b);
	return same;
}

static size_t
listed(struct scene *s)
{
	ca_objstore_list(&s->config, SERIAL, &s->list);
	return s->list.n;
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
whole_life(void)
{
	struct scene *s = scene_begin();
	char file[CA_OBJ_NAME + 4];

	UT_OK(ca_objstore_usable(&s->config, SERIAL));
	UT_OK(listed(s) == 0 && s->list.folder.settled);
	UT_OK(ut_dir_at(&s->home, "a") && access(at(s, ""), F_OK) != 0);
	UT_OK(add(s, "one") == CA_OK && strlen(s->name) == CA_OBJ_NAME - 1);
	UT_OK(listed(s) == 1 && strcmp(s->list.v[0].name, s->name) == 0);
	UT_OK(reads(s, s->name, "one"));
	UT_OK(mode_of(at(s, "")) == 0700);
	UT_OK(mode_of(ut_dir_at(&s->home, "a/b/store")) == 0700);
	(void)snprintf(file, sizeof(file), "%s.p11", s->name);
	UT_OK(mode_of(at(s, file)) == 0600);
	UT_OK(ca_objstore_put(&s->config, SERIAL, s->name, ut_text("two")) ==
	      CA_OK);
	UT_OK(reads(s, s->name, "two") && listed(s) == 1);
	UT_OK(ca_objstore_remove(&s->config, SERIAL, s->name) == CA_OK);
	UT_OK(listed(s) == 0 && !reads(s, s->name, "two"));
	/* What another process removed does not come back by a change. */
	UT_OK(ca_objstore_put(&s->config, SERIAL, s->name, ut_text("x")) ==
	      CA_E_NOT_FOUND);
	UT_OK(ca_objstore_remove(&s->config, SERIAL, s->name) ==
	      CA_E_NOT_FOUND);
	UT_OK(listed(s) == 0);
	scene_end(s);
}

/* Only what we write is looked at, and nothing through a link. */
static void
other_files(void)
{
	static const char *const names[] = {"x.cer",
	    "0123456789abcdef0123456789abcde.p11",
	    "0123456789abcdef0123456789abcdeF.p11",
	    "0123456789abcdef0123456789abcdef.p12",
	    "0123456789abcdef0123456789abcdef0.p11",
	    ".0123456789abcdef0123456789abcdef.p11.1"};
	static const char linked[] = "00000000000000000000000000000000";
	static const char open_to_all[] = "11111111111111111111111111111111";
	static const char empty[] = "22222222222222222222222222222222";
	static const char fifo[] = "33333333333333333333333333333333";
	static const char longest[] = "44444444444444444444444444444444";
	struct scene *s = scene_begin();
	char *big = calloc(1, CA_OBJSTORE_BYTES + 2);
	char path[100];

	UT_OK(add(s, "one") == CA_OK);
	for (size_t i = 0; i < CA_COUNT(names); i++) {
		(void)snprintf(path, sizeof(path), "a/b/store/" SERIAL "/%s",
		    names[i]);
		ut_dir_put(&s->home, path, ut_text("other"));
	}
	UT(listed(s) == 1, "%zu", s->list.n);
	ut_dir_put(&s->home, "outside", ut_text("outside"));
	UT_OK(symlink("../../../../outside",
		  at(s, "00000000000000000000000000000000.p11")) == 0);
	UT_OK(!reads(s, linked, "outside"));
	ut_dir_put(&s->home,
	    "a/b/store/" SERIAL "/11111111111111111111111111111111.p11",
	    ut_text("open"));
	UT_OK(chmod(at(s, "11111111111111111111111111111111.p11"), 0622) == 0);
	UT_OK(!reads(s, open_to_all, "open"));
	ut_dir_put(&s->home,
	    "a/b/store/" SERIAL "/22222222222222222222222222222222.p11",
	    ut_text(""));
	UT_OK(!reads(s, empty, ""));
	UT_OK(mkfifo(at(s, "33333333333333333333333333333333.p11"), 0600) == 0);
	UT_OK(!reads(s, fifo, ""));
	memset(big, 'x', CA_OBJSTORE_BYTES + 1);
	ut_dir_put(&s->home,
	    "a/b/store/" SERIAL "/44444444444444444444444444444444.p11",
	    ut_text(big));
	UT_OK(!reads(s, longest, big));
	/* Such a link is replaced, not followed. */
	UT_OK(ca_objstore_put(&s->config, SERIAL, linked, ut_text("mine")) ==
	      CA_OK);
	UT_OK(reads(s, linked, "mine"));
	free(big);
	scene_end(s);
}

/* A folder that others can write to, or that is a link, is not used. */
static void
bad_folders(void)
{
	struct scene *s = scene_begin();

	UT_OK(add(s, "one") == CA_OK);
	UT_OK(chmod(at(s, ""), 0722) == 0);
	UT_OK(listed(s) == 0 && !reads(s, s->name, "one"));
	UT_OK(!ca_objstore_usable(&s->config, SERIAL));
	UT_OK(add(s, "two") == CA_E_REFUSED);
	UT_OK(chmod(at(s, ""), 0700) == 0 && listed(s) == 1);
	UT_OK(rename(at(s, ""), ut_dir_at(&s->home, "real")) == 0);
	UT_OK(symlink("../../../real",
		  ut_dir_at(&s->home, "a/b/store/" SERIAL)) == 0);
	UT_OK(listed(s) == 0 && add(s, "two") == CA_E_REFUSED);
	UT_OK(!ca_objstore_usable(&s->config, SERIAL));
	UT_OK(unlink(ut_dir_at(&s->home, "a/b/store/" SERIAL)) == 0);
	ut_dir_put(&s->home, "a/b/store/" SERIAL, ut_text("a file"));
	UT_OK(listed(s) == 0 && add(s, "two") == CA_E_REFUSED);
	UT_OK(!ca_objstore_usable(&s->config, SERIAL));
	/* No home, no serial number. */
	UT_OK(ca_objstore_add(&s->config, "", ut_text("x"), s->name) ==
	      CA_E_REFUSED);
	UT_OK(!ca_objstore_usable(&s->config, ""));
	s->config.certs_user[0] = '\0';
	UT_OK(!ca_objstore_usable(&s->config, SERIAL));
	UT_OK(add(s, "two") == CA_E_REFUSED && listed(s) == 0);
	(void)snprintf(s->config.certs_user, CA_CONF_PATH, "/proc/self/none");
	UT_OK(!ca_objstore_usable(&s->config, SERIAL));
	UT_OK(add(s, "two") == CA_E_REFUSED);
	scene_end(s);
}

static size_t
files_in(const char *folder)
{
	DIR *d = opendir(folder);
	size_t n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n;
}

/* The disk is full: the old content stays, and nothing lies beside it. */
static void
disk_full(void)
{
	struct scene *s = scene_begin();
	struct rlimit before, small = {.rlim_cur = 10};
	void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
	char first[CA_OBJ_NAME];

	UT_OK(add(s, "one") == CA_OK);
	memcpy(first, s->name, sizeof(first));
	UT_OK(getrlimit(RLIMIT_FSIZE, &before) == 0);
	small.rlim_max = before.rlim_max;
	UT_OK(setrlimit(RLIMIT_FSIZE, &small) == 0);
	UT_OK(ca_objstore_put(&s->config, SERIAL, first,
		  ut_text("longer than ten bytes")) == CA_E_NO_SPACE);
	UT_OK(add(s, "longer than ten bytes") == CA_E_NO_SPACE);
	UT_OK(setrlimit(RLIMIT_FSIZE, &before) == 0);
	UT_OK(signal(SIGXFSZ, old) == SIG_IGN);
	UT_OK(reads(s, first, "one"));
	UT_OK(listed(s) == 1 && files_in(at(s, "")) == 3);
	scene_end(s);
}

static void
caps(void)
{
	struct scene *s = scene_begin();
	char *big = calloc(1, CA_OBJSTORE_BYTES + 2);

	memset(big, 'x', CA_OBJSTORE_BYTES + 1);
	UT_OK(add(s, big) == CA_E_NO_SPACE && listed(s) == 0);
	big[CA_OBJSTORE_BYTES] = '\0';
	UT_OK(add(s, big) == CA_OK && reads(s, s->name, big));
	for (int i = 1; i < CA_OBJSTORE_MAX; i++)
		UT(add(s, "x") == CA_OK, "%d", i);
	UT_OK(listed(s) == CA_OBJSTORE_MAX);
	for (size_t i = 1; i < s->list.n; i++)
		UT(strcmp(s->list.v[i - 1].name, s->list.v[i].name) < 0, "%zu",
		    i);
	UT_OK(add(s, "x") == CA_E_NO_SPACE);
	UT_OK(ca_objstore_remove(&s->config, SERIAL, s->list.v[7].name) ==
	      CA_OK);
	UT_OK(add(s, "x") == CA_OK && listed(s) == CA_OBJSTORE_MAX);
	free(big);
	scene_end(s);
}

/* Sets a time of long ago. */
static void
age(const char *path)
{
	const struct timespec t[2] = {{1000000000, 5}, {1000000000, 5}};

	UT(utimensat(AT_FDCWD, path, t, 0) == 0, "%s", path);
}

/* Only an old time says that nothing changed. */
static void
stamps(void)
{
	struct scene *s = scene_begin();
	struct ca_obj_stamp a, b;

	a = ca_objstore_stamp(&s->config, SERIAL);
	b = ca_objstore_stamp(&s->config, SERIAL);
	UT_OK(ca_obj_stamp_same(&a, &b)); /* no folder, twice */
	UT_OK(add(s, "one") == CA_OK);
	b = ca_objstore_stamp(&s->config, SERIAL);
	UT_OK(!ca_obj_stamp_same(&a, &b) && !ca_obj_stamp_same(&b, &b));
	age(at(s, ""));
	a = ca_objstore_stamp(&s->config, SERIAL);
	b = ca_objstore_stamp(&s->config, SERIAL);
	UT_OK(ca_obj_stamp_same(&a, &b));
	UT_OK(ca_objstore_put(&s->config, SERIAL, s->name, ut_text("two")) ==
	      CA_OK);
	b = ca_objstore_stamp(&s->config, SERIAL);
	UT_OK(!ca_obj_stamp_same(&a, &b));
	scene_end(s);
}

static const CU_TestInfo tests[] = {
    {"whole_life", whole_life},
    {"other_files", other_files},
    {"bad_folders", bad_folders},
    {"disk_full", disk_full},
    {"caps", caps},
    {"stamps", stamps},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_objstore = {"objstore", tests};
