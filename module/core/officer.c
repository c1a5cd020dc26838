#include "module/core/officer.h"

#include <time.h>

#include "module/core/session.h"
#include "module/core/slot.h"
#include "pcsc/base/locked.h"
#include "pcsc/base/log.h"

#define ROOM "officer"

/* Seconds that pass while the machine sleeps count: a lid closed over a held
 * PUK must not keep it. */
static int64_t
now(void)
{
	struct timespec t = {0, 0};

	if (clock_gettime(CLOCK_BOOTTIME, &t) != 0)
		(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

void
ca_officer_wipe(struct ca_slot *s)
{
	ca_locked_free(s->officer.puk, sizeof(*s->officer.puk));
	s->officer.puk = NULL;
}

void
ca_officer_end(struct ca_slot *s)
{
	ca_officer_wipe(s);
	s->officer.in = s->officer.keyed = false;
}

void
ca_officer_let_go(struct ca_slot *s)
{
	ca_officer_wipe(s);
	s->officer.keyed = true;
}

void
ca_officer_forget(struct ca_slot *s)
{
	ca_officer_end(s);
	s->officer.seen = false;
}

bool
ca_officer_in(struct ca_slot *s)
{
	if (s->officer.in && now() >= s->officer.until) {
		ca_log(CA_LOG_INFO, ROOM, "the SO login is over by time");
		ca_officer_end(s);
		/* Where the card verified the PUK, that right ends too. */
		if (s->token != NULL &&
		    ca_token_logged_in(s->token, CA_PIN_SO) &&
		    ca_token_logout(s->token) != CA_OK)
			ca_log(CA_LOG_WARN, ROOM, "the card is still open");
	}
	return s->officer.in;
}

struct ca_rd
ca_officer_puk(const struct ca_slot *s)
{
	return s->officer.puk != NULL ? ca_secret_rd(s->officer.puk)
				      : ca_rd_of(NULL, 0);
}

CK_RV
ca_officer_hold(struct ca_slot *s, struct ca_rd value)
{
	if (s->officer.puk == NULL)
		s->officer.puk = ca_locked_new(sizeof(*s->officer.puk));
	if (s->officer.puk == NULL)
		return CKR_HOST_MEMORY;
	return ca_secret_set(s->officer.puk, value) == CA_OK
		   ? CKR_OK
		   : CKR_PIN_LEN_RANGE;
}

void
ca_officer_note(struct ca_slot *s, const struct ca_pin_state *state)
{
	if (state->tries_left < 0 && !state->blocked)
		s->officer.seen = false; /* used with success, or untold */
	else
		s->officer.seen = true;
	s->officer.state = *state;
}

CK_FLAGS
ca_officer_flags(const struct ca_slot *s)
{
	const struct ca_pin_state *st = &s->officer.state;
	const struct ca_pin *pin =
	    ca_model_pin(ca_token_model(s->token), CA_PIN_SO);
	CK_FLAGS f = 0;

	if (!s->officer.seen || pin == NULL)
		return 0;
	if (st->blocked || st->tries_left == 0)
		return CKF_SO_PIN_LOCKED | CKF_SO_PIN_COUNT_LOW;
	if (st->tries_left == 1)
		f |= CKF_SO_PIN_FINAL_TRY;
	if (pin->tries_max != 0 ? (unsigned)st->tries_left < pin->tries_max
				: st->tries_left <= 2)
		f |= CKF_SO_PIN_COUNT_LOW;
	return f;
}

/* May a PUK be used at all? Asked from the card, at the cost of no try. */
static CK_RV
check_tries(struct ca_slot *s, const struct ca_pin *pin)
{
	struct ca_pin_state st = {.tries_left = -1};
	ca_err e = ca_token_pin_state(s->token, pin, &st);

	if (e == CA_E_UNSUPPORTED) {
		ca_log(CA_LOG_WARN, ROOM, "the card does not tell its tries");
		return CKR_OK;
	}
	if (e != CA_OK)
		return ca_slot_rv(s, e, CA_CALL_LOGIN);
	ca_officer_note(s, &st);
	if (st.blocked)
		return CKR_PIN_LOCKED;
	if (st.tries_left == 1 && !ca_token_spends_last(s->token)) {
		ca_log(CA_LOG_WARN, ROOM,
		    "one try of the PUK is left: it is not spent");
		return CKR_PIN_LOCKED;
	}
	return CKR_OK;
}

/* The card's own word on the PUK, where the family can have it. */
static CK_RV
verify(struct ca_slot *s, const struct ca_pin *pin, const struct ca_rd *value)
{
	struct ca_pin_state after = {.tries_left = -1};
	ca_err e;

	/* A login under which private objects show may read the model anew
	 * and void `pin`; nothing below uses it. */
	e = value == NULL ? ca_token_login_keyed(s->token, pin, &after)
			  : ca_token_login(s->token, pin, *value, &after);
	if (e == CA_E_UNSUPPORTED)
		return CKR_OK; /* it will be heard when it is used */
	ca_officer_note(s, &after);
	if (e != CA_OK)
		ca_log(CA_LOG_INFO, ROOM, "%s, tries left: %d", ca_err_name(e),
		    after.tries_left);
	return ca_slot_rv(s, e, CA_CALL_LOGIN);
}

/* What can be known without a card. */
static CK_RV
check_state(struct ca_session *ss)
{
	struct ca_session_count n = ca_sessions_count(ss->slot);

	if (ca_slot_logged_in(ss->slot))
		return CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
	if (ca_officer_in(ss->slot))
		return CKR_USER_ALREADY_LOGGED_IN;
	return n.all != n.rw ? CKR_SESSION_READ_ONLY_EXISTS : CKR_OK;
}

/* Whether a PUK can have been brought so at all; no try is spent. */
static CK_RV
check_value(const struct ca_slot *s, const struct ca_pin *pin,
    const struct ca_rd *value)
{
	if (value == NULL) {
		if (ca_token_can(s->token).keyed[CA_ORDER_UNBLOCK])
			return CKR_OK;
		ca_log(CA_LOG_WARN, ROOM, "this PUK cannot be keyed in");
		return CKR_FUNCTION_FAILED;
	}
	if (value->n == 0 || value->n < pin->min ||
	    (pin->max != 0 && value->n > pin->max))
		return CKR_PIN_INCORRECT;
	return CKR_OK;
}

CK_RV
ca_officer_login(struct ca_session *ss, const struct ca_rd *value)
{
	struct ca_slot *s = ss->slot;
	const struct ca_pin *pin;
	CK_RV rv = check_state(ss);

	if (rv != CKR_OK)
		return rv;
	pin = ca_model_pin(ca_token_model(s->token), CA_PIN_SO);
	if (pin == NULL || !ca_token_can(s->token).unblock) {
		ca_log(CA_LOG_WARN, ROOM,
		    "SO login: this token has no PUK that can be used");
		return CKR_USER_TYPE_INVALID;
	}
	rv = check_value(s, pin, value);
	if (rv == CKR_OK)
		rv = check_tries(s, pin);
	if (rv == CKR_OK) /* the model may have been read anew */
		pin = ca_model_pin(ca_token_model(s->token), CA_PIN_SO);
	if (rv == CKR_OK && pin != NULL)
		rv = verify(s, pin, value);
	if (rv == CKR_OK && value != NULL)
		rv = ca_officer_hold(s, *value);
	if (rv == CKR_OK) {
		s->officer.keyed = value == NULL;
		s->officer.in = true;
		s->officer.until = now() + CA_OFFICER_SECONDS;
	}
	return rv;
}
