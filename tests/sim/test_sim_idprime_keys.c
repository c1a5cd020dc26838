/* What the keys of the IDPrime card do, and what opens them. */
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/test_sim_idprime.h"

static EVP_PKEY *
public_key(const struct ca_sim *s)
{
	struct ca_rd der = ca_sim_cert(s, 0);
	const unsigned char *p = der.p;
	X509 *x = d2i_X509(NULL, &p, (long)der.n);
	EVP_PKEY *k = X509_get_pubkey(x);

	X509_free(x);
	return k;
}

/* The answer of the last command is a signature of HASH; a curve's as r and s.
 */
static bool
signs_hash(const struct ca_sim *s, const char *md, int padding)
{
	EVP_PKEY *k = public_key(s);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k, NULL);
	struct ca_rd sig = t_data();
	uint8_t hash[64];
	size_t n = 0;
	bool ok = ca_hex_parse(HASH, hash, sizeof(hash), &n) &&
		  EVP_PKEY_verify_init(ctx) == 1;

	if (padding != 0)
		ok = ok && EVP_PKEY_CTX_set_rsa_padding(ctx, padding) == 1 &&
		     EVP_PKEY_CTX_set_signature_md(ctx,
			 EVP_get_digestbyname(md)) == 1;
	if (padding == RSA_PKCS1_PSS_PADDING)
		ok = ok && EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx,
			       RSA_PSS_SALTLEN_DIGEST) == 1;
	ok = ok && EVP_PKEY_verify(ctx, sig.p, sig.n, hash, n) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(k);
	return ok;
}

/* r and s of the last answer, as DER in room. */
static bool
rs_verifies(const struct ca_sim *s, const uint8_t *hash, size_t hash_n)
{
	EVP_PKEY *k = public_key(s);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k, NULL);
	struct ca_rd rs = t_data();
	int half = (int)rs.n / 2;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	unsigned char *der = NULL;
	int n;
	bool ok;

	ok = ECDSA_SIG_set0(sig, BN_bin2bn(rs.p, half, NULL),
		 BN_bin2bn(rs.p + half, half, NULL)) == 1;
	n = i2d_ECDSA_SIG(sig, &der);
	ok = ok && n > 0 && EVP_PKEY_verify_init(ctx) == 1 &&
	     EVP_PKEY_verify(ctx, der, (size_t)n, hash, hash_n) == 1;
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(k);
	return ok;
}

static void
rsa_ways(void)
{
	struct ca_sim *s = t_card("idprime", PLAIN " key=rsa3072");

	(void)t_send(s, AID);
	(void)t_send(s, "0020001110" PIN16);
	CU_ASSERT_EQUAL(t_send(s, "002241B606800102840156"), 0x9000);
	CU_ASSERT(t_idprime_says(s, "002A90A0359033" INFO "00", 0x9000, INFO));
	/* 384 bytes over T=1 with short Le. */
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A00"), 0x6180);
	CU_ASSERT_EQUAL(t_data().n, 256);
	CU_ASSERT_EQUAL(t_send(s, "00C0000080"), 0x9000);
	ca_sim_free(s);

	s = t_card("idprime", PLAIN);
	(void)t_send(s, AID);
	(void)t_send(s, "0020001110" PIN16);
	(void)t_send(s, "002241B606800102840156");
	(void)t_send(s, "002A90A0359033" INFO "00");
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A00"), 0x9000);
	CU_ASSERT(signs_hash(s, "SHA256", RSA_PKCS1_PADDING));
	(void)t_send(s, "002241B606800145840156");
	(void)t_send(s, "002A90A0229020" HASH "20");
	CU_ASSERT_EQUAL(t_send(s, "002A9E9A00"), 0x9000);
	CU_ASSERT(signs_hash(s, "SHA256", RSA_PKCS1_PSS_PADDING));
	CU_ASSERT_FALSE(signs_hash(s, "SHA256", RSA_PKCS1_PADDING));
	ca_sim_free(s);
}

/* One use of a key behind 83 needs one verification of 83. */
static void
signature_pin(void)
{
	static const struct t_step steps[] = {
	    {AID, 0x9000, NULL},
	    {"00200083", 0x63C5, NULL},
	    {"002241B60680014284015E", 0x9000, NULL},
	    {"002A90A0229020" HASH "20", 0x9000, NULL},
	    {"0020001110" PIN16, 0x9000, NULL},
	    {"002A9E9A00", 0x6982, NULL}, /* the token PIN is not it */
	    {"0020008310" PIN16, 0x63C4, NULL},
	    {"0020008310" NEW16, 0x9000, NULL},
	    {"00200083", 0x9000, NULL},
	    {"002A9E9A00", 0x9000, NULL},
	    {"00200083", 0x63C5, NULL},
	    {"00200011", 0x9000, NULL}, /* that one stays */
	    {"002A90A0229020" HASH "20", 0x9000, NULL},
	    {"002A9E9A00", 0x6982, NULL},
	    {"0020008310" NEW16, 0x9000, NULL},
	    {"002A9E9A00", 0x9000, NULL},
	    {"0024008320" NEW16 BAD16, 0x9000, NULL},
	    {"0020008310" BAD16, 0x9000, NULL},
	    {"002C008320" PUK16 NEW16, 0x9000, NULL},
	    {"0020008310" NEW16, 0x9000, NULL},
	};
	struct ca_sim *s = t_card("idprime", "pin2-keys=1 pin2=11223344");

	T_RUN(s, steps);
	ca_sim_free(s);
	s = t_card("idprime", "model=md");
	CU_ASSERT_EQUAL(t_send(s, "00200083"), 0x6A88);
	ca_sim_free(s);
}

