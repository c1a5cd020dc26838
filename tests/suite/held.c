/* See held.h. */
#include "tests/suite/held.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_BYTE iv[16] = {7};

static CK_MECHANISM *
mechanism(CK_MECHANISM_TYPE type)
{
	static CK_AES_CTR_PARAMS ctr = {.counter_bits = 64};
	static CK_GCM_PARAMS gcm;
	static CK_MECHANISM m;

	m = (CK_MECHANISM){type, iv, sizeof(iv)};
	gcm = (CK_GCM_PARAMS){
	    .iv_ptr = iv, .iv_len = 12, .iv_bits = 96, .tag_bits = 128};
	if (type == CKM_AES_CTR)
		m = (CK_MECHANISM){type, &ctr, sizeof(ctr)};
	else if (type == CKM_AES_GCM)
		m = (CK_MECHANISM){type, &gcm, sizeof(gcm)};
	else if (type != CKM_AES_CBC && type != CKM_AES_CBC_PAD)
		m = (CK_MECHANISM){type, NULL, 0};
	return &m;
}

static CK_RV
encrypting(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    CK_MECHANISM_TYPE type)
{
	CK_BYTE in[20] = {1}, out[64];
	CK_ULONG n = sizeof(out);
	CK_RV rv = f->C_EncryptInit(s, mechanism(type), key);

	return rv != CKR_OK ? rv
			    : f->C_EncryptUpdate(s, in, sizeof(in), out, &n);
}

static CK_RV
with_ecb(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    const struct ca_needle *n)
{
	(void)n;
	return encrypting(f, s, key, CKM_AES_ECB);
}

static CK_RV
with_cbc(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    const struct ca_needle *n)
{
	(void)n;
	return encrypting(f, s, key, CKM_AES_CBC);
}

static CK_RV
with_ctr(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    const struct ca_needle *n)
{
	(void)n;
	return encrypting(f, s, key, CKM_AES_CTR);
}

static CK_RV
with_gcm(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    const struct ca_needle *n)
{
	(void)n;
	return encrypting(f, s, key, CKM_AES_GCM);
}

static void
end_encrypt(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s)
{
	CK_BYTE out[64];
	CK_ULONG n = sizeof(out);

	(void)f->C_EncryptFinal(s, out, &n);
}

/* The needle is encrypted and waits, decrypted, for room. */
static CK_RV
waiting(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    const struct ca_needle *needle, CK_MECHANISM_TYPE type)
{
	CK_BYTE plain[CA_NEEDLE_BYTES], sealed[64], out[64];
	CK_ULONG n = sizeof(sealed), got = sizeof(out);
	CK_RV rv = f->C_EncryptInit(s, mechanism(type), key);

	ca_needle_show(needle, plain);
	/* Not a whole block: the end has something to keep. */
	if (rv == CKR_OK)
		rv = f->C_Encrypt(s, plain, sizeof(plain) - 1, sealed, &n);
	explicit_bzero(plain, sizeof(plain));
	if (rv == CKR_OK)
		rv = f->C_DecryptInit(s, mechanism(type), key);
	if (rv == CKR_OK)
		rv = f->C_DecryptUpdate(s, sealed, n, out, &got);
	explicit_bzero(out, sizeof(out));
	got = 1;
	if (rv == CKR_OK)
		rv = f->C_DecryptFinal(s, out, &got);
	return rv == CKR_BUFFER_TOO_SMALL ? CKR_OK : CKR_GENERAL_ERROR;
}

static CK_RV
plain_cbc_pad(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    const struct ca_needle *n)
{
	return waiting(f, s, key, n, CKM_AES_CBC_PAD);
}

static CK_RV
plain_gcm(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    const struct ca_needle *n)
{
	return waiting(f, s, key, n, CKM_AES_GCM);
}

static void
end_decrypt(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s)
{
	CK_BYTE out[64];
	CK_ULONG n = sizeof(out);

	(void)f->C_DecryptFinal(s, out, &n);
	explicit_bzero(out, sizeof(out));
}

static CK_RV
with_hmac(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    const struct ca_needle *n)
{
	CK_BYTE in[20] = {1};
	CK_RV rv = f->C_SignInit(s, mechanism(CKM_SHA256_HMAC), key);

	(void)n;
	return rv != CKR_OK ? rv : f->C_SignUpdate(s, in, sizeof(in));
}

static void
end_sign(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s)
{
	CK_BYTE out[64];
	CK_ULONG n = sizeof(out);

	(void)f->C_SignFinal(s, out, &n);
}

