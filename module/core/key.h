/*
 * Keys as operations see them: what those of the token are for (key.c), and
 * from a handle to a private key or a public one, of the token or of the
 * session, with the checks every xxxInit makes (key_begin.c; for keys of the
 * session it asks skey.h). Slot lock held.
 */
#ifndef CA_CORE_KEY_H
#define CA_CORE_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/buf.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/token/token.h"

struct ca_slot;
struct ca_session;
struct ca_object;

/* The model's key or the type of a public one, for a key object of any kind. */
enum ca_key_type ca_key_type_of(const struct ca_slot *s,
    const struct ca_object *o);

/* What the key may be used for: CA_USE_ bits of the card's directories, with
 * those of the other half where one half says nothing. */
uint32_t ca_key_usage(const struct ca_slot *s, const struct ca_object *o);

/* Beside the directories' bits: C_EncapsulateKey and C_DecapsulateKey (3.2,
 * CKA_ENCAPSULATE: keyAgreement or keyEncipherment). */
#define CA_USE_ENCAPSULATE 0x10000U
#define CA_USE_DECAPSULATE 0x20000U

/* The PIN that protects private key `index`, or NULL. */
const struct ca_pin *ca_key_pin(const struct ca_slot *s, size_t index);

/* Whether each use of it must be allowed by a PIN of its own: the card says
 * so, or its PIN is not the one that C_Login(CKU_USER) takes. */
bool ca_key_needs_consent(const struct ca_slot *s, size_t index);

/* Copies the public half of a key object as DER SubjectPublicKeyInfo. May
 * read the certificate. CA_E_NOT_FOUND: the token shows none. */
CA_MUST_CHECK ca_err ca_key_spki(struct ca_slot *s, const struct ca_object *o,
    struct ca_buf *out);

/* Whether private key `index` derives: card, curve key and directory say so.
 * No PIN can be given for one C_DeriveKey, so a key that wants one does not. */
bool ca_key_derives(const struct ca_slot *s, size_t index);

/* CKA_DERIVE of a key object, a private key or its public half: the same for
 * both, for a public key takes part in ECDH just as its private key does, and
 * programs use a pair whose halves agree (p11test of OpenSC). */
bool ca_key_half_derives(const struct ca_slot *s, const struct ca_object *o);

/* Whether private key `index` unwraps, with the same reserve: whoever wants the
 * PIN for each use gets it for C_Decrypt (NSS goes that way by itself). */
bool ca_key_unwraps(const struct ca_slot *s, size_t index);

/*
 * Begins an operation with a private key: finds it, checks that it fits
 * op->mech and `usage` (CA_USE_ bits, one is enough), fills the fields of the
 * operation that describe it. Values as C_SignInit and C_DecryptInit give.
 * A private key of the session gets op->priv; the others are the card's.
 */
CA_MUST_CHECK CK_RV ca_key_begin_private(struct ca_session *ss,
    struct ca_op *op, CK_OBJECT_HANDLE h, uint32_t usage);

/* The same for a public key, whose bytes are copied into the operation. */
CA_MUST_CHECK CK_RV ca_key_begin_public(struct ca_session *ss, struct ca_op *op,
    CK_OBJECT_HANDLE h, uint32_t usage);

/* Where the operation's private key is now. CKR_USER_NOT_LOGGED_IN when the
 * login it was begun under is over. */
CA_MUST_CHECK CK_RV ca_key_index(struct ca_slot *s, const struct ca_op *op,
    size_t *index);

/* ca_key_index(), and the consent to use the key now. */
CA_MUST_CHECK CK_RV ca_key_ready(struct ca_slot *s, const struct ca_op *op,
    size_t *index);

#endif
