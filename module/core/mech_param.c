/* Parameters of mechanisms: PSS and OAEP (PKCS#11 current mechanisms 3.0,
 * sections 2.1.7 and 2.1.9), EdDSA and MACs; those of ciphers are in
 * op_cipher_param.c. */

#include "module/core/mech.h"
#include "module/core/op_cipher.h"
#include "module/core/op_mac.h"
#include "module/core/param.h"
#include "module/core/wrap_cipher.h"

static bool
hash_of_mgf(CK_RSA_PKCS_MGF_TYPE_PTR mgf, enum ca_hash *out)
{
	static const struct {
		unsigned long mgf;
		enum ca_hash hash;
	} rows[] = {
	    {CKG_MGF1_SHA1, CA_HASH_SHA1},
	    {CKG_MGF1_SHA224, CA_HASH_SHA224},
	    {CKG_MGF1_SHA256, CA_HASH_SHA256},
	    {CKG_MGF1_SHA384, CA_HASH_SHA384},
	    {CKG_MGF1_SHA512, CA_HASH_SHA512},
	    {CKG_MGF1_SHA3_224, CA_HASH_SHA3_224},
	    {CKG_MGF1_SHA3_256, CA_HASH_SHA3_256},
	    {CKG_MGF1_SHA3_384, CA_HASH_SHA3_384},
	    {CKG_MGF1_SHA3_512, CA_HASH_SHA3_512},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (rows[i].mgf == *mgf) {
			*out = rows[i].hash;
			return true;
		}
	return false;
}

static CK_RV
read_pss(struct ca_op *op, const CK_MECHANISM *given)
{
	CK_RSA_PKCS_PSS_PARAMS p;
	enum ca_hash own = op->mech->hash;

	if (ca_param_copy(given, &p, sizeof(p)) != CKR_OK)
		return CKR_MECHANISM_PARAM_INVALID;
	op->pss.hash = ca_mech_hash(p.hashAlg);
	op->pss.salt = p.sLen;
	if (op->pss.hash == CA_HASH_NONE ||
	    (own != CA_HASH_NONE && own != op->pss.hash) ||
	    !hash_of_mgf(&p.mgf, &op->pss.mgf) || p.sLen > CA_RSA_BYTES_MAX)
		return CKR_MECHANISM_PARAM_INVALID;
	return CKR_OK;
}

static CK_RV
read_oaep(struct ca_op *op, const CK_MECHANISM *given)
{
	CK_RSA_PKCS_OAEP_PARAMS p;
	struct ca_rd label;

	if (ca_param_copy(given, &p, sizeof(p)) != CKR_OK)
		return CKR_MECHANISM_PARAM_INVALID;
	op->oaep.hash = ca_mech_hash(p.hashAlg);
	if (op->oaep.hash == CA_HASH_NONE ||
	    !hash_of_mgf(&p.mgf, &op->oaep.mgf))
		return CKR_MECHANISM_PARAM_INVALID;
	/* Source 0 without data is what programs send for "no label". */
	if ((p.source != CKZ_DATA_SPECIFIED &&
		(p.source != 0 || p.ulSourceDataLen != 0)) ||
	    !ca_param_view(p.pSourceData, p.ulSourceDataLen, &label))
		return CKR_MECHANISM_PARAM_INVALID;
	if (ca_buf_set(&op->label, label) != CA_OK)
		return CKR_HOST_MEMORY;
	op->oaep.label = ca_buf_rd(&op->label);
	return CKR_OK;
}

/* CK_MAC_GENERAL_PARAMS: the length of the result (current mechanisms 2.40,
 * 2.20.3), up to the whole. Not 0: every message would verify. */
static CK_RV
read_mac_len(struct ca_op *op, const CK_MECHANISM *given)
{
	CK_ULONG n;

	if (ca_param_copy(given, &n, sizeof(n)) != CKR_OK)
		return CKR_MECHANISM_PARAM_INVALID;
	if (n == 0 || n > ca_mac_whole(op->mech))
		return CKR_MECHANISM_PARAM_INVALID;
	op->mac_len = n;
	return CKR_OK;
}

/*
 * CK_EDDSA_PARAMS (current mechanisms 3.0, 2.3.14). Pure Ed25519 has none;
 * with them it is Ed25519ctx or, by the flag, a prehashed variant. OpenSSL 3.0
 * knows neither those nor contexts: only Ed448 without a context is left, and
 * for that key ca_eddsa_fits() looks.
 */
static CK_RV
read_eddsa(struct ca_op *op, const CK_MECHANISM *given)
{
	CK_EDDSA_PARAMS p;

	if (given->ulParameterLen == 0)
		return CKR_OK;
	if (ca_param_copy(given, &p, sizeof(p)) != CKR_OK)
		return CKR_MECHANISM_PARAM_INVALID;
	op->eddsa_params = true;
	return p.phFlag == CK_FALSE && p.ulContextDataLen == 0
		   ? CKR_OK
		   : CKR_MECHANISM_PARAM_INVALID;
}

/* CK_GCM_PARAMS of a mechanism whose data are what is authenticated: there are
 * no others (3.0, 2.13.6). */
static CK_RV
read_gmac(struct ca_op *op, const CK_MECHANISM *given)
{
	CK_RV rv = ca_cipher_read_gcm(&op->cipher_params, given);

	op->mac_len = op->cipher_params.tag;
	return rv == CKR_OK && op->cipher_params.aad.n != 0
		   ? CKR_MECHANISM_PARAM_INVALID
		   : rv;
}

CK_RV
ca_mech_params(struct ca_op *op, const CK_MECHANISM *given)
{
	switch (op->mech->scheme) {
	case CA_SCHEME_PSS:
		return read_pss(op, given);
	case CA_SCHEME_OAEP:
		return read_oaep(op, given);
	case CA_SCHEME_EDDSA:
		return read_eddsa(op, given);
	case CA_SCHEME_MAC:
		if (op->mech->detail == CA_MAC_GENERAL)
			return read_mac_len(op, given);
		if (op->mech->detail == CA_MAC_GMAC)
			return read_gmac(op, given);
		break;
	case CA_SCHEME_CIPHER:
		return ca_cipher_read(op, given);
	case CA_SCHEME_KEYWRAP:
		return ca_wrap_read(op, given);
	case CA_SCHEME_MAKE:
	case CA_SCHEME_KDF:
	case CA_SCHEME_ECDH:
	case CA_SCHEME_DIGEST:
	case CA_SCHEME_PKCS1:
	case CA_SCHEME_RAW:
	case CA_SCHEME_ECDSA:
	case CA_SCHEME_COUNT:
		break;
	}
	/* The others take none. A pointer with length 0 does no harm. */
	return given->ulParameterLen == 0 ? CKR_OK
					  : CKR_MECHANISM_PARAM_INVALID;
}
