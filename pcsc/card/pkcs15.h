/*
 * Reading a PKCS#15 structure from a card: finds the directories through the
 * ODF (or where the profile says they are) and gives them to pkcs15_parse.c.
 */
#ifndef CA_CARD_PKCS15_H
#define CA_CARD_PKCS15_H

#include "pcsc/card/driver.h"
#include "pcsc/card/pkcs15_parse.h"

/*
 * Reads ODF, TokenInfo, AODF, PrKDF and CDF into the model, applies what the
 * profile states about PINs, keys and algorithms, and keeps in *odf where the
 * other directories are. A directory that needs a login first sets
 * out->hidden_before_login; one that is missing is passed over.
 */
ca_err ca_p15_describe(struct ca_tx *tx, struct ca_p15_odf *odf,
    struct ca_model *out);

/* What the profile states, over what the directories do: which PIN is whose,
 * its lengths, key references and algorithms. Part of ca_p15_describe(). */
void ca_p15_apply_profile(const struct ca_profile *p, struct ca_model *m);

/* Makes a SubjectPublicKeyInfo of a public key file: ca_p15_spki(), or what a
 * family has instead. */
typedef ca_err ca_p15_spki_fn(struct ca_rd file, struct ca_buf *spki);

/* Reads the directories of these kinds; and for public keys and data objects
 * what their entries point to. */
ca_err ca_p15_describe_public(struct ca_tx *tx, const struct ca_p15_odf *odf,
    ca_p15_spki_fn *spki, struct ca_model *io);
ca_err ca_p15_describe_data(struct ca_tx *tx, const struct ca_p15_odf *odf,
    struct ca_model *io);

/* The two halves of each, for a family that has something to say about the
 * entries before their files are read. */
ca_err ca_p15_list_public(struct ca_tx *tx, const struct ca_p15_odf *odf,
    struct ca_model *io);
ca_err ca_p15_read_public(struct ca_tx *tx, ca_p15_spki_fn *spki,
    struct ca_model *io);
ca_err ca_p15_list_data(struct ca_tx *tx, const struct ca_p15_odf *odf,
    struct ca_model *io);
ca_err ca_p15_read_data(struct ca_tx *tx, struct ca_model *io);

#endif
