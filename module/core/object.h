/*
 * The objects of one token: handles for what is in its model. What programs
 * make beside that is in sobject.h.
 *
 * A handle is never used twice in a process. An object keeps its handle as
 * long as it exists, in all sessions, also when the card's directories were
 * read anew; it is recognised by its unique id. Private objects exist while
 * the user is logged in.
 *
 * Everything here runs under the slot lock.
 */
#ifndef CA_CORE_OBJECT_H
#define CA_CORE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"

struct ca_slot;
struct ca_sobject;

/* One bit each, so that a set of kinds is a mask. */
enum ca_kind {
	CA_KIND_PROFILE = 1 << 0, /* index: CK_PROFILE_ID */
	CA_KIND_CERT = 1 << 1,    /* index into model->certs */
	CA_KIND_PUB = 1 << 2,     /* model->pubs: an entry of the PuKDF */
	CA_KIND_KEYPUB = 1 << 3,  /* model->keys: the public half of that key */
	CA_KIND_KEY = 1 << 4,     /* model->keys */
	CA_KIND_DATA = 1 << 5,    /* model->data */
	CA_KIND_SESSION = 1 << 6, /* made by the application: sobject.h */
	CA_KIND_MECHANISM = 1 << 7, /* index: CK_MECHANISM_TYPE */
	CA_KIND_TOKEN = 1 << 8,     /* the token itself: module/capkcs11.h */
};

/* class - id - path or "local" - number of the duplicate */
#define CA_UNIQUE_ID_MAX 192

struct ca_object {
	CK_OBJECT_HANDLE handle;
	enum ca_kind kind;
	size_t index;
	char unique_id[CA_UNIQUE_ID_MAX];
	const struct ca_sobject *session; /* CA_KIND_SESSION, else NULL */
};

struct ca_objects {
	struct ca_object *v; /* in the order in which they are found */
	size_t n;
	/* What of the model v was made from. */
	bool made;
	unsigned generation;
	bool logged_in, pubs_read, data_read;
	size_t bad_certs, total;
	bool mechs;    /* somebody asked for mechanism objects */
	uint32_t algs; /* of all keys, in sum: mechanisms follow from them */
};

/*
 * Brings the table in line with the model and the login state; cheap when
 * nothing changed. Also notices a login that ended by itself.
 */
CA_MUST_CHECK ca_err ca_objects_sync(struct ca_slot *s);

/* A handle that nothing else ever had. */
CK_OBJECT_HANDLE ca_object_new_handle(void);

/* The token's or session object with this handle, or NULL. Valid until the
 * next sync. */
const struct ca_object *ca_object_get(const struct ca_slot *s,
    CK_OBJECT_HANDLE h);

/* Frees the table; all handles die. */
void ca_objects_clear(struct ca_objects *o);

/* Whether it is known that some key signs and has a public half; reading the
 * list of public keys tells. object_meta.c */
bool ca_objects_pair_known(const struct ca_slot *s);

/* Whether private keys are hidden before login: the token has a user PIN. */
bool ca_objects_have_login(const struct ca_slot *s);

#endif
