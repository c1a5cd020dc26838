/* See derive.h. */
#include "tests/families/derive.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

struct fam_peer {
	EVP_PKEY *key;
};

static EVP_PKEY *
key_of(const struct fam_bytes *spki)
{
	const unsigned char *p = spki->b;

	return d2i_PUBKEY(NULL, &p, (long)spki->n);
}

struct fam_peer *
fam_peer_new(const struct fam_bytes *spki)
{
	struct fam_peer *p = calloc(1, sizeof(*p));
	EVP_PKEY *own = key_of(spki);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);

	if (p == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_keygen(ctx, &p->key) != 1)
		abort();
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(own);
	return p;
}

void
fam_peer_free(struct fam_peer *p)
{
	EVP_PKEY_free(p->key);
	free(p);
}

void
fam_peer_point(const struct fam_peer *p, struct fam_bytes *out)
{
	unsigned char *b = NULL;

	out->n = EVP_PKEY_get1_encoded_public_key(p->key, &b);
	if (out->n != 0)
		memcpy(out->b, b, out->n);
	OPENSSL_free(b);
}

bool
fam_peer_secret(const struct fam_peer *p, const struct fam_bytes *spki,
    struct fam_bytes *out)
{
	EVP_PKEY *other = key_of(spki);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(p->key, NULL);
	bool ok;

	out->n = sizeof(out->b);
	ok = EVP_PKEY_derive_init(ctx) == 1 &&
	     EVP_PKEY_derive_set_peer(ctx, other) == 1 &&
	     EVP_PKEY_derive(ctx, out->b, &out->n) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(other);
	return ok;
}

/* Hash(Z || counter || SharedInfo), counter from 1, one after the other. */
void
fam_x963(const char *hash, const struct fam_bytes *secret, const char *shared,
    size_t n, struct fam_bytes *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const EVP_MD *md = EVP_get_digestbyname(hash);
	size_t len = (size_t)EVP_MD_get_size(md);
	uint8_t count[4] = {0};

	for (size_t at = 0; at < n; at += len) {
		count[3]++;
		EVP_DigestInit_ex(ctx, md, NULL);
		EVP_DigestUpdate(ctx, secret->b, secret->n);
		EVP_DigestUpdate(ctx, count, sizeof(count));
		EVP_DigestUpdate(ctx, shared, strlen(shared));
		EVP_DigestFinal_ex(ctx, &out->b[at], NULL);
	}
	EVP_MD_CTX_free(ctx);
	out->n = n;
}
