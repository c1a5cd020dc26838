/* C_SeedRandom and C_GenerateRandom. */
#ifndef CA_CORE_RANDOM_H
#define CA_CORE_RANDOM_H

#include "module/core/pkcs11_3.h"

/* There is nothing to seed; NULL arguments are told first. */
CK_RV ca_random_seed(const CK_BYTE *seed, CK_ULONG n);

/*
 * n random bytes from OpenSSL's generator, for every token. A card gives a
 * few bytes for each exchange of many milliseconds, and programs that seed
 * their own generator at start (NSS) would pay for it at every start.
 */
CK_RV ca_random_get(CK_BYTE *out, CK_ULONG n);

#endif
