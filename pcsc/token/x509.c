/* See the header. */
#include "pcsc/token/x509.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "pcsc/base/tlv.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/spki.h"

/*
 * OpenSSL's error queue belongs to the application we live in: what fails here
 * is taken from it again (ERR_pop_to_mark).
 */

/* The certificate in exactly these bytes, or NULL. */
static X509 *
parse(struct ca_rd der)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	const unsigned char *p = der.p;
	X509 *x, *room;

	if (der.n == 0 || der.n > LONG_MAX || lib == NULL ||
	    (x = room = X509_new_ex(lib, NULL)) == NULL)
		return NULL;
	(void)ERR_set_mark();
	/* On failure it has freed what it was given. */
	x = d2i_X509(&room, &p, (long)der.n);
	(void)ERR_pop_to_mark();
	if (x != NULL && p != der.p + der.n) {
		X509_free(x);
		x = NULL;
	}
	return x;
}

static ca_err
keep(unsigned char *p, int n, struct ca_buf *out)
{
	ca_err e;

	if (n <= 0)
		return CA_E_MALFORMED;
	e = ca_buf_set(out, ca_rd_of(p, (size_t)n));
	OPENSSL_free(p);
	return e;
}

ca_err
ca_x509_open(struct ca_rd in, struct ca_rd *der, struct ca_buf *spki)
{
	struct ca_rd value, whole;
	unsigned char *p = NULL;
	ca_err e = CA_OK;
	uint32_t tag;
	X509 *x;

	if (!ca_tlv_whole(&in, &tag, &value, &whole) ||
	    (x = parse(whole)) == NULL)
		return CA_E_MALFORMED;
	if (spki != NULL) {
		int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &p);

		e = keep(p, n, spki);
	}
	X509_free(x);
	if (e == CA_OK)
		*der = whole;
	return e;
}

/* Nobody is asked for the password of a file that should have none. */
static int
no_password(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)arg;
	return -1;
}

ca_err
ca_x509_from_file(struct ca_rd text, struct ca_buf *der)
{
	struct ca_rd whole;
	unsigned char *p = NULL;
	ca_err e = CA_E_MALFORMED;
	X509 *x;
	BIO *b;

	if (ca_x509_open(text, &whole, NULL) == CA_OK)
		return ca_buf_set(der, whole);
	if (text.n > INT_MAX ||
	    (b = BIO_new_mem_buf(text.p, (int)text.n)) == NULL)
		return CA_E_MALFORMED;
	(void)ERR_set_mark();
	x = PEM_read_bio_X509(b, NULL, no_password, NULL);
	(void)ERR_pop_to_mark();
	if (x != NULL) {
		int n = i2d_X509(x, &p);

		e = keep(p, n, der);
	}
	X509_free(x);
	BIO_free(b);
	return e;
}

bool
ca_x509_renews(struct ca_rd old, struct ca_rd fresh)
{
	X509 *a = parse(old), *b = parse(fresh);
	bool later = false;

	if (a != NULL && b != NULL && !ca_rd_equal(old, fresh))
		later = ASN1_TIME_compare(X509_get0_notAfter(a),
			    X509_get0_notAfter(b)) <= 0;
	X509_free(a);
	X509_free(b);
	return later;
}

size_t
ca_x509_key_bits(struct ca_rd spki)
{
	struct ca_spki k;

	return ca_spki_parse(spki, &k) ? k.bits : 0;
}
