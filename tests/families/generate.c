/*
 * C_GenerateKeyPair for keys on the token: what the new pair is like, which
 * templates are refused before the card is asked, and that a family without a
 * way to do it is left alone.
 */
#include <string.h>

#include "module/core/pkcs11_3.h"
#include "tests/families/fam.h"

#define GENERATE 0x46 /* INS */

static const struct fam_row makes = {
    "iso-generate", "iso7816-15", "generate=yes", 0, "", "", {0}};

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_ULONG bits_2048 = 2048, bits_1024 = 1024;
static CK_BYTE f4[] = {0x01, 0x00, 0x01}, three[] = {0x03};
static CK_BYTE p256[] = {
    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
static CK_BYTE p224[] = {0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x21};
static CK_BYTE id[] = {0x40}, other_id[] = {0x41}, first_id[] = {0x01};
static CK_UTF8CHAR label[] = "Khoá mới", with_nul[] = {'a', 0, 'b'};
static CK_DATE day = {"2030", "01", "01"};

#define V(type, value)                                                         \
	{                                                                      \
		type, value, sizeof(value)                                     \
	}
#define F(type, flag)                                                          \
	{                                                                      \
		type, &(flag), 1                                               \
	}
#define LABEL V(CKA_LABEL, label) /* with its NUL: see below */

/* A template for one half: the usual entries and at most two more. */
struct half {
	CK_ATTRIBUTE a[8];
	CK_ULONG n;
};

static void
add(struct half *h, CK_ATTRIBUTE a)
{
	if (a.type == CKA_LABEL && a.pValue == label)
		a.ulValueLen--; /* without its NUL */
	h->a[h->n++] = a;
}

static CK_RV
generate(struct fam *t, bool ec, const CK_ATTRIBUTE *pub,
    const CK_ATTRIBUTE *prv, CK_OBJECT_HANDLE *out)
{
	CK_MECHANISM m = {
	    ec ? CKM_EC_KEY_PAIR_GEN : CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
	struct half a = {.n = 0}, b = {.n = 0};

	for (; pub->type != CKA_CLASS; pub++)
		add(&a, *pub);
	for (; prv->type != CKA_CLASS; prv++)
		add(&b, *prv);
	return t->f->C_GenerateKeyPair(t->s, &m, a.a, a.n, b.a, b.n, &out[0],
	    &out[1]);
}

#define END                                                                    \
	{                                                                      \
		CKA_CLASS, NULL, 0                                             \
	}
#define TOKEN F(CKA_TOKEN, yes)
#define RSA                                                                    \
	{                                                                      \
		CKA_MODULUS_BITS, &bits_2048, sizeof(bits_2048)                \
	}
#define CURVE V(CKA_EC_PARAMS, p256)

static bool
has_bytes(struct fam *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type,
    const void *want, size_t n)
{
	uint8_t b[256];
	CK_ULONG got = sizeof(b);

	return fam_attr(t, o, type, b, &got) == CKR_OK && got == n &&
	       memcmp(b, want, n) == 0;
}

static void
check_private(struct fam *t, CK_OBJECT_HANDLE o, CK_MECHANISM_TYPE mech)
{
	static const CK_ATTRIBUTE_TYPE is[] = {CKA_TOKEN, CKA_PRIVATE,
	    CKA_SENSITIVE, CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE,
	    CKA_LOCAL, CKA_SIGN};

	for (size_t i = 0; i < CA_COUNT(is); i++)
		CU_ASSERT(fam_flag(t, o, is[i]));
	CU_ASSERT(!fam_flag(t, o, CKA_EXTRACTABLE));
	CU_ASSERT_EQUAL(fam_number(t, o, CKA_KEY_GEN_MECHANISM), mech);
	CU_ASSERT(has_bytes(t, o, CKA_ID, id, sizeof(id)));
	CU_ASSERT(has_bytes(t, o, CKA_LABEL, label, sizeof(label) - 1));
	FAM_IS(t->f->C_DestroyObject(t->s, o), CKR_ACTION_PROHIBITED);
}

/* A pair of each type; objects that were there keep their handles. */
static void
made(void)
{
	static const CK_ATTRIBUTE prv[] = {TOKEN, V(CKA_ID, id), LABEL,
	    F(CKA_PRIVATE, yes), F(CKA_SENSITIVE, yes), F(CKA_EXTRACTABLE, no),
	    END};
	static const CK_ATTRIBUTE rsa[] = {
	    TOKEN, RSA, V(CKA_PUBLIC_EXPONENT, f4), LABEL, END};
	static const CK_ATTRIBUTE ec[] = {TOKEN, CURVE, LABEL, END};

	for (int i = 0; i < 2; i++) {
		CK_OBJECT_HANDLE before[FAM_KEYS], after[FAM_KEYS], pair[2];
		struct fam t;

		fam_use(&makes);
		fam_begin_login(&t, NULL);
		CU_ASSERT_EQUAL(fam_find(&t, CKO_PRIVATE_KEY, before, FAM_KEYS),
		    1);
		FAM_IS(generate(&t, i == 1, i == 1 ? ec : rsa, prv, pair),
		    CKR_OK);
		check_private(&t, pair[1],
		    i == 1 ? CKM_EC_KEY_PAIR_GEN : CKM_RSA_PKCS_KEY_PAIR_GEN);
		CU_ASSERT(fam_flag(&t, pair[0], CKA_VERIFY));
		CU_ASSERT(has_bytes(&t, pair[0], CKA_ID, id, sizeof(id)));
		CU_ASSERT_EQUAL(fam_find(&t, CKO_PRIVATE_KEY, after, FAM_KEYS),
		    2);
		CU_ASSERT(after[0] == before[0] && after[1] == pair[1]);
		FAM_IS(fam_sign_once(&t), CKR_OK);
		CU_ASSERT_EQUAL(fam_tries(&t), 3);
		fam_end(&t);
	}
}

static const struct {
	const char *why;
	bool ec;
	CK_RV rv;
	CK_ATTRIBUTE pub[4], prv[4];
} refused_rows[] = {
    {"the public half of the session", true, CKR_TEMPLATE_INCONSISTENT,
	{CURVE, END}, {TOKEN, END}},
    {"the private half of the session", true, CKR_TEMPLATE_INCONSISTENT,
	{TOKEN, CURVE, END}, {END}},
    {"extractable", true, CKR_TEMPLATE_INCONSISTENT, {TOKEN, CURVE, END},
	{TOKEN, F(CKA_EXTRACTABLE, yes), END}},
    {"not sensitive", true, CKR_TEMPLATE_INCONSISTENT, {TOKEN, CURVE, END},
	{TOKEN, F(CKA_SENSITIVE, no), END}},
    {"not private", true, CKR_TEMPLATE_INCONSISTENT, {TOKEN, CURVE, END},
	{TOKEN, F(CKA_PRIVATE, no), END}},
    {"a private public key", true, CKR_TEMPLATE_INCONSISTENT,
	{TOKEN, CURVE, F(CKA_PRIVATE, yes), END}, {TOKEN, END}},
    {"ending one day", true, CKR_TEMPLATE_INCONSISTENT, {TOKEN, CURVE, END},
	{TOKEN, {CKA_END_DATE, &day, sizeof(day)}, END}},
    {"two identifiers", true, CKR_TEMPLATE_INCONSISTENT,
	{TOKEN, CURVE, V(CKA_ID, id), END}, {TOKEN, V(CKA_ID, other_id), END}},
    {"the identifier of a key", true, CKR_ATTRIBUTE_VALUE_INVALID,
	{TOKEN, CURVE, END}, {TOKEN, V(CKA_ID, first_id), END}},
    {"a label with a NUL", true, CKR_ATTRIBUTE_VALUE_INVALID,
	{TOKEN, CURVE, END}, {TOKEN, V(CKA_LABEL, with_nul), END}},
    {"a curve that it does not have", true, CKR_CURVE_NOT_SUPPORTED,
	{TOKEN, V(CKA_EC_PARAMS, p224), END}, {TOKEN, END}},
    {"a size that it does not make", false, CKR_ATTRIBUTE_VALUE_INVALID,
	{TOKEN, {CKA_MODULUS_BITS, &bits_1024, sizeof(bits_1024)}, END},
	{TOKEN, END}},
    {"an exponent of its own", false, CKR_ATTRIBUTE_VALUE_INVALID,
	{TOKEN, RSA, V(CKA_PUBLIC_EXPONENT, three), END}, {TOKEN, END}},
};

static void
refused(void)
{
	struct fam t;

	fam_use(&makes);
	fam_begin_login(&t, NULL);
	ca_sim_count_clear(t.card);
	for (size_t i = 0; i < CA_COUNT(refused_rows); i++) {
		CK_OBJECT_HANDLE pair[2] = {0, 0};
		CK_RV rv = generate(&t, refused_rows[i].ec, refused_rows[i].pub,
		    refused_rows[i].prv, pair);

		fam_is(rv, refused_rows[i].rv, refused_rows[i].why, __FILE__,
		    __LINE__);
		CU_ASSERT(pair[0] == 0 && pair[1] == 0);
	}
	CU_ASSERT_EQUAL(ca_sim_seen(t.card, GENERATE), 0);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_end(&t);
}

static const CK_ATTRIBUTE any_pub[] = {TOKEN, CURVE, END};
static const CK_ATTRIBUTE any_prv[] = {TOKEN, END};

/* Without a login, in a read-only session, and when the card lost the login. */
static void
rights(void)
{
	struct ca_sim_trouble lost = {
	    .what = CA_SIM_T_RESET, .at = 3, .times = 1};
	CK_OBJECT_HANDLE pair[2];
	struct fam t;

	fam_use(&makes);
	fam_begin_open(&t, NULL);
	FAM_IS(generate(&t, true, any_pub, any_prv, pair),
	    CKR_USER_NOT_LOGGED_IN);
	FAM_IS(t.f->C_CloseSession(t.s), CKR_OK);
	FAM_IS(t.f->C_OpenSession(t.slot, CKF_SERIAL_SESSION, NULL, NULL, &t.s),
	    CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	FAM_IS(generate(&t, true, any_pub, any_prv, pair),
	    CKR_SESSION_READ_ONLY);
	FAM_IS(t.f->C_CloseAllSessions(t.slot), CKR_OK);
	FAM_IS(fam_open(&t), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	ca_sim_trouble(t.card, &lost);
	FAM_IS(generate(&t, true, any_pub, any_prv, pair),
	    CKR_USER_NOT_LOGGED_IN);
	CU_ASSERT_EQUAL(fam_state(&t), CKS_RW_PUBLIC_SESSION);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	fam_end(&t);
}

void
fam_suite_generate(CU_pSuite s)
{
	CU_add_test(s, "made", made);
	CU_add_test(s, "refused", refused);
	CU_add_test(s, "rights", rights);
}

/* A family of which nobody knows how: nothing is sent, and no program is told
 * that the device could. */
static void
not_here(void)
{
	CK_MECHANISM_INFO info = {.flags = 0};
	CK_OBJECT_HANDLE pair[2];
	struct fam t;

	fam_begin_login(&t, NULL);
	ca_sim_count_clear(t.card);
	FAM_IS(generate(&t, true, any_pub, any_prv, pair),
	    CKR_TOKEN_WRITE_PROTECTED);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_APDUS), 0);
	FAM_IS(t.f->C_GetMechanismInfo(t.slot, CKM_EC_KEY_PAIR_GEN, &info),
	    CKR_OK);
	CU_ASSERT_EQUAL(info.flags & CKF_HW, 0);
	fam_end(&t);
}

void
fam_suite_pair(CU_pSuite s)
{
	CU_add_test(s, "not here", not_here);
}
