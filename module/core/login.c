#include "module/core/login.h"

#include "module/core/key.h"
#include "module/core/last_try.h"
#include "module/core/object.h"
#include "module/core/officer.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "pcsc/base/log.h"

void
ca_login_notice(struct ca_slot *s)
{
	(void)ca_officer_in(s); /* ends it when its time is over */
	if (s->was_in && !ca_slot_logged_in(s)) {
		s->was_in = false;
		s->epoch++;
		ca_states_clear(&s->states);
		ca_sessions_login_over(s);
	}
}

/* The state after a login or logout, and the objects that follow from it. */
static CK_RV
settle(struct ca_slot *s, CK_RV rv)
{
	ca_err e;

	if (s->token == NULL)
		return rv;
	if (!s->was_in && ca_slot_logged_in(s)) {
		s->was_in = true;
		s->epoch++;
		ca_states_clear(&s->states);
	}
	ca_login_notice(s);
	e = ca_objects_sync(s);
	return rv != CKR_OK ? rv : ca_slot_rv(s, e, CA_CALL_LOGIN);
}

/* One VERIFY, and what it tells about the PIN. No value: it is keyed in at the
 * reader. */
static CK_RV
try_pin(struct ca_slot *s, const struct ca_pin *pin, const struct ca_rd *value)
{
	struct ca_pin_state after = {.tries_left = -1};
	bool is_user = pin->role == CA_PIN_USER;
	ca_err e;

	if (value != NULL && value->n == 0)
		return CKR_PIN_INCORRECT; /* no card takes an empty one */
	e = value == NULL ? ca_token_login_keyed(s->token, pin, &after)
			  : ca_token_login(s->token, pin, *value, &after);
	if (is_user && e == CA_E_PIN_WRONG)
		s->wrong_pin = true;
	else if (is_user && e == CA_OK)
		s->wrong_pin = false;
	if (e != CA_OK)
		ca_log(CA_LOG_INFO, "login", "%s, tries left: %d",
		    ca_err_name(e), after.tries_left);
	return settle(s, ca_slot_rv(s, e, CA_CALL_LOGIN));
}

/* CKU_CONTEXT_SPECIFIC: the PIN of the key in the running operation. */
static CK_RV
login_context(struct ca_session *ss, const struct ca_rd *value)
{
	struct ca_slot *s = ss->slot;
	struct ca_op *op = ca_op_wants_consent(ss);
	const struct ca_pin *pin;
	size_t index;
	CK_RV rv;

	if (op == NULL)
		return CKR_OPERATION_NOT_INITIALIZED;
	if (ca_key_index(s, op, &index) != CKR_OK)
		return CKR_OPERATION_NOT_INITIALIZED; /* the key is out of reach
						       */
	pin = ca_key_pin(s, index);
	if (pin == NULL)
		return CKR_USER_PIN_NOT_INITIALIZED;
	rv = try_pin(s, pin, value);
	if (rv == CKR_OK)
		op->consented = true;
	else if (rv == CKR_PIN_LOCKED) /* PKCS#11 5.6.8: logs out as well */
		ca_login_end(s);
	return rv;
}

static CK_RV
login_user(struct ca_session *ss, const struct ca_rd *value)
{
	struct ca_slot *s = ss->slot;
	const struct ca_pin *pin;
	ca_err e;

	if (ca_officer_in(s))
		return CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
	if (ca_slot_logged_in(s)) {
		/* Another program may have reset the card since. */
		e = ca_token_check(s->token);
		if (e != CA_OK)
			return ca_slot_rv(s, e, CA_CALL_LOGIN);
		if (ca_slot_logged_in(s))
			return CKR_USER_ALREADY_LOGGED_IN;
		ca_login_notice(s);
	}
	pin = ca_model_pin(ca_token_model(s->token), CA_PIN_USER);
	if (pin == NULL)
		return CKR_USER_PIN_NOT_INITIALIZED;
	return try_pin(s, pin, value);
}

bool
ca_login_is_keyed(const struct ca_slot *s)
{
	return s->token != NULL &&
	       ca_token_can(s->token).keyed[CA_ORDER_VERIFY];
}

static CK_RV
login(struct ca_session *ss, CK_USER_TYPE user, const CK_UTF8CHAR *pin,
    CK_ULONG pin_len)
{
	struct ca_rd typed = ca_rd_of(pin, pin_len);
	const struct ca_rd *value = pin != NULL ? &typed : NULL;

	if (user != CKU_SO && user != CKU_USER && user != CKU_CONTEXT_SPECIFIC)
		return CKR_USER_TYPE_INVALID;
	if (pin == NULL && (pin_len != 0 || !ca_login_is_keyed(ss->slot)))
		return CKR_ARGUMENTS_BAD;
	if (user == CKU_CONTEXT_SPECIFIC)
		return login_context(ss, value);
	if (user == CKU_SO)
		return ca_officer_login(ss, value);
	return login_user(ss, value);
}

CK_RV
ca_login(struct ca_session *ss, CK_USER_TYPE user, const CK_UTF8CHAR *pin,
    CK_ULONG pin_len)
{
	struct ca_slot *s = ss->slot; /* the session may end with its token */
	CK_RV rv = login(ss, user, pin, pin_len);

	ca_last_try_over(s);
	return rv;
}

/* Whether the card holds a login of ours, of either kind, or may: a login that
 * is believed to be gone can still stand on the card. */
static bool
somebody_in(const struct ca_slot *s)
{
	return ca_slot_logged_in(s) ||
	       (s->token != NULL && ca_token_is_open(s->token));
}

CK_RV
ca_logout(struct ca_session *ss)
{
	struct ca_slot *s = ss->slot;
	bool officer = ca_officer_in(s);
	ca_err e = CA_OK;

	ca_officer_end(s);
	if (!officer && !ca_slot_logged_in(s)) {
		if (somebody_in(s))
			(void)ca_token_logout(s->token);
		return CKR_USER_NOT_LOGGED_IN;
	}
	if (somebody_in(s))
		e = ca_token_logout(s->token);
	return settle(s, ca_slot_rv(s, e, CA_CALL_LOGIN));
}

void
ca_login_end(struct ca_slot *s)
{
	ca_err e;

	ca_officer_end(s);
	ca_last_try_over(s);
	if (!somebody_in(s))
		return;
	e = ca_token_logout(s->token);
	if (e != CA_OK)
		ca_log(CA_LOG_WARN, "login", "logout: %s", ca_err_name(e));
	if (ca_err_is_gone(e))
		ca_slot_drop(s);
	else
		(void)settle(s, CKR_OK);
}

CK_STATE
ca_login_state(const struct ca_session *ss)
{
	if (ca_officer_in(ss->slot))
		return CKS_RW_SO_FUNCTIONS;
	if (ca_slot_logged_in(ss->slot))
		return ss->rw ? CKS_RW_USER_FUNCTIONS : CKS_RO_USER_FUNCTIONS;
	return ss->rw ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION;
}
