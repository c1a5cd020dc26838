#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcsc/base/buf.h"
#include "pcsc/conf/config.h"
#include "pcsc/conf/file.h"
#include "tests/unit/suites.h"

static const char *const variables[] = {"CAPKCS11_CONF", "CAPKCS11_DEBUG",
    "CAPKCS11_LOG_FILE", "HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"};

/* An environment of its own for each test, put back at the end. */
struct scene {
	struct ut_dir dir;
	char *before[CA_COUNT(variables)];
	struct ca_config config;
};

static void
scene_begin(struct scene *s)
{
	s->dir = ut_dir_new();
	for (size_t i = 0; i < CA_COUNT(variables); i++) {
		const char *v = getenv(variables[i]);

		s->before[i] = v ? strdup(v) : NULL;
		unsetenv(variables[i]);
	}
	/* Never the file of the machine the test runs on. */
	setenv("CAPKCS11_CONF", ut_dir_at(&s->dir, "capkcs11.conf"), 1);
	memset(&s->config, 0xA5, sizeof(s->config));
}

static void
scene_end(struct scene *s)
{
	for (size_t i = 0; i < CA_COUNT(variables); i++) {
		if (s->before[i])
			setenv(variables[i], s->before[i], 1);
		else
			unsetenv(variables[i]);
		free(s->before[i]);
	}
	ca_log_setup(CA_LOG_OFF, -1);
	ut_dir_free(&s->dir);
}

/* Loads with this file; the log goes to the file "log" of the scene. */
static void
load(struct scene *s, const char *text)
{
	ut_dir_put(&s->dir, "capkcs11.conf", ut_text(text));
	UT_OK(ca_config_load(&s->config) == CA_OK);
	UT_OK(!ca_log_on(CA_LOG_ERROR));
}

/* What was logged to the file "log". Valid until the next call. */
static const char *
logged(struct scene *s)
{
	static char text[8192];
	struct ca_buf b = {0};
	size_t n = 0;

	if (ca_file_read(ut_dir_at(&s->dir, "log"), sizeof(text) - 1, &b) !=
		CA_OK ||
	    !ca_rd_copy(ca_buf_rd(&b), text, sizeof(text) - 1, &n))
		n = 0;
	text[n] = '\0';
	ca_buf_free(&b);
	return text;
}

static void
defaults(void)
{
	struct scene s;

	scene_begin(&s);
	UT_OK(ca_config_load(&s.config) == CA_OK);
	UT_OK(!s.config.allow_last_try && s.config.cache);
	UT_OK(s.config.log_level == CA_LOG_OFF && s.config.log_file[0] == '\0');
	UT_OK(s.config.cards_dir[0] == '/' && s.config.cards_d[0] == '/' &&
	      s.config.certs_system[0] == '/');
	UT_OK(strstr(s.config.cards_dir, "/capkcs11/cards") != NULL);
	UT_OK(s.config.certs_user[0] == '\0' && s.config.cache_dir[0] == '\0');
	scene_end(&s);
}

static const char full[] = "[capkcs11]\n"
			   "allow_last_try = yes\n"
			   "cache = no\n"
			   "log_level = warn\n"
			   "log_file = /nowhere/log\n"
			   "cards_dir = /a/cards\n"
			   "cards_d = /b/cards.d\n"
			   "certs_system = /c/certs\n"
			   "certs_user = /d/certs\n"
			   "cache_dir = /e/cache\n";

static void
every_key(void)
{
	struct scene s;

	scene_begin(&s);
	load(&s, full);
	UT_OK(s.config.allow_last_try && !s.config.cache);
	UT_OK(s.config.log_level == CA_LOG_WARN);
	UT_OK(strcmp(s.config.log_file, "/nowhere/log") == 0);
	UT_OK(strcmp(s.config.cards_dir, "/a/cards") == 0);
	UT_OK(strcmp(s.config.cards_d, "/b/cards.d") == 0);
	UT_OK(strcmp(s.config.certs_system, "/c/certs") == 0);
	UT_OK(strcmp(s.config.certs_user, "/d/certs") == 0);
	UT_OK(strcmp(s.config.cache_dir, "/e/cache") == 0);
	scene_end(&s);
}

