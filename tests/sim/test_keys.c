/* MSE, signatures and decryption, checked with OpenSSL. */
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "tests/sim/t.h"

#define APP "00A4080C025015"
#define ISO_PIN "002000011031323334353637380000000000000000"
#define CHIP_PIN "00200001083132333435363738"
#define HASH "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
#define INFO "3031300D060960864801650304020105000420" HASH

static EVP_PKEY *
public_key(const struct ca_sim *s)
{
	struct ca_rd der = ca_sim_cert(s, 0);
	const unsigned char *p = der.p;
	X509 *x = d2i_X509(NULL, &p, (long)der.n);
	EVP_PKEY *k = x != NULL ? X509_get_pubkey(x) : NULL;

	X509_free(x);
	return k;
}

/* True when sig is one of the hash above. */
static bool
verifies(const struct ca_sim *s, struct ca_rd sig, int padding)
{
	uint8_t hash[32];
	EVP_PKEY *k = public_key(s);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k, NULL);
	bool ok;

	for (uint8_t i = 0; i < sizeof(hash); i++)
		hash[i] = i;
	ok =
	    ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
	    (padding == 0 || EVP_PKEY_CTX_set_rsa_padding(ctx, padding) == 1) &&
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
	    EVP_PKEY_verify(ctx, sig.p, sig.n, hash, sizeof(hash)) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(k);
	return ok;
}

