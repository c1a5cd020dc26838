/* See blanked.h. */
#include "tests/unit/blanked.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/unit/ut.h"

#define TEXT_MAX (1024 * 1024)

/* All hex of the answers and files of a dump, in one: what was said, wherever
 * lines are broken. */
static size_t
said(const char *path, uint8_t *out)
{
	FILE *f = fopen(path, "r");
	char line[256];
	size_t at = 0, n;

	UT_OK(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL) {
		const char *hex = line[0] == ':'   ? line + 2
				  : line[0] == '@' ? line + 7
						   : NULL;

		line[strcspn(line, "\n")] = '\0';
		if (hex != NULL &&
		    ca_hex_parse(hex, out + at, TEXT_MAX - at, &n))
			at += n;
	}
	(void)fclose(f);
	return at;
}

static bool
told(const uint8_t *all, size_t n, const void *what, size_t what_n)
{
	return what_n > 0 && memmem(all, n, what, what_n) != NULL;
}

static void
name_tells_nothing(const char *card, const uint8_t *all, size_t n,
    const X509_NAME *name)
{
	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const ASN1_STRING *v =
		    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
		size_t len = (size_t)ASN1_STRING_length(v);

		UT(len < 4 || !told(all, n, ASN1_STRING_get0_data(v), len),
		    "%s: %s", card, (const char *)ASN1_STRING_get0_data(v));
	}
}

/* Neither names, numbers, key, signature, dates nor what extensions hold. */
static void
cert_tells_nothing(const char *card, const uint8_t *all, size_t n,
    struct ca_rd der)
{
	const uint8_t *p = der.p;
	X509 *x = d2i_X509(NULL, &p, (long)der.n);
	const ASN1_BIT_STRING *sig;
	const ASN1_STRING *bits[6];

	if (x == NULL) /* it could not be read from the card either */
		return;
	name_tells_nothing(card, all, n, X509_get_subject_name(x));
	name_tells_nothing(card, all, n, X509_get_issuer_name(x));
	X509_get0_signature(&sig, NULL, x);
	bits[0] = sig;
	bits[1] = X509_get0_pubkey_bitstr(x);
	bits[2] = X509_get0_serialNumber(x);
	bits[3] = X509_get0_notBefore(x);
	bits[4] = X509_get0_notAfter(x);
	bits[5] = X509_get0_subject_key_id(x);
	for (size_t i = 0; i < CA_COUNT(bits); i++) {
		struct ca_rd r = ca_rd_of(bits[i] != NULL
					      ? ASN1_STRING_get0_data(bits[i])
					      : NULL,
		    bits[i] != NULL ? (size_t)ASN1_STRING_length(bits[i]) : 0);
		struct ca_rd part;

		/* the encoding at the beginning and the exponent at the end of
		 * a key tell nothing */
		if (i == 1)
			UT_OK(ca_rd_skip(&r, r.n > 100 ? 12 : 1));
		while (ca_rd_take(&r, r.n < 8 ? r.n : 8, &part) && part.n >= 8)
			UT(!told(all, n, part.p, part.n), "%s: part %zu, %zu",
			    card, i, r.n);
	}
	X509_free(x);
}

void
ut_blanked(const char *card, const char *path, const char *label,
    const char *serial, const struct ca_buf *certs, size_t certs_n)
{
	uint8_t *all = calloc(1, TEXT_MAX), number[16];
	size_t n = said(path, all), number_n = 0;

	UT_OK(ca_hex_parse(serial, number, sizeof(number), &number_n));
	UT(!told(all, n, number, number_n), "%s: serial number", card);
	UT(!told(all, n, serial, strlen(serial)), "%s: serial number", card);
	UT(!told(all, n, label, strlen(label)), "%s: label", card);
	UT(!told(all, n, "example.vn", 10), "%s: address", card);
	for (size_t i = 0; i < certs_n; i++)
		cert_tells_nothing(card, all, n, ca_buf_rd(&certs[i]));
	free(all);
}
