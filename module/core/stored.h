/*
 * Token objects that live on the host: what programs make with CKA_TOKEN true
 * and the card has no place for (pcsc/token/objstore.h has the files). Public
 * data objects and X.509 certificates; they are session objects (sobject.h)
 * that belong to no session and are written down.
 *
 * The files are the truth: other processes make, change and remove them. Each
 * search, and each use of such an object, first looks whether they did.
 *
 * Everything here runs under the slot lock, with the slot's token open.
 */
#ifndef CA_CORE_STORED_H
#define CA_CORE_STORED_H

#include <stdbool.h>

#include "module/core/attrs.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"

struct ca_session;
struct ca_slot;
struct ca_sobject;

/* Whether objects can be kept for this token, as far as rights tell. */
bool ca_stored_usable(const struct ca_slot *s);

/* Brings the objects in line with the files; one lstat(2) when nothing changed.
 * Objects that stay keep their handles. */
CA_MUST_CHECK ca_err ca_stored_sync(struct ca_slot *s);

/*
 * Whether a token object with these attributes, CKA_TOKEN and CKA_PRIVATE among
 * them, may be made in this session. CKR_SESSION_READ_ONLY. CKR_TOKEN_WRITE_
 * PROTECTED: no class that is kept, or a private object, which a file would
 * show to anyone who can read it, or there is no place. CKR_USER_NOT_LOGGED_IN.
 * CKR_ATTRIBUTE_READ_ONLY: no officer guards a file, so nothing in it is
 * trusted.
 */
CA_MUST_CHECK CK_RV ca_stored_allowed(const struct ca_session *ss,
    const struct ca_attrs *a);

/*
 * Makes the object, of a complete list of attributes that is allowed and is
 * taken when the answer is CKR_OK. A certificate that renews one of the card
 * goes there where that can be, and *out is then the card's object.
 * CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT: see stored_cert.h.
 * CKR_DEVICE_MEMORY: too long, too many, or the disk is full.
 * CKR_TOKEN_WRITE_PROTECTED: no right to write. CKR_DEVICE_ERROR.
 */
CA_MUST_CHECK CK_RV ca_stored_add(struct ca_session *ss, struct ca_attrs *take,
    CK_OBJECT_HANDLE *out);

/* Gives one other attributes, all of them; as above. */
CA_MUST_CHECK CK_RV ca_stored_replace(struct ca_session *ss,
    struct ca_sobject *x, struct ca_attrs *take);

/* Ends one, with its file. */
CA_MUST_CHECK CK_RV ca_stored_remove(struct ca_session *ss,
    struct ca_sobject *x);

#endif
