#include "module/core/key_pair_value.h"

#include "module/core/key_numbers.h"
#include "module/core/key_value.h"
#include "module/crypto/point.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/spki.h"

/* Big integers are kept without leading zeros (PKCS#11 4.1), so that they are
 * found and read in one form. Zero itself is no value here. */
static ca_err
trim(struct ca_attrs *a, CK_ATTRIBUTE_TYPE type)
{
	uint8_t b[CA_RSA_BYTES_MAX];
	struct ca_rd r, look;
	size_t n;
	uint8_t first;
	ca_err e;

	if (!ca_attrs_get(a, type, &r))
		return CA_OK; /* it may be absent */
	for (look = r; ca_rd_u8(&look, &first) && first == 0; r = look)
		;
	if (r.n == 0 || !ca_rd_copy(r, b, sizeof(b), &n))
		return CA_E_DATA;
	e = ca_attrs_put(a, type, ca_rd_of(b, n));
	ca_wipe(b, sizeof(b));
	return e;
}

static ca_err
trim_all(struct ca_attrs *a)
{
	static const CK_ATTRIBUTE_TYPE numbers[] = {CKA_MODULUS,
	    CKA_PUBLIC_EXPONENT, CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2,
	    CKA_EXPONENT_1, CKA_EXPONENT_2, CKA_COEFFICIENT};
	ca_err e = CA_OK;

	for (size_t i = 0; e == CA_OK && i < CA_COUNT(numbers); i++)
		e = trim(a, numbers[i]);
	return e;
}

/* The public half of RSA numbers. CA_E_DATA: they are none. */
static ca_err
rsa_spki(const struct ca_attrs *a, struct ca_buf *spki, struct ca_spki *k)
{
	ca_err e = ca_spki_make_rsa(ca_attrs_value(a, CKA_MODULUS),
	    ca_attrs_value(a, CKA_PUBLIC_EXPONENT), spki);

	if (e != CA_OK)
		return e;
	if (!ca_spki_parse(ca_buf_rd(spki), k) || k->bits < CA_RSA_BITS_MIN ||
	    k->bits > CA_RSA_BITS_MAX || ca_spki_exceeds(k, k->exponent))
		return CA_E_DATA;
	return CA_OK;
}

/* The numbers of a private key that comes from outside. The public exponent may
 * be left out; blinding needs it, so it is looked for. */
static ca_err
check_private(struct ca_build *b)
{
	struct ca_rsa_numbers r = ca_key_rsa_numbers(&b->a);
	uint8_t exponent[CA_RSA_BYTES_MAX];
	struct ca_wr w = ca_wr_of(exponent, sizeof(exponent));
	ca_err e;

	if (b->cls != CKO_PRIVATE_KEY || b->how == CA_BUILD_GENERATE)
		return CA_OK;
	e = ca_rsa_numbers_check(&r, &w);
	return e == CA_OK
		   ? ca_attrs_put(&b->a, CKA_PUBLIC_EXPONENT, ca_wr_rd(&w))
		   : e;
}

ca_err
ca_key_pair_rsa(struct ca_build *b)
{
	struct ca_buf spki = {0};
	struct ca_spki k;
	ca_err e = trim_all(&b->a);

	if (e == CA_OK)
		e = check_private(b);
	if (e == CA_OK)
		e = rsa_spki(&b->a, &spki, &k);
	if (e == CA_OK && b->cls == CKO_PUBLIC_KEY)
		e = ca_attrs_put_number(&b->a, CKA_MODULUS_BITS, k.bits);
	if (e == CA_OK && b->cls == CKO_PUBLIC_KEY)
		e = ca_attrs_put(&b->a, CKA_PUBLIC_KEY_INFO, ca_buf_rd(&spki));
	ca_buf_free(&spki);
	return e;
}

/* CKA_EC_POINT is kept as the standard has it, in a DER OCTET STRING, however
 * it was given. */
static ca_err
settle_point(struct ca_build *b, struct ca_buf *spki)
{
	uint8_t point[CA_POINT_MAX], der[CA_POINT_MAX + 4];
	struct ca_wr w = ca_wr_of(point, sizeof(point));
	struct ca_wr d = ca_wr_of(der, sizeof(der));
	struct ca_rd params = ca_attrs_value(&b->a, CKA_EC_PARAMS);
	ca_err e =
	    ca_point_open(params, ca_attrs_value(&b->a, CKA_EC_POINT), &w);

	if (e == CA_OK)
		e = ca_spki_make_ec(params, ca_wr_rd(&w), spki);
	if (e != CA_OK)
		return e;
	ca_wr_tlv(&d, 0x04, ca_wr_rd(&w));
	return ca_attrs_put(&b->a, CKA_EC_POINT, ca_wr_rd(&d));
}

/* CKA_VALUE is a big integer of CKK_EC keys, and bytes of the others. */
static ca_err
settle_value(struct ca_build *b)
{
	struct ca_privkey *k = NULL;
	ca_err e = b->type == CKK_EC && b->how != CA_BUILD_GENERATE
		       ? trim(&b->a, CKA_VALUE)
		       : CA_OK;

	if (e == CA_OK)
		e = ca_key_open(&b->a, &k);
	ca_privkey_free(&k);
	return e;
}

ca_err
ca_key_pair_ec(struct ca_build *b)
{
	struct ca_buf spki = {0};
	ca_err e;

	if (b->cls == CKO_PRIVATE_KEY)
		return settle_value(b);
	e = settle_point(b, &spki);
	if (e == CA_OK)
		e = ca_attrs_put(&b->a, CKA_PUBLIC_KEY_INFO, ca_buf_rd(&spki));
	ca_buf_free(&spki);
	return e;
}
