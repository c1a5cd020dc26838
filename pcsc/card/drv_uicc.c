/*
 * PKI SIM in a card reader: a UICC (ETSI TS 102 221) with a PKCS#15 or WIM
 * (WAP-260) application. We work on a logical channel of our own, so whatever
 * else uses the card keeps its selection.
 *
 * The subscriber's own PINs are not ours: references 01 (the SIM PIN) and 11
 * (the universal PIN in its place) are never verified, changed or asked about,
 * even if a directory of the PKI application names them.
 */
#include <stdio.h>
#include <string.h>

#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/uicc.h"

#define ROOM "uicc"
#define SIM_PIN 0x01
#define UNIVERSAL_PIN 0x11
#define APPS_MAX 4
#define RECORDS_MAX 254
#define CLASS_WIM 0x80
#define ANSWER_MAX 256

struct app {
	enum ca_uicc_app kind;
	uint8_t aid[CA_UICC_AID_MAX];
	size_t aid_n;
};

struct state {
	struct ca_iso_state iso; /* first: the shared methods use it */
	struct app apps[APPS_MAX];
	size_t apps_n, app; /* those found, and the one in use */
	bool open;          /* our channel is open and the app selected ... */
	unsigned resets;    /* ... since this reset */
	uint8_t channel;
	uint8_t class_wim; /* CLASS_WIM where the card wants it */
	uint8_t fcp[ANSWER_MAX];
	size_t fcp_n;
	uint8_t se;
};

static bool
is_open(const struct ca_tx *tx)
{
	const struct state *s = tx->state;

	return s->open && s->resets == ca_card_resets(tx->card);
}

/* Reads EF.DIR on the basic channel and keeps the applications of interest:
 * PKCS#15 first, as the WIM's own client does. */
static ca_err
read_dir(struct ca_tx *tx, struct state *s)
{
	static const uint8_t dir[] = {0x2F, 0x00};
	uint8_t b[ANSWER_MAX];
	struct ca_wr fcp = ca_wr_of(b, sizeof(b));
	struct ca_apdu select = {.ins = 0xA4,
	    .p1 = 0x08,
	    .p2 = 0x04,
	    .data = ca_rd_of(dir, sizeof(dir)),
	    .le = CA_LE_SHORT};
	size_t length, count, wims = 0;
	struct app wim[APPS_MAX];
	ca_err e;

	s->apps_n = 0;
	if ((e = ca_tx_do(tx, &select, &fcp)) != CA_OK)
		return e;
	if (!ca_uicc_records(ca_wr_rd(&fcp), &length, &count))
		return CA_E_NOT_FOUND;
	for (size_t i = 1; i <= count && i <= RECORDS_MAX; i++) {
		struct ca_wr record = ca_wr_of(b, sizeof(b));
		struct ca_apdu read = {
		    .ins = 0xB2, .p1 = (uint8_t)i, .p2 = 0x04, .le = length};
		struct app a = {.kind = CA_UICC_OTHER};

		e = ca_tx_do(tx, &read, &record);
		if (e == CA_E_NOT_FOUND)
			break;
		if (e != CA_OK)
			return e;
		a.kind = ca_uicc_dir_record(ca_wr_rd(&record), a.aid, &a.aid_n);
		if (a.kind == CA_UICC_PKCS15 && s->apps_n < APPS_MAX)
			s->apps[s->apps_n++] = a;
		else if (a.kind == CA_UICC_WIM && wims < APPS_MAX)
			wim[wims++] = a;
	}
	for (size_t i = 0; i < wims && s->apps_n < APPS_MAX; i++)
		s->apps[s->apps_n++] = wim[i];
	return s->apps_n > 0 ? CA_OK : CA_E_NOT_FOUND;
}

static ca_err
claims(struct ca_tx *tx)
{
	return read_dir(tx, tx->state);
}

/* A logical channel that the card chooses; the basic one where it has none to
 * give: in a reader the card serves nobody else. */
