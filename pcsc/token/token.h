/*
 * One token: a card in a reader, what it holds, and what we know of its state.
 * This is the only door module/ has to a card.
 *
 * Locks: none here. The caller (a slot of module/core) holds its slot lock
 * across every call on one token. Different tokens may be used at once: each
 * has a connection of its own to the resource manager.
 *
 * The card is the truth. Login and tries left are asked from the card; what is
 * kept here is only whether *we* logged in since the card was last reset.
 *
 * Errors that every function on a token may give: CA_E_REMOVED (the card is
 * gone: close the token), CA_E_NO_SERVICE, CA_E_NO_READER, CA_E_BUSY, CA_E_IO,
 * CA_E_MALFORMED, CA_E_NOMEM, CA_E_BUG. A reset by another program and a
 * restart of pcscd are repaired inside when the same card (same serial) is
 * found again; the login is then lost and ca_token_logged_in() says so. If a
 * different card is found: CA_E_REMOVED.
 */
#ifndef CA_TOKEN_H
#define CA_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"
#include "pcsc/card/model.h"
#include "pcsc/transport/transport.h"

struct ca_config;   /* pcsc/conf/config.h */
struct ca_profiles; /* pcsc/card/profile.h */
struct ca_token;

/*
 * Opens the card in `reader`, finds its family (ATR, then at most 3 APDUs) and
 * reads its directories. CA_E_UNSUPPORTED: a card, but none of ours; it is
 * left alone. CA_E_NO_CARD: the reader is empty. All pointers are borrowed for
 * the life of the token.
 */
ca_err ca_token_open(const struct ca_transport *tp,
    const struct ca_profiles *profiles, const struct ca_config *config,
    const char *reader, struct ca_token **out);

/* Closes the token; the card keeps its state. Sets *t to NULL. */
void ca_token_free(struct ca_token **t);

/* In a forked child: frees the memory, says nothing to the parent's card. */
void ca_token_forget(struct ca_token **t);

/*
 * What is on the token. Borrowed, and valid until the next call that takes the
 * token as a non-const argument. The arrays keep their order and entries for
 * the life of the token, except that they may grow at ca_token_load_public(),
 * ca_token_load_data() and after a login (ca_token_generation() then differs).
 */
const struct ca_model *ca_token_model(const struct ca_token *t);

/* The family of the card: the name of its profile. Borrowed for the life of the
 * token; NULL while pcscd is away. */
const char *ca_token_family(const struct ca_token *t);

/* Changes whenever the model was read anew and indexes into it are void. */
unsigned ca_token_generation(const struct ca_token *t);

/* Whether we logged in with this role and the card was not reset since. Asks
 * nothing from the card. */
bool ca_token_logged_in(const struct ca_token *t, enum ca_pin_role role);

/* One transaction without a command: is the same card still there? */
ca_err ca_token_check(struct ca_token *t);

/* Tries left of a PIN, from the card, at the cost of no try (1 APDU). */
ca_err ca_token_pin_state(struct ca_token *t, const struct ca_pin *pin,
    struct ca_pin_state *out);

/*
 * Whether orders may spend a PIN's last try from now on, until this is called
 * again; false at first. The caller takes it back after the order it is for:
 * here it stands for all. ca_token_ordered_last() is what was said last,
 * ca_token_spends_last() whether that or the configuration lets it be spent.
 */
void ca_token_spend_last(struct ca_token *t, bool may);
bool ca_token_ordered_last(const struct ca_token *t);
bool ca_token_spends_last(const struct ca_token *t);

/*
 * Orders one VERIFY with the PIN in `value`. At most one try is spent, and
 * none when the answer is CA_E_PIN_LEN, CA_E_PIN_LAST (one try left and nothing
 * allows spending it: ca_token_spends_last()) or CA_E_PIN_BLOCKED found by the
 * query before. *after gets the state after the call as far as it is known,
 * on every path.
 */
ca_err ca_token_login(struct ca_token *t, const struct ca_pin *pin,
    struct ca_rd value, struct ca_pin_state *after);

/*
 * The same with a PIN that the holder keys in at the reader; blocks until that
 * is done. Besides: CA_E_CANCELLED (the holder cancelled or did nothing in
 * time; no try is spent), CA_E_PIN_LEN (the reader did not take so few or many
 * digits; none either), CA_E_REFUSED (the reader does not take the order),
 * CA_E_UNSUPPORTED: see ca_token_can(), nothing was sent.
 */
ca_err ca_token_login_keyed(struct ca_token *t, const struct ca_pin *pin,
    struct ca_pin_state *after);

/*
 * Sets a new PIN, the old one being proven to the card. As with a login at most
 * one try is spent, and none when a length is wrong (CA_E_PIN_LEN), one try is
 * left (CA_E_PIN_LAST) or none (CA_E_PIN_BLOCKED). CA_E_UNSUPPORTED: this
 * family has no known way. *after is the PIN's state as far as it is known.
 */
ca_err ca_token_change_pin(struct ca_token *t, const struct ca_pin *pin,
    struct ca_rd old_value, struct ca_rd new_value, struct ca_pin_state *after);

/* The same with both PINs keyed in at the reader, the new one twice. Besides
 * what ca_token_login_keyed() says, CA_E_DATA: the new ones differ. */
ca_err ca_token_change_pin_keyed(struct ca_token *t, const struct ca_pin *pin,
    struct ca_pin_state *after);

/*
 * Sets a new value of `pin`, blocked or not, by its PUK. The same rules hold
 * for the PUK's tries; *after is the PUK's state.
 */
ca_err ca_token_unblock(struct ca_token *t, const struct ca_pin *puk,
    struct ca_rd puk_value, const struct ca_pin *pin, struct ca_rd new_value,
    struct ca_pin_state *after);

