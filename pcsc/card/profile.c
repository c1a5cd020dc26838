/* See the header: whose a card is. */
#include "pcsc/card/profile.h"

#include <string.h>

#include "pcsc/card/atr.h"

static bool
rule_matches(const struct ca_atr_rule *r, struct ca_rd atr)
{
	struct ca_rd all = atr;

	if (r->historical &&
	    (!ca_atr_historical(all, &atr) || !ca_rd_take(&atr, r->n, &atr)))
		return false;
	if (r->n != atr.n)
		return false;
	for (size_t i = 0; i < r->n; i++)
		if (((r->value[i] ^ atr.p[i]) & r->mask[i]) != 0)
			return false;
	return true;
}

/* The historical bytes of a rule for whole ATRs: where they begin. A rule that
 * masks its interface bytes is taken by the value it has there. */
static bool
historical_of(const struct ca_atr_rule *r, size_t *from, size_t *n)
{
	struct ca_rd h;

	if (!ca_atr_historical(ca_rd_of(r->value, r->n), &h))
		return false;
	*from = (size_t)(h.p - r->value);
	*n = h.n;
	return true;
}

/* Every bit that b looks at, a looks at too, from this byte of its on. */
static bool
mask_holds(const struct ca_atr_rule *a, size_t from,
    const struct ca_atr_rule *b)
{
	for (size_t i = 0; i < b->n; i++)
		if ((b->mask[i] & ~a->mask[from + i]) != 0)
			return false;
	return true;
}

/* ... and at others besides: a is one kind of the cards that b names. */
static bool
narrower(const struct ca_atr_rule *a, const struct ca_atr_rule *b)
{
	size_t from, n;

	if (b->historical && !a->historical)
		return historical_of(a, &from, &n) && b->n <= n &&
		       mask_holds(a, from, b);
	if (a->historical != b->historical || a->n < b->n)
		return false;
	return (a->n > b->n || memcmp(a->mask, b->mask, a->n) != 0) &&
	       mask_holds(a, 0, b);
}

/* The narrowest of its rules for this ATR; NULL: it claims no such card. */
static const struct ca_atr_rule *
rule_for(const struct ca_profile *p, struct ca_rd atr)
{
	const struct ca_atr_rule *best = NULL;

	for (size_t i = 0; i < p->atrs_n; i++)
		if (rule_matches(&p->atrs[i], atr) &&
		    (best == NULL || narrower(&p->atrs[i], best)))
			best = &p->atrs[i];
	return best;
}

bool
ca_profile_matches(const struct ca_profile *p, struct ca_rd atr)
{
	return rule_for(p, atr) != NULL;
}

static bool
same_aid(const struct ca_profile *a, const struct ca_profile *b)
{
	return a->aid.n == b->aid.n &&
	       memcmp(a->aid.b, b->aid.b, a->aid.n) == 0;
}

bool
ca_profiles_outdone(const struct ca_profiles *all, const struct ca_profile *p,
    struct ca_rd atr)
{
	const struct ca_atr_rule *mine = rule_for(p, atr), *r;

	for (size_t i = 0; mine != NULL && i < all->n; i++) {
		r = rule_for(&all->p[i], atr);
		if (r != NULL && same_aid(&all->p[i], p) && narrower(r, mine))
			return true;
	}
	return false;
}

/* n bytes of both, from these places on, can be the same. */
static bool
bytes_meet(const struct ca_atr_rule *a, size_t from_a,
    const struct ca_atr_rule *b, size_t from_b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((a->value[from_a + i] ^ b->value[from_b + i]) &
			a->mask[from_a + i] & b->mask[from_b + i]) != 0)
			return false;
	return true;
}

/* Some ATR satisfies both rules. */
static bool
rules_meet(const struct ca_atr_rule *a, const struct ca_atr_rule *b)
{
	size_t from, n;

	if (a->historical && b->historical)
		return bytes_meet(a, 0, b, 0, a->n < b->n ? a->n : b->n);
	if (a->historical)
		return rules_meet(b, a);
	if (b->historical)
		return historical_of(a, &from, &n) && b->n <= n &&
		       bytes_meet(a, from, b, 0, b->n);
	return a->n == b->n && bytes_meet(a, 0, b, 0, a->n);
}

unsigned
ca_profile_same_cards(const struct ca_profile *a, const struct ca_profile *b,
    unsigned *other)
{
	if (!same_aid(a, b))
		return 0;
	*other = a->aid_line;
	if (a->atrs_n == 0 && b->atrs_n == 0)
		return b->aid_line;
	for (size_t i = 0; i < a->atrs_n; i++)
		for (size_t k = 0; k < b->atrs_n; k++)
			if (rules_meet(&a->atrs[i], &b->atrs[k]) &&
			    !narrower(&a->atrs[i], &b->atrs[k]) &&
			    !narrower(&b->atrs[k], &a->atrs[i])) {
				*other = a->atrs[i].line;
				return b->atrs[k].line;
			}
	return 0;
}

bool
ca_profiles_know_atr(const struct ca_profiles *p, struct ca_rd atr)
{
	for (size_t i = 0; i < p->n; i++)
		if (ca_profile_matches(&p->p[i], atr))
			return true;
	return false;
}

bool
ca_profiles_any_by_aid(const struct ca_profiles *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->p[i].atrs_n == 0)
			return true;
	return false;
}
