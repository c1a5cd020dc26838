/* See fam.h: what a user does. */
#include <stdio.h>
#include <string.h>

#include "tests/families/fam.h"

CK_RV
fam_open(struct fam *t)
{
	CK_SLOT_ID ids[4];
	CK_ULONG n = 0;
	CK_RV rv;

	t->s = CK_INVALID_HANDLE;
	if ((rv = t->f->C_GetSlotList(CK_FALSE, NULL, &n)) != CKR_OK)
		return rv;
	n = CA_COUNT(ids);
	if ((rv = t->f->C_GetSlotList(CK_TRUE, ids, &n)) != CKR_OK)
		return rv;
	if (n == 0)
		return CKR_TOKEN_NOT_PRESENT;
	t->slot = ids[0];
	return t->f->C_OpenSession(t->slot, CKF_SERIAL_SESSION | CKF_RW_SESSION,
	    NULL, NULL, &t->s);
}

/* A copy the module may write to, as its prototypes say. */
struct copy {
	CK_UTF8CHAR b[256];
	CK_ULONG n;
};

static struct copy
copy_of(const char *text)
{
	struct copy c = {.n = strlen(text)};

	CU_ASSERT_FATAL(c.n < sizeof(c.b));
	memcpy(c.b, text, c.n);
	return c;
}

CK_RV
fam_login(struct fam *t, CK_USER_TYPE user, const char *pin)
{
	struct copy c = copy_of(pin);

	return t->f->C_Login(t->s, user, c.b, c.n);
}

CK_RV
fam_set_pin(struct fam *t, const char *old_pin, const char *new_pin)
{
	struct copy o = copy_of(old_pin), n = copy_of(new_pin);

	return t->f->C_SetPIN(t->s, o.b, o.n, n.b, n.n);
}

CK_RV
fam_init_pin(struct fam *t, const char *pin)
{
	struct copy c = copy_of(pin);

	return t->f->C_InitPIN(t->s, c.b, c.n);
}

CK_FLAGS
fam_flags(struct fam *t)
{
	CK_TOKEN_INFO info;

	memset(&info, 0, sizeof(info));
	FAM_IS(t->f->C_GetTokenInfo(t->slot, &info), CKR_OK);
	return info.flags;
}

CK_STATE
fam_state(struct fam *t)
{
	CK_SESSION_INFO info;

	memset(&info, 0, sizeof(info));
	FAM_IS(t->f->C_GetSessionInfo(t->s, &info), CKR_OK);
	return info.state;
}

size_t
fam_find(struct fam *t, CK_OBJECT_CLASS cls, CK_OBJECT_HANDLE *out, size_t max)
{
	CK_ATTRIBUTE a = {CKA_CLASS, &cls, sizeof(cls)};
	CK_ULONG n = 0;

	FAM_IS(t->f->C_FindObjectsInit(t->s, &a, 1), CKR_OK);
	FAM_IS(t->f->C_FindObjects(t->s, out, max, &n), CKR_OK);
	FAM_IS(t->f->C_FindObjectsFinal(t->s), CKR_OK);
	return n;
}

CK_RV
fam_attr(struct fam *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, void *value,
    CK_ULONG *n)
{
	CK_ATTRIBUTE a = {type, value, *n};
	CK_RV rv = t->f->C_GetAttributeValue(t->s, o, &a, 1);

	*n = rv == CKR_OK ? a.ulValueLen : 0;
	return rv;
}

bool
fam_flag(struct fam *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type)
{
	CK_BBOOL v = CK_FALSE;
	CK_ULONG n = sizeof(v);

	FAM_IS(fam_attr(t, o, type, &v, &n), CKR_OK);
	return v != CK_FALSE;
}

CK_ULONG
fam_number(struct fam *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type)
{
	CK_ULONG v = 0, n = sizeof(v);

	FAM_IS(fam_attr(t, o, type, &v, &n), CKR_OK);
	return v;
}

const char *
fam_key_pin(const struct fam *t, size_t index)
{
	bool second = t->opts.pin2_ref != 0 &&
		      (t->opts.pin2_keys >> index & 1) != 0 &&
		      t->opts.pin2[0] != '\0';

	return second ? t->opts.pin2 : t->opts.pin;
}

CK_RV
fam_sign_once(struct fam *t)
{
	static const CK_MECHANISM_TYPE types[] = {
	    CKM_SHA256_RSA_PKCS, CKM_ECDSA_SHA256};
	CK_MECHANISM_INFO info;
	CK_OBJECT_HANDLE key;

	if (fam_find(t, CKO_PRIVATE_KEY, &key, 1) != 1)
		return CKR_KEY_HANDLE_INVALID;
	for (size_t i = 0; i < CA_COUNT(types); i++) {
		const struct fam_mech *m = fam_mech(types[i]);

		if (t->f->C_GetMechanismInfo(t->slot, types[i], &info) ==
			CKR_OK &&
		    (info.flags & CKF_SIGN) != 0 && (info.flags & CKF_HW) != 0)
			return fam_mech_sign(t, m, key, fam_key_pin(t, 0)) > 0
				   ? CKR_OK
				   : CKR_SIGNATURE_INVALID;
	}
	return CKR_MECHANISM_INVALID;
}

int
fam_tries(const struct fam *t)
{
	return ca_sim_tries(t->card, t->opts.pin_ref);
}

int
fam_puk_tries(const struct fam *t)
{
	return ca_sim_tries(t->card, t->opts.puk_ref);
}

uint64_t
fam_count(const struct fam *t, enum ca_sim_count what)
{
	return ca_sim_count(t->card, what);
}

const char *
fam_wrong(const char *right)
{
	static char wrong[CA_SIM_TEXT];
	size_t n = strlen(right);

	memcpy(wrong, right, n + 1);
	wrong[n - 1] = right[n - 1] == '9' ? '0' : '9';
	return wrong;
}

void
fam_serial(struct fam *t, char *out, size_t cap)
{
	CK_TOKEN_INFO info;
	size_t n = sizeof(info.serialNumber);

	FAM_IS(t->f->C_GetTokenInfo(t->slot, &info), CKR_OK);
	while (n > 0 && info.serialNumber[n - 1] == ' ')
		n--;
	snprintf(out, cap, "%.*s", (int)n, (const char *)info.serialNumber);
}

void
fam_another(const struct fam *t, const char *cmd, size_t n, uint16_t want)
{
	uint8_t b[300];
	struct ca_wr w = ca_wr_of(b, sizeof(b));

	(void)ca_sim_transmit(t->card, ca_rd_of(cmd, n), &w);
	CU_ASSERT(w.n >= 2 && b[w.n - 2] == want >> 8 &&
		  b[w.n - 1] == (want & 0xFF));
}
