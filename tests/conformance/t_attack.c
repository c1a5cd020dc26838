/*
 * Attempts to read a key that is CKA_SENSITIVE by ways that the calls of
 * PKCS#11 leave open (J. Clulow 2003; S. Delaune, S. Kremer, G. Steel 2008).
 * A row passes when some call of its way is refused, or what comes out is
 * something else. The way of the row stands in its function.
 */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"
#include "tests/conformance/wrap.h"

/* The key that is to be got, so that it is known when it is got. */
static const uint8_t treasure[] = "The 32 bytes nobody is to read!";
static CK_BBOOL yes = CK_TRUE;

/* S, which is sensitive and extractable, of a bytes (32). */
static CK_RV
bury(struct cf *c, const char *what, CK_ULONG n, CK_OBJECT_HANDLE *s)
{
	return cf_wrap_secret(c, CKK_AES, treasure, n, what, s);
}

/* CF_WRONG when `got` is what nobody was to get. */
static CK_RV
verdict(struct cf *c, const uint8_t *got, size_t n)
{
	for (size_t i = 0; i + 8 <= n; i++)
		for (size_t at = 0; at + 8 <= sizeof(treasure); at += 8)
			if (memcmp(&got[i], &treasure[at], 8) == 0)
				return cf_note(c, CF_WRONG, "the key is out");
	return CKR_OK;
}

static CK_RV
read_it(struct cf *c, CK_OBJECT_HANDLE o)
{
	uint8_t got[64];
	size_t n;
	CK_RV rv = cf_attr(c, o, CKA_VALUE, got, sizeof(got), &n);

	return rv == CKR_OK ? verdict(c, got, n) : rv;
}

static CK_RV
decrypt_it(struct cf *c, CK_MECHANISM_TYPE how, CK_OBJECT_HANDLE w, CK_BYTE *in,
    CK_ULONG n)
{
	CK_BYTE out[CF_WRAP_OUT];
	CK_ULONG out_n = sizeof(out);
	CK_RV rv = c->f->C_DecryptInit(c->s, cf_wrap_mech(how), w);

	if (rv == CKR_OK)
		rv = c->f->C_Decrypt(c->s, in, n, out, &out_n);
	return rv == CKR_OK ? verdict(c, out, out_n) : rv;
}