static const struct {
	const char *text;
	int value; /* -1: refused */
} bool_rows[] = {{"yes", 1}, {"no", 0}, {"true", 1}, {"false", 0}, {"on", 1},
    {"off", 0}, {"1", 1}, {"0", 0}, {"yess", -1}, {"YES", -1}, {"", -1},
    {"2", -1}, {"yes no", -1}};

/* A value that is not understood leaves the careful default. */
static void
booleans(void)
{
	struct scene s;
	char text[100];

	scene_begin(&s);
	for (size_t i = 0; i < CA_COUNT(bool_rows); i++) {
		snprintf(text, sizeof(text), "[capkcs11]\nallow_last_try=%s\n",
		    bool_rows[i].text);
		load(&s, text);
		UT(s.config.allow_last_try == (bool_rows[i].value == 1), "'%s'",
		    bool_rows[i].text);
		snprintf(text, sizeof(text), "[capkcs11]\ncache=%s\n",
		    bool_rows[i].text);
		load(&s, text);
		UT(s.config.cache == (bool_rows[i].value != 0), "'%s'",
		    bool_rows[i].text);
	}
	scene_end(&s);
}

static const struct {
	const char *text;
	enum ca_log_level level;
} level_rows[] = {{"off", CA_LOG_OFF}, {"error", CA_LOG_ERROR},
    {"warn", CA_LOG_WARN}, {"info", CA_LOG_INFO}, {"apdu", CA_LOG_APDU},
    {"debug", CA_LOG_OFF}, {"4", CA_LOG_OFF}};

static void
log_levels(void)
{
	struct scene s;
	char text[100];

	scene_begin(&s);
	for (size_t i = 0; i < CA_COUNT(level_rows); i++) {
		snprintf(text, sizeof(text), "[capkcs11]\nlog_level = %s\n",
		    level_rows[i].text);
		load(&s, text);
		UT(s.config.log_level == level_rows[i].level, "%s",
		    level_rows[i].text);
	}
	scene_end(&s);
}

static const struct {
	const char *file, *env;
	enum ca_log_level level;
} debug_rows[] = {{"error", "4", CA_LOG_APDU}, {"apdu", "0", CA_LOG_OFF},
    {"apdu", "1", CA_LOG_ERROR}, {"apdu", "", CA_LOG_APDU},
    {"info", "5", CA_LOG_INFO}, {"info", "-1", CA_LOG_INFO},
    {"info", "44", CA_LOG_INFO}, {"info", "yes", CA_LOG_INFO}};

/* The environment goes before the file. */
static void
environment_first(void)
{
	struct scene s;
	char text[200];

	scene_begin(&s);
	setenv("CAPKCS11_LOG_FILE", ut_dir_at(&s.dir, "log"), 1);
	for (size_t i = 0; i < CA_COUNT(debug_rows); i++) {
		setenv("CAPKCS11_DEBUG", debug_rows[i].env, 1);
		snprintf(text, sizeof(text),
		    "[capkcs11]\nlog_level = %s\nlog_file = /nowhere/log\n",
		    debug_rows[i].file);
		load(&s, text);
		UT(s.config.log_level == debug_rows[i].level, "row %zu", i);
		UT(strcmp(s.config.log_file, ut_dir_at(&s.dir, "log")) == 0,
		    "row %zu", i);
	}
	UT_OK(strstr(logged(&s), "CAPKCS11_DEBUG: expected 0 to 4\n") != NULL);
	scene_end(&s);
}

/* clang-format off */
static const struct {
	const char *line;
	const char *why;
} fault_rows[] = {
	{"colour = red",          "unknown key"},
	{"Cache = no",            "unknown key"},
	{"cache = maybe",         "expected yes or no"},
	{"log_level = loud",      "expected off, error, warn, info or apdu"},
	{"cards_dir = cards",     "expected an absolute path"},
	{"cards_dir =",           "expected an absolute path"},
	{"cards_d =",             "expected an absolute path"},
	{"certs_system =",        "expected an absolute path"},
	{"certs_user = ~/certs",  "expected an absolute path"},
	{"log_file = ./x",        "expected an absolute path"},
	{"cache_dir = /second",   "key given twice"},
	{"cache_dir = bad",       "key given twice"},
	{"nonsense",              "neither [section] nor key = value"},
};
/* clang-format on */

