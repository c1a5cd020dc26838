/* Encrypting and decrypting message by message: good and bad calls. a: 0
 * encrypts, 1 decrypts, in every case. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/message.h"
#include "tests/conformance/op.h"

/* b: bytes of a part; 0: all at once. Two messages in turn. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	struct cf_message m;
	CK_RV rv = cf_message_init(c, k->a == 1, &m);

	for (unsigned i = 0; rv == CKR_OK && i < 2; i++) {
		size_t done = 0;

		if (k->b == 0) {
			rv = cf_message_good(c, &m);
			continue;
		}
		rv = m.begin(c->s, &m.p, sizeof(m.p), m.aad, sizeof(m.aad));
		for (size_t at = 0; rv == CKR_OK && at < CF_TEXT; at += k->b)
			rv = cf_message_part(c, &m, at,
			    CF_TEXT - at < k->b ? CF_TEXT - at : k->b, &done);
		if (rv == CKR_OK)
			rv = cf_message_look(c, &m, done);
	}
	return rv == CKR_OK ? m.final(c->s) : rv;
}

/* Input and output in the same memory. */
static CK_RV
in_place(struct cf *c, const struct cf_case *k)
{
	struct cf_message m;
	CK_ULONG n = CF_TEXT;
	CK_RV rv = cf_message_init(c, k->a == 1, &m);

	if (rv != CKR_OK)
		return rv;
	memcpy(m.out, m.decrypt ? m.crypt : m.plain, CF_TEXT);
	rv = m.once(c->s, &m.p, sizeof(m.p), m.aad, sizeof(m.aad), m.out,
	    CF_TEXT, m.out, &n);
	return rv == CKR_OK ? cf_message_look(c, &m, n) : rv;
}

/* b: 0 a length query, 1 too small; 2 and 3 of the last part. Then it is done
 * with room. */
static CK_RV
no_room(struct cf *c, const struct cf_case *k)
{
	bool small = (k->b & 1) != 0, parts = k->b >= 2;
	CK_FLAGS end = CF_CKF_END_OF_MESSAGE;
	struct cf_message m;
	CK_ULONG n = small ? CF_TEXT - 1 : 0;
	size_t done = 0;
	CK_RV rv = cf_message_init(c, k->a == 1, &m);

	if (rv == CKR_OK && parts)
		rv = m.begin(c->s, &m.p, sizeof(m.p), m.aad, sizeof(m.aad));
	if (rv != CKR_OK)
		return rv;
	memset(m.out, CF_OP_PATTERN, sizeof(m.out));
	rv = parts ? m.next(c->s, &m.p, sizeof(m.p),
			 m.decrypt ? m.crypt : m.plain, CF_TEXT,
			 small ? m.out : NULL, &n, end)
		   : cf_message_once(c, &m, small ? m.out : NULL, &n);
	if (rv != (small ? CKR_BUFFER_TOO_SMALL : CKR_OK) || n < CF_TEXT ||
	    m.out[0] != CF_OP_PATTERN)
		return cf_note(c, CF_WRONG, "%s, length %lu", cf_rv_name(rv),
		    n);
	if (!parts)
		return cf_message_good(c, &m);
	rv = cf_message_part(c, &m, 0, CF_TEXT, &done);
	return rv == CKR_OK ? cf_message_look(c, &m, done) : rv;
}

enum {
	MECH_UNKNOWN,
	MECH_CBC,
	MECH_NULL,
	PARAM_SIZE,
	KEY_ZERO,
	KEY_GENERIC,
	KEY_MAY_NOT,
};

/* b: what is wrong with the Init. */
static CK_RV
bad_init(struct cf *c, const struct cf_case *k)
{
	static CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE may[] = {{CKA_ENCRYPT, &no, 1}, {CKA_DECRYPT, &no, 1}};
	const struct cf_bend b = {CF_KEEP_ALL, may, CF_COUNT(may)};
	struct cf_message m;
	CK_OBJECT_HANDLE key;
	CK_RV rv = cf_message_new(c, k->a == 1, &m);

	if (rv != CKR_OK)
		return rv;
	key = m.key;
	if (k->b == MECH_UNKNOWN)
		m.m.mechanism = 0x7badc0deUL;
	if (k->b == MECH_CBC)
		m.m.mechanism = CKM_AES_CBC;
	if (k->b == PARAM_SIZE)
		m.m = (CK_MECHANISM){CKM_AES_GCM, &m.p, sizeof(m.p) - 1};
	if (k->b == KEY_ZERO)
		key = CK_INVALID_HANDLE;
	if (k->b == KEY_GENERIC)
		rv = cf_make(c, CF_GENERIC, NULL, &key);
	if (k->b == KEY_MAY_NOT)
		rv = cf_make(c, CF_AES, &b, &key);
	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	rv = m.init(c->s, k->b == MECH_NULL ? NULL : &m.m, key);
	if (m.final(c->s) != CKR_OPERATION_NOT_INITIALIZED)
		return cf_note(c, CF_WRONG, "%s, but begun", cf_rv_name(rv));
	return rv;
}

