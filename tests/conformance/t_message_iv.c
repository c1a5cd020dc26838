/* IVs that the module makes for messages, and messages that are not whole. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/message.h"

#define MANY 3

/* Encrypts one more message; m->iv is what came of it. */
static CK_RV
next_iv(struct cf *c, struct cf_message *m, CK_BYTE *iv)
{
	CK_ULONG n = CF_TEXT;
	CK_RV rv = cf_message_once(c, m, m->out, &n);

	if (rv == CKR_OK)
		memcpy(iv, m->iv, m->p.iv_n);
	return rv;
}

/* What came out opens with the IV and the tag that came with it. */
static CK_RV
opens(struct cf *c, const struct cf_message *m)
{
	struct cf_message d;
	CK_ULONG n = CF_TEXT;
	CK_RV rv = cf_message_init(c, true, &d);

	if (rv != CKR_OK)
		return rv;
	memcpy(d.crypt, m->out, CF_TEXT);
	memcpy(d.iv, m->iv, sizeof(d.iv));
	memcpy(d.tag, m->tag, sizeof(d.tag));
	d.p.iv_n = m->p.iv_n;
	rv = cf_message_once(c, &d, d.out, &n);
	if (rv == CKR_OK && memcmp(d.out, m->plain, CF_TEXT) != 0)
		rv = cf_note(c, CF_WRONG, "another text");
	if (rv == CKR_OK)
		rv = d.final(c->s);
	return rv;
}

/* a: generator; b: fixed bits. The fixed ones stay, the others differ. */
static CK_RV
differ(struct cf *c, const struct cf_case *k)
{
	CK_BYTE iv[MANY][16], mask;
	struct cf_message m;
	size_t whole = k->b / 8;
	CK_RV rv = cf_message_init(c, false, &m);

	if (rv != CKR_OK)
		return rv;
	m.p.generator = k->a;
	m.p.fixed_bits = k->b;
	mask = (CK_BYTE)(0xff00 >> k->b % 8);
	for (size_t i = 0; i < MANY; i++) {
		memset(m.iv, 0xa5, sizeof(m.iv));
		if ((rv = next_iv(c, &m, iv[i])) != CKR_OK ||
		    (rv = opens(c, &m)) != CKR_OK)
			return rv;
		for (size_t j = 0; j < whole; j++)
			if (iv[i][j] != 0xa5)
				return cf_note(c, CF_WRONG, "byte %zu", j);
		if (((iv[i][whole] ^ 0xa5) & mask) != 0)
			return cf_note(c, CF_WRONG, "a fixed bit changed");
		for (size_t j = 0; j < i; j++)
			if (memcmp(iv[i], iv[j], 12) == 0)
				return cf_note(c, CF_WRONG, "the same twice");
	}
	return CKR_OK;
}

/* a: 1 xor; b: fixed bits, whole bytes. A length query takes no number. */
static CK_RV
counts(struct cf *c, const struct cf_case *k)
{
	CK_BYTE iv[16], want[12];
	struct cf_message m;
	CK_ULONG n = 0;
	CK_RV rv = cf_message_init(c, false, &m);

	if (rv != CKR_OK)
		return rv;
	m.p.generator = k->a == 1 ? CF_CKG_COUNTER_XOR : CF_CKG_COUNTER;
	m.p.fixed_bits = k->b;
	for (unsigned i = 0; i < 300; i++) {
		memset(m.iv, 0x5a, sizeof(m.iv));
		memset(want, 0x5a, sizeof(want));
		if (k->a == 0)
			memset(&want[k->b / 8], 0, 12 - k->b / 8);
		want[10] ^= (CK_BYTE)(i >> 8);
		want[11] ^= (CK_BYTE)i;
		if ((rv = cf_message_once(c, &m, NULL, &n)) != CKR_OK ||
		    (rv = next_iv(c, &m, iv)) != CKR_OK)
			return cf_note(c, rv, "message %u", i);
		if (memcmp(iv, want, 12) != 0)
			return cf_note(c, CF_WRONG, "message %u", i);
	}
	return opens(c, &m);
}

