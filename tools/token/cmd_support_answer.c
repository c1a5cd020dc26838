/* ca-token support answer: the desk's end of unblocking at a distance. */
#include <stdio.h>
#include <string.h>

#include "pcsc/base/secret.h"
#include "pcsc/conf/file.h"
#include "tools/lib/desk_answer.h"
#include "tools/lib/i18n.h"
#include "tools/lib/say.h"
#include "tools/token/command.h"

#define KEY_MAX 4096
#define LINE 128

const struct ca_option ca_support_answer_options[] = {
    {"serial", "NUMBER", N_("serial number of the caller's token")},
    {"key-source", "file:PATH", N_("the file with the key, or the PUK")},
    {NULL, NULL, NULL},
};

/* The code, in one argument or in several. */
static bool
heard(const struct ca_given *g, struct ca_phone *asked)
{
	char line[LINE] = "";
	size_t at = 0;

	for (int i = 0; i < g->rest_n; i++) {
		int n =
		    snprintf(line + at, sizeof(line) - at, "%s ", g->rest[i]);

		if (n < 0 || (size_t)n >= sizeof(line) - at)
			break;
		at += (size_t)n;
	}
	if (ca_phone_read(line, CA_PHONE_CHALLENGE, asked) == CA_PHONE_GOOD)
		return true;
	ca_say_wrong(_("That is no challenge: a character is wrong, or some "
		       "are "
		       "missing."));
	ca_say_next(_("Have it read out again."));
	return false;
}

static enum ca_exit
key(const char *source, struct ca_buf *out)
{
	static const char scheme[] = "file:";

	if (strncmp(source, scheme, sizeof(scheme) - 1) == 0)
		source += sizeof(scheme) - 1;
	if (ca_file_read(source, KEY_MAX, out) == CA_OK)
		return CA_EXIT_OK;
	ca_say_wrong(_("The file with the key, %s, cannot be read."), source);
	return CA_EXIT_INPUT;
}

static enum ca_exit
answer(const struct ca_phone *asked, struct ca_rd file)
{
	struct ca_phone a;
	char code[CA_PHONE_TEXT];

	switch (ca_desk_answer(asked, file, &a)) {
	case CA_DESK_GOOD:
		break;
	case CA_DESK_NO_KEY:
		ca_say_wrong(_("The file holds no key that this token's "
			       "challenge "
			       "wants."));
		ca_say_next(_("It wants hex digits of an administrator's key, "
			      "or "
			      "for an ePass2003 the PUK."));
		return CA_EXIT_INPUT;
	default:
		ca_say_wrong(_("The answer could not be computed."));
		return CA_EXIT_FAILED;
	}
	ca_phone_write(&a, code);
	(void)printf("%s\n", code);
	ca_wipe(&a, sizeof(a));
	ca_wipe(code, sizeof(code));
	return CA_EXIT_OK;
}

enum ca_exit
ca_cmd_support_answer(struct ca_run *r)
{
	const char *serial = ca_option(&r->given, "serial");
	const char *source = ca_option(&r->given, "key-source");
	struct ca_buf file = {0};
	struct ca_phone asked;
	enum ca_exit code;

	if (serial == NULL || source == NULL) {
		ca_say_wrong(_("The serial number of the caller's token and "
			       "the "
			       "file with its key are wanted."));
		ca_say_next(_("Give --serial NUMBER and "
			      "--key-source=file:PATH."));
		return CA_EXIT_USAGE;
	}
	if (!heard(&r->given, &asked))
		return CA_EXIT_INPUT;
	if (asked.tag != ca_phone_token_tag(serial)) {
		ca_say_wrong(_("This challenge comes from another token than "
			       "the "
			       "one with that serial number."));
		ca_say_next(_("Make sure who is calling, and with which "
			      "token."));
		return CA_EXIT_INPUT;
	}
	code = key(source, &file);
	if (code == CA_EXIT_OK)
		code = answer(&asked, ca_buf_rd(&file));
	if (file.p != NULL)
		ca_wipe(file.p, file.n);
	ca_buf_free(&file);
	return code;
}
