/* Removing padding from decrypted blocks in constant time; see pad.h. */
#include <string.h>

#include <openssl/crypto.h>
#include <pthread.h>

#include "module/crypto/pad.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"

/* Masks: all ones or all zeros, computed without a branch. */
static size_t
mask_msb(size_t a)
{
	return (size_t)0 - (a >> (sizeof(a) * 8 - 1));
}

static size_t
mask_zero(size_t a)
{
	return mask_msb(~a & (a - 1));
}

static size_t
mask_eq(size_t a, size_t b)
{
	return mask_zero(a ^ b);
}

static size_t
mask_lt(size_t a, size_t b)
{
	return mask_msb(a ^ ((a ^ b) | ((a - b) ^ b)));
}

static size_t
pick(size_t mask, size_t yes, size_t no)
{
	return (mask & yes) | (~mask & no);
}

/*
 * Moves the last `len` of the n bytes in buf to the front. Which bytes those
 * are stays out of addresses and branches: the distance is built bit by bit.
 */
static void
shift_front(uint8_t *buf, size_t n, size_t len)
{
	size_t dist = n - len;

	for (size_t step = 1; step < n; step <<= 1) {
		uint8_t m = (uint8_t)~mask_zero(dist & step);

		for (size_t i = 0; i + step < n; i++)
			buf[i] = (uint8_t)((m & buf[i + step]) |
					   ((uint8_t)~m & buf[i]));
	}
}

/*
 * The secret that makes rejected plaintexts unpredictable. A real one would
 * be derived from the private key; that one never leaves the card, so ours
 * lives as long as the process.
 */
static uint8_t reject_key[32];
static ca_err reject_key_err;
static pthread_once_t reject_once = PTHREAD_ONCE_INIT;

static void
reject_key_make(void)
{
	reject_key_err = ca_crypto_random(reject_key, sizeof(reject_key));
}

/* n pseudo-random bytes for a cryptogram: MGF1 of key || hash(cryptogram). */
static ca_err
reject_bytes(struct ca_rd cryptogram, uint8_t *out, size_t n)
{
	uint8_t seed[sizeof(reject_key) + 32];
	struct ca_wr w = ca_wr_of(seed, sizeof(seed));
	ca_err e;

	pthread_once(&reject_once, reject_key_make);
	e = reject_key_err;
	ca_wr_mem(&w, reject_key, sizeof(reject_key));
	if (e == CA_OK)
		e = ca_hash_once(CA_HASH_SHA256, cryptogram, &w);
	memset(out, 0, n);
	if (e == CA_OK)
		e = ca_mgf1_xor(CA_HASH_SHA256, ca_wr_rd(&w), out, n);
	ca_wipe(seed, sizeof(seed));
	return e;
}

/* How many lengths there are. */
static size_t
lengths_n(const struct ca_lengths *may)
{
	return (may->max - may->min) / may->step + 1;
}

/* All ones when n is one of them. */
static size_t
mask_fits(const struct ca_lengths *may, size_t n)
{
	size_t fits = 0, all = lengths_n(may);

	for (size_t i = 0; i < all; i++)
		fits |= mask_eq(n, may->min + i * may->step);
	return fits;
}

bool
ca_length_fits(const struct ca_lengths *may, size_t n)
{
	return mask_fits(may, n) != 0;
}

/*
 * What a block without a padding is taken to hold, as the last len bytes of
 * text: a plaintext of any length, as an application would have made it. What
 * one of no use is replaced by, a right one as well as that, is of a length
 * that may be: other. So a cryptogram answers to many lists of lengths like one
 * with a right padding, that is, by one plaintext to all that have its length,
 * and by another to the rest.
 */
struct reject {
	uint8_t text[CA_RSA_BYTES_MAX], other[CA_RSA_BYTES_MAX];
	size_t len, other_len;
};

static size_t
number(const uint8_t raw[2])
{
	return ((size_t)raw[0] << 8) | raw[1];
}

/* For a block with room for n bytes; pseudo-random in all. */
static ca_err
reject_make(struct ca_rd cryptogram, const struct ca_lengths *may, size_t n,
    struct reject *r)
{
	uint8_t raw[2 * CA_RSA_BYTES_MAX + 4];
	ca_err e = reject_bytes(cryptogram, raw, 2 * n + 4);

	if (e == CA_OK) {
		r->len = number(raw) % (n + 1);
		r->other_len =
		    may->min + number(&raw[2]) % lengths_n(may) * may->step;
		memcpy(r->text, &raw[4], n);
		memcpy(r->other, &raw[4 + n], n);
	}
	ca_wipe(raw, sizeof(raw));
	return e;
}

/* Puts the n bytes of `from`, of which len count, in place of those in buf. */
static void
replace(size_t mask, uint8_t *buf, size_t *buf_len, size_t n,
    const uint8_t *from, size_t len)
{
	for (size_t i = 0; i < n; i++)
		buf[i] = (uint8_t)pick(mask, from[i], buf[i]);
	*buf_len = pick(mask, len, *buf_len);
}

