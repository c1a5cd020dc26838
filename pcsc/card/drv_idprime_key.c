/*
 * See drv_idprime.h: the use of keys. What is not sure of a card is tried in
 * turn (attempts, driver.h): the form of the data first, then the key reference
 * by the older rule, then further ways of the profile. A wrong one costs
 * commands and no PIN, and every signature is checked by token.c.
 */
#include "pcsc/card/card.h"
#include "pcsc/card/drv_idprime.h"
#include "pcsc/card/idprime.h"
#include "pcsc/card/way.h"

#define INPUT_MAX 128
#define CPLC_BYTES 45
#define CPLC_VERSION 11

/* What an attempt is made of. */
struct choice {
	unsigned form;
	uint8_t reference;
	unsigned way;
};

/* GET DATA 9F7F, card production life cycle: the version of the operating
 * system. A card that does not give it has none. */
static ca_err
os_version(struct ca_tx *tx, struct ca_idprime_state *s)
{
	uint8_t b[256];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu cmd = {
	    .ins = 0xCA, .p1 = 0x9F, .p2 = 0x7F, .le = CPLC_BYTES};
	struct ca_rd r;
	ca_err e;

	if (s->version_known)
		return CA_OK;
	e = ca_tx_do(tx, &cmd, &w);
	if (e != CA_OK && !ca_err_is_refusal(e))
		return e;
	r = ca_wr_rd(&w);
	s->version_known = true;
	s->version = 0;
	if (e == CA_OK && r.n == CPLC_BYTES && ca_rd_skip(&r, CPLC_VERSION))
		(void)!ca_rd_u8(&r, &s->version);
	return CA_OK;
}

/* The second reference a key may have; *has is false where there is none. */
static ca_err
other_reference(struct ca_tx *tx, const struct ca_key *key, uint8_t *out,
    bool *has)
{
	struct ca_idprime_state *s = tx->state;
	const struct ca_idprime_ref *ref = &s->refs[key->id.b[0]];
	uint8_t container = key->id.b[0] & CA_IDPRIME_CONTAINER;
	ca_err e;

	*has = ref->has_other;
	*out = ref->other;
	if (ref->mapped)
		return CA_OK;
	if ((e = os_version(tx, s)) != CA_OK)
		return e;
	*has = ca_idprime_old_reference(s->version, container, out) &&
	       *out != key->reference;
	return CA_OK;
}

/* In how many forms the data may go to the card. */
static unsigned
forms_of(const struct ca_key *key, enum ca_alg alg)
{
	if (alg == CA_ALG_ECDSA)
		return key->bits == 521 ? 2 : 1;
	return alg == CA_ALG_RSA_PKCS1 ? 2 : 1;
}

static ca_err
choose(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct choice *out)
{
	unsigned forms = forms_of(key, alg);
	uint8_t other;
	bool has;
	ca_err e;

	out->form = attempt % forms;
	out->reference = key->reference;
	out->way = 0;
	attempt /= forms;
	if (attempt == 0)
		return CA_OK;
	if ((e = other_reference(tx, key, &other, &has)) != CA_OK)
		return e;
	if (has && attempt % 2 == 1)
		out->reference = other;
	out->way = has ? attempt / 2 : attempt;
	return CA_OK;
}

/*
 * PKCS#1 with a DigestInfo: in the first form the card is given the hash and
 * makes the DigestInfo itself, as OpenSC has it do; in the second, and for
 * other data, what came. True when alg and in are the hash's.
 */
static bool
by_hash(const struct ca_profile *p, unsigned form, enum ca_alg *alg,
    struct ca_rd *in)
{
	static const struct ca_supported_list none;
	enum ca_alg hashed;
	struct ca_rd hash;

	if (form != 0 || !ca_idprime_digest_info(*in, &hashed, &hash) ||
	    ca_way_nth(p, &none, hashed, 0) == NULL)
		return false;
	*alg = hashed;
	*in = hash;
	return true;
}

ca_err
ca_idprime_sign(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	uint8_t b[INPUT_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_key k = *key;
	struct choice c;
	ca_err e = choose(tx, key, alg, attempt, &c);

	if (e != CA_OK)
		return e;
	k.reference = c.reference;
	if (alg == CA_ALG_RSA_PKCS1)
		(void)by_hash(tx->profile, c.form, &alg, &in);
	if (alg == CA_ALG_ECDSA) {
		if (!ca_idprime_ecdsa_input(in, c.form, &w))
			return CA_E_DATA_LEN;
		in = ca_wr_rd(&w);
	}
	return ca_iso_drv_sign(tx, &k, alg, c.way, in, out);
}

ca_err
ca_idprime_decipher(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	struct ca_key k = *key;
	struct choice c;
	ca_err e = choose(tx, key, alg, attempt, &c);

	if (e != CA_OK)
		return e;
	k.reference = c.reference;
	/* The way's command tells it from a signature. */
	return ca_iso_drv_sign(tx, &k, alg, c.way, in, out);
}
