/*
 * Session objects: what applications make in our memory (C_CreateObject,
 * C_CopyObject, C_GenerateKey and C_GenerateKeyPair, C_DeriveKey, C_UnwrapKey).
 * All sessions of a token see them; each ends with the session that made it,
 * private ones also with the login. Those that are kept on the host (stored.h)
 * are among them: they belong to no session.
 *
 * Everything here runs under the slot lock.
 */
#ifndef CA_CORE_SOBJECT_H
#define CA_CORE_SOBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/attrs.h"
#include "module/core/object.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/token/objstore.h"

struct ca_session;
struct ca_slot;

/* Caps: objects of one session, objects and bytes of values of one token. */
#define CA_SOBJECTS_SESSION_MAX 4096
#define CA_SOBJECTS_MAX 16384
#define CA_SOBJECTS_BYTES_MAX (64UL * 1024UL * 1024UL)

struct ca_sobject {
	struct ca_object o;       /* kind CA_KIND_SESSION; o.session is this */
	struct ca_session *owner; /* it ends with this session; NULL: none */
	bool stored;              /* ... because it is kept in this file */
	struct ca_obj_file file;
	CK_OBJECT_CLASS cls;
	CK_ULONG type; /* of key or certificate */
	bool is_private;
	struct ca_attrs a; /* all of its attributes */
};

struct ca_sobjects {
	struct ca_sobject **v; /* by handle, upwards */
	size_t n, cap;
	size_t private_n;           /* private ones */
	size_t bytes;               /* of their values */
	struct ca_obj_stamp folder; /* of the files, as they were read */
};

/*
 * Makes an object of a complete list of attributes, which is taken (and empty
 * afterwards) when the answer is CKR_OK. CKA_UNIQUE_ID is added here.
 * CKR_DEVICE_MEMORY: a cap is reached. CKR_HOST_MEMORY.
 */
CA_MUST_CHECK CK_RV ca_sobject_add(struct ca_session *ss, struct ca_attrs *take,
    CK_OBJECT_HANDLE *out);

/* The same for an object that is kept in a file. */
CA_MUST_CHECK CK_RV ca_sobject_keep(struct ca_slot *s,
    const struct ca_obj_file *file, struct ca_attrs *take,
    CK_OBJECT_HANDLE *out);

/* Puts the CKA_UNIQUE_ID of `x` into a list that is to be its own. */
CA_MUST_CHECK CK_RV ca_sobject_name(const struct ca_sobject *x,
    struct ca_attrs *a);

/* The object with this handle, or NULL. Borrowed until the next removal. */
struct ca_sobject *ca_sobject_get(const struct ca_slot *s, CK_OBJECT_HANDLE h);

/* Gives it other attributes: all of them, taken when the answer is CKR_OK.
 * CKR_DEVICE_MEMORY as above. */
CA_MUST_CHECK CK_RV ca_sobject_replace(struct ca_slot *s, struct ca_sobject *x,
    struct ca_attrs *take);

/* The value of an attribute, borrowed. CKR_ATTRIBUTE_TYPE_INVALID: it has
 * none. CKR_ATTRIBUTE_SENSITIVE: it has, and that is not shown. */
CA_MUST_CHECK CK_RV ca_sobject_show(const struct ca_sobject *x,
    CK_ATTRIBUTE_TYPE type, struct ca_rd *out);

/* Wipes and forgets one object, those of a session, the private ones. */
void ca_sobject_remove(struct ca_slot *s, CK_OBJECT_HANDLE h);
void ca_sobjects_end_session(struct ca_slot *s, struct ca_session *owner);
void ca_sobjects_end_private(struct ca_slot *s);

/* Wipes and frees all. */
void ca_sobjects_clear(struct ca_sobjects *all);

#endif
