/*
 * Two calls for one result, 2.40 clause 5.2, over the operations with keys of
 * the session: a length query and a buffer too small take nothing in and lose
 * nothing, everything else ends the operation. What the operations of the card
 * do is in t_op.c.
 */
#include <string.h>

#include "tests/conformance/groups.h"

#define TEXT 48
#define ROOM 128

enum kind { ENCRYPT, DECRYPT, SIGN };

struct two {
	struct cf *c;
	CK_MECHANISM *mech;
	CK_OBJECT_HANDLE key;
	enum kind kind;
	CK_BYTE in[ROOM], want[ROOM];
	CK_ULONG in_n, want_n;
};

/* clang-format off */
static CK_BYTE iv[16] = {1, 2, 3};
static CK_AES_CTR_PARAMS ctr = {.counter_bits = 64};
static CK_GCM_PARAMS gcm = {
	.iv_ptr = iv, .iv_len = 12, .iv_bits = 96, .tag_bits = 128};
static CK_MECHANISM mechs[] = {
	{ CKM_AES_ECB, NULL, 0 },
	{ CKM_AES_CBC, iv, sizeof(iv) },
	{ CKM_AES_CBC_PAD, iv, sizeof(iv) },
	{ CKM_AES_CTR, &ctr, sizeof(ctr) },
	{ CKM_AES_GCM, &gcm, sizeof(gcm) },
	{ CKM_SHA256_HMAC, NULL, 0 },
};
/* clang-format on */

static CK_RV
begin(const struct two *t)
{
	CK_FUNCTION_LIST *f = t->c->f;
	CK_SESSION_HANDLE s = t->c->s;

	return t->kind == ENCRYPT   ? f->C_EncryptInit(s, t->mech, t->key)
	       : t->kind == DECRYPT ? f->C_DecryptInit(s, t->mech, t->key)
				    : f->C_SignInit(s, t->mech, t->key);
}

static CK_RV
once(const struct two *t, CK_BYTE *in, CK_BYTE *out, CK_ULONG *n)
{
	CK_FUNCTION_LIST *f = t->c->f;
	CK_SESSION_HANDLE s = t->c->s;

	return t->kind == ENCRYPT   ? f->C_Encrypt(s, in, t->in_n, out, n)
	       : t->kind == DECRYPT ? f->C_Decrypt(s, in, t->in_n, out, n)
				    : f->C_Sign(s, in, t->in_n, out, n);
}

/* A part has no output when it is signed. */
static CK_RV
part(const struct two *t, CK_BYTE *in, CK_ULONG in_n, CK_BYTE *out, CK_ULONG *n)
{
	CK_FUNCTION_LIST *f = t->c->f;
	CK_SESSION_HANDLE s = t->c->s;

	if (t->kind == SIGN && n != NULL)
		*n = 0;
	return t->kind == ENCRYPT   ? f->C_EncryptUpdate(s, in, in_n, out, n)
	       : t->kind == DECRYPT ? f->C_DecryptUpdate(s, in, in_n, out, n)
				    : f->C_SignUpdate(s, in, in_n);
}

static CK_RV
final(const struct two *t, CK_BYTE *out, CK_ULONG *n)
{
	CK_FUNCTION_LIST *f = t->c->f;
	CK_SESSION_HANDLE s = t->c->s;

	return t->kind == ENCRYPT   ? f->C_EncryptFinal(s, out, n)
	       : t->kind == DECRYPT ? f->C_DecryptFinal(s, out, n)
				    : f->C_SignFinal(s, out, n);
}

static CK_RV
make_key(struct two *t)
{
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = t->kind == SIGN ? CKK_GENERIC_SECRET : CKK_AES;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_BYTE value[32] = {4};
	CK_ATTRIBUTE a[] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_VALUE, value, sizeof(value)}, {CKA_PRIVATE, &no, sizeof(no)},
	    {t->kind == SIGN ? CKA_SIGN : CKA_ENCRYPT, &yes, sizeof(yes)},
	    {CKA_DECRYPT, &yes, sizeof(yes)}};

	return t->c->f->C_CreateObject(t->c->s, a, t->kind == SIGN ? 5 : 6,
	    &t->key);
}

