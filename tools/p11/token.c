#include "tools/p11/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module/capkcs11.h"
#include "tools/lib/i18n.h"
#include "tools/lib/say.h"
#include "tools/p11/attribute.h"

/* A text of PKCS#11: filled with blanks, without NUL. */
static void
text(char *out, const CK_UTF8CHAR *in, size_t n)
{
	while (n > 0 && (in[n - 1] == ' ' || in[n - 1] == '\0'))
		n--;
	memcpy(out, in, n);
	out[n] = '\0';
	(void)ca_say_clean(out);
}

static long
tries(const struct ca_p11 *p, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
    CK_ATTRIBUTE_TYPE type)
{
	CK_ULONG n;

	return ca_p11_number(p, s, o, type, &n) && n < 256 ? (long)n : -1;
}

static void
read_family(const struct ca_p11 *p, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
    struct ca_p11_token *t)
{
	struct ca_buf family = {0};

	if (ca_p11_value(p, s, o, CKA_CAPKCS11_FAMILY, &family) &&
	    family.n < sizeof(t->family)) {
		memcpy(t->family, family.p, family.n);
		(void)ca_say_clean(t->family);
	}
	ca_buf_free(&family);
}

/* What our module alone tells; another one has no such object. */
static void
read_ours(const struct ca_p11 *p, struct ca_p11_token *t)
{
	CK_OBJECT_CLASS class = CKO_CAPKCS11_TOKEN;
	CK_ATTRIBUTE want = {CKA_CLASS, &class, sizeof(class)};
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE o;
	CK_ULONG can;

	if (p->f->C_OpenSession(t->slot, CKF_SERIAL_SESSION, NULL, NULL, &s) !=
	    CKR_OK)
		return;
	if (ca_p11_find(p, s, &want, 1, &o, 1) == 1) {
		read_family(p, s, o, t);
		t->pin.left = tries(p, s, o, CKA_CAPKCS11_PIN_TRIES);
		t->pin.max = tries(p, s, o, CKA_CAPKCS11_PIN_TRIES_MAX);
		t->puk.left = tries(p, s, o, CKA_CAPKCS11_PUK_TRIES);
		t->puk.max = tries(p, s, o, CKA_CAPKCS11_PUK_TRIES_MAX);
		if (ca_p11_number(p, s, o, CKA_CAPKCS11_CAN, &can))
			t->can = can;
	}
	(void)p->f->C_CloseSession(s);
}

void
ca_p11_token_read(const struct ca_p11 *p, CK_SLOT_ID slot,
    struct ca_p11_token *t)
{
	CK_SLOT_INFO si;
	CK_TOKEN_INFO ti;

	memset(t, 0, sizeof(*t));
	t->slot = slot;
	t->pin = t->puk = (struct ca_tries){-1, -1};
	if (p->f->C_GetSlotInfo(slot, &si) != CKR_OK)
		return;
	text(t->reader, si.slotDescription, sizeof(si.slotDescription));
	if ((si.flags & CKF_TOKEN_PRESENT) == 0 ||
	    p->f->C_GetTokenInfo(slot, &ti) != CKR_OK)
		return;
	t->here = true;
	text(t->label, ti.label, sizeof(ti.label));
	text(t->serial, ti.serialNumber, sizeof(ti.serialNumber));
	text(t->maker, ti.manufacturerID, sizeof(ti.manufacturerID));
	text(t->model, ti.model, sizeof(ti.model));
	t->flags = ti.flags;
	t->pin_min = ti.ulMinPinLen;
	t->pin_max = ti.ulMaxPinLen;
	read_ours(p, t);
}

bool
ca_p11_list(struct ca_p11 *p, struct ca_p11_tokens *out)
{
	CK_SLOT_ID slots[CA_TOKENS_MAX];
	CK_ULONG n = CA_TOKENS_MAX;
	CK_RV rv = p->f->C_GetSlotList(CK_FALSE, slots, &n);

	memset(out, 0, sizeof(*out));
	if (rv != CKR_OK) {
		ca_say_wrong(_("The readers of this machine cannot be "
			       "listed."));
		ca_say_next(_("Check that pcscd is installed and runs: "
			      "systemctl status pcscd.socket"));
		return false;
	}
	for (CK_ULONG i = 0; i < n; i++)
		ca_p11_token_read(p, slots[i], &out->t[out->n++]);
	return true;
}
