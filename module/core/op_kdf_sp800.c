/*
 * SP 800-108, counter and feedback mode (PKCS#11 current mechanisms 3.0,
 * section 2.42). What goes into the PRF is told part by part. One key a call:
 * no additional ones.
 */
#include <string.h>

#include "module/core/op_kdf.h"
#include "module/core/param.h"
#include "module/core/session.h"
#include "module/crypto/mac.h"
#include "pcsc/base/secret.h"

#define COUNTER_BITS_MAX 32
#define LENGTH_BITS_MAX 64

static CK_RV
read_number(struct ca_kdf_part *part, CK_BBOOL little, CK_ULONG bits,
    CK_ULONG max)
{
	if (bits == 0 || bits > max || bits % 8 != 0 ||
	    (little != CK_TRUE && little != CK_FALSE))
		return CKR_MECHANISM_PARAM_INVALID;
	part->bytes = bits / 8;
	part->little = little == CK_TRUE;
	return CKR_OK;
}

static CK_RV
read_counter(struct ca_kdf_part *part, const CK_PRF_DATA_PARAM *p)
{
	CK_SP800_108_COUNTER_FORMAT f;

	if (p->pValue == NULL || p->ulValueLen != sizeof(f))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&f, p->pValue, sizeof(f));
	return read_number(part, f.bLittleEndian, f.ulWidthInBits,
	    COUNTER_BITS_MAX);
}

static CK_RV
read_length(struct ca_kdf_part *part, const CK_PRF_DATA_PARAM *p)
{
	CK_SP800_108_DKM_LENGTH_FORMAT f;

	if (p->pValue == NULL || p->ulValueLen != sizeof(f))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&f, p->pValue, sizeof(f));
	part->segments =
	    f.dkmLengthMethod == CK_SP800_108_DKM_LENGTH_SUM_OF_SEGMENTS;
	if (!part->segments &&
	    f.dkmLengthMethod != CK_SP800_108_DKM_LENGTH_SUM_OF_KEYS)
		return CKR_MECHANISM_PARAM_INVALID;
	return read_number(part, f.bLittleEndian, f.ulWidthInBits,
	    LENGTH_BITS_MAX);
}

/* The iteration variable is a counter, or the block before. */
static CK_RV
read_part(const struct ca_kdf *k, struct ca_kdf_part *part,
    const CK_PRF_DATA_PARAM *p)
{
	bool feedback = k->m->detail == CA_KDF_FEEDBACK;

	switch (p->type) {
	case CK_SP800_108_ITERATION_VARIABLE:
		part->what =
		    feedback ? CA_KDF_PART_BEFORE : CA_KDF_PART_COUNTER;
		if (feedback)
			return p->pValue == NULL && p->ulValueLen == 0
				   ? CKR_OK
				   : CKR_MECHANISM_PARAM_INVALID;
		return read_counter(part, p);
	case CK_SP800_108_OPTIONAL_COUNTER:
		part->what = CA_KDF_PART_COUNTER;
		return feedback ? read_counter(part, p)
				: CKR_MECHANISM_PARAM_INVALID;
	case CK_SP800_108_DKM_LENGTH:
		part->what = CA_KDF_PART_LENGTH;
		return read_length(part, p);
	case CK_SP800_108_BYTE_ARRAY:
		part->what = CA_KDF_PART_BYTES;
		return p->ulValueLen != 0 && ca_param_view(p->pValue,
						 p->ulValueLen, &part->view)
			   ? CKR_OK
			   : CKR_MECHANISM_PARAM_INVALID;
	default:
		return CKR_MECHANISM_PARAM_INVALID;
	}
}

static size_t
count(const struct ca_kdf *k, enum ca_kdf_part_what what)
{
	size_t n = 0;

	for (size_t i = 0; i < k->parts_n; i++)
		n += k->parts[i].what == what ? 1 : 0;
	return n;
}

/* What must be there once, and what may not be there twice. */
static CK_RV
read_parts(struct ca_kdf *k, const CK_PRF_DATA_PARAM *p, CK_ULONG n)
{
	bool feedback = k->m->detail == CA_KDF_FEEDBACK;
	size_t counters, before;
	CK_RV rv = CKR_OK;

	if (p == NULL || n > CA_KDF_PARTS_MAX)
		return CKR_MECHANISM_PARAM_INVALID;
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
		CK_PRF_DATA_PARAM one;

		memcpy(&one, &p[i], sizeof(one));
		rv = read_part(k, &k->parts[k->parts_n++], &one);
	}
	counters = count(k, CA_KDF_PART_COUNTER);
	before = count(k, CA_KDF_PART_BEFORE);
	if (rv == CKR_OK && (counters > 1 || before != (feedback ? 1 : 0) ||
				(!feedback && counters != 1) ||
				count(k, CA_KDF_PART_LENGTH) > 1))
		rv = CKR_MECHANISM_PARAM_INVALID;
	return rv;
}

/* HMAC, or CMAC with an AES key. */
static CK_RV
read_prf(struct ca_kdf *k, CK_MECHANISM_TYPE type)
{
	const struct ca_mech *m = ca_mech_find(k->ss->slot, type, CKF_SIGN);

	if (m == NULL || m->scheme != CA_SCHEME_MAC ||
	    m->detail != CA_MAC_WHOLE)
		return CKR_MECHANISM_PARAM_INVALID;
	k->hash = m->hash;
	return m->hash == CA_HASH_NONE && k->base->type != CKK_AES
		   ? CKR_KEY_TYPE_INCONSISTENT
		   : CKR_OK;
}

