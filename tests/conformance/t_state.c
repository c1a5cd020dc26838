/* C_GetOperationState and C_SetOperationState: 2.40 clause 5.6. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/op.h"

#define STATE_MAX 4096

struct saved {
	CK_BYTE bytes[STATE_MAX];
	CK_ULONG n;
};

static CK_BYTE first[] = "Ủy ban nhân dân tỉnh Ví Dụ, ", lost[] = "không ",
	       second[] = "Sở Thử nghiệm";

static CK_RV
begin(struct cf *c, CK_SESSION_HANDLE s, CK_MECHANISM_TYPE type)
{
	CK_MECHANISM m = {type, NULL, 0};
	CK_RV rv = c->f->C_DigestInit(s, &m);

	return rv == CKR_OK ? c->f->C_DigestUpdate(s, first, sizeof(first))
			    : rv;
}

static CK_RV
save(struct cf *c, CK_SESSION_HANDLE s, struct saved *st)
{
	st->n = sizeof(st->bytes);
	return c->f->C_GetOperationState(s, st->bytes, &st->n);
}

static CK_RV
restore(struct cf *c, CK_SESSION_HANDLE s, struct saved *st)
{
	return c->f->C_SetOperationState(s, st->bytes, st->n, 0, 0);
}

/* SHA-256 of the first part, saved; good tells whether a module can. */
static CK_RV
start(struct cf *c, const struct cf_case *k, struct saved *st)
{
	CK_RV rv = begin(c, c->s, CKM_SHA256);

	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "digest: %s", cf_rv_name(rv));
	rv = save(c, c->s, st);
	if (rv == CKR_FUNCTION_NOT_SUPPORTED && strstr(k->name, "good") == NULL)
		return cf_note(c, CF_SKIP, "not supported");
	return rv;
}

/* Ends the digest, which has to be that of first and second. */
static CK_RV
end(struct cf *c, CK_SESSION_HANDLE s, const char *md)
{
	CK_BYTE all[sizeof(first) + sizeof(second)], got[64];
	uint8_t want[EVP_MAX_MD_SIZE];
	CK_ULONG n = sizeof(got);
	CK_RV rv = c->f->C_DigestUpdate(s, second, sizeof(second));

	memcpy(all, first, sizeof(first));
	memcpy(all + sizeof(first), second, sizeof(second));
	if (rv != CKR_OK || (rv = c->f->C_DigestFinal(s, got, &n)) != CKR_OK)
		return rv;
	if (n != cf_ossl_digest(md, all, sizeof(all), want) ||
	    memcmp(got, want, n) != 0)
		return cf_note(c, CF_WRONG, "%s: another digest", md);
	return rv;
}

/* What came after the saving is forgotten, each time. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	struct saved st;
	CK_RV rv = start(c, k, &st);

	for (unsigned i = 0; rv == CKR_OK && i < 3; i++) {
		rv = c->f->C_DigestUpdate(c->s, lost, sizeof(lost));
		if (rv == CKR_OK)
			rv = restore(c, c->s, &st);
		if (rv == CKR_OK)
			rv = end(c, c->s, "SHA256");
		if (rv == CKR_OK && i < 2)
			rv = begin(c, c->s, CKM_SHA256);
	}
	return rv;
}

/* It comes to another session. a: 2 when the first is closed by then. */
static CK_RV
elsewhere(struct cf *c, const struct cf_case *k)
{
	CK_SESSION_HANDLE s;
	struct saved st;
	CK_RV rv = cf_open(c, 0, &s);

	if (rv == CKR_OK)
		rv = start(c, k, &st);
	if (rv == CKR_OK && k->a == 2)
		rv = c->f->C_CloseSession(c->s);
	if (rv == CKR_OK)
		rv = restore(c, s, &st);
	if (rv == CKR_OK)
		rv = end(c, s, "SHA256");
	if (rv != CKR_OK || k->a == 2)
		return rv;
	return end(c, c->s, "SHA256"); /* and the first goes on */
}

