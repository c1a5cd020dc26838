/*
 * Ways in which a secret comes to lie in the module, by calls of PKCS#11 alone:
 * as the value of an object, or in an operation that has begun.
 */
#ifndef CA_SUITE_HELD_H
#define CA_SUITE_HELD_H

#include <p11-kit/pkcs11.h>

#include "tests/suite/scan.h"

struct ca_held_way {
	const char *name;
	bool is_value; /* of the object; else it is what is worked on with it */
	CK_OBJECT_CLASS cls; /* of the object */
	CK_KEY_TYPE type;
	/* What is begun with the key; NULL: nothing. */
	CK_RV(*begin)
	(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
	    const struct ca_needle *n);
	/* Ends it in the regular way; NULL: nothing. */
	void (*end)(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s);
};

extern const struct ca_held_way ca_held_ways[];
extern const size_t ca_held_ways_n;

/* Brings the needle into session s in this way, in a private object when
 * somebody is logged in; *o is the object. Nothing of it is left with the
 * caller. */
CK_RV ca_held(const struct ca_held_way *way, CK_FUNCTION_LIST *f,
    CK_SESSION_HANDLE s, const struct ca_needle *n, CK_OBJECT_HANDLE *o);

#endif
