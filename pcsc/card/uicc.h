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

#define CA_UICC_AID_MAX 16

/* The file descriptor of a record EF, tag 82 in an FCP: 42 21 hh ll nn.
 * False: no linear fixed file, or one without records. */
bool ca_uicc_records(struct ca_rd fcp_file, size_t *length, size_t *count);

enum ca_uicc_app {
	CA_UICC_OTHER,
	CA_UICC_PKCS15,
	CA_UICC_WIM,
};

/* One record of EF.DIR: whose application, and its AID (aid holds
 * CA_UICC_AID_MAX bytes). CA_UICC_OTHER for empty records as well. */
enum ca_uicc_app ca_uicc_dir_record(struct ca_rd record, uint8_t *aid,
    size_t *aid_n);

enum ca_uicc_pin {
	CA_UICC_PIN_UNKNOWN,
	CA_UICC_PIN_ENABLED,
	CA_UICC_PIN_DISABLED,
};

/* The state of a key reference in the PIN status template, tag C6 of the FCP
 * of an application (TS 102 221 clause 9.5.2). */
enum ca_uicc_pin ca_uicc_pin_status(struct ca_rd fcp_file, uint8_t reference);

#endif
