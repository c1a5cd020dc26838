/*
 * What the module itself reads: fields of certificates, blocks that a card
 * deciphered without removing the padding, public keys and signatures, and the
 * templates of applications.
 */
#include <stdlib.h>
#include <string.h>

#include "module/core/attr.h"
#include "module/crypto/pad.h"
#include "module/crypto/pubkey.h"
#include "module/crypto/x509.h"
#include "tests/fuzz/fuzz.h"

#define BLOCK_MAX 600

static void
certificate(struct ca_rd in)
{
	struct ca_x509 x;

	if (!ca_x509_parse(in, &x))
		return;
	fuzz_within(x.serial, in);
	fuzz_within(x.issuer, in);
	fuzz_within(x.subject, in);
	fuzz_within(x.spki, in);
	FUZZ_CHECK(x.spki.n > 0 && x.issuer.n > 0);
	for (size_t i = 0; x.has_dates && i < sizeof(x.not_before); i++)
		FUZZ_CHECK(x.not_before[i] >= '0' && x.not_before[i] <= '9' &&
			   x.not_after[i] >= '0' && x.not_after[i] <= '9');
}

/* Never a word about whether the padding was right: always a plaintext. */
static void
padded(struct ca_rd in)
{
	static const uint8_t cryptogram[128] = {1};
	uint8_t *room = fuzz_room(BLOCK_MAX);
	struct ca_wr w = ca_wr_of(room, BLOCK_MAX);
	struct ca_oaep oaep = {.label = {NULL, 0}};
	struct ca_lengths may = {
	    fuzz_choose(&in, 40), 0, 1 + fuzz_choose(&in, 9)};

	may.max = may.min + may.step * fuzz_choose(&in, 5);
	oaep.hash = (enum ca_hash)(1 + fuzz_choose(&in, CA_HASH_COUNT - 1));
	oaep.mgf = (enum ca_hash)(1 + fuzz_choose(&in, CA_HASH_COUNT - 1));
	if (ca_unpad_pkcs1(in, ca_rd_of(cryptogram, sizeof(cryptogram)), &may,
		&w) == CA_OK)
		FUZZ_CHECK(w.n + 11 <= in.n && ca_length_fits(&may, w.n));
	w = ca_wr_of(room, BLOCK_MAX);
	if (ca_unpad_oaep(&oaep, in, &w) == CA_OK)
		FUZZ_CHECK(w.n + 2 <= in.n);
	FUZZ_CHECK(w.n <= BLOCK_MAX);
	free(room);
}

static void
public_key(struct ca_rd in)
{
	const struct ca_pss pss = {CA_HASH_SHA256, CA_HASH_SHA256, 32};
	const struct ca_oaep oaep = {CA_HASH_SHA256, CA_HASH_SHA256, {NULL, 0}};
	size_t n = fuzz_choose(&in, 256);
	uint8_t hash[32], *room = fuzz_room(BLOCK_MAX);
	struct ca_rd sig, value = ca_rd_of(hash, sizeof(hash));
	struct ca_wr w = ca_wr_of(room, BLOCK_MAX);

	memset(hash, 0x2A, sizeof(hash));
	if (ca_rd_take(&in, n < in.n ? n : in.n, &sig)) {
		(void)!ca_verify_pkcs1(in, value, sig);
		(void)!ca_verify_raw(in, value, sig);
		(void)!ca_verify_pss(in, &pss, value, sig);
		(void)!ca_verify_ecdsa(in, value, sig);
		(void)!ca_encrypt_pkcs1(in, value, &w);
		FUZZ_CHECK(w.n <= BLOCK_MAX);
		w = ca_wr_of(room, BLOCK_MAX);
		(void)!ca_encrypt_oaep(in, &oaep, value, &w);
		w = ca_wr_of(room, BLOCK_MAX);
		(void)!ca_encrypt_raw(in, sig, &w);
		FUZZ_CHECK(w.n <= BLOCK_MAX);
	}
	free(room);
}

/* One entry of a template: type, and a value or NULL in its place. */
static void template(struct ca_rd in)
{
	enum ca_kind kind = (enum ca_kind)(1 << fuzz_choose(&in, 6));
	bool null = fuzz_choose(&in, 2) == 1;
	CK_ATTRIBUTE a = {.type = 0};
	uint16_t type;
	uint8_t *value;

	if (!ca_rd_u16(&in, &type))
		return;
	a.type = type;
	value = fuzz_copy(in);
	a.pValue = null ? NULL : value;
	a.ulValueLen = null ? 0 : (CK_ULONG)in.n;
	if (ca_attr_possible(kind, &a))
		FUZZ_CHECK(ca_attr_row(type, kind) != NULL);
	free(value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(struct ca_rd) = {
	    certificate, padded, public_key, template};
	struct ca_rd in = ca_rd_of(data, size);

	fuzz_begin();
	readers[fuzz_choose(&in, CA_COUNT(readers))](in);
	return 0;
}
