/* The other side of every operation, by OpenSSL. */
#ifndef CA_FAM_OSSL_H
#define CA_FAM_OSSL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAM_BYTES 4096

struct fam_bytes {
	uint8_t b[FAM_BYTES];
	size_t n;
};

/* What is done with a key. */
struct fam_use {
	const char *hash; /* OpenSSL's name, NULL: none */
	bool hashed;      /* `in` is the hash already */
	bool raw, ec, pss, oaep;
	int salt;          /* PSS */
	const char *label; /* OAEP */
	struct fam_bytes in;
};

/* Whether sig is a signature of use->in by the owner of this DER
 * SubjectPublicKeyInfo. EC signatures are r||s. */
bool fam_ossl_verify(const struct fam_bytes *spki, const struct fam_use *use,
    const struct fam_bytes *sig);
bool fam_ossl_encrypt(const struct fam_bytes *spki, const struct fam_use *use,
    struct fam_bytes *out);

void fam_ossl_hash(const char *hash, const char *text, struct fam_bytes *out);
/* DigestInfo of the SHA-256 of a text. */
bool fam_ossl_digestinfo(const char *text, struct fam_bytes *out);
/* Pads with 00 01 FF .. 00 in front, to k bytes. */
void fam_ossl_pad(size_t k, struct fam_bytes *io);
/* Bytes of the modulus. */
size_t fam_ossl_bytes(const struct fam_bytes *spki);
bool fam_ossl_same(const struct fam_bytes *a, const struct fam_bytes *b);
/* The same certificate renewed: another serial number, another issuer's
 * signature; the second is several hundred bytes longer. */
bool fam_ossl_renew(const uint8_t *der, size_t n, struct fam_bytes *out);
bool fam_ossl_renew_long(const uint8_t *der, size_t n, struct fam_bytes *out);
/* The same certificate with a validity that is over since 2020. */
bool fam_ossl_outdate(const uint8_t *der, size_t n, struct fam_bytes *out);
/* The SubjectPublicKeyInfo of a certificate. */
bool fam_ossl_cert_key(const uint8_t *der, size_t n, struct fam_bytes *spki);

#endif
