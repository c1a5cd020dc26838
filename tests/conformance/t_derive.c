/* C_DeriveKey with CKM_ECDH1_DERIVE: 2.40 clause 5.14.5, mech 2.3.8. */
#include <string.h>

#include "tests/conformance/groups.h"

#define POINT_MAX 140
#define SECRET_MAX 80

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS secret_key = CKO_SECRET_KEY, data = CKO_DATA;
static CK_KEY_TYPE generic = CKK_GENERIC_SECRET, aes = CKK_AES,
		   strange = 0x7badc0deUL;
static CK_ULONG len_16 = 16, len_17 = 17, len_32 = 32, len_4096 = 4096;
static CK_BYTE shared[] = "between us";

/* What a row bends. */
enum bend {
	STRAIGHT,
	DER_POINT,
	NO_PARAMS,
	SHORT_PARAMS,
	UNKNOWN_KDF,
	SHARED_WITHOUT_KDF,
	NO_POINT,
	OFF_THE_CURVE,
	CUT_POINT,
	BY_CERT,
};

struct order {
	enum bend bend;
	CK_ULONG kdf; /* 0: CKD_NULL */
	const CK_ATTRIBUTE *add;
	CK_ULONG add_n;
};

#define A(type, v)                                                             \
	{                                                                      \
		type, &(v), sizeof(v)                                          \
	}
