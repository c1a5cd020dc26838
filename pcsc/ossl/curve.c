#include "pcsc/ossl/curve.h"

#include "pcsc/base/cdefs.h"

enum { P224, P256, P384, P521, K256, ED25519, ED448, X25519, X448, CURVES };

/* clang-format off */
#define SHORT CA_CURVE_SHORT
#define EDWARDS CA_CURVE_EDWARDS
#define MONTGOMERY CA_CURVE_MONTGOMERY

static const struct ca_curve curves[CURVES] = {
	[P224] = { SHORT, "secp224r1",
		{ 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x21 }, 7, 28, 224 },
	[P256] = { SHORT, "prime256v1",
		{ 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07 },
		10, 32, 256 },
	[P384] = { SHORT, "secp384r1",
		{ 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22 }, 7, 48, 384 },
	[P521] = { SHORT, "secp521r1",
		{ 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23 }, 7, 66, 521 },
	[K256] = { SHORT, "secp256k1",
		{ 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A }, 7, 32, 256 },
	[ED25519] = { EDWARDS, "ED25519",
		{ 0x06, 0x03, 0x2B, 0x65, 0x70 }, 5, 32, 256 },
	[ED448] = { EDWARDS, "ED448",
		{ 0x06, 0x03, 0x2B, 0x65, 0x71 }, 5, 57, 456 },
	[X25519] = { MONTGOMERY, "X25519",
		{ 0x06, 0x03, 0x2B, 0x65, 0x6E }, 5, 32, 256 },
	[X448] = { MONTGOMERY, "X448",
		{ 0x06, 0x03, 0x2B, 0x65, 0x6F }, 5, 56, 448 },
};

/* Other names of them. */
static const struct {
	uint8_t der[14];
	size_t n;
	unsigned curve;
} aliases[] = {
	{ { 0x13, 12, 'e', 'd', 'w', 'a', 'r', 'd', 's', '2', '5', '5', '1',
	    '9' }, 14, ED25519 },
	{ { 0x13, 10, 'e', 'd', 'w', 'a', 'r', 'd', 's', '4', '4', '8' },
	  12, ED448 },
	{ { 0x13, 10, 'c', 'u', 'r', 'v', 'e', '2', '5', '5', '1', '9' },
	  12, X25519 },
	{ { 0x13, 8, 'c', 'u', 'r', 'v', 'e', '4', '4', '8' }, 10, X448 },
	/* 1.3.6.1.4.1.11591.15.1 and 1.3.6.1.4.1.3029.1.5.1 */
	{ { 0x06, 0x09, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01 },
	  11, ED25519 },
	{ { 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05,
	    0x01 }, 12, X25519 },
};
/* clang-format on */

const struct ca_curve *
ca_curve_find(struct ca_rd params)
{
	for (size_t i = 0; i < CA_COUNT(curves); i++)
		if (ca_rd_equal(params, ca_curve_oid(&curves[i])))
			return &curves[i];
	for (size_t i = 0; i < CA_COUNT(aliases); i++)
		if (ca_rd_equal(params, ca_rd_of(aliases[i].der, aliases[i].n)))
			return &curves[aliases[i].curve];
	return NULL;
}

const struct ca_curve *
ca_curve_nist(size_t bits)
{
	for (size_t i = P224; i <= P521; i++)
		if (curves[i].bits == bits)
			return &curves[i];
	return NULL;
}

struct ca_rd
ca_curve_oid(const struct ca_curve *c)
{
	return ca_rd_of(c->der, c->der_n);
}

size_t
ca_curve_point_bytes(const struct ca_curve *c)
{
	return c->kind == CA_CURVE_SHORT ? 1 + 2 * c->field : c->field;
}
