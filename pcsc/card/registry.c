/*
 * The families, one line each: ca_drv_NAME in drv_NAME.c. The order does not
 * decide who gets a card: ATR rules do, and profile.c refuses two profiles with
 * the same one.
 */
#include <string.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/card/driver.h"

/* clang-format off */
#define FAMILIES(F)                                                            \
	F(iso7816_15)   /* the others are differences to it */                 \
	F(bit4id_cns)   /* fixed places, no PKCS#15 */                         \
	F(entersafe)    /* raw RSA in two pieces */                            \
	F(epass2003)    /* secure messaging, PINs by challenge */              \
	F(idprime)      /* an index of its own, no PKCS#15 */                  \
	F(uicc)         /* logical channels, EF.DIR in records */              \
	F(vgca_chipdoc) /* asks the card about its rules */                    \
	F(vgca_jcop4)   /* its public key file is not DER */                   \
	F(recognised)   /* last: whoever can be used is used */
/* clang-format on */

#define DECLARE(name) extern const struct ca_driver ca_drv_##name;
#define ENTRY(name) &ca_drv_##name,

FAMILIES(DECLARE)

static const struct ca_driver *const drivers[] = {FAMILIES(ENTRY)};

const struct ca_driver *
ca_registry_driver(const char *name)
{
	for (size_t i = 0; i < CA_COUNT(drivers); i++)
		if (strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	return NULL;
}
