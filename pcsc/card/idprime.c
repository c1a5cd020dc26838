/* See the header. */
#include "pcsc/card/idprime.h"

#include <string.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/inflate.h"
#include "pcsc/card/pkcs15_parse.h"

#define NAME_BYTES 8
#define CMAP_RECORD 86
#define CMAP_NAME 80
#define CMAP_VALID 0x01
#define MAP_RECORD 8
#define MAP_SKIPPED 4 /* bytes 3 to 6 */

/* A name field: zero padded, no terminator when it is full. */
static bool
is_name(struct ca_rd field, const char *name)
{
	struct ca_rd head;

	return ca_rd_take(&field, strlen(name), &head) &&
	       ca_rd_equal(head, ca_rd_of(name, strlen(name))) &&
	       ca_rd_all(field, 0);
}

/* "kscNN" and "kxcNN": two decimal digits. */
static bool
container_of(struct ca_rd name, const char *prefix, uint8_t *out)
{
	struct ca_rd head;
	uint8_t tens, ones;

	if (!ca_rd_take(&name, strlen(prefix), &head) ||
	    !ca_rd_equal(head, ca_rd_of(prefix, strlen(prefix))) ||
	    !ca_rd_u8(&name, &tens) || !ca_rd_u8(&name, &ones) || tens < '0' ||
	    tens > '9' || ones < '0' || ones > '9')
		return false;
	*out = (uint8_t)((tens - '0') * 10 + (ones - '0'));
	return ca_rd_all(name, 0);
}

static enum ca_idprime_kind
kind_of(struct ca_rd name, struct ca_rd dir, uint8_t *container)
{
	*container = 0;
	if (is_name(dir, "p11") && is_name(name, "tinfo"))
		return CA_IDPRIME_TOKEN_INFO;
	if (!is_name(dir, "mscp"))
		return CA_IDPRIME_OTHER;
	if (container_of(name, "ksc", container))
		return CA_IDPRIME_CERT_SIGN;
	if (container_of(name, "kxc", container))
		return CA_IDPRIME_CERT_EXCHANGE;
	return CA_IDPRIME_OTHER;
}

size_t
ca_idprime_index(struct ca_rd file, struct ca_idprime_file *out, size_t cap)
{
	uint8_t count, one;
	size_t n = 0;

	if (!ca_rd_u8(&file, &count))
		return 0;
	while (n < count && n < cap) {
		struct ca_idprime_file f;
		struct ca_rd name, dir;
		uint16_t size;

		if (!ca_rd_u16(&file, &f.fid) || !ca_rd_u16(&file, &size) ||
		    !ca_rd_take(&file, NAME_BYTES, &name) ||
		    !ca_rd_take(&file, NAME_BYTES, &dir) ||
		    !ca_rd_u8(&file, &one))
			break;
		f.size = size;
		f.kind = kind_of(name, dir, &f.container);
		out[n++] = f;
	}
	return n;
}

/* Takes the next record of the container map. */
static bool
next_container(struct ca_rd *file, struct ca_idprime_container *out)
{
	struct ca_rd r;
	uint8_t first, flags, reserved, lo, hi, lo2, hi2;

	if (!ca_rd_take(file, CMAP_RECORD, &r) || !ca_rd_u8(&r, &first) ||
	    !ca_rd_skip(&r, CMAP_NAME - 1) || !ca_rd_u8(&r, &flags) ||
	    !ca_rd_u8(&r, &reserved) || !ca_rd_u8(&r, &lo) ||
	    !ca_rd_u8(&r, &hi) || !ca_rd_u8(&r, &lo2) || !ca_rd_u8(&r, &hi2))
		return false;
	out->sign_bits = (unsigned)hi << 8 | lo;
	out->exchange_bits = (unsigned)hi2 << 8 | lo2;
	out->used = first != 0 || (flags & CMAP_VALID) != 0 ||
		    out->sign_bits != 0 || out->exchange_bits != 0;
	return true;
}

bool
ca_idprime_container(struct ca_rd file, uint8_t n,
    struct ca_idprime_container *out)
{
	struct ca_idprime_container c;

	for (unsigned i = 0; i <= n; i++)
		if (!next_container(&file, &c))
			return false;
	*out = c;
	return true;
}

bool
ca_idprime_has_containers(struct ca_rd file)
{
	struct ca_idprime_container c;

	while (next_container(&file, &c))
		if (c.used)
			return true;
	return false;
}

