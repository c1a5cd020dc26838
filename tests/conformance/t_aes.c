/* AES with session keys: mech 2.11 and 2.12, 2.40 clauses 5.8 and 5.9. What
 * comes out is compared with OpenSSL; published vectors: tests/data/kat. */
#include <string.h>

#include "tests/conformance/aes.h"
#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"

static CK_BYTE plain[200];

/* Every length, at once and in parts of every size, with keys of three sizes:
 * as OpenSSL does it, and back. a: the mode. */
static CK_RV
against_openssl(struct cf *c, const struct cf_case *k)
{
	static const size_t keys[] = {16, 24, 32};
	static const size_t lengths[] = {0, 1, 15, 16, 17, 32, 48, 95, 112};
	static const size_t steps[] = {0, 1, 7, 16, 31};
	enum cf_aes mode = (enum cf_aes)k->a;
	CK_RV rv = CKR_OK;

	if (!cf_mech_can(c, cf_aes_mech(mode), CKF_ENCRYPT | CKF_DECRYPT))
		return cf_note(c, CF_SKIP, "not listed");
	for (size_t i = 0; i < sizeof(plain); i++)
		plain[i] = (CK_BYTE)(i * 7);
	for (size_t i = 0; i < CF_COUNT(keys); i++)
		for (size_t l = 0; l < CF_COUNT(lengths); l++)
			for (size_t s = 0; s < CF_COUNT(steps); s++) {
				struct cf_aes_use u = {.mode = mode,
				    .key_n = keys[i],
				    .n = lengths[l],
				    .step = steps[s]};

				if (cf_aes_is_block(mode) && u.n % 16 != 0)
					continue;
				/* Nothing at all: some tokens refuse. */
				if (u.n == 0 && mode != CF_AES_CBC_PAD)
					continue;
				if (rv == CKR_OK)
					rv = cf_aes_round(c, &u, plain);
			}
	return rv;
}

/* a: the mode; b: bytes that are no number of blocks; p: not NULL: decrypts. */
static CK_RV
odd_length(struct cf *c, const struct cf_case *k)
{
	struct cf_aes_use u = {.mode = (enum cf_aes)k->a, .key_n = 16};
	CK_BYTE out[256];
	CK_ULONG n = sizeof(out);
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_aes_key(c, plain, 16, &h);
	CK_MECHANISM *m = cf_aes_mechanism(&u);

	if (rv != CKR_OK)
		return rv;
	if (!cf_mech_can(c, m->mechanism, CKF_DECRYPT))
		return cf_note(c, CF_SKIP, "not listed");
	if (k->p == NULL) {
		rv = c->f->C_EncryptInit(c->s, m, h);
		return rv != CKR_OK
			   ? rv
			   : c->f->C_Encrypt(c->s, plain, k->b, out, &n);
	}
	rv = c->f->C_DecryptInit(c->s, m, h);
	return rv != CKR_OK ? rv : c->f->C_Decrypt(c->s, plain, k->b, out, &n);
}

/* a: the mode. More bytes than any memory has: no length that wrapped around.
 * b: 1 to decrypt. */
static CK_RV
endless(struct cf *c, const struct cf_case *k)
{
	struct cf_aes_use u = {.mode = (enum cf_aes)k->a, .key_n = 16};
	CK_MECHANISM *m = cf_aes_mechanism(&u);
	CK_OBJECT_HANDLE h;
	CK_ULONG n = 0;
	CK_RV rv = cf_aes_key(c, plain, 16, &h);

	if (rv == CKR_OK && !cf_mech_can(c, m->mechanism, CKF_DECRYPT))
		return cf_note(c, CF_SKIP, "not listed");
	if (rv != CKR_OK)
		return rv;
	rv = k->b == 0 ? c->f->C_EncryptInit(c->s, m, h)
		       : c->f->C_DecryptInit(c->s, m, h);
	if (rv != CKR_OK)
		return rv;
	return k->b == 0 ? c->f->C_Encrypt(c->s, plain, (CK_ULONG)-1, NULL, &n)
			 : c->f->C_Decrypt(c->s, plain, (CK_ULONG)-1, NULL, &n);
}

/* An end that is made waits for room; nothing can be added to it any more. b: 1
 * to decrypt. */
