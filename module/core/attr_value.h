/*
 * What the files share that fetch the values of attributes: giving them out,
 * and the fields of a certificate. Slot lock held.
 */
#ifndef CA_CORE_ATTR_VALUE_H
#define CA_CORE_ATTR_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/attr.h"
#include "module/crypto/x509.h"
#include "pcsc/base/err.h"

/* A number or a truth value, kept in *out. CA_OK. */
ca_err ca_attr_give_ulong(struct ca_attr_value *out, CK_ULONG v);
ca_err ca_attr_give_bool(struct ca_attr_value *out, bool v);

/* A text, borrowed and without its NUL. CA_OK. */
ca_err ca_attr_give_text(struct ca_attr_value *out, const char *text);

/* Reads certs[index] of the model, from the card on first use, and takes it
 * apart. The views live until the token is next changed. CA_E_NOT_FOUND: it
 * is no certificate. */
CA_MUST_CHECK ca_err ca_attr_parse_cert(struct ca_slot *s, size_t index,
    struct ca_rd *der, struct ca_x509 *x);

#endif
