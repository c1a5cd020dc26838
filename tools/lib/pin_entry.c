#include "tools/lib/pin_entry.h"

#include <openssl/ui.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pcsc/conf/file.h"
#include "tools/lib/i18n.h"
#include "tools/lib/say.h"

#define ROUNDS_MAX 3

static enum ca_exit
from_file(const char *path, struct ca_secret *out)
{
	struct ca_buf text = {0};
	ca_err e = ca_file_read(path, CA_SECRET_MAX + 2, &text);
	size_t n = 0;

	if (e == CA_OK) {
		while (n < text.n && text.p[n] != '\n' && text.p[n] != '\r')
			n++;
		e = n > 0 ? ca_secret_set(out, ca_rd_of(text.p, n))
			  : CA_E_PIN_LEN;
	}
	if (text.p != NULL)
		ca_wipe(text.p, text.n);
	ca_buf_free(&text);
	if (e == CA_OK)
		return CA_EXIT_OK;
	ca_say_wrong(_("No PIN can be read from the file %s."), path);
	return CA_EXIT_INPUT;
}

static enum ca_exit
no_terminal(void)
{
	ca_say_wrong(_("There is no terminal to ask for the PIN."));
	ca_say_next(_("Name a file that holds it: --pin-source=file:PATH"));
	return CA_EXIT_INPUT;
}

/* OpenSSL's dialogue: no echo, and the terminal as it was after any signal. */
static enum ca_exit
from_terminal(const char *prompt, struct ca_secret *out)
{
	char shown[256], typed[CA_SECRET_MAX + 1] = "";
	UI *ui = UI_new_method(UI_OpenSSL());
	int done = -1;

	(void)snprintf(shown, sizeof(shown), "%s: ", prompt);
	if (ui != NULL &&
	    UI_add_input_string(ui, shown, 0, typed, 1, CA_SECRET_MAX) >= 0)
		done = UI_process(ui);
	UI_free(ui);
	if (done == 0 &&
	    ca_secret_set(out, ca_rd_of(typed, strlen(typed))) != CA_OK)
		done = -1;
	ca_wipe(typed, sizeof(typed));
	if (done == 0)
		return CA_EXIT_OK;
	if (done == -2 || isatty(STDIN_FILENO)) {
		ca_say_wrong(_("No PIN was entered."));
		return CA_EXIT_CANCELLED;
	}
	return no_terminal();
}

enum ca_exit
ca_pin_enter(const char *source, const char *prompt, struct ca_secret *out)
{
	static const char scheme[] = "file:";

	ca_secret_wipe(out);
	if (source == NULL)
		return access("/dev/tty", R_OK | W_OK) == 0
			   ? from_terminal(prompt, out)
			   : no_terminal();
	if (strncmp(source, scheme, sizeof(scheme) - 1) == 0)
		source += sizeof(scheme) - 1;
	return from_file(source, out);
}

static bool
same(const struct ca_secret *a, const struct ca_secret *b)
{
	return a->n == b->n && ca_const_cmp(a->b, b->b, a->n) == 0;
}

enum ca_exit
ca_pin_enter_new(const char *source, const char *prompt, const char *again,
    struct ca_secret *out)
{
	struct ca_secret second = {{0}, 0};
	enum ca_exit code = CA_EXIT_OK;
	bool agree = source != NULL;

	if (agree)
		return ca_pin_enter(source, prompt, out);
	for (int i = 0; i < ROUNDS_MAX && code == CA_EXIT_OK && !agree; i++) {
		code = ca_pin_enter(NULL, prompt, out);
		if (code == CA_EXIT_OK)
			code = ca_pin_enter(NULL, again, &second);
		agree = code == CA_EXIT_OK && same(out, &second);
		if (code == CA_EXIT_OK && !agree)
			ca_say_wrong(_("The two are not the same."));
	}
	ca_secret_wipe(&second);
	if (agree)
		return CA_EXIT_OK;
	ca_secret_wipe(out);
	return code != CA_EXIT_OK ? code : CA_EXIT_INPUT;
}
