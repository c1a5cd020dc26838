/*
 * Cards that we know by their ATR and cannot use, nothing public being known of
 * their commands. The token is shown with a label that says so, without PIN and
 * keys; not one command is sent to it.
 */
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/card/driver.h"

static ca_err
claims(struct ca_tx *tx)
{
	tx->entered = true;
	return CA_OK;
}

static ca_err
enter(struct ca_tx *tx)
{
	(void)tx;
	return CA_OK;
}

static ca_err
describe(struct ca_tx *tx, struct ca_model *out)
{
	const struct ca_profile *p = tx->profile;

	memcpy(out->label, p->label, sizeof(p->label));
	memcpy(out->manufacturer, p->manufacturer, sizeof(p->manufacturer));
	memcpy(out->model, p->model, sizeof(p->model));
	out->pubs_read = true;
	out->data_read = true;
	ca_log(CA_LOG_WARN, "recognised",
	    "%s %s: nothing is public of its commands; it needs its maker's "
	    "own PKCS#11 module",
	    p->manufacturer, p->model);
	return CA_OK;
}

static ca_err
read_cert(struct ca_tx *tx, const struct ca_ref *ref, struct ca_buf *out)
{
	(void)tx;
	(void)ref;
	(void)out;
	return CA_E_UNSUPPORTED;
}

static ca_err
pin_state(struct ca_tx *tx, const struct ca_pin *pin, struct ca_pin_state *out)
{
	(void)tx;
	(void)pin;
	(void)out;
	return CA_E_UNSUPPORTED;
}

static ca_err
verify(struct ca_tx *tx, const struct ca_pin *pin, struct ca_rd value,
    int *tries_left)
{
	(void)tx;
	(void)pin;
	(void)value;
	*tries_left = -1;
	return CA_E_UNSUPPORTED;
}

static ca_err
logout(struct ca_tx *tx)
{
	(void)tx;
	return CA_OK;
}

const struct ca_driver ca_drv_recognised = {
    .name = "recognised",
    .passive = true,
    .claims = claims,
    .enter = enter,
    .describe = describe,
    .read_cert = read_cert,
    .pin_state = pin_state,
    .verify = verify,
    .logout = logout,
};
