/* AES by the module and by OpenSSL. */
#ifndef CF_AES_H
#define CF_AES_H

#include "tests/conformance/cf.h"

enum cf_aes {
	CF_AES_ECB,
	CF_AES_CBC,
	CF_AES_CBC_PAD,
	CF_AES_CTR,
	CF_AES_GCM,
};

struct cf_aes_use {
	enum cf_aes mode;
	size_t key_n;
	size_t n;    /* bytes of plaintext */
	size_t step; /* bytes of a part; 0: all at once */
	/* Of length 0: chosen by cf_aes_mechanism(). */
	uint8_t iv[16], aad[32];
	size_t iv_n, aad_n;
};

CK_MECHANISM_TYPE cf_aes_mech(enum cf_aes mode);
/* Whether it wants whole blocks. */
bool cf_aes_is_block(enum cf_aes mode);
/* The mechanism with its parameter; static storage. */
CK_MECHANISM *cf_aes_mechanism(struct cf_aes_use *u);
/* A session key with this value. */
CK_RV cf_aes_key(struct cf *c, CK_BYTE *value, CK_ULONG n, CK_OBJECT_HANDLE *h);
/* Hex digits as bytes; how many. */
size_t cf_aes_hex(const char *hex, uint8_t *out);
/* Encrypts u->n bytes of `plain`, compares with OpenSSL, decrypts. CF_WRONG
 * with a note when anything differs. */
CK_RV cf_aes_round(struct cf *c, struct cf_aes_use *u, CK_BYTE *plain);

#endif
