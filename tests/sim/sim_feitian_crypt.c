/* DES and AES as the cards by Feitian use them; see sim_feitian.h. Single DES
 * is triple DES with one key three times: OpenSSL 3 has no other in its default
 * provider. */
#include <string.h>

#include "tests/sim/sim_feitian.h"

#define DES_KEY 8
#define BLOCK_MAX 16

struct ca_sim_ft_key
ca_sim_ft_des(const uint8_t *key, size_t n)
{
	struct ca_sim_ft_key k = {0};

	memcpy(k.b, key, DES_KEY);
	memcpy(k.b + DES_KEY, n >= 16 ? key + DES_KEY : key, DES_KEY);
	memcpy(k.b + 16, n >= 24 ? key + 16 : key, DES_KEY);
	return k;
}

struct ca_sim_ft_key
ca_sim_ft_aes(const uint8_t *key)
{
	struct ca_sim_ft_key k = {.aes = true};

	memcpy(k.b, key, 16);
	return k;
}

size_t
ca_sim_ft_block(const struct ca_sim_ft_key *k)
{
	return k->aes ? 16 : 8;
}

bool
ca_sim_ft_cbc(const struct ca_sim_ft_key *k, const uint8_t *iv, bool encrypt,
    struct ca_rd in, uint8_t *out)
{
	static const uint8_t zero[BLOCK_MAX];
	EVP_CIPHER_CTX *ctx;
	int n = 0;
	bool ok;

	if (in.n % ca_sim_ft_block(k) != 0)
		return false;
	if (in.n == 0)
		return true;
	ctx = EVP_CIPHER_CTX_new();
	ok = ctx != NULL &&
	     EVP_CipherInit_ex(ctx,
		 k->aes ? EVP_aes_128_cbc() : EVP_des_ede3_cbc(), NULL, k->b,
		 iv != NULL ? iv : zero, encrypt) == 1 &&
	     EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	     EVP_CipherUpdate(ctx, out, &n, in.p, (int)in.n) == 1 &&
	     (size_t)n == in.n;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

bool
ca_sim_ft_ecb(const struct ca_sim_ft_key *k, bool encrypt, struct ca_rd in,
    uint8_t *out)
{
	size_t block = ca_sim_ft_block(k);
	struct ca_rd one;

	for (; ca_rd_take(&in, block, &one); out += block)
		if (!ca_sim_ft_cbc(k, NULL, encrypt, one, out))
			return false;
	return in.n == 0;
}

void
ca_sim_ft_pad(struct ca_wr *w, size_t block)
{
	ca_wr_u8(w, 0x80);
	if (w->n % block != 0)
		ca_wr_fill(w, 0x00, block - w->n % block);
}

bool
ca_sim_ft_unpad(struct ca_rd *r)
{
	struct ca_rd look = *r;

	while (look.n > 0 && look.p[look.n - 1] == 0x00)
		look.n--;
	if (look.n == 0 || look.p[look.n - 1] != 0x80)
		return false;
	r->n = look.n - 1;
	return true;
}

bool
ca_sim_ft_mac(const struct ca_sim_ft_key *k, const uint8_t *iv, struct ca_rd in,
    uint8_t out[8])
{
	struct ca_sim_ft_key first = *k;
	size_t block = ca_sim_ft_block(k);
	uint8_t room[2048];
	uint8_t last[BLOCK_MAX];
	struct ca_rd head;
	bool ok;

	if (!k->aes)
		first = ca_sim_ft_des(k->b, DES_KEY);
	if (in.n < block || in.n > sizeof(room) ||
	    !ca_rd_take(&in, in.n - block, &head))
		return false;
	ok = ca_sim_ft_cbc(&first, iv, true, head, room);
	if (head.n > 0)
		iv = room + head.n - block;
	ok = ok && ca_sim_ft_cbc(k, iv, true, in, last);
	if (ok)
		memcpy(out, last, 8);
	ca_wipe(&first, sizeof(first));
	ca_wipe(room, sizeof(room));
	return ok;
}

/* Doubling in the field of AES-CMAC (NIST SP 800-38B 6.1). */
static void
doubled(uint8_t b[BLOCK_MAX])
{
	uint8_t carry = b[0] >> 7;

	for (size_t i = 0; i + 1 < BLOCK_MAX; i++)
		b[i] = (uint8_t)(b[i] << 1 | b[i + 1] >> 7);
	b[BLOCK_MAX - 1] = (uint8_t)(b[BLOCK_MAX - 1] << 1);
	b[BLOCK_MAX - 1] ^= carry != 0 ? 0x87 : 0x00;
}

bool
ca_sim_ft_cmac(const uint8_t key[16], const uint8_t *iv, struct ca_rd in,
    uint8_t out[16])
{
	static const uint8_t zero[BLOCK_MAX];
	struct ca_sim_ft_key k = ca_sim_ft_aes(key);
	uint8_t room[2048];
	uint8_t sub[BLOCK_MAX];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	bool ok = ca_sim_ft_cbc(&k, NULL, true, ca_rd_of(zero, BLOCK_MAX), sub);

	ca_wr_bytes(&w, in);
	doubled(sub);
	if (in.n == 0 || in.n % BLOCK_MAX != 0) {
		doubled(sub);
		ca_sim_ft_pad(&w, BLOCK_MAX);
	}
	ok = ok && ca_wr_ok(&w);
	for (size_t i = 0; ok && i < BLOCK_MAX; i++)
		room[w.n - BLOCK_MAX + i] ^= sub[i];
	ok = ok && ca_sim_ft_cbc(&k, iv, true, ca_wr_rd(&w), room);
	if (ok)
		memcpy(out, room + w.n - BLOCK_MAX, BLOCK_MAX);
	ca_wipe(&k, sizeof(k));
	ca_wipe(room, sizeof(room));
	return ok;
}
