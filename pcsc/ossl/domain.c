/* See the header. */
#include "pcsc/ossl/domain.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

#include "pcsc/ossl/ctx.h"

#define FIELD_MAX 66 /* bytes: P-521 */
#define COFACTOR_BYTES 2

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
ca_domain_numbers(const struct ca_curve *c, struct ca_wr *w)
{
	EC_GROUP *g;
	bool ok;

	if (!ca_crypto_alive() || c->kind != CA_CURVE_SHORT)
		return false;
	g = EC_GROUP_new_by_curve_name_ex(ca_crypto_ctx(), NULL,
	    OBJ_txt2nid(c->name));
	ok = g != NULL && put_group(w, g, c->field);
	EC_GROUP_free(g);
	return ok;
}
