/* Signing with every mechanism; OpenSSL alone judges the signatures. Current
 * Mechanisms 2.40, clauses 2.1 (RSA) and 2.3 (elliptic curves). */
#include <stdlib.h>
#include <string.h>

#include <openssl/rsa.h>

#include "tests/conformance/groups.h"

/* How much data: a number of bytes, or one of these. */
#define DATA_LONGEST 10001 /* RSA_PKCS: k - 11 */
#define DATA_K 10002       /* RSA_X_509: k bytes, below the modulus */
#define DATA_INFO 10003    /* a DigestInfo with SHA-256 */

struct sign_row {
	const char *what;
	const char *clause;
	CK_MECHANISM_TYPE type;
	unsigned need;
	size_t data_n;
	struct cf_sig how;
	CK_MECHANISM_TYPE hash; /* PSS parameters; 0: no parameters */
	CK_RSA_PKCS_MGF_TYPE mgf;
};

#define PKCS1(md, type)                                                        \
	{                                                                      \
		"CKM_" #type, "mech 2.1.14", CKM_##type, CF_NEED_RSA, 200,     \
		    {md, RSA_PKCS1_PADDING, NULL, 0}, 0, 0                     \
	}
#define PSS_OF(md, type, h, g)                                                 \
	{                                                                      \
		"CKM_" #type, "mech 2.1.17", CKM_##type, CF_NEED_RSA, 200,     \
		    {md, RSA_PKCS1_PSS_PADDING, md, RSA_PSS_SALTLEN_DIGEST},   \
		    h, g                                                       \
	}
#define PSS(what, md, n, h, g, salt)                                           \
	{                                                                      \
		"CKM_RSA_PKCS_PSS-" what, "mech 2.1.10", CKM_RSA_PKCS_PSS,     \
		    CF_NEED_RSA, n, {NULL, RSA_PKCS1_PSS_PADDING, md, salt},   \
		    h, g                                                       \
	}
#define BARE(what, type, n, pad)                                               \
	{                                                                      \
		"CKM_" #type "-" what, "mech 2.1.6, 2.1.12", CKM_##type,       \
		    CF_NEED_RSA, n, {NULL, pad, NULL, 0}, 0, 0                 \
	}
#define ECDSA(what, type, md, n)                                               \
	{                                                                      \
		"CKM_" #type what, "mech 2.3.6, 2.3.7", CKM_##type,            \
		    CF_NEED_EC, n, {md, 0, NULL, 0}, 0, 0                      \
	}

static const struct sign_row sign_rows[] = {
    BARE("digestinfo", RSA_PKCS, DATA_INFO, RSA_PKCS1_PADDING),
    BARE("any-32-bytes", RSA_PKCS, 32, RSA_PKCS1_PADDING),
    BARE("longest", RSA_PKCS, DATA_LONGEST, RSA_PKCS1_PADDING),
    BARE("whole-block", RSA_X_509, DATA_K, RSA_NO_PADDING),
    BARE("short-number", RSA_X_509, 40, RSA_NO_PADDING),
    PKCS1("SHA1", SHA1_RSA_PKCS),
    PKCS1("SHA224", SHA224_RSA_PKCS),
    PKCS1("SHA256", SHA256_RSA_PKCS),
    PKCS1("SHA384", SHA384_RSA_PKCS),
    PKCS1("SHA512", SHA512_RSA_PKCS),
    PSS("sha1", "SHA1", 20, CKM_SHA_1, CKG_MGF1_SHA1, RSA_PSS_SALTLEN_DIGEST),
    PSS("sha224", "SHA224", 28, CKM_SHA224, CKG_MGF1_SHA224,
	RSA_PSS_SALTLEN_DIGEST),
    PSS("sha256", "SHA256", 32, CKM_SHA256, CKG_MGF1_SHA256,
	RSA_PSS_SALTLEN_DIGEST),
    PSS("sha384", "SHA384", 48, CKM_SHA384, CKG_MGF1_SHA384,
	RSA_PSS_SALTLEN_DIGEST),
    PSS("sha512", "SHA512", 64, CKM_SHA512, CKG_MGF1_SHA512,
	RSA_PSS_SALTLEN_DIGEST),
    PSS("sha256-salt-0", "SHA256", 32, CKM_SHA256, CKG_MGF1_SHA256, 0),
    PSS("sha256-salt-max", "SHA256", 32, CKM_SHA256, CKG_MGF1_SHA256,
	RSA_PSS_SALTLEN_MAX),
    PSS_OF("SHA1", SHA1_RSA_PKCS_PSS, CKM_SHA_1, CKG_MGF1_SHA1),
    PSS_OF("SHA224", SHA224_RSA_PKCS_PSS, CKM_SHA224, CKG_MGF1_SHA224),
    PSS_OF("SHA256", SHA256_RSA_PKCS_PSS, CKM_SHA256, CKG_MGF1_SHA256),
    PSS_OF("SHA384", SHA384_RSA_PKCS_PSS, CKM_SHA384, CKG_MGF1_SHA384),
    PSS_OF("SHA512", SHA512_RSA_PKCS_PSS, CKM_SHA512, CKG_MGF1_SHA512),
    ECDSA("-20-bytes", ECDSA, NULL, 20),
    ECDSA("-32-bytes", ECDSA, NULL, 32),
    ECDSA("-64-bytes", ECDSA, NULL, 64),
    ECDSA("", ECDSA_SHA1, "SHA1", 200),
    ECDSA("", ECDSA_SHA224, "SHA224", 200),
    ECDSA("", ECDSA_SHA256, "SHA256", 200),
    ECDSA("", ECDSA_SHA384, "SHA384", 200),
    ECDSA("", ECDSA_SHA512, "SHA512", 200),
};

