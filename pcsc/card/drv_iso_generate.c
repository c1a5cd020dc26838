/*
 * See drv_iso.h and driver.h: key pairs made on the card (ISO/IEC 7816-8
 * GENERATE ASYMMETRIC KEY PAIR) and their entries in the directories. The form
 * is that of IsoApplet 0.6, recorded while OpenSC 0.23 generated keys on the
 * applet: MSE SET 41 00 { 80 algorithm, 84 key }, then 46 42 00 for RSA or
 * 46 00 00 with the numbers of the curve; the answer is 7F49 { 81 82 } or
 * 7F49 { .. 86 .. }. That it takes the place of a key with the same reference
 * was seen as well, so a reference is looked for that no entry has.
 */
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/iso_write.h"
#include "pcsc/card/pkcs15_write.h"
#include "pcsc/card/way.h"

#define ROOM "generate"
#define ANSWER_MAX 1400

/* The key reference in an entry of a PrKDF, whatever kind of key it is for.
 * False: it cannot be told. */
static bool
entry_reference(const struct ca_profile *p, struct ca_rd body, uint8_t *out)
{
	struct ca_rd common, cls, v;
	uint32_t tag, n;
	bool has = false;

	if (!ca_tlv_expect(&body, 0x30, &common) ||
	    !ca_tlv_expect(&body, 0x30, &cls) ||
	    !ca_tlv_expect(&cls, 0x04, &v) || !ca_tlv_expect(&cls, 0x03, &v))
		return false;
	*out = p->key_reference;
	while (ca_tlv_next(&cls, &tag, &v))
		if (tag == 0x02 && !has) {
			if (!ca_der_uint(v, 255, &n))
				return false;
			*out = (uint8_t)n;
			has = true;
		}
	*out |= p->key_reference_or;
	return cls.n == 0 && (has || p->has_key_reference);
}

/* Marks the references that a directory names. */
static bool
mark_used(const struct ca_profile *p, const struct ca_iso_dir *d,
    bool used[256])
{
	struct ca_rd r = ca_rd_of(d->file.p, d->end), body;
	uint32_t tag;
	uint8_t reference;

	while (r.n > 0) {
		if (!ca_tlv_next(&r, &tag, &body) ||
		    !entry_reference(p, body, &reference))
			return false;
		used[reference] = true;
	}
	return true;
}

/* One that no entry names: neither in a directory file nor where else the
 * model found keys (an ODF may hold objects itself). */
static ca_err
find_reference(struct ca_tx *tx, const struct ca_keygen *g, uint8_t *out)
{
	const struct ca_iso_state *s = tx->state;
	const struct ca_bytes *range = &tx->profile->gen.references;
	bool used[256];

	memcpy(used, g->used, sizeof(used));
	for (size_t i = 0; i < s->odf.n; i++) {
		struct ca_iso_dir d;
		bool known;
		ca_err e;

		if (s->odf.dirs[i].kind != CA_P15_PRKDF)
			continue;
		e = ca_iso_dir_open(tx, &s->odf.dirs[i].ref, &d);
		if (e != CA_OK)
			return e;
		known = mark_used(tx->profile, &d, used);
		ca_iso_dir_free(&d);
		if (!known) {
			ca_log(CA_LOG_WARN, ROOM,
			    "an entry does not tell which key it is for: no "
			    "key is made that might take its place");
			return CA_E_UNSUPPORTED;
		}
	}
	for (unsigned n = range->b[0]; n <= range->b[1]; n++)
		if (!used[n]) {
			*out = (uint8_t)n;
			return CA_OK;
		}
	return CA_E_NO_SPACE;
}

/* The public half in the card's answer, as its files hold it. */
static ca_err
take_public(const struct ca_keygen *g, struct ca_rd answer, struct ca_buf *pub)
{
	uint8_t b[ANSWER_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_rd in, first, second;

	if (!ca_tlv_expect(&answer, 0x7F49, &in))
		return CA_E_MALFORMED;
	if (ca_gen_is_ec(g->kind)) {
		if (!ca_tlv_find(in, 0x86, &first))
			return CA_E_MALFORMED;
		ca_p15_write_ec(&w, g->curve, first);
	} else {
		if (!ca_tlv_find(in, 0x81, &first) ||
		    !ca_tlv_find(in, 0x82, &second))
			return CA_E_MALFORMED;
		ca_p15_write_rsa(&w, first, second);
	}
	return ca_wr_ok(&w) ? ca_buf_set(pub, ca_wr_rd(&w)) : CA_E_MALFORMED;
}

static ca_err
send_generate(struct ca_tx *tx, const struct ca_keygen *g,
    const struct ca_bytes *alg_ref, uint8_t reference, struct ca_buf *pub)
{
	const struct ca_make *m = &tx->profile->gen.makes[g->kind];
	bool ec = ca_gen_is_ec(g->kind);
	uint8_t crt[32], b[ANSWER_MAX];
	struct ca_wr w = ca_wr_of(crt, sizeof(crt)),
		     answer = ca_wr_of(b, sizeof(b));
	struct ca_apdu mse = {.ins = 0x22, .p1 = 0x41};
	struct ca_apdu cmd = {.ins = 0x46,
	    .p1 = m->has_p1 ? m->p1 : (uint8_t)(ec ? 0x00 : 0x42),
	    .le = CA_LE_SHORT};
	ca_err e;

	if (ec)
		cmd.data = g->domain;
	ca_wr_tlv(&w, 0x80, ca_rd_of(alg_ref->b, alg_ref->n));
	ca_wr_tlv(&w, 0x84, ca_rd_of(&reference, 1));
	if (!ca_wr_ok(&w))
		return CA_E_BUG;
	mse.data = ca_wr_rd(&w);
	tx->entered = false; /* another file was selected since */
	if ((e = ca_tx_enter(tx)) != CA_OK ||
	    (e = ca_tx_do(tx, &mse, NULL)) != CA_OK ||
	    (e = ca_tx_do(tx, &cmd, &answer)) != CA_OK)
		return e;
	return take_public(g, ca_wr_rd(&answer), pub);
}

ca_err
ca_iso_drv_generate(struct ca_tx *tx, const struct ca_pin *pin,
    const struct ca_keygen *g, uint8_t *reference, struct ca_buf *pub)
{
	const struct ca_iso_state *s = tx->state;
	struct ca_bytes alg_ref;
	ca_err e;

	if (!ca_way_generates(tx->profile, &s->supported, g->kind, &alg_ref))
		return CA_E_UNSUPPORTED;
	if ((e = ca_tx_enter(tx)) != CA_OK ||
	    (e = ca_iso_drv_room_for_key(tx, pin, g)) != CA_OK ||
	    (e = find_reference(tx, g, reference)) != CA_OK)
		return e;
	return send_generate(tx, g, &alg_ref, *reference, pub);
}
