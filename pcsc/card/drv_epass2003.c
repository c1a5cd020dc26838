/*
 * Feitian ePass2003: a PKCS#15 card behind a secure channel (pcsc/sm), files
 * selected one identifier at a time, PINs proven by challenge and response.
 * Facts as OpenSC's driver shows them. Otherwise than there the answers' MACs
 * are always checked, a PIN change proves the old PIN, and an unblocking
 * writes the new one.
 */
#include <string.h>

#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drivers.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/pin.h"
#include "pcsc/card/way.h"
#include "pcsc/sm/epass2003.h"

#define ROOM "epass2003"
#define ANSWER_MAX 256
#define SERIAL_BYTES 8
#define CHALLENGE_ASKED 16 /* of which the first 8 bytes count */
#define CLASS_KEY 0x29     /* high byte of a private key file's identifier */
#define FID_STEP 0x20
#define FID_INDEX_MAX 7
#define FID_TRIES 0x9F00
#define TRIES_MAX 15
#define PIN_MAX 255
#define PIN_LOCAL 0x80
#define P256_BITS 256
#define P256_HASH 32

struct state {
	struct ca_iso_state iso; /* first: see drv_iso.h */
	enum ca_epass2003_kind kind;
	struct ca_sm *sm; /* the card's; good for ... */
	unsigned resets;  /* ... this reset */
	bool refused;     /* other keys are on the card: not asked again */
	bool no_shortcut; /* the application is found from the MF alone */
};

/* The static keys of these tokens, the same on all of them and in public
 * source. */
static const uint8_t static_key[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
    0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10};

static ca_err
send(struct ca_tx *tx, const struct ca_apdu *cmd, struct ca_wr *answer)
{
	uint16_t sw;
	ca_err e = ca_tx_send(tx, cmd, answer, &sw);

	return e != CA_OK ? e : ca_sw_err(sw);
}

/* ---- the channel ---- */

/* There is a channel object; the card may have lost its side of it. */
static bool
has_channel(const struct ca_tx *tx)
{
	const struct state *s = tx->state;

	return s->sm != NULL && s->resets == ca_card_resets(tx->card);
}

static bool
lost_channel(const struct ca_tx *tx)
{
	const struct state *s = tx->state;

	return has_channel(tx) && ca_epass2003_lost(s->sm);
}

