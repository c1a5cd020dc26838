/*
 * What the files of the bit4id-cns driver share; nobody else includes this.
 * What each method does is said in driver.h.
 */
#ifndef CA_CARD_DRV_BIT4ID_CNS_H
#define CA_CARD_DRV_BIT4ID_CNS_H

#include "pcsc/card/drv_iso.h"

/* Where a key and all that belongs to it are, on every card of the kind. Paths
 * are from the MF, without the 3F00. */
struct ca_cns_place {
	const char *label, *pin_label;
	uint8_t key, pin; /* references, as the masks have them */
	uint8_t cert[6];
	size_t cert_n;
	uint8_t pub[6];
	size_t pub_n;  /* 0: its place is not known */
	uint8_t df[4]; /* the DF of key and PIN */
	size_t df_n;   /* 0: the MF */
	bool old_file; /* five bytes in front of the certificate */
	uint32_t usage;
};

struct ca_cns_state {
	struct ca_iso_state iso; /* first: see drv_iso.h */
	bool at_serial;          /* its file is selected ... */
	/* The place whose DF is selected and whose environment is restored, as
	 * far as we know: another program may have moved on; or NULL ... */
	const struct ca_cns_place *ready;
	unsigned resets; /* ... since this reset */
};

/* Whose they are; some place for what is none of ours. */
const struct ca_cns_place *ca_cns_place_of_pin(const struct ca_pin *pin);
const struct ca_cns_place *ca_cns_place_of_key(const struct ca_key *key);

/* Selects a path from the MF, or the MF, without wanting an answer: only
 * whether it is there. */
ca_err ca_cns_select(struct ca_tx *tx, struct ca_rd path);

/* The same for the file of the serial number, which every card of the kind has
 * in its place. */
ca_err ca_cns_select_serial(struct ca_tx *tx);

/* Selects the DF of a place. */
ca_err ca_cns_go_to(struct ca_tx *tx, const struct ca_cns_place *p);

/* Something else is or will be selected. */
void ca_cns_moved(struct ca_tx *tx);

ca_err ca_cns_describe(struct ca_tx *tx, struct ca_model *out);
ca_err ca_cns_describe_public(struct ca_tx *tx, struct ca_model *io);
ca_err ca_cns_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out);
ca_err ca_cns_verify(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value, int *tries_left);
ca_err ca_cns_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left);
ca_err ca_cns_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left);
ca_err ca_cns_keying(struct ca_tx *tx, enum ca_order order,
    const struct ca_pin *pin, const struct ca_pin *puk, struct ca_keying *out);
ca_err ca_cns_sign(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out);
ca_err ca_cns_decipher(struct ca_tx *tx, const struct ca_key *key,
    enum ca_alg alg, unsigned attempt, struct ca_rd in, struct ca_wr *out);

#endif
