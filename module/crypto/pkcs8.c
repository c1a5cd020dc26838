#include "module/crypto/pkcs8.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "pcsc/base/secret.h"
#include "pcsc/base/tlv.h"
#include "pcsc/ossl/ctx.h"

#define TAG_INTEGER 0x02
#define TAG_OCTETS 0x04
#define TAG_OID 0x06
#define TAG_SEQUENCE 0x30

static const uint8_t rsa_alg[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7,
    0x0D, 0x01, 0x01, 0x01, 0x05, 0x00};
static const uint8_t ec_oid[] = {
    0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};

/* RFC 8410, 3: the algorithm is the curve. */
static const struct {
	uint8_t oid[5];
	enum ca_pkcs8_kind kind;
} raw_algs[] = {
    {{TAG_OID, 0x03, 0x2B, 0x65, 0x6E}, CA_PKCS8_MONTGOMERY},
    {{TAG_OID, 0x03, 0x2B, 0x65, 0x6F}, CA_PKCS8_MONTGOMERY},
    {{TAG_OID, 0x03, 0x2B, 0x65, 0x70}, CA_PKCS8_EDWARDS},
    {{TAG_OID, 0x03, 0x2B, 0x65, 0x71}, CA_PKCS8_EDWARDS},
};

static bool
raw_kind(struct ca_rd oid, enum ca_pkcs8_kind *out)
{
	for (size_t i = 0; i < CA_COUNT(raw_algs); i++)
		if (ca_rd_equal(oid,
			ca_rd_of(raw_algs[i].oid, sizeof(raw_algs[i].oid)))) {
			*out = raw_algs[i].kind;
			return true;
		}
	return false;
}

/* An INTEGER that is not negative, without the zeros in front of it. */
static bool
take_number(struct ca_rd *r, struct ca_rd *out)
{
	struct ca_rd look;
	uint8_t first;

	if (!ca_tlv_expect(r, TAG_INTEGER, out))
		return false;
	look = *out;
	if (!ca_rd_u8(&look, &first) || first >= 0x80)
		return false;
	while (first == 0 && look.n != 0) {
		*out = look;
		if (!ca_rd_u8(&look, &first))
			return false;
	}
	return true;
}

static bool
parse_rsa(struct ca_rd key, struct ca_pkcs8 *out)
{
	struct ca_rd seq, version;

	if (!ca_tlv_expect(&key, TAG_SEQUENCE, &seq) || !ca_rd_end(&key) ||
	    !take_number(&seq, &version) || !ca_rd_all(version, 0))
		return false; /* more than two primes: version 1 */
	for (size_t i = 0; i < CA_PKCS8_NUMBERS; i++)
		if (!take_number(&seq, &out->number[i]))
			return false;
	out->kind = CA_PKCS8_RSA;
	return ca_rd_end(&seq);
}

/* What follows the number, parameters and public key, adds nothing. */
static bool
parse_ec(struct ca_rd params, struct ca_rd key, struct ca_pkcs8 *out)
{
	struct ca_rd seq, version;

	if (!ca_tlv_expect(&key, TAG_SEQUENCE, &seq) || !ca_rd_end(&key) ||
	    !take_number(&seq, &version) || !ca_rd_all(version, 1) ||
	    !ca_tlv_expect(&seq, TAG_OCTETS, &out->value))
		return false;
	out->kind = CA_PKCS8_EC;
	out->params = params;
	return true;
}

static bool
parse_key(struct ca_rd alg, struct ca_rd key, struct ca_pkcs8 *out)
{
	struct ca_rd rest = alg, oid, whole;
	uint32_t tag;

	if (ca_rd_equal(alg, ca_rd_of(rsa_alg, sizeof(rsa_alg))))
		return parse_rsa(key, out);
	if (!ca_tlv_whole(&rest, &tag, &oid, &whole))
		return false;
	if (ca_rd_equal(whole, ca_rd_of(ec_oid, sizeof(ec_oid))))
		return parse_ec(rest, key, out);
	out->params = whole;
	return ca_rd_end(&rest) && raw_kind(whole, &out->kind) &&
	       ca_tlv_expect(&key, TAG_OCTETS, &out->value) && ca_rd_end(&key);
}

/* Whether OpenSSL makes a key of it, with its own eyes. */
static bool
openssl_agrees(struct ca_rd der)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	const unsigned char *p = der.p;
	PKCS8_PRIV_KEY_INFO *info;
	EVP_PKEY *key = NULL;

	if (lib == NULL)
		return false;
	(void)ERR_set_mark();
	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der.n);
	if (info != NULL)
		key = EVP_PKCS82PKEY_ex(info, lib, NULL);
	(void)ERR_pop_to_mark();
	PKCS8_PRIV_KEY_INFO_free(info);
	EVP_PKEY_free(key);
	return key != NULL;
}