/* The parameters may stand in the mechanism, too. */
static CK_RV
init_with_params(struct cf *c, const struct cf_case *k)
{
	struct cf_message m;
	CK_RV rv = cf_message_new(c, k->a == 1, &m);

	if (rv != CKR_OK)
		return rv;
	m.m = (CK_MECHANISM){CKM_AES_GCM, &m.p, sizeof(m.p)};
	rv = m.init(c->s, &m.m, m.key);
	return rv == CKR_OK ? cf_message_good(c, &m) : rv;
}

enum {
	P_NULL,
	P_SIZE,
	IV_NULL,
	IV_EMPTY,
	IV_LONG,
	TAG_BITS,
	TAG_NULL,
	AAD_NULL,
	IN_NULL,
	LEN_NULL
};

/* b: what is wrong with the message. The next one is good. */
static CK_RV
bad_message(struct cf *c, const struct cf_case *k)
{
	struct cf_gcm_message good_p;
	struct cf_message m;
	CK_ULONG n = CF_TEXT;
	CK_RV rv = cf_message_init(c, k->a == 1, &m), after;

	if (rv != CKR_OK)
		return rv;
	good_p = m.p;
	m.p.iv = k->b == IV_NULL ? NULL : m.p.iv;
	m.p.iv_n = k->b == IV_EMPTY ? 0 : k->b == IV_LONG ? 100000 : 12;
	m.p.tag_bits = k->b == TAG_BITS ? 100 : 128;
	m.p.tag = k->b == TAG_NULL ? NULL : m.p.tag;
	rv = m.once(c->s, k->b == P_NULL ? NULL : &m.p,
	    sizeof(m.p) - (k->b == P_SIZE ? 1 : 0),
	    k->b == AAD_NULL ? NULL : m.aad, sizeof(m.aad),
	    k->b == IN_NULL ? NULL
	    : m.decrypt     ? m.crypt
			    : m.plain,
	    CF_TEXT, m.out, k->b == LEN_NULL ? NULL : &n);
	m.p = good_p;
	after = cf_message_good(c, &m);
	return after == CKR_OK
		   ? rv
		   : cf_note(c, CF_WRONG, "then %s", cf_rv_name(after));
}

enum { TWICE, BEGIN_TWICE, ONCE_INSIDE, NEXT_ALONE, AFTER_FINAL, OTHER_TAG };

/* b: what comes in the wrong order. */
static CK_RV
order(struct cf *c, const struct cf_case *k)
{
	struct cf_message m;
	CK_ULONG n = CF_TEXT;
	size_t done = 0;
	CK_RV rv = cf_message_init(c, k->a == 1, &m);

	if (rv != CKR_OK)
		return rv;
	if (k->b == TWICE)
		return m.init(c->s, &m.m, m.key);
	if (k->b == NEXT_ALONE)
		return cf_message_part(c, &m, 0, CF_TEXT, &done);
	rv = m.begin(c->s, &m.p, sizeof(m.p), m.aad, sizeof(m.aad));
	if (rv != CKR_OK)
		return rv;
	if (k->b == BEGIN_TWICE)
		return m.begin(c->s, &m.p, sizeof(m.p), m.aad, sizeof(m.aad));
	if (k->b == ONCE_INSIDE)
		return cf_message_once(c, &m, m.out, &n);
	m.p.tag_bits = k->b == OTHER_TAG ? 96 : 128;
	if (k->b == AFTER_FINAL && (rv = m.final(c->s)) != CKR_OK)
		return rv;
	return cf_message_part(c, &m, 0, CF_TEXT, &done);
}

/* b: 0 the Init with no mechanism, else the flag of C_SessionCancel. */
static CK_RV
cancel(struct cf *c, const struct cf_case *k)
{
	struct cf_message m;
	CK_RV rv = cf_message_init(c, k->a == 1, &m);

	if (rv == CKR_OK)
		rv = m.begin(c->s, &m.p, sizeof(m.p), NULL, 0);
	if (rv == CKR_OK)
		rv = k->b == 0 ? m.init(c->s, NULL, 0)
			       : c->f3->C_SessionCancel(c->s, k->b);
	return rv == CKR_OK ? m.final(c->s) : rv;
}