static CK_RV
after_end(struct cf *c, const struct cf_case *k)
{
	struct cf_aes_use u = {.mode = CF_AES_CBC_PAD, .key_n = 16};
	CK_MECHANISM *m = cf_aes_mechanism(&u);
	CK_BYTE crypt[64], out[64];
	CK_ULONG crypt_n = sizeof(crypt), n = sizeof(out), none = 0;
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_aes_key(c, plain, 16, &h);

	if (rv == CKR_OK && !cf_mech_can(c, m->mechanism, CKF_DECRYPT))
		return cf_note(c, CF_SKIP, "not listed");
	if (rv != CKR_OK || (rv = c->f->C_EncryptInit(c->s, m, h)) != CKR_OK)
		return rv;
	if (k->b == 0) {
		rv = c->f->C_EncryptUpdate(c->s, plain, 20, out, &n);
		if (rv == CKR_OK)
			rv = c->f->C_EncryptFinal(c->s, out, &none);
		if (rv != CKR_BUFFER_TOO_SMALL)
			return cf_note(c, CF_SETUP, "the end had room");
		n = sizeof(out);
		return c->f->C_EncryptUpdate(c->s, plain, 20, out, &n);
	}
	if ((rv = c->f->C_Encrypt(c->s, plain, 20, crypt, &crypt_n)) !=
		CKR_OK ||
	    (rv = c->f->C_DecryptInit(c->s, m, h)) != CKR_OK)
		return rv;
	rv = c->f->C_DecryptUpdate(c->s, crypt, crypt_n, out, &n);
	if (rv == CKR_OK)
		rv = c->f->C_DecryptFinal(c->s, out, &none);
	if (rv != CKR_BUFFER_TOO_SMALL)
		return cf_note(c, CF_SETUP, "the end had room");
	n = sizeof(out);
	return c->f->C_DecryptUpdate(c->s, crypt, crypt_n, out, &n);
}

/* A changed bit: of padding or tag, at once or (b) in parts. */
static CK_RV
changed(struct cf *c, const struct cf_case *k)
{
	struct cf_aes_use u = {.mode = (enum cf_aes)k->a, .key_n = 16, .n = 32};
	CK_BYTE crypt[80], out[80];
	CK_ULONG n = sizeof(crypt), out_n = sizeof(out), end;
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_aes_key(c, plain, 16, &h);
	CK_MECHANISM *m = cf_aes_mechanism(&u);

	if (rv == CKR_OK && !cf_mech_can(c, m->mechanism, CKF_DECRYPT))
		return cf_note(c, CF_SKIP, "not listed");
	if (rv != CKR_OK || (rv = c->f->C_EncryptInit(c->s, m, h)) != CKR_OK ||
	    (rv = c->f->C_Encrypt(c->s, plain, u.n, crypt, &n)) != CKR_OK)
		return rv;
	/* Of CBC: the last byte of the padding, by the block before it. */
	crypt[k->a == CF_AES_CBC_PAD ? n - 17 : 5] ^= 0x60;
	if ((rv = c->f->C_DecryptInit(c->s, m, h)) != CKR_OK || k->b == 0)
		return rv != CKR_OK
			   ? rv
			   : c->f->C_Decrypt(c->s, crypt, n, out, &out_n);
	if ((rv = c->f->C_DecryptUpdate(c->s, crypt, n, out, &out_n)) != CKR_OK)
		return rv;
	if (k->a == CF_AES_GCM && out_n != 0)
		return cf_note(c, CF_WRONG, "plaintext before the tag is seen");
	end = sizeof(out) - out_n;
	return c->f->C_DecryptFinal(c->s, out + out_n, &end);
}

/* Length, too little room, enough; the result is still right. */
static CK_RV
lengths(struct cf *c, const struct cf_case *k)
{
	struct cf_aes_use u = {.mode = (enum cf_aes)k->a, .key_n = 16, .n = 20};
	CK_BYTE crypt[80], out[80];
	CK_ULONG n = 0, need = 0;
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_aes_key(c, plain, 16, &h);
	CK_MECHANISM *m = cf_aes_mechanism(&u);

	if (rv == CKR_OK && !cf_mech_can(c, m->mechanism, CKF_DECRYPT))
		return cf_note(c, CF_SKIP, "not listed");
	if (rv != CKR_OK || (rv = c->f->C_EncryptInit(c->s, m, h)) != CKR_OK ||
	    (rv = c->f->C_Encrypt(c->s, plain, u.n, NULL, &need)) != CKR_OK)
		return rv;
	n = need - 1;
	rv = c->f->C_Encrypt(c->s, plain, u.n, crypt, &n);
	if (rv != CKR_BUFFER_TOO_SMALL || n != need)
		return cf_note(c, rv == CKR_OK ? CF_WRONG : rv, "one too few");
	if ((rv = c->f->C_Encrypt(c->s, plain, u.n, crypt, &n)) != CKR_OK ||
	    (rv = c->f->C_DecryptInit(c->s, m, h)) != CKR_OK)
		return rv;
	need = u.n - 1;
	rv = c->f->C_Decrypt(c->s, crypt, n, out, &need);
	if (rv != CKR_BUFFER_TOO_SMALL)
		return cf_note(c, rv == CKR_OK ? CF_WRONG : rv, "one too few");
	need = sizeof(out);
	rv = c->f->C_Decrypt(c->s, crypt, n, out, &need);
	if (rv == CKR_OK && (need != u.n || memcmp(out, plain, u.n) != 0))
		return cf_note(c, CF_WRONG, "another plaintext");
	return rv;
}

