/*
 * PKI SIM in a card reader: a UICC (ETSI TS 102 221) with a PKCS#15 or WIM
 * (WAP-260) application. We work on a logical channel of our own, so whatever
 * else uses the card keeps its application; EF.DIR alone is read on the basic
 * channel. The subscriber's PINs are never touched: see drv_uicc_pin.c.
 */
#include "pcsc/card/drv_uicc.h"
#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"

#define ROOM "uicc"
#define CLASS_WIM 0x80

static ca_err
claims(struct ca_tx *tx)
{
	return ca_uicc_find(tx);
}

/* The directories of the current application, in the class it wants. */
static ca_err
describe_app(struct ca_tx *tx, struct ca_model *out)
{
	struct ca_uicc_state *s = tx->state;
	ca_err e;

	s->class_wim = 0;
	tx->entered = false;
	e = ca_uicc_is_open(tx) ? ca_uicc_select_app(tx) : ca_uicc_enter(tx);
	if (e != CA_OK)
		return e;
	tx->entered = true;
	e = ca_iso_drv_describe(tx, out);
	if (e == CA_E_UNSUPPORTED) { /* 6E00 to class 0n */
		ca_model_wipe(out);
		ca_uicc_use_class(tx, CLASS_WIM);
		e = ca_iso_drv_describe(tx, out);
	}
	return e;
}

/* apps[app]. *keys: it has some, be they ours or not. */
static ca_err
describe_one(struct ca_tx *tx, struct ca_model *out, bool *keys)
{
	ca_err e;

	ca_model_wipe(out);
	if ((e = describe_app(tx, out)) != CA_OK)
		return e;
	*keys = out->keys_n > 0;
	ca_uicc_settle_keys(tx, out);
	ca_uicc_settle_pins(tx, out);
	return CA_OK;
}

/* What concerns the card and not one application of it. */
static bool
ends_all(ca_err e)
{
	return e == CA_E_REMOVED || e == CA_E_RESET || e == CA_E_NO_SERVICE ||
	       e == CA_E_NOMEM || e == CA_E_IO || e == CA_E_MALFORMED;
}

/* The first application with a key that can be used. Failing that the first
 * with keys is shown, without them; a PKCS#15 application may also be the store
 * of access rules alone, and then this card is none of ours. */
static ca_err
describe(struct ca_tx *tx, struct ca_model *out)
{
	struct ca_uicc_state *s = tx->state;
	size_t shown = CA_UICC_APPS_MAX;
	bool keys;
	ca_err e;

	if (s->apps_n == 0 && (e = ca_uicc_find(tx)) != CA_OK)
		return e;
	for (s->app = 0; s->app < s->apps_n; s->app++) {
		keys = false;
		e = describe_one(tx, out, &keys);
		if (ends_all(e))
			return e;
		if (e == CA_OK && out->keys_n > 0)
			break;
		if (e == CA_OK && keys && shown == CA_UICC_APPS_MAX)
			shown = s->app;
	}
	if (s->app == s->apps_n) {
		s->app = shown;
		if (shown == CA_UICC_APPS_MAX ||
		    (e = describe_one(tx, out, &keys)) != CA_OK) {
			ca_log(CA_LOG_INFO, ROOM, "no application with keys");
			s->app = 0;
			(void)ca_uicc_close(tx);
			ca_model_wipe(out);
			return CA_E_UNSUPPORTED;
		}
	}
	if (out->serial[0] == '\0')
		ca_uicc_iccid(tx, out);
	return CA_OK;
}

static ca_err
read_cert(struct ca_tx *tx, const struct ca_ref *ref, struct ca_buf *out)
{
	ca_err e = ca_iso_drv_read_cert(tx, ref, out);

	return ca_uicc_again(tx) ? ca_iso_drv_read_cert(tx, ref, out) : e;
}

/* The local logins of the application end with its channel; a global PIN
 * stays verified until a reset (9.2). */
static ca_err
logout(struct ca_tx *tx)
{
	const struct ca_uicc_state *s = tx->state;

	if (!ca_uicc_is_open(tx) || s->channel == 0 || s->global_pin)
		return ca_tx_reset(tx);
	return ca_uicc_close(tx) ? CA_OK : ca_tx_reset(tx);
}

static void
leave(struct ca_tx *tx)
{
	(void)ca_uicc_close(tx);
}

const struct ca_driver ca_drv_uicc = {
    .name = "uicc",
    .state_size = sizeof(struct ca_uicc_state),
    .passive = true, /* the application is found in EF.DIR */
    .claims = claims,
    .enter = ca_uicc_enter,
    .close = leave,
    .status = ca_uicc_status,
    .describe = describe,
    .describe_public = ca_iso_drv_describe_public,
    .describe_data = ca_iso_drv_describe_data,
    .read_cert = read_cert,
    .pin_state = ca_uicc_pin_state,
    .verify = ca_uicc_verify,
    .change_pin = ca_uicc_change_pin,
    .unblock = ca_uicc_unblock,
    .keying = ca_uicc_keying,
    .key_in = ca_iso_drv_key_in,
    .logout = logout,
    .sign = ca_uicc_sign,
    .random = ca_iso_drv_random,
};
