/* What signing refuses: parameters, lengths, keys of the wrong type. */
#include <string.h>

#include "tests/conformance/groups.h"

/* What is wrong with the parameters of PSS. */
enum {
	PARAM_NONE,
	PARAM_SIZE,
	PARAM_HASH,
	PARAM_SALT,
	PARAM_MGF,
	PARAM_NULL,
	PARAM_OTHER_HASH, /* not the one the mechanism's name says */
};

static void
bend(CK_MECHANISM *m, CK_RSA_PKCS_PSS_PARAMS *p, unsigned long how)
{
	*p = (CK_RSA_PKCS_PSS_PARAMS){CKM_SHA256, CKG_MGF1_SHA256, 32};
	m->pParameter = p;
	m->ulParameterLen = sizeof(*p);
	switch (how) {
	case PARAM_NONE:
		m->pParameter = NULL;
		m->ulParameterLen = 0;
		break;
	case PARAM_SIZE:
		m->ulParameterLen--;
		break;
	case PARAM_HASH:
		p->hashAlg = CKM_RSA_PKCS;
		break;
	case PARAM_SALT:
		p->sLen = 4096;
		break;
	case PARAM_MGF:
		p->mgf = 0x7badc0deUL;
		break;
	case PARAM_NULL:
		m->pParameter = NULL;
		break;
	default:
		p->hashAlg = CKM_SHA384;
		p->mgf = CKG_MGF1_SHA384;
		break;
	}
}

/* a: the mechanism; b: what is wrong. Some modules look at C_Sign only. */
static CK_RV
pss_params(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, NULL, 0};
	CK_RSA_PKCS_PSS_PARAMS p;
	CK_BYTE data[48] = {1}, sig[1024];
	CK_ULONG n = sizeof(sig);
	CK_RV rv;

	if (!cf_mech_can(c, k->a, CKF_SIGN))
		return cf_note(c, CF_SKIP, "not offered");
	bend(&m, &p, k->b);
	rv = c->f->C_SignInit(c->s, &m, c->key.priv);
	if (rv == CKR_OK)
		rv = c->f->C_Sign(c->s, data, 32, sig, &n);
	return rv;
}

/* How much data, or which. */
enum {
	DATA_TOO_LONG, /* RSA_PKCS: k - 10 */
	DATA_ABOVE_K,  /* RSA_X_509: k + 1 */
	DATA_ABOVE_N,  /* RSA_X_509: k bytes, all FF */
	DATA_NO_HASH,  /* PSS: one byte less than the hash */
	DATA_LONG_HASH,
};

static size_t
data_len(const struct cf *c, unsigned long how)
{
	static const size_t pss[] = {31, 33};

	switch (how) {
	case DATA_TOO_LONG:
		return c->key.sig_len - 10;
	case DATA_ABOVE_K:
		return c->key.sig_len + 1;
	case DATA_ABOVE_N:
		return c->key.sig_len;
	default:
		return pss[how - DATA_NO_HASH];
	}
}

/* a: the mechanism; b: the data. The refusal ends the operation. */
static CK_RV
sign_data(struct cf *c, const struct cf_case *k)
{
	CK_RSA_PKCS_PSS_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, 32};
	CK_MECHANISM m = {k->a, NULL, 0};
	CK_BYTE data[1100], sig[1024];
	CK_ULONG n = sizeof(sig);
	CK_RV rv, after;

	if (!cf_mech_can(c, k->a, CKF_SIGN))
		return cf_note(c, CF_SKIP, "not offered");
	if (k->a == CKM_RSA_PKCS_PSS)
		m = (CK_MECHANISM){k->a, &p, sizeof(p)};
	memset(data, 0xff, sizeof(data));
	if (c->f->C_SignInit(c->s, &m, c->key.priv) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_SignInit");
	rv = c->f->C_Sign(c->s, data, data_len(c, k->b), sig, &n);
	n = sizeof(sig);
	after = c->f->C_Sign(c->s, data, 32, sig, &n);
	if (after != CKR_OPERATION_NOT_INITIALIZED)
		return cf_note(c, CF_WRONG, "%s, then C_Sign gave %s",
		    cf_rv_name(rv), cf_rv_name(after));
	return rv;
}

