/* See mix.h. */
#include "tests/trouble/mix.h"

#include <string.h>

static CK_BBOOL yes = CK_TRUE;

static CK_RV
find_key(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE *key)
{
	CK_OBJECT_CLASS cls = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE a = {CKA_CLASS, &cls, sizeof(cls)};
	CK_ULONG n = 0;
	CK_RV rv = f->C_FindObjectsInit(s, &a, 1), end;

	if (rv != CKR_OK)
		return rv;
	rv = f->C_FindObjects(s, key, 1, &n);
	end = f->C_FindObjectsFinal(s);
	if (rv == CKR_OK)
		rv = end;
	return rv == CKR_OK && n == 0 ? CA_STAGE_NO_KEY : rv;
}

CK_RV
mix_login(CK_FUNCTION_LIST *f, struct mix_token *t)
{
	CK_UTF8CHAR pin[64];
	CK_OBJECT_HANDLE key = 0;
	size_t n = strlen(t->pin);
	CK_RV rv;

	memcpy(pin, t->pin, n);
	rv = f->C_Login(t->s, CKU_USER, pin, n);
	if (rv == CKR_OK)
		rv = find_key(f, t->s, &key);
	atomic_store(&t->key, key);
	return rv;
}

static CK_RV
sign(struct mix_hand *h)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_BYTE data[] = "Giấy mời họp", sig[512];
	CK_ULONG n = sizeof(sig);
	CK_RV rv = h->f->C_SignInit(h->s, &m, atomic_load(&h->t->key));

	data[0] = (CK_BYTE)h->done;
	if (rv == CKR_OK)
		rv = h->f->C_Sign(h->s, data, sizeof(data), sig, &n);
	if (rv != CKR_OK && atomic_load(&h->t->login_may_move))
		return rv == CKR_USER_NOT_LOGGED_IN ||
			       rv == CKR_KEY_HANDLE_INVALID
			   ? CKR_OK
			   : rv;
	return rv != CKR_OK ||
		       ca_stage_verify(h->t->card, data, sizeof(data), sig, n)
		   ? rv
		   : CA_STAGE_BAD_SIG;
}

static CK_RV
find(struct mix_hand *h)
{
	CK_OBJECT_HANDLE o[64], more;
	CK_ULONG n = 0, last = 1;
	CK_BYTE value[4096];
	CK_ATTRIBUTE a = {CKA_VALUE, value, sizeof(value)};
	CK_OBJECT_CLASS cls = CKO_CERTIFICATE;
	CK_ATTRIBUTE want = {CKA_CLASS, &cls, sizeof(cls)};
	CK_RV rv = h->f->C_FindObjectsInit(h->s, &want, 1);

	if (rv == CKR_OK)
		rv = h->f->C_FindObjects(h->s, o, 64, &n);
	if (rv == CKR_OK)
		rv = h->f->C_FindObjects(h->s, &more, 1, &last);
	if (rv == CKR_OK)
		rv = h->f->C_FindObjectsFinal(h->s);
	if (rv != CKR_OK || n == 0 || last != 0)
		return rv != CKR_OK ? rv : CA_STAGE_NO_CERT;
	return h->f->C_GetAttributeValue(h->s, o[0], &a, 1);
}

static CK_RV
open_close(struct mix_hand *h)
{
	CK_SESSION_HANDLE s;
	CK_SESSION_INFO info;
	CK_RV rv = h->f->C_OpenSession(h->t->slot,
	    CKF_SERIAL_SESSION | (h->done % 2 == 0 ? CKF_RW_SESSION : 0UL),
	    NULL, NULL, &s);

	if (rv == CKR_OK)
		rv = h->f->C_GetSessionInfo(s, &info);
	if (rv == CKR_OK)
		rv = h->f->C_CloseSession(s);
	if (rv != CKR_OK)
		return rv;
	return h->f->C_CloseSession(s) == CKR_SESSION_HANDLE_INVALID
		   ? CKR_OK
		   : CKR_GENERAL_ERROR;
}

