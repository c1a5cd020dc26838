/* Digest, sign, verify, encrypt and decrypt: how operations begin, go on and
 * end. 2.40 clauses 5.2 and 5.8 to 5.12. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/op.h"

#define D (1U << CF_DIGEST)
#define SI (1U << CF_SIGN)
#define V (1U << CF_VERIFY)
#define E (1U << CF_ENCRYPT)
#define C (1U << CF_DECRYPT)
#define G (1U << CF_VERIFY_GIVEN)
#define SR (1U << CF_SIGN_RECOVER)
#define VR (1U << CF_VERIFY_RECOVER)
#define KEYED (SI | V | E | C | G | SR | VR)
#define OUTPUT (D | SI | E | C | SR | VR)
#define PARTS (D | SI | V | G)
#define LONG (D | SI | V | E | C | G) /* those with an Update and a Final */
#define ALL (LONG | SR | VR)

#define OK CF_ALLOW(CKR_OK)
#define BAD CF_ALLOW(CKR_ARGUMENTS_BAD)
#define SMALL CF_ALLOW(CKR_BUFFER_TOO_SMALL)
#define ACTIVE CF_ALLOW(CKR_OPERATION_ACTIVE)
#define ENDED CF_ALLOW(CKR_OPERATION_NOT_INITIALIZED)
#define MECH CF_ALLOW(CKR_MECHANISM_INVALID)
#define KEY CF_ALLOW(CKR_KEY_HANDLE_INVALID)
#define SIGLEN CF_ALLOW(CKR_SIGNATURE_LEN_RANGE)
#define SIGBAD CF_ALLOW(CKR_SIGNATURE_INVALID)

#define BEGIN                                                                  \
	{                                                                      \
		CF_BEGIN, 0, OK                                                \
	}
#define UPDATE                                                                 \
	{                                                                      \
		CF_UPDATE, 0, OK                                               \
	}
#define ONCE                                                                   \
	{                                                                      \
		CF_ONCE, 0, OK                                                 \
	}
#define FINAL                                                                  \
	{                                                                      \
		CF_FINAL, 0, OK                                                \
	}