bool
ca_pkcs8_parse(struct ca_rd in, struct ca_pkcs8 *out, struct ca_rd *rest)
{
	struct ca_rd seq, whole, version, alg, key;
	struct ca_pkcs8 made = {0};
	uint32_t tag;

	if (!ca_tlv_whole(&in, &tag, &seq, &whole) || tag != TAG_SEQUENCE ||
	    whole.n > CA_PKCS8_MAX || !take_number(&seq, &version) ||
	    version.n != 1 || !ca_tlv_expect(&seq, TAG_SEQUENCE, &alg) ||
	    !ca_tlv_expect(&seq, TAG_OCTETS, &key) ||
	    !parse_key(alg, key, &made) || !openssl_agrees(whole))
		return false;
	*out = made;
	*rest = in;
	return true;
}

/* Two buffers in which a key is put together from the inside out. */
struct bench {
	uint8_t a[CA_PKCS8_MAX], b[CA_PKCS8_MAX];
};

static void
put_number(struct ca_wr *w, struct ca_rd n)
{
	uint8_t padded[1 + CA_PKCS8_MAX / 4];
	struct ca_wr p = ca_wr_of(padded, sizeof(padded));
	struct ca_rd look = n;
	uint8_t first;

	if (!ca_rd_u8(&look, &first) || first >= 0x80)
		ca_wr_u8(&p, 0);
	ca_wr_bytes(&p, n);
	if (!ca_wr_ok(&p))
		w->failed = true;
	ca_wr_tlv(w, TAG_INTEGER, ca_wr_rd(&p));
	ca_wipe(padded, sizeof(padded));
}

static void
put_version(struct ca_wr *w, uint8_t v)
{
	ca_wr_tlv(w, TAG_INTEGER, ca_rd_of(&v, 1));
}

/* What stands in the OCTET STRING. */
static bool
write_key(const struct ca_pkcs8 *k, struct bench *t, struct ca_wr *out)
{
	struct ca_wr w = ca_wr_of(t->a, sizeof(t->a));

	if (k->kind == CA_PKCS8_EDWARDS || k->kind == CA_PKCS8_MONTGOMERY) {
		ca_wr_tlv(out, TAG_OCTETS, k->value);
		return k->value.n != 0 && ca_wr_ok(out);
	}
	put_version(&w, k->kind == CA_PKCS8_RSA ? 0 : 1);
	if (k->kind == CA_PKCS8_EC)
		ca_wr_tlv(&w, TAG_OCTETS, k->value);
	for (size_t i = 0; k->kind == CA_PKCS8_RSA && i < CA_PKCS8_NUMBERS; i++)
		if (k->number[i].n == 0)
			return false;
		else
			put_number(&w, k->number[i]);
	ca_wr_tlv(out, TAG_SEQUENCE, ca_wr_rd(&w));
	return ca_wr_ok(&w) && ca_wr_ok(out);
}

static void
put_algorithm(const struct ca_pkcs8 *k, struct ca_wr *w)
{
	uint8_t alg[64];
	struct ca_wr a = ca_wr_of(alg, sizeof(alg));

	if (k->kind == CA_PKCS8_RSA)
		ca_wr_mem(&a, rsa_alg, sizeof(rsa_alg));
	if (k->kind == CA_PKCS8_EC)
		ca_wr_mem(&a, ec_oid, sizeof(ec_oid));
	ca_wr_bytes(&a, k->params);
	if (!ca_wr_ok(&a))
		w->failed = true;
	ca_wr_tlv(w, TAG_SEQUENCE, ca_wr_rd(&a));
}

static bool
write_all(const struct ca_pkcs8 *k, struct bench *t, struct ca_wr *out)
{
	struct ca_wr inner = ca_wr_of(t->b, sizeof(t->b)), w;

	if (!write_key(k, t, &inner))
		return false;
	w = ca_wr_of(t->a, sizeof(t->a));
	put_version(&w, 0);
	put_algorithm(k, &w);
	ca_wr_tlv(&w, TAG_OCTETS, ca_wr_rd(&inner));
	ca_wr_tlv(out, TAG_SEQUENCE, ca_wr_rd(&w));
	return ca_wr_ok(&w) && ca_wr_ok(out);
}

ca_err
ca_pkcs8_write(const struct ca_pkcs8 *key, struct ca_wr *out)
{
	struct bench *t = malloc(sizeof(*t));
	bool ok;

	if (t == NULL)
		return CA_E_NOMEM;
	ok = write_all(key, t, out);
	ca_wipe(t, sizeof(*t));
	free(t);
	return ok ? CA_OK : CA_E_DATA;
}