static void
iso_signs(void)
{
	static const struct t_step before[] = {
	    {APP, 0x9000, NULL},
	    {"002A9E9A33" INFO "00", 0x6985, NULL}, /* no MSE */
	    {"002241B606 800111 840101", 0x9000, NULL},
	    {"002A9E9A33" INFO "00", 0x6982, NULL}, /* no PIN */
	    {ISO_PIN, 0x9000, NULL},
	    {"002A9E9A00", 0x6700, NULL}, /* no data */
	    {"002A9E9B33" INFO "00", 0x6A86, NULL},
	    {"0088000033" INFO "00", 0x6D00, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	T_RUN(s, before);
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A33" INFO "00"), 0x9000);
	CU_ASSERT(verifies(s, t_data(), RSA_PKCS1_PADDING));
	/* the environment stays for the next one, a reset ends it */
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A33" INFO "00"), 0x9000);
	CU_ASSERT_EQUAL(ca_sim_count(s, CA_SIM_SIGNATURES), 2);
	ca_sim_reset(s, true);
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A33" INFO "00"), 0x6985);
	ca_sim_free(s);
}

static void
iso_mse_is_strict(void)
{
	static const struct t_step steps[] = {
	    {APP, 0x9000, NULL},
	    {"002241B6", 0x6700, NULL},
	    {"002241B603 800112", 0x6A80, NULL},
	    {"002241B603 840102", 0x6A88, NULL},
	    {"002241B604 84020001", 0x6A80, NULL},
	    {"002241B603 850101", 0x6A80, NULL},
	    {"002241B602 8401", 0x6A80, NULL},
	    {"002241B60A 800111 81025015 840101", 0x9000, NULL},
	    {"002241B60A 800111 81025016 840101", 0x6A88, NULL},
	    {"002201B603 840101", 0x6A86, NULL},
	    {"002241A403 840101", 0x6A86, NULL},
	    {"002241AA03 800111", 0x6A86, NULL},
	    {"0022F301", 0x9000, NULL},
	    {"0022F302", 0x6A86, NULL},
	    /* a refused one changes nothing */
	    {"002241B603 800111", 0x9000, NULL},
	    {"002241B606 840101 800199", 0x6A80, NULL},
	    {ISO_PIN, 0x9000, NULL},
	    {"002A9E9A33" INFO "00", 0x6985, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "");

	T_RUN(s, steps);
	ca_sim_free(s);
}

static void
chipdoc_signs(void)
{
	static const struct t_step steps[] = {
	    /* MSE says yes to everything */
	    {"002241B606 8001FF 840199", 0x9000, NULL},
	    {"002241AA", 0x9000, NULL},
	    {"0022FFFF03 010203", 0x9000, NULL},
	    {"002241B602 8401", 0x9000, NULL},
	    /* ... and PSO complains, without costing a try */
	    {"002241B606 80018A 840182", 0x9000, NULL},
	    {"002A9E9A33" INFO "00", 0x6985, NULL},
	    {"002241B606 80018B 840181", 0x9000, NULL},
	    {"002A9E9A33" INFO "00", 0x6A80, NULL},
	    {"002241B606 80018C 840181", 0x9000, NULL},
	    {"002A9E9A33" INFO "00", 0x6A80, NULL},
	    {"002241B606 80018A 840181", 0x9000, NULL},
	    {"002A9E9A33" INFO "00", 0x6982, NULL},
	    {"00200001", 0x63C3, NULL},
	    {CHIP_PIN, 0x9000, NULL},
	    {"0088000033" INFO "00", 0x6985, NULL},
	};
	struct ca_sim *s = t_card("vgca-chipdoc", "");

	T_RUN(s, steps);
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A33" INFO "00"), 0x9000);
	CU_ASSERT(verifies(s, t_data(), RSA_PKCS1_PADDING));
	CU_ASSERT_EQUAL(t_send(s, "002241A406 840181 800102"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "0088000033" INFO "00"), 0x9000);
	CU_ASSERT(verifies(s, t_data(), RSA_PKCS1_PADDING));
	CU_ASSERT_EQUAL(t_send(s, "0088010033" INFO "00"), 0x6A86);
	ca_sim_free(s);
}

/* Only the ways the options name answer. */
static void
one_way_only(void)
{
	struct ca_sim *s = t_card("vgca-chipdoc", "algs=02");

	t_send(s, CHIP_PIN);
	t_send(s, "002241B606 80018A 840181");
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A33" INFO "00"), 0x6A80);
	t_send(s, "002241A406 840181 800102");
	CU_ASSERT_EQUAL(t_send(s, "0088000033" INFO "00"), 0x9000);
	ca_sim_free(s);
	s = t_card("vgca-chipdoc", "algs=8A");
	t_send(s, CHIP_PIN);
	t_send(s, "002241A406 840181 800102");
	CU_ASSERT_EQUAL(t_send(s, "0088000033" INFO "00"), 0x6A80);
	t_send(s, "002241B606 80018A 840181");
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A33" INFO "00"), 0x9000);
	ca_sim_free(s);
}

/* Two command parts with 256 bytes: first and rest as hex. */
static unsigned
send_block(struct ca_sim *s, const char *ins, const uint8_t *p, size_t n)
{
	char hex[2 * 300 + 16];
	size_t first = n > 255 ? 255 : n;
	int k = snprintf(hex, sizeof(hex), "%s%s%02zX", n > 255 ? "10" : "00",
	    ins, first);

	for (size_t i = 0; i < first; i++)
		k += snprintf(hex + k, sizeof(hex) - (size_t)k, "%02X", p[i]);
	if (n > 255) {
		CU_ASSERT_EQUAL(t_send(s, hex), 0x9000);
		return send_block(s, ins, p + first, n - first);
	}
	snprintf(hex + k, sizeof(hex) - (size_t)k, "00");
	return t_send(s, hex);
}

static void
raw_rsa(void)
{
	struct ca_sim *s = t_card("vgca-chipdoc", "algs=8A,8C");
	EVP_PKEY *k = public_key(s);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k, NULL);
	uint8_t block[256] = {0};
	uint8_t back[256];
	size_t n = sizeof(back);

	block[1] = 0x5A;
	t_send(s, CHIP_PIN);
	t_send(s, "002241B606 80018C 840181");
	CU_ASSERT_EQUAL(send_block(s, "2A9E9A", block, 256), 0x9000);
	CU_ASSERT_EQUAL(t_data().n, 256);
	CU_ASSERT_EQUAL(EVP_PKEY_verify_recover_init(ctx), 1);
	CU_ASSERT_EQUAL(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
	CU_ASSERT_EQUAL(EVP_PKEY_verify_recover(ctx, back, &n, t_data().p,
			    t_data().n),
	    1);
	CU_ASSERT(memcmp(back, block, 256) == 0);
	/* not below the modulus; not as long as it */
	memset(block, 0xFF, sizeof(block));
	CU_ASSERT_EQUAL(send_block(s, "2A9E9A", block, 256), 0x6A80);
	CU_ASSERT_EQUAL(send_block(s, "2A9E9A", block, 255), 0x6700);
	/* type 1 padding needs eleven bytes */
	t_send(s, "002241B606 80018A 840181");
	CU_ASSERT_EQUAL(send_block(s, "2A9E9A", block, 246), 0x6700);
	CU_ASSERT_EQUAL(send_block(s, "2A9E9A", block, 245), 0x9000);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(k);
	ca_sim_free(s);
}

static void
deciphers(const char *type, const char *pin, const char *mse, uint8_t pi)
{
	struct ca_sim *s = t_card(type, "");
	EVP_PKEY *k = public_key(s);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k, NULL);
	uint8_t block[257];
	size_t n = 256;

	block[0] = pi;
	EVP_PKEY_encrypt_init(ctx);
	CU_ASSERT_EQUAL(EVP_PKEY_encrypt(ctx, block + 1, &n,
			    (const uint8_t *)"secret", 6),
	    1);
	t_send(s, APP);
	t_send(s, mse);
	CU_ASSERT_EQUAL(send_block(s, "2A8086", block, 257), 0x6982);
	t_send(s, pin);
	CU_ASSERT_EQUAL(send_block(s, "2A8086", block, 257), 0x9000);
	CU_ASSERT(ca_rd_equal(t_data(), ca_rd_of("secret", 6)));
	block[0] ^= 1;
	CU_ASSERT_EQUAL(send_block(s, "2A8086", block, 257), 0x6A80);
	block[0] ^= 1;
	block[100] ^= 1;
	CU_ASSERT_EQUAL(send_block(s, "2A8086", block, 257), 0x6A80);
	CU_ASSERT_EQUAL(send_block(s, "2A8086", block, 256), 0x6700);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(k);
	ca_sim_free(s);
}

static void
decipher(void)
{
	deciphers("iso7816-15", ISO_PIN, "002241B806 800111 840101", 0x00);
	deciphers("vgca-chipdoc", CHIP_PIN, "002241B806 840181 80011A", 0x81);
}

static void
curves(void)
{
	static const char *const kinds[] = {"key=p256", "key=p384", "key=p521"};

	for (size_t i = 0; i < CA_COUNT(kinds); i++) {
		struct ca_sim *s = t_card("iso7816-15", kinds[i]);

		t_send(s, APP);
		t_send(s, ISO_PIN);
		t_send(s, "002241B606 800122 840101");
		CU_ASSERT_EQUAL(t_send(s, "002A9E9A20" HASH "00"), 0x9000);
		CU_ASSERT(verifies(s, t_data(), 0));
		t_send(s, "002241B606 800111 840101");
		CU_ASSERT_EQUAL(t_send(s, "002A9E9A20" HASH "00"), 0x6A80);
		ca_sim_free(s);
	}
}

/* userConsent: one PIN, one signature. */
static void
consent(void)
{
	static const struct t_step steps[] = {
	    {APP, 0x9000, NULL},
	    {"002241B606 800111 840101", 0x9000, NULL},
	    {ISO_PIN, 0x9000, NULL},
	    {"002A9E9A33" INFO "00", 0x9000, NULL},
	    {"002A9E9A33" INFO "00", 0x6982, NULL},
	    {"00200001", 0x9000, NULL},
	    {ISO_PIN, 0x9000, NULL},
	    {"002A9E9A33" INFO "00", 0x9000, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "consent=1");

	T_RUN(s, steps);
	ca_sim_free(s);
}

static void
wrong_signatures(void)
{
	struct ca_sim *s = t_card("vgca-chipdoc", "wrong-sign=2");

	t_send(s, CHIP_PIN);
	t_send(s, "002241B606 80018A 840181");
	for (int i = 1; i <= 4; i++) {
		CU_ASSERT_EQUAL(t_send(s, "002A9E9A33" INFO "00"), 0x9000);
		CU_ASSERT_EQUAL(verifies(s, t_data(), RSA_PKCS1_PADDING),
		    i % 2 != 0);
	}
	ca_sim_free(s);
}

CU_TestInfo t_keys[] = {
    {"iso_signs", iso_signs},
    {"iso_mse_is_strict", iso_mse_is_strict},
    {"chipdoc_signs", chipdoc_signs},
    {"one_way_only", one_way_only},
    {"raw_rsa", raw_rsa},
    {"decipher", decipher},
    {"curves", curves},
    {"consent", consent},
    {"wrong_signatures", wrong_signatures},
    CU_TEST_INFO_NULL,
};
