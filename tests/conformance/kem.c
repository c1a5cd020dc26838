/* See kem.h. */
#include "tests/conformance/kem.h"

#include <string.h>

#include "tests/conformance/made.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_RSA_PKCS_OAEP_PARAMS oaep = {
    CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, NULL, 0};

CK_BYTE cf_kem_shared[10] = {2, 7, 1, 8, 2, 8, 1, 8, 2, 8};

void
cf_kem_add(struct cf_kem_round *r, CK_ATTRIBUTE_TYPE type, void *value,
    CK_ULONG n)
{
	r->t[r->n++] = (CK_ATTRIBUTE){type, value, n};
}

void
cf_kem_fill(struct cf_kem_round *r, const struct cf_kem *k)
{
	memset(r, 0, sizeof(*r));
	r->m.mechanism = k->mechanism;
	if (k->mechanism == CKM_RSA_PKCS_OAEP) {
		r->m.pParameter = &oaep;
		r->m.ulParameterLen = sizeof(oaep);
	}
	if (k->kdf != 0) {
		r->ecdh.kdf = k->kdf;
		r->m.pParameter = &r->ecdh;
		r->m.ulParameterLen = sizeof(r->ecdh);
	}
	if (k->kdf == CKD_SHA256_KDF) {
		r->ecdh.shared_data = cf_kem_shared;
		r->ecdh.shared_data_len = sizeof(cf_kem_shared);
	}
	r->cls = CKO_SECRET_KEY;
	r->type = k->type;
	r->told = k->told;
	cf_kem_add(r, CKA_CLASS, &r->cls, sizeof(r->cls));
	cf_kem_add(r, CKA_KEY_TYPE, &r->type, sizeof(r->type));
	cf_kem_add(r, CKA_PRIVATE, &no, sizeof(no));
	cf_kem_add(r, CKA_SENSITIVE, &no, sizeof(no));
	if (k->told != 0)
		cf_kem_add(r, CKA_VALUE_LEN, &r->told, sizeof(r->told));
	r->sent_n = sizeof(r->sent);
	memset(r->sent, CF_KEM_UNTOUCHED, sizeof(r->sent));
}

/* The pair, with the rights that are asked for. */
/* The pair, with the rights that are asked for. */
CK_RV
cf_kem_begin(struct cf *c, struct cf_kem_round *r, const struct cf_kem *k,
    bool to, bool from)
{
	struct cf_pair p = *k->pair;

	cf_kem_fill(r, k);
	p.pub[p.pub_n++] =
	    (CK_ATTRIBUTE){CF_CKA_ENCAPSULATE, to ? &yes : &no, sizeof(yes)};
	p.prv[p.prv_n++] =
	    (CK_ATTRIBUTE){CF_CKA_DECAPSULATE, from ? &yes : &no, sizeof(yes)};
	return cf_pair_make(c, &p, &r->pub, &r->prv);
}

CK_RV
cf_kem_send(struct cf *c, struct cf_kem_round *r)
{
	return c->f32->C_EncapsulateKey(c->s, &r->m, r->pub, r->t, r->n,
	    r->sent, &r->sent_n, &r->key);
}

CK_RV
cf_kem_receive(struct cf *c, struct cf_kem_round *r)
{
	return c->f32->C_DecapsulateKey(c->s, &r->m, r->prv, r->t, r->n,
	    r->sent, r->sent_n, &r->back);
}

CK_ULONG
cf_kem_keys(struct cf *c)
{
	static CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_ATTRIBUTE t = {CKA_CLASS, &cls, sizeof(cls)};
	CK_OBJECT_HANDLE o[16];
	CK_ULONG n = 0;

	return cf_find(c, c->s, &t, 1, o, CF_COUNT(o), &n) == CKR_OK ? n : 99;
}

CK_RV
cf_kem_same(struct cf *c, const struct cf_kem_round *r, size_t want)
{
	uint8_t one[CF_KEM_SENT];
	size_t n = 0;
	CK_RV rv = cf_attr(c, r->key, CKA_VALUE, one, sizeof(one), &n);

	if (rv != CKR_OK)
		return rv;
	if (r->key == r->back || n != want)
		return cf_note(c, CF_WRONG, "%zu bytes, or one key", n);
	return cf_made_is_value(c, r->back, CKA_VALUE, one, n);
}
