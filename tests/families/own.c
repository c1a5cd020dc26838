/* What one family alone has, or must never do; see own_uicc.c for the SIM. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "module/capkcs11.h"
#include "tests/families/fam.h"
#include "tests/families/ossl.h"

#define NEW_PIN "86427531"

static const struct fam_row jcop4 = {
    "vgca-jcop4", "vgca-jcop4", "", 0, "", "", {0}};
static const struct fam_row idprime = {
    "idprime", "idprime", "keys=2 pin2=55667788", 0, "", "", {0}};

/* Cards known by their ATR alone: what they are called, and an option of each
 * that is simulated. */
static const struct {
	struct fam_row row;
	const char *options, *label; /* blank-padded */
} known[] = {
    {{"etoken-java", "etoken-java", "", 0, "", "", {0}}, "",
	"Needs SafeNet's own PKCS#11     "},
    {{"etoken-java", "etoken-java", "", 0, "", "", {0}}, "model=72k",
	"Needs SafeNet's own PKCS#11     "},
    {{"bit4id-own", "bit4id-own", "", 0, "", "", {0}}, "",
	"Needs bit4id's own PKCS#11      "},
    {{"bit4id-own", "bit4id-own", "", 0, "", "", {0}}, "model=touch-and-sign",
	"Needs bit4id's own PKCS#11      "},
    {{"bit4id-own", "bit4id-own", "", 0, "", "", {0}}, "model=izenpe",
	"Needs bit4id's own PKCS#11      "},
};

/* Whether the log has these words; it begins anew. */
static bool
logged(const char *words)
{
	FILE *in = fopen(ca_suite_path("log"), "re");
	char line[512];
	bool found = false;

	CU_ASSERT_PTR_NOT_NULL_FATAL(in);
	while (fgets(line, sizeof(line), in) != NULL)
		found |= strstr(line, words) != NULL;
	CU_ASSERT(fclose(in) == 0 && remove(ca_suite_path("log")) == 0);
	return found;
}

/* Nothing is known of it, nor does anybody ask. */
static void
tells_nothing(struct fam *t)
{
	static const CK_ATTRIBUTE_TYPE types[] = {CKA_CAPKCS11_PIN_TRIES,
	    CKA_CAPKCS11_PIN_TRIES_MAX, CKA_CAPKCS11_PUK_TRIES,
	    CKA_CAPKCS11_PUK_TRIES_MAX};
	CK_OBJECT_HANDLE o;

	CU_ASSERT_EQUAL_FATAL(fam_find(t, CKO_CAPKCS11_TOKEN, &o, 1), 1);
	for (size_t i = 0; i < CA_COUNT(types); i++)
		CU_ASSERT_EQUAL(fam_number(t, o, types[i]),
		    CK_UNAVAILABLE_INFORMATION);
	CU_ASSERT_EQUAL(fam_number(t, o, CKA_CAPKCS11_CAN), 0);
}

/* Told about, and left alone: not one command. */
static void
silent(const char *options, const char *label)
{
	CK_MECHANISM_TYPE types[FAM_MECHS];
	CK_OBJECT_HANDLE o[FAM_KEYS];
	CK_ULONG n = FAM_MECHS;
	CK_TOKEN_INFO info;
	uint8_t b[16];
	char text[600];
	struct fam t;

	snprintf(text, sizeof(text), "log_level = warn\nlog_file = %s\n",
	    ca_suite_path("log"));
	fam_config(text);
	fam_begin_open(&t, options);
	FAM_IS(t.f->C_GetTokenInfo(t.slot, &info), CKR_OK);
	CU_ASSERT(memcmp(info.label, label, sizeof(info.label)) == 0);
	CU_ASSERT((info.flags & CKF_WRITE_PROTECTED) != 0);
	CU_ASSERT((info.flags & CKF_LOGIN_REQUIRED) == 0);
	FAM_IS(t.f->C_GetMechanismList(t.slot, types, &n), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, "12345678"),
	    CKR_USER_PIN_NOT_INITIALIZED);
	FAM_IS(fam_login(&t, CKU_SO, "12345678"), CKR_USER_TYPE_INVALID);
	FAM_IS(fam_set_pin(&t, "12345678", NEW_PIN),
	    CKR_FUNCTION_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_CERTIFICATE, o, FAM_KEYS), 0);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_PRIVATE_KEY, o, FAM_KEYS), 0);
	tells_nothing(&t);
	FAM_IS(t.f->C_GenerateRandom(t.s, b, sizeof(b)), CKR_OK);
	FAM_IS(t.f->C_CloseAllSessions(t.slot), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 0);
	fam_end(&t);
	fam_config("");
	CU_ASSERT(logged("it needs its maker's own PKCS#11 module"));
}

