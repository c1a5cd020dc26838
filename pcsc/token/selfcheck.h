/*
 * Every signature of a card is checked with the public key before anybody sees
 * it: a wrong security environment, a fault attack and a broken chip must not
 * end as a bad signature on a document.
 */
#ifndef CA_TOKEN_SELFCHECK_H
#define CA_TOKEN_SELFCHECK_H

#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/card/model.h"

/*
 * Is `sig` what the private half of `spki` makes of `in` by `alg`? `in` and
 * `sig` are as at the card's edge (enum ca_alg). CA_E_BAD_SIGNATURE when not.
 * The result of CA_ALG_ECDH can only be seen to be a coordinate on the curve.
 */
ca_err ca_selfcheck(struct ca_rd spki, enum ca_alg alg, struct ca_rd in,
    struct ca_rd sig);

#endif
