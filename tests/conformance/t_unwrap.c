/* C_UnwrapKey with the private RSA key of the token: 2.40 5.14.4, mech 2.1.6,
 * 2.1.8; what a padding may tell: RFC 3218, 2.3.2. */
#include <string.h>

#include <openssl/rsa.h>

#include "tests/conformance/groups.h"
#include "tests/conformance/wrap.h"

#define K_MAX 1024

static CK_BYTE secret[] = "thirty-two bytes of a content ke";
static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS secret_key = CKO_SECRET_KEY, data_class = CKO_DATA,
		       private_key = CKO_PRIVATE_KEY;
static CK_KEY_TYPE aes = CKK_AES, strange = 0x7badc0deUL, rsa = CKK_RSA;
static CK_ULONG len_17 = 17;

/* n bytes of `secret` encrypted for the token. */
static bool
encrypt(struct cf *c, CK_MECHANISM_TYPE type, size_t n, CK_BYTE *out,
    size_t *out_n)
{
	bool oaep = type == CKM_RSA_PKCS_OAEP;

	*out_n = K_MAX;
	return cf_ossl_encrypt(c->key.pkey,
	    oaep ? RSA_PKCS1_OAEP_PADDING : RSA_PKCS1_PADDING,
	    oaep ? "SHA1" : NULL, NULL, 0, secret, n, out, out_n);
}

/* A content key for the token, and the mechanism. */
static CK_RV
begin(struct cf *c, CK_MECHANISM_TYPE type, size_t n, CK_BYTE *in, size_t *in_n)
{
	CK_RV rv = cf_wrap_needs(c, type);

	if (rv == CKR_OK && !encrypt(c, type, n, in, in_n))
		return cf_note(c, CF_SETUP, "OpenSSL does not encrypt");
	return rv;
}

static CK_RV
is_secret(struct cf *c, CK_OBJECT_HANDLE o, size_t n)
{
	uint8_t got[64];
	size_t got_n;
	CK_RV rv = cf_attr(c, o, CKA_VALUE, got, sizeof(got), &got_n);

	if (rv == CKR_OK && (got_n != n || memcmp(got, secret, n) != 0))
		return cf_note(c, CF_WRONG, "another key, of %zu bytes", got_n);
	return rv;
}

struct good {
	CK_KEY_TYPE type;
	size_t n;
	CK_ULONG told;
};
static const struct good aes_16 = {CKK_AES, 16, 0}, aes_24 = {CKK_AES, 24, 0},
			 aes_32 = {CKK_AES, 32, 32},
			 generic_20 = {CKK_GENERIC_SECRET, 20, 20},
			 generic_5 = {CKK_GENERIC_SECRET, 5, 0};

/* a: mechanism; p: the key. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	const struct good *g = k->p;
	CK_OBJECT_HANDLE o;
	CK_BYTE in[K_MAX];
	bool local = true;
	size_t n;
	CK_RV rv = begin(c, k->a, g->n, in, &n);

	if (rv == CKR_OK)
		rv = cf_wrap_unwrap(c, cf_wrap_mech(k->a), c->key.priv, in, n,
		    g->type, g->told, "sXED", &o);
	if (rv == CKR_OK)
		rv = is_secret(c, o, g->n);
	if (rv == CKR_OK)
		rv = cf_attr_bool(c, o, CKA_LOCAL, &local);
	if (rv == CKR_OK && local)
		return cf_note(c, CF_WRONG, "CKA_LOCAL is true");
	return rv;
}

/* A content key opens the content: what OpenSSL encrypted under it. */
static CK_RV
opens_mail(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM ecb = {CKM_AES_ECB, NULL, 0};
	CK_BYTE in[K_MAX], out[32], back[32], mail[16] = "a mail of 16 by";
	CK_ULONG out_n = sizeof(out), back_n = sizeof(back);
	CK_OBJECT_HANDLE o, same;
	size_t n;
	CK_RV rv = begin(c, k->a, 32, in, &n);

	if (rv != CKR_OK ||
	    (rv = cf_wrap_unwrap(c, cf_wrap_mech(k->a), c->key.priv, in, n,
		 CKK_AES, 0, "SED", &o)) != CKR_OK ||
	    (rv = cf_wrap_secret(c, CKK_AES, secret, 32, "E", &same)) !=
		CKR_OK ||
	    (rv = c->f->C_EncryptInit(c->s, &ecb, same)) != CKR_OK ||
	    (rv = c->f->C_Encrypt(c->s, mail, 16, out, &out_n)) != CKR_OK ||
	    (rv = c->f->C_DecryptInit(c->s, &ecb, o)) != CKR_OK ||
	    (rv = c->f->C_Decrypt(c->s, out, out_n, back, &back_n)) != CKR_OK)
		return rv;
	if (back_n != 16 || memcmp(back, mail, 16) != 0)
		return cf_note(c, CF_WRONG, "another plaintext");
	return CKR_OK;
}

