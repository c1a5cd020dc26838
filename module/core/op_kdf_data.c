/*
 * Keys that are a hash of the base (PKCS#11 current mechanisms 3.0, 2.20.5), or
 * data encrypted with it (2.15). Both are one-way functions of the base.
 */
#include "module/core/key_value.h"
#include "module/core/op_kdf.h"
#include "module/core/param.h"
#include "module/crypto/cipher.h"
#include "pcsc/base/secret.h"

static CK_RV
read_nothing(struct ca_kdf *k, const CK_MECHANISM *given)
{
	(void)k;
	return given->ulParameterLen == 0 ? CKR_OK
					  : CKR_MECHANISM_PARAM_INVALID;
}

static size_t
hash_most(const struct ca_kdf *k)
{
	return ca_hash_len(k->hash);
}

static ca_err
make_hash(const struct ca_kdf *k, size_t n, struct ca_wr *out)
{
	uint8_t hash[CA_HASH_LEN_MAX];
	struct ca_wr w = ca_wr_of(hash, sizeof(hash));
	ca_err e = ca_hash_once(k->hash, k->key, &w);

	if (e == CA_OK)
		ca_wr_mem(out, hash, n);
	ca_wipe(hash, sizeof(hash));
	return e == CA_OK && !ca_wr_ok(out) ? CA_E_BUG : e;
}

/* Whole blocks. */
static CK_RV
check_data(const struct ca_kdf *k)
{
	return k->data.n != 0 && k->data.n % CA_AES_BLOCK == 0
		   ? CKR_OK
		   : CKR_MECHANISM_PARAM_INVALID;
}

static CK_RV
read_ecb(struct ca_kdf *k, const CK_MECHANISM *given)
{
	CK_RV rv = ca_kdf_data(k, given);

	return rv == CKR_OK ? check_data(k) : rv;
}

static CK_RV
read_cbc(struct ca_kdf *k, const CK_MECHANISM *given)
{
	CK_AES_CBC_ENCRYPT_DATA_PARAMS p;
	CK_RV rv = ca_param_copy(given, &p, sizeof(p));

	if (rv != CKR_OK)
		return rv;
	k->iv = ca_rd_of(given->pParameter, sizeof(p.iv)); /* first in it */
	return ca_param_view(p.pData, p.length, &k->data)
		   ? check_data(k)
		   : CKR_MECHANISM_PARAM_INVALID;
}

static size_t
data_most(const struct ca_kdf *k)
{
	return k->data.n;
}

/* `blocks` has room for a block more than is encrypted. */
static ca_err
encrypt(const struct ca_kdf *k, struct ca_rd in, uint8_t *blocks, size_t *n)
{
	struct ca_cipher_params p = {.encrypt = true, .iv = k->iv};
	struct ca_cipher_run *run = NULL;
	ca_err e;

	p.mode = k->m->detail == CA_KDF_CBC ? CA_CIPHER_CBC : CA_CIPHER_ECB;
	e = ca_cipher_new(&p, k->key, &run);
	if (e == CA_OK)
		e = ca_cipher_update(run, in, blocks, n);
	ca_cipher_free(&run);
	return e;
}

/* What is not used is cut off at the end (2.15.4), and need not be made. */
static ca_err
make_encrypted(const struct ca_kdf *k, size_t n, struct ca_wr *out)
{
	uint8_t blocks[CA_GENERIC_BYTES_MAX + 2 * CA_AES_BLOCK];
	struct ca_rd in = k->data;
	size_t made = 0;
	ca_err e;

	in.n = (n + CA_AES_BLOCK - 1) / CA_AES_BLOCK * CA_AES_BLOCK;
	e = encrypt(k, in, blocks, &made);
	if (e == CA_OK)
		ca_wr_mem(out, blocks, n);
	ca_wipe(blocks, sizeof(blocks));
	return e == CA_OK && (made < n || !ca_wr_ok(out)) ? CA_E_BUG : e;
}

const struct ca_kdf_kind ca_kdf_hash = {
    .read = read_nothing,
    .most = hash_most,
    .has_length = ca_kdf_has_length,
    .make = make_hash,
    .too_short = CKR_ATTRIBUTE_VALUE_INVALID,
};

const struct ca_kdf_kind ca_kdf_ecb = {
    .read = read_ecb,
    .most = data_most,
    .has_length = ca_kdf_has_length,
    .make = make_encrypted,
    .too_short = CKR_DATA_LEN_RANGE,
};

const struct ca_kdf_kind ca_kdf_cbc = {
    .read = read_cbc,
    .most = data_most,
    .has_length = ca_kdf_has_length,
    .make = make_encrypted,
    .too_short = CKR_DATA_LEN_RANGE,
};