/* The operation, with its input and the result it must have: that of a call
 * with room enough. What is decrypted was encrypted here. */
static CK_RV
prepare(struct cf *c, const struct cf_case *k, struct two *t)
{
	CK_RV rv;

	memset(t, 0, sizeof(*t));
	t->c = c;
	t->mech = &mechs[k->a];
	t->kind = k->b == DECRYPT ? ENCRYPT : (enum kind)k->b;
	t->in_n = TEXT;
	memset(t->in, 'x', TEXT);
	if (!cf_mech_listed(c, t->mech->mechanism))
		return cf_note(c, CF_SKIP, "not listed");
	t->want_n = sizeof(t->want);
	if ((rv = make_key(t)) != CKR_OK || (rv = begin(t)) != CKR_OK ||
	    (rv = once(t, t->in, t->want, &t->want_n)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	if (k->b == DECRYPT) {
		t->kind = DECRYPT;
		memcpy(t->in, t->want, t->want_n);
		t->in_n = t->want_n;
		memset(t->want, 'x', TEXT);
		t->want_n = TEXT;
	}
	return CKR_OK;
}

/* Fails with a note when rv is not what it should be. */
static bool
is(struct two *t, CK_RV rv, CK_RV want, const char *step)
{
	if (rv == want)
		return true;
	(void)cf_note(t->c, CF_WRONG, "%s gave %s", step, cf_rv_name(rv));
	return false;
}

static CK_RV
judge(struct two *t, const CK_BYTE *out, CK_ULONG n)
{
	CK_BYTE none[ROOM];
	CK_ULONG got = sizeof(none);

	if (n != t->want_n || memcmp(out, t->want, n) != 0)
		return cf_note(t->c, CF_WRONG, "another result, %lu bytes", n);
	return is(t, final(t, none, &got), CKR_OPERATION_NOT_INITIALIZED,
		   "the end after the end")
		   ? CKR_OK
		   : CF_WRONG;
}

static CK_RV
at_once(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[ROOM];
	CK_ULONG n = 0;
	struct two t;
	CK_RV rv = prepare(c, k, &t);

	if (rv != CKR_OK)
		return rv;
	if (!is(&t, begin(&t), CKR_OK, "the begin") ||
	    !is(&t, once(&t, t.in, NULL, &n), CKR_OK, "a query") ||
	    !is(&t, once(&t, t.in, NULL, &n), CKR_OK, "a second query"))
		return CF_WRONG;
	if (n < t.want_n || n > sizeof(out))
		return cf_note(c, CF_WRONG, "the query told %lu", n);
	n = t.want_n - 1;
	if (!is(&t, once(&t, t.in, out, &n), CKR_BUFFER_TOO_SMALL,
		"a small buffer"))
		return CF_WRONG;
	if (n < t.want_n || n > sizeof(out))
		return cf_note(c, CF_WRONG, "the small buffer told %lu", n);
	if (!is(&t, once(&t, t.in, out, &n), CKR_OK, "the call"))
		return CF_WRONG;
	return judge(&t, out, n);
}

/* One part with everything that can be asked before it. */
static bool
asked_part(struct two *t, CK_BYTE *in, CK_ULONG n, CK_BYTE *out, CK_ULONG *got)
{
	CK_ULONG need = 0, small;

	if (t->kind == SIGN)
		return is(t, part(t, in, n, NULL, got), CKR_OK, "a part");
	if (!is(t, part(t, in, n, NULL, &need), CKR_OK, "a part's query"))
		return false;
	small = need - 1;
	if (need != 0 && !is(t, part(t, in, n, out, &small),
			     CKR_BUFFER_TOO_SMALL, "a part's small buffer"))
		return false;
	*got = need;
	return is(t, part(t, in, n, out, got), CKR_OK, "a part");
}

static CK_RV
in_parts(struct cf *c, const struct cf_case *k)
{
	CK_ULONG at = 0, n = 0, got, step = 7;
	CK_BYTE out[2 * ROOM], byte;
	struct two t;
	CK_RV rv = prepare(c, k, &t);

	if (rv != CKR_OK)
		return rv;
	if (!is(&t, begin(&t), CKR_OK, "the begin"))
		return CF_WRONG;
	for (; at < t.in_n; at += step, n += got) {
		step = at + 7 < t.in_n ? 7 : t.in_n - at;
		if (!asked_part(&t, t.in + at, step, out + n, &got))
			return CF_WRONG;
	}
	got = 0;
	if (!is(&t, final(&t, NULL, &got), CKR_OK, "the end's query"))
		return CF_WRONG;
	got = 0;
	if (t.want_n > n && !is(&t, final(&t, &byte, &got),
				CKR_BUFFER_TOO_SMALL, "the end's small buffer"))
		return CF_WRONG;
	got = sizeof(out) - n;
	if (!is(&t, final(&t, out + n, &got), CKR_OK, "the end"))
		return CF_WRONG;
	return judge(&t, out, n + got);
}

/* What is no query and no small buffer ends it, whatever it is. */
static CK_RV
errors_end(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[ROOM];
	CK_ULONG n = sizeof(out), got = n;
	struct two t;
	CK_RV rv = prepare(c, k, &t);

	if (rv != CKR_OK)
		return rv;
	if (!is(&t, begin(&t), CKR_OK, "1") ||
	    !is(&t, once(&t, t.in, out, NULL), CKR_ARGUMENTS_BAD,
		"no length") ||
	    !is(&t, once(&t, t.in, out, &n), CKR_OPERATION_NOT_INITIALIZED,
		"after no length") ||
	    !is(&t, begin(&t), CKR_OK, "2") ||
	    !is(&t, once(&t, NULL, out, &n), CKR_ARGUMENTS_BAD, "no input") ||
	    !is(&t, once(&t, t.in, out, &n), CKR_OPERATION_NOT_INITIALIZED,
		"after no input") ||
	    !is(&t, begin(&t), CKR_OK, "3") ||
	    !is(&t, part(&t, NULL, 16, out, &n), CKR_ARGUMENTS_BAD,
		"no part") ||
	    !is(&t, final(&t, out, &n), CKR_OPERATION_NOT_INITIALIZED,
		"after no part") ||
	    !is(&t, begin(&t), CKR_OK, "4") ||
	    !is(&t, part(&t, t.in, 16, out, &got), CKR_OK, "a part") ||
	    !is(&t, final(&t, out, NULL), CKR_ARGUMENTS_BAD,
		"the end without length") ||
	    !is(&t, final(&t, out, &n), CKR_OPERATION_NOT_INITIALIZED,
		"after the end without length") ||
	    !is(&t, begin(&t), CKR_OK, "5"))
		return CF_WRONG;
	got = sizeof(out);
	if (!is(&t, part(&t, t.in, 16, out, &got), CKR_OK, "a part") ||
	    !is(&t, once(&t, t.in, out, &n), CKR_OPERATION_ACTIVE,
		"all at once after a part") ||
	    !is(&t, final(&t, out, &n), CKR_OPERATION_NOT_INITIALIZED,
		"after all at once"))
		return CF_WRONG;
	return CKR_OK;
}

#define ROW(name, fn, mech, kind)                                              \
	{                                                                      \
		"two-calls/" name, "2.40 5.2", CF_RO, 0, fn, mech, kind, NULL, \
		    CF_ALLOW(CKR_OK)                                           \
	}
#define ROWS(name, mech, kind)                                                 \
	ROW(name "-at-once", at_once, mech, kind),                             \
	    ROW(name "-in-parts", in_parts, mech, kind),                       \
	    ROW(name "-errors-end", errors_end, mech, kind)

static const struct cf_case table[] = {
    ROWS("ecb-encrypt", 0, ENCRYPT),
    ROWS("ecb-decrypt", 0, DECRYPT),
    ROWS("cbc-encrypt", 1, ENCRYPT),
    ROWS("cbc-decrypt", 1, DECRYPT),
    ROWS("cbc-pad-encrypt", 2, ENCRYPT),
    ROWS("cbc-pad-decrypt", 2, DECRYPT),
    ROWS("ctr-encrypt", 3, ENCRYPT),
    ROWS("ctr-decrypt", 3, DECRYPT),
    ROWS("gcm-encrypt", 4, ENCRYPT),
    ROWS("gcm-decrypt", 4, DECRYPT),
    ROWS("hmac-sign", 5, SIGN),
};

CF_GROUP(cf_group_two_call, table)
