#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/wr.h"
#include "pcsc/card/pkcs15_parse.h"
#include "pcsc/ossl/spki.h"
#include "pcsc/token/selfcheck.h"
#include "tests/unit/keys.h"
#include "tests/unit/suites.h"

/* clang-format off */
static const struct row {
	enum ca_alg alg;
	enum ut_key key;
	const char *md; /* NULL: none */
	int padding;
	size_t in_n;
} rows[] = {
	{CA_ALG_RSA_RAW,          UT_RSA, NULL,     RSA_NO_PADDING, 192},
	{CA_ALG_RSA_PKCS1,        UT_RSA, NULL,     RSA_PKCS1_PADDING, 51},
	{CA_ALG_RSA_PKCS1,        UT_RSA, NULL,     RSA_PKCS1_PADDING, 181},
	{CA_ALG_RSA_PKCS1,        UT_RSA, NULL,     RSA_PKCS1_PADDING, 1},
	{CA_ALG_RSA_PKCS1_SHA1,   UT_RSA, "SHA1",   RSA_PKCS1_PADDING, 20},
	{CA_ALG_RSA_PKCS1_SHA224, UT_RSA, "SHA224", RSA_PKCS1_PADDING, 28},
	{CA_ALG_RSA_PKCS1_SHA256, UT_RSA, "SHA256", RSA_PKCS1_PADDING, 32},
	{CA_ALG_RSA_PKCS1_SHA384, UT_RSA, "SHA384", RSA_PKCS1_PADDING, 48},
	{CA_ALG_RSA_PKCS1_SHA512, UT_RSA, "SHA512", RSA_PKCS1_PADDING, 64},
	{CA_ALG_RSA_PSS_SHA1,     UT_RSA, "SHA1",   RSA_PKCS1_PSS_PADDING, 20},
	{CA_ALG_RSA_PSS_SHA224,   UT_RSA, "SHA224", RSA_PKCS1_PSS_PADDING, 28},
	{CA_ALG_RSA_PSS_SHA256,   UT_RSA, "SHA256", RSA_PKCS1_PSS_PADDING, 32},
	{CA_ALG_RSA_PSS_SHA384,   UT_RSA, "SHA384", RSA_PKCS1_PSS_PADDING, 48},
	{CA_ALG_RSA_PSS_SHA512,   UT_RSA, "SHA512", RSA_PKCS1_PSS_PADDING, 64},
	{CA_ALG_ECDSA,            UT_EC,  NULL,     0, 32},
	{CA_ALG_ECDSA,            UT_EC,  NULL,     0, 20},
	{CA_ALG_ECDSA_DATA_SHA1, UT_EC, "SHA1", 0, 20},
	{CA_ALG_RSA_PKCS1_DATA_SHA1, UT_RSA, "SHA1", RSA_PKCS1_PADDING, 120},
	{CA_ALG_ECDSA_DATA_SHA224, UT_EC, "SHA224", 0, 100},
	{CA_ALG_RSA_PKCS1_DATA_SHA224, UT_RSA, "SHA224", RSA_PKCS1_PADDING, 200},
	{CA_ALG_ECDSA_DATA_SHA256, UT_EC, "SHA256", 0, 32},
	{CA_ALG_RSA_PKCS1_DATA_SHA256, UT_RSA, "SHA256", RSA_PKCS1_PADDING, 132},
	{CA_ALG_ECDSA_DATA_SHA384, UT_EC, "SHA384", 0, 64},
	{CA_ALG_RSA_PKCS1_DATA_SHA384, UT_RSA, "SHA384", RSA_PKCS1_PADDING, 164},
	{CA_ALG_ECDSA_DATA_SHA512, UT_EC, "SHA512", 0, 150},
	{CA_ALG_RSA_PKCS1_DATA_SHA512, UT_RSA, "SHA512", RSA_PKCS1_PADDING, 250},
};
/* clang-format on */

/* r and s, each in 32 bytes. */
static size_t
bare(uint8_t *sig, size_t n)
{
	const unsigned char *p = sig;
	ECDSA_SIG *rs = d2i_ECDSA_SIG(NULL, &p, (long)n);

	UT_OK(BN_bn2binpad(ECDSA_SIG_get0_r(rs), sig, 32) == 32);
	UT_OK(BN_bn2binpad(ECDSA_SIG_get0_s(rs), sig + 32, 32) == 32);
	ECDSA_SIG_free(rs);
	return 64;
}

/* What a card answers that hashes the data itself. */
static size_t
sign_data(const struct row *r, struct ca_rd in, uint8_t *sig, size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	UT(EVP_DigestSignInit(ctx, NULL, EVP_get_digestbyname(r->md), NULL,
	       ut_key(r->key)) == 1 &&
		EVP_DigestSign(ctx, sig, &n, in.p, in.n) == 1,
	    "alg %d", r->alg);
	EVP_MD_CTX_free(ctx);
	return r->key == UT_EC ? bare(sig, n) : n;
}

