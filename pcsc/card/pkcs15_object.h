/*
 * What all entries of the directories of ISO/IEC 7816-15 have in common. Views
 * are of the bytes that were parsed.
 */
#ifndef CA_CARD_PKCS15_OBJECT_H
#define CA_CARD_PKCS15_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/card/model.h"

/* The parts of any object (7816-15, PKCS15Object). */
struct ca_p15_object {
	uint32_t tag;          /* which choice of its kind */
	struct ca_rd common;   /* commonObjectAttributes */
	struct ca_rd class;    /* class attributes */
	struct ca_rd subclass; /* [0], may be empty */
	struct ca_rd value;    /* what [1] holds, and ... */
	struct ca_rd type; /* ... in the SEQUENCE that is: empty without one */
};

struct ca_p15_common {
	char label[CA_LABEL_MAX];
	bool is_private;
	struct ca_id auth_id;
	uint32_t consent;
};

/* An Identifier; false: it is longer than any. */
CA_MUST_CHECK bool ca_p15_id(struct ca_rd r, struct ca_id *out);

/* Takes an entry apart. False: a part that is not optional is missing. */
CA_MUST_CHECK bool ca_p15_object(struct ca_rd body, uint32_t tag,
    struct ca_p15_object *o);

/* Reads o->common. */
CA_MUST_CHECK bool ca_p15_common(struct ca_rd r, struct ca_p15_common *out);

/* Takes a value off the front of *type: one that lies in a file (30 Path) goes
 * to *ref, one that stands here (A0 ..) to *direct; NULL: it may not. */
CA_MUST_CHECK bool ca_p15_value(struct ca_rd *type, struct ca_ref *ref,
    struct ca_buf *direct);

#endif
