#include "module/crypto/point.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "pcsc/base/tlv.h"
#include "pcsc/ossl/ctx.h"
#include "pcsc/ossl/curve.h"
#include "pcsc/ossl/evp_key.h"
#include "pcsc/ossl/spki.h"

#define INTEGER 0x02
#define BIT_STRING 0x03
#define OCTET_STRING 0x04
#define SEQUENCE 0x30
#define UNCOMPRESSED 0x04
#define SPKI_MAX (2 * CA_RSA_BYTES_MAX + 64)

/* AlgorithmIdentifier of RSA whole (RFC 3279, 2.3.1); of EC its OID. */
static const uint8_t rsa_alg[] = {0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48,
    0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00};
static const uint8_t ec_oid[] = {
    0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};

size_t
ca_point_field(struct ca_rd params)
{
	const struct ca_curve *c = ca_curve_find(params);

	return c != NULL ? c->field : 0;
}

size_t
ca_bit_length(struct ca_rd number)
{
	size_t bits;
	uint8_t first = 0;

	while (ca_rd_u8(&number, &first) && first == 0)
		;
	bits = number.n * 8;
	for (; first != 0; first = (uint8_t)(first >> 1))
		bits++;
	return bits;
}

/* A positive number as DER INTEGER: no bit of sign may be seen. */
static void
put_number(struct ca_wr *w, struct ca_rd number)
{
	uint8_t b[CA_RSA_BYTES_MAX + 1];
	struct ca_wr n = ca_wr_of(b, sizeof(b));
	struct ca_rd look = number;
	uint8_t first;

	if (ca_rd_u8(&look, &first) && (first & 0x80) != 0)
		ca_wr_u8(&n, 0);
	ca_wr_bytes(&n, number);
	if (!ca_wr_ok(&n))
		w->failed = true;
	ca_wr_tlv(w, INTEGER, ca_wr_rd(&n));
}

/* SEQUENCE of an AlgorithmIdentifier and a key in a BIT STRING. */
static ca_err
put_spki(struct ca_rd alg, struct ca_rd key, struct ca_buf *out)
{
	uint8_t bits[SPKI_MAX], both[SPKI_MAX], whole[SPKI_MAX];
	struct ca_wr b = ca_wr_of(bits, sizeof(bits));
	struct ca_wr two = ca_wr_of(both, sizeof(both));
	struct ca_wr w = ca_wr_of(whole, sizeof(whole));

	ca_wr_u8(&b, 0); /* no bits unused */
	ca_wr_bytes(&b, key);
	ca_wr_bytes(&two, alg);
	ca_wr_tlv(&two, BIT_STRING, ca_wr_rd(&b));
	ca_wr_tlv(&w, SEQUENCE, ca_wr_rd(&two));
	if (!ca_wr_ok(&b) || !ca_wr_ok(&two) || !ca_wr_ok(&w))
		return CA_E_DATA;
	return ca_buf_set(out, ca_wr_rd(&w));
}

ca_err
ca_spki_make_rsa(struct ca_rd modulus, struct ca_rd exponent,
    struct ca_buf *out)
{
	uint8_t numbers[SPKI_MAX], key[SPKI_MAX];
	struct ca_wr n = ca_wr_of(numbers, sizeof(numbers));
	struct ca_wr k = ca_wr_of(key, sizeof(key));

	put_number(&n, modulus);
	put_number(&n, exponent);
	ca_wr_tlv(&k, SEQUENCE, ca_wr_rd(&n));
	if (!ca_wr_ok(&n) || !ca_wr_ok(&k))
		return CA_E_DATA;
	return put_spki(ca_rd_of(rsa_alg, sizeof(rsa_alg)), ca_wr_rd(&k), out);
}

ca_err
ca_spki_make_ec(struct ca_rd params, struct ca_rd point, struct ca_buf *out)
{
	const struct ca_curve *c = ca_curve_find(params);
	uint8_t ids[64], alg[64];
	struct ca_wr i = ca_wr_of(ids, sizeof(ids));
	struct ca_wr a = ca_wr_of(alg, sizeof(alg));

	if (c == NULL || c->kind == CA_CURVE_SHORT)
		ca_wr_mem(&i, ec_oid, sizeof(ec_oid));
	ca_wr_bytes(&i, c != NULL ? ca_curve_oid(c) : params);
	ca_wr_tlv(&a, SEQUENCE, ca_wr_rd(&i));
	if (!ca_wr_ok(&i) || !ca_wr_ok(&a))
		return CA_E_DATA;
	return put_spki(ca_wr_rd(&a), point, out);
}

/* OpenSSL's word on a point of the right form. */
static ca_err
check_point(struct ca_rd spki)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *key;
	bool ok;

	if (lib == NULL)
		return CA_E_BUG;
	(void)ERR_set_mark();
	key = ca_evp_key(lib, spki);
	if (key != NULL)
		ctx = EVP_PKEY_CTX_new_from_pkey(lib, key, NULL);
	ok = ctx != NULL && EVP_PKEY_public_check(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	(void)ERR_pop_to_mark();
	return ok ? CA_OK : CA_E_DATA;
}

/* The bytes of a point out of any form it may be given in. */
static bool
unwrap_point(const struct ca_curve *c, struct ca_rd given, struct ca_rd *point)
{
	size_t need = ca_curve_point_bytes(c);
	struct ca_rd look;
	uint8_t form, unused;

	*point = given;
	/* DER and bare bytes may begin alike; their lengths tell them apart. */
	if (given.n == need + 3 && c->kind != CA_CURVE_SHORT)
		return ca_tlv_expect(&given, BIT_STRING, point) &&
		       ca_rd_end(&given) && ca_rd_u8(point, &unused) &&
		       unused == 0;
	if (given.n != need &&
	    (!ca_tlv_expect(&given, OCTET_STRING, point) || !ca_rd_end(&given)))
		return false;
	look = *point;
	return point->n == need && ca_rd_u8(&look, &form) &&
	       (c->kind != CA_CURVE_SHORT || form == UNCOMPRESSED);
}

ca_err
ca_point_open(struct ca_rd params, struct ca_rd given, struct ca_wr *out)
{
	const struct ca_curve *c = ca_curve_find(params);
	struct ca_buf spki = {0};
	struct ca_rd point;
	ca_err e;

	if (c == NULL)
		return CA_E_UNSUPPORTED;
	if (!unwrap_point(c, given, &point))
		return CA_E_DATA;
	e = ca_spki_make_ec(params, point, &spki);
	if (e == CA_OK)
		e = check_point(ca_buf_rd(&spki));
	ca_buf_free(&spki);
	if (e != CA_OK)
		return e;
	ca_wr_bytes(out, point);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}