/* What a good card would answer. */
static size_t
sign(const struct row *r, struct ca_rd in, uint8_t *sig, size_t cap)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(ut_key(r->key), NULL);
	bool ok = EVP_PKEY_sign_init(ctx) == 1;
	size_t n = cap;

	if (r->key != UT_EC)
		ok = ok && EVP_PKEY_CTX_set_rsa_padding(ctx, r->padding) == 1;
	if (r->md)
		ok = ok && EVP_PKEY_CTX_set_signature_md(ctx,
			       EVP_get_digestbyname(r->md)) == 1;
	if (r->padding == RSA_PKCS1_PSS_PADDING)
		ok = ok && EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx,
			       RSA_PSS_SALTLEN_DIGEST) == 1;
	ok = ok && EVP_PKEY_sign(ctx, sig, &n, in.p, in.n) == 1;
	EVP_PKEY_CTX_free(ctx);
	UT(ok, "alg %d", r->alg);
	return r->key == UT_EC ? bare(sig, n) : n;
}

static void
good_and_bad(const struct row *r)
{
	struct ca_rd spki = ut_key_spki(r->key);
	struct ca_rd other = ut_key_spki(UT_RSA_PUBLIC);
	uint8_t in_b[256] = {0}, sig[300] = {0};
	struct ca_rd in = ca_rd_of(in_b, r->in_n);
	size_t n;

	/* Below the modulus for the raw operation. */
	memset(in_b + 1, 0x42, r->in_n - 1);
	in_b[0] = r->padding == RSA_NO_PADDING ? 0 : 0x30;
	n = ca_alg_hashes(r->alg) ? sign_data(r, in, sig, sizeof(sig))
				  : sign(r, in, sig, sizeof(sig));
#define CHECK(s, i, k) ca_selfcheck(k, r->alg, i, ca_rd_of(s, n))
	UT(CHECK(sig, in, spki) == CA_OK, "alg %d", r->alg);
	UT(CHECK(sig, in, other) == CA_E_BAD_SIGNATURE, "alg %d", r->alg);
	for (size_t i = 0; i < n; i += 7) {
		sig[i] ^= 0x10;
		UT(CHECK(sig, in, spki) == CA_E_BAD_SIGNATURE, "alg %d, %zu",
		    r->alg, i);
		sig[i] ^= 0x10;
	}
	in_b[r->in_n - 1] ^= 1;
	UT(CHECK(sig, in, spki) == CA_E_BAD_SIGNATURE, "alg %d", r->alg);
	in_b[r->in_n - 1] ^= 1;
	for (n = n - 1; n > 0; n = n / 2)
		UT(CHECK(sig, in, spki) == CA_E_BAD_SIGNATURE, "alg %d, %zu",
		    r->alg, n);
	UT(CHECK(sig, in, spki) == CA_E_BAD_SIGNATURE, "alg %d", r->alg);
	n = sizeof(sig);
	UT(CHECK(sig, in, spki) == CA_E_BAD_SIGNATURE, "alg %d", r->alg);
#undef CHECK
	UT(ERR_peek_error() == 0, "alg %d", r->alg);
}

static void
every_algorithm(void)
{
	ERR_clear_error();
	for (size_t i = 0; i < CA_COUNT(rows); i++)
		good_and_bad(&rows[i]);
}

/* A signature by another algorithm of the same key is none. */
static void
algorithms_do_not_mix(void)
{
	uint8_t in_b[32] = {0}, sig[256];
	struct ca_rd in = ca_rd_of(in_b, sizeof(in_b));

	memset(in_b, 0x42, sizeof(in_b));
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		size_t n;

		if (rows[i].in_n != 32 || rows[i].key != UT_RSA)
			continue;
		n = sign(&rows[i], in, sig, sizeof(sig));
		for (int a = 0; a < CA_ALG_COUNT; a++)
			UT((ca_selfcheck(ut_key_spki(UT_RSA), (enum ca_alg)a,
				in, ca_rd_of(sig, n)) == CA_OK) ==
				(a == (int)rows[i].alg),
			    "row %zu as %d", i, a);
	}
	UT_OK(ca_selfcheck(ut_key_spki(UT_RSA), CA_ALG_COUNT, in, in) ==
	      CA_E_BAD_SIGNATURE);
	ERR_clear_error();
}

/* clang-format off */
static const struct {
	const char *name;
	size_t r, s; /* bytes of each half, filled with `fill` */
	uint8_t fill;
} ecdsa_rows[] = {
	{"empty", 0, 0, 0}, {"zeros", 32, 32, 0}, {"too big", 32, 32, 0xFF},
	{"odd", 32, 31, 1}, {"one byte", 1, 0, 1}, {"long", 150, 150, 1},
	{"longer", 500, 500, 1},
};
/* clang-format on */

