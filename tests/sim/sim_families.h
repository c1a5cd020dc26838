/* One constant per card family; each is described in its own file. */
#ifndef CA_SIM_FAMILIES_H
#define CA_SIM_FAMILIES_H

#include "tests/sim/sim_card.h"

extern const struct ca_sim_type ca_sim_bit4id_cns;
extern const struct ca_sim_type ca_sim_idprime;
extern const struct ca_sim_type ca_sim_entersafe;
extern const struct ca_sim_type ca_sim_epass2003;
extern const struct ca_sim_type ca_sim_iso7816_15;
extern const struct ca_sim_type ca_sim_vgca_chipdoc;
extern const struct ca_sim_type ca_sim_vgca_jcop4;
extern const struct ca_sim_type ca_sim_etoken_java;
extern const struct ca_sim_type ca_sim_uicc;

#endif
