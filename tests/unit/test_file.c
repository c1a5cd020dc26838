#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcsc/conf/file.h"
#include "tests/unit/suites.h"

static void
sizes(void)
{
	static const size_t ns[] = {0, 1, 1023, 1024, 1025, 5000};
	struct ut_dir d = ut_dir_new();
	uint8_t bytes[5000];
	struct ut_dice dice = ut_dice_of(6);

	ut_roll_bytes(&dice, bytes, sizeof(bytes));
	for (size_t i = 0; i < CA_COUNT(ns); i++) {
		struct ca_rd want = ca_rd_of(bytes, ns[i]);
		const char *path = ut_dir_put(&d, "f", want);
		struct ca_buf out = {0};

		UT(ca_file_read(path, ns[i], &out) == CA_OK, "%zu", ns[i]);
		UT(ca_rd_equal(ca_buf_rd(&out), want), "%zu", ns[i]);
		UT(ca_file_read(path, ns[i] + 1, &out) == CA_OK, "%zu", ns[i]);
		UT(out.n == ns[i], "%zu", ns[i]);
		if (ns[i] > 0)
			UT(ca_file_read(path, ns[i] - 1, &out) == CA_E_DATA_LEN,
			    "%zu", ns[i]);
		UT(ca_rd_equal(ca_buf_rd(&out), want), "%zu", ns[i]);
		ca_buf_free(&out);
	}
	ut_dir_free(&d);
}

/* A failure leaves the content that was there. */
static void
failures(void)
{
	struct ut_dir d = ut_dir_new();
	struct ca_buf out = {0};
	const char *fifo = ut_dir_at(&d, "fifo");
	const char *loop = ut_dir_at(&d, "loop");
	const char *file = ut_dir_put(&d, "file", ut_text("new"));
	char below[700];

	UT_OK(ca_buf_set(&out, ut_text("old")) == CA_OK);
	UT_OK(mkfifo(fifo, 0600) == 0 && symlink("loop", loop) == 0);
	snprintf(below, sizeof(below), "%s/x", file);
	UT_OK(ca_file_read(ut_dir_at(&d, "none"), 99, &out) == CA_E_NOT_FOUND);
	UT_OK(ca_file_read("", 99, &out) == CA_E_NOT_FOUND);
	UT_OK(ca_file_read(below, 99, &out) == CA_E_NOT_FOUND);
	UT_OK(ca_file_read(d.path, 99, &out) == CA_E_REFUSED);
	UT_OK(ca_file_read(fifo, 99, &out) == CA_E_REFUSED);
	UT_OK(ca_file_read(loop, 99, &out) == CA_E_REFUSED);
	UT_OK(ca_file_read("/dev/zero", 99, &out) == CA_E_REFUSED);
	ut_mem_fail(1);
	UT_OK(ca_file_read(file, 99, &out) == CA_E_NOMEM && ut_mem_failed());
	ut_mem_fail(0);
	UT_OK(ca_rd_equal(ca_buf_rd(&out), ut_text("old")));
	/* root may read anything. */
	if (geteuid() != 0) {
		UT_OK(chmod(file, 0) == 0);
		UT_OK(ca_file_read(file, 99, &out) == CA_E_REFUSED);
	}
	ca_buf_free(&out);
	ut_dir_free(&d);
}

/* A file that says it is empty and is not: /proc. The maximum still holds. */
static void
size_that_lies(void)
{
	struct ca_buf out = {0};

	UT_OK(ca_file_read("/proc/self/status", 65536, &out) == CA_OK);
	UT_OK(out.n > 100);
	UT_OK(ca_file_read("/proc/self/status", 10, &out) == CA_E_DATA_LEN);
	ca_buf_free(&out);
}

static void
links(void)
{
	struct ut_dir d = ut_dir_new();
	struct ca_buf out = {0};
	const char *file = ut_dir_put(&d, "file", ut_text("text"));
	const char *link = ut_dir_at(&d, "link");

	UT_OK(symlink("file", link) == 0);
	UT_OK(ca_file_read(link, 99, &out) == CA_OK && out.n == 4);
	UT_OK(ca_file_read_nofollow(link, 99, &out) == CA_E_REFUSED);
	UT_OK(ca_file_read_nofollow(file, 99, &out) == CA_OK && out.n == 4);
	UT_OK(ca_file_read_nofollow(ut_dir_at(&d, "none"), 99, &out) ==
	      CA_E_NOT_FOUND);
	ca_buf_free(&out);
	ut_dir_free(&d);
}

