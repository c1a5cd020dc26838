#include "module/core/info.h"

#include <string.h>

#include "module/core/login.h"
#include "module/core/module.h"
#include "module/core/officer.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/stored.h"

#define PIN_LEN_UNKNOWN 255

/* How many of the first `max` bytes of text end at a character. */
static size_t
whole_chars(const char *text, size_t n, size_t max)
{
	if (n <= max)
		return n;
	while (max > 0 && ((unsigned char)text[max] & 0xC0) == 0x80)
		max--;
	return max;
}

/* Text fields are padded with blanks and not terminated. */
static void
put_text(CK_UTF8CHAR *field, size_t size, const char *text)
{
	struct ca_wr w = ca_wr_of(field, size);
	size_t n = whole_chars(text, strlen(text), size);

	ca_wr_mem(&w, text, n);
	ca_wr_fill(&w, ' ', size - n);
}

CK_RV
ca_info(CK_INFO *out)
{
	if (out == NULL)
		return CKR_ARGUMENTS_BAD;
	memset(out, 0, sizeof(*out));
	out->cryptokiVersion.major = 3;
	out->cryptokiVersion.minor = 2;
	put_text(out->manufacturerID, sizeof(out->manufacturerID), "capkcs11");
	put_text(out->libraryDescription, sizeof(out->libraryDescription),
	    "PKCS#11 for VGCA tokens");
	out->libraryVersion.major = CAPKCS11_VERSION_MAJOR;
	out->libraryVersion.minor = CAPKCS11_VERSION_MINOR;
	return CKR_OK;
}

/* Whether the slot has a token that can be used, opening it to find out. A
 * token known to be there is believed without waiting for its lock. */
static bool
usable(struct ca_slot *s)
{
	bool open;

	if (!ca_slot_has_token(s))
		return false;
	if (ca_slot_is_open(s))
		return true;
	ca_mutex_lock(s->lock);
	open = ca_slot_open(s) == CA_OK;
	ca_mutex_unlock(s->lock);
	return open;
}

CK_RV
ca_slot_list(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *n)
{
	CK_SLOT_ID found[CA_SLOTS_MAX];
	CK_ULONG have = 0, room;
	size_t count;
	ca_err e;

	if (n == NULL)
		return CKR_ARGUMENTS_BAD;
	e = ca_slots_refresh(list == NULL ? CA_SLOTS_ADD : CA_SLOTS_STATES);
	if (e != CA_OK)
		return ca_rv(e, CA_CALL_READ);
	count = ca_slots_count();
	for (CK_SLOT_ID id = 0; id < count; id++)
		if (!present || usable(ca_slot_find(id)))
			found[have++] = id;
	room = *n;
	*n = have;
	if (list == NULL)
		return CKR_OK;
	if (room < have)
		return CKR_BUFFER_TOO_SMALL;
	memcpy(list, found, have * sizeof(*found));
	return CKR_OK;
}

CK_RV
ca_slot_info(struct ca_slot *s, CK_SLOT_INFO *out)
{
	ca_err e;

	if (out == NULL)
		return CKR_ARGUMENTS_BAD;
	e = ca_slot_query(s);
	if (e != CA_OK)
		return ca_rv(e, CA_CALL_READ);
	memset(out, 0, sizeof(*out));
	put_text(out->slotDescription, sizeof(out->slotDescription), s->reader);
	/* PC/SC names the maker inside the reader's name only. */
	put_text(out->manufacturerID, sizeof(out->manufacturerID), "");
	out->flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT;
	if (ca_slot_has_token(s))
		out->flags |= CKF_TOKEN_PRESENT;
	return CKR_OK;
}

/*
 * What the card says about its user PIN, as flags. "Low" is a wrong PIN seen by
 * us since the last good one, fewer tries than the profile knows of (a token
 * may have more), or, where it knows nothing, two or fewer: no token starts
 * with so few.
 */
static CK_FLAGS
pin_flags(const struct ca_slot *s, const struct ca_pin *pin,
    const struct ca_pin_state *st)
{
	CK_FLAGS f = 0;
	bool low;

	if (st->blocked)
		return CKF_USER_PIN_LOCKED | CKF_USER_PIN_COUNT_LOW;
	if (st->tries_left < 0) /* it does not say, or it was just verified */
		return s->wrong_pin ? CKF_USER_PIN_COUNT_LOW : 0;
	low = s->wrong_pin ||
	      (pin->tries_max != 0 ? (unsigned)st->tries_left < pin->tries_max
				   : st->tries_left <= 2);
	if (low)
		f |= CKF_USER_PIN_COUNT_LOW;
	if (st->tries_left == 1)
		f |= CKF_USER_PIN_FINAL_TRY;
	if (st->tries_left == 0)
		f |= CKF_USER_PIN_LOCKED;
	return f;
}