/* Blocks of PKCS#1 v1.5, right and wrong. */
enum block {
	RIGHT,
	WRONG_TYPE,   /* 00 01 */
	WRONG_FIRST,  /* 01 02 */
	NO_END,       /* no zero in it */
	SHORT_FILL,   /* seven bytes of it */
	WRONG_LENGTH, /* right, with 15 bytes */
	NOTHING_IN_IT,
	BLOCKS,
};

static void
make_block(enum block b, uint8_t *em, size_t k)
{
	size_t n = b == WRONG_LENGTH ? 15 : b == NOTHING_IN_IT ? 0 : 16;

	memset(em, 0x5a, k);
	em[0] = b == WRONG_FIRST;
	em[1] = b == WRONG_TYPE ? 1 : 2;
	if (b != NO_END)
		em[k - n - 1] = 0;
	memcpy(&em[k - n], secret, n);
	if (b == SHORT_FILL)
		em[9] = 0;
}

/* What the module says of a block, and how long the key is that it makes. */
static CK_RV
ask(struct cf *c, enum block b, CK_ULONG told, CK_ULONG *len)
{
	uint8_t em[K_MAX];
	CK_BYTE in[K_MAX];
	size_t k = c->key.bits / 8, n = sizeof(in);
	CK_OBJECT_HANDLE o;
	CK_RV rv;

	make_block(b, em, k);
	if (!cf_ossl_encrypt(c->key.pkey, RSA_NO_PADDING, NULL, NULL, 0, em, k,
		in, &n))
		return cf_note(c, CF_SETUP, "OpenSSL does not encrypt");
	rv = cf_wrap_unwrap(c, cf_wrap_mech(CKM_RSA_PKCS), c->key.priv, in, n,
	    CKK_AES, told, "sX", &o);
	*len = 0;
	return rv == CKR_OK ? cf_attr_ulong(c, o, CKA_VALUE_LEN, len) : rv;
}

/* One answer for all, with a key that the template allows. a: the length that
 * it tells. */
static CK_RV
says_nothing(struct cf *c, const struct cf_case *k)
{
	CK_ULONG len, tolds[] = {0, 16, 24, 32};
	CK_RV rv = cf_wrap_needs(c, CKM_RSA_PKCS), one;

	if (rv != CKR_OK)
		return rv;
	for (size_t t = 0; t < CF_COUNT(tolds); t++)
		for (unsigned b = RIGHT; b < BLOCKS; b++) {
			one = ask(c, (enum block)b, tolds[t], &len);
			if (one != CKR_OK)
				return cf_note(c, one, "block %u of %lu", b,
				    tolds[t]);
			if (tolds[t] != 0 ? len != tolds[t]
					  : len != 16 && len != 24 && len != 32)
				return cf_note(c, CF_WRONG,
				    "block %u of %lu: %lu bytes", b, tolds[t],
				    len);
		}
	(void)k;
	return CKR_OK;
}

/* The same wrong block gives the same key, another one another. */
static CK_RV
says_the_same(struct cf *c, const struct cf_case *k)
{
	uint8_t em[K_MAX], got[3][64];
	CK_BYTE in[K_MAX];
	size_t bytes = c->key.bits / 8, n, got_n;
	CK_OBJECT_HANDLE o;
	CK_RV rv = cf_wrap_needs(c, CKM_RSA_PKCS);

	(void)k;
	for (size_t i = 0; rv == CKR_OK && i < 3; i++) {
		make_block(WRONG_TYPE, em, bytes);
		em[bytes / 2] = (uint8_t)(i / 2);
		n = sizeof(in);
		if (!cf_ossl_encrypt(c->key.pkey, RSA_NO_PADDING, NULL, NULL, 0,
			em, bytes, in, &n))
			return cf_note(c, CF_SETUP, "OpenSSL");
		rv = cf_wrap_unwrap(c, cf_wrap_mech(CKM_RSA_PKCS), c->key.priv,
		    in, n, CKK_AES, 32, "sX", &o);
		if (rv == CKR_OK)
			rv = cf_attr(c, o, CKA_VALUE, got[i], 64, &got_n);
	}
	if (rv == CKR_OK && (memcmp(got[0], got[1], 32) != 0 ||
				memcmp(got[1], got[2], 32) == 0))
		return cf_note(c, CF_WRONG, "not one key for one block");
	return rv;
}

