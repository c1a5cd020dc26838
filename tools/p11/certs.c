#include "tools/p11/certs.h"

#include <stdlib.h>
#include <string.h>

#include "module/capkcs11.h"
#include "tools/lib/say.h"

static void
read_label(const struct ca_p11 *p, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
    struct ca_p11_cert *c)
{
	struct ca_buf label = {0};

	if (ca_p11_value(p, s, o, CKA_LABEL, &label) &&
	    label.n < sizeof(c->label)) {
		memcpy(c->label, label.p, label.n);
		(void)ca_say_clean(c->label);
	}
	ca_buf_free(&label);
}

static void
hex(struct ca_rd id, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < id.n; i++) {
		*out++ = digits[id.p[i] >> 4];
		*out++ = digits[id.p[i] & 15];
	}
	*out = '\0';
}

static void
read_id(const struct ca_p11 *p, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
    struct ca_p11_cert *c)
{
	struct ca_buf id = {0};

	if (ca_p11_value(p, s, o, CKA_ID, &id) && id.n <= CA_CERT_ID_MAX)
		hex(ca_buf_rd(&id), c->id);
	ca_buf_free(&id);
}

static bool
read_local(const struct ca_p11 *p, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o)
{
	CK_BBOOL local = CK_FALSE;
	CK_ATTRIBUTE a = {CKA_CAPKCS11_LOCAL, &local, sizeof(local)};

	return p->f->C_GetAttributeValue(s, o, &a, 1) == CKR_OK &&
	       local != CK_FALSE;
}

static bool
read_one(const struct ca_p11 *p, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
    struct ca_p11_cert *c)
{
	memset(c, 0, sizeof(*c));
	if (!ca_p11_value(p, s, o, CKA_VALUE, &c->der) ||
	    !ca_cert_read(ca_buf_rd(&c->der), &c->facts)) {
		ca_buf_free(&c->der);
		return false;
	}
	read_label(p, s, o, c);
	read_id(p, s, o, c);
	c->local = read_local(p, s, o);
	return true;
}

/* The holder's before the authorities', the longest valid first. */
static int
order(const void *a, const void *b)
{
	const struct ca_cert_facts *x = &((const struct ca_p11_cert *)a)->facts;
	const struct ca_cert_facts *y = &((const struct ca_p11_cert *)b)->facts;

	if (x->authority != y->authority)
		return x->authority ? 1 : -1;
	return x->to == y->to ? 0 : x->to < y->to ? 1 : -1;
}

void
ca_p11_certs(const struct ca_p11 *p, const struct ca_p11_token *t,
    struct ca_p11_certs *out)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE want = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE o[CA_CERTS_SHOWN_MAX];
	CK_SESSION_HANDLE s;
	size_t n;

	memset(out, 0, sizeof(*out));
	if (p->f->C_OpenSession(t->slot, CKF_SERIAL_SESSION, NULL, NULL, &s) !=
	    CKR_OK)
		return;
	n = ca_p11_find(p, s, &want, 1, o, CA_CERTS_SHOWN_MAX);
	out->c = n > 0 ? calloc(n, sizeof(*out->c)) : NULL;
	for (size_t i = 0; out->c != NULL && i < n; i++)
		out->n += read_one(p, s, o[i], &out->c[out->n]);
	if (out->n > 1)
		qsort(out->c, out->n, sizeof(*out->c), order);
	(void)p->f->C_CloseSession(s);
}

void
ca_p11_certs_free(struct ca_p11_certs *c)
{
	for (size_t i = 0; i < c->n; i++)
		ca_buf_free(&c->c[i].der);
	free(c->c);
	memset(c, 0, sizeof(*c));
}

bool
ca_p11_holder(const struct ca_p11 *p, const struct ca_p11_token *t,
    struct ca_cert_facts *out)
{
	struct ca_p11_certs all;
	bool found;

	ca_p11_certs(p, t, &all);
	found = all.n > 0 && !all.c[0].facts.authority;
	if (found)
		*out = all.c[0].facts;
	ca_p11_certs_free(&all);
	return found;
}
