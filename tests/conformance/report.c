/* What an answer means, and its line. */
#include <string.h>

#include "tests/conformance/cf.h"

static bool
is_allowed(const struct cf_case *k, CK_RV rv)
{
	for (const CK_RV *a = k->allow; *a != CF_END; a++)
		if (*a == rv)
			return true;
	return false;
}

static void
print_allowed(const struct cf_case *k)
{
	for (const CK_RV *a = k->allow; *a != CF_END; a++)
		printf("%s%s", a == k->allow ? "" : "|", cf_rv_name(*a));
}

static enum cf_outcome
fail(const struct cf_case *k, CK_RV rv, const char *note)
{
	printf("not ok %s - got %s, allowed ", k->name, cf_rv_name(rv));
	print_allowed(k);
	printf(" (%s)%s%s\n", k->clause, *note != '\0' ? ": " : "", note);
	return CF_FAILED;
}

/* A difference that is listed must be there: a line that is no longer true has
 * to be deleted, or it would hide a later fault. CF_ANY is for modules that
 * answer a race differently each time. */
static enum cf_outcome
as_expected(const struct cf_case *k, CK_RV rv, CK_RV want, const char *note)
{
	if (rv == want || want == CF_ANY) {
		printf("ok %s\n", k->name);
		return CF_PASSED;
	}
	if (!is_allowed(k, rv))
		return fail(k, rv, note);
	printf("not ok %s - got %s, which conforms: delete the line that "
	       "expects %s\n",
	    k->name, cf_rv_name(rv), cf_rv_name(want));
	return CF_FAILED;
}

enum cf_outcome
cf_report(const struct cf_case *k, CK_RV rv, const char *note)
{
	CK_RV want;

	if (rv == CF_SKIP) {
		printf("skip %s - %s\n", k->name, note);
		return CF_SKIPPED;
	}
	if (cf_expect_get(k->name, &want))
		return as_expected(k, rv, want, note);
	if (!is_allowed(k, rv))
		return fail(k, rv, note);
	printf("ok %s\n", k->name);
	return CF_PASSED;
}
