#include "module/core/set_pin.h"

#include "module/core/last_try.h"
#include "module/core/login.h"
#include "module/core/officer.h"
#include "module/core/slot.h"
#include "pcsc/base/log.h"

#define ROOM "pin"

static bool
length_fits(const struct ca_pin *pin, struct ca_rd value)
{
	return value.n > 0 && value.n >= pin->min &&
	       (pin->max == 0 || value.n <= pin->max);
}

static bool
all_digits(struct ca_rd value)
{
	for (uint8_t c; ca_rd_u8(&value, &c);)
		if (c < '0' || c > '9')
			return false;
	return true;
}

/* What is wrong with a new value, as far as the token's description tells. */
static CK_RV
check_new(const struct ca_pin *pin, struct ca_rd value)
{
	if (!length_fits(pin, value))
		return CKR_PIN_LEN_RANGE;
	if (pin->type == CA_PIN_BCD && !all_digits(value))
		return CKR_PIN_INVALID;
	return CKR_OK;
}

static void
note(struct ca_slot *s, enum ca_pin_role role, ca_err e,
    const struct ca_pin_state *after)
{
	if (role == CA_PIN_SO)
		ca_officer_note(s, after);
	else if (e == CA_E_PIN_WRONG)
		s->wrong_pin = true;
	else if (e == CA_OK)
		s->wrong_pin = false;
	if (e != CA_OK)
		ca_log(CA_LOG_INFO, ROOM, "%s, tries left: %d", ca_err_name(e),
		    after->tries_left);
}

/* The values of a program; NULL: the holder keys them in. */
struct values {
	struct ca_rd old_value, new_value;
};

static CK_RV
check_values(const struct ca_pin *pin, const struct values *v)
{
	CK_RV rv = check_new(pin, v->new_value);

	if (rv == CKR_OK && !length_fits(pin, v->old_value))
		return CKR_PIN_INCORRECT; /* and no try is spent */
	return rv;
}

static CK_RV
change(struct ca_slot *s, enum ca_pin_role role, const struct values *v)
{
	const struct ca_pin *pin = ca_model_pin(ca_token_model(s->token), role);
	struct ca_pin_state after = {.tries_left = -1};
	CK_RV rv = CKR_OK;
	ca_err e;

	if (pin == NULL) {
		ca_log(CA_LOG_WARN, ROOM, "this token has no PIN to change");
		return CKR_FUNCTION_NOT_SUPPORTED;
	}
	if (v != NULL)
		rv = check_values(pin, v);
	if (rv != CKR_OK)
		return rv;
	e = v == NULL ? ca_token_change_pin_keyed(s->token, pin, &after)
		      : ca_token_change_pin(s->token, pin, v->old_value,
			    v->new_value, &after);
	note(s, role, e, &after);
	return ca_slot_rv(s, e, CA_CALL_SET_PIN);
}

/* The officer's PUK has another value now: the one held goes. */
static CK_RV
changed_puk(struct ca_slot *s, const struct values *v)
{
	if (v == NULL)
		ca_officer_let_go(s);
	else if (ca_officer_puk(s).n != 0)
		return ca_officer_hold(s, v->new_value);
	return CKR_OK;
}

static CK_RV
set_pin(struct ca_session *ss, const CK_UTF8CHAR *old_pin, CK_ULONG old_len,
    const CK_UTF8CHAR *new_pin, CK_ULONG new_len)
{
	struct ca_slot *s = ss->slot;
	struct values v = {
	    ca_rd_of(old_pin, old_len), ca_rd_of(new_pin, new_len)};
	bool keyed = old_pin == NULL && new_pin == NULL && old_len == 0 &&
		     new_len == 0 && ca_login_is_keyed(s);
	bool officer = ca_officer_in(s);
	CK_RV rv;

	if (!ss->rw)
		return CKR_SESSION_READ_ONLY;
	if (!keyed && (old_pin == NULL || new_pin == NULL))
		return CKR_ARGUMENTS_BAD;
	rv = change(s, officer ? CA_PIN_SO : CA_PIN_USER, keyed ? NULL : &v);
	if (rv == CKR_OK && officer)
		rv = changed_puk(s, keyed ? NULL : &v);
	/* The change may have cost a login that was not ours to keep. */
	ca_login_notice(s);
	return rv;
}

