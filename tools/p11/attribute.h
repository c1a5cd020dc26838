/*
 * Attributes of objects, read into memory of the caller or of the heap.
 */
#ifndef CA_P11_ATTRIBUTE_H
#define CA_P11_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "pcsc/base/buf.h"
#include "tools/p11/module.h"

#define CA_ATTRIBUTE_MAX 65536 /* bytes of a value */

/* Finds at most `max` objects; the number found, 0 on any failure. */
size_t ca_p11_find(const struct ca_p11 *p, CK_SESSION_HANDLE s,
    CK_ATTRIBUTE *want, CK_ULONG n, CK_OBJECT_HANDLE *out, size_t max);

/* A number. False: it has none, or it is not known. */
bool ca_p11_number(const struct ca_p11 *p, CK_SESSION_HANDLE s,
    CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, CK_ULONG *out);

/* A value of any length; *out is the caller's, replaced. False: there is none,
 * or it is longer than CA_ATTRIBUTE_MAX. */
bool ca_p11_value(const struct ca_p11 *p, CK_SESSION_HANDLE s,
    CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, struct ca_buf *out);

#endif
