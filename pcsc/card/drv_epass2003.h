/*
 * What the files of the epass2003 driver share; nobody else includes this.
 * What each method does is said in driver.h.
 */
#ifndef CA_CARD_DRV_EPASS2003_H
#define CA_CARD_DRV_EPASS2003_H

#include "pcsc/card/drv_iso.h"
#include "pcsc/sm/epass2003.h"

/* The part of a PIN reference that counts the PINs: 1 user, 2 SO. */
#define CA_EPASS2003_SLOT 0x1F
/* The one curve: P-256. */
#define CA_EPASS2003_EC_BITS 256

struct ca_epass2003_state {
	struct ca_iso_state iso; /* first: see drv_iso.h */
	enum ca_epass2003_kind kind;
	struct ca_sm *sm; /* the card's; good for ... */
	unsigned resets;  /* ... this reset */
	bool refused;     /* other keys are on the card: not asked again */
	bool silent;      /* asking for a PIN's tries ends the channel */
	bool no_shortcut; /* the application is found from the MF alone */
	uint8_t tries;    /* of a fresh PIN, from remote_ask to remote_set */
};

ca_err ca_epass2003_claims(struct ca_tx *tx);
ca_err ca_epass2003_enter(struct ca_tx *tx);

/*
 * For what only reads: a channel that lives shows that we are where we left the
 * card, for whoever else comes opens one of his own, which ends ours. Should it
 * not be so, files are not found and the application is selected after all.
 * Before a PIN the application is always selected.
 */
void ca_epass2003_stay(struct ca_tx *tx);

/* Opens the channel if there is none: for methods that do not begin with
 * ca_tx_enter(). */
ca_err ca_epass2003_ready(struct ca_tx *tx);

/* Whether a step failed for want of a channel, and there is one again: the step
 * may be repeated, once. Never for one that spends a PIN try. */
bool ca_epass2003_again(struct ca_tx *tx, ca_err e);

/*
 * The directories count the files of these classes, and the card has their
 * identifiers 20 apart, for its short identifiers are their lower five bits.
 * What cannot be such a number is an identifier already.
 */
void ca_epass2003_place(struct ca_ref *ref);

/* The file of a private key, which is never selected; CA_E_NOT_FOUND: what the
 * directory says names none. */
ca_err ca_epass2003_key_file(const struct ca_key *key, uint8_t fid[2]);

/* Signing and deciphering: the way's command tells them apart. */
ca_err ca_epass2003_use(struct ca_tx *tx, const struct ca_key *key,
    enum ca_alg alg, unsigned attempt, struct ca_rd in, struct ca_wr *out);

ca_err ca_epass2003_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out);
ca_err ca_epass2003_verify(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value, int *tries_left);
ca_err ca_epass2003_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left);
ca_err ca_epass2003_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left);

/* Whether a value can be hashed as it is typed: its length is right. */
ca_err ca_epass2003_form(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value);
/* The tries of a fresh PIN are written with it, so they must be known. 0:
 * nobody tells. */
ca_err ca_epass2003_tries(struct ca_tx *tx, const struct ca_pin *pin,
    uint8_t *tries);
/* GET CHALLENGE: CA_EPASS2003_CHALLENGE bytes. It spends nothing, so it may be
 * asked for twice. */
ca_err ca_epass2003_ask(struct ca_tx *tx, struct ca_wr *out);
/* Sends the proof of a PIN. One try, never repeated. */
ca_err ca_epass2003_prove(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd proof, int *tries_left);
/* Writes a new PIN by the right of the PUK, which was just proven. Whether that
 * may is not known of every card: the new PIN is proven then, and CA_E_REFUSED
 * is told where the card did not take it. */
ca_err ca_epass2003_set_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd new_value, uint8_t tries);

enum ca_remote ca_epass2003_remote(const struct ca_profile *pf);
ca_err ca_epass2003_remote_ask(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_wr *challenge);
ca_err ca_epass2003_remote_set(struct ca_tx *tx, const struct ca_pin *puk,
    const struct ca_pin *pin, struct ca_rd answer, struct ca_rd new_value,
    int *tries_left);

#endif
