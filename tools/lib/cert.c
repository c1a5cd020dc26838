#include "tools/lib/cert.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "tools/lib/say.h"

#define DAY (24 * 60 * 60)

/* Appends a text, behind ", " when something stands there; what does not fit is
 * cut, never inside a character of UTF-8. */
static void
append(char *out, const char *add, size_t n)
{
	size_t at = strlen(out), room = CA_CERT_TEXT - 1 - at;
	const char *gap = at != 0 ? ", " : "";

	if (room <= strlen(gap))
		return;
	memcpy(out + at, gap, strlen(gap) + 1);
	at += strlen(gap);
	room -= strlen(gap);
	if (n > room)
		for (n = room; n > 0 && ((unsigned char)add[n] & 0xc0) == 0x80;)
			n--;
	memcpy(out + at, add, n);
	out[at + n] = '\0';
}

/* A NUL inside would hide what comes behind it: such a value is not taken. */
static void
append_string(char *out, const ASN1_STRING *value)
{
	unsigned char *utf8 = NULL;
	int n = ASN1_STRING_to_UTF8(&utf8, value);

	if (n > 0 && memchr(utf8, 0, (size_t)n) == NULL)
		append(out, (const char *)utf8, (size_t)n);
	if (n >= 0)
		OPENSSL_free(utf8);
	(void)ca_say_clean(out);
}

static const ASN1_STRING *
entry(const X509_NAME *name, int i, int nid)
{
	const X509_NAME_ENTRY *e = X509_NAME_get_entry(name, i);

	return OBJ_obj2nid(X509_NAME_ENTRY_get_object(e)) == nid
		   ? X509_NAME_ENTRY_get_data(e)
		   : NULL;
}

/* All values of a kind, the last first: units are listed from the outside in.
 */
static void
collect(char *out, const X509_NAME *name, int nid)
{
	for (int i = X509_NAME_entry_count(name) - 1; i >= 0; i--)
		if (entry(name, i, nid) != NULL)
			append_string(out, entry(name, i, nid));
}

static void
last(char *out, const X509_NAME *name, int nid)
{
	for (int i = X509_NAME_entry_count(name) - 1; i >= 0 && out[0] == '\0';
	     i--)
		if (entry(name, i, nid) != NULL)
			append_string(out, entry(name, i, nid));
}

static void
other_email(const X509 *x, char *out)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names) && out[0] == '\0'; i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);

		if (g->type == GEN_EMAIL)
			append_string(out, g->d.rfc822Name);
	}
	GENERAL_NAMES_free(names);
}

static void
tax_code(char *out, const X509_NAME *name)
{
	static const char mark[] = "MST:";

	last(out, name, NID_userId);
	if (strncmp(out, mark, sizeof(mark) - 1) == 0)
		memmove(out, out + sizeof(mark) - 1,
		    strlen(out + sizeof(mark) - 1) + 1);
	else
		out[0] = '\0';
}

static void
serial(char *out, const X509 *x)
{
	BIGNUM *n = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = n != NULL ? BN_bn2hex(n) : NULL;

	if (hex != NULL)
		append(out, hex, strlen(hex));
	OPENSSL_free(hex);
	BN_free(n);
}

static bool
moment(const ASN1_TIME *at, time_t *out)
{
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	if (ASN1_TIME_to_tm(at, &tm) != 1)
		return false;
	*out = timegm(&tm);
	return true;
}

static bool
read_facts(X509 *x, struct ca_cert_facts *out)
{
	const X509_NAME *subject = X509_get_subject_name(x);

	last(out->holder, subject, NID_commonName);
	collect(out->agency, subject, NID_organizationalUnitName);
	collect(out->agency, subject, NID_organizationName);
	last(out->email, subject, NID_pkcs9_emailAddress);
	if (out->email[0] == '\0')
		other_email(x, out->email);
	tax_code(out->tax_code, subject);
	last(out->issuer, X509_get_issuer_name(x), NID_commonName);
	serial(out->serial, x);
	out->authority = X509_check_ca(x) == 1;
	return moment(X509_get0_notBefore(x), &out->from) &&
	       moment(X509_get0_notAfter(x), &out->to);
}

bool
ca_cert_read(struct ca_rd der, struct ca_cert_facts *out)
{
	const unsigned char *p = der.p;
	X509 *x = der.n <= LONG_MAX ? d2i_X509(NULL, &p, (long)der.n) : NULL;
	bool ok;

	memset(out, 0, sizeof(*out));
	ok = x != NULL && read_facts(x, out);
	X509_free(x);
	return ok;
}

long
ca_cert_days_left(time_t to, time_t now)
{
	time_t left = to - now;

	return (long)(left >= 0 ? left / DAY : -((-left + DAY - 1) / DAY));
}

void
ca_cert_date(time_t t, char out[11])
{
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL ||
	    strftime(out, 11, "%Y-%m-%d", &tm) == 0)
		out[0] = '\0';
}
