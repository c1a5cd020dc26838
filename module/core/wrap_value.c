#include "module/core/wrap_value.h"

#include "module/core/key_value.h"
#include "module/core/rv.h"
#include "module/core/sobject.h"
#include "module/crypto/pkcs8.h"
#include "module/crypto/point.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/curve.h"

/* The numbers of RSA in the order of PKCS #1. */
static const CK_ATTRIBUTE_TYPE numbers[CA_PKCS8_NUMBERS] = {CKA_MODULUS,
    CKA_PUBLIC_EXPONENT, CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2,
    CKA_EXPONENT_1, CKA_EXPONENT_2, CKA_COEFFICIENT};

static const struct {
	enum ca_pkcs8_kind kind;
	CK_KEY_TYPE type;
} kinds[] = {
    {CA_PKCS8_RSA, CKK_RSA},
    {CA_PKCS8_EC, CKK_EC},
    {CA_PKCS8_EDWARDS, CKK_EC_EDWARDS},
    {CA_PKCS8_MONTGOMERY, CKK_EC_MONTGOMERY},
};

static bool
kind_of(CK_KEY_TYPE type, enum ca_pkcs8_kind *out)
{
	for (size_t i = 0; i < CA_COUNT(kinds); i++)
		if (kinds[i].type == type) {
			*out = kinds[i].kind;
			return true;
		}
	return false;
}

/* RFC 5915, 3: the number of a curve key is as long as the order of the curve.
 * The views of `key` borrow from `padded`. */
static bool
pad_number(struct ca_pkcs8 *key, struct ca_wr *padded)
{
	size_t want = ca_point_field(key->params);

	if (key->kind != CA_PKCS8_EC)
		return true;
	if (want < key->value.n)
		return false;
	ca_wr_fill(padded, 0, want - key->value.n);
	ca_wr_bytes(padded, key->value);
	key->value = ca_wr_rd(padded);
	return ca_wr_ok(padded);
}

/* Curves have several names in CKA_EC_PARAMS; PKCS #8 has OIDs. */
static void
name_curve(struct ca_pkcs8 *key)
{
	const struct ca_curve *c = ca_curve_find(key->params);

	if (c != NULL)
		key->params = ca_curve_oid(c);
}

static CK_RV
write_private(const struct ca_sobject *x, struct ca_wr *out)
{
	uint8_t number[CA_POINT_MAX];
	struct ca_wr padded = ca_wr_of(number, sizeof(number));
	struct ca_pkcs8 key = {0};
	ca_err e = CA_E_DATA;

	if (!kind_of(x->type, &key.kind))
		return CKR_KEY_NOT_WRAPPABLE;
	for (size_t i = 0; i < CA_PKCS8_NUMBERS; i++)
		key.number[i] = ca_attrs_value(&x->a, numbers[i]);
	key.params = ca_attrs_value(&x->a, CKA_EC_PARAMS);
	key.value = ca_attrs_value(&x->a, CKA_VALUE);
	if (key.kind != CA_PKCS8_RSA)
		name_curve(&key);
	if (pad_number(&key, &padded))
		e = ca_pkcs8_write(&key, out);
	ca_wipe(number, sizeof(number));
	return e == CA_E_DATA ? CKR_KEY_NOT_WRAPPABLE
			      : ca_rv(e, CA_CALL_ENCRYPT);
}

CK_RV
ca_wrap_value_write(const struct ca_sobject *x, struct ca_wr *out)
{
	if (x->cls == CKO_PRIVATE_KEY)
		return write_private(x, out);
	ca_wr_bytes(out, ca_attrs_value(&x->a, CKA_VALUE));
	return ca_wr_ok(out) ? CKR_OK : CKR_KEY_SIZE_RANGE;
}

/* The next length from n on that keys of the type have; 0: none up to max. */
static size_t
next_length(CK_KEY_TYPE type, size_t n, size_t max)
{
	for (; n <= max; n++)
		if (ca_key_value_fits(type, n) == CKR_OK)
			return n;
	return 0;
}

