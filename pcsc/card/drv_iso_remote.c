/*
 * See drv_iso.h: unblocking at a distance by an administrator's key that the
 * profile names. GET CHALLENGE, EXTERNAL AUTHENTICATE, RESET RETRY COUNTER with
 * the new PIN alone (ISO/IEC 7816-4:2005 7.5.3, 7.5.4, 7.5.10).
 */
#include "pcsc/base/secret.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/pin.h"

enum ca_remote
ca_iso_drv_remote(const struct ca_profile *pf)
{
	return pf->admin.cipher;
}

ca_err
ca_iso_drv_remote_state(struct ca_tx *tx, const struct ca_pin *puk,
    struct ca_pin_state *out)
{
	const struct ca_profile_admin *a = &tx->profile->admin;

	(void)puk;
	*out = (struct ca_pin_state){.tries_left = -1};
	if (a->no_query)
		return CA_OK;
	return ca_iso_external_state(tx, a->algorithm, a->reference, out);
}

ca_err
ca_iso_drv_remote_ask(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_wr *challenge)
{
	size_t n = ca_remote_size((int)tx->profile->admin.cipher);
	/* Now: selecting anything later would void the challenge, or the right
	 * that the answer gives. */
	ca_err e = ca_iso_drv_in_its_df(tx, pin);

	return e != CA_OK ? e : ca_iso_random(tx, n, n, challenge);
}

ca_err
ca_iso_drv_remote_set(struct ca_tx *tx, const struct ca_pin *puk,
    const struct ca_pin *pin, struct ca_rd answer, struct ca_rd new_value,
    int *tries_left)
{
	const struct ca_profile_admin *a = &tx->profile->admin;
	const struct ca_rd none = {NULL, 0};
	uint8_t b[255]; /* the data of one short command */
	struct ca_wr block = ca_wr_of(b, sizeof(b));
	int of_pin = -1;
	ca_err e = ca_pin_encode(tx->profile, pin, new_value, &block);

	(void)puk;
	*tries_left = -1;
	if (e == CA_OK)
		e = ca_iso_external(tx, a->algorithm, a->reference, answer,
		    tries_left);
	if (e == CA_OK) {
		e = ca_iso_reset_retry(tx, pin->reference, none,
		    ca_wr_rd(&block), &of_pin);
		/* The key is right; its holder may not do this. */
		if (e == CA_E_PIN_WRONG || e == CA_E_PIN_BLOCKED ||
		    e == CA_E_AUTH_NEEDED)
			e = CA_E_REFUSED;
	}
	ca_wipe(b, sizeof(b));
	return e;
}