/* A fault is named with file and line, once, and hurts nothing around it. */
static void
faults_named(void)
{
	char text[300], want[900];
	struct scene s;

	scene_begin(&s);
	setenv("CAPKCS11_LOG_FILE", ut_dir_at(&s.dir, "log"), 1);
	setenv("CAPKCS11_DEBUG", "1", 1);
	for (size_t i = 0; i < CA_COUNT(fault_rows); i++) {
		unlink(ut_dir_at(&s.dir, "log"));
		snprintf(text, sizeof(text),
		    "[capkcs11]\n\ncache_dir = /first\n%s\n"
		    "allow_last_try = yes\n",
		    fault_rows[i].line);
		load(&s, text);
		snprintf(want, sizeof(want), "capkcs11: conf: %s:4: %s\n",
		    ut_dir_at(&s.dir, "capkcs11.conf"), fault_rows[i].why);
		UT(strcmp(logged(&s), want) == 0, "%s: %s", fault_rows[i].line,
		    logged(&s));
		UT(s.config.allow_last_try, "%s", fault_rows[i].line);
		UT(strcmp(s.config.cache_dir, "/first") == 0, "%s",
		    fault_rows[i].line);
	}
	scene_end(&s);
}

static void
other_sections(void)
{
	struct scene s;

	scene_begin(&s);
	setenv("CAPKCS11_LOG_FILE", ut_dir_at(&s.dir, "log"), 1);
	setenv("CAPKCS11_DEBUG", "1", 1);
	load(&s, "allow_last_try = yes\n[other]\nallow_last_try = yes\n");
	UT_OK(!s.config.allow_last_try);
	UT_OK(strstr(logged(&s), "conf:1: unknown section") != NULL);
	UT_OK(strstr(logged(&s), "conf:3: unknown section") != NULL);
	scene_end(&s);
}

/* With the log off nothing is written anywhere, not even an empty file. */
static void
silent_by_default(void)
{
	struct scene s;

	scene_begin(&s);
	setenv("CAPKCS11_LOG_FILE", ut_dir_at(&s.dir, "log"), 1);
	load(&s, "[capkcs11]\nnonsense\n");
	UT_OK(access(ut_dir_at(&s.dir, "log"), F_OK) != 0);
	scene_end(&s);
}

static void
unreadable_file(void)
{
	struct scene s;

	scene_begin(&s);
	setenv("CAPKCS11_LOG_FILE", ut_dir_at(&s.dir, "log"), 1);
	setenv("CAPKCS11_DEBUG", "1", 1);
	/* Somebody named it, so it is a fault that it is not there. */
	UT_OK(ca_config_load(&s.config) == CA_OK);
	UT_OK(strstr(logged(&s), "capkcs11.conf: cannot be read (NOT_FOUND)") !=
	      NULL);
	UT_OK(s.config.cache);
	setenv("CAPKCS11_CONF", s.dir.path, 1);
	UT_OK(ca_config_load(&s.config) == CA_OK);
	UT_OK(strstr(logged(&s), "cannot be read (REFUSED)") != NULL);
	setenv("CAPKCS11_CONF", "/proc/self/maps", 1);
	UT_OK(ca_config_load(&s.config) == CA_OK && s.config.cache);
	scene_end(&s);
}

static void
no_memory(void)
{
	struct scene s;

	scene_begin(&s);
	ut_dir_put(&s.dir, "capkcs11.conf", ut_text(full));
	ut_mem_fail(1);
	UT_OK(ca_config_load(&s.config) == CA_E_NOMEM && ut_mem_failed());
	ut_mem_fail(0);
	scene_end(&s);
}

/* clang-format off */
static const struct {
	const char *home, *data, *cache; /* NULL: not set */
	const char *certs_user, *cache_dir;
} xdg_rows[] = {
	{"/home/an", NULL, NULL,
	 "/home/an/.local/share/capkcs11/certs", "/home/an/.cache/capkcs11"},
	{"/home/an", "/x/data", "/x/cache",
	 "/x/data/capkcs11/certs", "/x/cache/capkcs11"},
	{NULL, "/x/data", "/x/cache",
	 "/x/data/capkcs11/certs", "/x/cache/capkcs11"},
	{"/home/an", "data", "./cache",
	 "/home/an/.local/share/capkcs11/certs", "/home/an/.cache/capkcs11"},
	{"/home/an", "", "",
	 "/home/an/.local/share/capkcs11/certs", "/home/an/.cache/capkcs11"},
	{"home/an", NULL, NULL, "", ""},
	{"", NULL, NULL, "", ""},
	{NULL, NULL, NULL, "", ""},
	{NULL, "/x/data", NULL, "/x/data/capkcs11/certs", ""},
};
/* clang-format on */