/* DigestInfo of SHA-256 in front of the hash: RFC 8017, 9.2 note 1. */
static const uint8_t sha256_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
    0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};

#define DATA_MAX 2048

struct work {
	const struct sign_row *row;
	CK_MECHANISM m;
	CK_RSA_PKCS_PSS_PARAMS pss;
	uint8_t data[DATA_MAX];
	size_t n;
	uint8_t sig[1024];
	CK_ULONG sig_n;
};

static size_t
hash_len(CK_MECHANISM_TYPE hash)
{
	static const struct {
		CK_MECHANISM_TYPE type;
		size_t n;
	} sizes[] = {{CKM_SHA_1, 20}, {CKM_SHA224, 28}, {CKM_SHA256, 32},
	    {CKM_SHA384, 48}, {CKM_SHA512, 64}};

	for (size_t i = 0; i < CF_COUNT(sizes); i++)
		if (sizes[i].type == hash)
			return sizes[i].n;
	return 0;
}

static void
make_data(struct cf *c, struct work *w)
{
	size_t k = c->key.sig_len;

	for (size_t i = 0; i < sizeof(w->data); i++)
		w->data[i] = (uint8_t)(i * 11 + 5);
	w->n = w->row->data_n;
	if (w->n == DATA_LONGEST)
		w->n = k - 11;
	if (w->n == DATA_K) {
		w->n = k;
		w->data[0] = 0;
	}
	if (w->n == DATA_INFO) {
		w->n = sizeof(sha256_info) + 32;
		memcpy(w->data, sha256_info, sizeof(sha256_info));
	}
}

/* False when the key is too small for the hash and salt. */
static bool
make_params(struct cf *c, struct work *w)
{
	size_t em = (c->key.bits + 6) / 8, h = hash_len(w->row->hash), salt;

	w->m = (CK_MECHANISM){w->row->type, NULL, 0};
	if (w->row->hash == 0)
		return true;
	salt = w->row->how.salt == RSA_PSS_SALTLEN_DIGEST ? h : 0;
	if (em < h + salt + 2)
		return false;
	if (w->row->how.salt == RSA_PSS_SALTLEN_MAX)
		salt = em - h - 2;
	w->pss = (CK_RSA_PKCS_PSS_PARAMS){w->row->hash, w->row->mgf, salt};
	w->m.pParameter = &w->pss;
	w->m.ulParameterLen = sizeof(w->pss);
	return true;
}

static CK_RV
prepare(struct cf *c, const struct cf_case *k, struct work *w, CK_FLAGS flags)
{
	w->row = k->p;
	w->sig_n = sizeof(w->sig);
	if (!cf_mech_listed(c, w->row->type))
		return cf_note(c, CF_SKIP, "not offered");
	if (!cf_mech_can(c, w->row->type, flags))
		return cf_note(c, CF_SKIP, "not offered for this");
	if (!make_params(c, w))
		return cf_note(c, CF_SKIP, "the key is too small");
	make_data(c, w);
	return CKR_OK;
}