/* a: a mechanism of the other key type; b: 1 for verifying. */
static CK_RV
other_key_type(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {k->a, NULL, 0};

	if (!cf_mech_can(c, k->a, k->b != 0 ? CKF_VERIFY : CKF_SIGN))
		return cf_note(c, CF_SKIP, "not offered");
	return k->b != 0 ? c->f->C_VerifyInit(c->s, &m, c->key.pub)
			 : c->f->C_SignInit(c->s, &m, c->key.priv);
}

/* Signing without login: the private key is not there, or login is asked. */
static CK_RV
not_logged_in(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	CK_RV rv = c->f->C_Logout(c->s);

	(void)k;
	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "C_Logout");
	return c->f->C_SignInit(c->s, &m, c->key.priv);
}

/* Two sessions sign in turns without disturbing each other. */
static CK_RV
two_sessions(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0};
	CK_BYTE a[32] = {1}, b[32] = {2}, sa[1024], sb[1024];
	CK_ULONG na = sizeof(sa), nb = sizeof(sb);
	struct cf_sig how;
	CK_SESSION_HANDLE s;
	CK_RV rv;

	(void)k;
	if ((rv = cf_consent_skip(c)) != CKR_OK ||
	    (rv = cf_open(c, 0, &s)) != CKR_OK ||
	    (rv = c->f->C_SignInit(c->s, &m, c->key.priv)) != CKR_OK ||
	    (rv = c->f->C_SignInit(s, &m, c->key.priv)) != CKR_OK ||
	    (rv = c->f->C_Sign(c->s, a, sizeof(a), sa, &na)) != CKR_OK ||
	    (rv = c->f->C_Sign(s, b, sizeof(b), sb, &nb)) != CKR_OK)
		return rv;
	cf_mech_sign_how(m.mechanism, &how);
	if (!cf_ossl_verify(c->key.pkey, &how, a, sizeof(a), sa, na) ||
	    !cf_ossl_verify(c->key.pkey, &how, b, sizeof(b), sb, nb))
		return cf_note(c, CF_WRONG, "a signature is wrong");
	return CKR_OK;
}

/* A digest and a search in the same session, between init and signature. */
static CK_RV
beside_others(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {cf_mech_sign(c), NULL, 0}, d = {CKM_SHA256, NULL, 0};
	CK_BYTE data[32] = {1}, sig[1024], md[64];
	CK_ULONG n = sizeof(sig), md_n = sizeof(md);
	struct cf_sig how;
	CK_RV rv;

	(void)k;
	if (!cf_mech_can(c, CKM_SHA256, CKF_DIGEST))
		return cf_note(c, CF_SKIP, "no SHA-256");
	if ((rv = c->f->C_SignInit(c->s, &m, c->key.priv)) != CKR_OK)
		return rv;
	if ((rv = c->f->C_DigestInit(c->s, &d)) != CKR_OK ||
	    (rv = c->f->C_Digest(c->s, data, sizeof(data), md, &md_n)) !=
		CKR_OK ||
	    (rv = c->f->C_Sign(c->s, data, sizeof(data), sig, &n)) != CKR_OK)
		return rv;
	cf_mech_sign_how(m.mechanism, &how);
	if (!cf_ossl_verify(c->key.pkey, &how, data, sizeof(data), sig, n))
		return cf_note(c, CF_WRONG, "the signature is wrong");
	return CKR_OK;
}

#define PARAM(what, mech, how)                                                 \
	{                                                                      \
		"C_SignInit/" what, "mech 2.1.10", CF_KEY, CF_NEED_RSA,        \
		    pss_params, mech, how, NULL,                               \
		    CF_ALLOW(CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD)   \
	}
