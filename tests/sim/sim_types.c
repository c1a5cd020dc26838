/* The card types there are: all that a file of this folder defines. */
#include <string.h>

#include "tests/sim/sim_card.h"

const char *
ca_sim_type_name(size_t n)
{
	for (size_t i = 0; ca_sim_types[i] != NULL; i++)
		if (i == n)
			return ca_sim_types[i]->name;
	return NULL;
}

const struct ca_sim_type *
ca_sim_type_find(const char *name)
{
	for (size_t i = 0; ca_sim_types[i] != NULL; i++)
		if (strcmp(ca_sim_types[i]->name, name) == 0)
			return ca_sim_types[i];
	return NULL;
}

const char *
ca_sim_type_about(const char *type)
{
	const struct ca_sim_type *t = ca_sim_type_find(type);

	return t != NULL ? t->about : NULL;
}