static void
odd_ecdsa(void)
{
	uint8_t sig[1000], hash[32] = {1};

	for (size_t i = 0; i < CA_COUNT(ecdsa_rows); i++) {
		size_t n = ecdsa_rows[i].r + ecdsa_rows[i].s;
		uint8_t *exact;

		memset(sig, ecdsa_rows[i].fill, sizeof(sig));
		exact = ut_exact(ca_rd_of(sig, n));
		UT(ca_selfcheck(ut_key_spki(UT_EC), CA_ALG_ECDSA,
		       ca_rd_of(hash, 32),
		       ca_rd_of(exact, n)) == CA_E_BAD_SIGNATURE,
		    "%s", ecdsa_rows[i].name);
		free(exact);
	}
	UT_OK(ERR_peek_error() == 0);
}

/* A card may show a public key of any size; its "signature" is then as long as
 * our buffers, not as its modulus. */
static void
huge_keys(void)
{
	static const size_t sizes[] = {1024, 1025, 1100, 1190};
	uint8_t *room = malloc(4000), *sig = malloc(1024);

	memset(sig, 0x01, 1024);
	for (size_t i = 0; i < CA_COUNT(sizes); i++) {
		struct ca_wr w = ca_wr_of(room, 4000);
		struct ca_wr whole = ca_wr_of(room + 2000, 2000);
		uint8_t *modulus = malloc(sizes[i] + 1);
		struct ca_buf spki = {0};

		memset(modulus, 0xC5, sizes[i] + 1);
		modulus[0] = 0;
		ca_wr_tlv(&w, 0x02, ca_rd_of(modulus, sizes[i] + 1));
		ca_wr_tlv(&w, 0x02, ca_rd_of("\x03", 1));
		ca_wr_tlv(&whole, 0x30, ca_wr_rd(&w));
		UT(ca_p15_spki(ca_wr_rd(&whole), &spki) == CA_OK, "%zu",
		    sizes[i]);
		for (int a = 0; a < CA_ALG_COUNT; a++)
			UT(ca_selfcheck(ca_buf_rd(&spki), (enum ca_alg)a,
			       ca_rd_of(sig, 51),
			       ca_rd_of(sig, 1024)) == CA_E_BAD_SIGNATURE,
			    "%zu bytes, algorithm %d", sizes[i], a);
		ca_buf_free(&spki);
		free(modulus);
	}
	free(room);
	free(sig);
	ERR_clear_error();
}

static void
no_key(void)
{
	static const char *const bad[] = {"", "0", "0000", "not a key at all"};

	for (size_t i = 0; i < CA_COUNT(bad); i++)
		for (int a = 0; a < CA_ALG_COUNT; a++)
			UT(ca_selfcheck(ut_text(bad[i]), (enum ca_alg)a,
			       ut_text("in"),
			       ut_text("sig")) == CA_E_BAD_SIGNATURE,
			    "%zu %d", i, a);
	UT_OK(ERR_peek_error() == 0);
}

/* The result of ECDH: any X of a point on the curve passes, nothing else. */
static void
coordinates(void)
{
	struct ca_rd spki = ut_key_spki(UT_EC), x, y;
	uint8_t b[33] = {0};
	struct ca_spki k;
	size_t n = 0, good = 0;

	if (!UT_OK(ca_spki_parse(spki, &k)) ||
	    !UT_OK(ca_rd_skip(&k.point, 1)) ||
	    !UT_OK(ca_rd_take(&k.point, 32, &x)))
		return;
	y = x;
#define CHECK(key, r) ca_selfcheck(key, CA_ALG_ECDH, y, r)
	UT_OK(CHECK(spki, x) == CA_OK);
	UT_OK(CHECK(ut_key_spki(UT_RSA), x) == CA_E_BAD_SIGNATURE);
	UT_OK(ca_rd_copy(x, b, sizeof(b), &n));
	UT_OK(CHECK(spki, ca_rd_of(b, 31)) == CA_E_BAD_SIGNATURE);
	UT_OK(CHECK(spki, ca_rd_of(b, 33)) == CA_E_BAD_SIGNATURE);
	UT_OK(CHECK(spki, ca_rd_of(b, 0)) == CA_E_BAD_SIGNATURE);
	/* Half of all numbers are none. */
	for (unsigned i = 0; i < 256; i++) {
		b[31] = (uint8_t)i;
		good += CHECK(spki, ca_rd_of(b, 32)) == CA_OK;
	}
	UT(good > 80 && good < 176, "%zu", good);
	memset(b, 0xFF, sizeof(b)); /* above the field */
	UT_OK(CHECK(spki, ca_rd_of(b, 32)) == CA_E_BAD_SIGNATURE);
#undef CHECK
	ERR_clear_error();
}

static const CU_TestInfo tests[] = {
    {"every_algorithm", every_algorithm},
    {"algorithms_do_not_mix", algorithms_do_not_mix},
    {"odd_ecdsa", odd_ecdsa},
    {"huge_keys", huge_keys},
    {"no_key", no_key},
    {"coordinates", coordinates},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_selfcheck = {"selfcheck", tests};
