#include "module/core/wrap_param.h"

#include <string.h>

#include "module/core/mech.h"
#include "module/core/param.h"
#include "module/core/pkcs11_wrap.h"

/* What the structures have in common. */
struct given {
	CK_BYTE *iv;
	CK_ULONG iv_n;
	CK_ULONG fixed; /* bits */
	CK_ULONG generator;
	const CK_BYTE *aad;
	CK_ULONG aad_n;
	CK_ULONG tag; /* bits for GCM, bytes for CCM */
};

static CK_RV
make_iv(const struct given *g, struct ca_wrap_param *p)
{
	CK_RV rv;

	if (g->iv == NULL || g->iv_n == 0 || g->iv_n > sizeof(p->iv) ||
	    g->fixed >= g->iv_n * 8 ||
	    (g->generator != CKG_GENERATE &&
		g->generator != CKG_GENERATE_RANDOM))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(p->iv, g->iv, g->iv_n);
	rv = ca_iv_random(p->iv, g->iv_n, g->fixed);
	if (rv != CKR_OK)
		return rv;
	p->made = true;
	p->iv_n = g->iv_n;
	p->iv_out = g->iv;
	p->fresh = g->iv_n * 8 - g->fixed >= CA_WRAP_IV_RANDOM;
	return CKR_OK;
}

static bool
is_mode(const struct ca_op *op, enum ca_cipher mode)
{
	return op->mech->scheme == CA_SCHEME_CIPHER &&
	       op->mech->detail == (CK_ULONG)mode;
}

static CK_RV
as_gcm(struct ca_op *op, const struct given *g, CK_BYTE *iv)
{
	CK_GCM_PARAMS gcm = {.iv_ptr = iv,
	    .iv_len = g->iv_n,
	    .iv_bits = g->iv_n * 8,
	    .aad_len = g->aad_n,
	    .tag_bits = g->tag};
	CK_MECHANISM m = {op->mech->type, &gcm, sizeof(gcm)};

	memcpy(&gcm.aad_ptr, &g->aad, sizeof(gcm.aad_ptr));
	return ca_mech_params(op, &m);
}

static CK_RV
as_ccm(struct ca_op *op, const struct given *g, CK_BYTE *iv)
{
	CK_CCM_PARAMS ccm = {.pNonce = iv,
	    .ulNonceLen = g->iv_n,
	    .ulAADLen = g->aad_n,
	    .ulMACLen = g->tag};
	CK_MECHANISM m = {op->mech->type, &ccm, sizeof(ccm)};

	memcpy(&ccm.pAAD, &g->aad, sizeof(ccm.pAAD));
	return ca_mech_params(op, &m);
}

/* The same as the parameters that C_Encrypt has, which are checked there. */
static CK_RV
settle(struct ca_op *op, const struct given *g, struct ca_wrap_param *p)
{
	CK_RV rv =
	    p->wrap && g->generator != CKG_NO_GENERATE ? make_iv(g, p) : CKR_OK;
	CK_BYTE *iv = p->made ? p->iv : g->iv;

	if (rv != CKR_OK)
		return rv;
	return is_mode(op, CA_CIPHER_CCM) ? as_ccm(op, g, iv)
					  : as_gcm(op, g, iv);
}

static bool
read_gcm(const CK_MECHANISM *given, struct given *g)
{
	CK_GCM_WRAP_PARAMS w;

	if (ca_param_copy(given, &w, sizeof(w)) != CKR_OK)
		return false;
	*g = (struct given){w.pIv, w.ulIvLen, w.ulIvFixedBits, w.ivGenerator,
	    w.pAAD, w.ulAADLen, w.ulTagBits};
	return true;
}

/* ulDataLen is ignored (3.2, 6.13.5), here and in the next two. */
static bool
read_ccm(const CK_MECHANISM *given, struct given *g)
{
	CK_CCM_WRAP_PARAMS w;
	CK_CCM_PARAMS old;

	if (ca_param_copy(given, &w, sizeof(w)) == CKR_OK)
		*g = (struct given){w.pNonce, w.ulNonceLen, w.ulNonceFixedBits,
		    w.nonceGenerator, w.pAAD, w.ulAADLen, w.ulMACLen};
	else if (ca_param_copy(given, &old, sizeof(old)) == CKR_OK)
		*g = (struct given){old.pNonce, old.ulNonceLen, 0,
		    CKG_NO_GENERATE, old.pAAD, old.ulAADLen, old.ulMACLen};
	else
		return false;
	return true;
}

CK_RV
ca_wrap_param_read(struct ca_op *op, const CK_MECHANISM *given,
    struct ca_wrap_param *p)
{
	struct given g;

	if ((is_mode(op, CA_CIPHER_GCM) && read_gcm(given, &g)) ||
	    (is_mode(op, CA_CIPHER_CCM) && read_ccm(given, &g)))
		return settle(op, &g, p);
	return ca_mech_params(op, given);
}

static bool
read_gcm_message(const CK_MECHANISM *given, struct given *g,
    struct ca_wrap_param *p)
{
	CK_GCM_MESSAGE_PARAMS m;

	if (ca_param_copy(given, &m, sizeof(m)) != CKR_OK)
		return false;
	*g = (struct given){m.pIv, m.ulIvLen, m.ulIvFixedBits, m.ivGenerator,
	    NULL, 0, m.ulTagBits};
	p->tag = m.pTag;
	p->tag_n = m.ulTagBits / 8;
	return true;
}

static bool
read_ccm_message(const CK_MECHANISM *given, struct given *g,
    struct ca_wrap_param *p)
{
	CK_CCM_MESSAGE_PARAMS m;

	if (ca_param_copy(given, &m, sizeof(m)) != CKR_OK)
		return false;
	*g = (struct given){m.pNonce, m.ulNonceLen, m.ulNonceFixedBits,
	    m.nonceGenerator, NULL, 0, m.ulMACLen};
	p->tag = m.pMAC;
	p->tag_n = m.ulMACLen;
	return true;
}

CK_RV
ca_wrap_param_read_message(struct ca_op *op, const CK_MECHANISM *given,
    struct ca_rd aad, struct ca_wrap_param *p)
{
	bool ccm = is_mode(op, CA_CIPHER_CCM);
	struct given g;

	if (!ccm && !is_mode(op, CA_CIPHER_GCM))
		return CKR_MECHANISM_INVALID;
	if (!(ccm ? read_ccm_message : read_gcm_message)(given, &g, p) ||
	    p->tag == NULL)
		return CKR_MECHANISM_PARAM_INVALID;
	p->apart = true;
	g.aad = aad.p;
	g.aad_n = aad.n;
	return settle(op, &g, p);
}

void
ca_wrap_param_give(const struct ca_wrap_param *p, struct ca_rd tag)
{
	if (p->made)
		memcpy(p->iv_out, p->iv, p->iv_n);
	if (p->apart)
		memcpy(p->tag, tag.p, tag.n);
}
