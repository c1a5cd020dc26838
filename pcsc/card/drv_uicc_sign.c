/* See drv_uicc.h: signatures (ISO/IEC 7816-8; WAP-260 for the WIM). */
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_uicc.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/way.h"

#define ROOM "uicc"
#define WIM_LABEL "WIM 1.01"

/* How the environment is set before PSO. */
struct way {
	bool restore;   /* MSE RESTORE of the environment of TokenInfo first */
	bool file;      /* the key's file in tag 81 */
	bool algorithm; /* TokenInfo's reference in tag 80 */
};

/* A WIM: TokenInfo has the number of its environment, and the key is named by
 * its file as well. */
static const struct way wim[] = {
    {true, true, false}, {true, false, false}, {false, true, false}};
/* A PKCS#15 application: nothing to restore. One whose TokenInfo names an
 * environment of its own may want that. */
static const struct way plain[] = {
    {false, false, true}, {false, true, false}, {true, true, false}};

static const struct ca_supported *
named(const struct ca_uicc_state *s, enum ca_alg alg)
{
	return ca_way_named(&s->iso.supported, alg);
}

/* The attempt-th way that can be told from the others on this card; false:
 * there are no more. */
static bool
nth(const struct ca_uicc_state *s, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct way *out)
{
	const struct way *all = s->has_se && s->se_is_wim ? wim : plain;

	for (size_t i = 0; i < CA_COUNT(plain); i++) {
		*out = all[i];
		/* Without a reference the file is all that names the key. */
		if (!key->has_reference)
			out->file = true;
		out->algorithm &= named(s, alg) != NULL;
		if ((out->restore && !s->has_se) ||
		    (out->file && key->path.path_n == 0) ||
		    (!key->has_reference && !all[i].file))
			continue;
		if (attempt-- == 0)
			return true;
	}
	return false;
}

/* The label that makes a token of this kind a WIM (WAP-260). */
static bool
is_wim(const struct ca_uicc_state *s, const struct ca_model *m)
{
	return s->apps[s->app].kind == CA_UICC_WIM ||
	       (s->has_se && s->se_is_wim) ||
	       strncmp(m->label, WIM_LABEL, strlen(WIM_LABEL)) == 0;
}

void
ca_uicc_settle_keys(struct ca_tx *tx, struct ca_model *m)
{
	struct ca_uicc_state *s = tx->state;
	struct way first;

	s->has_se = m->has_se;
	s->se_is_wim = m->se_is_wim;
	s->se = m->se;
	for (size_t i = 0; i < m->keys_n; i++) {
		struct ca_key *k = &m->keys[i];
		enum ca_alg alg =
		    k->type == CA_KEY_RSA ? CA_ALG_RSA_PKCS1 : CA_ALG_ECDSA;

		k->algs = nth(s, k, alg, 0, &first) ? CA_ALG_BIT(alg) : 0;
		/* A WIM wants PIN-NR before each signature of such a key,
		 * whether its directory repeats that or not. */
		if (is_wim(s, m) && k->auth_id.n > 0 &&
		    (k->usage & CA_USE_NON_REPUDIATION) != 0) {
			k->consent = k->consent > 0 ? k->consent : 1;
			k->is_private = true;
		}
	}
}

static ca_err
set_key(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    const struct way *how)
{
	const struct ca_uicc_state *s = tx->state;
	const struct ca_supported *n = named(s, alg);
	uint8_t b[32];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu restore = {.ins = 0x22, .p1 = 0xF3, .p2 = s->se};
	struct ca_apdu set = {.ins = 0x22, .p1 = 0x41, .p2 = 0xB6};
	ca_err e;

	if (how->restore && (e = ca_tx_do(tx, &restore, NULL)) != CA_OK)
		return e;
	if (how->algorithm && n != NULL)
		ca_wr_tlv(&w, 0x80, ca_rd_of(&n->alg_ref, 1));
	if (key->has_reference)
		ca_wr_tlv(&w, 0x84, ca_rd_of(&key->reference, 1));
	if (how->file)
		ca_wr_tlv(&w, 0x81, ca_rd_of(key->path.path, key->path.path_n));
	set.data = ca_wr_rd(&w);
	return ca_wr_ok(&w) ? ca_tx_do(tx, &set, NULL) : CA_E_BUG;
}

static ca_err
compute(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    struct ca_rd in, struct ca_wr *out)
{
	static const struct ca_way pso = {.command = CA_COMMAND_PSO};
	size_t len = (key->bits + 7) / 8;
	uint8_t b[CA_LE_SHORT];
	struct ca_wr ec = ca_wr_of(b, sizeof(b));
	ca_err e;

	if (alg != CA_ALG_ECDSA)
		return ca_iso_compute(tx, &pso, in, len, out);
	if ((e = ca_iso_compute(tx, &pso, in, CA_LE_SHORT, &ec)) != CA_OK)
		return e;
	return ca_iso_ecdsa_halves(ca_wr_rd(&ec), key->bits, out);
}

/* Is what the last signature set still there for this one? The environment
 * belongs to the channel, and the channel to us alone. */
static bool
is_kept(const struct ca_uicc_state *s, const struct ca_key *key,
    unsigned attempt)
{
	return s->kept && s->channel != 0 && s->kept_attempt == attempt &&
	       s->kept_key == key->reference &&
	       s->kept_path.path_n == key->path.path_n &&
	       memcmp(s->kept_path.path, key->path.path, key->path.path_n) == 0;
}

static void
keep(struct ca_uicc_state *s, const struct ca_key *key, unsigned attempt)
{
	s->kept = !s->kept_refused;
	s->kept_key = key->reference;
	s->kept_path = key->path;
	s->kept_attempt = attempt;
}

ca_err
ca_uicc_sign(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	struct ca_uicc_state *s = tx->state;
	struct way how;
	ca_err e;

	if ((key->algs & CA_ALG_BIT(alg)) == 0 ||
	    !nth(s, key, alg, attempt, &how))
		return CA_E_NOT_FOUND;
	/* Our channel may be new: a reset or a logout closed the old one. The
	 * basic one is entered only where that costs no login. */
	if ((s->channel != 0 || !ca_uicc_is_open(tx)) &&
	    (e = ca_tx_enter(tx)) != CA_OK)
		return e;
	if (is_kept(s, key, attempt)) {
		e = compute(tx, key, alg, in, out);
		if (e == CA_OK ||
		    (!ca_err_is_refusal(e) && e != CA_E_AUTH_NEEDED))
			return e;
		s->kept_refused = true;
		ca_wr_wipe(out);
	}
	s->kept = false;
	if ((e = set_key(tx, key, alg, &how)) != CA_OK)
		return e;
	if ((e = compute(tx, key, alg, in, out)) == CA_OK)
		keep(s, key, attempt);
	return e;
}
