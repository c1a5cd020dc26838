/*
 * The sections [generate] and [generate NAME] of a profile: how a card makes
 * key pairs, and where what the directories say of them goes. Internal to the
 * files profile_*.c; see profile.h.
 */
#ifndef CA_CARD_PROFILE_GENERATE_H
#define CA_CARD_PROFILE_GENERATE_H

#include "pcsc/card/profile.h"

/* Whether a section is one of these. */
bool ca_profile_is_generate(const char *section);

/* Takes one line of such a section. False, and why in a few words. */
bool ca_profile_generate_line(struct ca_profile *p, const char *section,
    const char *key, const char *value, const char **why);

#endif