/* a: the mechanism; p: what the wrapping key is. It wraps and decrypts. */
static CK_RV
wrap_decrypt(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, s;
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_wrap_secret(c, CKK_AES, NULL, 32, k->p, &w)) != CKR_OK ||
	    (rv = bury(c, "SX", 32, &s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	if ((rv = cf_wrap_wrap(c, cf_wrap_mech(k->a), w, s, out, &n)) != CKR_OK)
		return rv;
	return decrypt_it(c, k->b, w, out, n);
}

/* The two uses, shared by two copies. a: which copy wraps. */
static CK_RV
two_copies(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE less[4];
	CK_ULONG less_n = cf_wrap_flags(k->p, less), n;
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, copy, s;
	CK_RV rv;

	if ((rv = cf_wrap_secret(c, CKK_AES, NULL, 32,
		 k->a == 0 ? "WDSx" : "WUSx", &w)) != CKR_OK ||
	    (rv = bury(c, "SX", 32, &s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	if ((rv = c->f->C_CopyObject(c->s, w, less, less_n, &copy)) != CKR_OK ||
	    (rv = cf_wrap_wrap(c, cf_wrap_mech(CKM_AES_CBC_PAD),
		 k->a == 0 ? copy : w, s, out, &n)) != CKR_OK)
		return rv;
	return decrypt_it(c, CKM_AES_CBC_PAD, k->a == 0 ? w : copy, out, n);
}

/* Wraps, and then is told to decrypt. */
static CK_RV
set_after(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE more = {CKA_DECRYPT, &yes, sizeof(yes)};
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, s;
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_wrap_secret(c, CKK_AES, NULL, 32, "WS", &w)) != CKR_OK ||
	    (rv = bury(c, "SX", 32, &s)) != CKR_OK ||
	    (rv = cf_wrap_wrap(c, cf_wrap_mech(k->a), w, s, out, &n)) != CKR_OK)
		return rv;
	if ((rv = c->f->C_SetAttributeValue(c->s, w, &more, 1)) != CKR_OK)
		return rv;
	return decrypt_it(c, CKM_AES_ECB, w, out, n);
}

/* Wrapped, and unwrapped as a key that may be read; a: the mechanism, b: by a
 * copy that was made before. p: what the unwrapped key is. */
static CK_RV
unwrap_readable(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, by, s, got;
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_wrap_secret(c, CKK_AES, NULL, 32, "WU", &w)) != CKR_OK ||
	    (rv = bury(c, "SX", 32, &s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	by = w;
	if (k->b != 0 &&
	    (rv = c->f->C_CopyObject(c->s, w, NULL, 0, &by)) != CKR_OK)
		return rv;
	if ((rv = cf_wrap_wrap(c, cf_wrap_mech(k->a), w, s, out, &n)) !=
		CKR_OK ||
	    (rv = cf_wrap_unwrap(c, cf_wrap_mech(k->a), by, out, n, CKK_AES, 0,
		 k->p, &got)) != CKR_OK)
		return rv;
	return read_it(c, got);
}

/* The wrapping key is one that somebody knows. a: how it came here. */
enum { CREATED, READABLE, REIMPORTED };

static CK_RV
make_known(struct cf *c, unsigned long how, CK_OBJECT_HANDLE *w)
{
	static const uint8_t known[33] = "a wrapping key that I brought !!";
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE outer, copy;
	CK_ULONG n;
	CK_RV rv;

	if (how == CREATED)
		return cf_wrap_secret(c, CKK_AES, known, 32, "WDSx", w);
	if (how == READABLE)
		return cf_wrap_secret(c, CKK_AES, NULL, 32, "WsX", w);
	if ((rv = cf_wrap_secret(c, CKK_AES, NULL, 32, "WU", &outer)) !=
		CKR_OK ||
	    (rv = cf_wrap_secret(c, CKK_AES, known, 32, "X", &copy)) !=
		CKR_OK ||
	    (rv = cf_wrap_wrap(c, cf_wrap_mech(CKM_AES_KEY_WRAP), outer, copy,
		 out, &n)) != CKR_OK)
		return rv;
	return cf_wrap_unwrap(c, cf_wrap_mech(CKM_AES_KEY_WRAP), outer, out, n,
	    CKK_AES, 0, "WDSx", w);
}

static CK_RV
known_key(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, s;
	CK_ULONG n;
	CK_RV rv;

	if ((rv = make_known(c, k->a, &w)) != CKR_OK ||
	    (rv = bury(c, "SX", 32, &s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	rv = cf_wrap_wrap(c, cf_wrap_mech(CKM_AES_KEY_WRAP), w, s, out, &n);
	/* Whoever knows the wrapping key needs no more. */
	return rv == CKR_OK ? cf_note(c, CF_WRONG, "it left under a known key")
			    : rv;
}

/* Under a public key whose other half is mine (a 0), or under the token's,
 * whose private key then decrypts for me (a 1). */
static CK_RV
under_public(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE wraps = {CKA_WRAP, &yes, sizeof(yes)};
	struct cf_bend bend = {CF_KEEP_ALL, &wraps, 1};
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w = c->key.pub, s;
	CK_ULONG n;
	CK_RV rv = CKR_OK;

	if (k->a == 0)
		rv = cf_make(c, CF_RSA_PUB, &bend, &w);
	if (rv == CKR_OK)
		rv = bury(c, "SX", 32, &s);
	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	rv = cf_wrap_wrap(c, cf_wrap_mech(CKM_RSA_PKCS), w, s, out, &n);
	if (rv != CKR_OK || k->a == 0)
		return rv == CKR_OK ? cf_note(c, CF_WRONG, "it left") : rv;
	return decrypt_it(c, CKM_RSA_PKCS, c->key.priv, out, n);
}

/* 256 bits under 128. */
static CK_RV
weak_key(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, s;
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_wrap_secret(c, CKK_AES, NULL, k->a, "WSx", &w)) !=
		CKR_OK ||
	    (rv = bury(c, "SX", k->b, &s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return cf_wrap_wrap(c, cf_wrap_mech(CKM_AES_KEY_WRAP), w, s, out, &n);
}

/* What is sensitive is copied, or changed, into what is not. p: the change; a:
 * by C_SetAttributeValue. */
static CK_RV
downgrade(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t[4];
	CK_ULONG n = cf_wrap_flags(k->p, t);
	CK_OBJECT_HANDLE s, copy;
	CK_RV rv = bury(c, "Sx", 32, &s);

	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	copy = s;
	rv = k->a != 0 ? c->f->C_SetAttributeValue(c->s, s, t, n)
		       : c->f->C_CopyObject(c->s, s, t, n, &copy);
	return rv == CKR_OK ? read_it(c, copy) : rv;
}

/* p: what the key is; it is wrapped by the best there is. */
static CK_RV
not_to_leave(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, s;
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_wrap_secret(c, CKK_AES, NULL, 32, "W", &w)) != CKR_OK ||
	    (rv = bury(c, k->p, 32, &s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return cf_wrap_wrap(c, cf_wrap_mech(CKM_AES_KEY_WRAP), w, s, out, &n);
}

/* A user makes the wrapping key a trusted one. */
static CK_RV
trust_me(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t = {CKA_TRUSTED, &yes, sizeof(yes)};
	CK_OBJECT_HANDLE w;
	CK_RV rv = cf_wrap_secret(c, CKK_AES, NULL, 32, "W", &w);

	(void)k;
	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return c->f->C_SetAttributeValue(c->s, w, &t, 1);
}

/* Bytes at the end let go as if they had filled a block: what is left is
 * guessed first, and the rest after it. */
static CK_RV
cut_back(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, s, got;
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_wrap_secret(c, CKK_AES, NULL, 32, "WU", &w)) != CKR_OK ||
	    (rv = bury(c, "SX", 16, &s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	if ((rv = cf_wrap_wrap(c, cf_wrap_mech(k->a), w, s, out, &n)) != CKR_OK)
		return rv;
	rv = cf_wrap_unwrap(c, cf_wrap_mech(k->a), w, out, n,
	    CKK_GENERIC_SECRET, 9, "S", &got);
	return rv == CKR_OK ? cf_note(c, CF_WRONG, "nine bytes are a key") : rv;
}

/* Wrapped by one mechanism, a part of it unwrapped by another, short enough to
 * be guessed from its check value. a, b: the mechanisms. */
static CK_RV
cut_short(struct cf *c, const struct cf_case *k)
{
	CK_BYTE out[CF_WRAP_OUT];
	CK_OBJECT_HANDLE w, s, got;
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_wrap_secret(c, CKK_AES, NULL, 32, "WU", &w)) != CKR_OK ||
	    (rv = bury(c, "SX", 32, &s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	if ((rv = cf_wrap_wrap(c, cf_wrap_mech(k->a), w, s, out, &n)) != CKR_OK)
		return rv;
	rv = cf_wrap_unwrap(c, cf_wrap_mech(k->b), w, out, 16,
	    CKK_GENERIC_SECRET, 1, "S", &got);
	return rv == CKR_OK ? cf_note(c, CF_WRONG, "one byte of it is a key")
			    : rv;
}

/* GCM twice with one IV: a known key gives the key stream. */
static CK_RV
key_stream(struct cf *c, const struct cf_case *k)
{
	static const uint8_t known[32] = {1, 2, 3};
	CK_BYTE one[CF_WRAP_OUT], two[CF_WRAP_OUT];
	CK_MECHANISM *m = cf_wrap_mech(CKM_AES_GCM);
	CK_OBJECT_HANDLE w, s, mine;
	CK_ULONG n;
	CK_RV rv;

	if ((rv = cf_wrap_secret(c, CKK_AES, NULL, 32, "W", &w)) != CKR_OK ||
	    (rv = bury(c, "SX", 32, &s)) != CKR_OK ||
	    (rv = cf_wrap_secret(c, CKK_AES, known, 32, "X", &mine)) != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	if ((rv = cf_wrap_wrap(c, m, w, k->a != 0 ? mine : s, one, &n)) !=
		CKR_OK ||
	    (rv = cf_wrap_wrap(c, m, w, k->a != 0 ? s : mine, two, &n)) !=
		CKR_OK)
		return rv;
	for (size_t i = 0; i < 32; i++)
		one[i] ^= two[i] ^ known[i];
	return verdict(c, one, 32);
}

/* It is given a use that it did not have. p: which. */
static CK_RV
new_use(struct cf *c, const struct cf_case *k)
{
	CK_ATTRIBUTE t[4];
	CK_ULONG n = cf_wrap_flags(k->p, t);
	CK_OBJECT_HANDLE s;
	CK_RV rv = bury(c, "Sxvgew", 32, &s);

	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s", cf_rv_name(rv));
	return c->f->C_SetAttributeValue(c->s, s, t, n);
}

#define ROW(what, fn, need, state, a, b, p, ...)                               \
	{                                                                      \
		"attack/" what, "2.40 4.7.1, 4.8, 5.14.3, 5.14.4", state,      \
		    need, fn, a, b, p, CF_ALLOW(__VA_ARGS__)                   \
	}
#define KEPT                                                                   \
	CKR_KEY_NOT_WRAPPABLE, CKR_KEY_FUNCTION_NOT_PERMITTED,                 \
	    CKR_KEY_UNEXTRACTABLE, CKR_MECHANISM_INVALID,                      \
	    CKR_WRAPPING_KEY_TYPE_INCONSISTENT, CKR_TEMPLATE_INCONSISTENT,     \
	    CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_SENSITIVE,                  \
	    CKR_WRAPPED_KEY_LEN_RANGE, CKR_WRAPPED_KEY_INVALID,                \
	    CKR_WRAPPING_KEY_SIZE_RANGE, CKR_KEY_SIZE_RANGE,                   \
	    CKR_ENCRYPTED_DATA_INVALID, CKR_ENCRYPTED_DATA_LEN_RANGE,          \
	    CKR_ACTION_PROHIBITED
#define TRY(what, fn, a, b, p) ROW(what, fn, 0, CF_RO, a, b, p, KEPT)

static const struct cf_case table[] = {
    TRY("wrap-and-decrypt-ecb", wrap_decrypt, CKM_AES_ECB, CKM_AES_ECB, "WDSx"),
    TRY("wrap-and-decrypt-cbc", wrap_decrypt, CKM_AES_CBC, CKM_AES_CBC, "WDSx"),
    TRY("wrap-and-decrypt-pad", wrap_decrypt, CKM_AES_CBC_PAD, CKM_AES_CBC_PAD,
	"WDSx"),
    TRY("wrap-and-decrypt-gcm", wrap_decrypt, CKM_AES_GCM, CKM_AES_GCM, "WDSx"),
    TRY("wrap-and-decrypt-kw", wrap_decrypt, CKM_AES_KEY_WRAP, CKM_AES_ECB,
	"WDSx"),
    TRY("wrap-and-decrypt-readable", wrap_decrypt, CKM_AES_CBC_PAD,
	CKM_AES_CBC_PAD, "WDs"),
    TRY("wrap-by-copy-decrypt", two_copies, 0, 0, "d"),
    TRY("wrap-decrypt-by-copy", two_copies, 1, 0, "D"),
    TRY("wrap-then-set-decrypt", set_after, CKM_AES_KEY_WRAP, 0, NULL),
    TRY("unwrap-readable-kw", unwrap_readable, CKM_AES_KEY_WRAP, 0, "sX"),
    TRY("unwrap-readable-kwp", unwrap_readable, CKM_AES_KEY_WRAP_PAD, 0, "sX"),
    TRY("unwrap-readable-pad", unwrap_readable, CKM_AES_CBC_PAD, 0, "sX"),
    TRY("unwrap-says-nothing", unwrap_readable, CKM_AES_KEY_WRAP, 0, ""),
    TRY("unwrap-readable-by-copy", unwrap_readable, CKM_AES_KEY_WRAP, 1, "sX"),
    ROW("unwrap-to-derive", unwrap_readable, 0, CF_RO, CKM_AES_KEY_WRAP, 0,
	"SV", CKR_TEMPLATE_INCONSISTENT, CKR_KEY_NOT_WRAPPABLE),
    TRY("known-key-created", known_key, CREATED, 0, NULL),
    TRY("known-key-readable", known_key, READABLE, 0, NULL),
    TRY("known-key-reimported", known_key, REIMPORTED, 0, NULL),
    TRY("under-own-public-key", under_public, 0, 0, NULL),
    ROW("under-token-public-key", under_public, CF_NEED_RSA | CF_NEED_PUB,
	CF_KEY, 1, 0, NULL, KEPT),
    TRY("weak-16-for-32", weak_key, 16, 32, NULL),
    TRY("weak-16-for-24", weak_key, 16, 24, NULL),
    TRY("weak-24-for-32", weak_key, 24, 32, NULL),
    TRY("copy-not-sensitive", downgrade, 0, 0, "s"),
    TRY("copy-extractable", downgrade, 0, 0, "X"),
    TRY("copy-both", downgrade, 0, 0, "sX"),
    TRY("set-not-sensitive", downgrade, 1, 0, "s"),
    TRY("set-extractable", downgrade, 1, 0, "X"),
    ROW("unextractable", not_to_leave, 0, CF_RO, 0, 0, "Sx",
	CKR_KEY_UNEXTRACTABLE),
    ROW("readable-unextractable", not_to_leave, 0, CF_RO, 0, 0, "sx",
	CKR_KEY_UNEXTRACTABLE),
    ROW("not-trusted", not_to_leave, 0, CF_RO, 0, 0, "SXT",
	CKR_KEY_NOT_WRAPPABLE),
    ROW("not-trusted-readable", not_to_leave, 0, CF_RO, 0, 0, "sXT",
	CKR_KEY_NOT_WRAPPABLE),
    ROW("trust-me", trust_me, 0, CF_RO, 0, 0, NULL, CKR_ATTRIBUTE_READ_ONLY,
	CKR_USER_NOT_LOGGED_IN),
    TRY("cut-short-ecb", cut_short, CKM_AES_ECB, CKM_AES_ECB, NULL),
    TRY("cut-short-kw-by-ecb", cut_short, CKM_AES_KEY_WRAP, CKM_AES_ECB, NULL),
    TRY("cut-short-kw", cut_short, CKM_AES_KEY_WRAP, CKM_AES_KEY_WRAP, NULL),
    TRY("cut-back-kw", cut_back, CKM_AES_KEY_WRAP, 0, NULL),
    TRY("one-iv-before", key_stream, 1, 0, NULL),
    TRY("one-iv-after", key_stream, 0, 0, NULL),
    TRY("new-use-derive", new_use, 0, 0, "V"),
    TRY("new-use-sign", new_use, 0, 0, "G"),
    TRY("new-use-wrap", new_use, 0, 0, "W"),
};

CF_GROUP(cf_group_attack, table)
