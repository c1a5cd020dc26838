/*
 * Entries of directory files (ISO/IEC 7816-15, PKCS#15 v1.1), from the model to
 * bytes. No card is asked here.
 */
#ifndef CA_CARD_PKCS15_WRITE_H
#define CA_CARD_PKCS15_WRITE_H

#include "pcsc/base/wr.h"
#include "pcsc/card/model.h"

/* No entry that is written here is longer: a label of CA_LABEL_MAX, an id of
 * CA_ID_MAX, paths, and what else there is. */
#define CA_P15_ENTRY_MAX 512

/* PrKDF: a private key of this reference in the DF of `path`, made on the card,
 * that hangs on the PIN with `auth_id` (n 0: none is named). */
void ca_p15_write_private(struct ca_wr *w, const struct ca_keygen *g,
    const struct ca_id *auth_id, uint8_t reference, struct ca_rd path);

/* PuKDF: its public half, in the file of `path`. */
void ca_p15_write_public(struct ca_wr *w, const struct ca_keygen *g,
    struct ca_rd path);

/* ODF: a directory of the kind with this tag. */
void ca_p15_write_dir(struct ca_wr *w, uint32_t tag, struct ca_rd path);

/* RSAPublicKey (RFC 8017 A.1.1) from unsigned big-endian numbers. */
void ca_p15_write_rsa(struct ca_wr *w, struct ca_rd modulus,
    struct ca_rd exponent);

/* SubjectPublicKeyInfo of a point on a curve named by a DER OID (RFC 5480). */
void ca_p15_write_ec(struct ca_wr *w, struct ca_rd curve, struct ca_rd point);

#endif
