#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcsc/token/certstore.h"
#include "tests/unit/keys.h"
#include "tests/unit/suites.h"

#define SERIAL "1122334455667788"

struct seen {
	char files[2000]; /* names without folder, one per line */
	struct ca_rd want;
	unsigned n;
	ca_err answer;
};

static ca_err
take(void *arg, const char *file, struct ca_rd der)
{
	struct seen *s = arg;
	size_t n = strlen(s->files);

	UT(s->want.n == 0 || ca_rd_equal(der, s->want), "%s", file);
	snprintf(s->files + n, sizeof(s->files) - n, "%s\n",
	    strrchr(file, '/') + 1);
	s->n++;
	return s->answer;
}

struct scene {
	struct ut_dir system, user;
	struct ca_config config;
	struct seen seen;
};

static void
scene_begin(struct scene *s)
{
	*s = (struct scene){.system = ut_dir_new(), .user = ut_dir_new()};
	snprintf(s->config.certs_system, CA_CONF_PATH, "%s", s->system.path);
	snprintf(s->config.certs_user, CA_CONF_PATH, "%s", s->user.path);
	ut_log_begin(CA_LOG_WARN);
}

static void
scene_end(struct scene *s)
{
	ut_log_end();
	ut_dir_free(&s->system);
	ut_dir_free(&s->user);
}

static void
folder(const struct ut_dir *d, const char *name)
{
	UT(mkdir(ut_dir_at(d, name), 0700) == 0, "%s", name);
}

static ca_err
each(struct scene *s, const char *serial)
{
	s->seen.files[0] = '\0';
	s->seen.n = 0;
	return ca_certstore_each(&s->config, serial, take, &s->seen);
}

static void
both_stores(void)
{
	struct scene s;

	scene_begin(&s);
	UT_OK(!ca_certstore_has(&s.config, SERIAL));
	UT_OK(each(&s, SERIAL) == CA_OK && s.seen.n == 0);
	folder(&s.user, SERIAL);
	UT_OK(ca_certstore_has(&s.config, SERIAL));
	UT_OK(!ca_certstore_has(&s.config, "1122334455667789"));
	folder(&s.system, SERIAL);
	ut_dir_put(&s.user, SERIAL "/user.cer", ut_cert(UT_EC));
	ut_dir_put(&s.system, SERIAL "/machine.crt", ut_cert_pem(UT_EC));
	s.seen.want = ut_cert(UT_EC);
	/* The machine's first. */
	UT_OK(each(&s, SERIAL) == CA_OK);
	UT(strcmp(s.seen.files, "machine.crt\nuser.cer\n") == 0, "%s",
	    s.seen.files);
	UT(ut_log_text()[0] == '\0', "%s", ut_log_text());
	scene_end(&s);
}

static void
file_names(void)
{
	static const char *const names[] = {"a.cer", "b.crt", "c.der", "d.pem",
	    "e.txt", "f.CER.bak", ".g.cer", "cer"};
	struct scene s;
	char name[64];

	scene_begin(&s);
	folder(&s.user, SERIAL);
	for (size_t i = 0; i < CA_COUNT(names); i++) {
		snprintf(name, sizeof(name), SERIAL "/%s", names[i]);
		ut_dir_put(&s.user, name, ut_cert(UT_EC));
	}
	UT_OK(each(&s, SERIAL) == CA_OK && s.seen.n == 4);
	UT_OK(strstr(s.seen.files, "a.cer\n") &&
	      strstr(s.seen.files, "b.crt\n"));
	UT_OK(strstr(s.seen.files, "c.der\n") &&
	      strstr(s.seen.files, "d.pem\n"));
	scene_end(&s);
}

/* What is no certificate is named in the log, and hides no other file. */
static void
bad_files(void)
{
	uint8_t *big = calloc(1, 20000);
	struct ca_rd cert = ut_cert(UT_EC);
	struct scene s;

	scene_begin(&s);
	folder(&s.user, SERIAL);
	ut_dir_put(&s.user, SERIAL "/a.cer", ut_text("not a certificate"));
	ut_dir_put(&s.user, SERIAL "/b.cer", ca_rd_of(NULL, 0));
	ut_dir_put(&s.user, SERIAL "/c.cer", ca_rd_of(cert.p, cert.n - 1));
	ut_dir_put(&s.user, SERIAL "/d.cer", ut_key_spki(UT_EC));
	ut_dir_put(&s.user, SERIAL "/e.cer", ca_rd_of(big, 20000));
	folder(&s.user, SERIAL "/f.cer");
	UT_OK(mkfifo(ut_dir_at(&s.user, SERIAL "/g.cer"), 0600) == 0);
	ut_dir_put(&s.user, "outside.cer", cert);
	UT_OK(symlink("../outside.cer", ut_dir_at(&s.user, SERIAL "/h.cer")) ==
	      0);
	ut_dir_put(&s.user, SERIAL "/z.cer", cert);
	UT_OK(each(&s, SERIAL) == CA_OK);
	UT(strcmp(s.seen.files, "z.cer\n") == 0, "%s", s.seen.files);
	for (char c = 'a'; c <= 'h'; c++) {
		char part[16];

		snprintf(part, sizeof(part), "/%c.cer: ", c);
		UT(ut_log_count(part) == 1, "%s: %s", part, ut_log_text());
	}
	UT_OK(ut_log_count("\n") == 8);
	scene_end(&s);
	free(big);
}