static CK_RV
with_ecdsa(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    const struct ca_needle *n)
{
	CK_BYTE in[20] = {1};
	CK_RV rv = f->C_SignInit(s, mechanism(CKM_ECDSA_SHA256), key);

	(void)n;
	return rv != CKR_OK ? rv : f->C_SignUpdate(s, in, sizeof(in));
}

static CK_RV
digested(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
    const struct ca_needle *n)
{
	CK_RV rv = f->C_DigestInit(s, mechanism(CKM_SHA256));

	(void)n;
	return rv != CKR_OK ? rv : f->C_DigestKey(s, key);
}

static void
end_digest(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s)
{
	CK_BYTE out[64];
	CK_ULONG n = sizeof(out);

	(void)f->C_DigestFinal(s, out, &n);
}

/* clang-format off */
const struct ca_held_way ca_held_ways[] = {
	{ "aes-key", true, CKO_SECRET_KEY, CKK_AES, NULL, NULL },
	{ "generic-secret", true, CKO_SECRET_KEY, CKK_GENERIC_SECRET, NULL, NULL },
	{ "data", true, CKO_DATA, 0, NULL, NULL },
	{ "ecb", true, CKO_SECRET_KEY, CKK_AES, with_ecb, end_encrypt },
	{ "cbc", true, CKO_SECRET_KEY, CKK_AES, with_cbc, end_encrypt },
	{ "ctr", true, CKO_SECRET_KEY, CKK_AES, with_ctr, end_encrypt },
	{ "gcm", true, CKO_SECRET_KEY, CKK_AES, with_gcm, end_encrypt },
	{ "hmac", true, CKO_SECRET_KEY, CKK_GENERIC_SECRET, with_hmac, end_sign },
	{ "ec-key", true, CKO_PRIVATE_KEY, CKK_EC, NULL, NULL },
	{ "ecdsa", true, CKO_PRIVATE_KEY, CKK_EC, with_ecdsa, end_sign },
	{ "digest", true, CKO_SECRET_KEY, CKK_GENERIC_SECRET, digested, end_digest },
	{ "plaintext-cbc-pad", false, CKO_SECRET_KEY, CKK_AES, plain_cbc_pad, end_decrypt },
	{ "plaintext-gcm", false, CKO_SECRET_KEY, CKK_AES, plain_gcm, end_decrypt },
};
/* clang-format on */
const size_t ca_held_ways_n = COUNT(ca_held_ways);

static CK_BBOOL
somebody_in(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s)
{
	CK_SESSION_INFO info = {.state = CKS_RO_PUBLIC_SESSION};

	(void)f->C_GetSessionInfo(s, &info);
	return info.state == CKS_RO_USER_FUNCTIONS ||
		       info.state == CKS_RW_USER_FUNCTIONS
		   ? CK_TRUE
		   : CK_FALSE;
}

/* An object with this value. What the template leaves out is the module's own
 * choice. */
static CK_RV
create(const struct ca_held_way *way, CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s,
    CK_BYTE *value, CK_ULONG n, CK_OBJECT_HANDLE *o)
{
	static CK_BYTE p256[] = {
	    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
	CK_OBJECT_CLASS cls = way->cls;
	CK_KEY_TYPE type = way->type;
	CK_BBOOL in = somebody_in(f, s);
	CK_ATTRIBUTE a[8] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_VALUE, value, n}, {CKA_PRIVATE, &in, sizeof(in)},
	    {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_SENSITIVE, &no, sizeof(no)},
	    {CKA_EXTRACTABLE, &yes, sizeof(yes)},
	    {type == CKK_AES ? CKA_ENCRYPT : CKA_SIGN, &yes, sizeof(yes)}};
	CK_ULONG a_n = cls == CKO_DATA ? 3 : 7;

	if (type == CKK_AES)
		a[a_n++] = (CK_ATTRIBUTE){CKA_DECRYPT, &yes, sizeof(yes)};
	if (cls == CKO_PRIVATE_KEY)
		a[a_n++] = (CK_ATTRIBUTE){CKA_EC_PARAMS, p256, sizeof(p256)};
	return f->C_CreateObject(s, a, a_n, o);
}

CK_RV
ca_held(const struct ca_held_way *way, CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s,
    const struct ca_needle *n, CK_OBJECT_HANDLE *o)
{
	uint8_t value[CA_NEEDLE_BYTES] = {3};
	CK_RV rv;

	if (way->is_value)
		ca_needle_show(n, value);
	rv = create(way, f, s, value, sizeof(value), o);
	explicit_bzero(value, sizeof(value));
	if (rv == CKR_OK && way->begin != NULL)
		rv = way->begin(f, s, *o, n);
	return rv;
}