CK_RV
ca_set_pin(struct ca_session *ss, const CK_UTF8CHAR *old_pin, CK_ULONG old_len,
    const CK_UTF8CHAR *new_pin, CK_ULONG new_len)
{
	struct ca_slot *s = ss->slot; /* the session may end with its token */
	CK_RV rv = set_pin(ss, old_pin, old_len, new_pin, new_len);

	ca_last_try_over(s);
	return rv;
}

static CK_RV
unblock(struct ca_slot *s, struct ca_rd new_value)
{
	const struct ca_model *m = ca_token_model(s->token);
	const struct ca_pin *puk = ca_model_pin(m, CA_PIN_SO);
	const struct ca_pin *pin = ca_model_pin(m, CA_PIN_USER);
	struct ca_pin_state after = {.tries_left = -1};
	ca_err e;
	CK_RV rv;

	if (puk == NULL || pin == NULL)
		return CKR_FUNCTION_NOT_SUPPORTED;
	rv = check_new(pin, new_value);
	if (rv != CKR_OK)
		return rv; /* the PUK is still wanted for a better one */
	e = ca_token_unblock(s->token, puk, ca_officer_puk(s), pin, new_value,
	    &after);
	note(s, CA_PIN_SO, e, &after);
	ca_officer_wipe(s);
	if (e == CA_OK)
		s->wrong_pin = false;
	else /* who could not prove it is no officer */
		ca_officer_end(s);
	return ca_slot_rv(s, e, CA_CALL_SET_PIN);
}

/* What the holder may do better the next time: he is still the officer. */
static bool
only_keyed_badly(ca_err e)
{
	return e == CA_E_CANCELLED || e == CA_E_DATA || e == CA_E_PIN_LEN;
}

static CK_RV
unblock_keyed(struct ca_slot *s)
{
	const struct ca_model *m = ca_token_model(s->token);
	const struct ca_pin *puk = ca_model_pin(m, CA_PIN_SO);
	const struct ca_pin *pin = ca_model_pin(m, CA_PIN_USER);
	struct ca_pin_state after = {.tries_left = -1};
	ca_err e;

	if (puk == NULL || pin == NULL)
		return CKR_FUNCTION_NOT_SUPPORTED;
	e = ca_token_unblock_keyed(s->token, puk, pin, &after);
	note(s, CA_PIN_SO, e, &after);
	if (e == CA_OK)
		s->wrong_pin = false;
	else if (!only_keyed_badly(e))
		ca_officer_end(s);
	return ca_slot_rv(s, e, CA_CALL_SET_PIN);
}

static CK_RV
init_pin(struct ca_slot *s, const CK_UTF8CHAR *pin, CK_ULONG pin_len)
{
	if (!ca_officer_in(s))
		return CKR_USER_NOT_LOGGED_IN;
	if (pin == NULL)
		return s->officer.keyed && pin_len == 0 ? unblock_keyed(s)
							: CKR_ARGUMENTS_BAD;
	if (s->officer.keyed) {
		ca_log(CA_LOG_WARN, ROOM,
		    "the PUK is keyed in, and the new PIN with it");
		return CKR_FUNCTION_NOT_SUPPORTED;
	}
	if (ca_officer_puk(s).n == 0) {
		ca_log(CA_LOG_WARN, ROOM,
		    "the PUK was used already: log in with it again");
		return CKR_USER_NOT_LOGGED_IN;
	}
	return unblock(s, ca_rd_of(pin, pin_len));
}

CK_RV
ca_init_pin(struct ca_session *ss, const CK_UTF8CHAR *pin, CK_ULONG pin_len)
{
	struct ca_slot *s = ss->slot;
	CK_RV rv = init_pin(s, pin, pin_len);

	ca_last_try_over(s);
	return rv;
}