static CK_RV
every_hash(struct cf *c, const struct cf_case *k)
{
	static const struct {
		CK_MECHANISM_TYPE type;
		const char *md;
	} rows[] = {{CKM_SHA_1, "SHA1"}, {CKM_SHA224, "SHA224"},
	    {CKM_SHA256, "SHA256"}, {CKM_SHA384, "SHA384"},
	    {CKM_SHA512, "SHA512"}, {CF_CKM_SHA3_256, "SHA3-256"},
	    {CF_CKM_SHA3_384, "SHA3-384"}, {CF_CKM_SHA3_512, "SHA3-512"}};
	struct saved st;
	CK_RV rv = start(c, k, &st);

	if (rv == CKR_OK)
		rv = end(c, c->s, "SHA256");
	for (size_t i = 0; rv == CKR_OK && i < CF_COUNT(rows); i++) {
		if (!cf_mech_listed(c, rows[i].type))
			continue;
		if ((rv = begin(c, c->s, rows[i].type)) == CKR_OK &&
		    (rv = save(c, c->s, &st)) == CKR_OK &&
		    (rv = c->f->C_DigestUpdate(c->s, lost, 2)) == CKR_OK &&
		    (rv = restore(c, c->s, &st)) == CKR_OK)
			rv = end(c, c->s, rows[i].md);
	}
	return rv;
}

/* The conventions of 5.2. a: 0 a length query, 1 a buffer too small. */
static CK_RV
no_room(struct cf *c, const struct cf_case *k)
{
	struct saved st;
	CK_BYTE small[STATE_MAX];
	CK_ULONG n = 0;
	CK_RV rv = start(c, k, &st);

	if (rv != CKR_OK)
		return rv;
	rv = c->f->C_GetOperationState(c->s, NULL, &n);
	if (rv != CKR_OK || n < st.n || n > STATE_MAX)
		return cf_note(c, CF_WRONG, "length %lu", n);
	n = st.n - 1;
	memset(small, CF_OP_PATTERN, sizeof(small));
	if (k->a == 1 && (c->f->C_GetOperationState(c->s, small, &n) !=
				 CKR_BUFFER_TOO_SMALL ||
			     n < st.n || small[0] != CF_OP_PATTERN))
		return cf_note(c, CF_WRONG, "too small: length %lu", n);
	n = sizeof(small);
	rv = c->f->C_GetOperationState(c->s, small, &n);
	return rv == CKR_OK ? c->f->C_SetOperationState(c->s, small, n, 0, 0)
			    : rv;
}

/* a: 0 NULL for the length, 1 nothing runs. */
static CK_RV
not_saved(struct cf *c, const struct cf_case *k)
{
	struct saved st;
	CK_RV rv = start(c, k, &st);

	if (rv == CKR_OK && k->a == 0)
		return c->f->C_GetOperationState(c->s, st.bytes, NULL);
	if (rv == CKR_OK)
		rv = end(c, c->s, "SHA256");
	return rv == CKR_OK ? save(c, c->s, &st) : rv;
}

/* A signature runs; a: 1 beside a digest. */
static CK_RV
signing(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	struct saved st;
	CK_RV rv = start(c, k, &st);

	if (rv == CKR_OK && k->a == 0)
		rv = end(c, c->s, "SHA256");
	if (rv == CKR_OK)
		rv = c->f->C_SignInit(c->s, &m, c->key.priv);
	return rv == CKR_OK ? save(c, c->s, &st) : rv;
}

/* A private key went into the digest. */
static CK_RV
private_key(struct cf *c, const struct cf_case *k)
{
	static CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE private = {CKA_PRIVATE, &yes, 1};
	const struct cf_bend b = {CF_KEEP_ALL, &private, 1};
	CK_OBJECT_HANDLE o;
	struct saved st;
	CK_RV rv = start(c, k, &st);

	if (rv != CKR_OK)
		return rv;
	rv = cf_make(c, CF_GENERIC, &b, &o);
	if (rv == CKR_OK)
		rv = c->f->C_DigestKey(c->s, o);
	return rv == CKR_OK ? save(c, c->s, &st)
			    : cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
}

enum { FLIPPED, CUT, LONGER, EMPTY, NONE, CIPHER_KEY, OTHER_KEY };

/* a: what is wrong. What runs in the session goes on. */
static CK_RV
refused(struct cf *c, const struct cf_case *k)
{
	struct saved st;
	CK_RV rv = start(c, k, &st), after;

	if (rv != CKR_OK)
		return rv;
	if (k->a == FLIPPED)
		st.bytes[st.n / 2] ^= 0x10;
	if (k->a == CUT)
		st.n--;
	if (k->a == LONGER)
		st.bytes[st.n++] = 0;
	if (k->a == EMPTY)
		st.n = 0;
	rv = c->f->C_SetOperationState(c->s, k->a == NONE ? NULL : st.bytes,
	    st.n, k->a == CIPHER_KEY ? 1 : 0, k->a == OTHER_KEY ? 1 : 0);
	after = end(c, c->s, "SHA256");
	return after == CKR_OK
		   ? rv
		   : cf_note(c, CF_WRONG, "then %s", cf_rv_name(after));
}

