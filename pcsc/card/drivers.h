/* The families' tables, for registry.c. */
#ifndef CA_CARD_DRIVERS_H
#define CA_CARD_DRIVERS_H

#include "pcsc/card/driver.h"

extern const struct ca_driver ca_drv_bit4id_cns;
extern const struct ca_driver ca_drv_entersafe;
extern const struct ca_driver ca_drv_epass2003;
extern const struct ca_driver ca_drv_idprime;
extern const struct ca_driver ca_drv_iso7816_15;
extern const struct ca_driver ca_drv_recognised;
extern const struct ca_driver ca_drv_uicc;
extern const struct ca_driver ca_drv_vgca_chipdoc;
extern const struct ca_driver ca_drv_vgca_jcop4;

#endif
