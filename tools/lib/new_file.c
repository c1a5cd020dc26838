#include "tools/lib/new_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tools/lib/i18n.h"
#include "tools/lib/say.h"

static enum ca_exit
written(enum ca_exit code, int failed)
{
	if (code != CA_EXIT_OK || failed == 0)
		return code;
	ca_say_wrong(_("The result could not be written."));
	return CA_EXIT_FAILED;
}

enum ca_exit
ca_new_file(const char *path, ca_new_file_write *write, void *arg)
{
	enum ca_exit code;
	FILE *f;

	if (path == NULL) {
		code = write(stdout, arg);
		return written(code, fflush(stdout));
	}
	f = fopen(path, "wxe");
	if (f == NULL) {
		ca_say_wrong(_("The file %s cannot be made: %s."), path,
		    strerror(errno));
		ca_say_kept(_("Nothing was overwritten."));
		return CA_EXIT_INPUT;
	}
	code = write(f, arg);
	code = written(code, fclose(f));
	if (code != CA_EXIT_OK)
		(void)unlink(path);
	return code;
}