#define ROW(what, fn, a, b, p, ...)                                            \
	{                                                                      \
		what, "mech 2.11, 2.12", CF_RO, 0, fn, a, b, p,                \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
static const struct cf_case table[] = {
    ROW("C_Encrypt/aes-ecb", against_openssl, CF_AES_ECB, 0, NULL, CKR_OK),
    ROW("C_Encrypt/aes-cbc", against_openssl, CF_AES_CBC, 0, NULL, CKR_OK),
    ROW("C_Encrypt/aes-cbc-pad", against_openssl, CF_AES_CBC_PAD, 0, NULL,
	CKR_OK),
    ROW("C_Encrypt/aes-ctr", against_openssl, CF_AES_CTR, 0, NULL, CKR_OK),
    ROW("C_Encrypt/aes-gcm", against_openssl, CF_AES_GCM, 0, NULL, CKR_OK),
    ROW("C_Encrypt/aes-ecb-17", odd_length, CF_AES_ECB, 17, NULL,
	CKR_DATA_LEN_RANGE),
    ROW("C_Encrypt/aes-cbc-15", odd_length, CF_AES_CBC, 15, NULL,
	CKR_DATA_LEN_RANGE),
    ROW("C_Decrypt/aes-ecb-17", odd_length, CF_AES_ECB, 17, plain,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/aes-cbc-15", odd_length, CF_AES_CBC, 15, plain,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/aes-cbc-pad-17", odd_length, CF_AES_CBC_PAD, 17, plain,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/aes-cbc-pad-0", odd_length, CF_AES_CBC_PAD, 0, plain,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/aes-gcm-short", odd_length, CF_AES_GCM, 15, plain,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Encrypt/aes-cbc-pad-endless", endless, CF_AES_CBC_PAD, 0, NULL,
	CKR_DATA_LEN_RANGE),
    ROW("C_Encrypt/aes-gcm-endless", endless, CF_AES_GCM, 0, NULL,
	CKR_DATA_LEN_RANGE),
    ROW("C_Decrypt/aes-gcm-endless", endless, CF_AES_GCM, 1, NULL,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    ROW("C_Decrypt/aes-cbc-pad-changed", changed, CF_AES_CBC_PAD, 0, NULL,
	CKR_ENCRYPTED_DATA_INVALID),
    ROW("C_DecryptFinal/aes-cbc-pad-changed", changed, CF_AES_CBC_PAD, 1, NULL,
	CKR_ENCRYPTED_DATA_INVALID),
    ROW("C_Decrypt/aes-gcm-changed", changed, CF_AES_GCM, 0, NULL,
	CKR_ENCRYPTED_DATA_INVALID),
    ROW("C_DecryptFinal/aes-gcm-changed", changed, CF_AES_GCM, 1, NULL,
	CKR_ENCRYPTED_DATA_INVALID),
    ROW("C_Encrypt/aes-cbc-pad-lengths", lengths, CF_AES_CBC_PAD, 0, NULL,
	CKR_OK),
    ROW("C_Encrypt/aes-ctr-lengths", lengths, CF_AES_CTR, 0, NULL, CKR_OK),
    ROW("C_Encrypt/aes-gcm-lengths", lengths, CF_AES_GCM, 0, NULL, CKR_OK),
    ROW("C_EncryptUpdate/aes-after-end", after_end, 0, 0, NULL,
	CKR_OPERATION_ACTIVE),
    ROW("C_DecryptUpdate/aes-after-end", after_end, 0, 1, NULL,
	CKR_OPERATION_ACTIVE),
};

CF_GROUP(cf_group_aes, table)
