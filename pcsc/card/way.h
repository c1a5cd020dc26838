/*
 * Which way of a profile does a thing on this card: a profile may state several
 * for one algorithm, and the card's TokenInfo has a say.
 */
#ifndef CA_CARD_WAY_H
#define CA_CARD_WAY_H

#include "pcsc/card/model.h"
#include "pcsc/card/profile.h"

/* The entry of TokenInfo that names `alg` with a reference for MSE, or NULL. */
const struct ca_supported *ca_way_named(const struct ca_supported_list *list,
    enum ca_alg alg);

/*
 * The attempt-th way (from 0) of doing `alg`: those that TokenInfo points at
 * first, the others in the profile's order; a way that wants its reference from
 * TokenInfo counts only where it stands there. NULL when there are no more.
 */
const struct ca_way *ca_way_nth(const struct ca_profile *p,
    const struct ca_supported_list *list, enum ca_alg alg, unsigned attempt);

/*
 * What the card can be asked to do with a key, by its type: every algorithm
 * that has a way goes into key->algs, or into key->unproven where all its ways
 * wait for a self-check.
 */
void ca_way_algs(const struct ca_profile *p,
    const struct ca_supported_list *list, struct ca_key *key);

/* The content of tag 80 for generating such a key pair: what the profile says,
 * or TokenInfo where the profile points there. False: it is not made. */
bool ca_way_generates(const struct ca_profile *p,
    const struct ca_supported_list *list, enum ca_gen kind,
    struct ca_bytes *alg_ref);

#endif
