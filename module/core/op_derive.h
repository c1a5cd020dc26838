/*
 * The kinds of C_DeriveKey, one file each. Slot lock held. The answers are
 * those of C_DeriveKey; `b` is one of CA_BUILD_DERIVE, not begun yet, and the
 * caller frees it.
 */
#ifndef CA_CORE_OP_DERIVE_H
#define CA_CORE_OP_DERIVE_H

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

struct ca_build;
struct ca_mech;
struct ca_session;
struct ca_wrap_new;

/* op_ecdh.c: a private curve key and somebody's point. */
CA_MUST_CHECK CK_RV ca_derive_ecdh(struct ca_session *ss,
    const struct ca_mech *m, const CK_MECHANISM *given, CK_OBJECT_HANDLE base,
    struct ca_build *b, const CK_ATTRIBUTE *t, CK_ULONG n,
    CK_OBJECT_HANDLE *out);

/* C_DecapsulateKey: likewise, with the point that was sent; `b` is one of
 * CA_BUILD_UNWRAP. The answers are those of that function. */
CA_MUST_CHECK CK_RV ca_decapsulate_ecdh(struct ca_session *ss,
    const struct ca_mech *m, const CK_MECHANISM *given, CK_OBJECT_HANDLE base,
    struct ca_rd sent, struct ca_build *b, const struct ca_wrap_new *new);

/* op_kdf.c: one secret key of the session from another. */
CA_MUST_CHECK CK_RV ca_derive_secret(struct ca_session *ss,
    const struct ca_mech *m, const CK_MECHANISM *given, CK_OBJECT_HANDLE base,
    struct ca_build *b, const CK_ATTRIBUTE *t, CK_ULONG n,
    CK_OBJECT_HANDLE *out);

#endif