/* Begun in parts, the IV is there at once. */
static CK_RV
at_begin(struct cf *c, const struct cf_case *k)
{
	CK_BYTE before[16];
	struct cf_message m;
	size_t done = 0;
	CK_RV rv = cf_message_init(c, false, &m);

	(void)k;
	if (rv != CKR_OK)
		return rv;
	memcpy(before, m.iv, sizeof(before));
	m.p.generator = CF_CKG_GENERATE;
	rv = m.begin(c->s, &m.p, sizeof(m.p), m.aad, sizeof(m.aad));
	if (rv == CKR_OK && memcmp(before, m.iv, 12) == 0)
		return cf_note(c, CF_WRONG, "no IV came with the begin");
	memcpy(before, m.iv, sizeof(before));
	if (rv == CKR_OK)
		rv = cf_message_part(c, &m, 0, CF_TEXT, &done);
	if (rv == CKR_OK && memcmp(before, m.iv, 12) != 0)
		return cf_note(c, CF_WRONG, "the IV changed after the begin");
	return rv == CKR_OK ? opens(c, &m) : rv;
}

/* Four free bits: 16 messages. a: generator. */
static CK_RV
exhausted(struct cf *c, const struct cf_case *k)
{
	CK_BYTE iv[16], first[16];
	struct cf_message m;
	CK_RV rv = cf_message_init(c, false, &m);

	memcpy(first, m.iv, sizeof(first));
	m.p.generator = k->a;
	m.p.fixed_bits = 92;
	for (unsigned i = 0; rv == CKR_OK && i < 16; i++) {
		memcpy(m.iv, first, sizeof(first));
		if ((rv = next_iv(c, &m, iv)) != CKR_OK)
			return cf_note(c, CF_WRONG, "message %u: %s", i,
			    cf_rv_name(rv));
	}
	memcpy(m.iv, first, sizeof(first));
	return rv == CKR_OK ? next_iv(c, &m, iv) : rv;
}

/* a: generator; b: fixed bits. */
static CK_RV
refused(struct cf *c, const struct cf_case *k)
{
	CK_BYTE iv[16];
	struct cf_message m;
	CK_RV rv = cf_message_init(c, false, &m);

	m.p.generator = k->a;
	m.p.fixed_bits = k->b;
	return rv == CKR_OK ? next_iv(c, &m, iv) : rv;
}

/* The number is xored into what came out the last time, not what was given
 * first: an IV would come back. */
static CK_RV
xor_varies(struct cf *c, const struct cf_case *k)
{
	CK_BYTE iv[16];
	struct cf_message m;
	CK_RV rv = cf_message_init(c, false, &m);

	(void)k;
	m.p.generator = CF_CKG_COUNTER_XOR;
	for (unsigned i = 0; rv == CKR_OK && i < 2; i++)
		rv = next_iv(c, &m, iv);
	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return next_iv(c, &m, iv);
}

enum { TAG, AAD, TEXT, IV };

/* a: what differs; b: in parts. Nothing comes out; the next message is good. */
static CK_RV
forged(struct cf *c, const struct cf_case *k)
{
	struct cf_message m;
	CK_BYTE *at[4] = {m.tag, m.aad, m.crypt, m.iv};
	CK_ULONG n = CF_TEXT;
	size_t done = 0;
	CK_RV rv = cf_message_init(c, true, &m), after;

	if (rv != CKR_OK)
		return rv;
	at[k->a][3] ^= 1;
	if (k->b == 0)
		rv = cf_message_once(c, &m, m.out, &n);
	else if ((rv = m.begin(c->s, &m.p, sizeof(m.p), m.aad, 20)) == CKR_OK &&
		 (rv = cf_message_part(c, &m, 0, 32, &done)) == CKR_OK)
		rv = cf_message_part(c, &m, 32, CF_TEXT - 32, &done);
	for (size_t i = 0; i < sizeof(m.out); i++)
		if (m.out[i] != 0)
			return cf_note(c, CF_WRONG, "text came out");
	at[k->a][3] ^= 1;
	after = cf_message_good(c, &m);
	return after == CKR_OK
		   ? rv
		   : cf_note(c, CF_WRONG, "then %s", cf_rv_name(after));
}

