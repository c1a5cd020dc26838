/* Derivations of secret keys, as rows say them. */
#ifndef CF_KDF_H
#define CF_KDF_H

#include "tests/conformance/made.h"
#include "tests/conformance/params.h"

/* Base keys of 32 bytes (CF_BASE_SHORT: 16), and who may read them. */
enum cf_base {
	CF_BASE_OPEN,
	CF_BASE_SENSITIVE,
	CF_BASE_KEPT,  /* not extractable */
	CF_BASE_SHORT, /* sensitive */
	CF_BASE_NO_DERIVE,
	CF_BASE_AES,
	CF_BASE_GENERATED, /* by the token, sensitive, not extractable */
	CF_BASE_TRUSTED,   /* wraps under trusted keys only */
};

#define CF_ANY_TYPE (~0UL)

/* One derivation: the mechanism with its parameter, and the template. */
struct cf_derive {
	CK_MECHANISM_TYPE type;
	const void *param;
	CK_ULONG param_n;
	CK_KEY_TYPE makes; /* CF_ANY_TYPE: not told */
	CK_ULONG length;   /* 0: not told */
	const CK_ATTRIBUTE *add;
	CK_ULONG add_n;
};

/* A base key; CF_SKIP without the mechanism. */
CK_RV cf_base(struct cf *c, enum cf_base which, CK_OBJECT_HANDLE *h);

/* C_DeriveKey. CF_SKIP when the mechanism is not listed. */
CK_RV cf_derive(struct cf *c, const struct cf_derive *d, CK_OBJECT_HANDLE base,
    CK_OBJECT_HANDLE *h);

/* A case that only derives: k->a is the base, k->p the derivation. */
CK_RV cf_derive_row(struct cf *c, const struct cf_case *k);

#endif
