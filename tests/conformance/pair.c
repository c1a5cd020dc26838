/* See pair.h. */
#include "tests/conformance/pair.h"

#include <string.h>

#define ATTRS_MAX (CF_PAIR_ADD + 4)

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_ULONG bits = 2048;

#define CURVE(name, ...) static const uint8_t name[] = {__VA_ARGS__}
CURVE(p224, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x21);
CURVE(p256, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07);
CURVE(p384, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22);
CURVE(p521, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23);
CURVE(k256, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A);
CURVE(ed25519, 0x06, 0x03, 0x2B, 0x65, 0x70);
CURVE(ed448, 0x06, 0x03, 0x2B, 0x65, 0x71);
CURVE(x25519, 0x06, 0x03, 0x2B, 0x65, 0x6E);
CURVE(x448, 0x06, 0x03, 0x2B, 0x65, 0x6F);
CURVE(ed25519_name, 0x13, 12, 'e', 'd', 'w', 'a', 'r', 'd', 's', '2', '5', '5',
    '1', '9');
CURVE(x25519_name, 0x13, 10, 'c', 'u', 'r', 'v', 'e', '2', '5', '5', '1', '9');

#define SIGNS                                                                  \
	.pub = {{CKA_VERIFY, &yes, 1}}, .pub_n = 1,                            \
	.prv = {{CKA_SIGN, &yes, 1}}, .prv_n = 1
#define DERIVES .prv = {{CKA_DERIVE, &yes, 1}}, .prv_n = 1
#define EC_PAIR(name, mech, use)                                               \
	const struct cf_pair cf_pair_##name = {mech, name, sizeof(name), use}

const struct cf_pair cf_pair_rsa = {
    .mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN,
    .pub = {{CKA_VERIFY, &yes, 1}, {CKA_ENCRYPT, &yes, 1}},
    .pub_n = 2,
    .prv = {{CKA_SIGN, &yes, 1}, {CKA_DECRYPT, &yes, 1}},
    .prv_n = 2,
};
EC_PAIR(p224, CKM_EC_KEY_PAIR_GEN, SIGNS);
EC_PAIR(p384, CKM_EC_KEY_PAIR_GEN, SIGNS);
EC_PAIR(p521, CKM_EC_KEY_PAIR_GEN, SIGNS);
EC_PAIR(k256, CKM_EC_KEY_PAIR_GEN, SIGNS);
EC_PAIR(ed25519, CF_CKM_EC_EDWARDS_KEY_PAIR_GEN, SIGNS);
EC_PAIR(ed25519_name, CF_CKM_EC_EDWARDS_KEY_PAIR_GEN, SIGNS);
EC_PAIR(ed448, CF_CKM_EC_EDWARDS_KEY_PAIR_GEN, SIGNS);
EC_PAIR(x25519, CF_CKM_EC_MONTGOMERY_KEY_PAIR_GEN, DERIVES);
EC_PAIR(x25519_name, CF_CKM_EC_MONTGOMERY_KEY_PAIR_GEN, DERIVES);
EC_PAIR(x448, CF_CKM_EC_MONTGOMERY_KEY_PAIR_GEN, DERIVES);
const struct cf_pair cf_pair_p256 = {
    .mechanism = CKM_EC_KEY_PAIR_GEN,
    .curve = p256,
    .curve_n = sizeof(p256),
    .pub = {{CKA_VERIFY, &yes, 1}},
    .pub_n = 1,
    .prv = {{CKA_SIGN, &yes, 1}, {CKA_DERIVE, &yes, 1}},
    .prv_n = 2,
};

/* An attribute without type is none. */
static CK_ULONG
put(CK_ATTRIBUTE *t, CK_ULONG n, const CK_ATTRIBUTE *a)
{
	CK_ULONG i = 0;

	while (i < n && t[i].type != a->type)
		i++;
	t[i] = *a;
	return i == n ? n + 1 : n;
}

/* What is given with a length of 0 is left out. */
static CK_ULONG
put_all(CK_ATTRIBUTE *t, CK_ULONG n, const CK_ATTRIBUTE *add, CK_ULONG add_n)
{
	CK_ULONG kept = 0;

	for (CK_ULONG i = 0; i < add_n; i++)
		n = put(t, n, &add[i]);
	for (CK_ULONG i = 0; i < n; i++)
		if (t[i].ulValueLen != 0 || t[i].pValue != NULL)
			t[kept++] = t[i];
	return kept;
}

CK_RV
cf_pair_make(struct cf *c, const struct cf_pair *p, CK_OBJECT_HANDLE *pub,
    CK_OBJECT_HANDLE *prv)
{
	CK_MECHANISM m = {p->mechanism, NULL, 0};
	CK_ATTRIBUTE a[ATTRS_MAX] = {
	    {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_PRIVATE, &no, sizeof(no)},
	    {CKA_MODULUS_BITS, &bits, sizeof(bits)},
	};
	CK_ATTRIBUTE b[ATTRS_MAX] = {
	    {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_PRIVATE, &no, sizeof(no)},
	};
	uint8_t curve[32];
	CK_ULONG a_n, b_n;

	if (!cf_mech_can(c, p->mechanism, CKF_GENERATE_KEY_PAIR))
		return cf_note(c, CF_SKIP, "not listed");
	if (p->curve != NULL) {
		memcpy(curve, p->curve, p->curve_n);
		a[2] = (CK_ATTRIBUTE){CKA_EC_PARAMS, curve, p->curve_n};
	}
	a_n = put_all(a, 3, p->pub, p->pub_n);
	b_n = put_all(b, 2, p->prv, p->prv_n);
	return c->f->C_GenerateKeyPair(c->s, &m, a, a_n, b, b_n, pub, prv);
}
