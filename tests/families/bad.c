/*
 * Cards that lie: in their indexes, directories, lengths, certificates, in
 * secure messaging. Whatever they say, every call ends, no try of a PIN is
 * spent in vain, nothing is signed wrongly; and what is still true on the card
 * stays usable. The table says how much that is.
 */
#include <stdio.h>
#include <string.h>

#include "tests/families/fam.h"
#include "tests/families/ossl.h"

static const char *
rv_name(CK_RV rv)
{
	static char other[32];
	/* clang-format off */
	static const struct {
		CK_RV rv;
		const char *name;
	} names[] = {
		{ CKR_OK, "OK" },
		{ CKR_DEVICE_ERROR, "DEVICE_ERROR" },
		{ CKR_FUNCTION_FAILED, "FUNCTION_FAILED" },
		{ CKR_TOKEN_NOT_PRESENT, "TOKEN_NOT_PRESENT" },
		{ CKR_TOKEN_NOT_RECOGNIZED, "TOKEN_NOT_RECOGNIZED" },
		{ CKR_USER_PIN_NOT_INITIALIZED, "PIN_NOT_INITIALIZED" },
		{ CKR_USER_NOT_LOGGED_IN, "NOT_LOGGED_IN" },
		{ CKR_PIN_INCORRECT, "PIN_INCORRECT" },
		{ CKR_ATTRIBUTE_TYPE_INVALID, "TYPE_INVALID" },
		{ CKR_OBJECT_HANDLE_INVALID, "NO_OBJECT" },
		{ CKR_KEY_HANDLE_INVALID, "NO_KEY" },
		{ CKR_KEY_FUNCTION_NOT_PERMITTED, "NOT_PERMITTED" },
		{ CKR_DATA_INVALID, "DATA_INVALID" },
	};
	/* clang-format on */

	for (size_t i = 0; i < CA_COUNT(names); i++)
		if (names[i].rv == rv)
			return names[i].name;
	snprintf(other, sizeof(other), "0x%lx", rv);
	return other;
}

/* How many of the certificates can be read to the end. */
static size_t
readable(struct fam *t)
{
	CK_OBJECT_HANDLE o[FAM_KEYS];
	size_t n = fam_find(t, CKO_CERTIFICATE, o, FAM_KEYS), good = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t der[8192];
		CK_ULONG len = sizeof(der);

		if (fam_attr(t, o[i], CKA_VALUE, der, &len) == CKR_OK)
			good++;
	}
	return good;
}

/* A signature with the first key that OpenSSL accepts; what C_Sign said. */
static CK_RV
try_sign(struct fam *t, CK_OBJECT_HANDLE key)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	struct fam_use u = {.hash = "SHA256"};
	struct fam_bytes sig, spki;
	CK_ULONG n = sizeof(sig.b), spki_n = sizeof(spki.b);
	CK_RV rv;

	u.in.n = 5;
	memcpy(u.in.b, "chữ", 5);
	if ((rv = t->f->C_SignInit(t->s, &m, key)) != CKR_OK)
		return rv;
	if (fam_flag(t, key, CKA_ALWAYS_AUTHENTICATE) &&
	    (rv = fam_login(t, CKU_CONTEXT_SPECIFIC, fam_key_pin(t, 0))) !=
		CKR_OK)
		return rv;
	rv = t->f->C_Sign(t->s, u.in.b, u.in.n, sig.b, &n);
	if (rv != CKR_OK)
		return rv;
	sig.n = n;
	FAM_IS(fam_attr(t, key, CKA_PUBLIC_KEY_INFO, spki.b, &spki_n), CKR_OK);
	spki.n = spki_n;
	CU_ASSERT(fam_ossl_verify(&spki, &u, &sig));
	return CKR_OK;
}

/* Has further directories read, which may fail and nothing else. */
static void
touch(struct fam *t, CK_OBJECT_CLASS cls)
{
	CK_ATTRIBUTE a = {CKA_CLASS, &cls, sizeof(cls)};
	CK_RV rv = t->f->C_FindObjectsInit(t->s, &a, 1);

	CU_ASSERT(rv == CKR_OK || rv == CKR_DEVICE_ERROR);
	if (rv == CKR_OK)
		FAM_IS(t->f->C_FindObjectsFinal(t->s), CKR_OK);
}

/* "certs C, login RV, keys K, sign RV", or why there is no token. */
static void
run(struct fam *t, char *out, size_t cap)
{
	CK_OBJECT_HANDLE key[FAM_KEYS];
	size_t certs, keys;
	CK_RV rv = fam_open(t);
	char login[32];

	if (rv != CKR_OK) {
		snprintf(out, cap, "%s", rv_name(rv));
		return;
	}
	certs = readable(t);
	snprintf(login, sizeof(login), "%s",
	    rv_name(fam_login(t, CKU_USER, t->opts.pin)));
	keys = fam_find(t, CKO_PRIVATE_KEY, key, FAM_KEYS);
	touch(t, CKO_PUBLIC_KEY);
	touch(t, CKO_DATA);
	snprintf(out, cap, "certs %zu, login %s, keys %zu, sign %s", certs,
	    login, keys,
	    rv_name(keys > 0 ? try_sign(t, key[0]) : CKR_KEY_HANDLE_INVALID));
}

static void
lies(void)
{
	char got[128];

	for (size_t i = 0; i < fam_lies_n; i++) {
		const struct fam_row row = {.name = fam_lies[i].options,
		    .type = fam_lies[i].type,
		    .has = FAM_EXTENDED,
		    .options = fam_lies[i].options};
		struct fam t;
		bool slow;

		fam_use(&row);
		/* Under valgrind a large key takes longer than the rest. */
		slow =
		    ca_suite_is_slow() && strstr(row.options, "key=") == NULL;
		fam_begin(&t, slow ? "key=rsa1024" : NULL);
		run(&t, got, sizeof(got));
		if (strcmp(got, fam_lies[i].outcome) != 0)
			fprintf(stderr, "{ \"%s\", \"%s\", \"%s\" },\n",
			    fam_lies[i].type, fam_lies[i].options, got);
		CU_ASSERT_STRING_EQUAL(got, fam_lies[i].outcome);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
		fam_end(&t);
		fam_use(NULL);
	}
}

void
fam_suite_bad(CU_pSuite s)
{
	CU_add_test(s, "lies", lies);
}
