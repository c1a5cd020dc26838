/*
 * C_WrapKey and its kin: keys that leave or enter under another key. Slot lock
 * held. Inputs and outputs are the application's pointers; a length is in
 * bytes. Nothing here is an operation of the session.
 */
#ifndef CA_CORE_WRAP_H
#define CA_CORE_WRAP_H

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

struct ca_session;

/* C_WrapKey, and C_WrapKeyAuthenticated with its associated data. */
CA_MUST_CHECK CK_RV ca_wrap_key(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key, CK_BYTE *out,
    CK_ULONG *out_len);
CA_MUST_CHECK CK_RV ca_wrap_key_authenticated(struct ca_session *ss,
    const CK_MECHANISM *mech, CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key,
    const CK_BYTE *aad, CK_ULONG aad_len, CK_BYTE *out, CK_ULONG *out_len);

/* The new key, made from what a template says. */
struct ca_wrap_new {
	const CK_ATTRIBUTE *t;
	CK_ULONG n;
	CK_OBJECT_HANDLE *key; /* where its handle goes */
};

/* C_UnwrapKey, and C_UnwrapKeyAuthenticated. */
CA_MUST_CHECK CK_RV ca_unwrap_key(struct ca_session *ss,
    const CK_MECHANISM *mech, CK_OBJECT_HANDLE unwrapping, const CK_BYTE *in,
    CK_ULONG in_len, const struct ca_wrap_new *out);
CA_MUST_CHECK CK_RV ca_unwrap_key_authenticated(struct ca_session *ss,
    const CK_MECHANISM *mech, CK_OBJECT_HANDLE unwrapping, const CK_BYTE *in,
    CK_ULONG in_len, const CK_BYTE *aad, CK_ULONG aad_len,
    const struct ca_wrap_new *out);

/* C_DecapsulateKey by RSA. */
CA_MUST_CHECK CK_RV ca_decapsulate_rsa(struct ca_session *ss,
    const CK_MECHANISM *mech, CK_OBJECT_HANDLE private_key, struct ca_rd sent,
    const struct ca_wrap_new *new);

/* C_EncapsulateKey: a secret for whoever has the private half, sent as
 * `sent`; and C_DecapsulateKey. */
CA_MUST_CHECK CK_RV ca_encapsulate_key(struct ca_session *ss,
    const CK_MECHANISM *mech, CK_OBJECT_HANDLE public_key, CK_BYTE *sent,
    CK_ULONG *sent_len, const struct ca_wrap_new *out);
CA_MUST_CHECK CK_RV ca_decapsulate_key(struct ca_session *ss,
    const CK_MECHANISM *mech, CK_OBJECT_HANDLE private_key, const CK_BYTE *sent,
    CK_ULONG sent_len, const struct ca_wrap_new *out);

#endif
