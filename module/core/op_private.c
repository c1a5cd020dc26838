#include "module/core/op_private.h"

#include "module/core/mech.h"
#include "module/core/sign_input.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/spki.h"

/* Described as a card is that computes and pads nothing. */
#define HOST_ALGS (CA_ALG_BIT(CA_ALG_RSA_RAW) | CA_ALG_BIT(CA_ALG_ECDSA))
#define ED25519_BITS 256

bool
ca_eddsa_fits(const struct ca_op *op)
{
	return op->mech->scheme != CA_SCHEME_EDDSA || !op->eddsa_params ||
	       op->bits != ED25519_BITS;
}

CK_RV
ca_private_sign_check(const struct ca_op *op)
{
	if (op->mech->scheme == CA_SCHEME_PSS &&
	    !ca_pss_fits(&op->pss, op->bits))
		return CKR_MECHANISM_PARAM_INVALID;
	return ca_eddsa_fits(op) ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}

CK_RV
ca_private_sign(const struct ca_op *op, struct ca_rd value, struct ca_wr *out)
{
	uint8_t block[CA_RSA_BYTES_MAX];
	struct ca_wr in = ca_wr_of(block, sizeof(block));
	struct ca_recipe how;
	ca_err e;
	CK_RV rv;

	if (op->mech->scheme == CA_SCHEME_EDDSA)
		return ca_rv(ca_privkey_eddsa(op->priv, value, out),
		    CA_CALL_SIGN);
	rv = ca_sign_settle(op, HOST_ALGS, &value, &how);
	if (rv != CKR_OK)
		return rv;
	e = ca_sign_input(op, how.form, value, &in);
	if (e == CA_OK && op->mech->scheme == CA_SCHEME_ECDSA)
		e = ca_privkey_ecdsa(op->priv, ca_wr_rd(&in), out);
	else if (e == CA_OK)
		e = ca_privkey_power(op->priv, ca_wr_rd(&in), out);
	ca_wipe(block, sizeof(block));
	return ca_rv(e, CA_CALL_SIGN);
}
