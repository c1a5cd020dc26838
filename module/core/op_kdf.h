/*
 * Secret keys of the session derived from one another, on the host: what all
 * kinds share, and what a kind is. A kind reads its parameters, says how many
 * bytes there are, and makes them; the file op_kdf_KIND.c has it. Slot lock
 * held.
 */
#ifndef CA_CORE_OP_KDF_H
#define CA_CORE_OP_KDF_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/mech.h"
#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "module/core/sobject.h"
#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

struct ca_build;

/* SP 800-108: what goes into the PRF, one after the other. */
enum ca_kdf_part_what {
	CA_KDF_PART_BYTES,
	CA_KDF_PART_COUNTER,
	CA_KDF_PART_BEFORE, /* the block before */
	CA_KDF_PART_LENGTH, /* bits of the new key ... */
};

struct ca_kdf_part {
	enum ca_kdf_part_what what;
	struct ca_rd view;
	size_t bytes;  /* of a number */
	bool little;   /* least significant byte first */
	bool segments; /* ... or of all blocks it is cut from */
};

#define CA_KDF_PARTS_MAX 32

/* One derivation. Views of parameters borrow from the application's memory,
 * those of keys from their objects. */
struct ca_kdf {
	struct ca_session *ss;
	const struct ca_mech *m;
	const struct ca_sobject *base,
	    *other;       /* other: a second key, or NULL */
	struct ca_rd key; /* the value of base */
	/* Parameters, by kind. */
	enum ca_hash hash;
	struct ca_rd data, iv;
	size_t bit;           /* of the base, the first that counts */
	bool extract, expand; /* HKDF */
	struct ca_kdf_part parts[CA_KDF_PARTS_MAX];
	size_t parts_n;
};

struct ca_kdf_kind {
	/* Parameters of the mechanism: CKR_MECHANISM_PARAM_INVALID, or what
	 * ca_kdf_other() says. */
	CK_RV (*read)(struct ca_kdf *k, const CK_MECHANISM *given);
	/* Bytes there are at most. */
	size_t (*most)(const struct ca_kdf *k);
	/* Whether all of it is the key when nobody says how long it is. */
	bool (*has_length)(const struct ca_kdf *k);
	/* Writes n bytes of the new key; n is `most` at most. */
	ca_err (*make)(const struct ca_kdf *k, size_t n, struct ca_wr *out);
	/* Kinds whose result has bytes of the base in it: how many of them in
	 * n bytes. NULL: a one-way function is between. */
	size_t (*taken)(const struct ca_kdf *k, size_t n);
	bool adds;       /* such a kind adds bytes that the caller chose */
	CK_RV too_short; /* when more is wanted than there is */
};

/* A second key, named in a parameter; it must be allowed to derive, too. */
CA_MUST_CHECK CK_RV ca_kdf_other(struct ca_kdf *k, CK_OBJECT_HANDLE h);

/* CK_KEY_DERIVATION_STRING_DATA into k->data, CA_BUF_MAX bytes at most. */
CA_MUST_CHECK CK_RV ca_kdf_data(struct ca_kdf *k, const CK_MECHANISM *given);

/* For has_length: always. */
bool ca_kdf_has_length(const struct ca_kdf *k);

/* The kinds. */
extern const struct ca_kdf_kind ca_kdf_base_and_key, ca_kdf_base_and_data,
    ca_kdf_data_and_base, ca_kdf_xor, ca_kdf_extract; /* op_kdf_mix.c */
extern const struct ca_kdf_kind ca_kdf_hash, ca_kdf_ecb,
    ca_kdf_cbc; /* op_kdf_data.c */
extern const struct ca_kdf_kind ca_kdf_counter,
    ca_kdf_feedback;                         /* op_kdf_sp800.c */
extern const struct ca_kdf_kind ca_kdf_hkdf; /* op_kdf_hkdf.c */

#endif
