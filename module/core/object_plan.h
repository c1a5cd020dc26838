/*
 * How the table of a token's objects is made (object.c): what the object*.c
 * files share. Slot lock held.
 */
#ifndef CA_CORE_OBJECT_PLAN_H
#define CA_CORE_OBJECT_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/object.h"
#include "pcsc/card/model.h"

struct ca_slot;

/* Collects the objects that should exist now. */
struct ca_plan {
	struct ca_slot *s;
	const struct ca_model *m;
	bool logged_in;
	struct ca_object *v;
	size_t n, cap;
};

/* Adds one; id and path may be NULL, the unique id is made of all that is
 * given. It keeps the handle it had. */
void ca_plan_add(struct ca_plan *p, enum ca_kind kind, size_t index,
    const char *name, const struct ca_id *id, const struct ca_ref *path,
    const char *tail);

/* Whether the card lists a public key with this id; whether the public half of
 * this key is known or can be had from a certificate. */
bool ca_plan_pub_listed(const struct ca_model *m, const struct ca_id *id);
bool ca_plan_pub_derivable(const struct ca_model *m, const struct ca_key *k);

/* object_meta.c: what the token says of itself. */
#define CA_PLAN_PROFILES_MAX 4
void ca_plan_profiles(struct ca_plan *p);
/* The one object that is the token itself. */
void ca_plan_token(struct ca_plan *p);
/* One for each mechanism, as soon as somebody asked (ca_objects.mechs). */
void ca_plan_mechanisms(struct ca_plan *p);
size_t ca_plan_mechanisms_max(const struct ca_plan *p, bool asked);

#endif