static CK_RV
read_counter_mode(struct ca_kdf *k, const CK_MECHANISM *given)
{
	CK_SP800_108_KDF_PARAMS p;
	CK_RV rv = ca_param_copy(given, &p, sizeof(p));

	if (rv == CKR_OK && p.ulAdditionalDerivedKeys != 0)
		rv = CKR_MECHANISM_PARAM_INVALID;
	if (rv == CKR_OK)
		rv = read_parts(k, p.pDataParams, p.ulNumberOfDataParams);
	return rv == CKR_OK ? read_prf(k, p.prfType) : rv;
}

static CK_RV
read_feedback(struct ca_kdf *k, const CK_MECHANISM *given)
{
	CK_SP800_108_FEEDBACK_KDF_PARAMS p;
	CK_RV rv = ca_param_copy(given, &p, sizeof(p));

	if (rv == CKR_OK && (p.ulAdditionalDerivedKeys != 0 ||
				!ca_param_view(p.pIV, p.ulIVLen, &k->iv)))
		rv = CKR_MECHANISM_PARAM_INVALID;
	if (rv == CKR_OK)
		rv = read_parts(k, p.pDataParams, p.ulNumberOfDataParams);
	return rv == CKR_OK ? read_prf(k, p.prfType) : rv;
}

static size_t
block(const struct ca_kdf *k)
{
	return k->hash != CA_HASH_NONE ? ca_hash_len(k->hash) : CA_MAC_AES_LEN;
}

/* A counter ends where its bits do: at 2^r - 1 blocks. */
static size_t
most(const struct ca_kdf *k)
{
	size_t max = SIZE_MAX;

	for (size_t i = 0; i < k->parts_n; i++)
		if (k->parts[i].what == CA_KDF_PART_COUNTER)
			max = (((size_t)1 << 8 * k->parts[i].bytes) - 1) *
			      block(k);
	return max;
}

static bool
no_length(const struct ca_kdf *k)
{
	(void)k;
	return false;
}

static ca_err
put_number(struct ca_mac_run *mac, const struct ca_kdf_part *part, uint64_t v)
{
	uint8_t b[LENGTH_BITS_MAX / 8];

	for (size_t i = 0; i < part->bytes; i++, v >>= 8)
		b[part->little ? i : part->bytes - 1 - i] = (uint8_t)v;
	return ca_mac_update(mac, ca_rd_of(b, part->bytes));
}

/* One block of the key: its number from 1, what is before it, how long the key
 * is. */
struct at {
	uint64_t i;
	struct ca_rd before;
	size_t n;
};

static ca_err
put_part(const struct ca_kdf *k, struct ca_mac_run *mac,
    const struct ca_kdf_part *part, const struct at *at)
{
	size_t h = block(k), all = (at->n + h - 1) / h * h;

	switch (part->what) {
	case CA_KDF_PART_COUNTER:
		return put_number(mac, part, at->i);
	case CA_KDF_PART_BEFORE:
		return ca_mac_update(mac, at->before);
	case CA_KDF_PART_LENGTH:
		return put_number(mac, part,
		    8 * (uint64_t)(part->segments ? all : at->n));
	case CA_KDF_PART_BYTES:
		return ca_mac_update(mac, part->view);
	}
	return CA_E_BUG;
}

static ca_err
make_block(const struct ca_kdf *k, const struct at *at, struct ca_wr *out)
{
	struct ca_mac_run *mac = NULL;
	ca_err e = k->hash != CA_HASH_NONE ? ca_mac_new(k->hash, k->key, &mac)
					   : ca_mac_new_cmac(k->key, &mac);

	for (size_t i = 0; e == CA_OK && i < k->parts_n; i++)
		e = put_part(k, mac, &k->parts[i], at);
	if (e == CA_OK)
		e = ca_mac_final(mac, out);
	ca_mac_free(&mac);
	return e;
}

static ca_err
make(const struct ca_kdf *k, size_t n, struct ca_wr *out)
{
	uint8_t room[2][CA_HASH_LEN_MAX]; /* this block, and the one before */
	struct at at = {.i = 1, .before = k->iv, .n = n};
	struct ca_rd part;
	size_t left = n;
	ca_err e = CA_OK;

	for (; e == CA_OK && left > 0; at.i++) {
		struct ca_wr w = ca_wr_of(room[at.i % 2], sizeof(room[0]));

		e = make_block(k, &at, &w);
		at.before = part = ca_wr_rd(&w);
		part.n = part.n < left ? part.n : left;
		ca_wr_bytes(out, part);
		left -= part.n;
	}
	ca_wipe(room, sizeof(room));
	return e == CA_OK && !ca_wr_ok(out) ? CA_E_BUG : e;
}

const struct ca_kdf_kind ca_kdf_counter = {
    .read = read_counter_mode,
    .most = most,
    .has_length = no_length,
    .make = make,
    .too_short = CKR_ATTRIBUTE_VALUE_INVALID,
};

const struct ca_kdf_kind ca_kdf_feedback = {
    .read = read_feedback,
    .most = most,
    .has_length = no_length,
    .make = make,
    .too_short = CKR_ATTRIBUTE_VALUE_INVALID,
};
