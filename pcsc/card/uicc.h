/*
 * What a UICC says in EF.DIR and in its FCPs (ETSI TS 102 221), from bytes to
 * structures: what tests and fuzzers feed.
 */
#ifndef CA_CARD_UICC_H
#define CA_CARD_UICC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

#define CA_UICC_AID_MAX 16

/* The file descriptor of a record EF, tag 82 in an FCP: 42 21 hh ll nn.
 * False: no linear fixed file, or one without records. */
bool ca_uicc_records(struct ca_rd fcp_file, size_t *length, size_t *count);

enum ca_uicc_app {
	CA_UICC_OTHER,
	CA_UICC_PKCS15,
	CA_UICC_WIM,
};

#define CA_UICC_PATH_MAX 16

/* An application that EF.DIR tells about. */
struct ca_uicc_entry {
	enum ca_uicc_app kind;
	uint8_t aid[CA_UICC_AID_MAX];
	size_t aid_n;
	uint8_t path[CA_UICC_PATH_MAX]; /* from the MF; rarely there */
	size_t path_n;
};

/* One record of EF.DIR. CA_UICC_OTHER for empty records as well. */
void ca_uicc_dir_record(struct ca_rd record, struct ca_uicc_entry *out);

/* The entry of an application that is known by the name of its kind alone. */
void ca_uicc_name(enum ca_uicc_app kind, struct ca_uicc_entry *out);

/* Whether this is the FCP of the application with this AID, which may be the
 * shorter of the two: EF.DIR and the card need not cut it alike. */
bool ca_uicc_same_app(struct ca_rd fcp_file, struct ca_rd aid);

/*
 * Writes the path of a directory that the application's files name, for SELECT
 * from the MF (P1 08): 7FFF stands for the application (TS 102 221 clause
 * 8.4.1), and so do no path at all, 3F00, 5015 below it (WAP-260), and what
 * `app` and the application's FCP call it. True: it is another directory.
 */
bool ca_uicc_below(struct ca_rd fcp_file, const struct ca_uicc_entry *app,
    struct ca_rd path, struct ca_wr *out);

/* Digits of EF.ICCID as text: BCD with the nibbles swapped, until the first
 * that is none. */
void ca_uicc_bcd(struct ca_rd file, char *out, size_t cap);

enum ca_uicc_pin {
	CA_UICC_PIN_UNKNOWN,
	CA_UICC_PIN_ENABLED,
	CA_UICC_PIN_DISABLED,
};

/* The state of a key reference in the PIN status template, tag C6 of the FCP
 * of an application (TS 102 221 clause 9.5.2). */
enum ca_uicc_pin ca_uicc_pin_status(struct ca_rd fcp_file, uint8_t reference);

#endif
