/* Slots and tokens: the functions of 2.40 clause 5.5. */
#include <string.h>

#include "tests/conformance/groups.h"

#define SLOTS_MAX 64
#define MECHS_MAX 512

/* a: only slots with a token; b: which pointer is NULL (1 the count). */
static CK_RV
slot_list(struct cf *c, const struct cf_case *k)
{
	CK_SLOT_ID ids[SLOTS_MAX];
	CK_ULONG n = 0, again = SLOTS_MAX;
	CK_RV rv;

	if (k->b == 1)
		return c->f->C_GetSlotList(CK_FALSE, ids, NULL);
	if ((rv = c->f->C_GetSlotList((CK_BBOOL)k->a, NULL, &n)) != CKR_OK ||
	    (rv = c->f->C_GetSlotList((CK_BBOOL)k->a, ids, &again)) != CKR_OK)
		return rv;
	if (n != again)
		return cf_note(c, CF_WRONG, "first %lu, then %lu slots", n,
		    again);
	for (CK_ULONG i = 0; i < n; i++)
		for (CK_ULONG j = i + 1; j < n; j++)
			if (ids[i] == ids[j])
				return cf_note(c, CF_WRONG, "slot %lu twice",
				    ids[i]);
	return CKR_OK;
}

static CK_RV
slot_list_short(struct cf *c, const struct cf_case *k)
{
	CK_SLOT_ID ids[SLOTS_MAX];
	CK_ULONG n = 0, all = 0;
	CK_RV rv;

	(void)k;
	ids[0] = 0x77;
	if ((rv = c->f->C_GetSlotList(CK_TRUE, NULL, &all)) != CKR_OK)
		return rv;
	rv = c->f->C_GetSlotList(CK_TRUE, ids, &n);
	if (rv == CKR_BUFFER_TOO_SMALL && (n != all || ids[0] != 0x77))
		return cf_note(c, CF_WRONG, "count %lu of %lu, or written", n,
		    all);
	return rv;
}

static bool
no_nul(const CK_UTF8CHAR *field, size_t n)
{
	return memchr(field, 0, n) == NULL;
}

static CK_RV
slot_info(struct cf *c, const struct cf_case *k)
{
	CK_SLOT_INFO info;
	CK_RV rv;

	(void)k;
	memset(&info, 0, sizeof(info));
	if ((rv = c->f->C_GetSlotInfo(c->slot, &info)) != CKR_OK)
		return rv;
	if (!no_nul(info.slotDescription, sizeof(info.slotDescription)) ||
	    !no_nul(info.manufacturerID, sizeof(info.manufacturerID)))
		return cf_note(c, CF_WRONG, "a text field holds a NUL");
	if ((info.flags & CKF_TOKEN_PRESENT) == 0)
		return cf_note(c, CF_WRONG, "CKF_TOKEN_PRESENT is not set");
	if ((info.flags &
		~(CKF_TOKEN_PRESENT | CKF_REMOVABLE_DEVICE | CKF_HW_SLOT)) != 0)
		return cf_note(c, CF_WRONG, "unknown flags %#lx", info.flags);
	return CKR_OK;
}

static CK_RV
token_texts(struct cf *c)
{
	const CK_TOKEN_INFO *t = &c->token;

	if (!no_nul(t->label, sizeof(t->label)) ||
	    !no_nul(t->manufacturerID, sizeof(t->manufacturerID)) ||
	    !no_nul(t->model, sizeof(t->model)) ||
	    !no_nul((const CK_UTF8CHAR *)t->serialNumber,
		sizeof(t->serialNumber)))
		return cf_note(c, CF_WRONG, "a text field holds a NUL");
	return CKR_OK;
}

static bool
pair_good(CK_ULONG count, CK_ULONG max)
{
	return count == CK_UNAVAILABLE_INFORMATION ||
	       max == CK_EFFECTIVELY_INFINITE ||
	       max == CK_UNAVAILABLE_INFORMATION || count <= max;
}

static CK_RV
token_info(struct cf *c, const struct cf_case *k)
{
	const CK_TOKEN_INFO *t = &c->token;
	CK_RV rv;

	(void)k;
	memset(&c->token, 0, sizeof(c->token));
	if ((rv = c->f->C_GetTokenInfo(c->slot, &c->token)) != CKR_OK ||
	    (rv = token_texts(c)) != CKR_OK)
		return rv;
	if (!pair_good(t->ulSessionCount, t->ulMaxSessionCount) ||
	    !pair_good(t->ulRwSessionCount, t->ulMaxRwSessionCount) ||
	    t->ulMinPinLen > t->ulMaxPinLen)
		return cf_note(c, CF_WRONG, "a count above its maximum");
	if ((t->flags & CKF_SECONDARY_AUTHENTICATION) != 0)
		return cf_note(c, CF_WRONG, "CKF_SECONDARY_AUTHENTICATION");
	if ((t->flags & CKF_USER_PIN_LOCKED) != 0)
		return cf_note(c, CF_WRONG, "the PIN is locked");
	return CKR_OK;
}