static void
curves(void)
{
	static const struct {
		const char *key;
		size_t rs;
	} rows[] = {{"key=p256", 64}, {"key=p384", 96}, {"key=p521", 132}};
	/* SHA-1 of 20 bytes goes with four zeros in front. */
	static const uint8_t sha1[24] = {0, 0, 0, 0, 0xAA, 0xF4, 0xC6, 0x1D,
	    0xDC, 0xC5, 0xE8, 0xA2, 0xDA, 0xBE, 0xDE, 0x0F, 0x3B, 0x48, 0x2C,
	    0xD9, 0xAE, 0xA9, 0x43, 0x4D};
	uint8_t hash[32];
	size_t n = 0;

	CU_ASSERT(ca_hex_parse(HASH, hash, sizeof(hash), &n));
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_sim *s = t_card("idprime", rows[i].key);

		(void)t_send(s, AID);
		(void)t_send(s, "0020001110" PIN16);
		CU_ASSERT_EQUAL(t_send(s, "002241B60680014484015E"), 0x9000);
		(void)t_send(s, "002A90A0229020" HASH "20");
		CU_ASSERT_EQUAL(t_send(s, "002A9E9A00"), 0x9000);
		CU_ASSERT_EQUAL(t_data().n, rows[i].rs);
		CU_ASSERT(rs_verifies(s, hash, n));
		(void)t_send(s,
		    "002A90A01A901800000000AAF4C61DDCC5E8A2DABEDE0F3B482CD9"
		    "AEA9434D00");
		CU_ASSERT_EQUAL(t_send(s, "002A9E9A00"), 0x9000);
		CU_ASSERT(rs_verifies(s, sha1, sizeof(sha1)));
		CU_ASSERT(rs_verifies(s, sha1 + 4, 20));
		(void)t_send(s,
		    "002A90A0169014AAF4C61DDCC5E8A2DABEDE0F3B482CD9AEA9434D"
		    "00");
		CU_ASSERT_EQUAL(t_send(s, "002A9E9A00"), 0x6700);
		ca_sim_free(s);
	}
}

static void
put_hex(char *to, size_t cap, const uint8_t *p, size_t n)
{
	size_t at = strlen(to);

	for (size_t i = 0; i < n && at + 2 < cap; i++, at += 2)
		(void)snprintf(to + at, 3, "%02X", p[i]);
}

/* The shared secret with a key of ours is the one we derive. */
static void
agreement(void)
{
	struct ca_sim *s = t_card("idprime", "key=p256");
	EVP_PKEY *card = public_key(s);
	EVP_PKEY *mine = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(mine, NULL);
	unsigned char *point = NULL;
	size_t n = EVP_PKEY_get1_encoded_public_key(mine, &point);
	uint8_t secret[32];
	size_t secret_n = sizeof(secret);
	char cmd[256] = "002A80864200";

	CU_ASSERT_EQUAL_FATAL(n, 65);
	CU_ASSERT(EVP_PKEY_derive_init(ctx) == 1 &&
		  EVP_PKEY_derive_set_peer(ctx, card) == 1 &&
		  EVP_PKEY_derive(ctx, secret, &secret_n) == 1);
	put_hex(cmd, sizeof(cmd), point, n);
	(void)strcat(cmd, "00");
	(void)t_send(s, AID);
	(void)t_send(s, "0020001110" PIN16);
	CU_ASSERT_EQUAL(t_send(s, "002241B80384015E"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, cmd), 0x9000);
	CU_ASSERT(ca_rd_equal(t_data(), ca_rd_of(secret, secret_n)));
	cmd[16] = cmd[16] == '0' ? '1' : '0'; /* a point off the curve */
	CU_ASSERT_EQUAL(t_send(s, cmd), 0x6A80);
	OPENSSL_free(point);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(mine);
	EVP_PKEY_free(card);
	ca_sim_free(s);
}

static void
oaep_sha1(void)
{
	struct ca_sim *s = t_card("idprime", PLAIN);
	EVP_PKEY *k = public_key(s);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k, NULL);
	uint8_t c[256];
	size_t n = sizeof(c);
	char first[600] = "102A8086FF81";
	char last[32] = "002A808602";

	CU_ASSERT(EVP_PKEY_encrypt_init(ctx) == 1 &&
		  EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) ==
		      1 &&
		  EVP_PKEY_encrypt(ctx, c, &n, (const uint8_t *)"abc", 3) == 1);
	put_hex(first, sizeof(first), c, 254);
	put_hex(last, sizeof(last), c + 254, 2);
	(void)strcat(last, "00");
	(void)t_send(s, AID);
	(void)t_send(s, "0020001110" PIN16);
	CU_ASSERT_EQUAL(t_send(s, "002241B80680011D840156"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, first), 0x9000);
	CU_ASSERT(t_idprime_says(s, last, 0x9000, "616263"));
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(k);
	ca_sim_free(s);
}

CU_TestInfo t_idprime_keys[] = {
    {"rsa_ways", rsa_ways},
    {"signature_pin", signature_pin},
    {"curves", curves},
    {"agreement", agreement},
    {"oaep_sha1", oaep_sha1},
    CU_TEST_INFO_NULL,
};
