/*
 * A list of attribute values: what a session object consists of. Values are
 * copies, and wiped when they go: some of them are keys. What may be secret
 * (ca_schema_may_hide()) lies in locked memory.
 *
 * Zero-initialise (struct ca_attrs a = {0}) and end with ca_attrs_free().
 */
#ifndef CA_CORE_ATTRS_H
#define CA_CORE_ATTRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

struct ca_attrs_entry {
	CK_ATTRIBUTE_TYPE type;
	uint8_t *p; /* NULL when n is 0 */
	size_t n;
	bool locked; /* p is of locked.h */
};

struct ca_attrs {
	struct ca_attrs_entry *v;
	size_t n, cap;
	size_t bytes; /* of all values */
};

/* The value, borrowed until the list changes; false when there is none. */
CA_MUST_CHECK bool ca_attrs_get(const struct ca_attrs *a,
    CK_ATTRIBUTE_TYPE type, struct ca_rd *out);
/* The same; empty when there is none. */
struct ca_rd ca_attrs_value(const struct ca_attrs *a, CK_ATTRIBUTE_TYPE type);
bool ca_attrs_has(const struct ca_attrs *a, CK_ATTRIBUTE_TYPE type);

/* A truth value; false when it is not there. */
bool ca_attrs_flag(const struct ca_attrs *a, CK_ATTRIBUTE_TYPE type);

/* A number; CK_UNAVAILABLE_INFORMATION when it is not there. */
CK_ULONG ca_attrs_number(const struct ca_attrs *a, CK_ATTRIBUTE_TYPE type);

/* Adds or replaces a value; `value` may be a view of another one of the list.
 * CA_E_NOMEM
 * leaves the list as it was. */
CA_MUST_CHECK ca_err ca_attrs_put(struct ca_attrs *a, CK_ATTRIBUTE_TYPE type,
    struct ca_rd value);
CA_MUST_CHECK ca_err ca_attrs_put_flag(struct ca_attrs *a,
    CK_ATTRIBUTE_TYPE type, bool value);
CA_MUST_CHECK ca_err ca_attrs_put_number(struct ca_attrs *a,
    CK_ATTRIBUTE_TYPE type, CK_ULONG value);

/* Adds or replaces all of `from`. */
CA_MUST_CHECK ca_err ca_attrs_put_all(struct ca_attrs *a,
    const struct ca_attrs *from);

/* Wipes and frees everything. Safe on an empty list, and twice. */
void ca_attrs_free(struct ca_attrs *a);

#endif
