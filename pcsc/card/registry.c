/*
 * The families, one line each. The order does not decide who gets a card: ATR
 * rules do, and profile.c refuses two profiles with the same one.
 */
#include <string.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/drivers.h"

/* clang-format off */
static const struct ca_driver *const drivers[] = {
	&ca_drv_iso7816_15, /* the others are differences to it */
	&ca_drv_bit4id_cns, /* fixed places, no PKCS#15 */
	&ca_drv_entersafe, /* raw RSA in two pieces */
	&ca_drv_epass2003, /* secure messaging, PINs by challenge */
	&ca_drv_idprime,      /* an index of its own, no PKCS#15 */
	&ca_drv_uicc,       /* logical channels, EF.DIR in records */
	&ca_drv_vgca_chipdoc, /* asks the card about its rules */
	&ca_drv_vgca_jcop4, /* its public key file is not DER */
	&ca_drv_recognised, /* last: whoever can be used is used */
};
/* clang-format on */

const struct ca_driver *
ca_registry_driver(const char *name)
{
	for (size_t i = 0; i < CA_COUNT(drivers); i++)
		if (strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	return NULL;
}
