#include "tools/token/new_pin.h"

#include "tools/lib/new_pin.h"

bool
ca_pin_keyed(const struct ca_run *r, const struct ca_p11_token *t,
    const char *option)
{
	return (t->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0 &&
	       ca_option(&r->given, option) == NULL;
}

enum ca_exit
ca_new_pin(struct ca_run *r, const struct ca_p11_token *t,
    const struct ca_secret *other, struct ca_secret *out)
{
	struct ca_new_pin how = {
	    .source = ca_option(&r->given, "new-pin-source"),
	    .any = ca_option(&r->given, "any-pin") != NULL,
	    .min = t->pin_min,
	    .max = t->pin_max,
	    .other = other,
	};

	return ca_new_pin_enter(&how, out);
}