static CK_RV
judge(struct cf *c, const struct work *w)
{
	if (w->sig_n != c->key.sig_len)
		return cf_note(c, CF_WRONG, "%lu bytes", w->sig_n);
	if (!cf_ossl_verify(c->key.pkey, &w->row->how, w->data, w->n, w->sig,
		w->sig_n))
		return cf_note(c, CF_WRONG, "OpenSSL rejects the signature");
	return CKR_OK;
}

static CK_RV
sign_once(struct cf *c, const struct cf_case *k)
{
	struct work w;
	CK_RV rv = prepare(c, k, &w, CKF_SIGN);

	if (rv != CKR_OK ||
	    (rv = c->f->C_SignInit(c->s, &w.m, c->key.priv)) != CKR_OK ||
	    (rv = c->f->C_Sign(c->s, w.data, w.n, w.sig, &w.sig_n)) != CKR_OK)
		return rv;
	return judge(c, &w);
}

/* In parts of different lengths, as far as the mechanism hashes. */
static CK_RV
sign_parts(struct cf *c, const struct cf_case *k)
{
	struct work w;
	size_t at = 0, part = 1;
	CK_RV rv = prepare(c, k, &w, CKF_SIGN);

	if (rv != CKR_OK ||
	    (rv = c->f->C_SignInit(c->s, &w.m, c->key.priv)) != CKR_OK)
		return rv;
	for (; at < w.n; at += part, part = part * 2 + 1) {
		if (part > w.n - at)
			part = w.n - at;
		if ((rv = c->f->C_SignUpdate(c->s, w.data + at, part)) !=
		    CKR_OK)
			return cf_note(c, rv, "C_SignUpdate at %zu", at);
	}
	if ((rv = c->f->C_SignFinal(c->s, w.sig, &w.sig_n)) != CKR_OK)
		return cf_note(c, rv, "C_SignFinal");
	return judge(c, &w);
}

/* The module's own C_Verify: yes to the signature, no to a changed one. */
static CK_RV
verify(struct cf *c, const struct cf_case *k)
{
	struct work w;
	CK_RV rv = prepare(c, k, &w, CKF_SIGN | CKF_VERIFY);

	if (rv != CKR_OK)
		return rv;
	if ((rv = c->f->C_SignInit(c->s, &w.m, c->key.priv)) != CKR_OK ||
	    (rv = c->f->C_Sign(c->s, w.data, w.n, w.sig, &w.sig_n)) != CKR_OK ||
	    (rv = c->f->C_VerifyInit(c->s, &w.m, c->key.pub)) != CKR_OK)
		return cf_note(c, rv, "before C_Verify");
	if ((rv = c->f->C_Verify(c->s, w.data, w.n, w.sig, w.sig_n)) != CKR_OK)
		return rv;
	w.sig[w.sig_n - 1] ^= 1;
	if ((rv = c->f->C_VerifyInit(c->s, &w.m, c->key.pub)) != CKR_OK)
		return rv;
	rv = c->f->C_Verify(c->s, w.data, w.n, w.sig, w.sig_n);
	if (rv != CKR_SIGNATURE_INVALID)
		return cf_note(c, CF_WRONG, "a changed signature gave %s",
		    cf_rv_name(rv));
	return CKR_OK;
}

#define ROWS_MAX 128
#define ROW_NAME 64

static struct cf_case rows[ROWS_MAX];
static char names[ROWS_MAX][ROW_NAME];
static size_t rows_n;

static void
add(const struct sign_row *s, const char *what, cf_run run, unsigned need)
{
	static const CK_RV ok[] = {CKR_OK, CF_END};

	if (rows_n == ROWS_MAX)
		abort(); /* make the table larger */
	snprintf(names[rows_n], ROW_NAME, "%s/%s", s->what, what);
	rows[rows_n] = (struct cf_case){
	    names[rows_n], s->clause, CF_KEY, s->need | need, run, 0, 0, s, ok};
	rows_n++;
}

const struct cf_case *
cf_group_mech(size_t *n)
{
	if (rows_n == 0)
		for (size_t i = 0; i < CF_COUNT(sign_rows); i++) {
			const struct sign_row *s = &sign_rows[i];

			add(s, "sign", sign_once, 0);
			if (s->how.md != NULL)
				add(s, "parts", sign_parts, 0);
			add(s, "verify", verify, CF_NEED_PUB);
		}
	*n = rows_n;
	return rows;
}