/* A private key ends with the login. */
static CK_RV
logged_out(struct cf *c, const struct cf_case *k)
{
	static CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE private = {CKA_PRIVATE, &yes, 1};
	const struct cf_bend b = {CF_KEEP_ALL, &private, 1};
	struct cf_message m;
	CK_ULONG n = CF_TEXT;
	CK_RV rv = cf_message_new(c, false, &m);

	(void)k;
	if (rv == CKR_OK)
		rv = cf_make(c, CF_AES, &b, &m.key);
	if (rv == CKR_OK)
		rv = m.init(c->s, &m.m, m.key);
	if (rv == CKR_OK)
		rv = c->f->C_Logout(c->s);
	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return cf_message_once(c, &m, m.out, &n);
}

#define ROW(what, state, fn, a, b, ...)                                        \
	{                                                                      \
		what, "mech 2.13.3, 3.0 5.9", state, CF_NEED_3, fn, a, b,      \
		    NULL, CF_ALLOW(__VA_ARGS__)                                \
	}
#define MADE(what, fn, a, b, ...)                                              \
	ROW("C_EncryptMessage/" what, CF_RO, fn, a, b, __VA_ARGS__)
#define FORGED(what, a)                                                        \
	ROW("C_DecryptMessage/" what, CF_RO, forged, a, 0,                     \
	    CF_CKR_AEAD_DECRYPT_FAILED),                                       \
	    ROW("C_DecryptMessageNext/" what, CF_RO, forged, a, 1,             \
		CF_CKR_AEAD_DECRYPT_FAILED)

static const struct cf_case table[] = {
    MADE("iv-generated", differ, CF_CKG_GENERATE, 0, CKR_OK),
    MADE("iv-generated-32-fixed", differ, CF_CKG_GENERATE, 32, CKR_OK),
    MADE("iv-generated-61-fixed", differ, CF_CKG_GENERATE, 61, CKR_OK),
    MADE("iv-random", differ, CF_CKG_RANDOM, 0, CKR_OK),
    MADE("iv-random-31-fixed", differ, CF_CKG_RANDOM, 31, CKR_OK),
    MADE("iv-counter", counts, 0, 0, CKR_OK),
    MADE("iv-counter-32-fixed", counts, 0, 32, CKR_OK),
    MADE("iv-counter-xor", counts, 1, 32, CKR_OK),
    MADE("iv-counter-xor-varies", xor_varies, 0, 0,
	CKR_MECHANISM_PARAM_INVALID),
    MADE("iv-counter-ends", exhausted, CF_CKG_COUNTER, 0, CF_CKR_KEY_EXHAUSTED),
    MADE("iv-counter-xor-ends", exhausted, CF_CKG_COUNTER_XOR, 0,
	CF_CKR_KEY_EXHAUSTED),
    MADE("iv-all-fixed", refused, CF_CKG_GENERATE, 96,
	CKR_MECHANISM_PARAM_INVALID),
    MADE("iv-more-than-all-fixed", refused, CF_CKG_RANDOM, ~0UL,
	CKR_MECHANISM_PARAM_INVALID),
    MADE("iv-unknown-generator", refused, 77, 0, CKR_MECHANISM_PARAM_INVALID),
    ROW("C_EncryptMessageBegin/iv-generated", CF_RO, at_begin, 0, 0, CKR_OK),
    FORGED("other-tag", TAG),
    FORGED("other-associated-data", AAD),
    FORGED("other-text", TEXT),
    FORGED("other-iv", IV),
    ROW("C_EncryptMessage/logged-out", CF_USER, logged_out, 0, 0,
	CKR_USER_NOT_LOGGED_IN, CKR_OPERATION_NOT_INITIALIZED),
};

CF_GROUP(cf_group_message_iv, table)