static ca_err
claims(struct ca_tx *tx)
{
	struct state *s = tx->state;
	uint8_t b[ANSWER_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu ask = {
	    .ins = 0xCA, .p1 = 0x01, .p2 = 0x86, .le = CA_LE_SHORT};
	uint16_t sw;
	ca_err e = ca_tx_send(tx, &ask, &w, &sw);

	if (e != CA_OK)
		return e;
	/* A Java card without the applet has the same ATR. */
	return sw != 0x9000 ? CA_E_NOT_FOUND
			    : ca_epass2003_kind(ca_wr_rd(&w), &s->kind);
}

/* Other keys: said once. Some cards count the attempts. */
static ca_err
refuse(struct state *s, const char *who)
{
	s->refused = true;
	ca_log(CA_LOG_ERROR, ROOM,
	    "mutual authentication failed (%s): the token has other keys than "
	    "the public ones; it is not tried again",
	    who);
	return CA_E_UNSUPPORTED;
}

static ca_err
handshake(struct ca_tx *tx, struct ca_epass2003 *a)
{
	const struct ca_rd key = ca_rd_of(static_key, sizeof(static_key));
	struct state *s = tx->state;
	uint8_t b[ANSWER_MAX], pb[CA_EPASS2003_PROOF];
	struct ca_wr answer = ca_wr_of(b, sizeof(b));
	struct ca_wr proof = ca_wr_of(pb, sizeof(pb));
	struct ca_apdu ask = {.cla = 0x80,
	    .ins = 0x50,
	    .data = ca_rd_of(a->host, sizeof(a->host)),
	    .le = ca_epass2003_answer_size(a->kind)};
	struct ca_apdu prove = {.cla = 0x84, .ins = 0x82, .p1 = 0x03};
	uint16_t sw;
	ca_err e;

	if ((e = ca_tx_send(tx, &ask, &answer, &sw)) != CA_OK)
		return e;
	if (sw != 0x9000)
		return refuse(s, "no answer to the challenge");
	e = ca_epass2003_answer(a, key, key, ca_wr_rd(&answer), &proof);
	if (e == CA_E_REFUSED)
		return refuse(s, "the card's cryptogram");
	if (e != CA_OK)
		return e;
	prove.data = ca_wr_rd(&proof);
	if ((e = ca_tx_send(tx, &prove, NULL, &sw)) != CA_OK)
		return e;
	return sw == 0x9000 ? CA_OK : refuse(s, "the host's cryptogram");
}

static ca_err
open_channel(struct ca_tx *tx)
{
	struct state *s = tx->state;
	struct ca_epass2003 a;
	struct ca_sm *sm;
	ca_err e;

	if (s->kind == CA_EPASS2003_PLAIN ||
	    (has_channel(tx) && !lost_channel(tx)))
		return CA_OK;
	if (s->refused)
		return CA_E_UNSUPPORTED;
	s->sm = NULL;
	ca_tx_set_sm(tx, NULL);
	if ((e = ca_epass2003_begin(&a, s->kind)) == CA_OK &&
	    (e = handshake(tx, &a)) == CA_OK &&
	    (e = ca_epass2003_channel(&a, &sm)) == CA_OK) {
		ca_tx_set_sm(tx, sm);
		s->sm = sm;
		s->resets = ca_card_resets(tx->card);
	}
	ca_wipe(&a, sizeof(a));
	return e;
}

/* The application's DF: from where we are, as nothing is left most of the
 * time; else from the MF. */
static ca_err
select_application(struct ca_tx *tx)
{
	struct state *s = tx->state;
	struct ca_rd path = ca_rd_of(tx->profile->path.b, tx->profile->path.n);
	ca_err e = CA_E_NOT_FOUND;

	if (!s->no_shortcut && path.n > 2 && ca_rd_skip(&path, path.n - 2))
		e = ca_iso_select(tx, CA_SELECT_ANY, path, NULL);
	switch (e) {
	case CA_E_NOT_FOUND:
	case CA_E_REFUSED:
	case CA_E_UNSUPPORTED:
	case CA_E_DATA:
		s->no_shortcut = true;
		return ca_iso_drv_enter(tx);
	default:
		return e;
	}
}

static ca_err
enter(struct ca_tx *tx)
{
	ca_err e;

	if ((e = open_channel(tx)) != CA_OK)
		return e;
	e = select_application(tx);
	/* Another program opened a channel of its own: ours ended with it. */
	if (e == CA_E_RESET && lost_channel(tx) &&
	    (e = open_channel(tx)) == CA_OK)
		e = select_application(tx);
	return e;
}

/* For methods that begin without ca_tx_enter(). */
static ca_err
ready(struct ca_tx *tx)
{
	const struct state *s = tx->state;

	if (s->kind == CA_EPASS2003_PLAIN ||
	    (has_channel(tx) && !lost_channel(tx)))
		return CA_OK;
	tx->entered = false;
	return ca_tx_enter(tx);
}

/* Whether a step failed for want of a channel, and there is one again: the step
 * may be repeated, once. */
static bool
again(struct ca_tx *tx, ca_err e)
{
	if (e != CA_E_RESET || !lost_channel(tx))
		return false;
	return ready(tx) == CA_OK;
}

/* ---- what is on the card ---- */

/*
 * The directories count the files of these classes, and the card has their
 * identifiers 20 apart, for its short identifiers are their lower five bits.
 * What cannot be such a number is an identifier already.
 */
static void
place(struct ca_ref *ref)
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

/* The file of a private key, which is never selected; CA_E_NOT_FOUND: what the
 * directory says names none. */
static ca_err
key_file(const struct ca_key *key, uint8_t fid[2])
{
	struct ca_ref ref = key->path;
	size_t n = ref.path_n;

	place(&ref);
	fid[0] = CLASS_KEY;
	fid[1] = (uint8_t)(key->reference * FID_STEP);
	if (n >= 2 && ref.path[n - 2] == CLASS_KEY)
		fid[1] = ref.path[n - 1];
	else if (key->reference > FID_INDEX_MAX)
		return CA_E_NOT_FOUND;
	return CA_OK;
}

/* EF 9F00: the tries of a fresh PIN, a byte for each from reference 01. */
static ca_err
read_tries(struct ca_tx *tx, struct ca_model *m)
{
	struct ca_ref ref = {
	    .path = {FID_TRIES >> 8, FID_TRIES & 0xFF}, .path_n = 2};
	struct ca_buf file = {0};
	ca_err e = ca_iso_read_ref(tx, &ref, CA_UNTIL_END, &file);

	for (size_t i = 0; e == CA_OK && i < m->pins_n; i++) {
		struct ca_pin *pin = &m->pins[i];
		struct ca_rd r = ca_buf_rd(&file);
		size_t at = pin->reference & ~(unsigned)PIN_LOCAL;
		uint8_t tries;

		if (at >= 1 && ca_rd_skip(&r, at - 1) &&
		    ca_rd_u8(&r, &tries) && tries >= 1 && tries <= TRIES_MAX)
			pin->tries_max = tries;
	}
	ca_buf_free(&file);
	return e;
}

/* The chip's number, where TokenInfo has none. */
static ca_err
read_serial(struct ca_tx *tx, struct ca_model *m)
{
	uint8_t b[ANSWER_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu ask = {
	    .ins = 0xCA, .p1 = 0x01, .p2 = 0x80, .le = SERIAL_BYTES};
	ca_err e = m->serial[0] != '\0' ? CA_OK : send(tx, &ask, &w);

	if (e == CA_OK && w.n == SERIAL_BYTES)
		(void)ca_log_hex(ca_wr_rd(&w), m->serial, sizeof(m->serial));
	return e;
}

/* What the card refuses to tell is unknown; other errors are faults. */
static ca_err
optional(ca_err e)
{
	switch (e) {
	case CA_E_NOT_FOUND:
	case CA_E_AUTH_NEEDED:
	case CA_E_REFUSED:
	case CA_E_UNSUPPORTED:
	case CA_E_DATA:
	case CA_E_DATA_LEN:
		return CA_OK;
	default:
		return e;
	}
}

static ca_err
describe_once(struct ca_tx *tx, struct ca_model *m)
{
	uint8_t fid[2];
	ca_err e = ca_iso_drv_describe(tx, m);

	if (e != CA_OK)
		return e;
	for (size_t i = 0; i < m->certs_n; i++)
		place(&m->certs[i].path);
	for (size_t i = 0; i < m->keys_n; i++) {
		struct ca_key *k = &m->keys[i];

		/* The one curve the card knows. */
		if ((k->type == CA_KEY_EC && k->bits != P256_BITS) ||
		    key_file(k, fid) != CA_OK)
			k->algs = 0;
	}
	/* A PIN is hashed as it was typed, whatever the directory says. */
	for (size_t i = 0; i < m->pins_n; i++)
		m->pins[i].flags &= ~(uint32_t)CA_PINF_NEEDS_PADDING;
	if ((e = optional(read_tries(tx, m))) != CA_OK)
		return e;
	return optional(read_serial(tx, m));
}

static ca_err
describe(struct ca_tx *tx, struct ca_model *out)
{
	ca_err e = describe_once(tx, out);

	if (again(tx, e)) {
		ca_model_wipe(out);
		e = describe_once(tx, out);
	}
	return e;
}

static ca_err
describe_public(struct ca_tx *tx, struct ca_model *io)
{
	const struct state *s = tx->state;
	ca_err e = ca_p15_list_public(tx, &s->iso.odf, io);

	for (size_t i = 0; i < io->pubs_n; i++)
		place(&io->pubs[i].path);
	return e != CA_OK ? e : ca_p15_read_public(tx, ca_p15_spki, io);
}

static ca_err
describe_data(struct ca_tx *tx, struct ca_model *io)
{
	const struct state *s = tx->state;
	ca_err e = ca_p15_list_data(tx, &s->iso.odf, io);

	for (size_t i = 0; i < io->data_n; i++)
		place(&io->data[i].path);
	return e != CA_OK ? e : ca_p15_read_data(tx, io);
}

static ca_err
read_cert(struct ca_tx *tx, const struct ca_ref *ref, struct ca_buf *out)
{
	ca_err e = ca_iso_drv_read_cert(tx, ref, out);

	return again(tx, e) ? ca_iso_drv_read_cert(tx, ref, out) : e;
}

static ca_err
read_part(struct ca_tx *tx, const struct ca_ref *ref, size_t offset, size_t n,
    struct ca_buf *out)
{
	ca_err e = ca_iso_drv_read_part(tx, ref, offset, n, out);

	return again(tx, e) ? ca_iso_drv_read_part(tx, ref, offset, n, out) : e;
}
