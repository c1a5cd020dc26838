/*
 * What an IAS-ECC card tells about its own rules, by reads alone: PIN objects,
 * security environments and the compact access rules of files (ISO/IEC 7816-4
 * clause 5.4.3; the tags as the implementers of IAS-ECC show them). Nothing
 * here spends a try or writes. What the card does not tell stays unknown.
 */
#ifndef CA_CARD_IASECC_H
#define CA_CARD_IASECC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/card/driver.h"

/* Access mode bits of a PIN object and of an EF. */
#define CA_AM_PIN_CHANGE 0x40
#define CA_AM_PIN_RESET 0x10
#define CA_AM_EF_UPDATE 0x02

enum ca_right {
	CA_RIGHT_UNKNOWN, /* the card does not say */
	CA_RIGHT_NEVER,   /* nobody, or only who has keys we do not have */
	CA_RIGHT_FREE,    /* anybody */
	CA_RIGHT_PIN,     /* whoever verified the PIN named in the SE */
};

/* A right, and which PIN gives it (CA_RIGHT_PIN; 0: any, or not told). */
struct ca_rule {
	enum ca_right right;
	uint8_t pin_reference;
};

struct ca_pin_object {
	size_t min, max; /* 7F41; 0 = not told */
	size_t stored;   /* control parameters; 0 = not told */
	unsigned tries_max;
	int tries_left; /* -1 = not told */
	struct ca_rule change, reset;
};

/* Asks for PIN object `reference` (1 to 31, without the local bit).
 * CA_E_NOT_FOUND: the card shows no such object. */
ca_err ca_iasecc_pin(struct ca_tx *tx, uint8_t reference,
    struct ca_pin_object *out);

/* The public half of RSA key `reference` as DER SubjectPublicKeyInfo, from the
 * object of its public key. CA_E_NOT_FOUND: the card shows none. */
ca_err ca_iasecc_public(struct ca_tx *tx, uint8_t reference,
    struct ca_buf *spki);

/* The rule for one access mode bit in a compact rule (the content of tag 8C),
 * its security environment looked up on the card. */
ca_err ca_iasecc_rule(struct ca_tx *tx, struct ca_rd compact, uint8_t bit,
    struct ca_rule *out);

/* The rule for updating the EF with this FID, and its size in bytes. Selects
 * it. CA_E_UNSUPPORTED: no control information. */
ca_err ca_iasecc_update_rule(struct ca_tx *tx, struct ca_rd fid,
    struct ca_rule *out, size_t *size);

/* The condition byte of one access mode bit; false: the bit is absent. For
 * tests and fuzzing of what hostile cards send. */
bool ca_iasecc_condition(struct ca_rd compact, uint8_t bit, uint8_t *scb);

#endif