/* No descriptor stays open, on any path. */
static void
no_descriptor_left(void)
{
	struct ut_dir d = ut_dir_new();
	struct ca_file_names *names = calloc(1, sizeof(*names));
	struct ca_buf out = {0};
	const char *file = ut_dir_put(&d, "file", ut_text("text"));
	int before = dup(0);
	int after;

	close(before);
	UT_OK(ca_file_read(file, 99, &out) == CA_OK);
	UT_OK(ca_file_read(file, 1, &out) == CA_E_DATA_LEN);
	UT_OK(ca_file_read(d.path, 99, &out) == CA_E_REFUSED);
	UT_OK(ca_file_list(d.path, "", names) == CA_OK);
	after = dup(0);
	close(after);
	UT_OK(before == after);
	ca_buf_free(&out);
	free(names);
	ut_dir_free(&d);
}

static void
list_sorted(void)
{
	static const char *const there[] = {"b.conf", "a.conf", "c.conf~",
	    "C.conf", "10.conf", "9.conf", ".hidden.conf", ".conf", "conf",
	    "a.conf.bak", "x.CONF"};
	static const char *const want[] = {
	    "10.conf", "9.conf", "C.conf", "a.conf", "b.conf"};
	struct ca_file_names *names = calloc(1, sizeof(*names));
	struct ut_dir d = ut_dir_new();

	for (size_t i = 0; i < CA_COUNT(there); i++)
		ut_dir_put(&d, there[i], ut_text("x"));
	UT_OK(ca_file_list(d.path, ".conf", names) == CA_OK);
	UT(names->n == CA_COUNT(want), "%zu", names->n);
	for (size_t i = 0; i < names->n && i < CA_COUNT(want); i++)
		UT(strcmp(names->name[i], want[i]) == 0, "%s", names->name[i]);
	UT_OK(ca_file_list(d.path, ".none", names) == CA_OK && names->n == 0);
	ut_dir_free(&d);
	names->n = 5;
	UT_OK(ca_file_list(ut_dir_at(&d, "gone"), "", names) ==
		  CA_E_NOT_FOUND &&
	      names->n == 0);
	free(names);
}

/* Of too many the first in order stay, whatever order the folder gives. */
static void
list_capped(void)
{
	struct ca_file_names *names = calloc(1, sizeof(*names));
	struct ut_dir d = ut_dir_new();
	char name[32];

	ut_log_begin(CA_LOG_WARN);
	for (int i = 0; i < CA_FILE_NAMES_MAX; i++) {
		/* A permutation: 37 and 64 have no common factor. */
		snprintf(name, sizeof(name), "%03d.conf", i * 37 % 64);
		ut_dir_put(&d, name, ut_text(""));
	}
	UT_OK(ca_file_list(d.path, ".conf", names) == CA_OK);
	UT_OK(names->n == CA_FILE_NAMES_MAX && ut_log_count("\n") == 0);
	for (int i = 64; i < 90; i++) {
		snprintf(name, sizeof(name), "%03d.conf", i);
		ut_dir_put(&d, name, ut_text(""));
	}
	ut_dir_put(&d, "000a.conf", ut_text(""));
	UT_OK(ca_file_list(d.path, ".conf", names) == CA_OK);
	UT_OK(names->n == CA_FILE_NAMES_MAX);
	UT_OK(strcmp(names->name[0], "000.conf") == 0);
	UT_OK(strcmp(names->name[1], "000a.conf") == 0);
	for (size_t i = 2; i < names->n; i++) {
		snprintf(name, sizeof(name), "%03zu.conf", i - 1);
		UT(strcmp(names->name[i], name) == 0, "%zu", i);
	}
	UT_OK(ut_log_count("left out") == 1);
	ut_log_end();
	ut_dir_free(&d);
	free(names);
}

static const CU_TestInfo tests[] = {
    {"sizes", sizes},
    {"failures", failures},
    {"size_that_lies", size_that_lies},
    {"links", links},
    {"no_descriptor_left", no_descriptor_left},
    {"list_sorted", list_sorted},
    {"list_capped", list_capped},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_file = {"file", tests};
