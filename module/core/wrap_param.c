#include "module/core/wrap_param.h"

#include <string.h>

#include "module/core/mech.h"
#include "module/core/pkcs11_wrap.h"
#include "pcsc/ossl/ctx.h"

/* What the four structures have in common. */
struct given {
	CK_BYTE *iv;
	CK_ULONG iv_n;
	CK_ULONG fixed; /* bits */
	CK_ULONG generator;
	struct ca_rd aad;
	CK_ULONG tag_bits;
};

/* Puts n bits of `from` in place of what was drawn. */
static void
keep_bits(uint8_t *to, const CK_BYTE *from, size_t bits)
{
	uint8_t mask = (uint8_t)(0xFF00U >> bits % 8);

	memcpy(to, from, bits / 8);
	if (bits % 8 != 0)
		to[bits / 8] = (uint8_t)((from[bits / 8] & mask) |
					 (to[bits / 8] & (uint8_t)~mask));
}

static CK_RV
make_iv(const struct given *g, struct ca_wrap_param *p)
{
	if (g->iv == NULL || g->iv_n == 0 || g->iv_n > sizeof(p->iv) ||
	    g->fixed >= g->iv_n * 8 ||
	    (g->generator != CKG_GENERATE &&
		g->generator != CKG_GENERATE_RANDOM))
		return CKR_MECHANISM_PARAM_INVALID;
	if (ca_crypto_random(p->iv, g->iv_n) != CA_OK)
		return CKR_GENERAL_ERROR;
	keep_bits(p->iv, g->iv, g->fixed);
	p->made = true;
	p->iv_n = g->iv_n;
	p->iv_out = g->iv;
	p->fresh = g->iv_n * 8 - g->fixed >= CA_WRAP_IV_RANDOM;
	return CKR_OK;
}

/* The same as the parameters that C_Encrypt has, which are checked there. */
static CK_RV
settle(struct ca_op *op, const struct given *g, struct ca_wrap_param *p)
{
	CK_RV rv =
	    p->wrap && g->generator != CKG_NO_GENERATE ? make_iv(g, p) : CKR_OK;
	CK_GCM_PARAMS gcm = {.iv_len = g->iv_n,
	    .iv_bits = g->iv_n * 8,
	    .aad_len = g->aad.n,
	    .tag_bits = g->tag_bits};
	CK_MECHANISM m = {op->mech->type, &gcm, sizeof(gcm)};

	gcm.iv_ptr = p->made ? p->iv : g->iv;
	memcpy(&gcm.aad_ptr, &g->aad.p, sizeof(gcm.aad_ptr));
	return rv == CKR_OK ? ca_mech_params(op, &m) : rv;
}

static bool
is_gcm(const struct ca_op *op)
{
	return op->mech->scheme == CA_SCHEME_CIPHER &&
	       op->mech->detail == CA_CIPHER_GCM;
}

CK_RV
ca_wrap_param_read(struct ca_op *op, const CK_MECHANISM *given,
    struct ca_wrap_param *p)
{
	CK_GCM_WRAP_PARAMS w;
	struct given g;

	if (!is_gcm(op) || given->pParameter == NULL ||
	    given->ulParameterLen != sizeof(w))
		return ca_mech_params(op, given);
	memcpy(&w, given->pParameter, sizeof(w));
	if (w.pAAD == NULL && w.ulAADLen != 0)
		return CKR_MECHANISM_PARAM_INVALID;
	g = (struct given){w.pIv, w.ulIvLen, w.ulIvFixedBits, w.ivGenerator,
	    ca_rd_of(w.pAAD, w.ulAADLen), w.ulTagBits};
	return settle(op, &g, p);
}

CK_RV
ca_wrap_param_read_message(struct ca_op *op, const CK_MECHANISM *given,
    struct ca_rd aad, struct ca_wrap_param *p)
{
	CK_GCM_MESSAGE_PARAMS m;
	struct given g;

	if (!is_gcm(op))
		return CKR_MECHANISM_INVALID;
	if (given->pParameter == NULL || given->ulParameterLen != sizeof(m))
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&m, given->pParameter, sizeof(m));
	if (m.pTag == NULL)
		return CKR_MECHANISM_PARAM_INVALID;
	p->apart = true;
	p->tag = m.pTag;
	p->tag_n = m.ulTagBits / 8;
	g = (struct given){
	    m.pIv, m.ulIvLen, m.ulIvFixedBits, m.ivGenerator, aad, m.ulTagBits};
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
