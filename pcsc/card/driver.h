/*
 * A family of cards: a short list of what it does otherwise than ISO/IEC 7816.
 *
 * Every method gets a tx, a card inside an open PC/SC transaction; only card.c
 * can make one, so no driver can forget the transaction. A NULL method means
 * "this family cannot". Drivers keep no state outside state_size bytes, which
 * card.c zeroes before open() and wipes after the last use.
 *
 * Answers from a card are views over what arrived; a number in them is checked
 * before it sizes or indexes anything.
 */
#ifndef CA_CARD_DRIVER_H
#define CA_CARD_DRIVER_H

#include "pcsc/base/buf.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/remote.h"
#include "pcsc/base/secret.h"
#include "pcsc/base/wr.h"
#include "pcsc/card/model.h"
#include "pcsc/card/profile.h"
#include "pcsc/transport/pinpad.h"

struct ca_card;

/* The commands of an order whose values are keyed in at the reader, in turn.
 * With two of them the first is a VERIFY that the second one needs. */
struct ca_keying {
	struct ca_entry steps[2];
	size_t n;
};

/* A card in a transaction. The pointers are card.c's. */
struct ca_tx {
	struct ca_card *card;
	const struct ca_profile *profile;
	void *state; /* the driver's */
	/* The application was selected in this transaction, so nobody can have
	 * selected another one since. */
	bool entered;
	/* Something showed that it is not the current one: enter() must not
	 * take it for selected, whatever it remembers. */
	bool lost;
};

struct ca_driver {
	const char *name; /* what a profile's `driver` key says */
	size_t state_size;
	bool passive; /* a profile needs no application for it */

