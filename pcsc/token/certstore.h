/*
 * Certificates kept on the host, for cards that have none, keep it in a form
 * nobody can read, or forbid writing the renewed one.
 *
 * A folder per token under the stores of the configuration, named by the
 * token's serial number (characters other than letters, digits, '.', '-' and
 * '_' become '_'); in it files *.cer, *.crt, *.der or *.pem. A certificate is
 * taken only when its public key is that of a key on the token; whatever else
 * lies there is logged and passed over. Symbolic links are not followed.
 */
#ifndef CA_TOKEN_CERTSTORE_H
#define CA_TOKEN_CERTSTORE_H

#include "pcsc/base/buf.h"
#include "pcsc/base/err.h"
#include "pcsc/card/model.h"
#include "pcsc/conf/config.h"

/*
 * Calls `take` with each certificate (DER, valid during the call) that lies in
 * the token's folders, the machine's first. CA_OK also when there are none.
 */
ca_err ca_certstore_each(const struct ca_config *config, const char *serial,
    ca_err (*take)(void *arg, const char *file, struct ca_rd der), void *arg);

/* Whether a folder for this serial exists in a store: whether it is worth
 * finding out the token's public keys. */
bool ca_certstore_has(const struct ca_config *config, const char *serial);

#endif
