/*
 * Attributes: a table of rows (type, which kinds of object have it, how its
 * value is had). Slot lock held.
 */
#ifndef CA_CORE_ATTR_H
#define CA_CORE_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module/core/object.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/buf.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

struct ca_slot;

/* A value: rd looks at one of the two others, or at the model. Begin with
 * zeroes, end with ca_attr_value_free(). */
struct ca_attr_value {
	struct ca_rd rd;
	union {
		CK_ULONG ulong;
		CK_BBOOL boolean;
		CK_DATE date;
		uint8_t bytes[4];
	} small;
	struct ca_buf own;
};

/* How the value is had. CA_E_NOT_FOUND: this object has no such value. */
typedef ca_err ca_attr_fetch(struct ca_slot *s, const struct ca_object *o,
    CK_ULONG arg, struct ca_attr_value *out);

enum ca_attr_flag {
	CA_ATTR_READS = 1 << 0,     /* may read a certificate or key file */
	CA_ATTR_SENSITIVE = 1 << 1, /* exists, and never leaves the card */
};

struct ca_attr {
	CK_ATTRIBUTE_TYPE type;
	unsigned kinds; /* CA_KIND_ bits */
	unsigned flags;
	ca_attr_fetch *fetch;
	CK_ULONG arg; /* for fetch */
};

/* The row for this type and kind, or NULL. */
const struct ca_attr *ca_attr_row(CK_ATTRIBUTE_TYPE type, enum ca_kind kind);

/* C_GetAttributeValue: every entry is treated. */
CK_RV ca_attr_get(struct ca_slot *s, CK_OBJECT_HANDLE h, CK_ATTRIBUTE *t,
    CK_ULONG n);

/* Whether the object's value equals the template's, byte for byte. */
CA_MUST_CHECK ca_err ca_attr_match(struct ca_slot *s, const struct ca_object *o,
    const CK_ATTRIBUTE *want, bool *same);

/* Whether objects of this kind can match the entry at all, by type and by
 * those values that all of the kind share. */
bool ca_attr_possible(enum ca_kind kind, const CK_ATTRIBUTE *want);

/* C_GetObjectSize. */
CK_RV ca_object_size(struct ca_slot *s, CK_OBJECT_HANDLE h, CK_ULONG *size);

void ca_attr_value_free(struct ca_attr_value *v);

/* attr_fetch.c, attr_cert.c, attr_key.c: what the rows (attr_rows.c) name;
 * `arg` is told with each. */
ca_attr_fetch ca_fetch_ulong;   /* arg itself */
ca_attr_fetch ca_fetch_bool;    /* arg itself */
ca_attr_fetch ca_fetch_empty;   /* a value of no bytes */
ca_attr_fetch ca_fetch_class;   /* by kind */
ca_attr_fetch ca_fetch_private; /* private keys behind a login */
ca_attr_fetch ca_fetch_label;
ca_attr_fetch ca_fetch_unique_id;
ca_attr_fetch ca_fetch_id;
ca_attr_fetch ca_fetch_index;    /* a profile, a mechanism */
ca_attr_fetch ca_fetch_category; /* of a certificate */
ca_attr_fetch ca_fetch_cert;     /* the field named by arg: CKA_VALUE ... */
ca_attr_fetch ca_fetch_date;     /* arg: CKA_START_DATE or CKA_END_DATE */
ca_attr_fetch ca_fetch_check;    /* first bytes of the SHA-1 */
ca_attr_fetch ca_fetch_data;     /* arg: CKA_VALUE, CKA_APPLICATION ... */
ca_attr_fetch ca_fetch_local;    /* whether a certificate is the host's */
ca_attr_fetch ca_fetch_key_type;
ca_attr_fetch ca_fetch_usage; /* arg: CA_USE_ bits, any of them */
ca_attr_fetch ca_fetch_able;  /* the same, and card and key can do it */
ca_attr_fetch ca_fetch_derive;
ca_attr_fetch ca_fetch_unwrap;
ca_attr_fetch ca_fetch_access; /* arg: CA_ACC_ bit */
ca_attr_fetch ca_fetch_keygen; /* the mechanism, if made on the card */
ca_attr_fetch ca_fetch_consent;
ca_attr_fetch ca_fetch_spki;       /* the whole SubjectPublicKeyInfo */
ca_attr_fetch ca_fetch_spki_field; /* arg: CKA_MODULUS, CKA_EC_POINT ... */
ca_attr_fetch ca_fetch_subject;    /* of a key */
ca_attr_fetch ca_fetch_for_type;   /* arg: key type; nothing, if it is that */
/* attr_token.c: of the object that is the token itself */
ca_attr_fetch ca_fetch_family;
ca_attr_fetch ca_fetch_tries;     /* arg: the role of the PIN */
ca_attr_fetch ca_fetch_tries_max; /* likewise */
ca_attr_fetch ca_fetch_can;
ca_attr_fetch ca_fetch_last_try;

#endif
