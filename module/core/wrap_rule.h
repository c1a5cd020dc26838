/*
 * Which key may leave under which, so that nobody reads the value of a key that
 * is CKA_SENSITIVE or not CKA_EXTRACTABLE, whatever calls are made in whatever
 * order (J. Clulow, "On the security of PKCS #11", 2003; S. Delaune, S. Kremer,
 * G. Steel, "Formal analysis of PKCS#11", 2008; M. Bortolozzo and others,
 * "Attacking and fixing PKCS#11 security tokens", 2010). Slot lock held.
 *
 * The standard's own switches are kept always: what is not CKA_EXTRACTABLE and
 * what lies on a card never leaves; what is CKA_WRAP_WITH_TRUSTED leaves under
 * a CKA_TRUSTED key alone, and only the officer makes a key that. A key that is
 * not CKA_SENSITIVE may be read anyway and leaves under any key. What is
 * CKA_SENSITIVE and CKA_EXTRACTABLE leaves in no other form than encrypted, and
 * under keys nobody but the token has. Such a wrapping key is a keeper:
 *
 *   - it was generated here (CKA_LOCAL), always sensitive, never extractable:
 *     a key that was created, unwrapped, derived or shown is known to somebody
 *     (known wrapping key, re-imported key, key conjuring), and the private
 *     half of a public key may be anybody's;
 *   - it was made for wrapping alone: no CKA_ENCRYPT, CKA_DECRYPT, CKA_SIGN,
 *     CKA_VERIFY, CKA_DERIVE (wrap and decrypt; a key stream by encrypting).
 *     This is told at its birth, its copies inherit it, and a sensitive secret
 *     key never gains a use: so two copies cannot share what one may not;
 *   - it is as strong as what it wraps (weak wrapping key).
 *
 * From the first sensitive key on that it wraps, a keeper and all its copies
 *
 *   - work by that one mechanism: what another one makes of the cryptogram, or
 *     of chosen keys, would open it (ECB, CBC and key streams);
 *   - unwrap keys that are sensitive and, if secret, do not derive: the same
 *     key cannot come back as one that can be read (downgrade by unwrapping).
 *
 * The mechanism must be one that notices a change: AES key wrap, or GCM and CCM
 * with an IV that is made here, since a second use of an IV gives the first
 * one's key away. CKM_AES_CBC_PAD is let pass for private keys, which unwrap as
 * whole PKCS #8 only; ECB, CBC and, for secret keys, CBC_PAD are not: halves of
 * a key could be rebound, cut to a byte, or asked of a padding oracle.
 *
 * Programs that work within the standard's spirit notice nothing: a generated
 * key with CKA_WRAP or CKA_UNWRAP that says nothing else of itself is a keeper
 * (see ca_wrap_rule_defaults()).
 */
#ifndef CA_CORE_WRAP_RULE_H
#define CA_CORE_WRAP_RULE_H

#include <stdbool.h>

#include "module/core/builder.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"

struct ca_op;
struct ca_slot;
struct ca_sobject;

/*
 * What a new key is that its template does not say, before the defaults of
 * schema.h: one that wraps or unwraps does nothing else, and a generated one is
 * sensitive; what is sensitive is not extractable. An unwrapped key is
 * extractable, as the standard has it (PKCS#11 3.2, C_UnwrapKey).
 */
CA_MUST_CHECK ca_err ca_wrap_rule_defaults(struct ca_build *b);

/* Notes on a new secret key whether it is a keeper. Its history is settled. */
CA_MUST_CHECK ca_err ca_wrap_rule_born(struct ca_build *b);

/* Whether C_SetAttributeValue or C_CopyObject would give a sensitive secret key
 * a use that it did not have. */
bool ca_wrap_rule_gains(const struct ca_sobject *x, CK_ATTRIBUTE_TYPE type,
    bool before, bool after);

/*
 * Whether `key`, which is extractable, may leave under op's key.
 * CKR_KEY_NOT_WRAPPABLE, CKR_WRAPPING_KEY_SIZE_RANGE: too weak,
 * CKR_MECHANISM_INVALID: not the one its sensitive keys are wrapped by.
 * `fresh`: GCM or CCM with an IV that is made now.
 */
CA_MUST_CHECK CK_RV ca_wrap_rule_leaves(const struct ca_slot *s,
    const struct ca_op *op, const struct ca_sobject *key, bool fresh);

/* `key` is leaving: its wrapping key and all copies of it keep to that. */
CA_MUST_CHECK ca_err ca_wrap_rule_left(struct ca_slot *s,
    const struct ca_op *op, const struct ca_sobject *key);

/*
 * Whether the key of a build that has begun may come out from under op's key;
 * makes it sensitive if it has to be. CKR_TEMPLATE_INCONSISTENT: the template
 * wants it readable, or to derive. CKR_MECHANISM_INVALID as above.
 */
CA_MUST_CHECK CK_RV ca_wrap_rule_enters(const struct ca_slot *s,
    const struct ca_op *op, struct ca_build *b);

#endif
