/*
 * The directory files of ISO/IEC 7816-15 (PKCS#15 v1.1), from bytes to the
 * model. No card is asked here: what a card said is hostile, and these are the
 * functions that tests and fuzzers feed.
 *
 * An entry that does not parse is skipped and logged, and the next one is
 * read: one odd object must not hide the key beside it. Unknown tags are
 * skipped. Objects beyond the model's maxima are dropped with a log line.
 */
#ifndef CA_CARD_PKCS15_PARSE_H
#define CA_CARD_PKCS15_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/card/model.h"

/* Entries of one directory file that are looked at, good or bad. */
#define CA_P15_ENTRIES_MAX 512

/* The kinds of directory, as their tag in the ODF. */
enum ca_p15_kind {
	CA_P15_PRKDF = 0xA0,
	CA_P15_PUKDF = 0xA1,
	CA_P15_PUKDF_TRUSTED = 0xA2,
	CA_P15_SKDF = 0xA3,
	CA_P15_CDF = 0xA4,
	CA_P15_CDF_TRUSTED = 0xA5,
	CA_P15_CDF_USEFUL = 0xA6,
	CA_P15_DODF = 0xA7,
	CA_P15_AODF = 0xA8,
};

#define CA_P15_DIRS_MAX 16

struct ca_p15_dir {
	enum ca_p15_kind kind;
	struct ca_ref ref;
};

/* The ODF: where the directories are. Objects written into the ODF itself go
 * straight to the model. */
struct ca_p15_odf {
	struct ca_p15_dir dirs[CA_P15_DIRS_MAX];
	size_t n;
};

/* CA_E_MALFORMED when not a single entry parses. */
ca_err ca_p15_parse_odf(struct ca_rd file, struct ca_p15_odf *out,
    struct ca_model *inline_to);

/* TokenInfo: label, serial, manufacturer, flags, supported algorithms. */
ca_err ca_p15_parse_token_info(struct ca_rd file, struct ca_model *io);

/* A directory file of the given kind; appends to the model. */
ca_err ca_p15_parse_dir(enum ca_p15_kind kind, struct ca_rd file,
    struct ca_model *io);

/* A Path; empty paths give a reference with path_n 0. */
ca_err ca_p15_parse_path(struct ca_rd body, struct ca_ref *out);

/*
 * A public key as cards keep them, RSAPublicKey or SubjectPublicKeyInfo, made
 * a DER SubjectPublicKeyInfo. RSA only where it is bare.
 */
ca_err ca_p15_spki(struct ca_rd file, struct ca_buf *spki);

/* The same from big-endian numbers. */
ca_err ca_p15_spki_rsa(struct ca_rd modulus, struct ca_rd exponent,
    struct ca_buf *spki);

/* A label: UTF-8 as it is, cut at a character's start where it is longer than
 * cap - 1 bytes; a NUL inside ends it, blanks at its end are dropped. */
void ca_p15_text(struct ca_rd r, char *out, size_t cap);

#endif
