/*
 * The steps every family shares (ISO/IEC 7816-4, -8). Clause numbers are those
 * of 7816-4:2005 unless another part is named. A step sends one command and
 * what belongs to it, maps the status word and nothing more.
 */
#ifndef CA_CARD_ISO7816_H
#define CA_CARD_ISO7816_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/buf.h"
#include "pcsc/card/driver.h"

/* Largest file we read: offsets of READ BINARY have 15 bits (7.2.3). */
#define CA_FILE_MAX 32768

/* When to stop reading a transparent file. */
enum ca_until {
	CA_UNTIL_END,     /* the end of the file */
	CA_UNTIL_DER,     /* the end of the one DER element it begins with */
	CA_UNTIL_PADDING, /* padding where a next data object should begin */
};

/* What SELECT told about a file; 0 where it told nothing. */
struct ca_fcp {
	size_t size; /* bytes, tag 80 or else 81 */
};

/* SELECT by name (7.1.1, P1 04), first occurrence. */
ca_err ca_iso_select_aid(struct ca_tx *tx, struct ca_rd aid);

/* SELECT with this P1 and the profile's P2; `fcp` may be NULL. */
ca_err ca_iso_select(struct ca_tx *tx, uint8_t p1, struct ca_rd file,
    struct ca_fcp *fcp);

/*
 * Reads the selected transparent file from its start. `size` is its size where
 * known, else 0. Ends at CA_FILE_MAX whatever the card says, and after
 * a bounded number of commands. `out` gets what was read.
 */
ca_err ca_iso_read(struct ca_tx *tx, size_t size, enum ca_until until,
    struct ca_buf *out);

/* Selects the file that a reference names, by the profile's way of selecting;
 * `fcp` may be NULL. For iso_file.c: others read it, or ca_iso_select_ref(). */
ca_err ca_iso_find_(struct ca_tx *tx, const struct ca_ref *ref,
    struct ca_fcp *fcp);

/* Where a file lies, by the profile's way of selecting; then reads it. */
ca_err ca_iso_read_ref(struct ca_tx *tx, const struct ca_ref *ref,
    enum ca_until until, struct ca_buf *out);

/* Makes what a reference names the current file; an empty one changes nothing.
 * Files of the application are looked for anew afterwards. */
ca_err ca_iso_select_ref(struct ca_tx *tx, const struct ca_ref *ref);

/*
 * Reads a file without structure of which `n` bytes matter (0: not known). It
 * may be longer, filled with zeros: ends there, or where it ends itself. What
 * is there beyond n and is not zero is read as well.
 */
ca_err ca_iso_read_front(struct ca_tx *tx, const struct ca_ref *ref, size_t n,
    struct ca_buf *out);

/* Reads n bytes (at most 256) of a file from `offset`, in one command. */
ca_err ca_iso_read_part(struct ca_tx *tx, const struct ca_ref *ref,
    size_t offset, size_t n, struct ca_buf *out);

/* UPDATE BINARY of the selected file from its start (7.2.5), in parts. */
ca_err ca_iso_update(struct ca_tx *tx, struct ca_rd data);

/* VERIFY without data: the state of a reference (7.5.6). */
ca_err ca_iso_pin_state(struct ca_tx *tx, uint8_t reference,
    struct ca_pin_state *out);

/* VERIFY with a block already in the card's form. */
ca_err ca_iso_verify(struct ca_tx *tx, uint8_t reference, struct ca_rd block,
    int *tries_left);

/* CHANGE REFERENCE DATA with the old and the new block (7.5.7, P1 00). */
ca_err ca_iso_change(struct ca_tx *tx, uint8_t reference,
    struct ca_rd old_block, struct ca_rd new_block, int *tries_left);

/*
 * RESET RETRY COUNTER (7.5.10). With `puk` both blocks go in one command
 * (P1 00) and a wrong PUK costs one of its tries; without (n 0) the PUK was
 * verified before (P1 02).
 */
ca_err ca_iso_reset_retry(struct ca_tx *tx, uint8_t reference, struct ca_rd puk,
    struct ca_rd new_block, int *tries_left);

/* One of these three commands with values that the holder keys in. The reader's
 * own words are those of ca_pinpad_enter(). */
ca_err ca_iso_key_in(struct ca_tx *tx, const struct ca_entry *entry,
    int *tries_left);

/* EXTERNAL AUTHENTICATE (7.5.4) without data: the tries of a key. */
ca_err ca_iso_external_state(struct ca_tx *tx, uint8_t algorithm,
    uint8_t reference, struct ca_pin_state *out);

/* ... with the answer to the challenge that the card made last. */
ca_err ca_iso_external(struct ca_tx *tx, uint8_t algorithm, uint8_t reference,
    struct ca_rd answer, int *tries_left);

/*
 * MANAGE SECURITY ENVIRONMENT SET for a way and a key (7.5.11).
 * CA_E_UNSUPPORTED, nothing sent, when the way wants the key's file and the key
 * names none.
 */
ca_err ca_iso_mse(struct ca_tx *tx, const struct ca_way *way,
    struct ca_rd alg_ref, const struct ca_key *key);

/* The command of a way, after MSE: `in` to the card, its answer to `out`. */
ca_err ca_iso_compute(struct ca_tx *tx, const struct ca_way *way,
    struct ca_rd in, size_t out_len, struct ca_wr *out);

/* GET CHALLENGE in pieces of `chunk` bytes (7.5.3), n bytes in all. */
ca_err ca_iso_random(struct ca_tx *tx, size_t chunk, size_t n,
    struct ca_wr *out);

#endif
