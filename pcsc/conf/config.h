/*
 * What the administrator and the environment say, read once at C_Initialize.
 *
 * Files: /etc/capkcs11/capkcs11.conf, or the one CAPKCS11_CONF names (ignored
 * in a program with raised privileges). A missing file means the defaults; an
 * unknown key or a bad value is logged with file and line and skipped.
 */
#ifndef CA_CONF_CONFIG_H
#define CA_CONF_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "pcsc/base/err.h"
#include "pcsc/base/log.h"

#define CA_CONF_PATH 512

struct ca_config {
	bool allow_last_try; /* C_Login may spend a PIN's last try */
	bool cache;          /* keep public certificates on disk */
	bool pinpad;         /* PINs may be keyed in at a reader */
	enum ca_log_level log_level;
	char log_file[CA_CONF_PATH];     /* empty: standard error */
	char cards_dir[CA_CONF_PATH];    /* profiles of the package */
	char cards_d[CA_CONF_PATH];      /* the administrator's profiles */
	char certs_system[CA_CONF_PATH]; /* certificate store of the machine */
	char certs_user[CA_CONF_PATH];   /* of the user; empty: no home */
	char cache_dir[CA_CONF_PATH];    /* empty: none */
};

/*
 * Fills *out from file and environment. Only CA_E_NOMEM can be returned.
 *
 * Environment, before the file: CAPKCS11_DEBUG (0 to 4, an enum ca_log_level),
 * CAPKCS11_LOG_FILE. Folders of the user follow the XDG base directory
 * specification (XDG_DATA_HOME, XDG_CACHE_HOME, HOME; absolute paths only).
 *
 * Faults are logged where file and environment want the log; the log is off
 * afterwards, until ca_config_log().
 */
ca_err ca_config_load(struct ca_config *out);

/*
 * Sets the log up as the configuration says. Gives the descriptor of the log
 * file, which the caller closes after a last ca_log_setup(), or -1 for standard
 * error (also when the file cannot be opened, which is then logged there).
 */
int ca_config_log(const struct ca_config *config);

#endif