#define ROW(what, clause, fn, a, b, ...)                                       \
	{                                                                      \
		what, "3.0 " clause, CF_RO, CF_NEED_3, fn, a, b, NULL,         \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define PARAM(what, b, rv)                                                     \
	ROW("C_EncryptMessage/" what, "5.9", bad_message, 0, b, rv),           \
	    ROW("C_DecryptMessage/" what, "5.11", bad_message, 1, b, rv)
#define INIT(what, fn, b, rv)                                                  \
	ROW("C_MessageEncryptInit/" what, "5.9", fn, 0, b, rv),                \
	    ROW("C_MessageDecryptInit/" what, "5.11", fn, 1, b, rv)
#define ONCE(what, fn, b, rv)                                                  \
	ROW("C_EncryptMessage/" what, "5.9", fn, 0, b, rv),                    \
	    ROW("C_DecryptMessage/" what, "5.11", fn, 1, b, rv)
#define NEXT(what, fn, b, rv)                                                  \
	ROW("C_EncryptMessageNext/" what, "5.9", fn, 0, b, rv),                \
	    ROW("C_DecryptMessageNext/" what, "5.11", fn, 1, b, rv)
#define BAD CKR_MECHANISM_PARAM_INVALID
#define NONE CKR_OPERATION_NOT_INITIALIZED

static const struct cf_case table[] = {
    INIT("twice", order, TWICE, CKR_OPERATION_ACTIVE),
    INIT("mechanism-of-no-messages", bad_init, MECH_CBC, CKR_MECHANISM_INVALID),
    INIT("unknown", bad_init, MECH_UNKNOWN, CKR_MECHANISM_INVALID),
    INIT("null-mechanism", bad_init, MECH_NULL, CKR_OK),
    INIT("null-mechanism-cancels", cancel, 0, NONE),
    INIT("parameter-size", bad_init, PARAM_SIZE, BAD),
    INIT("with-parameters", init_with_params, 0, CKR_OK),
    INIT("key-zero", bad_init, KEY_ZERO, CKR_KEY_HANDLE_INVALID),
    INIT("key-is-generic", bad_init, KEY_GENERIC, CKR_KEY_TYPE_INCONSISTENT),
    INIT("key-may-not", bad_init, KEY_MAY_NOT, CKR_KEY_FUNCTION_NOT_PERMITTED),
    ONCE("good", good, 0, CKR_OK),
    ONCE("in-place", in_place, 0, CKR_OK),
    ONCE("length-query", no_room, 0, CKR_OK),
    ONCE("too-small-goes-on", no_room, 1, CKR_OK),
    ONCE("inside-a-message", order, ONCE_INSIDE, CKR_OPERATION_ACTIVE),
    PARAM("null-parameter", P_NULL, BAD),
    PARAM("parameter-size", P_SIZE, BAD),
    PARAM("null-iv", IV_NULL, BAD),
    PARAM("empty-iv", IV_EMPTY, BAD),
    PARAM("long-iv", IV_LONG, BAD),
    PARAM("tag-of-100-bits", TAG_BITS, BAD),
    PARAM("null-tag", TAG_NULL, BAD),
    PARAM("null-associated-data", AAD_NULL, CKR_ARGUMENTS_BAD),
    PARAM("null-input", IN_NULL, CKR_ARGUMENTS_BAD),
    PARAM("null-length", LEN_NULL, CKR_ARGUMENTS_BAD),
    NEXT("parts-of-1", good, 1, CKR_OK),
    NEXT("parts-of-7", good, 7, CKR_OK),
    NEXT("parts-of-16", good, 16, CKR_OK),
    NEXT("one-part", good, CF_TEXT, CKR_OK),
    NEXT("length-query", no_room, 2, CKR_OK),
    NEXT("too-small-goes-on", no_room, 3, CKR_OK),
    NEXT("no-message", order, NEXT_ALONE, NONE),
    NEXT("after-final", order, AFTER_FINAL, NONE),
    NEXT("another-tag-length", order, OTHER_TAG, BAD),
    ROW("C_EncryptMessageBegin/twice", "5.9", order, 0, BEGIN_TWICE,
	CKR_OPERATION_ACTIVE),
    ROW("C_DecryptMessageBegin/twice", "5.11", order, 1, BEGIN_TWICE,
	CKR_OPERATION_ACTIVE),
    ROW("C_SessionCancel/message-encrypt", "5.6", cancel, 0,
	CF_CKF_MESSAGE_ENCRYPT, NONE),
    ROW("C_SessionCancel/message-decrypt", "5.6", cancel, 1,
	CF_CKF_MESSAGE_DECRYPT, NONE),
};

CF_GROUP(cf_group_message, table)