/* What a row bends. */
enum bend {
	STRAIGHT,
	CUT,       /* one byte less */
	LONGER,    /* one more */
	ABOVE,     /* all FF: no number below the modulus */
	NO_INPUT,  /* NULL */
	CHANGED,   /* one bit */
	BY_PUBLIC, /* the other half */
	BY_CERT,
	BY_SECRET,
	WITH_PARAM, /* one where none belongs, none where one does */
};

#define A(type, v)                                                             \
	{                                                                      \
		type, &(v), sizeof(v)                                          \
	}
struct order {
	enum bend bend;
	CK_ATTRIBUTE t[6];
};
#define ORDER(name, bend, ...)                                                 \
	static const struct order name = {bend, {__VA_ARGS__}}
#define AES A(CKA_CLASS, secret_key), A(CKA_KEY_TYPE, aes), A(CKA_TOKEN, no)

ORDER(cut, CUT, AES);
ORDER(longer, LONGER, AES);
ORDER(above, ABOVE, AES);
ORDER(no_input, NO_INPUT, AES);
ORDER(changed, CHANGED, AES);
ORDER(by_public, BY_PUBLIC, AES);
ORDER(by_cert, BY_CERT, AES);
ORDER(by_secret, BY_SECRET, AES);
ORDER(with_param, WITH_PARAM, AES);
ORDER(no_class, STRAIGHT, A(CKA_KEY_TYPE, aes));
ORDER(into_data, STRAIGHT, A(CKA_CLASS, data_class));
ORDER(into_private, STRAIGHT, A(CKA_CLASS, private_key), A(CKA_KEY_TYPE, rsa));
ORDER(of_strange, STRAIGHT, A(CKA_CLASS, secret_key), A(CKA_KEY_TYPE, strange));
ORDER(of_17, STRAIGHT, AES, A(CKA_VALUE_LEN, len_17));
ORDER(with_value, STRAIGHT, AES, A(CKA_VALUE, secret));
ORDER(with_local, STRAIGHT, AES, A(CKA_LOCAL, yes));
ORDER(on_token, STRAIGHT, A(CKA_CLASS, secret_key), A(CKA_KEY_TYPE, aes),
    A(CKA_TOKEN, yes));

static CK_RV
bent(struct cf *c, const struct order *o, CK_MECHANISM *m, CK_BYTE *in,
    size_t n)
{
	CK_OBJECT_HANDLE by = c->key.priv, out;
	CK_ATTRIBUTE t[6];
	CK_ULONG t_n = 0;
	CK_RV rv = CKR_OK;

	while (t_n < 6 && o->t[t_n].pValue != NULL) {
		t[t_n] = o->t[t_n];
		t_n++;
	}
	if (o->bend == CUT)
		n--;
	if (o->bend == LONGER)
		in[n++] = 0;
	if (o->bend == ABOVE)
		memset(in, 0xff, n);
	if (o->bend == CHANGED)
		in[n - 1] ^= 1;
	if (o->bend == BY_PUBLIC)
		by = c->key.pub;
	if (o->bend == BY_CERT)
		by = c->key.cert;
	if (o->bend == BY_SECRET)
		rv = cf_wrap_secret(c, CKK_AES, secret, 32, "U", &by);
	if (o->bend == WITH_PARAM)
		*m = (CK_MECHANISM){m->mechanism,
		    m->pParameter != NULL ? NULL : secret,
		    m->pParameter != NULL ? 0 : 8};
	return rv != CKR_OK
		   ? rv
		   : c->f->C_UnwrapKey(c->s, m, by,
			 o->bend == NO_INPUT ? NULL : in, n, t, t_n, &out);
}

/* a: mechanism; p: the order. */
static CK_RV
refused(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m;
	CK_BYTE in[K_MAX + 1];
	size_t n;
	CK_RV rv = begin(c, k->a, 16, in, &n);

	if (rv != CKR_OK)
		return rv;
	m = *cf_wrap_mech(k->a);
	return bent(c, k->p, &m, in, n);
}

static CK_RV
logged_out(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	CK_BYTE in[K_MAX];
	size_t n;
	CK_RV rv = begin(c, k->a, 16, in, &n);

	if (rv == CKR_OK)
		rv = c->f->C_Logout(c->s);
	if (rv != CKR_OK)
		return rv;
	return cf_wrap_unwrap(c, cf_wrap_mech(k->a), c->key.priv, in, n,
	    CKK_AES, 0, "", &o);
}

