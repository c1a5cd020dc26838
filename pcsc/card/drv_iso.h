/*
 * The methods of the iso7816-15 driver, for families that differ from it in
 * some of them only: their state begins with struct ca_iso_state, and their
 * table names these for the rest. What each does is said in driver.h.
 */
#ifndef CA_CARD_DRV_ISO_H
#define CA_CARD_DRV_ISO_H

#include "pcsc/card/driver.h"
#include "pcsc/card/pkcs15.h"

struct ca_iso_state {
	struct ca_p15_odf odf;
	/* What TokenInfo says of algorithms, for the ways that want it. */
	struct ca_supported_list supported;
	/* A PIN was verified and may still be; it is the user's alone, sent
	 * with this reference, and can be taken back. */
	bool in, undo;
	uint8_t reference;
};

ca_err ca_iso_drv_claims(struct ca_tx *tx);
ca_err ca_iso_drv_enter(struct ca_tx *tx);
ca_err ca_iso_drv_describe(struct ca_tx *tx, struct ca_model *out);
ca_err ca_iso_drv_describe_public(struct ca_tx *tx, struct ca_model *io);
ca_err ca_iso_drv_describe_data(struct ca_tx *tx, struct ca_model *io);
ca_err ca_iso_drv_read_cert(struct ca_tx *tx, const struct ca_ref *ref,
    struct ca_buf *out);
ca_err ca_iso_drv_read_part(struct ca_tx *tx, const struct ca_ref *ref,
    size_t offset, size_t n, struct ca_buf *out);
/*
 * Before a reading: marks the application as entered where its DF is still the
 * current one, which its ODF, selected by identifier alone, shows. Selecting
 * the application anew would begin outside of it and may end a login with a PIN
 * that is local to it. The methods above do it for an application that is known
 * by its AID alone, after a login.
 */
void ca_iso_drv_stay(struct ca_tx *tx);
ca_err ca_iso_drv_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out);
ca_err ca_iso_drv_verify(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value, int *tries_left);
ca_err ca_iso_drv_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left);
ca_err ca_iso_drv_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left);
/* By the administrator's key of the profile; none: CA_REMOTE_NONE. */
enum ca_remote ca_iso_drv_remote(const struct ca_profile *pf);
ca_err ca_iso_drv_remote_state(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_pin_state *out);
ca_err ca_iso_drv_remote_ask(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_wr *challenge);
ca_err ca_iso_drv_remote_set(struct ca_tx *tx, const struct ca_pin *puk,
    const struct ca_pin *pin, struct ca_rd answer, struct ca_rd new_value,
    int *tries_left);
ca_err ca_iso_drv_keying(struct ca_tx *tx, enum ca_order order,
    const struct ca_pin *pin, const struct ca_pin *puk, struct ca_keying *out);
ca_err ca_iso_drv_key_in(struct ca_tx *tx, const struct ca_entry *entry,
    int *tries_left);
/* A local PIN counts in its own DF alone: where the card does not look for it
 * from the application's, that DF is made the current one. */
ca_err ca_iso_drv_in_its_df(struct ca_tx *tx, const struct ca_pin *pin);
/* A PUK that goes along with the new PIN may be no PIN to VERIFY at all, and
 * then the try would be another's. */
bool ca_iso_drv_unheard(const struct ca_profile *p, const struct ca_pin *pin);
ca_err ca_iso_drv_logout(struct ca_tx *tx);
ca_err ca_iso_drv_sign(struct ca_tx *tx, const struct ca_key *key,
    enum ca_alg alg, unsigned attempt, struct ca_rd in, struct ca_wr *out);
ca_err ca_iso_drv_generate(struct ca_tx *tx, const struct ca_pin *pin,
    const struct ca_keygen *g, uint8_t *reference, struct ca_buf *pub);
/* Looks whether such a key's entries fit into the directories, which are made
 * where there are none yet. CA_E_NO_SPACE, CA_E_UNSUPPORTED. */
ca_err ca_iso_drv_room_for_key(struct ca_tx *tx, const struct ca_pin *pin,
    const struct ca_keygen *g);
ca_err ca_iso_drv_list_key(struct ca_tx *tx, const struct ca_pin *pin,
    const struct ca_keygen *g, uint8_t reference, struct ca_rd pub);
ca_err ca_iso_drv_random(struct ca_tx *tx, struct ca_wr *out, size_t n);

/*
 * r and s as two halves of the order's length, which is what PKCS#11 wants.
 * Cards answer so, or with the DER SEQUENCE of X9.62, which is longer but for
 * numbers nobody will ever see.
 */
ca_err ca_iso_ecdsa_halves(struct ca_rd got, size_t bits, struct ca_wr *out);

#endif
