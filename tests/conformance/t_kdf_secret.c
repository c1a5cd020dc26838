/* What a key that may not be read keeps when others are derived from it: by the
 * rules of the standard (3.0 mech 2.43), and against whoever cuts it into
 * pieces that can be guessed. */
#include "tests/conformance/groups.h"
#include "tests/conformance/kdf.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_BYTE bytes[64] = {1, 2, 3};
static CK_ULONG bit_0, bit_8 = 8;
static const CK_KEY_DERIVATION_STRING_DATA data_1 = {bytes, 1},
					   data_15 = {bytes, 15},
					   data_16 = {bytes, 16},
					   data_32 = {bytes, 32};

static const CK_ATTRIBUTE readable[] = {{CKA_SENSITIVE, &no, 1}},
			  leaves[] = {{CKA_EXTRACTABLE, &yes, 1}},
			  again[] = {{CKA_DERIVE, &yes, 1}},
			  any_wrap[] = {{CKA_WRAP_WITH_TRUSTED, &no, 1}};

#define OF(type, param, length, add)                                           \
	{                                                                      \
		type, &(param), sizeof(param), CF_ANY_TYPE, length, add,       \
		    (add) != NULL ? 1 : 0                                      \
	}
#define JOIN CKM_CONCATENATE_BASE_AND_DATA
#define PUT_BEFORE CKM_CONCATENATE_DATA_AND_BASE
#define XOR CKM_XOR_BASE_AND_DATA
#define CUT CKM_EXTRACT_KEY_FROM_KEY
#define HASH CKM_SHA256_KEY_DERIVATION

/* a: the base; p: the derivation, of which nothing may be read. */
static CK_RV
hidden(struct cf *c, const struct cf_case *k)
{
	CK_BYTE value[64];
	CK_OBJECT_HANDLE base, h;
	size_t n;
	CK_RV rv = cf_base(c, (enum cf_base)k->a, &base);

	if (rv == CKR_OK)
		rv = cf_derive(c, k->p, base, &h);
	return rv == CKR_OK ? cf_attr(c, h, CKA_VALUE, value, sizeof(value), &n)
			    : rv;
}

/* a: the base; b: whether what is derived was always sensitive, and never
 * extractable. */
static CK_RV
history(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE base, h;
	CK_RV rv = cf_base(c, (enum cf_base)k->a, &base);

	if (rv == CKR_OK)
		rv = cf_derive(c, k->p, base, &h);
	if (rv == CKR_OK)
		rv = cf_made_is_flag(c, h, CKA_LOCAL, false);
	if (rv == CKR_OK)
		rv = cf_made_is_flag(c, h, CKA_ALWAYS_SENSITIVE, k->b != 0);
	return rv == CKR_OK
		   ? cf_made_is_flag(c, h, CKA_NEVER_EXTRACTABLE, k->b != 0)
		   : rv;
}

/* Known bytes are added, then all but one of the others are cut away. a: which
 * cut; b: 1: of a copy. */
static CK_RV
in_two_steps(struct cf *c, const struct cf_case *k)
{
	const struct cf_derive add = OF(PUT_BEFORE, data_15, 0, again);
	const struct cf_derive *cut = k->p;
	CK_OBJECT_HANDLE base, mixed, h;
	CK_RV rv = cf_base(c, CF_BASE_SHORT, &base);

	if (rv == CKR_OK)
		rv = cf_derive(c, &add, base, &mixed);
	if (rv == CKR_OK && k->b == 1)
		rv = c->f->C_CopyObject(c->s, mixed, NULL, 0, &mixed);
	if (rv != CKR_OK)
		return rv == CF_SKIP ? rv : cf_note(c, CF_SETUP, "0x%lx", rv);
	return cf_derive(c, cut, mixed, &h);
}

/* One byte of a secret key after fifteen of one that is known; b: 1: which is
 * the base. */
static CK_RV
behind_a_known_key(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE base, other, h;
	struct cf_derive d =
	    OF(CKM_CONCATENATE_BASE_AND_KEY, other, 0, readable);
	CK_RV rv = cf_base(c, CF_BASE_OPEN, &base);

	d.add_n = 0;
	d.length = k->a;
	if (rv == CKR_OK)
		rv = cf_base(c, CF_BASE_SENSITIVE, &other);
	return rv == CKR_OK ? cf_derive(c, &d, base, &h) : rv;
}

