#include "tools/lib/settings.h"

#include <stdlib.h>
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/conf/file.h"
#include "pcsc/conf/ini.h"

#define FILE_MAX 65536
#define LENGTH_MAX 64
#define DAYS_MAX 3650

static bool
flag(const char *value, bool *out, const char **why)
{
	*out = strcmp(value, "yes") == 0;
	if (*out || strcmp(value, "no") == 0)
		return true;
	*why = "neither yes nor no";
	return false;
}

static bool
number(const char *value, unsigned long max, unsigned *out, const char **why)
{
	char *end = NULL;
	unsigned long n = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end != '\0' || n > max) {
		*why = "not a number, or too large";
		return false;
	}
	*out = (unsigned)n;
	return true;
}

static bool
take_row(void *arg, unsigned line, const char *section, const char *key,
    const char *value, const char **why)
{
	struct ca_settings *s = arg;

	(void)line;
	if (strcmp(section, "pin") == 0) {
		if (strcmp(key, "min_length") == 0)
			return number(value, LENGTH_MAX, &s->pin_min_length,
			    why);
		if (strcmp(key, "upper") == 0)
			return flag(value, &s->pin_upper, why);
		if (strcmp(key, "lower") == 0)
			return flag(value, &s->pin_lower, why);
		if (strcmp(key, "digit") == 0)
			return flag(value, &s->pin_digit, why);
	}
	if (strcmp(section, "expiry") == 0) {
		if (strcmp(key, "warn_days") == 0)
			return number(value, DAYS_MAX, &s->expiry_warn, why);
		if (strcmp(key, "renew_days") == 0)
			return number(value, DAYS_MAX, &s->expiry_renew, why);
	}
	*why = "unknown key";
	return false;
}

void
ca_settings_load(struct ca_settings *out)
{
	const char *path = getenv("CAPKCS11_TOOLS_CONF");
	struct ca_settings read = {8, true, true, true, 90, 60};
	struct ca_buf text = {0};
	unsigned faults = 0;

	*out = read;
	if (path == NULL)
		path = CAPKCS11_ETCDIR "/tools.conf";
	ca_log_setup(CA_LOG_ERROR, -1);
	if (ca_file_read(path, FILE_MAX, &text) == CA_OK &&
	    ca_ini_parse(ca_buf_rd(&text), path, take_row, &read, &faults) ==
		CA_OK)
		*out = read;
	ca_buf_free(&text);
}
