/*
 * Certificates among the objects that are kept on the host. One is told to be
 * for a key of the token by its public key alone: it then has that key's
 * CKA_ID, by which programs find the one for the other (and which the profile
 * "Public Certificates Token" promises them). All others (those of
 * authorities) have what their maker gave them. Slot lock held.
 */
#ifndef CA_CORE_STORED_CERT_H
#define CA_CORE_STORED_CERT_H

#include <stdbool.h>

#include "module/core/attrs.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"

struct ca_slot;

/*
 * Whether the certificate's CKA_ID is that of a key whose certificate it is
 * not: programs would take it for that key's. So it may not be made, and is
 * not shown when it lies there since the token got other keys. Attributes of
 * another class are never false friends.
 */
CA_MUST_CHECK ca_err ca_stored_cert_false(struct ca_slot *s,
    const struct ca_attrs *a, bool *is_false);

/*
 * A new certificate: adds what its maker left out (CKA_ISSUER,
 * CKA_SERIAL_NUMBER, CKA_PUBLIC_KEY_INFO), gives one for a key of the token
 * that key's CKA_ID in place of any other (NSS and GnuTLS compute one of their
 * own), and has the card take it where that can be.
 *
 * *on_card is the card's object then, else CK_INVALID_HANDLE. CKR_ATTRIBUTE_
 * VALUE_INVALID: CKA_VALUE is no certificate. CKR_TEMPLATE_INCONSISTENT: see
 * above. What a card that fails says.
 */
CA_MUST_CHECK CK_RV ca_stored_cert_new(struct ca_slot *s, struct ca_attrs *a,
    CK_OBJECT_HANDLE *on_card);

/* Whether an object may go over to these attributes: a certificate of a key
 * keeps its CKA_ID, no other gets a key's. CKR_TEMPLATE_INCONSISTENT; what a
 * card that fails says. */
CA_MUST_CHECK CK_RV ca_stored_cert_changed(struct ca_slot *s,
    const struct ca_attrs *a);

#endif
