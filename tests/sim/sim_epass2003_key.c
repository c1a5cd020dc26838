/* Commands of the epass2003 about keys. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>

#include "pcsc/base/tlv.h"
#include "tests/sim/sim_epass2003.h"

/* 80 = algorithm, 81 = the key's file. */
uint16_t
ca_sim_ep_mse(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	struct ca_rd r = c->data;
	struct ca_rd v;
	uint8_t alg = 0;
	uint16_t fid = 0;
	size_t i;

	(void)body;
	if (c->p1 != 0x41 || (c->p2 != 0xB8 && c->p2 != 0xB6))
		return SW_P1P2;
	if (!ca_tlv_expect(&r, 0x80, &v) || !ca_rd_u8(&v, &alg) || v.n != 0 ||
	    !ca_tlv_expect(&r, 0x81, &v) || !ca_rd_u16(&v, &fid) || v.n != 0 ||
	    r.n != 0)
		return SW_DATA;
	i = (fid & 0xFFu) / CA_SIM_EP_STEP;
	if (fid >> 8 != 0x29 || fid % CA_SIM_EP_STEP != 0 || i >= s->keys_n)
		return SW_NO_REFERENCE;
	if (s->keys[i].ec ? c->p2 != 0xB6 || (alg != 0x91 && alg != 0x92)
			  : c->p2 != 0xB8 || alg != 0x84)
		return SW_DATA;
	ep->key = &s->keys[i];
	ep->hash_n = alg == 0x91 ? 20 : 32;
	return SW_OK;
}

/* What a curve's key gave as DER becomes r and s, each of the field's size. */
static uint16_t
bare(const struct ca_sim_key *k, struct ca_rd der, struct ca_wr *body)
{
	const unsigned char *p = der.p;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)der.n);
	int n = (int)((k->bits + 7) / 8);
	uint8_t out[2 * 66];
	bool ok = sig != NULL && 2 * (size_t)n <= sizeof(out) &&
		  BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, n) == n &&
		  BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + n, n) == n;

	ECDSA_SIG_free(sig);
	if (ok)
		ca_wr_mem(body, out, 2 * (size_t)n);
	return ok ? SW_OK : SW_FAULT;
}

static uint16_t
sign_hash(struct ca_sim *s, const struct ca_sim_key *k, struct ca_rd hash,
    struct ca_wr *body)
{
	uint8_t room[160];
	struct ca_wr der = ca_wr_of(room, sizeof(room));
	uint16_t sw = ca_sim_ft_private(s, k, hash, &der);

	if (sw != SW_OK)
		return sw;
	if (s->o.ec_der == 0)
		return bare(k, ca_wr_rd(&der), body);
	ca_wr_bytes(body, ca_wr_rd(&der));
	return SW_OK;
}

/* 80 86: RSA, any block of the key's size. 9E 9A: a hash for a curve. */
uint16_t
ca_sim_ep_pso(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	bool curve = c->p1 == 0x9E && c->p2 == 0x9A;

	if (!curve && (c->p1 != 0x80 || c->p2 != 0x86))
		return SW_P1P2;
	if (ep->key == NULL || ep->key->ec != curve)
		return SW_CONDITIONS;
	if (curve && c->data.n != ep->hash_n)
		return SW_LENGTH;
	return curve ? sign_hash(s, ep->key, c->data, body)
		     : ca_sim_ft_private(s, ep->key, c->data, body);
}

/* 80 B4 02 00: the modulus that belongs to a public key's file. */
uint16_t
ca_sim_ep_modulus(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_rd d = c->data;
	uint16_t fid = 0;
	uint8_t n[512];
	BIGNUM *bn = NULL;
	const struct ca_sim_key *k;
	int size;

	if (c->p1 != 0x02 || c->p2 != 0)
		return SW_P1P2;
	if (!ca_rd_u16(&d, &fid) || d.n != 0)
		return SW_LENGTH;
	if (fid >> 8 != 0x30 || ca_sim_ep_key_bits(s, fid) == 0)
		return SW_NO_FILE;
	k = &s->keys[(fid & 0xFF) / CA_SIM_EP_STEP];
	size = (int)((k->bits + 7) / 8);
	if (k->ec)
		return SW_CONDITIONS;
	if (EVP_PKEY_get_bn_param(k->pkey, OSSL_PKEY_PARAM_RSA_N, &bn) != 1 ||
	    BN_bn2binpad(bn, n, size) != size)
		size = 0;
	BN_free(bn);
	ca_wr_mem(body, n, (size_t)size);
	return size > 0 ? SW_OK : SW_FAULT;
}