CK_RV
ca_wrap_value_lengths(const struct ca_build *b, size_t max,
    struct ca_lengths *out)
{
	CK_ULONG told = ca_attrs_number(&b->a, CKA_VALUE_LEN);
	size_t next;

	if (ca_attrs_has(&b->a, CKA_VALUE_LEN)) {
		*out = (struct ca_lengths){told, told, 1};
		return ca_key_value_fits(b->type, told);
	}
	out->min = out->max = next_length(b->type, 1, max);
	if (out->min == 0)
		return CKR_UNWRAPPING_KEY_SIZE_RANGE;
	next = next_length(b->type, out->min + 1, max);
	out->step = next != 0 ? next - out->min : 1;
	while (next != 0 && next == out->max + out->step) {
		out->max = next;
		next = next_length(b->type, next + 1, max);
	}
	return CKR_OK;
}

/* Behind the key stand zeros, where looking at them tells nothing: elsewhere
 * whoever changes the cryptogram would learn from the answer what it holds. */
static CK_RV
read_secret(struct ca_build *b, struct ca_rd plain, size_t zeros, bool whole)
{
	CK_ULONG told = ca_attrs_number(&b->a, CKA_VALUE_LEN);
	size_t want = ca_attrs_has(&b->a, CKA_VALUE_LEN) ? told : plain.n;
	struct ca_rd value;

	if (want > plain.n || plain.n - want > zeros ||
	    ca_key_value_fits(b->type, want) != CKR_OK ||
	    !ca_rd_take(&plain, want, &value) ||
	    (whole && !ca_rd_all(plain, 0)))
		return CKR_WRAPPED_KEY_LEN_RANGE;
	return ca_rv(ca_attrs_put(&b->a, CKA_VALUE, value), CA_CALL_DECRYPT);
}

static CK_RV
put_curve(struct ca_build *b, const struct ca_pkcs8 *key)
{
	const struct ca_curve *c = ca_curve_find(key->params);
	bool said = ca_attrs_has(&b->a, CKA_EC_PARAMS);
	ca_err e = CA_OK;

	if (c == NULL)
		return CKR_CURVE_NOT_SUPPORTED;
	if (said && ca_curve_find(ca_attrs_value(&b->a, CKA_EC_PARAMS)) != c)
		return CKR_TEMPLATE_INCONSISTENT;
	if (!said)
		e = ca_attrs_put(&b->a, CKA_EC_PARAMS, key->params);
	if (e == CA_OK)
		e = ca_attrs_put(&b->a, CKA_VALUE, key->value);
	return ca_rv(e, CA_CALL_DECRYPT);
}

static CK_RV
read_private(struct ca_build *b, struct ca_rd plain, size_t zeros)
{
	struct ca_pkcs8 key;
	enum ca_pkcs8_kind kind;
	struct ca_rd rest;
	ca_err e = CA_OK;

	if (!ca_pkcs8_parse(plain, &key, &rest) || rest.n > zeros ||
	    !ca_rd_all(rest, 0) || !kind_of(b->type, &kind) || kind != key.kind)
		return CKR_WRAPPED_KEY_INVALID;
	if (kind != CA_PKCS8_RSA)
		return put_curve(b, &key);
	for (size_t i = 0; e == CA_OK && i < CA_PKCS8_NUMBERS; i++)
		e = ca_attrs_put(&b->a, numbers[i], key.number[i]);
	return ca_rv(e, CA_CALL_DECRYPT);
}

CK_RV
ca_wrap_value_read(struct ca_build *b, struct ca_rd plain, size_t zeros,
    bool whole)
{
	return b->cls == CKO_PRIVATE_KEY ? read_private(b, plain, zeros)
					 : read_secret(b, plain, zeros, whole);
}