static void
known_silent(void)
{
	for (size_t i = 0; i < CA_COUNT(known); i++) {
		fam_use(&known[i].row);
		silent(known[i].options, known[i].label);
	}
}

/* Puts a certificate into the host's store of this token. */
static void
store(const char *serial, struct ca_rd der)
{
	static const char *const up[] = {
	    "data", "data/capkcs11", "data/capkcs11/certs"};
	char name[256];
	FILE *out;

	for (size_t i = 0; i < CA_COUNT(up); i++)
		(void)mkdir(ca_suite_path(up[i]), 0700);
	snprintf(name, sizeof(name), "data/capkcs11/certs/%s", serial);
	(void)mkdir(ca_suite_path(name), 0700);
	snprintf(name, sizeof(name), "data/capkcs11/certs/%s/renewed.cer",
	    serial);
	out = fopen(ca_suite_path(name), "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT(fwrite(der.p, 1, der.n, out) == der.n);
	CU_ASSERT(fclose(out) == 0);
}

static void
unstore(const char *serial)
{
	char name[256];

	snprintf(name, sizeof(name), "data/capkcs11/certs/%s/renewed.cer",
	    serial);
	CU_ASSERT(remove(ca_suite_path(name)) == 0);
}

/* The certificate comes from the host, and only one of the token's own key. */
static void
jcop4_store(void)
{
	CK_OBJECT_HANDLE cert, key;
	uint8_t der[4096], id[64], key_id[64];
	CK_ULONG n = sizeof(der), id_n = sizeof(id), key_id_n = sizeof(key_id);
	char serial[64];
	struct ca_rd leaf;
	struct fam t;

	fam_use(&jcop4);
	fam_begin_login(&t, NULL);
	/* The directory names one that nobody can read. */
	CU_ASSERT_EQUAL(fam_find(&t, CKO_CERTIFICATE, &cert, 1), 0);
	fam_serial(&t, serial, sizeof(serial));
	leaf = ca_sim_cert(t.card, 0);
	store(serial, leaf);
	fam_restart(&t);
	FAM_IS(fam_open(&t), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	CU_ASSERT_FATAL(fam_find(&t, CKO_CERTIFICATE, &cert, 1) == 1);
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1) == 1);
	FAM_IS(fam_attr(&t, cert, CKA_VALUE, der, &n), CKR_OK);
	CU_ASSERT(ca_rd_equal(ca_rd_of(der, n), leaf));
	FAM_IS(fam_attr(&t, cert, CKA_ID, id, &id_n), CKR_OK);
	FAM_IS(fam_attr(&t, key, CKA_ID, key_id, &key_id_n), CKR_OK);
	CU_ASSERT(id_n > 0 && id_n == key_id_n &&
		  memcmp(id, key_id, id_n) == 0);
	CU_ASSERT(fam_flag(&t, cert, CKA_TOKEN));
	CU_ASSERT(fam_flag(&t, cert, CKA_CAPKCS11_LOCAL));
	FAM_IS(fam_sign_once(&t), CKR_OK);
	/* That of the authority: a good certificate of another key. */
	store(serial, ca_sim_cert(t.card, 1));
	fam_restart(&t);
	FAM_IS(fam_open(&t), CKR_OK);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_CERTIFICATE, &cert, 1), 0);
	unstore(serial);
	fam_end(&t);
}

