/* The state of a PIN in words. */
#include <stdio.h>

#include "tools/lib/i18n.h"
#include "tools/p11/token.h"

/* Where the card does not tell a number, PKCS#11's flags do in part. */
static const char *
by_flags(CK_FLAGS flags, bool so)
{
	if ((flags & (so ? CKF_SO_PIN_LOCKED : CKF_USER_PIN_LOCKED)) != 0)
		return _("locked");
	if ((flags & (so ? CKF_SO_PIN_FINAL_TRY : CKF_USER_PIN_FINAL_TRY)) != 0)
		return _("one try left");
	if ((flags & (so ? CKF_SO_PIN_COUNT_LOW : CKF_USER_PIN_COUNT_LOW)) != 0)
		return _("wrong ones were entered, tries are fewer");
	return _("the token does not tell the tries left");
}

void
ca_p11_pin_words(const struct ca_p11_token *t, bool so, char *out, size_t n)
{
	const struct ca_tries *tries = so ? &t->puk : &t->pin;

	if (tries->left < 0)
		(void)snprintf(out, n, "%s", by_flags(t->flags, so));
	else if (tries->left == 0)
		(void)snprintf(out, n, "%s", _("locked"));
	else if (tries->max < 0)
		(void)snprintf(out, n,
		    ngettext("%ld try left", "%ld tries left",
			(unsigned long)tries->left),
		    tries->left);
	else
		(void)snprintf(out, n,
		    ngettext("%ld try left of %ld", "%ld tries left of %ld",
			(unsigned long)tries->left),
		    tries->left, tries->max);
}
