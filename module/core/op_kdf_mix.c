/*
 * Keys put together, cut and combined with data: CKM_CONCATENATE_..., XOR and
 * EXTRACT (PKCS#11 current mechanisms 3.0, section 2.43). The new key consists
 * of bits of the base: see kdf_guard.h.
 */
#include "module/core/op_kdf.h"
#include "module/core/param.h"

static CK_RV
read_key(struct ca_kdf *k, const CK_MECHANISM *given)
{
	CK_OBJECT_HANDLE h;
	CK_RV rv = ca_param_copy(given, &h, sizeof(h));

	if (rv == CKR_OK)
		rv = ca_kdf_other(k, h);
	if (rv == CKR_OK)
		k->data = ca_attrs_value(&k->other->a, CKA_VALUE);
	return rv;
}

static size_t
both(const struct ca_kdf *k)
{
	return k->key.n + k->data.n;
}

static size_t
shorter(const struct ca_kdf *k)
{
	return k->key.n < k->data.n ? k->key.n : k->data.n;
}

/* The first n bytes of one and then the other. */
static ca_err
join(struct ca_rd one, struct ca_rd two, size_t n, struct ca_wr *out)
{
	one.n = one.n < n ? one.n : n;
	two.n = two.n < n - one.n ? two.n : n - one.n;
	ca_wr_bytes(out, one);
	ca_wr_bytes(out, two);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

static ca_err
base_first(const struct ca_kdf *k, size_t n, struct ca_wr *out)
{
	return join(k->key, k->data, n, out);
}

static ca_err
data_first(const struct ca_kdf *k, size_t n, struct ca_wr *out)
{
	return join(k->data, k->key, n, out);
}

static size_t
taken_first(const struct ca_kdf *k, size_t n)
{
	return n < k->key.n ? n : k->key.n;
}

static size_t
taken_last(const struct ca_kdf *k, size_t n)
{
	return n > k->data.n ? n - k->data.n : 0;
}

static size_t
taken_all(const struct ca_kdf *k, size_t n)
{
	(void)k;
	return n;
}

static ca_err
make_xor(const struct ca_kdf *k, size_t n, struct ca_wr *out)
{
	struct ca_rd a = k->key, b = k->data;
	uint8_t x, y;

	while (n-- > 0 && ca_rd_u8(&a, &x) && ca_rd_u8(&b, &y))
		ca_wr_u8(out, x ^ y);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

static CK_RV
read_bit(struct ca_kdf *k, const CK_MECHANISM *given)
{
	CK_ULONG bit = 0;
	CK_RV rv = ca_param_copy(given, &bit, sizeof(bit));

	if (rv == CKR_OK && bit >= 8 * k->key.n)
		rv = CKR_MECHANISM_PARAM_INVALID;
	k->bit = bit;
	return rv;
}

static size_t
whole(const struct ca_kdf *k)
{
	return k->key.n;
}

/* 2.43.7: a length or a type that has one must be said. */
static bool
no_length(const struct ca_kdf *k)
{
	(void)k;
	return false;
}

/* The byte at `i` of the base, which begins anew after its end. */
static unsigned
byte_at(const struct ca_kdf *k, size_t i)
{
	struct ca_rd r = k->key;
	uint8_t b = 0;

	return ca_rd_skip(&r, i % k->key.n) && ca_rd_u8(&r, &b) ? b : 0;
}

static ca_err
make_extract(const struct ca_kdf *k, size_t n, struct ca_wr *out)
{
	unsigned shift = k->bit % 8;

	for (size_t i = k->bit / 8; n-- > 0; i++)
		ca_wr_u8(out, (uint8_t)(byte_at(k, i) << shift |
					byte_at(k, i + 1) >> (8 - shift)));
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

const struct ca_kdf_kind ca_kdf_base_and_key = {
    .read = read_key,
    .most = both,
    .has_length = ca_kdf_has_length,
    .make = base_first,
    .taken = taken_first,
    .adds = true,
    .too_short = CKR_ATTRIBUTE_VALUE_INVALID,
};

const struct ca_kdf_kind ca_kdf_base_and_data = {
    .read = ca_kdf_data,
    .most = both,
    .has_length = ca_kdf_has_length,
    .make = base_first,
    .taken = taken_first,
    .adds = true,
    .too_short = CKR_ATTRIBUTE_VALUE_INVALID,
};

const struct ca_kdf_kind ca_kdf_data_and_base = {
    .read = ca_kdf_data,
    .most = both,
    .has_length = ca_kdf_has_length,
    .make = data_first,
    .taken = taken_last,
    .adds = true,
    .too_short = CKR_ATTRIBUTE_VALUE_INVALID,
};

const struct ca_kdf_kind ca_kdf_xor = {
    .read = ca_kdf_data,
    .most = shorter,
    .has_length = ca_kdf_has_length,
    .make = make_xor,
    .taken = taken_all,
    .too_short = CKR_ATTRIBUTE_VALUE_INVALID,
};

const struct ca_kdf_kind ca_kdf_extract = {
    .read = read_bit,
    .most = whole,
    .has_length = no_length,
    .make = make_extract,
    .taken = taken_all,
    .too_short = CKR_ATTRIBUTE_VALUE_INVALID,
};
