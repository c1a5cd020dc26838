/*
 * The paddings of RSA, for cards that compute the bare power only (RFC 8017).
 * Block sizes: k is the length of the modulus in bytes.
 */
#ifndef CA_CRYPTO_PAD_H
#define CA_CRYPTO_PAD_H

#include <stdbool.h>
#include <stddef.h>

#include "module/crypto/hash.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"
#include "pcsc/ossl/spki.h"

/* EMSA-PKCS1-v1_5 (9.2): 00 01 FF..FF 00 t, k bytes in all. CA_E_DATA_LEN when
 * t is longer than k - 11. */
CA_MUST_CHECK ca_err ca_pad_pkcs1(struct ca_rd t, size_t k, struct ca_wr *out);

/* What a PSS signature is made with. */
struct ca_pss {
	enum ca_hash hash;
	enum ca_hash mgf;
	size_t salt; /* bytes */
};

/* True when a modulus of `bits` bits has room for it (9.1.1 step 3). */
CA_MUST_CHECK bool ca_pss_fits(const struct ca_pss *pss, size_t bits);

/* EMSA-PSS (9.1.1) of a hash value for a modulus of `bits` bits, with a random
 * salt; k bytes in all. CA_E_DATA_LEN: hash of the wrong length or no room. */
CA_MUST_CHECK ca_err ca_pad_pss(const struct ca_pss *pss, struct ca_rd value,
    size_t bits, struct ca_wr *out);

/* Which lengths a plaintext may have: from min to max, step by step. */
struct ca_lengths {
	size_t min, max, step; /* bytes; the step is not 0 */
};

/*
 * Removes the padding of RSAES-PKCS1-v1_5 (7.2.2) from the block `em` in a
 * time that does not depend on its content. A block with bad padding, or with
 * a plaintext of none of the lengths, gives a plaintext too: pseudo-random, of
 * one of the lengths, the same for the same cryptogram as long as the process
 * lives (implicit rejection), so that neither result nor time tells an attacker
 * whether the padding was right, nor do the results for several lists of
 * lengths together. CA_E_DATA_LEN: under this modulus no plaintext
 * is as long as the longest of them.
 */
CA_MUST_CHECK ca_err ca_unpad_pkcs1(struct ca_rd em, struct ca_rd cryptogram,
    const struct ca_lengths *may, struct ca_wr *out);

/* The plaintext that implicit rejection gives for a cryptogram when the card
 * removes the padding itself and refused, or (`padded`) found one, but around a
 * plaintext of none of the lengths; k bytes of modulus. */
CA_MUST_CHECK ca_err ca_unpad_reject(size_t k, struct ca_rd cryptogram,
    bool padded, const struct ca_lengths *may, struct ca_wr *out);

/* Whether n is one of them; the time does not depend on n. */
bool ca_length_fits(const struct ca_lengths *may, size_t n);

struct ca_oaep {
	enum ca_hash hash;
	enum ca_hash mgf;
	struct ca_rd label;
};

/* EME-OAEP decoding (7.1.2 step 3). CA_E_DATA whatever is wrong, after the
 * same work (7.1.2, note on Manger's attack). */
CA_MUST_CHECK ca_err ca_unpad_oaep(const struct ca_oaep *oaep, struct ca_rd em,
    struct ca_wr *out);

/* Writes n bytes of MGF1 (B.2.1) of `seed`, XORed onto buf. */
CA_MUST_CHECK ca_err ca_mgf1_xor(enum ca_hash h, struct ca_rd seed,
    uint8_t *buf, size_t n);

#endif
