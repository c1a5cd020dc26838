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

/* drv_idprime_files.c: each fills its part; what the card refuses to show, but
 * for the index, stays empty. */
/* The files that describe() needs at once; 70 KiB at most, so on the heap. */
struct ca_idprime_tables {
	struct ca_idprime_file files[CA_IDPRIME_FILES_MAX];
	size_t files_n;
	struct ca_buf cmap, keys;
	bool alone; /* one certificate, whose key the map of keys knows */
};

bool ca_idprime_is_cert(const struct ca_idprime_file *f);
ca_err ca_idprime_read_index(struct ca_tx *tx, struct ca_idprime_tables *t);
ca_err ca_idprime_read_serial(struct ca_tx *tx, struct ca_model *m);
ca_err ca_idprime_read_label(struct ca_tx *tx,
    const struct ca_idprime_tables *t, struct ca_model *m);
/* Both maps, but the container map only where it is needed; and that alone. */
ca_err ca_idprime_read_maps(struct ca_tx *tx, struct ca_idprime_tables *t);
ca_err ca_idprime_read_cmap(struct ca_tx *tx, struct ca_idprime_tables *t);

/* drv_idprime_model.c */
ca_err ca_idprime_describe(struct ca_tx *tx, struct ca_model *out);

/* drv_idprime_key.c */
ca_err ca_idprime_sign(struct ca_tx *tx, const struct ca_key *key,
    enum ca_alg alg, unsigned attempt, struct ca_rd in, struct ca_wr *out);
ca_err ca_idprime_decipher(struct ca_tx *tx, const struct ca_key *key,
    enum ca_alg alg, unsigned attempt, struct ca_rd in, struct ca_wr *out);

#endif