static const struct cf_derive join = OF(JOIN, data_16, 0, NULL),
			      before = OF(PUT_BEFORE, data_16, 0, NULL),
			      x = OF(XOR, data_32, 0, NULL),
			      cut_16 = OF(CUT, bit_8, 16, NULL),
			      join_read = OF(JOIN, data_16, 0, readable),
			      before_read =
				  OF(PUT_BEFORE, data_16, 0, readable),
			      x_read = OF(XOR, data_32, 0, readable),
			      cut_read = OF(CUT, bit_8, 16, readable),
			      join_leave = OF(JOIN, data_16, 0, leaves),
			      before_leave = OF(PUT_BEFORE, data_16, 0, leaves),
			      x_leave = OF(XOR, data_32, 0, leaves),
			      cut_leave = OF(CUT, bit_8, 16, leaves),
			      x_wrap = OF(XOR, data_32, 0, any_wrap),
			      cut_1 = OF(CUT, bit_0, 1, NULL),
			      cut_15 = OF(CUT, bit_8, 15, NULL),
			      join_1 = OF(JOIN, data_16, 1, NULL),
			      before_17 = OF(PUT_BEFORE, data_16, 17, NULL),
			      before_16 = OF(PUT_BEFORE, data_16, 16, NULL),
			      x_1 = OF(XOR, data_1, 0, NULL),
			      x_15 = OF(XOR, data_32, 15, NULL),
			      x_16 = OF(XOR, data_32, 16, NULL),
			      cut_all = OF(CUT, bit_8, 31, NULL),
			      xor_16 = OF(XOR, data_16, 0, NULL),
			      xor_all = OF(XOR, data_32, 31, NULL),
			      join_16 = OF(JOIN, data_1, 16, NULL),
			      hash_1 = {
				  HASH, NULL, 0, CF_ANY_TYPE, 1, readable, 1};

#define ROW(what, fn, a, b, p, ...)                                            \
	{                                                                      \
		"C_DeriveKey/" what, "3.0 mech 2.43", CF_RO, 0, fn, a, b, p,   \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
/* By default it is not read; asked for, it is refused. */
#define KEEPS(what, plain, read, leave)                                        \
	ROW(what "-of-sensitive", hidden, CF_BASE_SENSITIVE, 0, plain,         \
	    CKR_ATTRIBUTE_SENSITIVE),                                          \
	    ROW(what "-of-unextractable", hidden, CF_BASE_KEPT, 0, plain,      \
		CKR_ATTRIBUTE_SENSITIVE),                                      \
	    ROW(what "-made-readable", cf_derive_row, CF_BASE_SENSITIVE, 0,    \
		read, CKR_TEMPLATE_INCONSISTENT, CKR_ATTRIBUTE_VALUE_INVALID), \
	    ROW(what "-made-extractable", cf_derive_row, CF_BASE_KEPT, 0,      \
		leave, CKR_TEMPLATE_INCONSISTENT,                              \
		CKR_ATTRIBUTE_VALUE_INVALID),                                  \
	    ROW(what "-of-open", hidden, CF_BASE_OPEN, 0, plain, CKR_OK),      \
	    ROW(what "-history-kept", history, CF_BASE_GENERATED, 1, plain,    \
		CKR_OK),                                                       \
	    ROW(what "-history-open", history, CF_BASE_SENSITIVE, 0, plain,    \
		CKR_OK)
#define PIECE(what, d)                                                         \
	ROW(what "-of-sensitive", cf_derive_row, CF_BASE_SENSITIVE, 0, d,      \
	    CKR_KEY_SIZE_RANGE),                                               \
	    ROW(what "-of-unextractable", cf_derive_row, CF_BASE_KEPT, 0, d,   \
		CKR_KEY_SIZE_RANGE),                                           \
	    ROW(what "-of-open", cf_derive_row, CF_BASE_OPEN, 0, d, CKR_OK)

static const struct cf_case table[] = {
    KEEPS("join", &join, &join_read, &join_leave),
    KEEPS("put-before", &before, &before_read, &before_leave),
    KEEPS("xor", &x, &x_read, &x_leave),
    KEEPS("cut", &cut_16, &cut_read, &cut_leave),
    ROW("xor-wraps-under-any", cf_derive_row, CF_BASE_TRUSTED, 0, &x_wrap,
	CKR_TEMPLATE_INCONSISTENT),
    PIECE("cut-1", &cut_1),
    PIECE("cut-15", &cut_15),
    PIECE("join-1", &join_1),
    PIECE("put-before-1", &before_17),
    PIECE("xor-1", &x_1),
    PIECE("xor-15", &x_15),
    ROW("put-before-nothing-of-it", cf_derive_row, CF_BASE_SENSITIVE, 0,
	&before_16, CKR_OK),
    ROW("xor-16-of-sensitive", cf_derive_row, CF_BASE_SENSITIVE, 0, &x_16,
	CKR_OK),
    ROW("join-with-known-key-1", behind_a_known_key, 33, 0, NULL,
	CKR_KEY_SIZE_RANGE),
    ROW("join-with-known-key-16", behind_a_known_key, 48, 0, NULL, CKR_OK),
    ROW("add-then-cut", in_two_steps, 0, 0, &cut_16, CKR_KEY_SIZE_RANGE),
    ROW("add-then-xor", in_two_steps, 0, 0, &xor_16, CKR_KEY_SIZE_RANGE),
    ROW("add-then-join", in_two_steps, 0, 0, &join_16, CKR_KEY_SIZE_RANGE),
    ROW("add-copy-then-cut", in_two_steps, 0, 1, &cut_16, CKR_KEY_SIZE_RANGE),
    ROW("add-then-all", in_two_steps, 0, 0, &cut_all, CKR_OK),
    ROW("add-then-xor-all", in_two_steps, 0, 0, &xor_all, CKR_OK),
    ROW("hash-of-sensitive", hidden, CF_BASE_SENSITIVE, 0, &hash_1, CKR_OK),
};

CF_GROUP(cf_group_kdf_secret, table)