#define ROW(what, fn, a, p, ...)                                               \
	{                                                                      \
		"C_UnwrapKey/" what, "2.40 5.14.4, mech 2.1", CF_KEY,          \
		    CF_NEED_RSA, fn, a, 0, p, CF_ALLOW(__VA_ARGS__)            \
	}
#define BAD(what, p, ...)                                                      \
	ROW("rsa-" what, refused, CKM_RSA_PKCS, &p, __VA_ARGS__)
#define OAEP(what, p, ...)                                                     \
	ROW("oaep-" what, refused, CKM_RSA_PKCS_OAEP, &p, __VA_ARGS__)
#define VALUE                                                                  \
	CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT,                \
	    CKR_WRAPPED_KEY_LEN_RANGE
#define READ_ONLY CKR_ATTRIBUTE_READ_ONLY, CKR_TEMPLATE_INCONSISTENT
#define HANDLE CKR_UNWRAPPING_KEY_HANDLE_INVALID
#define TYPE                                                                   \
	CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT,                                  \
	    CKR_UNWRAPPING_KEY_HANDLE_INVALID, CKR_KEY_FUNCTION_NOT_PERMITTED

static const struct cf_case table[] = {
    ROW("rsa-aes-16", good, CKM_RSA_PKCS, &aes_16, CKR_OK),
    ROW("rsa-aes-24", good, CKM_RSA_PKCS, &aes_24, CKR_OK),
    ROW("rsa-aes-32-told", good, CKM_RSA_PKCS, &aes_32, CKR_OK),
    ROW("rsa-generic-20-told", good, CKM_RSA_PKCS, &generic_20, CKR_OK),
    ROW("rsa-generic-5", good, CKM_RSA_PKCS, &generic_5, CKR_OK),
    ROW("oaep-aes-16", good, CKM_RSA_PKCS_OAEP, &aes_16, CKR_OK),
    ROW("oaep-aes-32-told", good, CKM_RSA_PKCS_OAEP, &aes_32, CKR_OK),
    ROW("oaep-generic-5", good, CKM_RSA_PKCS_OAEP, &generic_5, CKR_OK),
    ROW("rsa-opens-mail", opens_mail, CKM_RSA_PKCS, NULL, CKR_OK),
    ROW("oaep-opens-mail", opens_mail, CKM_RSA_PKCS_OAEP, NULL, CKR_OK),
    ROW("rsa-padding-says-nothing", says_nothing, 0, NULL, CKR_OK),
    ROW("rsa-padding-says-the-same", says_the_same, 0, NULL, CKR_OK),
    ROW("rsa-logged-out", logged_out, CKM_RSA_PKCS, NULL,
	CKR_UNWRAPPING_KEY_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN),
    BAD("cut", cut, CKR_WRAPPED_KEY_LEN_RANGE),
    BAD("longer", longer, CKR_WRAPPED_KEY_LEN_RANGE),
    BAD("above-modulus", above, CKR_WRAPPED_KEY_INVALID, CKR_OK),
    BAD("null-input", no_input, CKR_ARGUMENTS_BAD),
    BAD("by-public-key", by_public, TYPE),
    BAD("by-certificate", by_cert, HANDLE),
    BAD("by-secret-key", by_secret, TYPE),
    BAD("parameter", with_param, CKR_MECHANISM_PARAM_INVALID,
	CKR_ARGUMENTS_BAD),
    BAD("no-class", no_class, CKR_TEMPLATE_INCOMPLETE),
    BAD("into-data", into_data, CKR_TEMPLATE_INCONSISTENT,
	CKR_ATTRIBUTE_VALUE_INVALID),
    BAD("into-private-key", into_private, CKR_TEMPLATE_INCONSISTENT,
	CKR_WRAPPED_KEY_INVALID, CKR_ATTRIBUTE_VALUE_INVALID),
    BAD("unknown-key-type", of_strange, VALUE),
    BAD("aes-of-17-bytes", of_17, VALUE),
    BAD("value-given", with_value, READ_ONLY),
    BAD("local-given", with_local, READ_ONLY),
    BAD("on-token-read-only", on_token, CKR_SESSION_READ_ONLY,
	CKR_TOKEN_WRITE_PROTECTED),
    OAEP("changed", changed, CKR_WRAPPED_KEY_INVALID),
    OAEP("cut", cut, CKR_WRAPPED_KEY_LEN_RANGE),
    OAEP("no-parameter", with_param, CKR_MECHANISM_PARAM_INVALID,
	CKR_ARGUMENTS_BAD),
};

CF_GROUP(cf_group_unwrap, table)
