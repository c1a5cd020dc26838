#include "module/core/key_numbers.h"

#include "module/crypto/point.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/spki.h"

struct ca_rsa_numbers
ca_key_rsa_numbers(const struct ca_attrs *a)
{
	return (struct ca_rsa_numbers){
	    .n = ca_attrs_value(a, CKA_MODULUS),
	    .e = ca_attrs_value(a, CKA_PUBLIC_EXPONENT),
	    .d = ca_attrs_value(a, CKA_PRIVATE_EXPONENT),
	    .p = ca_attrs_value(a, CKA_PRIME_1),
	    .q = ca_attrs_value(a, CKA_PRIME_2),
	    .dp = ca_attrs_value(a, CKA_EXPONENT_1),
	    .dq = ca_attrs_value(a, CKA_EXPONENT_2),
	    .qi = ca_attrs_value(a, CKA_COEFFICIENT),
	};
}

ca_err
ca_key_open(const struct ca_attrs *a, struct ca_privkey **out)
{
	struct ca_rsa_numbers r;

	if (ca_attrs_number(a, CKA_KEY_TYPE) != CKK_RSA)
		return ca_privkey_curve(ca_attrs_value(a, CKA_EC_PARAMS),
		    ca_attrs_value(a, CKA_VALUE), out);
	r = ca_key_rsa_numbers(a);
	return ca_privkey_rsa(&r, out);
}

static ca_err
put(struct ca_attrs *a, CK_ATTRIBUTE_TYPE type, const struct ca_privkey *k,
    enum ca_priv_part part)
{
	uint8_t b[CA_RSA_BYTES_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	ca_err e = ca_privkey_part(k, part, &w);

	if (e == CA_OK)
		e = ca_attrs_put(a, type, ca_wr_rd(&w));
	ca_wipe(b, sizeof(b));
	return e;
}

static ca_err
put_point(struct ca_attrs *a, const struct ca_privkey *k)
{
	uint8_t point[CA_POINT_MAX], der[CA_POINT_MAX + 4];
	struct ca_wr p = ca_wr_of(point, sizeof(point));
	struct ca_wr d = ca_wr_of(der, sizeof(der));
	ca_err e = ca_privkey_part(k, CA_PRIV_POINT, &p);

	if (e != CA_OK)
		return e;
	ca_wr_tlv(&d, 0x04, ca_wr_rd(&p));
	return ca_attrs_put(a, CKA_EC_POINT, ca_wr_rd(&d));
}

ca_err
ca_key_put_public(struct ca_attrs *a, const struct ca_privkey *k)
{
	ca_err e;

	if (ca_privkey_of_curve(k) != NULL)
		return put_point(a, k);
	e = put(a, CKA_MODULUS, k, CA_PRIV_N);
	return e == CA_OK ? put(a, CKA_PUBLIC_EXPONENT, k, CA_PRIV_E) : e;
}

ca_err
ca_key_put_private(struct ca_attrs *a, const struct ca_privkey *k)
{
	static const struct {
		CK_ATTRIBUTE_TYPE type;
		enum ca_priv_part part;
	} rsa[] = {
	    {CKA_MODULUS, CA_PRIV_N},
	    {CKA_PUBLIC_EXPONENT, CA_PRIV_E},
	    {CKA_PRIVATE_EXPONENT, CA_PRIV_D},
	    {CKA_PRIME_1, CA_PRIV_P},
	    {CKA_PRIME_2, CA_PRIV_Q},
	    {CKA_EXPONENT_1, CA_PRIV_DP},
	    {CKA_EXPONENT_2, CA_PRIV_DQ},
	    {CKA_COEFFICIENT, CA_PRIV_QI},
	};
	ca_err e = CA_OK;

	if (ca_privkey_of_curve(k) != NULL)
		return put(a, CKA_VALUE, k, CA_PRIV_VALUE);
	for (size_t i = 0; e == CA_OK && i < CA_COUNT(rsa); i++)
		e = put(a, rsa[i].type, k, rsa[i].part);
	return e;
}
