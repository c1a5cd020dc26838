/*
 * Any PKCS#15 card that a profile describes (ISO/IEC 7816-15, -4, -8). What
 * differs between two such cards is in conf/cards/; families that behave
 * otherwise have a driver of their own and borrow these functions.
 */
#include "pcsc/base/secret.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/way.h"

#define FILL_MAX 80 /* bytes of an order: P-521 has 66 */

/* The application's DF: in one command from the MF, or, on a card that knows
 * no paths, one file after the other. */
static ca_err
select_path(struct ca_tx *tx)
{
	struct ca_rd path = ca_rd_of(tx->profile->path.b, tx->profile->path.n);
	struct ca_rd fid;
	ca_err e = CA_OK;

	if (tx->profile->select != CA_SELECT_ANY) {
		if (!ca_rd_skip(&path, 2)) /* the 3F00: P1 08 starts there */
			return CA_E_BUG;
		return ca_iso_select(tx, CA_SELECT_PATH, path, NULL);
	}
	while (e == CA_OK && ca_rd_take(&path, 2, &fid))
		e = ca_iso_select(tx, CA_SELECT_ANY, fid, NULL);
	return e;
}

static ca_err
select_aid(struct ca_tx *tx)
{
	return ca_iso_select_aid(tx,
	    ca_rd_of(tx->profile->aid.b, tx->profile->aid.n));
}

ca_err
ca_iso_drv_claims(struct ca_tx *tx)
{
	bool by_aid = tx->profile->aid.n > 0;
	ca_err e = by_aid ? select_aid(tx) : select_path(tx);

	tx->entered = e == CA_OK && (!by_aid || tx->profile->path.n == 0);
	return e;
}

ca_err
ca_iso_drv_enter(struct ca_tx *tx)
{
	ca_err e;

	if (tx->profile->path.n == 0)
		return select_aid(tx);
	/* The DF first: selecting an applet by AID again ends its logins. */
	e = select_path(tx);
	if (e == CA_OK || tx->profile->aid.n == 0)
		return e;
	if ((e = select_aid(tx)) != CA_OK)
		return e;
	return select_path(tx);
}

void
ca_iso_drv_stay(struct ca_tx *tx)
{
	static const uint8_t usual[] = {0x50, 0x31};
	const struct ca_profile *p = tx->profile;
	struct ca_rd odf = p->odf.n > 0 ? ca_rd_of(p->odf.b, p->odf.n)
					: ca_rd_of(usual, sizeof(usual));
	uint8_t p1 =
	    p->select != CA_SELECT_PATH ? (uint8_t)p->select : CA_SELECT_ANY;

	if (!tx->entered && odf.n == 2)
		tx->entered = ca_iso_select(tx, p1, odf, NULL) == CA_OK;
}

/* An applet that is selected by its AID, current or not, may forget its PINs:
 * objects OwnerPIN of a Java Card are commonly reset then. A DF that is entered
 * from the MF, one FID after the other, is left for that: its PINs are, too. */
static ca_err
enter_to_read(struct ca_tx *tx)
{
	struct ca_iso_state *s = tx->state;
	const struct ca_profile *p = tx->profile;

	if (s->in && (p->path.n == 0 || p->select == CA_SELECT_ANY) &&
	    !p->select_keeps_login) {
		ca_iso_drv_stay(tx);
		s->in = tx->entered;
	}
	return ca_tx_enter(tx);
}

ca_err
ca_iso_drv_describe(struct ca_tx *tx, struct ca_model *out)
{
	struct ca_iso_state *s = tx->state;
	ca_err e = ca_p15_describe(tx, &s->odf, out);

	if (e != CA_OK)
		return e;
	s->supported = out->supported;
	return CA_OK;
}

ca_err
ca_iso_drv_describe_public(struct ca_tx *tx, struct ca_model *io)
{
	struct ca_iso_state *s = tx->state;
	ca_err e = enter_to_read(tx);

	return e != CA_OK
		   ? e
		   : ca_p15_describe_public(tx, &s->odf, ca_p15_spki, io);
}

ca_err
ca_iso_drv_describe_data(struct ca_tx *tx, struct ca_model *io)
{
	struct ca_iso_state *s = tx->state;
	ca_err e = enter_to_read(tx);

	return e != CA_OK ? e : ca_p15_describe_data(tx, &s->odf, io);
}

ca_err
ca_iso_drv_read_cert(struct ca_tx *tx, const struct ca_ref *ref,
    struct ca_buf *out)
{
	ca_err e = enter_to_read(tx);

	return e != CA_OK ? e : ca_iso_read_ref(tx, ref, CA_UNTIL_DER, out);
}

ca_err
ca_iso_drv_read_part(struct ca_tx *tx, const struct ca_ref *ref, size_t offset,
    size_t n, struct ca_buf *out)
{
	ca_err e = enter_to_read(tx);

	return e != CA_OK ? e : ca_iso_read_part(tx, ref, offset, n, out);
}

ca_err
ca_iso_ecdsa_halves(struct ca_rd got, size_t bits, struct ca_wr *out)
{
	size_t half = (bits + 7) / 8;
	struct ca_rd seq, v, zero;

	if (got.n == 2 * half || !ca_tlv_expect(&got, 0x30, &seq)) {
		ca_wr_bytes(out, got);
		return ca_wr_ok(out) ? CA_OK : CA_E_MALFORMED;
	}
	for (int i = 0; i < 2; i++) {
		if (!ca_tlv_expect(&seq, 0x02, &v))
			return CA_E_MALFORMED;
		while (v.n > half && ca_rd_take(&v, 1, &zero))
			if (zero.p[0] != 0)
				return CA_E_MALFORMED;
		ca_wr_fill(out, 0, half - v.n);
		ca_wr_bytes(out, v);
	}
	return ca_wr_ok(out) ? CA_OK : CA_E_MALFORMED;
}

