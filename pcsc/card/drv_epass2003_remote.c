/*
 * See drv_epass2003.c: unblocking at a distance. The card never hears a PUK,
 * only the proof of it, so whoever has the PUK may stay where he is.
 */
#include "pcsc/card/drv_epass2003.h"

enum ca_remote
ca_epass2003_remote(const struct ca_profile *pf)
{
	(void)pf;
	return CA_REMOTE_PUK_3DES;
}

ca_err
ca_epass2003_remote_ask(struct ca_tx *tx, const struct ca_pin *pin,
    struct ca_wr *challenge)
{
	struct ca_epass2003_state *s = tx->state;
	ca_err e = ca_epass2003_tries(tx, pin, &s->tries);

	if (e == CA_OK && s->tries == 0)
		e = CA_E_UNSUPPORTED;
	return e != CA_OK ? e : ca_epass2003_ask(tx, challenge);
}

ca_err
ca_epass2003_remote_set(struct ca_tx *tx, const struct ca_pin *puk,
    const struct ca_pin *pin, struct ca_rd answer, struct ca_rd new_value,
    int *tries_left)
{
	const struct ca_epass2003_state *s = tx->state;
	ca_err e;

	*tries_left = -1;
	if ((e = ca_epass2003_form(tx, pin, new_value)) != CA_OK ||
	    (e = ca_epass2003_prove(tx, puk, answer, tries_left)) != CA_OK)
		return e;
	e = ca_epass2003_set_pin(tx, pin, new_value, s->tries);
	return e == CA_E_PIN_WRONG || e == CA_E_PIN_BLOCKED ? CA_E_REFUSED : e;
}
