#include "pcsc/conf/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pcsc/conf/file.h"
#include "pcsc/conf/ini.h"

#define CONF_FILE CA_ETCDIR "/capkcs11.conf"
#define CONF_SECTION "capkcs11"
#define CONF_SIZE_MAX 65536

/* In the order of enum ca_log_level, which CAPKCS11_DEBUG counts. */
static const char *const level_names[] = {
    "off", "error", "warn", "info", "apdu"};

enum key_kind {
	KEY_BOOL,
	KEY_LEVEL,
	KEY_PATH,       /* an absolute path */
	KEY_PATH_EMPTY, /* the same, or empty: none */
};

/* clang-format off */
static const struct key {
	const char *name;
	enum key_kind kind;
	size_t at; /* in struct ca_config */
} keys[] = {
#define KEY(name, kind) {#name, kind, offsetof(struct ca_config, name)}
	KEY(allow_last_try, KEY_BOOL),
	KEY(cache,          KEY_BOOL),
	KEY(pinpad,         KEY_BOOL),
	KEY(log_level,      KEY_LEVEL),
	KEY(log_file,       KEY_PATH_EMPTY),
	KEY(cards_dir,      KEY_PATH),
	KEY(cards_d,        KEY_PATH),
	KEY(certs_system,   KEY_PATH),
	KEY(certs_user,     KEY_PATH_EMPTY),
	KEY(cache_dir,      KEY_PATH_EMPTY),
#undef KEY
};

static const struct {
	const char *name;
	bool value;
} bool_names[] = {
	{"yes", true}, {"true", true}, {"on", true}, {"1", true},
	{"no", false}, {"false", false}, {"off", false}, {"0", false},
};
/* clang-format on */

struct reading {
	struct ca_config *out;
	bool seen[CA_COUNT(keys)];
};

static bool
set_bool(bool *out, const char *value)
{
	for (size_t i = 0; i < CA_COUNT(bool_names); i++) {
		if (strcmp(value, bool_names[i].name) == 0) {
			*out = bool_names[i].value;
			return true;
		}
	}
	return false;
}

static bool
set_level(enum ca_log_level *out, const char *value)
{
	for (size_t i = 0; i < CA_COUNT(level_names); i++) {
		if (strcmp(value, level_names[i]) == 0) {
			*out = (enum ca_log_level)i;
			return true;
		}
	}
	return false;
}

/* Copies a text into a path field if it fits. */
static bool
set_text(char *out, const char *value)
{
	size_t n = strlen(value);

	if (n >= CA_CONF_PATH)
		return false;
	memcpy(out, value, n + 1);
	return true;
}

/* NULL, or why the value is none for this key. */
static const char *
set_key(const struct key *key, struct ca_config *out, const char *value)
{
	void *field = (char *)out + key->at;

	switch (key->kind) {
	case KEY_BOOL:
		return set_bool(field, value) ? NULL : "expected yes or no";
	case KEY_LEVEL:
		return set_level(field, value)
			   ? NULL
			   : "expected off, error, warn, info or apdu";
	case KEY_PATH_EMPTY:
		if (value[0] == '\0')
			return set_text(field, "") ? NULL : "path too long";
		/* fall through */
	case KEY_PATH:
		if (value[0] != '/')
			return "expected an absolute path";
		return set_text(field, value) ? NULL : "path too long";
	}
	return "unknown key";
}

static bool
take_row(void *arg, unsigned line, const char *section, const char *key,
    const char *value, const char **why)
{
	struct reading *r = arg;

	(void)line;
	if (strcmp(section, CONF_SECTION) != 0) {
		*why = "unknown section, only [" CONF_SECTION "] is read";
		return false;
	}
	for (size_t i = 0; i < CA_COUNT(keys); i++) {
		if (strcmp(key, keys[i].name) != 0)
			continue;
		*why = r->seen[i] ? "key given twice"
				  : set_key(&keys[i], r->out, value);
		r->seen[i] = true;
		return *why == NULL;
	}
	*why = "unknown key";
	return false;
}

/* An environment variable that names an absolute path, or NULL: the XDG base
 * directory specification has relative ones ignored. */
static const char *
env_path(const char *name)
{
	const char *value = secure_getenv(name);

	return value && value[0] == '/' ? value : NULL;
}

