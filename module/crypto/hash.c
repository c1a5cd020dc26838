#include "module/crypto/hash.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "pcsc/ossl/ctx.h"

struct ca_hash_run {
	EVP_MD_CTX *ctx;
};

struct hash_row {
	const char *name;
	size_t len;
	uint8_t prefix[19]; /* DigestInfo before the hash value */
	size_t prefix_n;
};

/* clang-format off */
/* Prefixes: RFC 8017, 9.2 note 1; SHA-3 likewise with the OIDs of NIST,
 * 2.16.840.1.101.3.4.2.7 to 10. */
static const struct hash_row rows[CA_HASH_COUNT] = {
	[CA_HASH_SHA1] = { "SHA1", 20,
		{ 0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02,
		  0x1A, 0x05, 0x00, 0x04, 0x14 }, 15 },
	[CA_HASH_SHA224] = { "SHA2-224", 28,
		{ 0x30, 0x2D, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		  0x65, 0x03, 0x04, 0x02, 0x04, 0x05, 0x00, 0x04, 0x1C }, 19 },
	[CA_HASH_SHA256] = { "SHA2-256", 32,
		{ 0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		  0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 }, 19 },
	[CA_HASH_SHA384] = { "SHA2-384", 48,
		{ 0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		  0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30 }, 19 },
	[CA_HASH_SHA512] = { "SHA2-512", 64,
		{ 0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		  0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40 }, 19 },
	[CA_HASH_SHA3_224] = { "SHA3-224", 28,
		{ 0x30, 0x2D, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		  0x65, 0x03, 0x04, 0x02, 0x07, 0x05, 0x00, 0x04, 0x1C }, 19 },
	[CA_HASH_SHA3_256] = { "SHA3-256", 32,
		{ 0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		  0x65, 0x03, 0x04, 0x02, 0x08, 0x05, 0x00, 0x04, 0x20 }, 19 },
	[CA_HASH_SHA3_384] = { "SHA3-384", 48,
		{ 0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		  0x65, 0x03, 0x04, 0x02, 0x09, 0x05, 0x00, 0x04, 0x30 }, 19 },
	[CA_HASH_SHA3_512] = { "SHA3-512", 64,
		{ 0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		  0x65, 0x03, 0x04, 0x02, 0x0A, 0x05, 0x00, 0x04, 0x40 }, 19 },
	[CA_HASH_SHA512_224] = { "SHA2-512/224", 28, { 0 }, 0 },
	[CA_HASH_SHA512_256] = { "SHA2-512/256", 32, { 0 }, 0 },
};
/* clang-format on */

size_t
ca_hash_len(enum ca_hash h)
{
	return rows[h].len;
}

const char *
ca_hash_name(enum ca_hash h)
{
	return rows[h].name;
}

static ca_err
run_start(struct ca_hash_run *r, enum ca_hash h)
{
	OSSL_LIB_CTX *lib = ca_crypto_ctx();
	EVP_MD *md;
	ca_err e = CA_E_BUG;

	if (lib == NULL || rows[h].name == NULL)
		return CA_E_BUG;
	ERR_set_mark();
	md = EVP_MD_fetch(lib, rows[h].name, NULL);
	r->ctx = EVP_MD_CTX_new();
	if (r->ctx == NULL)
		e = CA_E_NOMEM;
	else if (md != NULL && EVP_DigestInit_ex2(r->ctx, md, NULL) == 1)
		e = CA_OK;
	EVP_MD_free(md);
	ERR_pop_to_mark();
	return e;
}

ca_err
ca_hash_new(enum ca_hash h, struct ca_hash_run **out)
{
	struct ca_hash_run *r = calloc(1, sizeof(*r));
	ca_err e;

	if (r == NULL)
		return CA_E_NOMEM;
	e = run_start(r, h);
	if (e != CA_OK)
		ca_hash_free(&r);
	*out = r;
	return e;
}

ca_err
ca_hash_copy(const struct ca_hash_run *r, struct ca_hash_run **out)
{
	struct ca_hash_run *copy;
	ca_err e = CA_E_NOMEM;

	*out = NULL;
	if (!ca_crypto_alive())
		return CA_E_BUG;
	copy = calloc(1, sizeof(*copy));
	if (copy == NULL)
		return CA_E_NOMEM;
	copy->ctx = EVP_MD_CTX_new();
	if (copy->ctx != NULL)
		e = EVP_MD_CTX_copy_ex(copy->ctx, r->ctx) == 1 ? CA_OK
							       : CA_E_NOMEM;
	if (e != CA_OK)
		ca_hash_free(&copy);
	*out = copy;
	return e;
}

ca_err
ca_hash_update(struct ca_hash_run *r, struct ca_rd in)
{
	if (!ca_crypto_alive())
		return CA_E_BUG;
	return EVP_DigestUpdate(r->ctx, in.p, in.n) == 1 ? CA_OK : CA_E_BUG;
}

ca_err
ca_hash_final(struct ca_hash_run *r, struct ca_wr *out)
{
	uint8_t value[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (!ca_crypto_alive() || EVP_DigestFinal_ex(r->ctx, value, &n) != 1)
		return CA_E_BUG;
	ca_wr_mem(out, value, n);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

void
ca_hash_free(struct ca_hash_run **r)
{
	if (*r == NULL)
		return;
	if (ca_crypto_alive())
		EVP_MD_CTX_free((*r)->ctx);
	free(*r);
	*r = NULL;
}

ca_err
ca_hash_once(enum ca_hash h, struct ca_rd in, struct ca_wr *out)
{
	struct ca_hash_run *r = NULL;
	ca_err e = ca_hash_new(h, &r);

	if (e == CA_OK)
		e = ca_hash_update(r, in);
	if (e == CA_OK)
		e = ca_hash_final(r, out);
	ca_hash_free(&r);
	return e;
}

ca_err
ca_digestinfo_wrap(enum ca_hash h, struct ca_rd value, struct ca_wr *out)
{
	const struct hash_row *row = &rows[h];

	if (row->prefix_n == 0)
		return CA_E_UNSUPPORTED;
	if (value.n != row->len)
		return CA_E_DATA_LEN;
	ca_wr_mem(out, row->prefix, row->prefix_n);
	ca_wr_bytes(out, value);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

bool
ca_digestinfo_open(struct ca_rd in, enum ca_hash *h, struct ca_rd *value)
{
	struct ca_rd rest, head;

	for (unsigned i = 0; i < CA_HASH_COUNT; i++) {
		const struct hash_row *row = &rows[i];

		rest = in;
		if (row->prefix_n == 0 || in.n != row->prefix_n + row->len ||
		    !ca_rd_take(&rest, row->prefix_n, &head) ||
		    !ca_rd_equal(head, ca_rd_of(row->prefix, row->prefix_n)))
			continue;
		*h = (enum ca_hash)i;
		*value = rest;
		return true;
	}
	return false;
}
