/* The administrator's key of the iso7816-15 card, commands as ISO/IEC 7816-4
 * words them. */
#include <openssl/evp.h>
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/t.h"

#define APP "00A4080C025015"
#define KEY "0102030405060708090A0B0C0D0E0F101112131415161718"
#define NEW "86427531000000000000000000000000"
#define SET "002C020110" NEW
#define VERIFY_NEW "0020000110" NEW

/* EXTERNAL AUTHENTICATE with the challenge under KEY, a bit of it changed when
 * `flip` is 1. */
static unsigned
answer(struct ca_sim *s, const EVP_CIPHER *how, uint8_t flip)
{
	uint8_t key[32], out[32];
	char cmd[80];
	size_t key_n = 0, n = t_data().n, at;
	int got = 0;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	CU_ASSERT(ca_hex_parse(KEY, key, sizeof(key), &key_n));
	CU_ASSERT(EVP_EncryptInit_ex(ctx, how, NULL, key, NULL) == 1);
	CU_ASSERT(EVP_CIPHER_CTX_set_padding(ctx, 0) == 1);
	CU_ASSERT(EVP_EncryptUpdate(ctx, out, &got, t_data().p, (int)n) == 1);
	EVP_CIPHER_CTX_free(ctx);
	out[0] ^= flip;
	at = (size_t)snprintf(cmd, sizeof(cmd), "00820080%02zX", n);
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(cmd + at, sizeof(cmd) - at, "%02X",
		    out[i]);
	return t_send(s, cmd);
}

static void
sets_a_pin(const char *options, const char *ask, const EVP_CIPHER *how)
{
	struct ca_sim *s = t_card("iso7816-15", options);

	CU_ASSERT(t_send(s, APP) == 0x9000);
	CU_ASSERT(t_send(s, SET) == 0x6982);
	CU_ASSERT(t_send(s, ask) == 0x9000);
	CU_ASSERT(answer(s, how, 0) == 0x9000);
	CU_ASSERT(t_send(s, SET) == 0x9000);
	CU_ASSERT(t_send(s, VERIFY_NEW) == 0x9000);
	ca_sim_reset(s, true);
	CU_ASSERT(t_send(s, APP) == 0x9000);
	CU_ASSERT(t_send(s, SET) == 0x6982);
	ca_sim_free(s);
}

static void
by_3des(void)
{
	sets_a_pin("admin-key=" KEY, "0084000008", EVP_des_ede3_ecb());
}

static void
by_aes(void)
{
	sets_a_pin("admin-cipher=aes admin-key=" KEY, "0084000010",
	    EVP_aes_192_ecb());
}

static void
tries(void)
{
	struct ca_sim *s = t_card("iso7816-15", "admin-tries=2 admin-key=" KEY);

	CU_ASSERT(t_send(s, "00820080") == 0x63C2);
	CU_ASSERT(t_send(s, "0084000008") == 0x9000);
	CU_ASSERT(answer(s, EVP_des_ede3_ecb(), 1) == 0x63C1);
	CU_ASSERT(t_send(s, "0084000008") == 0x9000);
	CU_ASSERT(answer(s, EVP_des_ede3_ecb(), 0) == 0x9000);
	CU_ASSERT(t_send(s, "00820080") == 0x63C2);
	CU_ASSERT(t_send(s, "0084000008") == 0x9000);
	CU_ASSERT(answer(s, EVP_des_ede3_ecb(), 1) == 0x63C1);
	CU_ASSERT(t_send(s, "0084000008") == 0x9000);
	CU_ASSERT(answer(s, EVP_des_ede3_ecb(), 1) == 0x63C0);
	CU_ASSERT(t_send(s, "0084000008") == 0x9000);
	CU_ASSERT(answer(s, EVP_des_ede3_ecb(), 0) == 0x6983);
	ca_sim_free(s);
}

/* A challenge is for the next command, and for one answer. */
static void
voided(void)
{
	static const struct t_step steps[] = {
	    {"0084000008", 0x9000, NULL},
	    {APP, 0x9000, NULL},
	    {"0082008008 0000000000000000", 0x6985, NULL},
	    {"0084000004", 0x9000, NULL},
	    {"0082008008 0000000000000000", 0x6985, NULL},
	    {"0082008004 00000000", 0x6700, NULL},
	    {"00820081", 0x6A88, NULL},
	    {"00820180", 0x6A86, NULL},
	    {"00820080", 0x63C5, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "admin-key=" KEY);

	T_RUN(s, steps);
	ca_sim_free(s);
	s = t_card("iso7816-15", "");
	CU_ASSERT(t_send(s, "00820080") == 0x6D00);
	ca_sim_free(s);
}

CU_TestInfo t_sim_iso_admin[] = {
    {"sets a PIN, 3DES", by_3des},
    {"sets a PIN, AES", by_aes},
    {"tries", tries},
    {"challenge voided", voided},
    CU_TEST_INFO_NULL,
};
