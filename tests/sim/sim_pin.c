/*
 * PINs: VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER (ISO/IEC 7816-4
 * 7.5.6, 7.5.7, 7.5.10). A try is spent and kept before the value is looked
 * at, as on a real card: pulling the card does not give it back.
 */
#include <string.h>

#include "tests/sim/sim_card.h"

/* The reference value as it travels: padded to the length the card compares,
 * or as typed. */
static ca_err
value_of(const struct ca_sim_pin *p, const char *text, struct ca_secret *out)
{
	size_t n = strlen(text);
	struct ca_wr w = ca_wr_of(out->b, sizeof(out->b));

	ca_wr_mem(&w, text, n);
	if (!p->typed && n < p->real)
		ca_wr_fill(&w, p->pad, p->real - n);
	out->n = w.n;
	return ca_wr_ok(&w) && w.n > 0 ? CA_OK : CA_E_DATA;
}

ca_err
ca_sim_pin_add(struct ca_sim *s, struct ca_sim_pin p, const char *text)
{
	ca_err e = value_of(&p, text, &p.value);

	if (e != CA_OK)
		return e;
	if (s->pins_n == CA_SIM_PINS)
		return CA_E_NOMEM;
	s->pins[s->pins_n++] = p;
	ca_secret_wipe(&p.value);
	return CA_OK;
}

ca_err
ca_sim_pins_make(struct ca_sim *s, int df)
{
	const struct ca_sim_opts *o = &s->o;
	struct ca_sim_pin p = {
	    .ref = (uint8_t)o->pin_ref,
	    .tries = (uint8_t)o->pin_tries,
	    .tries_max = (uint8_t)o->pin_tries,
	    .min = (uint8_t)o->pin_min,
	    .max = (uint8_t)o->pin_max,
	    .real = (uint8_t)(o->pin_real ? o->pin_real : o->pin_stored),
	    .pad = (uint8_t)o->pin_pad,
	    .typed = o->pin_compare == CA_SIM_TYPED,
	    .df = o->pin_local != 0 ? df : -1,
	    .unblocker = o->puk[0] != '\0' ? (uint8_t)o->puk_ref : 0,
	};
	ca_err e = ca_sim_pin_add(s, p, o->pin);

	if (e != CA_OK || o->puk[0] == '\0')
		return e;
	p.ref = (uint8_t)o->puk_ref;
	p.tries = p.tries_max = (uint8_t)o->puk_tries;
	p.unblocker = 0;
	return ca_sim_pin_add(s, p, o->puk);
}

static const struct ca_sim_pin *
find(const struct ca_sim *s, uint32_t ref)
{
	for (size_t i = 0; i < s->pins_n; i++)
		if (s->pins[i].ref == ref)
			return &s->pins[i];
	return NULL;
}

struct ca_sim_pin *
ca_sim_pin_find(struct ca_sim *s, uint32_t ref)
{
	for (size_t i = 0; i < s->pins_n; i++)
		if (s->pins[i].ref == ref)
			return &s->pins[i];
	return NULL;
}

int
ca_sim_tries(const struct ca_sim *s, uint32_t ref)
{
	const struct ca_sim_pin *p = find(s, ref);

	return p != NULL ? p->tries : -1;
}

uint64_t
ca_sim_pin_commands(const struct ca_sim *s, uint32_t ref)
{
	const struct ca_sim_pin *p = find(s, ref);

	return p != NULL ? p->commands : 0;
}

bool
ca_sim_verified(const struct ca_sim *s, uint32_t ref)
{
	const struct ca_sim_pin *p = find(s, ref);

	return p != NULL && p->verified;
}

ca_err
ca_sim_tries_set(struct ca_sim *s, uint32_t ref, uint32_t tries)
{
	struct ca_sim_pin *p = ca_sim_pin_find(s, ref);

	if (p == NULL || tries > p->tries_max)
		return CA_E_NOT_FOUND;
	p->tries = (uint8_t)tries;
	if (tries == 0)
		p->verified = false;
	return ca_sim_state_pins_save(s);
}

bool
ca_sim_user_in(struct ca_sim *s)
{
	return ca_sim_verified(s, s->o.pin_ref);
}

bool
ca_sim_allowed(struct ca_sim *s, enum ca_sim_rule rule)
{
	switch (rule) {
	case CA_SIM_FREE:
		return true;
	case CA_SIM_BY_PIN:
		return ca_sim_user_in(s);
	case CA_SIM_BY_PUK:
		return ca_sim_verified(s, s->o.puk_ref);
	case CA_SIM_NEVER:
		return false;
	}
	return false;
}

static bool
inside(const struct ca_sim *s, int df)
{
	for (int at = s->df;; at = s->files[at].parent) {
		if (at == df)
			return true;
		if (at == CA_SIM_MF)
			return false;
	}
}

void
ca_sim_pin_moved(struct ca_sim *s)
{
	for (size_t i = 0; i < s->pins_n; i++)
		if (s->pins[i].df >= 0 && !inside(s, s->pins[i].df))
			s->pins[i].verified = s->pins[i].fresh = false;
}

/* The PIN of P2, if it can be used from here. */
static struct ca_sim_pin *
usable(struct ca_sim *s, uint8_t ref)
{
	struct ca_sim_pin *p = ca_sim_pin_find(s, ref);

	return p != NULL && (p->df < 0 || inside(s, p->df)) ? p : NULL;
}

static bool
length_fits(const struct ca_sim_pin *p, size_t n)
{
	if (p->typed)
		return n >= p->min && n <= p->max;
	return n == p->real || (n > p->real && n <= p->max);
}

/*
 * Spends a try on a value. SW_OK: right, all tries are back. The caller has
 * looked at the length.
 */
