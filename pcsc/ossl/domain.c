/* See the header. */
#include "pcsc/ossl/domain.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "pcsc/ossl/ctx.h"

#define FIELD_MAX 66 /* bytes: P-521 */
#define COFACTOR_BYTES 2

/* clang-format off */
static const struct {
	size_t bits, der_n;
	int nid;
	uint8_t der[10];
} curves[] = {
	{ 256, 10, NID_X9_62_prime256v1,
	    { 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07 } },
	{ 384, 7, NID_secp384r1, { 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22 } },
	{ 521, 7, NID_secp521r1, { 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23 } },
};
/* clang-format on */

struct ca_rd
ca_domain_name(size_t bits)
{
	for (size_t i = 0; i < CA_COUNT(curves); i++)
		if (curves[i].bits == bits)
			return ca_rd_of(curves[i].der, curves[i].der_n);
	return ca_rd_of(NULL, 0);
}

static bool
put_number(struct ca_wr *w, uint32_t tag, const BIGNUM *n, size_t size)
{
	uint8_t b[FIELD_MAX];

	if (n == NULL || size > sizeof(b) ||
	    BN_bn2binpad(n, b, (int)size) != (int)size)
		return false;
	ca_wr_tlv(w, tag, ca_rd_of(b, size));
	return true;
}

static bool
put_point(struct ca_wr *w, const EC_GROUP *g)
{
	uint8_t b[1 + 2 * FIELD_MAX];
	size_t n = EC_POINT_point2oct(g, EC_GROUP_get0_generator(g),
	    POINT_CONVERSION_UNCOMPRESSED, b, sizeof(b), NULL);

	ca_wr_tlv(w, 0x84, ca_rd_of(b, n));
	return n != 0;
}

static bool
put_group(struct ca_wr *w, const EC_GROUP *g, size_t field)
{
	BIGNUM *p = BN_new(), *a = BN_new(), *b = BN_new();
	bool ok =
	    p != NULL && a != NULL && b != NULL &&
	    EC_GROUP_get_curve(g, p, a, b, NULL) == 1 &&
	    put_number(w, 0x81, p, field) && put_number(w, 0x82, a, field) &&
	    put_number(w, 0x83, b, field) && put_point(w, g) &&
	    put_number(w, 0x85, EC_GROUP_get0_order(g), field) &&
	    put_number(w, 0x87, EC_GROUP_get0_cofactor(g), COFACTOR_BYTES);

	BN_free(p);
	BN_free(a);
	BN_free(b);
	return ok && ca_wr_ok(w);
}

bool
ca_domain_numbers(size_t bits, struct ca_wr *w)
{
	bool ok = false;

	if (!ca_crypto_alive())
		return false;
	for (size_t i = 0; i < CA_COUNT(curves); i++) {
		EC_GROUP *g;

		if (curves[i].bits != bits)
			continue;
		g = EC_GROUP_new_by_curve_name_ex(ca_crypto_ctx(), NULL,
		    curves[i].nid);
		ok = g != NULL && put_group(w, g, (bits + 7) / 8);
		EC_GROUP_free(g);
	}
	return ok;
}
