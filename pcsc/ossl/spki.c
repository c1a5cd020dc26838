#include "pcsc/ossl/spki.h"

#include <string.h>

#include "pcsc/base/tlv.h"
#include "pcsc/ossl/curve.h"

#define TAG_INTEGER 0x02
#define TAG_BITS 0x03
#define TAG_OID 0x06
#define TAG_SEQUENCE 0x30

/* 1.2.840.113549.1.1.1, 1.2.840.10045.2.1 and 1.3.132.0.35 (secp521r1). */
static const uint8_t oid_rsa[] = {
    0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};
static const uint8_t oid_ec[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
static const uint8_t oid_p521[] = {0x2B, 0x81, 0x04, 0x00, 0x23};

static bool
is_oid(struct ca_rd val, const uint8_t *oid, size_t n)
{
	return ca_rd_equal(val, ca_rd_of(oid, n));
}

/* The content of a BIT STRING of whole bytes. */
static bool
take_bits(struct ca_rd *r, struct ca_rd *val)
{
	struct ca_rd bits;
	uint8_t unused;

	if (!ca_tlv_expect(r, TAG_BITS, &bits) || !ca_rd_u8(&bits, &unused) ||
	    unused != 0)
		return false;
	*val = bits;
	return true;
}

/* A positive INTEGER without the leading zeros of its coding. */
static bool
take_uint(struct ca_rd *r, struct ca_rd *val)
{
	struct ca_rd v, look;
	uint8_t first;

	if (!ca_tlv_expect(r, TAG_INTEGER, &v))
		return false;
	for (;;) {
		look = v;
		if (!ca_rd_u8(&look, &first))
			return false; /* zero, or nothing at all */
		if (first != 0)
			break;
		v = look;
	}
	*val = v;
	return true;
}

static size_t
bit_length(struct ca_rd v)
{
	size_t bits = v.n * 8;
	uint8_t first;

	if (!ca_rd_u8(&v, &first))
		return 0;
	for (; (first & 0x80) == 0; first = (uint8_t)(first << 1))
		bits--;
	return bits;
}

static bool
parse_rsa(struct ca_rd key, struct ca_spki *s)
{
	struct ca_rd seq;

	if (!ca_tlv_expect(&key, TAG_SEQUENCE, &seq) ||
	    !take_uint(&seq, &s->modulus) || !take_uint(&seq, &s->exponent))
		return false;
	s->type = CA_SPKI_RSA;
	s->bits = bit_length(s->modulus);
	return true;
}

static bool
parse_ec(struct ca_rd alg, struct ca_rd point, struct ca_spki *s)
{
	struct ca_rd val, look = point;
	uint32_t tag;
	uint8_t form;

	if (!ca_tlv_whole(&alg, &tag, &val, &s->params) ||
	    !ca_rd_u8(&look, &form) || form != 0x04 || look.n == 0 ||
	    look.n % 2 != 0)
		return false;
	s->type = CA_SPKI_EC;
	s->point = point;
	s->bits = look.n / 2 * 8;
	if (tag == TAG_OID && is_oid(val, oid_p521, sizeof(oid_p521)))
		s->bits = 521;
	return true;
}

/* RFC 8410, 3 and 4: the OID of the algorithm names the curve, and nothing
 * follows it. */
static bool
parse_raw(struct ca_rd alg, struct ca_rd rest, struct ca_rd key,
    struct ca_spki *s)
{
	const struct ca_curve *c = ca_curve_find(alg);

	if (c == NULL || c->kind == CA_CURVE_SHORT || !ca_rd_end(&rest) ||
	    key.n != ca_curve_point_bytes(c))
		return false;
	s->type = CA_SPKI_RAW;
	s->params = alg;
	s->point = key;
	s->bits = c->bits;
	return true;
}

bool
ca_spki_parse(struct ca_rd der, struct ca_spki *out)
{
	struct ca_spki s = {0};
	struct ca_rd seq, alg, oid, whole, key;
	uint32_t tag;
	bool ok = false;

	if (!ca_tlv_expect(&der, TAG_SEQUENCE, &seq) ||
	    !ca_tlv_expect(&seq, TAG_SEQUENCE, &alg) ||
	    !ca_tlv_whole(&alg, &tag, &oid, &whole) || tag != TAG_OID ||
	    !take_bits(&seq, &key))
		return false;
	if (is_oid(oid, oid_rsa, sizeof(oid_rsa)))
		ok = parse_rsa(key, &s);
	else if (is_oid(oid, oid_ec, sizeof(oid_ec)))
		ok = parse_ec(alg, key, &s);
	else
		ok = parse_raw(whole, alg, key, &s);
	if (ok)
		*out = s;
	return ok;
}

bool
ca_spki_exceeds(const struct ca_spki *key, struct ca_rd number)
{
	struct ca_rd m = key->modulus;

	return number.n > m.n ||
	       (number.n == m.n && memcmp(number.p, m.p, m.n) >= 0);
}