/* a: 0 the login changes, 1 the module begins anew. */
static CK_RV
other_time(struct cf *c, const struct cf_case *k)
{
	struct saved st;
	CK_RV rv = start(c, k, &st);

	if (rv != CKR_OK)
		return rv;
	if (k->a == 0) {
		if (c->opt->pin == NULL)
			return cf_note(c, CF_SKIP, "no --pin");
		rv = cf_login(c, c->s);
	} else if ((rv = c->f->C_Finalize(NULL)) == CKR_OK &&
		   (rv = cf_init(c)) == CKR_OK)
		rv = cf_open(c, 0, &c->s);
	return rv == CKR_OK ? restore(c, c->s, &st) : rv;
}

/* A good state ends what runs: a search. */
static CK_RV
cancels(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_ULONG n;
	struct saved st;
	CK_RV rv = start(c, k, &st);

	if (rv == CKR_OK)
		rv = c->f->C_FindObjectsInit(c->s, NULL, 0);
	if (rv == CKR_OK)
		rv = restore(c, c->s, &st);
	return rv == CKR_OK ? c->f->C_FindObjects(c->s, &o, 1, &n) : rv;
}

/* One session saves again and again: the last state is good. */
static CK_RV
many(struct cf *c, const struct cf_case *k)
{
	struct saved st;
	CK_RV rv = start(c, k, &st);

	for (unsigned i = 0; rv == CKR_OK && i < 1000; i++)
		rv = save(c, c->s, &st);
	return rv == CKR_OK ? restore(c, c->s, &st) : rv;
}

#define ROW(fnname, what, state, fn, a, ...)                                   \
	{                                                                      \
		fnname "/" what, "2.40 5.6 " fnname, state, 0, fn, a, 0, NULL, \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define GET(what, state, fn, a, ...)                                           \
	ROW("C_GetOperationState", what, state, fn, a, __VA_ARGS__)
#define SET(what, state, fn, a, ...)                                           \
	ROW("C_SetOperationState", what, state, fn, a, __VA_ARGS__)
#define FORGED(what, a) SET(what, CF_RO, refused, a, CKR_SAVED_STATE_INVALID)

static const struct cf_case table[] = {
    GET("length-query", CF_RO, no_room, 0, CKR_OK),
    GET("too-small-goes-on", CF_RO, no_room, 1, CKR_OK),
    GET("null-length-digesting", CF_RO, not_saved, 0, CKR_ARGUMENTS_BAD),
    GET("after-the-end", CF_RO, not_saved, 1, CKR_OPERATION_NOT_INITIALIZED),
    GET("signing", CF_KEY, signing, 0, CKR_STATE_UNSAVEABLE),
    GET("signing-and-digesting", CF_KEY, signing, 1, CKR_STATE_UNSAVEABLE),
    GET("private-key-digested", CF_USER, private_key, 0, CKR_STATE_UNSAVEABLE),
    GET("many", CF_RO, many, 0, CKR_OK),
    SET("good", CF_RO, good, 0, CKR_OK),
    SET("every-hash", CF_RO, every_hash, 0, CKR_OK),
    SET("other-session", CF_RO, elsewhere, 1, CKR_OK),
    SET("first-session-closed", CF_RO, elsewhere, 2, CKR_OK),
    SET("ends-a-search", CF_RO, cancels, 0, CKR_OPERATION_NOT_INITIALIZED),
    FORGED("flipped-bit", FLIPPED),
    FORGED("cut", CUT),
    FORGED("longer", LONGER),
    FORGED("empty", EMPTY),
    SET("null-state", CF_RO, refused, NONE, CKR_ARGUMENTS_BAD),
    SET("encryption-key", CF_RO, refused, CIPHER_KEY, CKR_KEY_NOT_NEEDED),
    SET("authentication-key", CF_RO, refused, OTHER_KEY, CKR_KEY_NOT_NEEDED),
    SET("login-changed", CF_RO, other_time, 0, CKR_SAVED_STATE_INVALID),
    SET("module-begun-anew", CF_RO, other_time, 1, CKR_SAVED_STATE_INVALID),
};

CF_GROUP(cf_group_state, table)
