/* See kat.h: parameters of mechanisms. `param` names one of the rows below; the
 * fields it reads are told in tests/data/kat/README. */
#include "tests/conformance/kat.h"

#include <stdlib.h>
#include <string.h>

#include "tests/conformance/params.h"

static uint8_t one[CF_KAT_MAX], two[CF_KAT_MAX], three[CF_KAT_MAX];

#define GIVE(m, p)                                                             \
	do {                                                                   \
		(m)->pParameter = &(p);                                        \
		(m)->ulParameterLen = sizeof(p);                               \
	} while (0)

static CK_RV
iv(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	(void)c;
	m->pParameter = one;
	m->ulParameterLen = cf_kat_bytes(v, "iv", one);
	return CKR_OK;
}

static CK_RV
ctr(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static CK_AES_CTR_PARAMS p;

	(void)c;
	p.counter_bits = cf_kat_number(v, "counter-bits", 128);
	if (cf_kat_bytes(v, "iv", one) != sizeof(p.cb))
		cf_kat_wrong(v, "no block", "iv");
	memcpy(p.cb, one, sizeof(p.cb));
	GIVE(m, p);
	return CKR_OK;
}

static CK_RV
gcm(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static CK_GCM_PARAMS p;

	(void)c;
	p.iv_ptr = one;
	p.iv_len = cf_kat_bytes(v, "iv", one);
	p.iv_bits = p.iv_len * 8;
	p.aad_ptr = two;
	p.aad_len = cf_kat_bytes(v, "aad", two);
	p.tag_bits = 8 * cf_kat_number(v, "tag", 16);
	GIVE(m, p);
	return CKR_OK;
}

static CK_RV
ccm(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static struct cf_ccm p;

	(void)c;
	p.data_len = cf_kat_bytes(v, "in", three);
	p.nonce = one;
	p.nonce_len = cf_kat_bytes(v, "nonce", one);
	p.aad = two;
	p.aad_len = cf_kat_bytes(v, "aad", two);
	p.mac_len = cf_kat_number(v, "tag", 16);
	GIVE(m, p);
	return CKR_OK;
}

/* CK_MAC_GENERAL_PARAMS, CK_EXTRACT_PARAMS. */
static CK_RV
number(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static CK_ULONG p;

	(void)c;
	p = cf_kat_number(v, "number", 0);
	GIVE(m, p);
	return CKR_OK;
}

/* CK_KEY_DERIVATION_STRING_DATA. */
static CK_RV
data(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static CK_KEY_DERIVATION_STRING_DATA p;

	(void)c;
	p.string_data = one;
	p.string_data_len = cf_kat_bytes(v, "data", one);
	GIVE(m, p);
	return CKR_OK;
}

static CK_RV
iv_and_data(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static struct cf_iv_and_data p;

	(void)c;
	if (cf_kat_bytes(v, "iv", one) != sizeof(p.iv))
		cf_kat_wrong(v, "no block", "iv");
	memcpy(p.iv, one, sizeof(p.iv));
	p.data = two;
	p.length = cf_kat_bytes(v, "data", two);
	GIVE(m, p);
	return CKR_OK;
}

/* The handle of another key, whose value is in `second`. */
static CK_RV
second(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static CK_OBJECT_HANDLE p;

	GIVE(m, p);
	return cf_kat_secret(c, one, cf_kat_bytes(v, "second", one), &p);
}

/* `salt` as data, `salt-key` as a key. */
static CK_RV
hkdf(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static struct cf_hkdf p;
	size_t n;

	memset(&p, 0, sizeof(p));
	p.extract = cf_kat_number(v, "extract", 1) != 0;
	p.expand = cf_kat_number(v, "expand", 1) != 0;
	p.hash = cf_kat_constant(v, "hash", CKM_SHA256);
	p.info = two;
	p.info_len = cf_kat_bytes(v, "info", two);
	p.salt_type = CF_CKF_HKDF_SALT_NULL;
	GIVE(m, p);
	if ((n = cf_kat_bytes(v, "salt", one)) != 0) {
		p.salt_type = CF_CKF_HKDF_SALT_DATA;
		p.salt = one;
		p.salt_len = n;
	} else if ((n = cf_kat_bytes(v, "salt-key", one)) != 0) {
		p.salt_type = CF_CKF_HKDF_SALT_KEY;
		return cf_kat_secret(c, one, n, &p.salt_key);
	}
	return CKR_OK;
}

static void
fill_pbkd2(const struct cf_kat *v, struct cf_pbkd2 *p)
{
	p->source = CF_CKZ_SALT_SPECIFIED;
	p->salt = one;
	p->salt_len = cf_kat_bytes(v, "salt", one);
	p->iterations = cf_kat_number(v, "iterations", 1);
	p->prf = cf_kat_constant(v, "prf", 1);
	p->password = two;
}

