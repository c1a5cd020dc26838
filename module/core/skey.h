/*
 * Session keys as operations see them: secret keys, and the public and private
 * keys that an application made, with the checks every xxxInit makes. Slot lock
 * held.
 *
 * They live as long as the token lies in the reader, so each function asks
 * first whether it still does, without sending anything to it. When it does
 * not, the answer is CKR_DEVICE_REMOVED, and operation and object are gone.
 */
#ifndef CA_CORE_SKEY_H
#define CA_CORE_SKEY_H

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

struct ca_session;
struct ca_slot;
struct ca_sobject;

/* In place of a type: every secret key. */
#define CA_SKEY_ANY CK_UNAVAILABLE_INFORMATION

/*
 * The secret key with this handle, if it is of `type`, may be used as `may`
 * (CKA_SIGN ...) and with op->mech; op then belongs to it. Borrowed. An HMAC
 * takes a key of its own type for a generic secret, and triple DES one of two
 * keys for one of three.
 * CKR_KEY_HANDLE_INVALID, CKR_KEY_TYPE_INCONSISTENT, CKR_MECHANISM_INVALID,
 * CKR_KEY_FUNCTION_NOT_PERMITTED.
 */
CA_MUST_CHECK CK_RV ca_skey_begin(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE h, CK_KEY_TYPE type, CK_ATTRIBUTE_TYPE may,
    const struct ca_sobject **out);

/* The same for a public key of a type that op->mech takes, whose
 * SubjectPublicKeyInfo is copied into the operation. */
CA_MUST_CHECK CK_RV ca_skey_begin_public(struct ca_session *ss,
    struct ca_op *op, const struct ca_sobject *x, CK_ATTRIBUTE_TYPE may);

/* The same for a private key: op->priv is it, op->bits its size, op->spki the
 * public half of an RSA key. `may` is CKA_SIGN, CKA_DECRYPT, CKA_UNWRAP ... */
CA_MUST_CHECK CK_RV ca_skey_begin_private(struct ca_session *ss,
    struct ca_op *op, const struct ca_sobject *x, CK_ATTRIBUTE_TYPE may);

/* CKR_USER_NOT_LOGGED_IN when op's key was private and the login it was begun
 * under is over. */
CA_MUST_CHECK CK_RV ca_skey_alive(struct ca_slot *s, const struct ca_op *op);

#endif
