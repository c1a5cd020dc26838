/* The card types there are. A new family is one line here. */
#include <string.h>

#include "tests/sim/sim_card.h"
#include "tests/sim/sim_families.h"

static const struct ca_sim_type *const types[] = {
    &ca_sim_iso7816_15,
    &ca_sim_vgca_chipdoc,
    &ca_sim_entersafe,
    &ca_sim_epass2003,
    &ca_sim_idprime,
    &ca_sim_bit4id_cns,
    &ca_sim_vgca_jcop4,
    &ca_sim_etoken_java,
    &ca_sim_uicc,
};

const char *
ca_sim_type_name(size_t n)
{
	return n < CA_COUNT(types) ? types[n]->name : NULL;
}

const struct ca_sim_type *
ca_sim_type_find(const char *name)
{
	for (size_t i = 0; i < CA_COUNT(types); i++)
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	return NULL;
}

const char *
ca_sim_type_about(const char *type)
{
	const struct ca_sim_type *t = ca_sim_type_find(type);

	return t != NULL ? t->about : NULL;
}