static uint16_t
attempt(struct ca_sim *s, struct ca_sim_pin *p, struct ca_rd value)
{
	bool right;

	if (p->tries == 0)
		return SW_BLOCKED;
	p->verified = p->fresh = false;
	p->tries--;
	if (ca_sim_state_pins_save(s) != CA_OK)
		return SW_MEMORY;
	right = value.n == p->value.n &&
		ca_const_cmp(value.p, p->value.b, value.n) == 0;
	if (!right) {
		s->counts[CA_SIM_WRONG_TRIES]++;
		return (uint16_t)(SW_TRIES | p->tries);
	}
	p->tries = p->tries_max;
	return ca_sim_state_pins_save(s) == CA_OK ? SW_OK : SW_MEMORY;
}

static uint16_t
query(const struct ca_sim_pin *p)
{
	if (p->verified)
		return SW_OK;
	return p->tries == 0 ? SW_BLOCKED : (uint16_t)(SW_TRIES | p->tries);
}

uint16_t
ca_sim_verify(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct ca_sim_pin *p = usable(s, c->p2);
	uint16_t sw;

	(void)body;
	if (c->p1 == 0xFF && s->o.verify_undo != 0 && c->data.n == 0) {
		if (p != NULL)
			p->verified = p->fresh = false;
		return p != NULL ? SW_OK : SW_NO_REFERENCE;
	}
	if (c->p1 != 0)
		return SW_P1P2;
	if (p == NULL)
		return SW_NO_REFERENCE;
	if (c->data.n == 0)
		return query(p);
	s->counts[CA_SIM_VERIFIES]++;
	p->commands++;
	if (p->tries == 0)
		return SW_BLOCKED;
	if (!length_fits(p, c->data.n))
		return SW_LENGTH;
	sw = attempt(s, p, c->data);
	p->verified = p->fresh = sw == SW_OK;
	return sw;
}

uint16_t
ca_sim_pin_set(struct ca_sim *s, struct ca_sim_pin *p, struct ca_rd value)
{
	if (!length_fits(p, value.n))
		return SW_LENGTH;
	if (ca_secret_set(&p->value, value) != CA_OK)
		return SW_LENGTH;
	p->tries = p->tries_max;
	return ca_sim_state_pins_save(s) == CA_OK ? SW_OK : SW_MEMORY;
}

/* Splits "old new". How long the old one is the card knows by its own. */
static bool
split(const struct ca_sim_pin *p, struct ca_rd both, struct ca_rd *old,
    struct ca_rd *fresh)
{
	return ca_rd_take(&both, p->value.n, old) && both.n > 0 &&
	       (*fresh = both, true);
}

uint16_t
ca_sim_change(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct ca_sim_pin *p = usable(s, c->p2);
	struct ca_rd old;
	struct ca_rd fresh;
	uint16_t sw;

	(void)body;
	if (c->p1 != 0)
		return SW_P1P2;
	if (p == NULL)
		return SW_NO_REFERENCE;
	s->counts[CA_SIM_VERIFIES]++;
	p->commands++;
	if (p->tries == 0)
		return SW_BLOCKED;
	if (s->type->change_after_login && !p->verified)
		return SW_SECURITY;
	if (!split(p, c->data, &old, &fresh) || !length_fits(p, fresh.n))
		return SW_LENGTH;
	sw = attempt(s, p, old);
	return sw == SW_OK ? ca_sim_pin_set(s, p, fresh) : sw;
}

/* P1 = 02 and 03: the PUK was verified before. */
static uint16_t
retry_by_login(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_sim_pin *p, const struct ca_sim_pin *puk)
{
	if (!puk->verified)
		return SW_SECURITY;
	if ((c->p1 == 0x02) != (c->data.n > 0))
		return SW_LENGTH;
	if (c->p1 == 0x02)
		return ca_sim_pin_set(s, p, c->data);
	p->tries = p->tries_max;
	return ca_sim_state_pins_save(s) == CA_OK ? SW_OK : SW_MEMORY;
}

/* P1 = 00 and 01: the PUK is in the data. */
static uint16_t
retry_by_puk(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_sim_pin *p,
    struct ca_sim_pin *puk)
{
	struct ca_rd old = c->data;
	struct ca_rd fresh = {0};
	uint16_t sw;

	if (c->p1 == 0x00 &&
	    (!split(puk, c->data, &old, &fresh) || !length_fits(p, fresh.n)))
		return SW_LENGTH;
	if (!length_fits(puk, old.n))
		return SW_LENGTH;
	sw = attempt(s, puk, old);
	if (sw != SW_OK || c->p1 == 0x00)
		return sw == SW_OK ? ca_sim_pin_set(s, p, fresh) : sw;
	p->tries = p->tries_max;
	return ca_sim_state_pins_save(s) == CA_OK ? SW_OK : SW_MEMORY;
}

uint16_t
ca_sim_reset_retry(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_sim_pin *p = usable(s, c->p2);
	struct ca_sim_pin *puk;

	(void)body;
	if (c->p1 > 0x03 || (s->type->unblock_by_login && c->p1 < 0x02))
		return SW_P1P2;
	if (p == NULL)
		return SW_NO_REFERENCE;
	puk = p->unblocker != 0 ? ca_sim_pin_find(s, p->unblocker) : NULL;
	if (puk == NULL)
		return SW_CONDITIONS;
	s->counts[CA_SIM_VERIFIES] += c->data.n > 0;
	p->commands += c->data.n > 0;
	if (puk->tries == 0)
		return SW_BLOCKED;
	p->verified = p->fresh = false;
	return c->p1 >= 0x02 ? retry_by_login(s, c, p, puk)
			     : retry_by_puk(s, c, p, puk);
}
