/*
 * Keys with CKA_ALWAYS_AUTHENTICATE: a PIN before each use. Most cases are not
 * about that, so for such a key they use a copy of the function list whose
 * C_SignInit, C_SignRecoverInit and C_DecryptInit log in for the one operation.
 */
#include <string.h>

#include "tests/conformance/cf.h"

static struct cf *now;
static CK_FUNCTION_LIST copy;

CK_RV
cf_consent_login(struct cf *c, CK_SESSION_HANDLE s)
{
	CK_UTF8CHAR pin[256];
	size_t n = strlen(c->opt->pin);
	CK_RV rv;

	if (n > sizeof(pin))
		return CKR_PIN_LEN_RANGE;
	memcpy(pin, c->opt->pin, n);
	rv = c->f->C_Login(s, CKU_CONTEXT_SPECIFIC, pin, n);
	explicit_bzero(pin, sizeof(pin));
	return rv;
}

static CK_RV
sign_init(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE key)
{
	CK_RV rv = now->plain->C_SignInit(s, m, key);

	return rv == CKR_OK && m != NULL ? cf_consent_login(now, s) : rv;
}

static CK_RV
sign_recover_init(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE key)
{
	CK_RV rv = now->plain->C_SignRecoverInit(s, m, key);

	return rv == CKR_OK && m != NULL ? cf_consent_login(now, s) : rv;
}

static CK_RV
decrypt_init(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE key)
{
	CK_RV rv = now->plain->C_DecryptInit(s, m, key);

	return rv == CKR_OK && m != NULL ? cf_consent_login(now, s) : rv;
}

void
cf_consent_on(struct cf *c)
{
	now = c;
	c->plain = c->f;
	copy = *c->f;
	copy.C_SignInit = sign_init;
	copy.C_SignRecoverInit = sign_recover_init;
	copy.C_DecryptInit = decrypt_init;
	c->f = &copy;
}

CK_RV
cf_consent_skip(struct cf *c)
{
	return c->plain != NULL
		   ? cf_note(c, CF_SKIP, "the key wants a PIN each time")
		   : CKR_OK;
}

void
cf_consent_off(struct cf *c)
{
	if (c->plain != NULL)
		c->f = c->plain;
	c->plain = NULL;
}