static ca_err
open_channel(struct ca_tx *tx, struct state *s)
{
	uint8_t b[1] = {0};
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu open = {.ins = 0x70, .le = 1};
	uint16_t sw;
	ca_err e;

	ca_tx_set_class(tx, 0);
	s->channel = 0;
	e = ca_tx_send(tx, &open, &w, &sw);
	if (e != CA_OK && e != CA_E_MALFORMED)
		return e;
	if (e == CA_OK && sw == 0x9000 && w.n == 1 && b[0] >= 1 && b[0] <= 3)
		s->channel = b[0];
	else
		ca_log(CA_LOG_INFO, ROOM, "no logical channel: %04X", sw);
	return CA_OK;
}

static void
close_channel(struct ca_tx *tx, struct state *s)
{
	struct ca_apdu cmd = {.ins = 0x70, .p1 = 0x80, .p2 = s->channel};

	if (!is_open(tx))
		return;
	ca_tx_set_class(tx, 0);
	if (s->channel != 0 && ca_tx_do(tx, &cmd, NULL) != CA_OK)
		ca_log(CA_LOG_WARN, ROOM, "channel %u stays open", s->channel);
	s->open = false;
}

static ca_err
select_app(struct ca_tx *tx, struct state *s)
{
	const struct app *a = &s->apps[s->app];
	struct ca_wr fcp = ca_wr_of(s->fcp, sizeof(s->fcp));
	struct ca_apdu cmd = {.ins = 0xA4,
	    .p1 = 0x04,
	    .p2 = 0x04,
	    .data = ca_rd_of(a->aid, a->aid_n),
	    .le = CA_LE_SHORT};
	ca_err e;

	ca_tx_set_class(tx, s->channel);
	e = ca_tx_do(tx, &cmd, &fcp);
	s->fcp_n = e == CA_OK ? fcp.n : 0;
	s->open = true; /* the channel is, whatever became of the rest */
	s->resets = ca_card_resets(tx->card);
	ca_tx_set_class(tx, s->channel | s->class_wim);
	return e;
}

static ca_err
enter(struct ca_tx *tx)
{
	struct state *s = tx->state;
	ca_err e;

	/* Nobody else can have moved the selection on our own channel. */
	if (is_open(tx) && s->channel != 0)
		return CA_OK;
	if ((e = open_channel(tx, s)) != CA_OK)
		return e;
	return select_app(tx, s);
}

/* Takes the subscriber's PINs out of the model; a key that hangs on one cannot
 * be used here and goes with it. */
static void
drop_foreign_pins(const struct state *s, struct ca_model *m)
{
	size_t kept = 0, keys = 0;

	for (size_t i = 0; i < m->pins_n; i++) {
		struct ca_pin *p = &m->pins[i];

		if (p->reference == SIM_PIN || p->reference == UNIVERSAL_PIN) {
			ca_log(CA_LOG_WARN, ROOM,
			    "PIN '%s' is the subscriber's (%02X): refused",
			    p->label, p->reference);
			for (size_t k = 0; k < m->keys_n; k++)
				if (ca_id_equal(&m->keys[k].auth_id,
					&p->auth_id))
					m->keys[k].algs = 0;
			continue;
		}
		if (ca_uicc_pin_status(ca_rd_of(s->fcp, s->fcp_n),
			p->reference) == CA_UICC_PIN_DISABLED)
			ca_log(CA_LOG_WARN, ROOM, "PIN '%s' is disabled",
			    p->label);
		m->pins[kept++] = *p;
	}
	m->pins_n = kept;
	/* The first that is left is the user's. */
	for (size_t i = 0; i < kept; i++)
		if (m->pins[i].role == CA_PIN_KEY &&
		    ca_model_pin(m, CA_PIN_USER) == NULL)
			m->pins[i].role = CA_PIN_USER;
	for (size_t k = 0; k < m->keys_n; k++) {
		if (m->keys[k].algs != 0) {
			if (keys != k)
				m->keys[keys] = m->keys[k];
			keys++;
		} else {
			ca_buf_free(&m->keys[k].spki);
			ca_buf_free(&m->keys[k].subject);
		}
	}
	m->keys_n = keys;
}

/* A UICC's PUK has no reference: it belongs to the PIN's own (RESET RETRY
 * COUNTER 2C 00 kk). It is shown as the SO's and never verified. */
