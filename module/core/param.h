/*
 * What all readers of mechanism parameters share. The application's memory is
 * looked at, never kept.
 */
#ifndef CA_CORE_PARAM_H
#define CA_CORE_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

/* Copies a parameter that is one structure of n bytes.
 * CKR_MECHANISM_PARAM_INVALID: there is none, or it has another length. */
CA_MUST_CHECK CK_RV ca_param_copy(const CK_MECHANISM *given, void *out,
    size_t n);

/* A view of the application's bytes; false for NULL with a length, or for more
 * than CA_BUF_MAX. */
CA_MUST_CHECK bool ca_param_view(const void *p, CK_ULONG n, struct ca_rd *out);

#endif
