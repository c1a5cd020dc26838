/* See idprime.h: what a key is used with. */
#include "pcsc/base/cdefs.h"
#include "pcsc/card/idprime.h"

#define ECDSA_MULTIPLE 8
#define P521_BYTES 66
#define P521_SPARE 7 /* bits of them that no number needs */

bool
ca_idprime_old_reference(uint8_t version, uint8_t container, uint8_t *out)
{
	static const uint8_t base[] = {0x31, 0x11, 0xF7};
	unsigned n;

	if (version == 0)
		return false;
	n = container +
	    (version <= CA_COUNT(base) ? (unsigned)base[version - 1] : 0x56u);
	*out = (uint8_t)n;
	return n <= 0xFF;
}

bool
ca_idprime_digest_info(struct ca_rd in, enum ca_alg *alg, struct ca_rd *hash)
{
	static const struct {
		uint8_t n, arc; /* of 2.16.840.1.101.3.4.2 */
		enum ca_alg alg;
	} hashes[] = {{32, 1, CA_ALG_RSA_PKCS1_SHA256},
	    {48, 2, CA_ALG_RSA_PKCS1_SHA384}, {64, 3, CA_ALG_RSA_PKCS1_SHA512}};
	struct ca_rd head;

	for (size_t i = 0; i < CA_COUNT(hashes); i++) {
		const uint8_t n = hashes[i].n;
		const uint8_t prefix[] = {0x30, (uint8_t)(17 + n), 0x30, 0x0D,
		    0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
		    hashes[i].arc, 0x05, 0x00, 0x04, n};
		struct ca_rd r = in;

		if (!ca_rd_take(&r, sizeof(prefix), &head) || r.n != n ||
		    !ca_rd_equal(head, ca_rd_of(prefix, sizeof(prefix))))
			continue;
		*alg = hashes[i].alg;
		*hash = r;
		return true;
	}
	return false;
}

/* The 521 leftmost bits of a value of 65 or 66 bytes (FIPS 186-4, 6.4) at the
 * right end of 66 bytes, or at their left end. */
static void
p521_bits(struct ca_rd hash, bool left, uint8_t out[P521_BYTES])
{
	struct ca_wr w = ca_wr_of(out, P521_BYTES);
	bool at_right = hash.n < P521_BYTES;

	ca_wr_fill(&w, 0, P521_BYTES - hash.n);
	ca_wr_bytes(&w, hash);
	if (!at_right)
		out[P521_BYTES - 1] &= 1 << P521_SPARE;
	if (!left && !at_right) {
		for (size_t i = P521_BYTES - 1; i > 0; i--)
			out[i] = (uint8_t)(out[i] >> P521_SPARE |
					   out[i - 1] << (8 - P521_SPARE));
		out[0] >>= P521_SPARE;
	} else if (left && at_right) {
		for (size_t i = 0; i < P521_BYTES - 1; i++)
			out[i] = (uint8_t)(out[i] << P521_SPARE |
					   out[i + 1] >> (8 - P521_SPARE));
		out[P521_BYTES - 1] =
		    (uint8_t)(out[P521_BYTES - 1] << P521_SPARE);
	}
}

bool
ca_idprime_ecdsa_input(struct ca_rd hash, unsigned form, struct ca_wr *out)
{
	uint8_t bits[P521_BYTES];
	size_t over = hash.n % ECDSA_MULTIPLE;

	if (hash.n > P521_BYTES)
		return false;
	if (hash.n < P521_BYTES - 1) {
		ca_wr_fill(out, 0, over > 0 ? ECDSA_MULTIPLE - over : 0);
		ca_wr_bytes(out, hash);
		return ca_wr_ok(out);
	}
	over = P521_BYTES % ECDSA_MULTIPLE;
	p521_bits(hash, form != 0, bits);
	if (form == 0)
		ca_wr_fill(out, 0, ECDSA_MULTIPLE - over);
	ca_wr_mem(out, bits, sizeof(bits));
	if (form != 0)
		ca_wr_fill(out, 0, ECDSA_MULTIPLE - over);
	return ca_wr_ok(out);
}
