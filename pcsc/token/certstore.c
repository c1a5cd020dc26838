/* See the header. */
#include "pcsc/token/certstore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/log.h"
#include "pcsc/conf/file.h"
#include "pcsc/token/folder.h"
#include "pcsc/token/x509.h"

#define ROOM "certstore"
#define CERT_FILE_MAX 16384

static bool
is_dir(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
ca_certstore_has(const struct ca_config *config, const char *serial)
{
	const char *stores[] = {config->certs_system, config->certs_user};
	char dir[CA_FOLDER_MAX];

	for (size_t i = 0; i < CA_COUNT(stores); i++)
		if (ca_folder(stores[i], serial, dir, sizeof(dir)) &&
		    is_dir(dir))
			return true;
	return false;
}

static ca_err
each_file(const char *dir, const char *name,
    ca_err (*take)(void *arg, const char *file, struct ca_rd der), void *arg)
{
	char path[CA_FOLDER_MAX + CA_FILE_NAME + 1];
	struct ca_buf text = {0}, der = {0};
	ca_err e;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	e = ca_file_read_nofollow(path, CERT_FILE_MAX, &text);
	if (e == CA_OK)
		e = ca_x509_from_file(ca_buf_rd(&text), &der);
	if (e == CA_OK)
		e = take(arg, path, ca_buf_rd(&der));
	else if (e != CA_E_NOMEM) {
		ca_log(CA_LOG_WARN, ROOM, "%s: no certificate (%s)", path,
		    ca_err_name(e));
		e = CA_OK;
	}
	ca_buf_free(&text);
	ca_buf_free(&der);
	return e;
}

static ca_err
each_in(const char *dir,
    ca_err (*take)(void *arg, const char *file, struct ca_rd der), void *arg)
{
	static const char *const suffixes[] = {".cer", ".crt", ".der", ".pem"};
	struct ca_file_names *names = calloc(1, sizeof(*names));
	ca_err e = CA_OK;

	if (names == NULL)
		return CA_E_NOMEM;
	for (size_t s = 0; s < CA_COUNT(suffixes) && e == CA_OK; s++) {
		if (ca_file_list(dir, suffixes[s], names) != CA_OK)
			continue;
		for (size_t i = 0; e == CA_OK && i < names->n; i++)
			e = each_file(dir, names->name[i], take, arg);
	}
	free(names);
	return e;
}

ca_err
ca_certstore_each(const struct ca_config *config, const char *serial,
    ca_err (*take)(void *arg, const char *file, struct ca_rd der), void *arg)
{
	const char *stores[] = {config->certs_system, config->certs_user};
	char dir[CA_FOLDER_MAX];
	ca_err e = CA_OK;

	for (size_t i = 0; e == CA_OK && i < CA_COUNT(stores); i++)
		if (ca_folder(stores[i], serial, dir, sizeof(dir)) &&
		    is_dir(dir))
			e = each_in(dir, take, arg);
	return e;
}
