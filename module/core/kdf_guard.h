/*
 * What a derived key inherits, and which derivations would give a secret away.
 *
 * A key whose value may not be read (CKA_SENSITIVE, or not CKA_EXTRACTABLE)
 * must not be found out piece by piece: one byte cut out of it and used as a
 * key of its own is guessed in 256 tries. PKCS#11 forbids only that the piece
 * can be read. So, of such a key, a derived one that consists of its bits has
 *   - 16 bytes of it at least, or all of it when it is shorter, or none;
 *   - all of it, when the key itself consists in part of bytes that the
 *     application chose: those are no secret, and cutting would be counting
 *     them.
 */
#ifndef CA_CORE_KDF_GUARD_H
#define CA_CORE_KDF_GUARD_H

#include "module/core/builder.h"
#include "module/core/op_kdf.h"

/* No piece of a secret key is smaller, in bytes. */
#define CA_KDF_PIECE_MIN 16

/*
 * Checks a derivation of n bytes by the rules above (CKR_KEY_SIZE_RANGE), and
 * by those of the standard: what the base keys keep, the new key keeps, too
 * (CKR_TEMPLATE_INCONSISTENT, 3.0, 2.43.3 to 2.43.7). Puts into b what follows.
 */
CA_MUST_CHECK CK_RV ca_kdf_guard(const struct ca_kdf *k,
    const struct ca_kdf_kind *kind, struct ca_build *b, size_t n);

#endif