/* The same with PUK and PIN keyed in, as above. A PUK that the card holds
 * verified is not asked for again. */
ca_err ca_token_unblock_keyed(struct ca_token *t, const struct ca_pin *puk,
    const struct ca_pin *pin, struct ca_pin_state *after);

/* What may be asked of this token, as far as its family and its directories
 * tell; nothing is sent. All false while pcscd is away. */
struct ca_token_can {
	bool change_pin;    /* the user's */
	bool unblock;       /* ... by a PUK */
	uint32_t generates; /* CA_GEN_BIT()s of key pairs it makes */
	/* These orders with the user's PIN, by keypad: the reader has one that
	 * fits, the configuration lets it be used, and the PIN's form can be
	 * keyed in. */
	bool keyed[CA_ORDER_COUNT];
};
struct ca_token_can ca_token_can(const struct ca_token *t);

/* Whether the card may stand open by what was verified through this token, also
 * where no login is believed to stand any more: ca_token_logout() is due. */
bool ca_token_is_open(const struct ca_token *t);

/* Ends the right to sign on the card itself, for all PINs. */
ca_err ca_token_logout(struct ca_token *t);

/*
 * The certificate certs[index] as DER: read from the card on first use. The
 * view lives until the token is next changed. CA_E_NOT_FOUND: what lies there
 * is no certificate.
 */
ca_err ca_token_cert(struct ca_token *t, size_t index, struct ca_rd *der);

/*
 * The key that a certificate (exactly one DER element) is for, by its public
 * key. CA_E_NOT_FOUND: none of this token's; CA_E_MALFORMED: no certificate.
 */
ca_err ca_token_key_of_cert(struct ca_token *t, struct ca_rd der,
    size_t *index);

/*
 * Whether the card itself says that its user may write over the certificate of
 * some key: what ca_token_import_cert() goes by, asked without a login and
 * without writing. A few commands where the family can write at all, none
 * elsewhere.
 */
ca_err ca_token_writes_certs(struct ca_token *t, bool *writes);

/*
 * Writes the renewed certificate of keys[key] over the old one on the card,
 * which is certs[*index] then as before; it is read back and compared. The
 * model's certificates have changed (ca_token_generation()). CA_E_UNSUPPORTED:
 * the card cannot or may not, has no room or no old one, nobody is logged in,
 * or the certificate renews nothing (it is the same, or it ends before the old
 * one): nothing was written.
 */
ca_err ca_token_import_cert(struct ca_token *t, size_t key, struct ca_rd der,
    size_t *index);

/* The public half of keys[index] as DER SubjectPublicKeyInfo, from the
 * certificate with its id or from the card's public key file. CA_E_NOT_FOUND:
 * the card shows none. */
ca_err ca_token_key_spki(struct ca_token *t, size_t index, struct ca_rd *spki);

/* Reads the PuKDF and its keys (once) so that model->pubs is complete. */
ca_err ca_token_load_public(struct ca_token *t);

/* Reads the DODF and its values (once) so that model->data is complete. A
 * private value that needs a login stays unread. */
ca_err ca_token_load_data(struct ca_token *t);

/*
 * Lets the card show what of `algs` (CA_ALG_BIT()s) is among the key's
 * `unproven`: one raw RSA operation on a random block, compared with what the
 * public key makes of it. It spends no try and changes nothing on the card. The
 * algorithm moves to the key's `algs` when it was right, and is forgotten when
 * it was not, as long as this connection lasts. CA_E_AUTH_NEEDED: that wants a
 * login first, or the login is gone; nothing is decided. A key that wants a PIN
 * of its own for each use has nothing to show it with. Nothing is sent where
 * nothing is unproven.
 */
ca_err ca_token_prove(struct ca_token *t, size_t index, uint32_t algs);

/*
 * Uses private key keys[index] for `alg` (one of its model->algs bits) and
 * checks the signature with the public key before it is given out.
 * CA_E_AUTH_NEEDED: the right to use the key is not there (login flag is
 * cleared). CA_E_BAD_SIGNATURE: the card's result was wrong and is wiped.
 */
ca_err ca_token_sign(struct ca_token *t, size_t index, enum ca_alg alg,
    struct ca_rd in, struct ca_wr *out);

/*
 * ECDH of keys[index] with the point 04 X Y, which the caller has found to be
 * on the key's curve: a card that multiplies another tells its key. Errors as
 * of ca_token_sign(); CA_E_BAD_SIGNATURE: the result is of the wrong length or
 * no coordinate on the curve.
 */
ca_err ca_token_derive(struct ca_token *t, size_t index, struct ca_rd point,
    struct ca_wr *out);

/* Deciphers with keys[index]; alg is one of the CA_ALG_*_DEC_*. */
ca_err ca_token_decipher(struct ca_token *t, size_t index, enum ca_alg alg,
    struct ca_rd in, struct ca_wr *out);

/*
 * Has the card make a key pair, the user being logged in, and names it in the
 * card's directories: its private half last, and nothing that was there is
 * touched, so that whatever interrupts it loses no key. Of *order the kind, id
 * (n 0: the hash of the public key), label and usages are read. On success the
 * model was read anew (ca_token_generation()) and keys[*index] is the key.
 * CA_E_UNSUPPORTED: see ca_token_can(); CA_E_DATA: something on the token has
 * that id; CA_E_NO_SPACE: no room for it, nothing was made; CA_E_AUTH_NEEDED.
 * After any other error the card may hold a key that no directory names.
 */
ca_err ca_token_generate(struct ca_token *t, const struct ca_keygen *order,
    size_t *index);

/* n random bytes from the card; CA_E_UNSUPPORTED when it has no generator. */
ca_err ca_token_random(struct ca_token *t, struct ca_wr *out, size_t n);

#endif