bool
ca_idprime_has_keys(struct ca_rd file)
{
	struct ca_rd r;
	uint8_t used;

	while (ca_rd_take(&file, MAP_RECORD, &r))
		if (ca_rd_u8(&r, &used) && used != 0)
			return true;
	return false;
}

bool
ca_idprime_key(struct ca_rd file, uint8_t container, unsigned nth,
    struct ca_idprime_key *out)
{
	struct ca_rd r;

	while (ca_rd_take(&file, MAP_RECORD, &r)) {
		uint8_t used, reference, number, pin;

		if (!ca_rd_u8(&r, &used) || !ca_rd_u8(&r, &reference) ||
		    !ca_rd_u8(&r, &number) || !ca_rd_skip(&r, MAP_SKIPPED) ||
		    !ca_rd_u8(&r, &pin))
			return false;
		if (used == 0 || number != container || nth-- > 0)
			continue;
		out->reference = reference;
		out->pin = pin;
		return true;
	}
	return false;
}

ca_err
ca_idprime_certificate(struct ca_rd file, struct ca_buf *der)
{
	struct ca_rd r = file, inside;
	uint8_t one, zero, lo, hi;

	if (ca_tlv_expect(&r, 0x30, &inside))
		return ca_buf_set(der, file);
	if (!ca_rd_u8(&r, &one) || one != 0x01)
		return CA_E_DATA;
	if (!ca_rd_u8(&r, &zero) || zero != 0x00 || !ca_rd_u8(&r, &lo) ||
	    !ca_rd_u8(&r, &hi))
		return CA_E_DATA;
	return ca_inflate(r, (size_t)hi << 8 | lo, der);
}

void
ca_idprime_label(struct ca_rd file, char *out, size_t cap)
{
	struct ca_rd label;
	uint8_t version, length;

	out[0] = '\0';
	if (!ca_rd_u8(&file, &version) || !ca_rd_u8(&file, &length) ||
	    !ca_rd_take(&file, length < file.n ? length : file.n, &label))
		return;
	ca_p15_text(label, out, cap);
}

/* The curves of these cards by their OIDs (RFC 5480). */
/* clang-format off */
static const struct {
	uint8_t oid[8];
	size_t n, bits;
} curves[] = {
	{ { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07 }, 8, 256 },
	{ { 0x2B, 0x81, 0x04, 0x00, 0x22 }, 5, 384 },
	{ { 0x2B, 0x81, 0x04, 0x00, 0x23 }, 5, 521 },
};
/* clang-format on */

static size_t
rsa_bits(struct ca_rd bit_string)
{
	const uint32_t path[] = {0x30, 0x02};
	struct ca_rd modulus, zero;

	if (!ca_rd_skip(&bit_string, 1) ||
	    !ca_tlv_path(bit_string, path, CA_COUNT(path), &modulus))
		return 0;
	while (modulus.n > 0 && modulus.p[0] == 0 &&
	       ca_rd_take(&modulus, 1, &zero))
		;
	return modulus.n * 8;
}

bool
ca_idprime_cert_key(struct ca_rd der, bool *ec, size_t *bits)
{
	static const uint8_t rsa[] = {
	    0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};
	static const uint8_t ecc[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
	struct ca_rd tbs, v, spki, alg, oid, key;
	uint32_t tag;

	if (!ca_tlv_expect(&der, 0x30, &v) || !ca_tlv_expect(&v, 0x30, &tbs))
		return false;
	if (ca_tlv_expect(&tbs, 0xA0, &v))
		v = tbs; /* version */
	/* serial, signature, issuer, validity, subject */
	for (int i = 0; i < 5; i++)
		if (!ca_tlv_next(&tbs, &tag, &v))
			return false;
	if (!ca_tlv_expect(&tbs, 0x30, &spki) ||
	    !ca_tlv_expect(&spki, 0x30, &alg) ||
	    !ca_tlv_expect(&alg, 0x06, &oid) ||
	    !ca_tlv_expect(&spki, 0x03, &key))
		return false;
	*bits = 0;
	*ec = ca_rd_equal(oid, ca_rd_of(ecc, sizeof(ecc)));
	if (!*ec) {
		if (!ca_rd_equal(oid, ca_rd_of(rsa, sizeof(rsa))))
			return false;
		*bits = rsa_bits(key);
		return true;
	}
	if (!ca_tlv_expect(&alg, 0x06, &oid))
		return true;
	for (size_t i = 0; i < CA_COUNT(curves); i++)
		if (ca_rd_equal(oid, ca_rd_of(curves[i].oid, curves[i].n)))
			*bits = curves[i].bits;
	return true;
}