/* ulSessionCount counts the sessions of this application, when it is told. */
static CK_RV
token_counts(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s;
	CK_TOKEN_INFO one, two;
	CK_RV rv;

	(void)k;
	if ((rv = c->f->C_GetTokenInfo(c->slot, &one)) != CKR_OK ||
	    (rv = cf_open(c, 0, &s)) != CKR_OK ||
	    (rv = c->f->C_GetTokenInfo(c->slot, &two)) != CKR_OK)
		return rv;
	if (one.ulSessionCount != CK_UNAVAILABLE_INFORMATION &&
	    (one.ulSessionCount != 1 || two.ulSessionCount != 2))
		return cf_note(c, CF_WRONG, "1 and 2 sessions count %lu, %lu",
		    one.ulSessionCount, two.ulSessionCount);
	return CKR_OK;
}

/* Which NULL pointer to pass. */
enum { SLOT_INFO, TOKEN_INFO, MECH_COUNT, MECH_INFO, MECH_LIST_COUNT };

static CK_RV
null_out(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM_TYPE list[MECHS_MAX];

	switch (k->a) {
	case SLOT_INFO:
		return c->f->C_GetSlotInfo(c->slot, NULL);
	case TOKEN_INFO:
		return c->f->C_GetTokenInfo(c->slot, NULL);
	case MECH_COUNT:
		return c->f->C_GetMechanismList(c->slot, NULL, NULL);
	case MECH_LIST_COUNT:
		return c->f->C_GetMechanismList(c->slot, list, NULL);
	default:
		return c->f->C_GetMechanismInfo(c->slot, CKM_RSA_PKCS, NULL);
	}
}

/* A slot without a token: c->slot is one. */
static CK_RV
no_token(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM_INFO info;
	CK_SESSION_HANDLE s;
	CK_ULONG n = 0;

	switch (k->a) {
	case TOKEN_INFO:
		return c->f->C_GetTokenInfo(c->slot, &c->token);
	case MECH_COUNT:
		return c->f->C_GetMechanismList(c->slot, NULL, &n);
	case MECH_INFO:
		return c->f->C_GetMechanismInfo(c->slot, CKM_RSA_PKCS, &info);
	default:
		return cf_open(c, 0, &s);
	}
}

#define ROW(what, fnname, state, need, fn, a, b, ...)                          \
	{                                                                      \
		fnname "/" what, "2.40 5.5 " fnname, state, need, fn, a, b,    \
		    NULL, CF_ALLOW(__VA_ARGS__)                                \
	}

static const struct cf_case table[] = {
    ROW("all", "C_GetSlotList", CF_INIT, 0, slot_list, 0, 0, CKR_OK),
    ROW("with-token", "C_GetSlotList", CF_INIT, 0, slot_list, 1, 0, CKR_OK),
    ROW("null-count", "C_GetSlotList", CF_INIT, 0, slot_list, 0, 1,
	CKR_ARGUMENTS_BAD),
    ROW("too-small", "C_GetSlotList", CF_SLOT, 0, slot_list_short, 0, 0,
	CKR_BUFFER_TOO_SMALL),
    ROW("good", "C_GetSlotInfo", CF_SLOT, 0, slot_info, 0, 0, CKR_OK),
    ROW("null", "C_GetSlotInfo", CF_SLOT, 0, null_out, SLOT_INFO, 0,
	CKR_ARGUMENTS_BAD),
    ROW("good", "C_GetTokenInfo", CF_SLOT, 0, token_info, 0, 0, CKR_OK),
    ROW("logged-in", "C_GetTokenInfo", CF_USER, 0, token_info, 0, 0, CKR_OK),
    ROW("session-count", "C_GetTokenInfo", CF_RO, 0, token_counts, 0, 0,
	CKR_OK),
    ROW("null", "C_GetTokenInfo", CF_SLOT, 0, null_out, TOKEN_INFO, 0,
	CKR_ARGUMENTS_BAD),
    ROW("no-token", "C_GetTokenInfo", CF_SLOT, CF_NEED_NO_TOKEN, no_token,
	TOKEN_INFO, 0, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED),
    ROW("no-token", "C_OpenSession", CF_SLOT, CF_NEED_NO_TOKEN, no_token,
	SLOT_INFO, 0, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED),
    ROW("no-token", "C_GetMechanismList", CF_SLOT, CF_NEED_NO_TOKEN, no_token,
	MECH_COUNT, 0, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED),
    ROW("no-token", "C_GetMechanismInfo", CF_SLOT, CF_NEED_NO_TOKEN, no_token,
	MECH_INFO, 0, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED),
    ROW("null-count", "C_GetMechanismList", CF_SLOT, 0, null_out, MECH_COUNT, 0,
	CKR_ARGUMENTS_BAD),
    ROW("null-count-with-list", "C_GetMechanismList", CF_SLOT, 0, null_out,
	MECH_LIST_COUNT, 0, CKR_ARGUMENTS_BAD),
    ROW("null", "C_GetMechanismInfo", CF_SLOT, 0, null_out, MECH_INFO, 0,
	CKR_ARGUMENTS_BAD),
};

CF_GROUP(cf_group_slot, table)