/* clang-format off */
static const struct cf_script scripts[] = {
	/* begin */
	{"twice", "2.40 5.1.6", ALL, CF_BEGIN, 0,
	    {BEGIN, {CF_BEGIN, 0, ACTIVE}}},
	{"null-mechanism", "2.40 5.1.6, 3.0 5.8", ALL, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_MECH_NULL, CF_ALLOW(CKR_OK, CKR_ARGUMENTS_BAD,
		CKR_MECHANISM_INVALID, CF_CKR_OPERATION_CANCEL_FAILED)}}},
	{"unknown-mechanism", "2.40 5.1.6", ALL, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_MECH_UNKNOWN, MECH}}},
	{"mechanism-of-another-kind", "2.40 5.1.6", ALL, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_MECH_OTHER, MECH}}},
	{"refused-leaves-nothing", "2.40 5.1.6", ALL, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_MECH_UNKNOWN, MECH}, {CF_ONCE, 0, ENDED}}},
	{"refused-then-good", "2.40 5.1.6", ALL, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_MECH_UNKNOWN, MECH}, BEGIN, ONCE}},
	{"key-zero", "2.40 5.1.6", KEYED, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_KEY_ZERO, KEY}}},
	{"key-unknown", "2.40 5.1.6", KEYED, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_KEY_UNKNOWN, KEY}}},
	{"key-is-certificate", "2.40 5.1.6", KEYED, CF_BEGIN, CF_NEED_CERT,
	    {{CF_BEGIN, CF_KEY_CERT, KEY}}},
	{"key-is-other-half", "2.40 5.1.6", KEYED, CF_BEGIN, CF_NEED_PUB,
	    {{CF_BEGIN, CF_KEY_OTHER, CF_ALLOW(CKR_KEY_TYPE_INCONSISTENT,
		CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_HANDLE_INVALID)}}},

	/* at once */
	{"good", "2.40 5.2", ALL, CF_ONCE, 0, {BEGIN, ONCE}},
	{"not-begun", "2.40 5.1.6", ALL, CF_ONCE, 0, {{CF_ONCE, 0, ENDED}}},
	{"ended", "2.40 5.2", ALL, CF_ONCE, 0,
	    {BEGIN, ONCE, {CF_ONCE, 0, ENDED}}},
	{"two-in-turn", "2.40 5.2", ALL, CF_ONCE, 0,
	    {BEGIN, ONCE, BEGIN, ONCE}},
	{"length-query", "2.40 5.2", OUTPUT, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_OUT_NULL, OK}, ONCE}},
	{"length-query-twice", "2.40 5.2", OUTPUT, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_OUT_NULL, OK}, {CF_ONCE, CF_OUT_NULL, OK},
		ONCE}},
	{"too-small", "2.40 5.2", OUTPUT, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_OUT_SHORT, SMALL}}},
	{"too-small-goes-on", "2.40 5.2", OUTPUT, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_OUT_SHORT, SMALL}, ONCE}},
	{"buffer-of-zero", "2.40 5.2", OUTPUT, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_OUT_ZERO, SMALL}, ONCE}},
	{"null-length", "2.40 5.2", OUTPUT, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_LEN_NULL, BAD}}},
	{"null-length-ends", "2.40 5.2", OUTPUT, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_LEN_NULL, BAD}, {CF_ONCE, 0, ENDED}}},
	{"null-length-no-buffer", "2.40 5.2", OUTPUT, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_LEN_NULL | CF_OUT_NULL, BAD}}},
	{"null-input", "2.40 5.1.6", ALL, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_IN_NULL, BAD}}},
	{"null-input-ends", "2.40 5.2", ALL, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_IN_NULL, BAD}, {CF_ONCE, 0, ENDED}}},
	{"empty-input", "2.40 5.2", D, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_IN_EMPTY, OK}}},
	{"after-update", "2.40 5.2", PARTS, CF_ONCE, 0,
	    {BEGIN, UPDATE, {CF_ONCE, 0, ACTIVE}}},
	{"after-update-ends", "2.40 5.2", PARTS, CF_ONCE, 0,
	    {BEGIN, UPDATE, {CF_ONCE, 0, ACTIVE}, {CF_FINAL, 0, ENDED}}},

	/* in parts */
	{"not-begun", "2.40 5.1.6", LONG, CF_UPDATE, 0,
	    {{CF_UPDATE, 0, ENDED}}},
	{"null-input", "2.40 5.1.6", PARTS, CF_UPDATE, 0,
	    {BEGIN, {CF_UPDATE, CF_IN_NULL, BAD}}},
	{"null-input-ends", "2.40 5.2", PARTS, CF_UPDATE, 0,
	    {BEGIN, {CF_UPDATE, CF_IN_NULL, BAD}, {CF_FINAL, 0, ENDED}}},
	{"empty", "2.40 5.2", PARTS, CF_UPDATE, 0,
	    {BEGIN, UPDATE, {CF_UPDATE, CF_IN_EMPTY, OK}, FINAL}},
	{"not-begun", "2.40 5.1.6", LONG, CF_FINAL, 0, {{CF_FINAL, 0, ENDED}}},
	{"one-part", "2.40 5.2", PARTS, CF_FINAL, 0, {BEGIN, UPDATE, FINAL}},
	{"three-parts", "2.40 5.2", D | SI, CF_FINAL, 0,
	    {BEGIN, UPDATE, UPDATE, UPDATE, FINAL}},
	{"no-part", "2.40 5.2", D | SI, CF_FINAL, 0, {BEGIN, FINAL}},
	{"ended", "2.40 5.2", PARTS, CF_FINAL, 0,
	    {BEGIN, UPDATE, FINAL, {CF_FINAL, 0, ENDED}}},
	{"length-query", "2.40 5.2", D | SI, CF_FINAL, 0,
	    {BEGIN, UPDATE, {CF_FINAL, CF_OUT_NULL, OK}, FINAL}},
	{"too-small-goes-on", "2.40 5.2", D | SI, CF_FINAL, 0,
	    {BEGIN, UPDATE, {CF_FINAL, CF_OUT_SHORT, SMALL}, FINAL}},
	{"null-length", "2.40 5.2", D | SI, CF_FINAL, 0,
	    {BEGIN, UPDATE, {CF_FINAL, CF_LEN_NULL, BAD}}},
	{"null-length-ends", "2.40 5.2", D | SI, CF_FINAL, 0,
	    {BEGIN, UPDATE, {CF_FINAL, CF_LEN_NULL, BAD},
		{CF_FINAL, 0, ENDED}}},
	{"after-length-query-at-once", "2.40 5.2", D | SI, CF_FINAL, 0,
	    {BEGIN, {CF_ONCE, CF_OUT_NULL, OK}, {CF_FINAL, 0, ACTIVE}}},
	{"after-length-query-at-once-ends", "2.40 5.2", D | SI, CF_FINAL, 0,
	    {BEGIN, {CF_ONCE, CF_OUT_NULL, OK}, {CF_FINAL, 0, ACTIVE},
		{CF_FINAL, 0, ENDED}}},

	/* what only C_Verify has */
	{"wrong-signature", "2.40 5.12", V, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_SIG_BAD, SIGBAD}}},
	{"wrong-signature-ends", "2.40 5.12", V, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_SIG_BAD, SIGBAD}, {CF_ONCE, 0, ENDED}}},
	{"wrong-data", "2.40 5.12", V | G, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_DATA_OTHER, SIGBAD}}},
	{"short-signature", "2.40 5.12", V, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_SIG_SHORT, SIGLEN}}},
	{"long-signature", "2.40 5.12", V, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_SIG_LONG, SIGLEN}}},
	{"empty-signature", "2.40 5.12", V, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_SIG_EMPTY, SIGLEN}}},
	{"null-signature", "2.40 5.12", V, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_SIG_NULL, BAD}}},
	{"null-signature-ends", "2.40 5.12", V, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_SIG_NULL, BAD}, {CF_ONCE, 0, ENDED}}},
	{"wrong-signature", "2.40 5.12", V, CF_FINAL, 0,
	    {BEGIN, UPDATE, {CF_FINAL, CF_SIG_BAD, SIGBAD}}},
	{"wrong-signature-ends", "2.40 5.12", V, CF_FINAL, 0,
	    {BEGIN, UPDATE, {CF_FINAL, CF_SIG_BAD, SIGBAD},
		{CF_FINAL, 0, ENDED}}},
	{"short-signature", "2.40 5.12", V, CF_FINAL, 0,
	    {BEGIN, UPDATE, {CF_FINAL, CF_SIG_SHORT, SIGLEN}}},
	{"long-signature", "2.40 5.12", V, CF_FINAL, 0,
	    {BEGIN, UPDATE, {CF_FINAL, CF_SIG_LONG, SIGLEN}}},
	{"null-signature", "2.40 5.12", V, CF_FINAL, 0,
	    {BEGIN, UPDATE, {CF_FINAL, CF_SIG_NULL, BAD}}},
	{"wrong-data", "2.40 5.12", V | G, CF_FINAL, 0,
	    {BEGIN, UPDATE, UPDATE, {CF_FINAL, 0, SIGBAD}}},

	/* what only C_VerifyRecover has: a signature of no use is told before a
	 * buffer too small */
	{"wrong-signature", "2.40 5.12", VR, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_DATA_OTHER, SIGBAD}}},
	{"wrong-signature-ends", "2.40 5.12", VR, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_DATA_OTHER, SIGBAD}, {CF_ONCE, 0, ENDED}}},
	{"wrong-signature-too-small", "2.40 5.12", VR, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_DATA_OTHER | CF_OUT_SHORT, SIGBAD}}},
	{"short-signature", "2.40 5.12", VR, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_IN_SHORT, SIGLEN}}},
	{"long-signature", "2.40 5.12", VR, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_IN_LONG, SIGLEN}}},
	{"short-signature-too-small", "2.40 5.12", VR, CF_ONCE, 0,
	    {BEGIN, {CF_ONCE, CF_IN_SHORT | CF_OUT_SHORT, SIGLEN}}},

	/* and C_VerifySignatureInit, which takes the signature */
	{"wrong-signature", "3.2 5.15", G, CF_ONCE, 0,
	    {{CF_BEGIN, CF_SIG_BAD, OK}, {CF_ONCE, 0, SIGBAD}}},
	{"wrong-signature-ends", "3.2 5.15", G, CF_ONCE, 0,
	    {{CF_BEGIN, CF_SIG_BAD, OK}, {CF_ONCE, 0, SIGBAD},
		{CF_ONCE, 0, ENDED}}},
	{"wrong-signature", "3.2 5.15", G, CF_FINAL, 0,
	    {{CF_BEGIN, CF_SIG_BAD, OK}, UPDATE, {CF_FINAL, 0, SIGBAD}}},
	{"no-part", "3.2 5.15", G, CF_FINAL, 0, {BEGIN, {CF_FINAL, 0, SIGBAD}}},
	{"short-signature", "3.2 5.15", G, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_SIG_SHORT, SIGLEN}}},
	{"short-signature-leaves-nothing", "3.2 5.15", G, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_SIG_SHORT, SIGLEN}, {CF_ONCE, 0, ENDED}}},
	{"long-signature", "3.2 5.15", G, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_SIG_LONG, SIGLEN}}},
	{"empty-signature", "3.2 5.15", G, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_SIG_EMPTY, SIGLEN}}},
	{"null-signature", "3.2 5.15", G, CF_BEGIN, 0,
	    {{CF_BEGIN, CF_SIG_NULL, BAD}}},
};
/* clang-format on */

