#include "tools/lib/cert_detail.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "tools/lib/i18n.h"

#define TEXT 1024

static X509 *
parse(struct ca_rd der)
{
	const unsigned char *p = der.p;

	return der.n <= LONG_MAX ? d2i_X509(NULL, &p, (long)der.n) : NULL;
}

static void
add_name(struct ca_fields *f, const char *label, const X509_NAME *name)
{
	BIO *b = BIO_new(BIO_s_mem());
	char text[TEXT];
	int n = 0;

	if (b != NULL && X509_NAME_print_ex(b, name, 0,
			     (XN_FLAG_RFC2253 | XN_FLAG_SPC_EQ) &
				 ~ASN1_STRFLGS_ESC_MSB) >= 0)
		n = BIO_read(b, text, sizeof(text) - 1);
	BIO_free(b);
	if (n > 0) {
		text[n] = '\0';
		ca_fields_add(f, label, "%s", text);
	}
}

static void
add_key(struct ca_fields *f, const X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x);

	if (key != NULL)
		ca_fields_add(f, _("Key"), _("%s, %d bits"),
		    EVP_PKEY_get0_type_name(key), EVP_PKEY_get_bits(key));
}

static void
add_usage(struct ca_fields *f, X509 *x)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} rows[] = {
	    {KU_DIGITAL_SIGNATURE, N_("digital signature")},
	    {KU_NON_REPUDIATION, N_("non-repudiation")},
	    {KU_KEY_ENCIPHERMENT, N_("key encipherment")},
	    {KU_DATA_ENCIPHERMENT, N_("data encipherment")},
	    {KU_KEY_AGREEMENT, N_("key agreement")},
	    {KU_KEY_CERT_SIGN, N_("signing certificates")},
	    {KU_CRL_SIGN, N_("signing revocation lists")},
	};
	uint32_t usage = X509_get_key_usage(x);
	char text[TEXT] = "";

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (usage != UINT32_MAX && (usage & rows[i].bit) != 0) {
			size_t at = strlen(text);

			(void)snprintf(text + at, sizeof(text) - at, "%s%s",
			    at > 0 ? ", " : "", _(rows[i].name));
		}
	if (text[0] != '\0')
		ca_fields_add(f, _("Key usage"), "%s", text);
}

static void
add_fingerprint(struct ca_fields *f, const X509 *x)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	char text[2 * EVP_MAX_MD_SIZE + 1] = "";
	unsigned n = 0;

	if (X509_digest(x, EVP_sha256(), md, &n) != 1)
		return;
	for (unsigned i = 0; i < n; i++)
		(void)snprintf(text + 2 * i, 3, "%02X", md[i]);
	ca_fields_add(f, _("SHA-256 fingerprint"), "%s", text);
}

void
ca_cert_detail(struct ca_fields *f, struct ca_rd der)
{
	X509 *x = parse(der);

	if (x == NULL)
		return;
	add_name(f, _("Subject"), X509_get_subject_name(x));
	add_name(f, _("Issuer"), X509_get_issuer_name(x));
	add_key(f, x);
	add_usage(f, x);
	ca_fields_add(f, _("Signed with"), "%s",
	    OBJ_nid2ln(X509_get_signature_nid(x)));
	add_fingerprint(f, x);
	X509_free(x);
}

bool
ca_cert_write_pem(struct ca_rd der, FILE *out)
{
	X509 *x = parse(der);
	bool ok = x != NULL && PEM_write_X509(out, x) == 1;

	X509_free(x);
	return ok;
}