static CK_RV
digest(struct mix_hand *h)
{
	/* FIPS 180-4, example "abc" */
	static const CK_BYTE abc[] = {0xba, 0x78, 0x16, 0xbf};
	CK_MECHANISM m = {CKM_SHA256, NULL, 0};
	CK_BYTE a[] = "ab", c[] = "c", out[32];
	CK_ULONG n = sizeof(out);
	CK_RV rv = h->f->C_DigestInit(h->s, &m);

	if (rv == CKR_OK)
		rv = h->f->C_DigestUpdate(h->s, a, 2);
	if (rv == CKR_OK)
		rv = h->f->C_DigestUpdate(h->s, c, 1);
	if (rv == CKR_OK)
		rv = h->f->C_DigestFinal(h->s, out, &n);
	return rv != CKR_OK || memcmp(out, abc, sizeof(abc)) == 0
		   ? rv
		   : CKR_GENERAL_ERROR;
}

static CK_RV
crypt_with(struct mix_hand *h, CK_OBJECT_HANDLE key)
{
	CK_MECHANISM m = {CKM_AES_ECB, NULL, 0};
	CK_BYTE in[16] = {(CK_BYTE)h->number}, sealed[16], out[16];
	CK_ULONG n = sizeof(sealed), got = sizeof(out);
	CK_RV rv = h->f->C_EncryptInit(h->s, &m, key);

	if (rv == CKR_OK)
		rv = h->f->C_Encrypt(h->s, in, sizeof(in), sealed, &n);
	if (rv == CKR_OK)
		rv = h->f->C_DecryptInit(h->s, &m, key);
	if (rv == CKR_OK)
		rv = h->f->C_Decrypt(h->s, sealed, n, out, &got);
	return rv != CKR_OK || memcmp(in, out, sizeof(in)) == 0
		   ? rv
		   : CKR_GENERAL_ERROR;
}

static CK_RV
session_key(struct mix_hand *h)
{
	CK_MECHANISM m = {CKM_AES_KEY_GEN, NULL, 0};
	CK_BBOOL no = CK_FALSE;
	CK_ULONG len = 16;
	CK_ATTRIBUTE a[] = {{CKA_VALUE_LEN, &len, sizeof(len)},
	    {CKA_PRIVATE, &no, sizeof(no)}, {CKA_ENCRYPT, &yes, sizeof(yes)},
	    {CKA_DECRYPT, &yes, sizeof(yes)}};
	CK_OBJECT_HANDLE o, copy;
	CK_RV rv = h->f->C_GenerateKey(h->s, &m, a, 4, &o);

	if (rv == CKR_OK)
		rv = crypt_with(h, o);
	if (rv == CKR_OK)
		rv = h->f->C_CopyObject(h->s, o, NULL, 0, &copy);
	if (rv == CKR_OK)
		rv = h->f->C_DestroyObject(h->s, o);
	if (rv == CKR_OK)
		rv = crypt_with(h, copy);
	return rv == CKR_OK ? h->f->C_DestroyObject(h->s, copy) : rv;
}

static CK_RV
ask(struct mix_hand *h)
{
	CK_SLOT_INFO slot;
	CK_TOKEN_INFO token;
	CK_MECHANISM_INFO mech;
	CK_SLOT_ID ids[8];
	CK_ULONG n = 8;
	CK_RV rv = h->f->C_GetSlotInfo(h->t->slot, &slot);

	if (rv == CKR_OK)
		rv = h->f->C_GetTokenInfo(h->t->slot, &token);
	if (rv == CKR_OK)
		rv = h->f->C_GetSlotList(CK_TRUE, ids, &n);
	return rv == CKR_OK
		   ? h->f->C_GetMechanismInfo(h->t->slot, CKM_SHA256, &mech)
		   : rv;
}

const struct mix_work mix_work[] = {
    {"sign", sign},
    {"find", find},
    {"open and close", open_close},
    {"digest", digest},
    {"session key", session_key},
    {"ask", ask},
};
const size_t mix_work_n = CA_COUNT(mix_work);
