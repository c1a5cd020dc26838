/* Known answers: a case for each mechanism of tests/data/kat, and one that
 * wants a vector for each mechanism of the token. */
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/kat.h"

#define ROWS_MAX 256
#define MECHS_MAX 512

/* A mechanism that makes something new each time has no known answer: its
 * vector names the case that looks at it. */
static bool
has_answer(const struct cf_kat *v)
{
	return cf_kat_text(v, "elsewhere") == NULL;
}

/* a: the mechanism. All of its vectors, each in a fresh session. */
static CK_RV
known_answers(struct cf *c, const struct cf_case *k)
{
	size_t n;
	const struct cf_kat *v = cf_kats(&n);
	CK_RV rv = CKR_OK;

	if (!cf_mech_listed(c, k->a))
		return cf_note(c, CF_SKIP, "not listed");
	for (size_t i = 0; rv == CKR_OK && i < n; i++) {
		if (v[i].mechanism != k->a || !has_answer(&v[i]))
			continue;
		rv = cf_kat_run(c, &v[i]);
		if (rv == CKR_OK)
			rv = c->f->C_CloseSession(c->s);
		if (rv == CKR_OK)
			rv = cf_open(c, 0, &c->s);
	}
	return rv;
}

static bool
is_case(const char *name)
{
	for (size_t g = 0; g < cf_groups_n; g++) {
		size_t n;
		const struct cf_case *k = cf_groups[g].cases(&n);

		for (size_t i = 0; i < n; i++)
			if (strcmp(k[i].name, name) == 0)
				return true;
	}
	return false;
}

/* Whether there is a vector, or a case that there really is. */
static bool
is_answered(CK_MECHANISM_TYPE type)
{
	size_t n;
	const struct cf_kat *v = cf_kats(&n);

	for (size_t i = 0; i < n; i++)
		if (v[i].mechanism == type &&
		    (has_answer(&v[i]) ||
			is_case(cf_kat_text(&v[i], "elsewhere"))))
			return true;
	return false;
}

static CK_RV
all_answered(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM_TYPE list[MECHS_MAX];
	CK_ULONG n = MECHS_MAX;
	CK_RV rv = c->f->C_GetMechanismList(c->slot, list, &n);
	char names[300] = "";
	size_t used = 0;

	(void)k;
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
		const char *name = cf_constant_mech(list[i]);

		if (is_answered(list[i]) || used >= sizeof(names))
			continue;
		used += (size_t)snprintf(names + used, sizeof(names) - used,
		    " %s (0x%lx)", name != NULL ? name : "", list[i]);
	}
	return rv != CKR_OK || used == 0
		   ? rv
		   : cf_note(c, CF_WRONG, "no vector for%s", names);
}

static const CK_RV only_ok[] = {CKR_OK, CF_END};
static struct cf_case rows[ROWS_MAX];
static char row_names[ROWS_MAX][64];

static bool
has_row(const struct cf_case *t, size_t n, CK_MECHANISM_TYPE type)
{
	for (size_t i = 0; i < n; i++)
		if (t[i].a == type && t[i].run == known_answers)
			return true;
	return false;
}

const struct cf_case *
cf_group_kat(size_t *n)
{
	static size_t have;
	size_t vectors;
	const struct cf_kat *v = cf_kats(&vectors);

	*n = have;
	if (have != 0)
		return rows;
	rows[have++] = (struct cf_case){"C_GetMechanismList/known-answers",
	    "3.0 6.2.2", CF_SLOT, 0, all_answered, 0, 0, NULL, only_ok};
	for (size_t i = 0; i < vectors; i++) {
		if (!has_answer(&v[i]) || has_row(rows, have, v[i].mechanism))
			continue;
		if (have == ROWS_MAX)
			cf_kat_wrong(&v[i], "too many", "mechanisms");
		snprintf(row_names[have], sizeof(row_names[have]),
		    "known-answer/%s", cf_constant_mech(v[i].mechanism));
		rows[have] = (struct cf_case){row_names[have], v[i].file, CF_RO,
		    0, known_answers, v[i].mechanism, 0, NULL, only_ok};
		have++;
	}
	*n = have;
	return rows;
}