static void
add_puk(struct ca_model *m)
{
	const struct ca_pin *user = ca_model_pin(m, CA_PIN_USER);
	struct ca_pin *puk;

	if (user == NULL || m->pins_n == CA_PINS_MAX ||
	    ca_model_pin(m, CA_PIN_SO) != NULL)
		return;
	puk = &m->pins[m->pins_n++];
	*puk = *user;
	puk->role = CA_PIN_SO;
	puk->flags |= CA_PINF_UNBLOCKING | CA_PINF_CHANGE_DISABLED;
	puk->min = puk->max = puk->stored;
	puk->tries_max = 0;
	puk->auth_id.n = 0;
	(void)snprintf(puk->label, sizeof(puk->label), "PUK");
}

/* The directories of the current application, in the class it wants. */
static ca_err
describe_app(struct ca_tx *tx, struct state *s, struct ca_model *out)
{
	ca_err e;

	s->class_wim = 0;
	if ((e = enter(tx)) != CA_OK)
		return e;
	tx->entered = true;
	e = ca_iso_drv_describe(tx, out);
	if (e == CA_E_UNSUPPORTED) { /* 6E00 to class 0n */
		ca_model_wipe(out);
		s->class_wim = CLASS_WIM;
		ca_tx_set_class(tx, s->channel | s->class_wim);
		e = ca_iso_drv_describe(tx, out);
	}
	return e;
}

/* Selects another application on the same channel. */
static ca_err
next_app(struct ca_tx *tx, struct state *s)
{
	s->class_wim = 0;
	return select_app(tx, s);
}

static ca_err
describe(struct ca_tx *tx, struct ca_model *out)
{
	struct state *s = tx->state;
	ca_err e = CA_E_UNSUPPORTED;

	if (s->apps_n == 0 && (e = read_dir(tx, s)) != CA_OK)
		return e;
	/* A PKCS#15 application may be the store of access rules alone. */
	for (s->app = 0; s->app < s->apps_n; s->app++) {
		ca_model_wipe(out);
		e = is_open(tx) ? next_app(tx, s) : CA_OK;
		if (e == CA_OK)
			e = describe_app(tx, s, out);
		if (e == CA_OK && out->keys_n > 0)
			break;
		/* What concerns the card and not one application of it. */
		if (e == CA_E_REMOVED || e == CA_E_RESET ||
		    e == CA_E_NO_SERVICE || e == CA_E_NOMEM || e == CA_E_IO ||
		    e == CA_E_MALFORMED)
			return e;
	}
	if (s->app == s->apps_n) {
		ca_log(CA_LOG_INFO, ROOM, "no application with keys");
		close_channel(tx, s);
		ca_model_wipe(out);
		return CA_E_UNSUPPORTED;
	}
	for (size_t i = 0; i < out->keys_n; i++)
		if (out->keys[i].type == CA_KEY_RSA &&
		    out->keys[i].has_reference)
			out->keys[i].algs = CA_ALG_BIT(CA_ALG_RSA_PKCS1);
	s->se = out->has_wim_se ? out->wim_se : 0;
	drop_foreign_pins(s, out);
	add_puk(out);
	return CA_OK;
}

static bool
foreign(const struct ca_pin *pin)
{
	return pin->reference == SIM_PIN || pin->reference == UNIVERSAL_PIN;
}

/* The tries of the PUK: RESET RETRY COUNTER without data (TS 102 221 clause
 * 11.1.13). */
static ca_err
puk_state(struct ca_tx *tx, const struct ca_pin *puk, struct ca_pin_state *out)
{
	struct ca_apdu cmd = {.ins = 0x2C, .p2 = puk->reference};
	uint16_t sw;
	ca_err e = ca_tx_send(tx, &cmd, NULL, &sw);

	*out = (struct ca_pin_state){.tries_left = -1};
	if (e != CA_OK)
		return e;
	out->tries_left = sw == 0x6983 ? 0 : ca_sw_tries(sw);
	out->blocked = out->tries_left == 0;
	return CA_OK;
}

static ca_err
pin_state(struct ca_tx *tx, const struct ca_pin *pin, struct ca_pin_state *out)
{
	ca_err e;

	if (foreign(pin))
		return CA_E_UNSUPPORTED;
	if ((e = ca_tx_enter(tx)) != CA_OK)
		return e;
	return pin->role == CA_PIN_SO ? puk_state(tx, pin, out)
				      : ca_iso_drv_pin_state(tx, pin, out);
}

