/*
 * Which attributes an object has that an application makes: one row for each,
 * per class and type, with what may be done to it. The rules are those of the
 * footnotes to the tables of PKCS#11 3.0, section 4 (table 13).
 */
#ifndef CA_CORE_SCHEMA_H
#define CA_CORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/attrs.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

/* The longest CKA_VALUE of a data object or certificate. Every other value is
 * CA_BUF_MAX at most. */
#define CA_VALUE_MAX (1024UL * 1024UL)

/* How a value is written. */
enum ca_shape {
	CA_SHAPE_FLAG,    /* CK_BBOOL */
	CA_SHAPE_NUMBER,  /* CK_ULONG */
	CA_SHAPE_NUMBERS, /* some of them */
	CA_SHAPE_DATE,    /* CK_DATE, or empty */
	CA_SHAPE_BYTES,
	CA_SHAPE_LARGE, /* bytes, up to CA_VALUE_MAX */
};

enum {
	CA_ROW_NEED = 1 << 0,      /* 1: C_CreateObject must be given it */
	CA_ROW_NO_CREATE = 1 << 1, /* 2: ... must not */
	CA_ROW_NEED_MADE = 1 << 2, /* 3: C_GenerateKey must be given it */
	CA_ROW_NO_MADE = 1 << 3,   /* 4, 6: neither it nor C_DeriveKey may */
	CA_ROW_SECRET = 1 << 4,    /* 7 */
	CA_ROW_SET = 1 << 5,       /* 8: C_SetAttributeValue, C_CopyObject */
	CA_ROW_COPY = 1 << 6,      /* C_CopyObject alone */
	CA_ROW_OFFICER = 1 << 7,   /* 10: true by the officer only */
	CA_ROW_UP = 1 << 8,        /* 11: true stays true */
	CA_ROW_DOWN = 1 << 9,      /* 12: false stays false */
	CA_ROW_OURS = CA_ROW_NO_CREATE | CA_ROW_NO_MADE,
};

/* What an object gets that was given no value. */
enum ca_default {
	CA_DEFAULT_NONE, /* it does not have the attribute then */
	CA_DEFAULT_EMPTY,
	CA_DEFAULT_FALSE,
	CA_DEFAULT_TRUE,
	CA_DEFAULT_ZERO,
};

struct ca_schema {
	CK_ATTRIBUTE_TYPE type;
	unsigned classes; /* bits of ca_schema_class() */
	unsigned types;   /* bits of ca_schema_type(); 0: all */
	enum ca_shape shape;
	unsigned rules; /* CA_ROW_ bits */
	enum ca_default otherwise;
};

/* The bit of an object class, or of the key or certificate type in a class;
 * 0: objects of that kind cannot be made here. */
unsigned ca_schema_class(CK_OBJECT_CLASS cls);
unsigned ca_schema_type(CK_OBJECT_CLASS cls, CK_ULONG type);

/* The attribute that tells the type in this class; CKA_CLASS for a class
 * without types. */
CK_ATTRIBUTE_TYPE ca_schema_type_attr(CK_OBJECT_CLASS cls);

/* The row for an attribute of objects like this, or NULL. */
const struct ca_schema *ca_schema_row(CK_ATTRIBUTE_TYPE type,
    CK_OBJECT_CLASS cls, CK_ULONG of_type);

/* The nth row for objects like this, or NULL after the last. */
const struct ca_schema *ca_schema_nth(CK_OBJECT_CLASS cls, CK_ULONG of_type,
    size_t n);

/* Whether any object has this attribute. */
bool ca_schema_known(CK_ATTRIBUTE_TYPE type);

/* Whether any object's value of this attribute may have to be hidden. */
bool ca_schema_may_hide(CK_ATTRIBUTE_TYPE type);

/* Whether a value has the row's shape: CKR_OK, CKR_ATTRIBUTE_VALUE_INVALID, or
 * CKR_DEVICE_MEMORY for one that is longer than is kept. */
CA_MUST_CHECK CK_RV ca_schema_check(const struct ca_schema *row,
    struct ca_rd value);

/* Whether a stored value must not be shown: by its row, and the object's
 * CKA_SENSITIVE and CKA_EXTRACTABLE. */
bool ca_schema_hides(const struct ca_schema *row, const struct ca_attrs *a);

#endif
