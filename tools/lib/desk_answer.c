/* See the header. */
#include "tools/lib/desk_answer.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

#include "pcsc/base/hex.h"
#include "pcsc/base/secret.h"
#include "pcsc/base/wr.h"

#define KEY_MAX 32
#define SHA1_BYTES 20
#define DES_KEYS 24 /* bytes of three */
#define TEXT_MAX 256

/* The file without its line end. */
static struct ca_rd
line_of(struct ca_rd file)
{
	if (file.n > 0 && file.p[file.n - 1] == '\n')
		file.n--;
	if (file.n > 0 && file.p[file.n - 1] == '\r')
		file.n--;
	return file;
}

/* SHA-1 of the PUK, and its length as 32 bits. */
static bool
key_of_puk(struct ca_rd puk, struct ca_wr *key)
{
	uint8_t h[EVP_MAX_MD_SIZE];
	bool ok = puk.n > 0 && puk.n <= CA_SECRET_MAX;

	for (size_t i = 0; ok && i < puk.n; i++)
		ok = puk.p[i] >= ' ' && puk.p[i] != 0x7F;
	ok = ok && EVP_Digest(puk.p, puk.n, h, NULL, EVP_sha1(), NULL) == 1;
	if (ok) {
		ca_wr_mem(key, h, SHA1_BYTES);
		ca_wr_u16(key, 0);
		ca_wr_u16(key, (uint16_t)puk.n);
	}
	ca_wipe(h, sizeof(h));
	return ok && ca_wr_ok(key);
}

static bool
key_of_hex(struct ca_rd digits, struct ca_wr *key)
{
	char text[TEXT_MAX];
	struct ca_wr w = ca_wr_of(text, sizeof(text));
	bool ok;

	ca_wr_bytes(&w, digits);
	ca_wr_u8(&w, '\0');
	ok = ca_wr_ok(&w) && strlen(text) == digits.n &&
	     ca_hex_parse(text, key->p, key->cap, &key->n);
	ca_wipe(text, sizeof(text));
	return ok;
}

/* Two keys of DES are three, of which the last is the first. */
static bool
three_keys(struct ca_wr *key)
{
	struct ca_rd both = ca_wr_rd(key), first;

	if (key->n == 16 && ca_rd_take(&both, 8, &first))
		ca_wr_bytes(key, first);
	return key->n == DES_KEYS;
}

/* The cipher of one block, NULL: this is no key of it. */
static const EVP_CIPHER *
cipher_of(enum ca_remote scheme, struct ca_rd file, struct ca_wr *key)
{
	switch (scheme) {
	case CA_REMOTE_PUK_3DES:
		return key_of_puk(file, key) ? EVP_des_ede3_ecb() : NULL;
	case CA_REMOTE_3DES:
		return key_of_hex(file, key) && three_keys(key)
			   ? EVP_des_ede3_ecb()
			   : NULL;
	case CA_REMOTE_AES:
		if (!key_of_hex(file, key))
			return NULL;
		return key->n == 16   ? EVP_aes_128_ecb()
		       : key->n == 24 ? EVP_aes_192_ecb()
		       : key->n == 32 ? EVP_aes_256_ecb()
				      : NULL;
	case CA_REMOTE_NONE:
		return NULL;
	}
	return NULL;
}

/* One block: CBC from zero is ECB. */
static bool
encipher(const EVP_CIPHER *how, const uint8_t *key, const uint8_t *in, size_t n,
    uint8_t out[2 * CA_REMOTE_MAX])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int got = 0;
	bool ok = ctx != NULL &&
		  EVP_EncryptInit_ex(ctx, how, NULL, key, NULL) == 1 &&
		  EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
		  EVP_EncryptUpdate(ctx, out, &got, in, (int)n) == 1;

	EVP_CIPHER_CTX_free(ctx);
	return ok && got == (int)n;
}

enum ca_desk_fault
ca_desk_answer(const struct ca_phone *asked, struct ca_rd file,
    struct ca_phone *answer)
{
	uint8_t kb[KEY_MAX] = {0}, out[2 * CA_REMOTE_MAX];
	struct ca_wr key = ca_wr_of(kb, sizeof(kb));
	const EVP_CIPHER *how = cipher_of(asked->scheme, line_of(file), &key);
	enum ca_desk_fault f = how == NULL ? CA_DESK_NO_KEY : CA_DESK_GOOD;

	if (f == CA_DESK_GOOD && !encipher(how, kb, asked->b, asked->n, out))
		f = CA_DESK_CRYPTO;
	if (f == CA_DESK_GOOD) {
		*answer = (struct ca_phone){.kind = CA_PHONE_ANSWER,
		    .scheme = asked->scheme,
		    .tag = ca_phone_question_tag(asked),
		    .n = asked->n};
		memcpy(answer->b, out, asked->n);
	}
	ca_wipe(kb, sizeof(kb));
	ca_wipe(out, sizeof(out));
	return f;
}
