#include "tools/p11/module.h"

#include <p11-kit/p11-kit.h>
#include <stdlib.h>
#include <string.h>

#include "tools/lib/i18n.h"
#include "tools/lib/say.h"

#define REGISTERED "capkcs11"

static bool
start(struct ca_p11 *p, CK_FUNCTION_LIST *f)
{
	CK_RV rv = p11_kit_module_initialize(f);

	if (rv != CKR_OK) {
		ca_say_wrong(_("The module for the token does not start: %s."),
		    p11_kit_strerror(rv));
		ca_say_next(_("Say what it answers to whoever looks after this "
			      "machine."));
		return false;
	}
	p->f = f;
	return true;
}

static bool
open_file(struct ca_p11 *p, const char *file)
{
	CK_FUNCTION_LIST *f = p11_kit_module_load(file, 0);

	if (f == NULL) {
		ca_say_wrong(_("The module %s could not be loaded: %s."), file,
		    p11_kit_message());
		ca_say_next(_("Give the path of libcapkcs11.so, or leave "
			      "--module and CAPKCS11_MODULE out."));
		return false;
	}
	p->one[0] = f;
	p->all = p->one;
	return start(p, f);
}

static CK_FUNCTION_LIST *
registered(CK_FUNCTION_LIST **all)
{
	for (; all != NULL && *all != NULL; all++) {
		char *name = p11_kit_module_get_name(*all);
		bool ours = name != NULL && strcmp(name, REGISTERED) == 0;

		free(name);
		if (ours)
			return *all;
	}
	return NULL;
}

bool
ca_p11_open(struct ca_p11 *p, const char *file)
{
	CK_FUNCTION_LIST *f;

	memset(p, 0, sizeof(*p));
	if (file == NULL)
		file = getenv("CAPKCS11_MODULE");
	if (file != NULL && *file != '\0')
		return open_file(p, file);
	p->all = p11_kit_modules_load(NULL, 0);
	f = registered(p->all);
	if (f == NULL) {
		ca_say_wrong(_("The module for the tokens, capkcs11, is not "
			       "registered with p11-kit."));
		ca_say_next(_("Install the package capkcs11, or name the "
			      "module with --module FILE."));
		return false;
	}
	return start(p, f);
}

void
ca_p11_close(struct ca_p11 *p)
{
	if (p->f != NULL)
		(void)p11_kit_module_finalize(p->f);
	if (p->all == p->one)
		p11_kit_module_release(p->one[0]);
	else if (p->all != NULL)
		p11_kit_modules_release(p->all);
	memset(p, 0, sizeof(*p));
}
