/* Algorithm bytes of the IDPrime card and what they do; see sim_idprime.h. */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include "tests/sim/sim_idprime.h"

#define KEY_BYTES_MAX 512
#define ECDSA_UNIT 8 /* hashes are padded to a multiple of so many bytes */
#define ECDSA_MAX 72

enum how { PKCS1, PKCS1_HASH, PSS, ECDSA_HASH, DEC_PKCS1, DEC_OAEP };

struct way {
	uint8_t ref;
	enum how how;
	const char *md; /* NULL = none */
	size_t hash;    /* bytes */
};

/* clang-format off */
static const struct way ways[] = {
	{0x02, PKCS1,      NULL,     0},
	{0x42, PKCS1_HASH, "SHA256", 32},
	{0x52, PKCS1_HASH, "SHA384", 48},
	{0x62, PKCS1_HASH, "SHA512", 64},
	{0x45, PSS,        "SHA256", 32},
	{0x55, PSS,        "SHA384", 48},
	{0x65, PSS,        "SHA512", 64},
	{0x44, ECDSA_HASH, NULL,     0},
	{0x1A, DEC_PKCS1,  NULL,     0},
	{0x1D, DEC_OAEP,   "SHA1",   20},
	{0x4D, DEC_OAEP,   "SHA256", 32},
	{0x5D, DEC_OAEP,   "SHA384", 48},
	{0x6D, DEC_OAEP,   "SHA512", 64},
};
/* clang-format on */

static const struct way *
find_way(int ref)
{
	for (size_t i = 0; i < CA_COUNT(ways); i++)
		if (ways[i].ref == ref)
			return &ways[i];
	return NULL;
}

static uint16_t
check_input(const struct ca_sim_key *k, const struct way *way, size_t n)
{
	if (k->ec != (way->how == ECDSA_HASH))
		return SW_CONDITIONS;
	if (way->how == ECDSA_HASH)
		return n % ECDSA_UNIT == 0 && n <= ECDSA_MAX ? SW_OK
							     : SW_LENGTH;
	if (way->how == PKCS1)
		return n + 11 <= k->bits / 8 ? SW_OK : SW_LENGTH;
	return n == way->hash ? SW_OK : SW_LENGTH;
}

/* Sets padding and hash of a context for signing or deciphering. */
static bool
configure(EVP_PKEY_CTX *ctx, const struct way *way)
{
	EVP_MD *md = way->md != NULL ? EVP_MD_fetch(NULL, way->md, NULL) : NULL;
	bool ok = way->md == NULL || md != NULL;

	switch (way->how) {
	case PKCS1:
		ok = ok &&
		     EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
		break;
	case PKCS1_HASH:
		ok =
		    ok &&
		    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_signature_md(ctx, md) == 1;
		break;
	case PSS:
		ok = ok &&
		     EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) ==
			 1 &&
		     EVP_PKEY_CTX_set_signature_md(ctx, md) == 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx,
			 RSA_PSS_SALTLEN_DIGEST) == 1;
		break;
	case DEC_OAEP:
		ok = ok &&
		     EVP_PKEY_CTX_set_rsa_padding(ctx,
			 RSA_PKCS1_OAEP_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_rsa_oaep_md(ctx, md) == 1 &&
		     EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) == 1;
		break;
	case ECDSA_HASH:
	case DEC_PKCS1:
		break;
	}
	EVP_MD_free(md);
	return ok;
}

/* DER signature of a curve as r and s of the field's size. */
static uint16_t
write_rs(struct ca_rd der, size_t bits, struct ca_wr *out)
{
	const unsigned char *p = der.p;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)der.n);
	size_t n = (bits + 7) / 8;
	uint8_t rs[2][(521 + 7) / 8];
	bool ok = sig != NULL && n <= sizeof(rs[0]) &&
		  BN_bn2binpad(ECDSA_SIG_get0_r(sig), rs[0], (int)n) > 0 &&
		  BN_bn2binpad(ECDSA_SIG_get0_s(sig), rs[1], (int)n) > 0;

	for (size_t i = 0; ok && i < 2; i++)
		ca_wr_mem(out, rs[i], n);
	ECDSA_SIG_free(sig);
	return ok ? SW_OK : SW_FAULT;
}

/* A number as the data of which OpenSSL, which cuts on the right, takes the
 * same bits; 0 bytes when it exceeds them. */
static struct ca_rd
as_number(size_t bits, struct ca_rd in, uint8_t room[ECDSA_MAX])
{
	BIGNUM *n = BN_bin2bn(in.p, (int)in.n, NULL);
	int spare = (int)(in.n * 8) - (int)bits;
	bool ok = n != NULL && in.n <= ECDSA_MAX &&
		  BN_num_bits(n) <= (int)bits &&
		  BN_lshift(n, n, spare > 0 ? spare : 0) == 1 &&
		  BN_bn2binpad(n, room, (int)in.n) > 0;

	BN_free(n);
	return ca_rd_of(room, ok ? in.n : 0);
}

uint16_t
ca_sim_idp_sign(const struct ca_sim_key *k, uint8_t alg, bool number,
    struct ca_rd in, struct ca_wr *out)
{
	const struct way *way = find_way(alg);
	uint16_t sw = way != NULL ? check_input(k, way, in.n) : SW_DATA;
	uint8_t sig[KEY_BYTES_MAX], room[ECDSA_MAX];
	size_t n = sizeof(sig);
	EVP_PKEY_CTX *ctx;

	if (sw != SW_OK)
		return sw;
	if (k->ec && number) {
		in = as_number(k->bits, in, room);
		if (in.n == 0)
			return SW_DATA;
	}
	ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
	sw = SW_FAULT;
	if (ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	    configure(ctx, way) &&
	    EVP_PKEY_sign(ctx, sig, &n, in.p, in.n) == 1) {
		sw = SW_OK;
		if (k->ec)
			sw = write_rs(ca_rd_of(sig, n), k->bits, out);
		else
			ca_wr_mem(out, sig, n);
	}
	EVP_PKEY_CTX_free(ctx);
	ca_wipe(sig, sizeof(sig));
	return sw;
}

uint16_t
ca_sim_idp_decipher(const struct ca_sim_key *k, int alg, struct ca_rd in,
    struct ca_wr *out)
{
	const struct way *way = find_way(alg);
	uint8_t plain[KEY_BYTES_MAX];
	size_t n = sizeof(plain);
	uint16_t sw = SW_DATA;
	EVP_PKEY_CTX *ctx;

	if (k->ec)
		return ca_sim_derive(k, in, out);
	if (way == NULL)
		return SW_CONDITIONS;
	if (way->how == DEC_PKCS1)
		return ca_sim_decrypt(k, CA_SIM_PKCS1, in, out);
	if (in.n != k->bits / 8)
		return SW_LENGTH;
	ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
	if (ctx != NULL && EVP_PKEY_decrypt_init(ctx) == 1 &&
	    configure(ctx, way) &&
	    EVP_PKEY_decrypt(ctx, plain, &n, in.p, in.n) == 1) {
		ca_wr_mem(out, plain, n);
		sw = SW_OK;
	}
	EVP_PKEY_CTX_free(ctx);
	ca_wipe(plain, sizeof(plain));
	return sw;
}
