/* Private keys as PKCS #8: what OpenSSL wrote is read and written again, and
 * nothing that is cut or bent is a key. */
#include <stdlib.h>
#include <string.h>

#include "module/crypto/pkcs8.h"
#include "tests/unit/script.h"
#include "tests/unit/suites.h"

/* clang-format off */
/* Ed25519 and X25519 with one secret, and P-256 without its public key, as OpenSSL
 * writes them: RFC 8410, RFC 5915. */
static const struct {
	enum ca_pkcs8_kind kind;
	const char *der;
} keys[] = {
	{ CA_PKCS8_EDWARDS,
	  "302E020100300506032B657004220420D4EE72DBF913584AD5B6D8F1F769F8AD"
	  "3AFE7C28CBF1D4FBE097A88F44755842" },
	{ CA_PKCS8_MONTGOMERY,
	  "302E020100300506032B656E04220420D4EE72DBF913584AD5B6D8F1F769F8AD"
	  "3AFE7C28CBF1D4FBE097A88F44755842" },
	{ CA_PKCS8_EC,
	  "3041020100301306072A8648CE3D020106082A8648CE3D030107042730250201"
	  "010420000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C"
	  "1D1E1F" },
};
/* clang-format on */

static void
there_and_back(void)
{
	for (size_t i = 0; i < CA_COUNT(keys); i++) {
		uint8_t in[256], out[256];
		struct ca_wr w = ca_wr_of(out, sizeof(out));
		struct ca_rd der = ut_bytes(keys[i].der, in, sizeof(in)), rest;
		struct ca_pkcs8 k;

		UT(ca_pkcs8_parse(der, &k, &rest), "key %zu", i);
		UT(k.kind == keys[i].kind && ca_rd_end(&rest), "key %zu", i);
		UT(ca_pkcs8_write(&k, &w) == CA_OK, "key %zu", i);
		UT(ca_rd_equal(ca_wr_rd(&w), der), "key %zu", i);
	}
}

/* What stands behind a key is told, and is no part of it. */
static void
something_behind(void)
{
	uint8_t in[256];
	struct ca_rd der = ut_bytes(keys[0].der, in, sizeof(in)), rest;
	struct ca_pkcs8 k;

	memset(&in[der.n], 0, 5);
	UT_OK(ca_pkcs8_parse(ca_rd_of(in, der.n + 5), &k, &rest));
	UT_OK(rest.n == 5 && ca_rd_all(rest, 0));
}

/* Cut anywhere, and with any one byte of its heads another: no key, and no read
 * behind its end (the copy is as long as the key). */
static void
bent(void)
{
	for (size_t i = 0; i < CA_COUNT(keys); i++) {
		uint8_t in[256];
		struct ca_rd der = ut_bytes(keys[i].der, in, sizeof(in)), rest;
		struct ca_pkcs8 k;
		uint8_t *copy;

		for (size_t n = 0; n < der.n; n++) {
			copy = malloc(n + 1);
			UT_OK(copy != NULL);
			memcpy(copy, der.p, n);
			UT(!ca_pkcs8_parse(ca_rd_of(copy, n), &k, &rest),
			    "key %zu cut to %zu", i, n);
			free(copy);
		}
		in[1] ^= 1; /* the length */
		UT_OK(!ca_pkcs8_parse(der, &k, &rest));
		in[1] ^= 1;
		in[9] ^= 0x40; /* the algorithm */
		UT_OK(!ca_pkcs8_parse(der, &k, &rest));
	}
}

static void
not_enough(void)
{
	static const uint8_t n[1024] = {1};
	uint8_t out[64];
	struct ca_wr w = ca_wr_of(out, sizeof(out));
	struct ca_pkcs8 k = {.kind = CA_PKCS8_RSA};

	for (size_t i = 0; i < 3; i++) /* no primes: it may not be wrapped */
		k.number[i] = ca_rd_of(n, 128);
	UT_OK(ca_pkcs8_write(&k, &w) == CA_E_DATA);
	for (size_t i = 0; i < CA_PKCS8_NUMBERS; i++)
		k.number[i] = ca_rd_of(n, sizeof(n));
	UT_OK(ca_pkcs8_write(&k, &w) == CA_E_DATA); /* no room */
	k = (struct ca_pkcs8){.kind = CA_PKCS8_EDWARDS};
	UT_OK(ca_pkcs8_write(&k, &w) == CA_E_DATA);
}

static const CU_TestInfo tests[] = {
    {"there_and_back", there_and_back},
    {"something_behind", something_behind},
    {"bent", bent},
    {"not_enough", not_enough},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_pkcs8 = {"pkcs8", tests};
