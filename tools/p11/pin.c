#include "tools/p11/pin.h"

#include "module/capkcs11.h"
#include "tools/lib/i18n.h"
#include "tools/lib/say.h"
#include "tools/p11/attribute.h"

#define WORDS 160

void
ca_p11_pin_tell(struct ca_p11 *p, const struct ca_p11_token *t, bool puk)
{
	struct ca_p11_token now;
	char words[WORDS];

	ca_p11_token_read(p, t->slot, &now);
	if (!now.here)
		return;
	ca_p11_pin_words(&now, puk, words, sizeof(words));
	ca_say("%s: %s", puk ? _("PUK") : _("PIN"), words);
}

static enum ca_exit
locked(bool puk)
{
	if (puk) {
		ca_say_wrong(_("The PUK is locked."));
		ca_say_next(_("The token cannot be unlocked by a PUK any more: "
			      "ask the office that gave it to you."));
	} else {
		ca_say_wrong(_("The PIN is locked."));
		ca_say_next(_("Whoever has the PUK sets a new PIN with "
			      "\"ca-token pin unblock\"."));
	}
	return CA_EXIT_LOCKED;
}

enum ca_exit
ca_p11_pin_usable(const struct ca_p11_token *t, bool puk, bool spend_last)
{
	const struct ca_tries *tries = puk ? &t->puk : &t->pin;
	CK_FLAGS one = puk ? CKF_SO_PIN_FINAL_TRY : CKF_USER_PIN_FINAL_TRY;
	CK_FLAGS none = puk ? CKF_SO_PIN_LOCKED : CKF_USER_PIN_LOCKED;

	if (tries->left == 0 || (t->flags & none) != 0)
		return locked(puk);
	if ((tries->left != 1 && (t->flags & one) == 0) || spend_last)
		return CA_EXIT_OK;
	ca_say_wrong(puk ? _("One try of the PUK is left.")
			 : _("One try of the PIN is left."));
	ca_say_kept(_("Nothing was sent to the token. If what you enter then "
		      "is "
		      "wrong, it locks."));
	ca_say_next(_("If you are sure, say so with --spend-last-try."));
	return CA_EXIT_LOCKED;
}

/* The order that the next PIN may be the last one. */
static bool
allow_last(struct ca_p11 *p, CK_SESSION_HANDLE s)
{
	CK_OBJECT_CLASS class = CKO_CAPKCS11_TOKEN;
	CK_ATTRIBUTE want = {CKA_CLASS, &class, sizeof(class)};
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE set = {CKA_CAPKCS11_SPEND_LAST_TRY, &yes, sizeof(yes)};
	CK_OBJECT_HANDLE o;

	return ca_p11_find(p, s, &want, 1, &o, 1) == 1 &&
	       p->f->C_SetAttributeValue(s, o, &set, 1) == CKR_OK;
}

/* What the module answered, in sentences. `puk`: the one that was tried. */
static enum ca_exit
tell(CK_RV rv, bool puk)
{
	switch (rv) {
	case CKR_OK:
		return CA_EXIT_OK;
	case CKR_PIN_INCORRECT:
		ca_say_wrong(puk ? _("The PUK is wrong.")
				 : _("The old PIN is wrong."));
		ca_say_kept(_("The PIN on the token is the one it was."));
		return CA_EXIT_PIN;
	case CKR_PIN_LOCKED:
		return locked(puk);
	case CKR_PIN_LEN_RANGE:
	case CKR_PIN_INVALID:
		ca_say_wrong(_("The token does not take a PIN of this length "
			       "or "
			       "with these characters."));
		ca_say_kept(_("The PIN on the token is the one it was."));
		return CA_EXIT_INPUT;
	case CKR_FUNCTION_NOT_SUPPORTED:
	case CKR_USER_TYPE_INVALID:
		ca_say_wrong(_("How this token does that is not known."));
		ca_say_kept(_("Nothing was sent to the token."));
		return CA_EXIT_CANNOT;
	case CKR_FUNCTION_CANCELED:
		ca_say_wrong(_("It was cancelled at the reader."));
		return CA_EXIT_CANCELLED;
	case CKR_DEVICE_REMOVED:
	case CKR_TOKEN_NOT_PRESENT:
		ca_say_wrong(_("The token was pulled out."));
		ca_say_next(_("Plug it in and look with \"ca-token pin "
			      "status\" "
			      "before you try again."));
		return CA_EXIT_NO_TOKEN;
	default:
		ca_say_wrong(_("The token did not do it (error 0x%lx)."), rv);
		ca_say_next(_("Look with \"ca-token pin status\" before you "
			      "try "
			      "again."));
		return CA_EXIT_FAILED;
	}
}

static CK_UTF8CHAR *
value(const struct ca_secret *s)
{
	return s != NULL ? (CK_UTF8CHAR *)s->b : NULL;
}

static CK_ULONG
length(const struct ca_secret *s)
{
	return s != NULL ? s->n : 0;
}

static CK_RV
open(struct ca_p11 *p, const struct ca_p11_token *t, bool spend_last,
    CK_SESSION_HANDLE *s)
{
	CK_RV rv = p->f->C_OpenSession(t->slot,
	    CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, s);

	if (rv == CKR_OK && spend_last)
		(void)allow_last(p, *s);
	return rv;
}

enum ca_exit
ca_p11_change_pin(struct ca_p11 *p, const struct ca_p11_token *t,
    const struct ca_secret *old_pin, const struct ca_secret *new_pin,
    bool spend_last)
{
	CK_SESSION_HANDLE s;
	CK_RV rv = open(p, t, spend_last, &s);

	if (rv == CKR_OK) {
		rv = p->f->C_SetPIN(s, value(old_pin), length(old_pin),
		    value(new_pin), length(new_pin));
		(void)p->f->C_CloseSession(s);
	}
	return tell(rv, false);
}

enum ca_exit
ca_p11_unblock(struct ca_p11 *p, const struct ca_p11_token *t,
    const struct ca_secret *puk, const struct ca_secret *new_pin,
    bool spend_last)
{
	CK_SESSION_HANDLE s;
	CK_RV rv = open(p, t, spend_last, &s);

	if (rv != CKR_OK)
		return tell(rv, true);
	rv = p->f->C_Login(s, CKU_SO, value(puk), length(puk));
	if (rv == CKR_OK) {
		if (spend_last) /* an order of its own */
			(void)allow_last(p, s);
		rv = p->f->C_InitPIN(s, value(new_pin), length(new_pin));
		(void)p->f->C_Logout(s);
	}
	(void)p->f->C_CloseSession(s);
	return tell(rv, true);
}
