/*
 * The sections [algorithm NAME] of a profile: each is one way of doing it.
 * Internal to the files profile_*.c; see profile.h.
 */
#ifndef CA_CARD_PROFILE_WAY_H
#define CA_CARD_PROFILE_WAY_H

#include "pcsc/card/profile.h"

/* Adds a way as its section's name begins it. False, and why in a few words:
 * no such algorithm, or one way too many. The way is the profile's. */
bool ca_profile_way_begin(struct ca_profile *p, const char *section,
    struct ca_way **way, const char **why);

/* Takes one line of the section. False, and why. */
bool ca_profile_way_line(struct ca_way *way, const char *key, const char *value,
    const char **why);

#endif
