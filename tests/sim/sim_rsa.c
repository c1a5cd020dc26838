/* Signatures and decryption with OpenSSL; see sim_card.h. */
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include "tests/sim/sim_card.h"

#define KEY_BYTES_MAX 512

static uint16_t
run_sign(EVP_PKEY_CTX *ctx, int padding, struct ca_rd in, struct ca_wr *out)
{
	uint8_t sig[KEY_BYTES_MAX];
	size_t n = sizeof(sig);

	if (ctx == NULL || EVP_PKEY_sign_init(ctx) != 1 ||
	    (padding != 0 && EVP_PKEY_CTX_set_rsa_padding(ctx, padding) != 1))
		return SW_FAULT;
	/* What OpenSSL refuses here is the value: not below the modulus. */
	if (EVP_PKEY_sign(ctx, sig, &n, in.p, in.n) != 1)
		return SW_DATA;
	ca_wr_mem(out, sig, n);
	ca_wipe(sig, sizeof(sig));
	return SW_OK;
}

static bool
length_fits(const struct ca_sim_key *k, enum ca_sim_pad pad, size_t n)
{
	size_t bytes = (k->bits + 7) / 8;

	switch (pad) {
	case CA_SIM_PKCS1:
		return n + 11 <= bytes;
	case CA_SIM_RAW:
		return n == bytes;
	case CA_SIM_ECDSA:
		/* A SHA-512 hash, or what a curve of 521 bits has room for. */
		return n <= 64 || n <= bytes;
	case CA_SIM_ECDSA_SHA1:
		return true;
	case CA_SIM_ECDH: /* signs nothing */
		break;
	}
	return false;
}

uint16_t
ca_sim_sign(const struct ca_sim_key *k, enum ca_sim_pad pad, struct ca_rd in,
    struct ca_wr *out)
{
	EVP_PKEY_CTX *ctx;
	uint8_t hash[SHA_DIGEST_LENGTH];
	uint16_t sw;
	int padding = 0;

	if (!length_fits(k, pad, in.n))
		return SW_LENGTH;
	if (pad == CA_SIM_ECDSA_SHA1) {
		if (SHA1(in.p, in.n, hash) == NULL)
			return SW_FAULT;
		in = ca_rd_of(hash, sizeof(hash));
	} else if (pad != CA_SIM_ECDSA) {
		padding =
		    pad == CA_SIM_RAW ? RSA_NO_PADDING : RSA_PKCS1_PADDING;
	}
	ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
	sw = run_sign(ctx, padding, in, out);
	EVP_PKEY_CTX_free(ctx);
	return sw;
}

/* PKCS#1 v1.5 type 2: 00 02, eight or more bytes that are not 00, 00. */
static uint16_t
strip(struct ca_rd block, struct ca_wr *out)
{
	uint8_t b = 0;
	size_t filler = 0;

	if (!ca_rd_u8(&block, &b) || b != 0x00 || !ca_rd_u8(&block, &b) ||
	    b != 0x02)
		return SW_DATA;
	while (ca_rd_u8(&block, &b) && b != 0x00)
		filler++;
	if (b != 0x00 || filler < 8)
		return SW_DATA;
	ca_wr_bytes(out, block);
	return SW_OK;
}

uint16_t
ca_sim_decrypt(const struct ca_sim_key *k, enum ca_sim_pad pad, struct ca_rd in,
    struct ca_wr *out)
{
	EVP_PKEY_CTX *ctx;
	uint8_t block[KEY_BYTES_MAX];
	size_t n = sizeof(block);
	uint16_t sw = SW_DATA;

	if (in.n != (k->bits + 7) / 8)
		return SW_LENGTH;
	ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
	if (ctx != NULL && EVP_PKEY_decrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
	    EVP_PKEY_decrypt(ctx, block, &n, in.p, in.n) == 1) {
		sw = SW_OK;
		if (pad == CA_SIM_RAW)
			ca_wr_mem(out, block, n);
		else
			sw = strip(ca_rd_of(block, n), out);
	}
	EVP_PKEY_CTX_free(ctx);
	ca_wipe(block, sizeof(block));
	return sw;
}

/* The other side's point as a key of the same curve; NULL when it is none. */
static EVP_PKEY *
peer_of(const struct ca_sim_key *k, struct ca_rd point)
{
	EVP_PKEY *peer = EVP_PKEY_new();

	if (peer != NULL && EVP_PKEY_copy_parameters(peer, k->pkey) == 1 &&
	    EVP_PKEY_set1_encoded_public_key(peer, point.p, point.n) == 1)
		return peer;
	EVP_PKEY_free(peer);
	return NULL;
}

uint16_t
ca_sim_derive(const struct ca_sim_key *k, struct ca_rd point, struct ca_wr *out)
{
	EVP_PKEY *peer = peer_of(k, point);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
	uint8_t secret[KEY_BYTES_MAX];
	size_t n = sizeof(secret);
	uint16_t sw = SW_DATA;

	if (peer != NULL && ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
	    EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
	    EVP_PKEY_derive(ctx, secret, &n) == 1) {
		ca_wr_mem(out, secret, n);
		sw = SW_OK;
	}
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	ca_wipe(secret, sizeof(secret));
	return sw;
}