static ca_err
verify(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd value,
    int *tries_left)
{
	*tries_left = -1;
	if (foreign(pin) || pin->role == CA_PIN_SO)
		return CA_E_UNSUPPORTED;
	return ca_iso_drv_verify(tx, pin, value, tries_left);
}

static ca_err
change_pin(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd old_value,
    struct ca_rd new_value, int *tries_left)
{
	*tries_left = -1;
	/* CHANGE with the PUK's reference would be about the PIN it shares
	 * that with, and cost a try of it. */
	if (foreign(pin) || pin->role == CA_PIN_SO)
		return CA_E_UNSUPPORTED;
	return ca_iso_drv_change_pin(tx, pin, old_value, new_value, tries_left);
}

static ca_err
unblock(struct ca_tx *tx, const struct ca_pin *puk, struct ca_rd puk_value,
    const struct ca_pin *pin, struct ca_rd new_value, int *tries_left)
{
	*tries_left = -1;
	return foreign(pin) || foreign(puk)
		   ? CA_E_UNSUPPORTED
		   : ca_iso_drv_unblock(tx, puk, puk_value, pin, new_value,
			 tries_left);
}

/* A proactive command of the SIM Toolkit waits: no affair of ours, and the work
 * itself is done (TS 102 221, 10.2.1). */
static uint16_t
status(struct ca_tx *tx, uint16_t sw)
{
	(void)tx;
	return sw >> 8 == 0x91 ? 0x9000 : sw;
}

/* The logins of the application end with its channel. */
static ca_err
logout(struct ca_tx *tx)
{
	struct state *s = tx->state;

	if (!is_open(tx) || s->channel == 0)
		return ca_tx_reset(tx);
	close_channel(tx, s);
	return CA_OK;
}

static void
close_card(struct ca_tx *tx)
{
	close_channel(tx, tx->state);
}

/* MSE RESTORE of the WIM's RSA environment. */
static ca_err
restore_se(struct ca_tx *tx, uint8_t se)
{
	struct ca_apdu cmd = {.ins = 0x22, .p1 = 0xF3, .p2 = se};

	return ca_tx_do(tx, &cmd, NULL);
}

/* MSE SET with key reference and, in a WIM, the key's file. */
static ca_err
set_key(struct ca_tx *tx, const struct ca_key *key, bool with_file)
{
	uint8_t b[32];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu cmd = {.ins = 0x22, .p1 = 0x41, .p2 = 0xB6};

	ca_wr_tlv(&w, 0x84, ca_rd_of(&key->reference, 1));
	if (with_file && key->path.path_n > 0)
		ca_wr_tlv(&w, 0x81, ca_rd_of(key->path.path, key->path.path_n));
	cmd.data = ca_wr_rd(&w);
	return ca_tx_do(tx, &cmd, NULL);
}

/*
 * The WIM's sequence (MSE RESTORE, MSE SET with key and file, PSO), and for a
 * plain PKCS#15 application the same without environment and file.
 */
static ca_err
sign(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	static const struct ca_way pso = {.command = CA_COMMAND_PSO};
	const struct state *s = tx->state;
	bool wim = attempt == 0 && s->se != 0;
	ca_err e;

	if (alg != CA_ALG_RSA_PKCS1 || attempt > (s->se != 0 ? 1u : 0u))
		return CA_E_NOT_FOUND;
	/* Our channel may be new: a reset or a logout closed the old one. */
	if ((e = ca_tx_enter(tx)) != CA_OK)
		return e;
	if (wim && (e = restore_se(tx, s->se)) != CA_OK)
		return e;
	if ((e = set_key(tx, key, wim)) != CA_OK)
		return e;
	return ca_iso_compute(tx, &pso, in, (key->bits + 7) / 8, out);
}

const struct ca_driver ca_drv_uicc = {
    .name = "uicc",
    .state_size = sizeof(struct state),
    .passive = true, /* the application is found in EF.DIR */
    .claims = claims,
    .enter = enter,
    .close = close_card,
    .status = status,
    .describe = describe,
    .describe_public = ca_iso_drv_describe_public,
    .describe_data = ca_iso_drv_describe_data,
    .read_cert = ca_iso_drv_read_cert,
    .pin_state = pin_state,
    .verify = verify,
    .change_pin = change_pin,
    .unblock = unblock,
    .logout = logout,
    .sign = sign,
    .random = ca_iso_drv_random,
};