static bool
allowed(const CK_RV *allow, CK_RV rv)
{
	while (*allow != CF_END && *allow != rv)
		allow++;
	return *allow == rv;
}

/* True when a script does its work in parts, beyond asking whether it may. */
static bool
in_parts(const struct cf_script *sc)
{
	return sc->steps[0].verb == CF_BEGIN &&
	       (sc->steps[1].verb == CF_UPDATE || sc->named == CF_FINAL);
}

/* p: the script; a: the kind. */
static CK_RV
run_script(struct cf *c, const struct cf_case *k)
{
	const struct cf_script *sc = k->p;
	const struct cf_step *st = sc->steps;
	struct cf_op op;
	CK_RV rv = cf_op_prepare(c, (enum cf_kind)k->a, &op);

	if (rv != CKR_OK)
		return rv;
	if (in_parts(sc) && (op.mech.mechanism == CKM_RSA_PKCS ||
				op.mech.mechanism == CKM_ECDSA))
		return cf_note(c, CF_SKIP, "only %s, which has no parts",
		    cf_mech_name(op.mech.mechanism));
	for (;; st++) {
		rv = cf_op_step(c, &op, st->verb, st->how);
		if (st + 1 == sc->steps + CF_STEPS_MAX || st[1].verb == CF_STOP)
			return rv;
		if (rv == CF_WRONG)
			return rv;
		if (!allowed(st->allow, rv))
			return cf_note(c, CF_WRONG, "step %d, %s, gave %s",
			    (int)(st - sc->steps) + 1,
			    cf_op_name(op.kind, st->verb), cf_rv_name(rv));
	}
}

