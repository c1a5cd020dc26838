#include "tests/conformance/stored.h"

#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/conformance/forked.h"

CK_UTF8CHAR cf_stored_label[] = "conformance/on-token";

static CK_BBOOL yes = CK_TRUE;

/* The fields of one certificate, made once. */
static struct {
	CK_BYTE der[1024], subject[128], serial[16];
	CK_ULONG der_n, subject_n, serial_n;
} authority;

static bool
set_name(X509 *x)
{
	X509_NAME *name = X509_get_subject_name(x);

	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		   (const unsigned char *)"CA Thử nghiệm", -1, -1, 0) == 1 &&
	       X509_set_issuer_name(x, name) == 1;
}

static void
make_authority(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	unsigned char *der = authority.der, *subject = authority.subject,
		      *serial = authority.serial;

	if (authority.der_n == 0 && key != NULL && x != NULL && set_name(x) &&
	    X509_set_pubkey(x, key) == 1 &&
	    ASN1_INTEGER_set(X509_get_serialNumber(x), 4711) == 1 &&
	    X509_gmtime_adj(X509_getm_notBefore(x), 0) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(x), 864000) != NULL &&
	    X509_sign(x, key, EVP_sha256()) > 0 &&
	    i2d_X509(x, NULL) <= (int)sizeof(authority.der)) {
		authority.der_n = (CK_ULONG)i2d_X509(x, &der);
		authority.subject_n =
		    (CK_ULONG)i2d_X509_NAME(X509_get_subject_name(x), &subject);
		authority.serial_n =
		    (CK_ULONG)i2d_ASN1_INTEGER(X509_get_serialNumber(x),
			&serial);
	}
	X509_free(x);
	EVP_PKEY_free(key);
}

static void
put(CK_ATTRIBUTE *t, CK_ULONG *n, CK_ATTRIBUTE_TYPE type, void *p, CK_ULONG len)
{
	CK_ULONG at = 0;

	while (at < *n && t[at].type != type)
		at++;
	t[at] = (CK_ATTRIBUTE){type, p, len};
	*n = at == *n ? at + 1 : *n;
}

CK_ULONG
cf_stored_template(enum cf_made which, const struct cf_bend *b,
    CK_ATTRIBUTE t[CF_MADE_MAX])
{
	CK_ULONG n = cf_made_template(which, NULL, t);

	put(t, &n, CKA_TOKEN, &yes, sizeof(yes));
	put(t, &n, CKA_LABEL, cf_stored_label, CF_STORED_LABEL_N - 1);
	if (which == CF_CERT) {
		make_authority();
		put(t, &n, CKA_VALUE, authority.der, authority.der_n);
		put(t, &n, CKA_SUBJECT, authority.subject, authority.subject_n);
		put(t, &n, CKA_ISSUER, authority.subject, authority.subject_n);
		put(t, &n, CKA_SERIAL_NUMBER, authority.serial,
		    authority.serial_n);
	}
	for (CK_ULONG i = 0; b != NULL && i < b->add_n; i++)
		put(t, &n, b->add[i].type, b->add[i].pValue,
		    b->add[i].ulValueLen);
	return n;
}

CK_RV
cf_store(struct cf *c, CK_SESSION_HANDLE s, enum cf_made which,
    const struct cf_bend *b, CK_OBJECT_HANDLE *o)
{
	CK_ATTRIBUTE t[CF_MADE_MAX];
	CK_ULONG n = cf_stored_template(which, b, t);
	CK_RV rv;

	*o = CK_INVALID_HANDLE;
	rv = c->f->C_CreateObject(s, t, n, o);
	if (rv == CKR_OK && *o == CK_INVALID_HANDLE)
		return cf_note(c, CF_WRONG, "the handle is 0");
	return rv;
}

CK_RV
cf_stored_count(struct cf *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE *o,
    CK_ULONG *n)
{
	CK_ATTRIBUTE t[] = {{CKA_TOKEN, &yes, sizeof(yes)},
	    {CKA_LABEL, cf_stored_label, CF_STORED_LABEL_N - 1}};
	CK_OBJECT_HANDLE found[16] = {CK_INVALID_HANDLE};
	CK_RV rv = cf_find(c, s, t, 2, found, CF_COUNT(found), n);

	*o = found[0];
	return rv;
}

CK_RV
cf_stored_clear(struct cf *c)
{
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE o;
	CK_ULONG n;
	CK_RV rv = cf_open(c, CKF_RW_SESSION, &s);

	if (rv != CKR_OK)
		return rv;
	while ((rv = cf_stored_count(c, s, &o, &n)) == CKR_OK && n != 0)
		if ((rv = c->f->C_DestroyObject(s, o)) != CKR_OK)
			return rv;
	return rv == CKR_OK ? c->f->C_CloseSession(s) : rv;
}

static CK_RV
child(struct cf *c, CK_RV (*fn)(struct cf *c))
{
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_init(c)) != CKR_OK ||
	    (rv = c->f->C_GetSlotList(CK_TRUE, NULL, &n)) != CKR_OK ||
	    (rv = cf_open(c, CKF_RW_SESSION, &c->s)) != CKR_OK ||
	    (rv = fn(c)) != CKR_OK)
		return rv;
	return c->f->C_Finalize(NULL);
}

CK_RV
cf_stored_elsewhere(struct cf *c, CK_RV (*fn)(struct cf *c))
{
	int fd, status = 0;
	pid_t pid = cf_fork(c, &fd);
	CK_RV rv;

	if (pid < 0)
		return CF_SETUP;
	if (pid == 0)
		_exit(cf_fork_tell(fd, child(c, fn)) ? 0 : 1);
	rv = cf_fork_answer(pid, fd, &status);
	return rv == CKR_OK ? rv : cf_note(c, rv, "in the other process");
}

CK_RV
cf_stored_between(struct cf *c, const struct cf_case *k)
{
	const struct cf_stored_inner *in = k->p;
	CK_RV rv = cf_stored_clear(c), after;

	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "clearing: %s", cf_rv_name(rv));
	rv = in->run(c, k);
	after = cf_stored_clear(c);
	if (rv == CKR_OK && after != CKR_OK)
		return cf_note(c, CF_WRONG, "clearing: %s", cf_rv_name(after));
	return rv;
}