ca_err
ca_unpad_reject(size_t k, struct ca_rd cryptogram, bool padded,
    const struct ca_lengths *may, struct ca_wr *out)
{
	struct reject r;
	ca_err e;

	if (k < 11 || k > sizeof(r.text) || may->max > k - 11)
		return CA_E_DATA_LEN;
	e = reject_make(cryptogram, may, k - 11, &r);
	if (e == CA_OK) {
		if (!padded && ca_length_fits(may, r.len))
			ca_wr_mem(out, &r.text[k - 11 - r.len], r.len);
		else
			ca_wr_mem(out, &r.other[k - 11 - r.other_len],
			    r.other_len);
		e = ca_wr_ok(out) ? CA_OK : CA_E_BUG;
	}
	ca_wipe(&r, sizeof(r));
	return e;
}

/* Looks at 00 02 PS 00 M: a mask for "good" and the length of M. */
static size_t
type2_scan(const uint8_t *em, size_t n, size_t *msg_len)
{
	size_t good = mask_zero(em[0]) & mask_eq(em[1], 0x02);
	size_t found = 0, zero_at = 0;

	for (size_t i = 2; i < n; i++) {
		size_t here = mask_zero(em[i]);

		zero_at = pick(~found & here, i, zero_at);
		found |= here;
	}
	good &= found & ~mask_lt(zero_at, 10); /* PS has 8 bytes or more */
	*msg_len = n - 1 - zero_at;
	return good;
}

ca_err
ca_unpad_pkcs1(struct ca_rd em, struct ca_rd cryptogram,
    const struct ca_lengths *may, struct ca_wr *out)
{
	uint8_t buf[CA_RSA_BYTES_MAX], *text = &buf[11];
	struct reject r;
	size_t n = em.n, room, len = 0, good;
	ca_err e;

	if (n < 11 || n > sizeof(buf) || may->max > n - 11)
		return CA_E_DATA_LEN;
	room = n - 11;
	memcpy(buf, em.p, n);
	e = reject_make(cryptogram, may, room, &r);
	if (e == CA_OK) {
		good = type2_scan(buf, n, &len);
		replace(~good, text, &len, room, r.text, r.len);
		good = mask_fits(may, len);
		replace(~good, text, &len, room, r.other, r.other_len);
		shift_front(text, room, len);
		ca_wr_mem(out, text, len);
		e = ca_wr_ok(out) ? CA_OK : CA_E_BUG;
	}
	ca_wipe(buf, sizeof(buf));
	ca_wipe(&r, sizeof(r));
	return e;
}

/* Checks 00 || seed || lHash || 00.. 01 || M after unmasking. */
static size_t
oaep_scan(const uint8_t *em, size_t n, size_t h_n, const uint8_t *l_hash,
    size_t *msg_len)
{
	size_t good = mask_zero(em[0]);
	size_t found = 0, one_at = 0;

	good &= mask_zero((size_t)(unsigned)CRYPTO_memcmp(&em[1 + h_n], l_hash,
	    h_n));
	for (size_t i = 1 + 2 * h_n; i < n; i++) {
		size_t one = mask_eq(em[i], 0x01);
		size_t zero = mask_zero(em[i]);

		one_at = pick(~found & one, i, one_at);
		found |= one;
		good &= found | zero;
	}
	*msg_len = n - 1 - one_at;
	return good & found;
}

/* Undoes both masks of EM in place. */
static ca_err
oaep_unmask(const struct ca_oaep *o, uint8_t *em, size_t n, size_t h_n)
{
	size_t db_n = n - 1 - h_n;
	ca_err e =
	    ca_mgf1_xor(o->mgf, ca_rd_of(&em[1 + h_n], db_n), &em[1], h_n);

	if (e == CA_OK)
		e = ca_mgf1_xor(o->mgf, ca_rd_of(&em[1], h_n), &em[1 + h_n],
		    db_n);
	return e;
}

ca_err
ca_unpad_oaep(const struct ca_oaep *o, struct ca_rd em, struct ca_wr *out)
{
	uint8_t buf[CA_RSA_BYTES_MAX], l_hash[CA_HASH_LEN_MAX];
	struct ca_wr lw = ca_wr_of(l_hash, sizeof(l_hash));
	size_t h_n = ca_hash_len(o->hash), n = em.n, len = 0, good, first;
	ca_err e;

	if (h_n == 0 || n < 2 * h_n + 2 || n > sizeof(buf))
		return CA_E_DATA_LEN;
	first = 2 + 2 * h_n; /* where the longest message begins */
	memcpy(buf, em.p, n);
	e = ca_hash_once(o->hash, o->label, &lw);
	if (e == CA_OK)
		e = oaep_unmask(o, buf, n, h_n);
	if (e == CA_OK) {
		good = oaep_scan(buf, n, h_n, l_hash, &len);
		len = pick(good, len, 0);
		shift_front(&buf[first], n - first, len);
		e = good != 0 ? CA_OK : CA_E_DATA;
	}
	if (e == CA_OK) {
		ca_wr_mem(out, &buf[first], len);
		e = ca_wr_ok(out) ? CA_OK : CA_E_BUG;
	}
	ca_wipe(buf, sizeof(buf));
	return e;
}