/* clang-format off */
static const struct {
	const char *serial;
	const char *folder; /* NULL: none can be meant */
} serial_rows[] = {
	{"ABCdef019.-_", "ABCdef019.-_"},
	{"AB/CD", "AB_CD"},
	{"A/../B", "A_.._B"},
	{"../x", NULL}, {"..", NULL}, {".", NULL}, {"", NULL}, {".hidden", NULL},
	{"S\xE1\xBB\x91 1", "S____1"},
	{"a b\nc", "a_b_c"},
};
/* clang-format on */

static void
serials(void)
{
	for (size_t i = 0; i < CA_COUNT(serial_rows); i++) {
		bool some = serial_rows[i].folder != NULL;
		struct scene s;
		char name[64];

		scene_begin(&s);
		/* What a careless path would find. */
		ut_dir_put(&s.user, "top.cer", ut_cert(UT_EC));
		folder(&s.user, "x");
		ut_dir_put(&s.user, "x/x.cer", ut_cert(UT_EC));
		if (some) {
			folder(&s.user, serial_rows[i].folder);
			snprintf(name, sizeof(name), "%s/right.cer",
			    serial_rows[i].folder);
			ut_dir_put(&s.user, name, ut_cert(UT_EC));
		}
		UT(ca_certstore_has(&s.config, serial_rows[i].serial) == some,
		    "'%s'", serial_rows[i].serial);
		UT(each(&s, serial_rows[i].serial) == CA_OK, "'%s'",
		    serial_rows[i].serial);
		UT(strcmp(s.seen.files, some ? "right.cer\n" : "") == 0,
		    "'%s': %s", serial_rows[i].serial, s.seen.files);
		scene_end(&s);
	}
}

/* A folder that is a link is not the token's folder. */
static void
linked_folder(void)
{
	struct scene s;

	scene_begin(&s);
	folder(&s.system, "real");
	ut_dir_put(&s.system, "real/a.cer", ut_cert(UT_EC));
	UT_OK(symlink(ut_dir_at(&s.system, "real"),
		  ut_dir_at(&s.user, SERIAL)) == 0);
	UT_OK(!ca_certstore_has(&s.config, SERIAL));
	UT_OK(each(&s, SERIAL) == CA_OK && s.seen.n == 0);
	scene_end(&s);
}

static void
no_stores(void)
{
	struct scene s;

	scene_begin(&s);
	folder(&s.user, SERIAL);
	ut_dir_put(&s.user, SERIAL "/a.cer", ut_cert(UT_EC));
	s.config.certs_user[0] = '\0';
	s.config.certs_system[0] = '\0';
	UT_OK(!ca_certstore_has(&s.config, SERIAL));
	UT_OK(each(&s, SERIAL) == CA_OK && s.seen.n == 0);
	/* The longest path of a store and the longest serial together. */
	memset(s.config.certs_user, 'p', CA_CONF_PATH - 1);
	s.config.certs_user[0] = '/';
	s.config.certs_user[CA_CONF_PATH - 1] = '\0';
	UT_OK(each(&s, "1122334455667788112233445566778811223344556677881122"
		       "334455667788112233445566778811223344556677881122334455"
		       "66778811223344556677881") == CA_OK);
	UT_OK(s.seen.n == 0);
	scene_end(&s);
}

/* What `take` says ends the walk and comes back. */
static void
taker_stops(void)
{
	struct scene s;

	scene_begin(&s);
	folder(&s.user, SERIAL);
	ut_dir_put(&s.user, SERIAL "/a.cer", ut_cert(UT_EC));
	ut_dir_put(&s.user, SERIAL "/b.cer", ut_cert(UT_EC));
	ut_dir_put(&s.user, SERIAL "/c.pem", ut_cert_pem(UT_EC));
	s.seen.answer = CA_E_NOMEM;
	UT_OK(each(&s, SERIAL) == CA_E_NOMEM && s.seen.n == 1);
	scene_end(&s);
}

static const CU_TestInfo tests[] = {
    {"both_stores", both_stores},
    {"file_names", file_names},
    {"bad_files", bad_files},
    {"serials", serials},
    {"linked_folder", linked_folder},
    {"no_stores", no_stores},
    {"taker_stops", taker_stops},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_certstore = {"certstore", tests};