/* CK_PKCS5_PBKD2_PARAMS2. */
static CK_RV
pbkd2(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static struct cf_pbkd2 p;

	(void)c;
	fill_pbkd2(v, &p);
	p.u.password_len = cf_kat_bytes(v, "password", two);
	GIVE(m, p);
	return CKR_OK;
}

/* CK_PKCS5_PBKD2_PARAMS of before 2.40 errata 1: a pointer to the length. On
 * the heap: valgrind maps programs at 1 MiB, where no program else is, and a
 * number as small as an address there may be taken for a length. */
static CK_RV
pbkd2_old(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static struct cf_pbkd2 p;
	static CK_ULONG *n;

	if (n == NULL && (n = malloc(sizeof(*n))) == NULL)
		return cf_note(c, CF_SETUP, "out of memory");
	fill_pbkd2(v, &p);
	*n = cf_kat_bytes(v, "password", two);
	p.u.password_len_at = n;
	GIVE(m, p);
	return CKR_OK;
}

/* Parts of SP 800-108 by a letter each: i iteration variable, c counter, l
 * length in bits, s the same of whole blocks, a and b bytes; then bits of a
 * number, in capitals least significant byte first. */
static CK_ULONG
parts(const struct cf_kat *v, struct cf_prf_data *out, bool feedback)
{
	static struct cf_prf_counter counters[4];
	static struct cf_prf_length length;
	const char *s = cf_kat_text(v, "parts-of-it");
	CK_ULONG n = 0, bits;
	char *end = NULL;

	for (; s != NULL && *s != '\0' && n < 4; s = end + (*end == ' ')) {
		bits = strtoul(s + 1, &end, 10);
		if (*s == 'a' || *s == 'b') {
			uint8_t *to = *s == 'a' ? one : two;

			out[n] = (struct cf_prf_data){CF_SP800_BYTES, to,
			    cf_kat_bytes(v, *s == 'a' ? "a" : "b", to)};
		} else if (*s == 'l' || *s == 's') {
			length =
			    (struct cf_prf_length){*s == 'l' ? 1 : 2, 0, bits};
			out[n] = (struct cf_prf_data){
			    CF_SP800_LENGTH, &length, sizeof(length)};
		} else if (*s == 'i' && feedback) {
			out[n] =
			    (struct cf_prf_data){CF_SP800_ITERATION, NULL, 0};
		} else {
			counters[n] = (struct cf_prf_counter){*s == 'I', bits};
			out[n] = (struct cf_prf_data){
			    *s == 'c' ? CF_SP800_COUNTER : CF_SP800_ITERATION,
			    &counters[n], sizeof(counters[n])};
		}
		n++;
	}
	return n;
}

static CK_RV
sp800_counter(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static struct cf_sp800_counter p;
	static struct cf_prf_data d[4];

	(void)c;
	p = (struct cf_sp800_counter){.data = d};
	p.prf = cf_kat_constant(v, "prf", CKM_SHA256_HMAC);
	p.data_n = parts(v, d, false);
	GIVE(m, p);
	return CKR_OK;
}

static CK_RV
sp800_feedback(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	static struct cf_sp800_feedback p;
	static struct cf_prf_data d[4];

	(void)c;
	p = (struct cf_sp800_feedback){.data = d, .iv = three};
	p.prf = cf_kat_constant(v, "prf", CKM_SHA256_HMAC);
	p.data_n = parts(v, d, true);
	p.iv_len = cf_kat_bytes(v, "iv", three);
	GIVE(m, p);
	return CKR_OK;
}

static const struct {
	const char *name;
	CK_RV (*make)(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m);
} params[] = {
    {"iv", iv},
    {"ctr", ctr},
    {"gcm", gcm},
    {"ccm", ccm},
    {"number", number},
    {"data", data},
    {"iv-and-data", iv_and_data},
    {"second", second},
    {"hkdf", hkdf},
    {"sp800-counter", sp800_counter},
    {"sp800-feedback", sp800_feedback},
    {"pbkd2", pbkd2},
    {"pbkd2-old", pbkd2_old},
};

CK_RV
cf_kat_mechanism(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m)
{
	const char *name = cf_kat_text(v, "param");

	*m = (CK_MECHANISM){v->mechanism, NULL, 0};
	if (name == NULL)
		return CKR_OK;
	for (size_t i = 0; i < CF_COUNT(params); i++)
		if (strcmp(params[i].name, name) == 0)
			return params[i].make(c, v, m);
	if (cf_kat_param_pk(v, name, m))
		return CKR_OK;
	cf_kat_wrong(v, "unknown param", name);
}
