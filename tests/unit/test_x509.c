#include <openssl/err.h>
#include <openssl/ui.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/token/x509.h"
#include "tests/unit/keys.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

static void
open_whole(void)
{
	for (int k = UT_RSA; k <= UT_EC; k++) {
		struct ca_rd cert = ut_cert((enum ut_key)k), der;
		struct ca_buf spki = {0};

		UT(ca_x509_open(cert, &der, &spki) == CA_OK, "%d", k);
		UT(der.p == cert.p && der.n == cert.n, "%d", k);
		UT(ca_rd_equal(ca_buf_rd(&spki), ut_key_spki((enum ut_key)k)),
		    "%d", k);
		ca_buf_free(&spki);
		UT(ca_x509_open(cert, &der, NULL) == CA_OK, "%d", k);
	}
}

/* A file on a card is often longer than what lies in it. */
static void
open_with_tail(void)
{
	struct ca_rd cert = ut_cert(UT_EC), der;
	struct ca_buf b = {0};
	uint8_t tail[100] = {0};

	UT_OK(ca_buf_set(&b, cert) == CA_OK);
	UT_OK(ca_buf_add(&b, ca_rd_of(tail, sizeof(tail))) == CA_OK);
	UT_OK(ca_x509_open(ca_buf_rd(&b), &der, NULL) == CA_OK);
	UT_OK(der.n == cert.n);
	ca_buf_free(&b);
}

/* A failure leaves the outputs alone, and OpenSSL's error queue too: it is the
 * application's. */
static void
no_certificate(struct ca_rd r, const char *name, size_t where)
{
	uint8_t *p = ut_exact(r);
	struct ca_rd der = {NULL, 4711};
	struct ca_buf spki = {0};

	UT(ca_x509_open(ca_rd_of(p, r.n), &der, &spki) == CA_E_MALFORMED,
	    "%s %zu", name, where);
	UT(der.n == 4711 && spki.p == NULL, "%s %zu", name, where);
	UT(ca_x509_from_file(ca_rd_of(p, r.n), &spki) == CA_E_MALFORMED,
	    "%s %zu", name, where);
	UT(spki.p == NULL, "%s %zu", name, where);
	UT(ERR_peek_error() == 0, "%s %zu", name, where);
	ca_buf_free(&spki);
	free(p);
}

/* clang-format off */
static const struct {
	const char *name;
	const char *bytes;
} bad_rows[] = {
	{"empty", ""}, {"zeros", "00*500"}, {"FF", "FF*500"},
	{"empty sequence", "30 00"}, {"another type", "04 03 01 02 03"},
	{"sequence of nothing", "30 82 01 00 00*256"},
	{"indefinite", "30 80 30 00 00 00"},
	{"says 4 GB", "30 84 FF FF FF FF 00"},
	{"text", "68 65 6C 6C 6F"},
};
/* clang-format on */

static void
junk(void)
{
	uint8_t room[600];

	ERR_clear_error();
	for (size_t i = 0; i < CA_COUNT(bad_rows); i++)
		no_certificate(ut_bytes(bad_rows[i].bytes, room, sizeof(room)),
		    bad_rows[i].name, 0);
	no_certificate(ut_key_spki(UT_EC), "public key", 0);
}

static void
cut_at_every_byte(void)
{
	struct ca_rd cert = ut_cert(UT_EC);

	ERR_clear_error();
	for (size_t n = 0; n < cert.n; n++)
		no_certificate(ca_rd_of(cert.p, n), "cut", n);
}

/* Any byte changed: it is refused or it parses, nothing else happens. */
static void
every_byte_changed(void)
{
	struct ca_rd cert = ut_cert(UT_EC), der;
	uint8_t *p = ut_exact(cert);
	unsigned refused = 0;

	ERR_clear_error();
	for (size_t i = 0; i < cert.n; i++) {
		static const uint8_t masks[] = {0x01, 0x80, 0xFF};

		for (size_t k = 0; k < CA_COUNT(masks); k++) {
			struct ca_buf spki = {0};

			p[i] ^= masks[k];
			refused += ca_x509_open(ca_rd_of(p, cert.n), &der,
				       &spki) != CA_OK;
			(void)ca_x509_key_bits(ca_buf_rd(&spki));
			p[i] ^= masks[k];
			ca_buf_free(&spki);
			UT(ERR_peek_error() == 0, "byte %zu", i);
		}
	}
	UT(refused > 100, "%u", refused);
	free(p);
}

