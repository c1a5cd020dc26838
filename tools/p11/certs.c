#include "tools/p11/certs.h"

#define CERTS_MAX 64

static bool
read_one(const struct ca_p11 *p, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
    struct ca_cert_facts *out)
{
	struct ca_buf der = {0};
	bool ok = ca_p11_value(p, s, o, CKA_VALUE, &der) &&
		  ca_cert_read(ca_buf_rd(&der), out);

	ca_buf_free(&der);
	return ok;
}

bool
ca_p11_holder(const struct ca_p11 *p, const struct ca_p11_token *t,
    struct ca_cert_facts *out)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE want = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE o[CERTS_MAX];
	struct ca_cert_facts one;
	CK_SESSION_HANDLE s;
	bool found = false;
	size_t n;

	if (p->f->C_OpenSession(t->slot, CKF_SERIAL_SESSION, NULL, NULL, &s) !=
	    CKR_OK)
		return false;
	n = ca_p11_find(p, s, &want, 1, o, CERTS_MAX);
	for (size_t i = 0; i < n; i++)
		if (read_one(p, s, o[i], &one) && !one.authority &&
		    (!found || one.to > out->to)) {
			*out = one;
			found = true;
		}
	(void)p->f->C_CloseSession(s);
	return found;
}