/* Asks the card about the PIN; only "gone" is an error here. */
static ca_err
user_pin(struct ca_slot *s, CK_TOKEN_INFO *out)
{
	const struct ca_pin *pin =
	    ca_model_pin(ca_token_model(s->token), CA_PIN_USER);
	struct ca_pin_state st = {.tries_left = -1};
	ca_err e;

	if (pin == NULL)
		return ca_slot_check(s);
	e = ca_token_pin_state(s->token, pin, &st);
	if (ca_err_is_gone(e) || e == CA_E_NO_SERVICE)
		return e;
	/* The model may have been read anew. */
	pin = ca_model_pin(ca_token_model(s->token), CA_PIN_USER);
	if (pin == NULL)
		return CA_OK;
	out->flags |= CKF_LOGIN_REQUIRED;
	if (e != CA_E_PIN_UNSET)
		out->flags |= CKF_USER_PIN_INITIALIZED;
	if (e == CA_OK)
		out->flags |= pin_flags(s, pin, &st);
	out->ulMinPinLen = pin->min;
	out->ulMaxPinLen = pin->max != 0 ? pin->max : PIN_LEN_UNKNOWN;
	return CA_OK;
}

/* The end of a long serial number is what differs between tokens. */
static const char *
serial_tail(const char *serial, size_t size)
{
	size_t n = strlen(serial);

	return n > size ? &serial[n - size] : serial;
}

static void
put_names(const struct ca_model *m, CK_TOKEN_INFO *out)
{
	const char *label = m->label[0] != 0 ? m->label : m->model;

	put_text(out->label, sizeof(out->label),
	    label[0] != 0 ? label : "Token");
	put_text(out->manufacturerID, sizeof(out->manufacturerID),
	    m->manufacturer);
	put_text(out->model, sizeof(out->model), m->model);
	put_text(out->serialNumber, sizeof(out->serialNumber),
	    serial_tail(m->serial, sizeof(out->serialNumber)));
	memset(out->utcTime, ' ', sizeof(out->utcTime));
}

static void
put_numbers(const struct ca_slot *s, CK_TOKEN_INFO *out)
{
	struct ca_session_count n = ca_sessions_count(s);

	out->ulMaxSessionCount = CK_EFFECTIVELY_INFINITE;
	out->ulSessionCount = n.all;
	out->ulMaxRwSessionCount = CK_EFFECTIVELY_INFINITE;
	out->ulRwSessionCount = n.rw;
	out->ulTotalPublicMemory = CK_UNAVAILABLE_INFORMATION;
	out->ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION;
	out->ulTotalPrivateMemory = CK_UNAVAILABLE_INFORMATION;
	out->ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION;
}

static ca_err
token_info(struct ca_slot *s, CK_TOKEN_INFO *out)
{
	struct ca_token_can can;
	ca_err e = CA_OK;

	if (s->token == NULL)
		e = ca_slot_open(s);
	if (e != CA_OK)
		return e;
	memset(out, 0, sizeof(*out));
	/* RNG: programs look at it before they call C_GenerateRandom. */
	out->flags = CKF_TOKEN_INITIALIZED | CKF_RNG |
		     CKF_DUAL_CRYPTO_OPERATIONS | CKF_RESTORE_KEY_NOT_NEEDED;
	e = user_pin(s, out);
	if (e != CA_OK)
		return e;
	/* A time that is over ends the officer's login here too: programs that
	 * poll call this and nothing else. */
	(void)ca_officer_in(s);
	out->flags |= ca_officer_flags(s);
	if (ca_login_is_keyed(s))
		out->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
	can = ca_token_can(s->token);
	if (!can.change_pin && !can.unblock && !ca_stored_usable(s))
		out->flags |= CKF_WRITE_PROTECTED;
	put_names(ca_token_model(s->token), out);
	put_numbers(s, out);
	return CA_OK;
}

CK_RV
ca_token_info(struct ca_slot *s, CK_TOKEN_INFO *out)
{
	CK_TOKEN_INFO info;
	ca_err e;

	if (out == NULL)
		return CKR_ARGUMENTS_BAD;
	e = token_info(s, &info);
	if (ca_err_is_gone(e) && s->token != NULL) {
		/* The token left; there may already be another one. */
		ca_slot_drop(s);
		e = token_info(s, &info);
	}
	if (e == CA_OK)
		*out = info;
	return ca_slot_rv(s, e, CA_CALL_SLOT);
}
