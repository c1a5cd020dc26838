/* The other side of a key agreement, by OpenSSL. */
#ifndef CA_FAM_DERIVE_H
#define CA_FAM_DERIVE_H

#include "tests/families/ossl.h"

struct fam_peer; /* a key pair */

/* A key pair on the curve of this DER SubjectPublicKeyInfo. */
struct fam_peer *fam_peer_new(const struct fam_bytes *spki);
void fam_peer_free(struct fam_peer *p);

/* Its public half as 04 X Y. */
void fam_peer_point(const struct fam_peer *p, struct fam_bytes *out);

/* ECDH of it with the owner of `spki`. */
bool fam_peer_secret(const struct fam_peer *p, const struct fam_bytes *spki,
    struct fam_bytes *out);

/* ANSI X9.63, written out: n bytes. */
void fam_x963(const char *hash, const struct fam_bytes *secret,
    const char *shared, size_t n, struct fam_bytes *out);

#endif
