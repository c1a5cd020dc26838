/* See pkcs15.h: what the profile knows better than the directories. */
#include <string.h>

#include "pcsc/card/pkcs15.h"
#include "pcsc/card/way.h"

static struct ca_pin *
first_with_role(struct ca_model *m, enum ca_pin_role role)
{
	for (size_t i = 0; i < m->pins_n; i++)
		if (m->pins[i].role == role)
			return &m->pins[i];
	return NULL;
}

/*
 * A card has more PINs than roles, and their order in the AODF is the one
 * thing that gives them some. Where the profile names one by its reference, it
 * is that one; who had the role keeps what is left: a PIN of its own keys, or
 * behind the other one.
 */
static struct ca_pin *
pin_of_role(const struct ca_profile_pin *from, enum ca_pin_role role,
    struct ca_model *m)
{
	struct ca_pin *had = first_with_role(m, role), *named = NULL, other;
	enum ca_pin_role not_for =
	    role == CA_PIN_USER ? CA_PIN_SO : CA_PIN_USER;

	for (size_t i = 0; i < m->pins_n && named == NULL; i++)
		if (from->has_reference && m->pins[i].has_reference &&
		    m->pins[i].reference == from->reference &&
		    m->pins[i].role != not_for)
			named = &m->pins[i];
	if (named == NULL || named == had)
		return had;
	named->role = role;
	if (had == NULL)
		return named;
	if (role == CA_PIN_USER)
		had->role = CA_PIN_KEY;
	if (had > named)
		return named;
	/* The first one has the role: change places. */
	other = *had;
	*had = *named;
	*named = other;
	return had;
}

static void
apply_pin(const struct ca_profile_pin *from, enum ca_pin_role role,
    struct ca_model *m)
{
	struct ca_pin *pin;

	if (!from->given)
		return;
	pin = pin_of_role(from, role, m);
	if (pin == NULL) {
		if (m->pins_n == CA_PINS_MAX || !from->has_reference)
			return;
		pin = &m->pins[m->pins_n++];
		memset(pin, 0, sizeof(*pin));
		pin->role = role;
		pin->type = CA_PIN_UTF8;
		pin->flags = CA_PINF_INITIALIZED |
			     (from->has_stored ? CA_PINF_NEEDS_PADDING : 0u);
	}
	if (from->has_reference)
		pin->reference = from->reference;
	else if (!pin->has_reference && from->has_default_reference)
		pin->reference = from->default_reference;
	pin->has_reference |=
	    from->has_reference || from->has_default_reference;
	if (from->has_min)
		pin->min = from->min;
	if (from->has_max)
		pin->max = from->max;
	if (from->has_stored)
		pin->stored = from->stored;
	if (from->has_tries)
		pin->tries_max = from->tries;
	if (from->has_pad && !pin->has_pad_char) {
		pin->pad_char = from->pad;
		pin->has_pad_char = true;
	}
}

void
ca_p15_apply_profile(const struct ca_profile *p, struct ca_model *m)
{
	apply_pin(&p->user, CA_PIN_USER, m);
	apply_pin(&p->so, CA_PIN_SO, m);
	for (size_t i = 0; i < m->pins_n; i++)
		if (p->pin_local_bit && (m->pins[i].flags & CA_PINF_LOCAL) != 0)
			m->pins[i].reference |= 0x80;
	for (size_t i = 0; i < m->keys_n; i++) {
		struct ca_key *k = &m->keys[i];

		if (!k->has_reference) {
			k->reference = p->key_reference;
			k->has_reference = p->has_key_reference;
		}
		k->reference |= p->key_reference_or;
		if (k->has_reference)
			ca_way_algs(p, &m->supported, k);
	}
	if (m->label[0] == '\0')
		memcpy(m->label, p->label, sizeof(p->label));
	if (m->manufacturer[0] == '\0')
		memcpy(m->manufacturer, p->manufacturer,
		    sizeof(p->manufacturer));
	memcpy(m->model, p->model, sizeof(p->model));
	m->can_random = p->random_chunk > 0;
	for (int g = 0; g < CA_GEN_COUNT; g++) {
		struct ca_bytes unused;

		if (ca_way_generates(p, &m->supported, (enum ca_gen)g, &unused))
			m->generates |= CA_GEN_BIT(g);
	}
}