#define DATA(what, clause, mech, how, ...)                                     \
	{                                                                      \
		"C_Sign/" what, clause, CF_KEY, CF_NEED_RSA, sign_data, mech,  \
		    how, NULL, CF_ALLOW(__VA_ARGS__)                           \
	}
#define ROW(what, clause, need, fn, a, b, ...)                                 \
	{                                                                      \
		what, clause, CF_KEY, need, fn, a, b, NULL,                    \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}

static const struct cf_case table[] = {
    PARAM("pss-no-parameters", CKM_RSA_PKCS_PSS, PARAM_NONE),
    PARAM("pss-null-with-length", CKM_RSA_PKCS_PSS, PARAM_NULL),
    PARAM("pss-wrong-size", CKM_RSA_PKCS_PSS, PARAM_SIZE),
    PARAM("pss-unknown-hash", CKM_RSA_PKCS_PSS, PARAM_HASH),
    PARAM("pss-impossible-salt", CKM_RSA_PKCS_PSS, PARAM_SALT),
    PARAM("pss-unknown-mgf", CKM_RSA_PKCS_PSS, PARAM_MGF),
    PARAM("sha256-pss-no-parameters", CKM_SHA256_RSA_PKCS_PSS, PARAM_NONE),
    PARAM("sha256-pss-other-hash", CKM_SHA256_RSA_PKCS_PSS, PARAM_OTHER_HASH),
    DATA("pkcs-too-long", "mech 2.1.6", CKM_RSA_PKCS, DATA_TOO_LONG,
	CKR_DATA_LEN_RANGE),
    DATA("x509-too-long", "mech 2.1.12", CKM_RSA_X_509, DATA_ABOVE_K,
	CKR_DATA_LEN_RANGE),
    DATA("x509-above-modulus", "mech 2.1.12", CKM_RSA_X_509, DATA_ABOVE_N,
	CKR_DATA_INVALID),
    DATA("pss-short-hash", "mech 2.1.10", CKM_RSA_PKCS_PSS, DATA_NO_HASH,
	CKR_DATA_LEN_RANGE),
    DATA("pss-long-hash", "mech 2.1.10", CKM_RSA_PKCS_PSS, DATA_LONG_HASH,
	CKR_DATA_LEN_RANGE),
    ROW("C_SignInit/ecdsa-with-rsa-key", "2.40 5.11", CF_NEED_RSA,
	other_key_type, CKM_ECDSA, 0, CKR_KEY_TYPE_INCONSISTENT),
    ROW("C_SignInit/rsa-with-ec-key", "2.40 5.11", CF_NEED_EC, other_key_type,
	CKM_RSA_PKCS, 0, CKR_KEY_TYPE_INCONSISTENT),
    ROW("C_VerifyInit/ecdsa-with-rsa-key", "2.40 5.12",
	CF_NEED_RSA | CF_NEED_PUB, other_key_type, CKM_ECDSA, 1,
	CKR_KEY_TYPE_INCONSISTENT),
    ROW("C_VerifyInit/rsa-with-ec-key", "2.40 5.12", CF_NEED_EC | CF_NEED_PUB,
	other_key_type, CKM_RSA_PKCS, 1, CKR_KEY_TYPE_INCONSISTENT),
    ROW("C_SignInit/not-logged-in", "2.40 5.11", 0, not_logged_in, 0, 0,
	CKR_USER_NOT_LOGGED_IN, CKR_KEY_HANDLE_INVALID),
    ROW("C_Sign/two-sessions", "2.40 5.6", 0, two_sessions, 0, 0, CKR_OK),
    ROW("C_Sign/beside-a-digest", "2.40 5.6", 0, beside_others, 0, 0, CKR_OK),
};

CF_GROUP(cf_group_refuse, table)
