/* See drv_epass2003.c: where files are, and the use of keys. */
#include "pcsc/card/card.h"
#include "pcsc/card/drv_epass2003.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/way.h"

#define CLASS_KEY 0x29 /* high byte of a private key file's identifier */
#define FID_STEP 0x20
#define FID_INDEX_MAX 7
#define P256_HASH 32

void
ca_epass2003_place(struct ca_ref *ref)
{
	uint8_t *class, *low;

	if (ref->path_n < 2)
		return;
	class = &ref->path[ref->path_n - 2];
	low = &ref->path[ref->path_n - 1];
	if ((*class == CLASS_KEY || (*class >= 0x30 && *class <= 0x34)) &&
	    *low <= FID_INDEX_MAX)
		*low = (uint8_t)(*low * FID_STEP);
}

ca_err
ca_epass2003_key_file(const struct ca_key *key, uint8_t fid[2])
{
	struct ca_ref ref = key->path;
	size_t n = ref.path_n;

	ca_epass2003_place(&ref);
	fid[0] = CLASS_KEY;
	fid[1] = (uint8_t)(key->reference * FID_STEP);
	if (n >= 2 && ref.path[n - 2] == CLASS_KEY)
		fid[1] = ref.path[n - 1];
	else if (key->reference > FID_INDEX_MAX)
		return CA_E_NOT_FOUND;
	return CA_OK;
}

static ca_err
set_key(struct ca_tx *tx, const struct ca_way *w, const struct ca_key *key)
{
	uint8_t b[16], fid[2];
	struct ca_wr data = ca_wr_of(b, sizeof(b));
	struct ca_apdu mse = {.ins = 0x22, .p1 = w->p1, .p2 = w->crt};
	ca_err e = ca_epass2003_key_file(key, fid);

	if (e != CA_OK)
		return CA_E_REFUSED;
	ca_wr_tlv(&data, 0x80, ca_rd_of(w->alg_ref.b, w->alg_ref.n));
	ca_wr_tlv(&data, 0x81, ca_rd_of(fid, sizeof(fid)));
	if (!ca_wr_ok(&data))
		return CA_E_BUG;
	mse.data = ca_wr_rd(&data);
	return ca_tx_do(tx, &mse, NULL);
}

static ca_err
ecdsa(struct ca_tx *tx, const struct ca_way *w, const struct ca_key *key,
    struct ca_rd in, struct ca_wr *out)
{
	uint8_t hb[P256_HASH], b[CA_LE_SHORT];
	struct ca_wr hash = ca_wr_of(hb, sizeof(hb));
	struct ca_wr got = ca_wr_of(b, sizeof(b));
	ca_err e;

	if (in.n > sizeof(hb) || key->bits != CA_EPASS2003_EC_BITS)
		return CA_E_DATA_LEN;
	/* A shorter hash is the same number with zeros before it. */
	ca_wr_fill(&hash, 0, sizeof(hb) - in.n);
	ca_wr_bytes(&hash, in);
	e = ca_iso_compute(tx, w, ca_wr_rd(&hash), CA_LE_SHORT, &got);
	return e != CA_OK ? e
			  : ca_iso_ecdsa_halves(ca_wr_rd(&got), key->bits, out);
}

static ca_err
use_once(struct ca_tx *tx, const struct ca_way *w, const struct ca_key *key,
    struct ca_rd in, struct ca_wr *out)
{
	ca_err e;

	if ((e = ca_epass2003_ready(tx)) != CA_OK ||
	    (e = set_key(tx, w, key)) != CA_OK)
		return e;
	return w->alg == CA_ALG_ECDSA
		   ? ecdsa(tx, w, key, in, out)
		   : ca_iso_compute(tx, w, in, (key->bits + 7) / 8, out);
}

ca_err
ca_epass2003_use(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	const struct ca_epass2003_state *s = tx->state;
	const struct ca_way *w =
	    ca_way_nth(tx->profile, &s->iso.supported, alg, attempt);
	ca_err e;

	if (w == NULL)
		return CA_E_NOT_FOUND;
	e = use_once(tx, w, key, in, out);
	return ca_epass2003_again(tx, e) ? use_once(tx, w, key, in, out) : e;
}
