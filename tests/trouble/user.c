/* The steps of a user; see stage.h. */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "tests/trouble/stage.h"

CK_RV
ca_stage_open(struct ca_stage *t)
{
	CK_SLOT_ID ids[16];
	CK_ULONG n = 0;
	CK_RV rv;

	t->s = CK_INVALID_HANDLE;
	if ((rv = t->f->C_GetSlotList(CK_FALSE, NULL, &n)) != CKR_OK)
		return rv;
	n = 16;
	if ((rv = t->f->C_GetSlotList(CK_TRUE, ids, &n)) != CKR_OK)
		return rv;
	if (n == 0)
		return CA_STAGE_NO_TOKEN;
	t->slot = ids[0];
	return t->f->C_OpenSession(t->slot, CKF_SERIAL_SESSION, NULL, NULL,
	    &t->s);
}

CK_RV
ca_stage_login_with(struct ca_stage *t, const char *pin)
{
	CK_UTF8CHAR copy[256];
	size_t n = strlen(pin);
	CK_RV rv;

	memcpy(copy, pin, n);
	rv = t->f->C_Login(t->s, CKU_USER, copy, n);
	explicit_bzero(copy, sizeof(copy));
	return rv;
}

CK_RV
ca_stage_login(struct ca_stage *t)
{
	return ca_stage_login_with(t, t->opts.pin);
}

static CK_RV
find_first(struct ca_stage *t, CK_OBJECT_CLASS cls, CK_OBJECT_HANDLE *o,
    CK_RV none)
{
	CK_ATTRIBUTE a = {CKA_CLASS, &cls, sizeof(cls)};
	CK_ULONG n = 0;
	CK_RV rv = t->f->C_FindObjectsInit(t->s, &a, 1), end;

	if (rv != CKR_OK)
		return rv;
	rv = t->f->C_FindObjects(t->s, o, 1, &n);
	end = t->f->C_FindObjectsFinal(t->s);
	if (rv != CKR_OK)
		return rv;
	if (end != CKR_OK)
		return end;
	return n == 1 ? CKR_OK : none;
}

CK_RV
ca_stage_find_key(struct ca_stage *t)
{
	return find_first(t, CKO_PRIVATE_KEY, &t->key, CA_STAGE_NO_KEY);
}

CK_RV
ca_stage_read_cert(struct ca_stage *t)
{
	uint8_t der[8192];
	CK_ATTRIBUTE a = {CKA_VALUE, der, sizeof(der)};
	CK_OBJECT_HANDLE o;
	CK_RV rv = find_first(t, CKO_CERTIFICATE, &o, CA_STAGE_NO_CERT);

	return rv != CKR_OK ? rv : t->f->C_GetAttributeValue(t->s, o, &a, 1);
}

bool
ca_stage_verify(const struct ca_sim *card, const uint8_t *data, size_t data_n,
    const uint8_t *sig, size_t sig_n)
{
	struct ca_rd der = ca_sim_cert(card, 0);
	const unsigned char *p = der.p;
	X509 *x = d2i_X509(NULL, &p, (long)der.n);
	EVP_PKEY *key = x != NULL ? X509_get_pubkey(x) : NULL;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool good;

	good = key != NULL && md != NULL &&
	       EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
	       EVP_DigestVerify(md, sig, sig_n, data, data_n) == 1;
	EVP_MD_CTX_free(md);
	EVP_PKEY_free(key);
	X509_free(x);
	return good;
}

CK_RV
ca_stage_sign(struct ca_stage *t)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	uint8_t data[] = "Tờ trình số 01/TTr-VD", sig[1024];
	CK_ULONG n = sizeof(sig);
	CK_RV rv = t->f->C_SignInit(t->s, &m, t->key);

	if (rv == CKR_OK)
		rv = t->f->C_Sign(t->s, data, sizeof(data), sig, &n);
	if (rv == CKR_OK &&
	    !ca_stage_verify(ca_sim_world_card(t->w, CA_STAGE_READER), data,
		sizeof(data), sig, n))
		return CA_STAGE_BAD_SIG;
	return rv;
}

CK_RV
ca_stage_flow(struct ca_stage *t)
{
	CK_RV rv;

	if ((rv = ca_stage_open(t)) != CKR_OK ||
	    (rv = ca_stage_read_cert(t)) != CKR_OK ||
	    (rv = ca_stage_login(t)) != CKR_OK ||
	    (rv = ca_stage_find_key(t)) != CKR_OK ||
	    (rv = ca_stage_sign(t)) != CKR_OK)
		return rv;
	return ca_stage_sign(t);
}

void
ca_stage_works(struct ca_stage *t)
{
	(void)t->f->C_CloseAllSessions(t->slot);
	CA_STAGE_IS(ca_stage_flow(t), CKR_OK);
}

void
ca_stage_works_reinserted(struct ca_stage *t)
{
	(void)t->f->C_CloseAllSessions(t->slot);
	if (ca_stage_flow(t) == CKR_OK)
		return;
	CU_ASSERT(ca_sim_world_remove(t->w, CA_STAGE_READER) == CA_OK);
	CU_ASSERT(ca_sim_world_insert(t->w, CA_STAGE_READER, t->card) == CA_OK);
	ca_stage_works(t);
}
