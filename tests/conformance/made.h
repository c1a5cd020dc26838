/* Templates of objects that an application makes, one for each class and type,
 * and a way to bend them. */
#ifndef CF_MADE_H
#define CF_MADE_H

#include "tests/conformance/cf.h"

#define CF_MADE_MAX 16

enum cf_made {
	CF_DATA,
	CF_CERT,
	CF_RSA_PUB,
	CF_EC_PUB,
	CF_RSA_PRIV,
	CF_EC_PRIV,
	CF_GENERIC,
	CF_AES,
	CF_DSA,
	CF_DH,
};

#define CF_KEEP_ALL (~0UL)

/* What a case does to the template. */
struct cf_bend {
	CK_ATTRIBUTE_TYPE drop;  /* CF_KEEP_ALL: none */
	const CK_ATTRIBUTE *add; /* in place of one of that type, or more */
	CK_ULONG add_n;
};

/* The template of such an object, bent; how many attributes. All are session
 * objects, and public. `b` may be NULL. */
CK_ULONG cf_made_template(enum cf_made which, const struct cf_bend *b,
    CK_ATTRIBUTE t[CF_MADE_MAX]);

/* C_CreateObject with that template in c->s. */
CK_RV cf_make(struct cf *c, enum cf_made which, const struct cf_bend *b,
    CK_OBJECT_HANDLE *o);

/* CKR_OK when a flag, number or value is this one; CF_WRONG with a note. */
CK_RV cf_made_is_flag(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    bool want);
CK_RV cf_made_is_number(struct cf *c, CK_OBJECT_HANDLE o,
    CK_ATTRIBUTE_TYPE type, CK_ULONG want);
CK_RV cf_made_is_value(struct cf *c, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    const uint8_t *want, size_t n);

/* A signature r||s with SHA-256 by the owner of CF_EC_PUB, by OpenSSL. */
bool cf_made_sign_ec(const uint8_t *in, size_t n, uint8_t sig[64]);

#endif