	/* Is the card in the reader of this family? The profile's ATR (if it
	 * has one) matched already; at most one APDU. */
	ca_err (*claims)(struct ca_tx *tx);
	/* Makes the application the current one. */
	ca_err (*enter)(struct ca_tx *tx);
	/* Gives back what the card keeps for us alone (a logical channel),
	 * before the card is closed. May be NULL. */
	void (*close)(struct ca_tx *tx);
	/* A status word as the family means it, in the words of ISO/IEC 7816-4:
	 * what every step of the card sees instead of `sw`. Sends nothing. May
	 * be NULL. */
	uint16_t (*status)(struct ca_tx *tx, uint16_t sw);
	/* Reads what is on the card: PINs, keys, certificate entries. */
	ca_err (*describe)(struct ca_tx *tx, struct ca_model *out);
	/* Adds the public keys, or the data objects, to the model. */
	ca_err (*describe_public)(struct ca_tx *tx, struct ca_model *io);
	ca_err (*describe_data)(struct ca_tx *tx, struct ca_model *io);
	/* Reads a certificate: one DER element. */
	ca_err (*read_cert)(struct ca_tx *tx, const struct ca_ref *ref,
	    struct ca_buf *out);
	/* Reads n bytes of that file from `offset`; fewer at its end. */
	ca_err (*read_part)(struct ca_tx *tx, const struct ca_ref *ref,
	    size_t offset, size_t n, struct ca_buf *out);
	/* Tries left, at the cost of no try. */
	ca_err (*pin_state)(struct ca_tx *tx, const struct ca_pin *pin,
	    struct ca_pin_state *out);
	/* One VERIFY. CA_E_PIN_LEN before anything is sent when the value
	 * cannot be right; *tries_left is -1 where the card does not tell. */
	ca_err (*verify)(struct ca_tx *tx, const struct ca_pin *pin,
	    struct ca_rd value, int *tries_left);
	/* Sets a new value, proving the old one to the card: a wrong old value
	 * costs a try and changes nothing. Lengths are checked first. */
	ca_err (*change_pin)(struct ca_tx *tx, const struct ca_pin *pin,
	    struct ca_rd old_value, struct ca_rd new_value, int *tries_left);
	/* Sets a new value of `pin` and its tries anew by the right of `puk`.
	 * *tries_left are those of the PUK. */
	ca_err (*unblock)(struct ca_tx *tx, const struct ca_pin *puk,
	    struct ca_rd puk_value, const struct ca_pin *pin,
	    struct ca_rd new_value, int *tries_left);
	/*
	 * Unblocking at a distance (pcsc/base/remote.h): how this card proves
	 * who may, CA_REMOTE_NONE: not at all as far as its facts are known.
	 * Sends nothing. NULL: no card of the family. With it go the next
	 * three, in this order and in one transaction; `puk` is the model's, or
	 * NULL where an administrator's key takes its place.
	 */
	enum ca_remote (*remote)(const struct ca_profile *pf);
	/* Tries left of what proves it, at the cost of none. */
	ca_err (*remote_state)(struct ca_tx *tx, const struct ca_pin *puk,
	    struct ca_pin_state *out);
	/* Looks whether a new value of `pin` can be set, and has the card make
	 * a challenge, ca_remote_size() bytes. It lasts until the next command
	 * to the card, whose ever that is: nothing may be sent before ... */
	ca_err (*remote_ask)(struct ca_tx *tx, const struct ca_pin *pin,
	    struct ca_wr *challenge);
	/* ... the answer to it, as long as the challenge, which costs a try of
	 * what it proves when it is wrong; then sets the new value and the
	 * tries of `pin`. *tries_left are those of what was proven. No error of
	 * the setting is CA_E_PIN_WRONG or CA_E_PIN_BLOCKED. */
	ca_err (*remote_set)(struct ca_tx *tx, const struct ca_pin *puk,
	    const struct ca_pin *pin, struct ca_rd answer,
	    struct ca_rd new_value, int *tries_left);
	/*
	 * Describes verify(), change_pin() and unblock() for a reader with a
	 * keypad: where in which command the values go. Sends no PIN command
	 * itself; the DF that they want is current afterwards. `puk` is NULL
	 * but for CA_ORDER_UNBLOCK. CA_E_UNSUPPORTED, and NULL as the method:
	 * the form of this PIN is not one that a keypad can fill in, or the
	 * order is not one for it.
	 */
	ca_err (*keying)(struct ca_tx *tx, enum ca_order order,
	    const struct ca_pin *pin, const struct ca_pin *puk,
	    struct ca_keying *out);
	/* One of those commands. The reader's own words are those of
	 * ca_pinpad_enter(). NULL where keying() is. */
	ca_err (*key_in)(struct ca_tx *tx, const struct ca_entry *entry,
	    int *tries_left);
	/* Ends the right to use keys, if the card has a command for it. NULL:
	 * card.c resets the card. */
	ca_err (*logout)(struct ca_tx *tx);
	/* Uses a key. A family may know several ways of doing `alg`: attempt
	 * counts them from 0, and CA_E_NOT_FOUND ends the list before anything
	 * is sent. The result is not checked here: token.c does. */
	ca_err (*sign)(struct ca_tx *tx, const struct ca_key *key,
	    enum ca_alg alg, unsigned attempt, struct ca_rd in,
	    struct ca_wr *out);
	ca_err (*decipher)(struct ca_tx *tx, const struct ca_key *key,
	    enum ca_alg alg, unsigned attempt, struct ca_rd in,
	    struct ca_wr *out);
	/*
	 * Whether the card says by its access rules that the holder of `pin`
	 * may write over the certificate in this file, and the bytes that have
	 * room there. The file is current afterwards. CA_E_UNSUPPORTED: the
	 * card says no, or does not say. NULL where write_cert() is.
	 */
	ca_err (*cert_room)(struct ca_tx *tx, const struct ca_pin *pin,
	    const struct ca_ref *ref, size_t *size);
	/*
	 * Writes a certificate over the one in this file, where the card says
	 * by its access rules that the holder of `pin` may; the PIN is
	 * verified already. It is read back and compared; when it does not
	 * compare, the old one is written back. CA_E_UNSUPPORTED: the card
	 * says no, or does not say: nothing was written. CA_E_NO_SPACE: it
	 * does not fit: nothing was written.
	 */
	ca_err (*write_cert)(struct ca_tx *tx, const struct ca_pin *pin,
	    const struct ca_ref *ref, struct ca_rd der);
	/*
	 * Makes a key pair; the user's PIN `pin` is verified already. Before
	 * the card is asked to, there must be a reference that no entry of its
	 * directories names, and room in them. Nothing that was there is
	 * touched. `pub` gets the public half as a card's files hold it
	 * (ca_p15_spki() reads it), *reference what names the key.
	 * CA_E_UNSUPPORTED: not this kind, or a directory is not understood,
	 * CA_E_NO_SPACE: nothing was made.
	 */
	ca_err (*generate)(struct ca_tx *tx, const struct ca_pin *pin,
	    const struct ca_keygen *g, uint8_t *reference, struct ca_buf *pub);
	/*
	 * Names such a key pair in the directories: the file of its public half
	 * first, the entry of the private key last, so that the key is seen
	 * whole or not at all. What was written is read back. NULL where
	 * generate() is.
	 */
	ca_err (*list_key)(struct ca_tx *tx, const struct ca_pin *pin,
	    const struct ca_keygen *g, uint8_t reference, struct ca_rd pub);
	/* Appends n random bytes. */
	ca_err (*random)(struct ca_tx *tx, struct ca_wr *out, size_t n);
};

/* The driver a profile names, or NULL. */
const struct ca_driver *ca_registry_driver(const char *name);

#endif
