/*
 * What the files of the uicc driver share; nobody else includes this. What each
 * method does is said in driver.h.
 */
#ifndef CA_CARD_DRV_UICC_H
#define CA_CARD_DRV_UICC_H

#include "pcsc/card/drv_iso.h"
#include "pcsc/card/uicc.h"

#define CA_UICC_APPS_MAX 4
#define CA_UICC_FCP_MAX 256

struct ca_uicc_state {
	struct ca_iso_state iso; /* first: see drv_iso.h */
	/* The applications of interest, and the one in use. */
	struct ca_uicc_entry apps[CA_UICC_APPS_MAX];
	size_t apps_n, app;
	bool open;       /* the channel is ours, the application selected ... */
	unsigned resets; /* ... since this reset */
	uint8_t channel; /* 0: the card has no other to give */
	uint8_t class_wim;            /* 80 where the application wants it */
	uint8_t fcp[CA_UICC_FCP_MAX]; /* of the application */
	size_t fcp_n;
	bool global_pin; /* one of our PINs outlives the channel */
	bool deep_pin;   /* one lives in a directory below the application */
	/* The security environment that TokenInfo names. */
	bool has_se, se_is_wim;
	uint8_t se;
	/* The last signature's key and attempt are still set on our channel;
	 * refused: the card does not keep them. */
	bool kept, kept_refused;
	uint8_t kept_key;
	struct ca_ref kept_path;
	unsigned kept_attempt;
};

/* ---- drv_uicc_dir.c ---- */

/* Finds the applications: EF.DIR on the basic channel or, where there is none,
 * by their names. CA_E_NOT_FOUND: none. */
ca_err ca_uicc_find(struct ca_tx *tx);
/* The serial number where TokenInfo has none: EF.ICCID. */
void ca_uicc_iccid(struct ca_tx *tx, struct ca_model *m);

/* ---- drv_uicc_channel.c ---- */

/* Whether our channel is open and was not lost with the card's power. */
bool ca_uicc_is_open(const struct ca_tx *tx);
ca_err ca_uicc_enter(struct ca_tx *tx);
/* Selects apps[app] on our channel; any login in it ends. */
ca_err ca_uicc_select_app(struct ca_tx *tx);
/* The class byte of commands inside the application from now on. */
void ca_uicc_use_class(struct ca_tx *tx, uint8_t class_wim);
/* Closes our channel, if there is one; false: the card keeps it open. */
bool ca_uicc_close(struct ca_tx *tx);
uint16_t ca_uicc_status(struct ca_tx *tx, uint16_t sw);
/* Whether our channel is gone, and another one open again: a step that spends
 * no PIN try may be repeated, once. */
bool ca_uicc_again(struct ca_tx *tx);

/* ---- drv_uicc_pin.c ---- */

/* Leaves in the model what may be used: neither the subscriber's PINs nor keys
 * that hang on them, no disabled PIN, and the PUK of the user's. */
void ca_uicc_settle_pins(struct ca_tx *tx, struct ca_model *m);
ca_err ca_uicc_pin_state(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_pin_state *out);
ca_err ca_uicc_verify(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd value, int *tries_left);
ca_err ca_uicc_change_pin(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, int *tries_left);
ca_err ca_uicc_unblock(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    int *tries_left);
ca_err ca_uicc_keying(struct ca_tx *tx, enum ca_order order,
    const struct ca_pin *pin, const struct ca_pin *puk, struct ca_keying *out);

/* ---- drv_uicc_sign.c ---- */

/* What the keys can do, and the environment they need. */
void ca_uicc_settle_keys(struct ca_tx *tx, struct ca_model *m);
ca_err ca_uicc_sign(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out);

#endif
