/* The values of attributes of the token itself (module/capkcs11.h); see attr.h.
 * Nothing is kept: the card is the truth. */
#include "module/capkcs11.h"
#include "module/core/attr.h"
#include "module/core/attr_value.h"
#include "module/core/slot.h"

ca_err
ca_fetch_family(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const char *name = ca_token_family(s->token);

	(void)o;
	(void)arg;
	return name != NULL ? ca_attr_give_text(out, name) : CA_E_NO_SERVICE;
}

/* The PIN that `arg` means, or NULL. */
static const struct ca_pin *
pin_of(const struct ca_slot *s, CK_ULONG arg)
{
	return ca_model_pin(ca_token_model(s->token), (enum ca_pin_role)arg);
}

/* A card that says no to the question does not tell. */
static bool
is_untold(ca_err e)
{
	return ca_err_is_refusal(e) || e == CA_E_AUTH_NEEDED ||
	       e == CA_E_PIN_UNSET;
}

static CK_ULONG
tries(const struct ca_pin_state *st)
{
	if (st->blocked)
		return 0;
	return st->tries_left >= 0 ? (CK_ULONG)st->tries_left
				   : CK_UNAVAILABLE_INFORMATION;
}

ca_err
ca_fetch_tries(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const struct ca_pin *pin = pin_of(s, arg);
	struct ca_pin_state st = {.tries_left = -1};
	ca_err e = CA_E_NOT_FOUND;

	(void)o;
	if (pin != NULL)
		e = ca_token_pin_state(s->token, pin, &st);
	if (e == CA_OK)
		return ca_attr_give_ulong(out, tries(&st));
	return is_untold(e)
		   ? ca_attr_give_ulong(out, CK_UNAVAILABLE_INFORMATION)
		   : e;
}

ca_err
ca_fetch_tries_max(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	const struct ca_pin *pin = pin_of(s, arg);

	(void)o;
	return ca_attr_give_ulong(out, pin != NULL && pin->tries_max != 0
					   ? pin->tries_max
					   : CK_UNAVAILABLE_INFORMATION);
}

ca_err
ca_fetch_can(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	struct ca_token_can can = ca_token_can(s->token);
	CK_ULONG bits = 0;
	bool writes;
	ca_err e = ca_token_writes_certs(s->token, &writes);

	(void)o;
	(void)arg;
	if (e != CA_OK)
		return e;
	if (writes)
		bits |= CAPKCS11_CAN_WRITE_CERT;
	if (can.change_pin)
		bits |= CAPKCS11_CAN_CHANGE_PIN;
	if (can.unblock)
		bits |= CAPKCS11_CAN_UNBLOCK;
	if (can.generates != 0)
		bits |= CAPKCS11_CAN_GENERATE;
	return ca_attr_give_ulong(out, bits);
}

ca_err
ca_fetch_last_try(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)o;
	(void)arg;
	return ca_attr_give_bool(out, ca_token_ordered_last(s->token));
}
