/*
 * What the host does with public keys, given as DER SubjectPublicKeyInfo:
 * checking signatures and encrypting.
 *
 * Checks answer CA_OK, or CA_E_BAD_SIGNATURE. Any function may answer
 * CA_E_MALFORMED when the key is none, CA_E_NOMEM and CA_E_BUG.
 */
#ifndef CA_CRYPTO_PUBKEY_H
#define CA_CRYPTO_PUBKEY_H

#include <stddef.h>

#include "module/crypto/hash.h"
#include "module/crypto/pad.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

/* RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2) over t, usually a DigestInfo. sig has
 * the length of the modulus. */
CA_MUST_CHECK ca_err ca_verify_pkcs1(struct ca_rd spki, struct ca_rd t,
    struct ca_rd sig);

/* The bare power: sig to the e equals data as a number. */
CA_MUST_CHECK ca_err ca_verify_raw(struct ca_rd spki, struct ca_rd data,
    struct ca_rd sig);

/* RSASSA-PSS (8.1.2) over a hash value, with exactly this salt length. */
CA_MUST_CHECK ca_err ca_verify_pss(struct ca_rd spki, const struct ca_pss *pss,
    struct ca_rd value, struct ca_rd sig);

/* ECDSA over a hash value of at most the order's length; sig is r||s. */
CA_MUST_CHECK ca_err ca_verify_ecdsa(struct ca_rd spki, struct ca_rd value,
    struct ca_rd sig);

/* Ed25519 or Ed448 without a context (RFC 8032, 5.1.7, 5.2.7), by the key. */
CA_MUST_CHECK ca_err ca_verify_eddsa(struct ca_rd spki, struct ca_rd data,
    struct ca_rd sig);

/* recover.c: what a signature as long as the modulus was made over, by
 * RSASSA-PKCS1-v1_5 without hash, or by the bare power (the whole block). */
CA_MUST_CHECK ca_err ca_recover_pkcs1(struct ca_rd spki, struct ca_rd sig,
    struct ca_wr *out);
CA_MUST_CHECK ca_err ca_recover_raw(struct ca_rd spki, struct ca_rd sig,
    struct ca_wr *out);

/* RSAES-PKCS1-v1_5 (7.2.1), RSAES-OAEP (7.1.1) and the bare power of a block
 * that is as long as the modulus and below it as a number. CA_E_DATA_LEN and
 * CA_E_DATA when that is not so. */
CA_MUST_CHECK ca_err ca_encrypt_pkcs1(struct ca_rd spki, struct ca_rd in,
    struct ca_wr *out);
CA_MUST_CHECK ca_err ca_encrypt_oaep(struct ca_rd spki,
    const struct ca_oaep *oaep, struct ca_rd in, struct ca_wr *out);
CA_MUST_CHECK ca_err ca_encrypt_raw(struct ca_rd spki, struct ca_rd in,
    struct ca_wr *out);

#endif
