/* Secret keys with the uses that a case names, for wrapping and for attacks. */
#ifndef CF_WRAP_H
#define CF_WRAP_H

#include "tests/conformance/cf.h"

#define CF_WRAP_OUT 4096

/*
 * A secret session key. `what`: one letter for each attribute that the template
 * names, upper case for true: w CKA_WRAP, u CKA_UNWRAP, e CKA_ENCRYPT, d
 * CKA_DECRYPT, v CKA_DERIVE, s CKA_SENSITIVE, x CKA_EXTRACTABLE, t
 * CKA_WRAP_WITH_TRUSTED, g CKA_SIGN. With a value it is created, else
 * generated.
 */
CK_RV cf_wrap_secret(struct cf *c, CK_KEY_TYPE type, const uint8_t *value,
    CK_ULONG n, const char *what, CK_OBJECT_HANDLE *out);

/* The attributes that `what` names; how many. */
CK_ULONG cf_wrap_flags(const char *what, CK_ATTRIBUTE *t);

/* C_UnwrapKey into a secret key; len 0: the template tells no length. */
CK_RV cf_wrap_unwrap(struct cf *c, CK_MECHANISM *m, CK_OBJECT_HANDLE by,
    CK_BYTE *in, CK_ULONG n, CK_KEY_TYPE type, CK_ULONG len, const char *what,
    CK_OBJECT_HANDLE *out);

/* C_WrapKey into a buffer of CF_WRAP_OUT. */
CK_RV cf_wrap_wrap(struct cf *c, CK_MECHANISM *m, CK_OBJECT_HANDLE by,
    CK_OBJECT_HANDLE key, CK_BYTE *out, CK_ULONG *n);

/* The mechanism with a parameter that serves for wrapping; static storage. */
CK_MECHANISM *cf_wrap_mech(CK_MECHANISM_TYPE type);

/* The private key of c->key, if it unwraps by this mechanism. CF_SKIP. */
CK_RV cf_wrap_needs(struct cf *c, CK_MECHANISM_TYPE type);

#endif