static void
errors_of_others_stay(void)
{
	struct ca_rd der;
	unsigned long mine;

	ERR_clear_error();
	ERR_raise(ERR_LIB_USER, 77);
	mine = ERR_peek_error();
	UT_OK(ca_x509_open(ut_text("0"), &der, NULL) == CA_E_MALFORMED);
	UT_OK(ca_x509_key_bits(ut_text("00000000")) == 0);
	UT_OK(mine != 0 && ERR_peek_error() == mine &&
	      ERR_peek_last_error() == mine);
	ERR_clear_error();
}

/* ---- files of people ---- */

static void
file_forms(void)
{
	struct ca_buf out = {0}, text = {0};
	struct ca_rd cert = ut_cert(UT_EC);

	UT_OK(ca_x509_from_file(cert, &out) == CA_OK);
	UT_OK(ca_rd_equal(ca_buf_rd(&out), cert));
	UT_OK(ca_x509_from_file(ut_cert_pem(UT_EC), &out) == CA_OK);
	UT_OK(ca_rd_equal(ca_buf_rd(&out), cert));
	/* Words before it, another certificate behind it: the first counts. */
	UT_OK(ca_buf_add(&text, ut_text("Subject: CN=x\n\n")) == CA_OK &&
	      ca_buf_add(&text, ut_cert_pem(UT_EC)) == CA_OK &&
	      ca_buf_add(&text, ut_cert_pem(UT_RSA)) == CA_OK);
	UT_OK(ca_x509_from_file(ca_buf_rd(&text), &out) == CA_OK);
	UT_OK(ca_rd_equal(ca_buf_rd(&out), cert));
	ca_buf_free(&text);
	ca_buf_free(&out);
}

static const struct {
	const char *name;
	const char *text;
} pem_rows[] = {
    {"no end", "-----BEGIN CERTIFICATE-----\nMIIB\n"},
    {"nothing inside",
	"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"},
    {"no base64",
	"-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n"},
    {"short", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"},
    {"a key", "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n"},
    {"begin alone", "-----BEGIN CERTIFICATE-----"},
};

static void
bad_pem(void)
{
	ERR_clear_error();
	for (size_t i = 0; i < CA_COUNT(pem_rows); i++)
		no_certificate(ut_text(pem_rows[i].text), pem_rows[i].name, 0);
}

static unsigned asked;

static int
ask(UI *ui)
{
	(void)ui;
	asked++;
	return 0;
}

/* A PEM that says it is encrypted must not make a library ask for a password
 * on somebody's terminal. */
static void
never_asks_a_password(void)
{
	static const char text[] =
	    "-----BEGIN CERTIFICATE-----\n"
	    "Proc-Type: 4,ENCRYPTED\n"
	    "DEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F\n"
	    "\n"
	    "MDEyMzQ1Njc4OUFCQ0RFRg==\n"
	    "-----END CERTIFICATE-----\n";
	UI_METHOD *method = UI_create_method("unit");

	UI_method_set_opener(method, ask);
	UI_set_default_method(method);
	asked = 0;
	ERR_clear_error();
	no_certificate(ut_text(text), "encrypted", 0);
	UT(asked == 0, "asked %u times", asked);
	UI_set_default_method(NULL);
	UI_destroy_method(method);
	ERR_clear_error();
}

static void
key_bits(void)
{
	UT_OK(ca_x509_key_bits(ut_key_spki(UT_RSA)) == 1536);
	UT_OK(ca_x509_key_bits(ut_key_spki(UT_EC)) == 256);
	UT_OK(ca_x509_key_bits(ut_cert(UT_EC)) == 0);
	UT_OK(ca_x509_key_bits(ca_rd_of(NULL, 0)) == 0);
	for (size_t n = 0; n < ut_key_spki(UT_EC).n; n++) {
		uint8_t *p = ut_exact(ca_rd_of(ut_key_spki(UT_EC).p, n));

		UT(ca_x509_key_bits(ca_rd_of(p, n)) == 0, "%zu", n);
		free(p);
	}
}

static const CU_TestInfo tests[] = {
    {"open_whole", open_whole},
    {"open_with_tail", open_with_tail},
    {"junk", junk},
    {"cut_at_every_byte", cut_at_every_byte},
    {"every_byte_changed", every_byte_changed},
    {"errors_of_others_stay", errors_of_others_stay},
    {"file_forms", file_forms},
    {"bad_pem", bad_pem},
    {"never_asks_a_password", never_asks_a_password},
    {"key_bits", key_bits},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_x509 = {"x509", tests};
