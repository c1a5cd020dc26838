/*
 * Certificates that were read from cards, kept on disk so that the next program
 * need not read them again. Public data only, never needed, off by
 * `cache = no`.
 *
 * A file per certificate, DER: DIR/SERIAL/PATH.der, DIR being the
 * configuration's cache_dir. The folders are made with mode 0700; one that
 * belongs to somebody else or that others can write to is not used, and links
 * are not followed.
 *
 * What is found here is only a guess of what the card holds. It counts once the
 * last bytes of the file on the card, which are the issuer's signature over
 * everything else, are the same: see ca_token_cert().
 */
#ifndef CA_TOKEN_CERTCACHE_H
#define CA_TOKEN_CERTCACHE_H

#include "pcsc/base/buf.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/card/model.h"
#include "pcsc/conf/config.h"

/* Bytes at the end of a certificate that prove it. */
#define CA_CERTCACHE_PROOF 64

/* The certificate kept for this file of this token; CA_E_NOT_FOUND. */
ca_err ca_certcache_get(const struct ca_config *config, const char *serial,
    const struct ca_ref *ref, struct ca_buf *der);

/* Keeps it. A failure is logged and otherwise of no consequence. */
void ca_certcache_put(const struct ca_config *config, const char *serial,
    const struct ca_ref *ref, struct ca_rd der);

#endif