/* Zeros before a hash shorter than the key, for a card that takes none. */
static struct ca_rd
filled(const struct ca_way *w, size_t len, struct ca_rd in, struct ca_wr *room)
{
	if (!w->fill || in.n >= len)
		return in;
	ca_wr_fill(room, 0, len - in.n);
	ca_wr_bytes(room, in);
	return ca_wr_ok(room) ? ca_wr_rd(room) : in;
}

/* A shared secret is the X coordinate; some cards give the whole point. */
static ca_err
x_of(struct ca_rd got, size_t len, struct ca_wr *out)
{
	struct ca_rd x = got;

	if (got.n == 2 * len + 1 && got.p[0] == 0x04 &&
	    (!ca_rd_skip(&got, 1) || !ca_rd_take(&got, len, &x)))
		return CA_E_BUG;
	if (x.n != len)
		return CA_E_MALFORMED;
	ca_wr_bytes(out, x);
	return ca_wr_ok(out) ? CA_OK : CA_E_MALFORMED;
}

/* Whether the way is for this key and this input. */
static bool
suits(const struct ca_way *w, const struct ca_key *key, struct ca_rd in)
{
	return (w->max_input == 0 || in.n <= w->max_input) &&
	       (w->input == 0 || in.n == w->input) &&
	       (w->bits == 0 || key->bits == w->bits);
}

static ca_err
use_way(struct ca_tx *tx, const struct ca_way *w, const struct ca_key *key,
    struct ca_rd in, struct ca_wr *out)
{
	const struct ca_iso_state *s = tx->state;
	const struct ca_supported *n = ca_way_named(&s->supported, w->alg);
	struct ca_rd ref = ca_rd_of(w->alg_ref.b, w->alg_ref.n);
	size_t len = (key->bits + 7) / 8;
	uint8_t b[CA_LE_SHORT], fb[FILL_MAX];
	struct ca_wr ec = ca_wr_of(b, sizeof(b)), fw = ca_wr_of(fb, FILL_MAX);
	ca_err e;

	if (!suits(w, key, in))
		return CA_E_DATA_LEN;
	if (tx->profile->select_key &&
	    (e = ca_iso_select_ref(tx, &key->path)) != CA_OK)
		return e;
	if (w->from_token_info && n != NULL)
		ref = ca_rd_of(&n->alg_ref, 1);
	if (!w->no_mse && (e = ca_iso_mse(tx, w, ref, key)) != CA_OK)
		return e;
	if (key->type != CA_KEY_EC)
		return ca_iso_compute(tx, w, in, len, out);
	if (w->alg != CA_ALG_ECDH)
		in = filled(w, len, in, &fw);
	e = ca_iso_compute(tx, w, in,
	    w->command == CA_COMMAND_PSO_ECHO ? 2 * len : CA_LE_SHORT, &ec);
	if (e == CA_OK && w->alg == CA_ALG_ECDH)
		e = x_of(ca_wr_rd(&ec), len, out);
	else if (e == CA_OK)
		e = ca_iso_ecdsa_halves(ca_wr_rd(&ec), key->bits, out);
	ca_wipe(b, sizeof(b));
	return e;
}

ca_err
ca_iso_drv_sign(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	const struct ca_iso_state *s = tx->state;
	const struct ca_way *w =
	    ca_way_nth(tx->profile, &s->supported, alg, attempt);

	ca_err e = w == NULL ? CA_E_NOT_FOUND : use_way(tx, w, key, in, out);

	/* A reference the card does not know is not the end of the ways. */
	return w != NULL && e == CA_E_NOT_FOUND ? CA_E_REFUSED : e;
}

ca_err
ca_iso_drv_random(struct ca_tx *tx, struct ca_wr *out, size_t n)
{
	if (tx->profile->random_chunk == 0)
		return CA_E_UNSUPPORTED;
	return ca_iso_random(tx, tx->profile->random_chunk, n, out);
}

const struct ca_driver ca_drv_iso7816_15 = {
    .name = "iso7816-15",
    .state_size = sizeof(struct ca_iso_state),
    .claims = ca_iso_drv_claims,
    .enter = ca_iso_drv_enter,
    .describe = ca_iso_drv_describe,
    .describe_public = ca_iso_drv_describe_public,
    .describe_data = ca_iso_drv_describe_data,
    .read_cert = ca_iso_drv_read_cert,
    .read_part = ca_iso_drv_read_part,
    .pin_state = ca_iso_drv_pin_state,
    .verify = ca_iso_drv_verify,
    .change_pin = ca_iso_drv_change_pin,
    .unblock = ca_iso_drv_unblock,
    .remote = ca_iso_drv_remote,
    .remote_state = ca_iso_drv_remote_state,
    .remote_ask = ca_iso_drv_remote_ask,
    .remote_set = ca_iso_drv_remote_set,
    .keying = ca_iso_drv_keying,
    .key_in = ca_iso_drv_key_in,
    .logout = ca_iso_drv_logout,
    .sign = ca_iso_drv_sign,
    .decipher = ca_iso_drv_sign, /* the way's command tells them apart */
    .generate = ca_iso_drv_generate,
    .list_key = ca_iso_drv_list_key,
    .random = ca_iso_drv_random,
};