/* The signature PIN has tries of its own, and a login does not replace it. */
static void
idprime_second_pin(void)
{
	const struct fam_mech *how = fam_mech(CKM_SHA256_RSA_PKCS);
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_OBJECT_HANDLE key[2];
	uint8_t sig[512], data[] = "x";
	CK_ULONG n = sizeof(sig);
	struct fam t;

	fam_use(&idprime);
	fam_begin_login(&t, NULL);
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, key, 2) == 2);
	CU_ASSERT(!fam_flag(&t, key[0], CKA_ALWAYS_AUTHENTICATE));
	CU_ASSERT(fam_flag(&t, key[1], CKA_ALWAYS_AUTHENTICATE));
	FAM_IS(t.f->C_SignInit(t.s, &m, key[1]), CKR_OK);
	FAM_IS(fam_login(&t, CKU_CONTEXT_SPECIFIC, t.opts.pin),
	    CKR_PIN_INCORRECT);
	CU_ASSERT_EQUAL(ca_sim_tries(t.card, t.opts.pin2_ref),
	    (int)t.opts.pin2_tries - 1);
	CU_ASSERT_EQUAL(fam_tries(&t), (int)t.opts.pin_tries);
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_USER_FUNCTIONS);
	FAM_IS(t.f->C_Sign(t.s, data, 1, sig, &n), CKR_USER_NOT_LOGGED_IN);
	CU_ASSERT_EQUAL(fam_mech_sign(&t, how, key[1], t.opts.pin2), 1);
	CU_ASSERT_EQUAL(ca_sim_tries(t.card, t.opts.pin2_ref),
	    (int)t.opts.pin2_tries);
	fam_end(&t);
}

/* Some applets end the login when they are selected: what is read after it is
 * read without that. */
static void
idprime_keeps_login(void)
{
	CK_OBJECT_HANDLE cert;
	uint8_t der[4096];
	CK_ULONG n = sizeof(der);
	struct fam t;

	fam_use(&idprime);
	fam_begin_login(&t, "bad=select-logout");
	FAM_IS(fam_sign_once(&t), CKR_OK);
	CU_ASSERT_FATAL(fam_find(&t, CKO_CERTIFICATE, &cert, 1) == 1);
	FAM_IS(fam_attr(&t, cert, CKA_VALUE, der, &n), CKR_OK);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 1);
	fam_end(&t);
}

/* A signature key deciphers as well, the one behind the signature PIN not. */
static void
idprime_deciphers(void)
{
	CK_OBJECT_HANDLE key[2];
	struct fam t;

	fam_use(&idprime);
	fam_begin_login(&t, NULL);
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, key, 2) == 2);
	CU_ASSERT(fam_flag(&t, key[0], CKA_DECRYPT));
	CU_ASSERT(!fam_flag(&t, key[1], CKA_DECRYPT));
	CU_ASSERT_EQUAL(fam_mech_decrypt(&t, fam_mech(CKM_RSA_PKCS), key[0],
			    t.opts.pin),
	    1);
	fam_end(&t);
}

/* A card that removes the padding: whatever it answers to a cryptogram, nobody
 * learns from it whether the padding was right. */
static void
idprime_is_no_oracle(void)
{
	static const uint16_t words[] = {
	    0x6A80, 0x6985, 0x6F00, 0x6984, 0x6300, 0x63C2, 0x6983, 0x6A88};
	CK_BYTE in[256] = {0}, out[256];
	CK_OBJECT_HANDLE key;
	CK_ULONG k = sizeof(in);
	struct fam t;

	fam_use(&idprime);
	fam_begin_login(&t, NULL);
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1) == 1);
	FAM_IS(fam_attr(&t, key, CKA_MODULUS, in, &k), CKR_OK);
	in[0] = 0; /* any number below the modulus */
	for (size_t i = 0; i < CA_COUNT(words); i++) {
		const struct ca_sim_trouble refusal = {.what = CA_SIM_T_SW,
		    .by_ins = true,
		    .ins = 0x2A,
		    .at = 1,
		    .times = 1,
		    .sw = words[i]};
		CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
		CK_ULONG n = sizeof(out);

		FAM_IS(t.f->C_DecryptInit(t.s, &m, key), CKR_OK);
		ca_sim_trouble(t.card, &refusal);
		FAM_IS(t.f->C_Decrypt(t.s, in, k, out, &n), CKR_OK);
		CU_ASSERT(!ca_sim_trouble_pending(t.card));
	}
	fam_end(&t);
}

void
fam_suite_own(CU_pSuite s)
{
	CU_add_test(s, "known by its ATR: no command", known_silent);
	CU_add_test(s, "vgca-jcop4: certificate of the host", jcop4_store);
	CU_add_test(s, "idprime: signature PIN", idprime_second_pin);
	CU_add_test(s, "idprime: SELECT ends the login", idprime_keeps_login);
	CU_add_test(s, "idprime: which keys decipher", idprime_deciphers);
	CU_add_test(s, "idprime: no padding oracle", idprime_is_no_oracle);
}