#define ORDER(name, bend, kdf, ...)                                            \
	static const CK_ATTRIBUTE name##_add[] = {__VA_ARGS__};                \
	static const struct order name = {                                     \
	    bend, kdf, name##_add, CF_COUNT(name##_add)}
#define GENERIC A(CKA_CLASS, secret_key), A(CKA_KEY_TYPE, generic)
#define AES A(CKA_CLASS, secret_key), A(CKA_KEY_TYPE, aes)
#define OPEN A(CKA_SENSITIVE, no), A(CKA_EXTRACTABLE, yes)

ORDER(plain, STRAIGHT, 0, GENERIC, OPEN);
ORDER(der, DER_POINT, 0, GENERIC, OPEN);
ORDER(cut, STRAIGHT, 0, AES, OPEN, A(CKA_VALUE_LEN, len_16));
ORDER(hidden, STRAIGHT, 0, AES, A(CKA_VALUE_LEN, len_16),
    A(CKA_SENSITIVE, yes));
ORDER(no_params, NO_PARAMS, 0, GENERIC);
ORDER(short_params, SHORT_PARAMS, 0, GENERIC);
ORDER(unknown_kdf, UNKNOWN_KDF, 0, GENERIC, A(CKA_VALUE_LEN, len_16));
ORDER(shared_null, SHARED_WITHOUT_KDF, 0, GENERIC);
ORDER(no_point, NO_POINT, 0, GENERIC);
ORDER(off, OFF_THE_CURVE, 0, GENERIC);
ORDER(cut_point, CUT_POINT, 0, GENERIC);
ORDER(by_cert, BY_CERT, 0, GENERIC);
ORDER(of_data, STRAIGHT, 0, A(CKA_CLASS, data));
ORDER(of_strange, STRAIGHT, 0, A(CKA_CLASS, secret_key),
    A(CKA_KEY_TYPE, strange));
ORDER(with_value, STRAIGHT, 0, GENERIC, A(CKA_VALUE, shared));
ORDER(aes_of_17, STRAIGHT, 0, AES, A(CKA_VALUE_LEN, len_17));
ORDER(too_long, STRAIGHT, 0, GENERIC, A(CKA_VALUE_LEN, len_4096));
ORDER(kdf_without_length, STRAIGHT, CKD_SHA256_KDF, GENERIC);
ORDER(x963, STRAIGHT, CKD_SHA256_KDF, GENERIC, OPEN, A(CKA_VALUE_LEN, len_32));
ORDER(one_step, STRAIGHT, CF_CKD_SHA256_KDF_SP800, GENERIC, OPEN,
    A(CKA_VALUE_LEN, len_32));
ORDER(on_token, STRAIGHT, 0, GENERIC, A(CKA_TOKEN, yes));

/* A key pair of the test's on the curve of c->key, its point, and the secret
 * both must come to. */
struct peer {
	CK_BYTE point[POINT_MAX];
	size_t point_n;
	uint8_t secret[SECRET_MAX];
	size_t secret_n;
};

static bool
agree(EVP_PKEY *own, EVP_PKEY *other, struct peer *p)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
	unsigned char *point = NULL;
	bool ok;

	p->secret_n = sizeof(p->secret);
	ok = EVP_PKEY_derive_init(ctx) == 1 &&
	     EVP_PKEY_derive_set_peer(ctx, other) == 1 &&
	     EVP_PKEY_derive(ctx, p->secret, &p->secret_n) == 1;
	p->point_n = EVP_PKEY_get1_encoded_public_key(own, &point);
	ok = ok && p->point_n != 0 && p->point_n + 3 <= sizeof(p->point);
	if (ok)
		memcpy(p->point, point, p->point_n);
	OPENSSL_free(point);
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool
make_peer(const struct cf *c, struct peer *p)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(c->key.pkey, NULL);
	EVP_PKEY *own = NULL;
	bool ok = EVP_PKEY_keygen_init(ctx) == 1 &&
		  EVP_PKEY_keygen(ctx, &own) == 1 && agree(own, c->key.pkey, p);

	EVP_PKEY_free(own);
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static void
bend_point(struct peer *p, enum bend bend)
{
	size_t head = p->point_n > 127 ? 3 : 2;

	if (bend == OFF_THE_CURVE)
		p->point[p->point_n - 1] ^= 1;
	if (bend == CUT_POINT)
		p->point_n--;
	if (bend == NO_POINT)
		p->point_n = 0;
	if (bend != DER_POINT)
		return;
	memmove(&p->point[head], p->point, p->point_n);
	p->point[0] = 0x04;
	p->point[1] = head == 3 ? 0x81 : (CK_BYTE)p->point_n;
	p->point[head - 1] = (CK_BYTE)p->point_n;
	p->point_n += head;
}

static CK_RV
derive(struct cf *c, const struct order *o, struct peer *p,
    CK_OBJECT_HANDLE *out)
{
	CK_ECDH1_DERIVE_PARAMS params = {
	    o->kdf != 0 ? o->kdf : CKD_NULL, 0, NULL, 0, NULL};
	CK_MECHANISM m = {CKM_ECDH1_DERIVE, &params, sizeof(params)};
	CK_ATTRIBUTE t[8] = {{CKA_TOKEN, &no, sizeof(no)}};
	CK_ULONG n = 1;

	bend_point(p, o->bend);
	params.public_data = p->point_n != 0 ? p->point : NULL;
	params.public_data_len = p->point_n;
	if (o->bend == UNKNOWN_KDF)
		params.kdf = 0x7badc0deUL;
	if (o->bend == SHARED_WITHOUT_KDF) {
		params.shared_data = shared;
		params.shared_data_len = sizeof(shared);
	}
	if (o->bend == NO_PARAMS)
		m.pParameter = NULL;
	if (o->bend == NO_PARAMS || o->bend == SHORT_PARAMS)
		m.ulParameterLen = o->bend == NO_PARAMS ? 0 : 8;
	for (CK_ULONG i = 0; i < o->add_n; i++)
		if (o->add[i].type == CKA_TOKEN)
			t[0] = o->add[i];
		else
			t[n++] = o->add[i];
	return c->f->C_DeriveKey(c->s, &m,
	    o->bend == BY_CERT ? c->key.cert : c->key.priv, t, n, out);
}

static CK_RV
begin(struct cf *c, const struct order *o, struct peer *p,
    CK_OBJECT_HANDLE *out)
{
	if (!cf_mech_can(c, CKM_ECDH1_DERIVE, CKF_DERIVE))
		return cf_note(c, CF_SKIP, "no CKM_ECDH1_DERIVE");
	if (!make_peer(c, p))
		return cf_note(c, CF_SETUP, "OpenSSL makes no peer");
	return derive(c, o, p, out);
}

/* p: the order. */
static CK_RV
refused(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	struct peer p;

	return begin(c, k->p, &p, &o);
}

/* One hash of the secret: the counter is behind it in X9.63, else before. */
static void
hash_secret(struct peer *p, CK_ULONG kdf)
{
	uint8_t in[SECRET_MAX + 4] = {0};
	bool first = kdf == CF_CKD_SHA256_KDF_SP800;

	memcpy(&in[first ? 4 : 0], p->secret, p->secret_n);
	in[first ? 3 : p->secret_n + 3] = 1;
	p->secret_n = cf_ossl_digest("SHA256", in, p->secret_n + 4, p->secret);
}

/* The value is the end, a bytes (0: all), of what OpenSSL makes; b: CKD_*. */
static CK_RV
right(struct cf *c, const struct cf_case *k)
{
	uint8_t got[SECRET_MAX];
	CK_OBJECT_HANDLE o;
	struct peer p;
	size_t n, want;
	CK_RV rv = begin(c, k->p, &p, &o);

	if (k->b != 0)
		hash_secret(&p, k->b);
	if (rv == CKR_OK)
		rv = cf_attr(c, o, CKA_VALUE, got, sizeof(got), &n);
	if (rv != CKR_OK)
		return rv;
	want = k->a != 0 ? k->a : p.secret_n;
	if (n != want || memcmp(got, &p.secret[p.secret_n - n], n) != 0)
		return cf_note(c, CF_WRONG, "%zu bytes, or others", n);
	return CKR_OK;
}

/* A sensitive one shows nothing; b: only its history is asked. */
static CK_RV
sensitive(struct cf *c, const struct cf_case *k)
{
	uint8_t got[SECRET_MAX];
	CK_OBJECT_HANDLE o;
	struct peer p;
	bool local = true;
	size_t n;
	CK_RV rv = begin(c, k->p, &p, &o);

	if (rv != CKR_OK)
		return rv;
	if (k->b == 0)
		return cf_attr(c, o, CKA_VALUE, got, sizeof(got), &n);
	rv = cf_attr_bool(c, o, CKA_LOCAL, &local);
	if (rv == CKR_OK && local)
		return cf_note(c, CF_WRONG, "CKA_LOCAL is true");
	return rv;
}

/* The base key ends with the login, and what came from it with it. */
static CK_RV
logged_out(struct cf *c, const struct cf_case *k)
{
	CK_OBJECT_HANDLE o;
	struct peer p;
	CK_RV rv;

	if (!cf_mech_can(c, CKM_ECDH1_DERIVE, CKF_DERIVE))
		return cf_note(c, CF_SKIP, "no CKM_ECDH1_DERIVE");
	rv = c->f->C_Logout(c->s);
	return rv == CKR_OK ? begin(c, k->p, &p, &o) : rv;
}

#define ROW(what, fn, a, b, p, ...)                                            \
	{                                                                      \
		"C_DeriveKey/ecdh-" what, "2.40 5.14, mech 2.3.8", CF_KEY,     \
		    CF_NEED_EC, fn, a, b, &p, CF_ALLOW(__VA_ARGS__)            \
	}
#define BAD(what, p, ...) ROW(what, refused, 0, 0, p, __VA_ARGS__)
#define PARAM CKR_MECHANISM_PARAM_INVALID
#define ANY_PARAM CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD

static const struct cf_case table[] = {
    ROW("whole", right, 0, 0, plain, CKR_OK),
    ROW("point-in-der", right, 0, 0, der, CKR_OK),
    ROW("cut-at-the-front", right, 16, 0, cut, CKR_OK),
    ROW("x963", right, 0, CKD_SHA256_KDF, x963, CKR_OK),
    ROW("one-step", right, 0, CF_CKD_SHA256_KDF_SP800, one_step, CKR_OK),
    ROW("sensitive", sensitive, 0, 0, hidden, CKR_ATTRIBUTE_SENSITIVE),
    ROW("not-local", sensitive, 0, 1, hidden, CKR_OK),
    ROW("logged-out", logged_out, 0, 0, plain, CKR_KEY_HANDLE_INVALID,
	CKR_USER_NOT_LOGGED_IN),
    BAD("no-parameter", no_params, ANY_PARAM),
    BAD("short-parameter", short_params, ANY_PARAM),
    BAD("unknown-kdf", unknown_kdf, PARAM),
    BAD("shared-data-without-kdf", shared_null, PARAM),
    BAD("no-point", no_point, ANY_PARAM),
    BAD("point-off-the-curve", off, PARAM, CKR_DOMAIN_PARAMS_INVALID),
    BAD("point-cut", cut_point, PARAM, CKR_DOMAIN_PARAMS_INVALID),
    BAD("base-is-certificate", by_cert, CKR_KEY_HANDLE_INVALID),
    BAD("into-data", of_data, CKR_TEMPLATE_INCONSISTENT,
	CKR_ATTRIBUTE_VALUE_INVALID),
    BAD("unknown-key-type", of_strange, CKR_ATTRIBUTE_VALUE_INVALID,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("value-given", with_value, CKR_ATTRIBUTE_READ_ONLY,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("aes-of-17-bytes", aes_of_17, CKR_ATTRIBUTE_VALUE_INVALID,
	CKR_KEY_SIZE_RANGE, CKR_TEMPLATE_INCONSISTENT),
    BAD("too-long", too_long, CKR_ATTRIBUTE_VALUE_INVALID, CKR_KEY_SIZE_RANGE,
	CKR_TEMPLATE_INCONSISTENT),
    BAD("kdf-without-length", kdf_without_length, CKR_TEMPLATE_INCOMPLETE),
    BAD("on-token-read-only", on_token, CKR_SESSION_READ_ONLY,
	CKR_TOKEN_WRITE_PROTECTED),
};

CF_GROUP(cf_group_derive, table)