/* $xdg/capkcs11/..., else $HOME/<in_home>/capkcs11/..., else empty. */
static void
set_user_dir(char *out, const char *xdg, const char *in_home, const char *sub)
{
	const char *base = env_path(xdg);
	const char *home = env_path("HOME");
	int n = -1;

	if (base)
		n = snprintf(out, CA_CONF_PATH, "%s/capkcs11%s", base, sub);
	else if (home)
		n = snprintf(out, CA_CONF_PATH, "%s/%s/capkcs11%s", home,
		    in_home, sub);
	/* Half a path would be another folder. */
	if (n < 0 || n >= CA_CONF_PATH)
		out[0] = '\0';
}

static void
set_defaults(struct ca_config *out)
{
	*out = (struct ca_config){
	    .cache = true,
	    .pinpad = true,
	    .log_level = CA_LOG_OFF,
	    .cards_dir = CA_DATADIR "/cards",
	    .cards_d = CA_ETCDIR "/cards.d",
	    .certs_system = CA_VARDIR "/certs",
	};
	set_user_dir(out->certs_user, "XDG_DATA_HOME", ".local/share",
	    "/certs");
	set_user_dir(out->cache_dir, "XDG_CACHE_HOME", ".cache", "");
}

/* What the environment says about the log goes before the file. Gives the
 * number of faults. */
static unsigned
set_from_env(struct ca_config *out)
{
	const char *debug = secure_getenv("CAPKCS11_DEBUG");
	const char *file = secure_getenv("CAPKCS11_LOG_FILE");
	const int levels = (int)CA_COUNT(level_names);
	unsigned faults = 0;

	if (debug && debug[0] >= '0' && debug[0] < '0' + levels &&
	    debug[1] == '\0') {
		out->log_level = (enum ca_log_level)(debug[0] - '0');
	} else if (debug && debug[0] != '\0') {
		ca_log(CA_LOG_ERROR, "conf", "CAPKCS11_DEBUG: expected 0 to 4");
		faults++;
	}
	if (file && !set_text(out->log_file, file)) {
		ca_log(CA_LOG_ERROR, "conf", "CAPKCS11_LOG_FILE: too long");
		faults++;
	}
	return faults;
}

/* Defaults, then the file, then the environment. *faults counts what was
 * skipped and logged. */
static ca_err
load_once(struct ca_config *out, unsigned *faults)
{
	const char *named = secure_getenv("CAPKCS11_CONF");
	bool by_name = named && named[0] != '\0';
	const char *path = by_name ? named : CONF_FILE;
	struct reading r = {.out = out};
	struct ca_buf text = {0};
	ca_err e;

	*faults = 0;
	set_defaults(out);
	e = ca_file_read(path, CONF_SIZE_MAX, &text);
	if (e == CA_OK) {
		e = ca_ini_parse(ca_buf_rd(&text), path, take_row, &r, faults);
	} else if (by_name || e != CA_E_NOT_FOUND) {
		ca_log(CA_LOG_ERROR, "conf", "%s: cannot be read (%s)", path,
		    ca_err_name(e));
		++*faults;
	}
	ca_buf_free(&text);
	*faults += set_from_env(out);
	return e == CA_E_NOMEM ? e : CA_OK;
}

ca_err
ca_config_load(struct ca_config *out)
{
	unsigned faults;
	ca_err e;
	int fd;

	/* Where faults are to be logged stands in the same file: the first
	 * reading is silent, and a second one tells what the first found. */
	ca_log_setup(CA_LOG_OFF, -1);
	e = load_once(out, &faults);
	if (e != CA_OK || faults == 0 || out->log_level == CA_LOG_OFF)
		return e;
	fd = ca_config_log(out);
	e = load_once(out, &faults);
	ca_log_setup(CA_LOG_OFF, -1);
	if (fd >= 0)
		close(fd);
	return e;
}

int
ca_config_log(const struct ca_config *config)
{
	int fd = -1;

	/* O_NONBLOCK: a FIFO that nobody reads must not stop the program. */
	if (config->log_level != CA_LOG_OFF && config->log_file[0] != '\0')
		fd = open(config->log_file,
		    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY |
			O_NONBLOCK,
		    0600);
	ca_log_setup(config->log_level, fd);
	if (fd < 0 && config->log_file[0] != '\0')
		ca_log(CA_LOG_ERROR, "conf", "%s: cannot be written (errno %d)",
		    config->log_file, errno);
	return fd;
}
