#include "module/core/sign_input.h"

#include "pcsc/ossl/spki.h"

/* The card's own PSS has MGF1 with the same hash and a salt of its length. */
static bool
pss_is_plain(const struct ca_pss *p)
{
	return p->hash == p->mgf && p->salt == ca_hash_len(p->hash);
}

static bool
recipe_suits(const struct ca_op *op, const struct ca_recipe *r)
{
	return op->mech->scheme != CA_SCHEME_PSS || r->form == CA_FORM_BLOCK ||
	       pss_is_plain(&op->pss);
}

bool
ca_sign_recipe(const struct ca_op *op, uint32_t algs, enum ca_hash hash,
    struct ca_recipe *out)
{
	for (size_t i = 0; ca_mech_recipe(op->mech, hash, i, out); i++)
		if ((algs & CA_ALG_BIT(out->alg)) != 0 && recipe_suits(op, out))
			return true;
	return false;
}

/* CKM_RSA_X_509: the data as a number, as long as the modulus and below it. */
static ca_err
raw_block(const struct ca_op *op, struct ca_rd value, struct ca_wr *out)
{
	size_t k = (op->bits + 7) / 8;
	struct ca_spki key;

	if (value.n > k)
		return CA_E_DATA_LEN;
	ca_wr_fill(out, 0, k - value.n);
	ca_wr_bytes(out, value);
	if (ca_spki_parse(ca_buf_rd(&op->spki), &key) &&
	    ca_spki_exceeds(&key, ca_wr_rd(out)))
		return CA_E_DATA;
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

static ca_err
digest_info(const struct ca_op *op, struct ca_rd value, struct ca_wr *out)
{
	if (op->mech->hash != CA_HASH_NONE)
		return ca_digestinfo_wrap(op->mech->hash, value, out);
	ca_wr_bytes(out, value); /* CKM_RSA_PKCS: the caller brings it */
	return ca_wr_ok(out) ? CA_OK : CA_E_DATA_LEN;
}

static ca_err
pkcs1_block(const struct ca_op *op, struct ca_rd value, struct ca_wr *out)
{
	uint8_t t[CA_RSA_BYTES_MAX];
	struct ca_wr w = ca_wr_of(t, sizeof(t));
	ca_err e = digest_info(op, value, &w);

	return e == CA_OK ? ca_pad_pkcs1(ca_wr_rd(&w), (op->bits + 7) / 8, out)
			  : e;
}

static ca_err
make_block(const struct ca_op *op, struct ca_rd value, struct ca_wr *out)
{
	if (op->mech->scheme == CA_SCHEME_PKCS1)
		return pkcs1_block(op, value, out);
	if (op->mech->scheme == CA_SCHEME_PSS)
		return ca_pad_pss(&op->pss, value, op->bits, out);
	return raw_block(op, value, out);
}

/*
 * ECDSA takes the leftmost bits of a value that is longer than the order (FIPS
 * 186-4, 6.4). Whole bytes are cut here; the odd bits of the last one (P-521)
 * are dropped by whoever computes with it, the card and OpenSSL alike, and
 * must not be dropped twice.
 */
static void
cut_to_order(size_t bits, struct ca_rd value, struct ca_wr *out)
{
	struct ca_rd head = value;

	if (ca_rd_take(&value, (bits + 7) / 8, &head))
		value = head;
	ca_wr_bytes(out, value);
}

ca_err
ca_sign_input(const struct ca_op *op, enum ca_form form, struct ca_rd value,
    struct ca_wr *out)
{
	if (form == CA_FORM_BLOCK)
		return make_block(op, value, out);
	if (form == CA_FORM_DIGESTINFO)
		return digest_info(op, value, out);
	if (op->mech->scheme == CA_SCHEME_ECDSA)
		cut_to_order(op->bits, value, out);
	else
		ca_wr_bytes(out, value);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

CK_RV
ca_sign_settle(const struct ca_op *op, uint32_t algs, struct ca_rd *value,
    struct ca_recipe *how)
{
	enum ca_hash hash = op->mech->hash;
	struct ca_rd inner;

	if (op->mech->scheme == CA_SCHEME_PSS) {
		hash = op->pss.hash;
		if (value->n != ca_hash_len(hash))
			return CKR_DATA_LEN_RANGE;
	}
	if (ca_sign_recipe(op, algs, hash, how))
		return CKR_OK;
	if (!ca_digestinfo_open(*value, &hash, &inner) ||
	    !ca_sign_recipe(op, algs, hash, how))
		return CKR_DATA_INVALID;
	*value = inner;
	return CKR_OK;
}
