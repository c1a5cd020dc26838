/*
 * What the files of the idprime driver share; nobody else includes this. What
 * each method does is said in driver.h.
 */
#ifndef CA_CARD_DRV_IDPRIME_H
#define CA_CARD_DRV_IDPRIME_H

#include "pcsc/card/drv_iso.h"
#include "pcsc/card/idprime.h"

/* How sure a key's reference is, and what else it may be. */
struct ca_idprime_ref {
	bool mapped;    /* the map of keys told it, not the model's rule */
	bool has_other; /* ... and it has another record for the container */
	uint8_t other;
};

struct ca_idprime_state {
	struct ca_iso_state iso;         /* first: see drv_iso.h */
	struct ca_idprime_ref refs[256]; /* by the one byte of a key's id */
	bool version_known;
	uint8_t version; /* of the operating system; 0: the card does not say */
};

/* What this card refuses to show is as if it were not there. */
bool ca_idprime_absent(ca_err e);

/*
 * A whole file by its FID and this P1 of SELECT, in the applet as it is
 * selected now. With a size (0: as SELECT tells it) that many bytes at most are
 * read, and on T=0 what SELECT tells need not be fetched.
 */
ca_err ca_idprime_read(struct ca_tx *tx, uint8_t p1, uint16_t fid, size_t size,
    struct ca_buf *out);

/* A certificate's file, as DER. The size is the index's, which may be wrong:
 * then SELECT is asked. */
ca_err ca_idprime_read_cert(struct ca_tx *tx, uint16_t fid, size_t size,
    struct ca_buf *out);

/* drv_idprime_model.c */
ca_err ca_idprime_describe(struct ca_tx *tx, struct ca_model *out);

/* drv_idprime_key.c */
ca_err ca_idprime_sign(struct ca_tx *tx, const struct ca_key *key,
    enum ca_alg alg, unsigned attempt, struct ca_rd in, struct ca_wr *out);
ca_err ca_idprime_decipher(struct ca_tx *tx, const struct ca_key *key,
    enum ca_alg alg, unsigned attempt, struct ca_rd in, struct ca_wr *out);

#endif