#define ROWS_MAX 500
#define ROW_NAME 80

static struct cf_case rows[ROWS_MAX];
static char names[ROWS_MAX][ROW_NAME];
static size_t rows_n;

static const CK_RV *
last_allow(const struct cf_script *sc)
{
	const struct cf_step *st = sc->steps;

	while (st + 1 < sc->steps + CF_STEPS_MAX && st[1].verb != CF_STOP)
		st++;
	return st->allow;
}

static void
add(const struct cf_script *sc, enum cf_kind kind)
{
	static const unsigned need[CF_KINDS] = {0, 0, 0, CF_NEED_RSA,
	    CF_NEED_RSA, CF_NEED_32, CF_NEED_RSA, CF_NEED_RSA};

	if (rows_n == ROWS_MAX)
		abort(); /* make the table larger */
	snprintf(names[rows_n], ROW_NAME, "%s/%s", cf_op_name(kind, sc->named),
	    sc->what);
	rows[rows_n] = (struct cf_case){names[rows_n], sc->clause,
	    kind == CF_DIGEST ? CF_RO : CF_KEY, sc->need | need[kind],
	    run_script, (unsigned long)kind, 0, sc, last_allow(sc)};
	rows_n++;
}

const struct cf_case *
cf_group_op(size_t *n)
{
	if (rows_n == 0)
		for (size_t i = 0; i < CF_COUNT(scripts); i++)
			for (unsigned kind = 0; kind < CF_KINDS; kind++)
				if ((scripts[i].kinds & 1U << kind) != 0)
					add(&scripts[i], (enum cf_kind)kind);
	*n = rows_n;
	return rows;
}