static void
set_or_not(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void
user_folders(void)
{
	struct scene s;

	scene_begin(&s);
	for (size_t i = 0; i < CA_COUNT(xdg_rows); i++) {
		set_or_not("HOME", xdg_rows[i].home);
		set_or_not("XDG_DATA_HOME", xdg_rows[i].data);
		set_or_not("XDG_CACHE_HOME", xdg_rows[i].cache);
		load(&s, "");
		UT(strcmp(s.config.certs_user, xdg_rows[i].certs_user) == 0,
		    "row %zu: %s", i, s.config.certs_user);
		UT(strcmp(s.config.cache_dir, xdg_rows[i].cache_dir) == 0,
		    "row %zu: %s", i, s.config.cache_dir);
	}
	/* The file can take them away. */
	setenv("HOME", "/home/an", 1);
	load(&s, "[capkcs11]\ncerts_user =\ncache_dir =\n");
	UT_OK(s.config.certs_user[0] == '\0' && s.config.cache_dir[0] == '\0');
	scene_end(&s);
}

/* Half a path is never used. */
static void
long_paths(void)
{
	char text[CA_CONF_PATH + 100];
	struct scene s;

	scene_begin(&s);
	memset(text, 'p', sizeof(text));
	text[0] = '/';
	for (size_t n = CA_CONF_PATH - 40; n < CA_CONF_PATH + 40; n++) {
		text[n] = '\0';
		setenv("XDG_DATA_HOME", text, 1);
		setenv("CAPKCS11_LOG_FILE", text, 1);
		load(&s, "");
		/* "/capkcs11/certs" has 15 bytes, the NUL one. */
		UT(strlen(s.config.certs_user) ==
			(n + 16 <= CA_CONF_PATH ? n + 15 : 0),
		    "%zu", n);
		UT(strlen(s.config.log_file) == (n < CA_CONF_PATH ? n : 0),
		    "%zu", n);
		text[n] = 'p';
	}
	scene_end(&s);
}

static void
log_file(void)
{
	struct scene s;
	struct stat st;
	int fd;

	scene_begin(&s);
	setenv("CAPKCS11_LOG_FILE", ut_dir_at(&s.dir, "log"), 1);
	setenv("CAPKCS11_DEBUG", "3", 1);
	load(&s, "");
	fd = ca_config_log(&s.config);
	UT_OK(fd >= 0 && ca_log_on(CA_LOG_INFO) && !ca_log_on(CA_LOG_APDU));
	ca_log(CA_LOG_INFO, "room", "first");
	ca_log_setup(CA_LOG_OFF, -1);
	close(fd);
	/* The second time it is continued, and only its owner may read it. */
	fd = ca_config_log(&s.config);
	ca_log(CA_LOG_INFO, "room", "second");
	ca_log_setup(CA_LOG_OFF, -1);
	close(fd);
	UT_OK(strcmp(logged(&s),
		  "capkcs11: room: first\ncapkcs11: room: second\n") == 0);
	UT_OK(stat(ut_dir_at(&s.dir, "log"), &st) == 0 &&
	      (st.st_mode & 0777) == 0600);
	/* Off: no file is opened. */
	s.config.log_level = CA_LOG_OFF;
	UT_OK(ca_config_log(&s.config) == -1 && !ca_log_on(CA_LOG_ERROR));
	scene_end(&s);
}

static const CU_TestInfo tests[] = {
    {"defaults", defaults},
    {"every_key", every_key},
    {"booleans", booleans},
    {"log_levels", log_levels},
    {"environment_first", environment_first},
    {"faults_named", faults_named},
    {"other_sections", other_sections},
    {"silent_by_default", silent_by_default},
    {"unreadable_file", unreadable_file},
    {"no_memory", no_memory},
    {"user_folders", user_folders},
    {"long_paths", long_paths},
    {"log_file", log_file},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_config = {"config", tests};
