/* AES with session keys: mech 2.11 and 2.12, 2.40 clauses 5.8 and 5.9. What
 * comes out is compared with OpenSSL and with the vectors of SP 800-38A and of
 * the GCM specification. */
#include <stdio.h>
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

struct vector {
	enum cf_aes mode;
	const char *key, *iv, *aad, *plain, *crypt;
};

#define KEY38A "2b7e151628aed2a6abf7158809cf4f3c"
#define TEXT38A                                                                \
	"6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
#define IV38A "000102030405060708090a0b0c0d0e0f"
/* SP 800-38A, F.1.1, F.2.1 and F.5.1, two blocks; GCM, test case 4. */
static const struct vector ecb = {CF_AES_ECB, KEY38A, "", "", TEXT38A,
    "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"};
static const struct vector cbc = {CF_AES_CBC, KEY38A, IV38A, "", TEXT38A,
    "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"};
static const struct vector ctr = {CF_AES_CTR, KEY38A,
    "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "", TEXT38A,
    "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"};
static const struct vector gcm = {CF_AES_GCM,
    "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
    "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
    "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
    "5bc94fbc3221a5db94fae95ae7121a47"};

/* p: the vector. */
static CK_RV
known_answer(struct cf *c, const struct cf_case *k)
{
	const struct vector *v = k->p;
	CK_BYTE key[32], in[128], want[128], got[160];
	struct cf_aes_use u = {.mode = v->mode};
	CK_ULONG n = sizeof(got);
	size_t want_n;
	CK_OBJECT_HANDLE h;
	CK_MECHANISM *m;
	CK_RV rv;

	u.key_n = cf_aes_hex(v->key, key);
	u.iv_n = cf_aes_hex(v->iv, u.iv);
	u.aad_n = cf_aes_hex(v->aad, u.aad);
	u.n = cf_aes_hex(v->plain, in);
	want_n = cf_aes_hex(v->crypt, want);
	m = cf_aes_mechanism(&u);
	if (!cf_mech_can(c, m->mechanism, CKF_ENCRYPT))
		return cf_note(c, CF_SKIP, "not listed");
	if ((rv = cf_aes_key(c, key, u.key_n, &h)) != CKR_OK ||
	    (rv = c->f->C_EncryptInit(c->s, m, h)) != CKR_OK ||
	    (rv = c->f->C_Encrypt(c->s, in, u.n, got, &n)) != CKR_OK)
		return rv;
	return n == want_n && memcmp(got, want, n) == 0
		   ? CKR_OK
		   : cf_note(c, CF_WRONG, "another cryptogram");
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

/* a: the mode; b: what is wrong with its parameter. */
enum { NONE, SHORT, ZERO_COUNTER, ODD_TAG, NO_IV, LONG_IV };

static CK_RV
bad_param(struct cf *c, const struct cf_case *k)
{
	struct cf_aes_use u = {.mode = (enum cf_aes)k->a, .key_n = 16};
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_aes_key(c, plain, 16, &h);
	CK_MECHANISM m = *cf_aes_mechanism(&u);
	CK_AES_CTR_PARAMS none = {0};
	CK_GCM_PARAMS p;

	if (rv == CKR_OK && !cf_mech_can(c, m.mechanism, CKF_ENCRYPT))
		return cf_note(c, CF_SKIP, "not listed");
	if (k->b == NONE)
		m.pParameter = NULL;
	if (k->b == NONE || k->b == SHORT)
		m.ulParameterLen = k->b == NONE ? 0 : 15;
	if (k->b == ZERO_COUNTER)
		m.pParameter = &none;
	if (k->b == ODD_TAG || k->b == NO_IV || k->b == LONG_IV) {
		memcpy(&p, m.pParameter, sizeof(p));
		p.tag_bits = k->b == ODD_TAG ? 129 : p.tag_bits;
		p.iv_ptr = k->b == NO_IV ? NULL : p.iv_ptr;
		p.iv_len = k->b == NO_IV ? 0 : p.iv_len;
		if (k->b == LONG_IV) {
			p.iv_ptr = plain;
			p.iv_len = 129;
			p.iv_bits = 129 * 8;
		}
		m.pParameter = &p;
	}
	return rv == CKR_OK ? c->f->C_EncryptInit(c->s, &m, h) : rv;
}

/* A counter of one bit counts two blocks. b: its bits; p: where it begins, or
 * NULL for 0. */
static CK_RV
counter_ends(struct cf *c, const struct cf_case *k)
{
	CK_AES_CTR_PARAMS counter = {.counter_bits = k->b};
	CK_MECHANISM m = {CKM_AES_CTR, &counter, sizeof(counter)};
	CK_BYTE out[64];
	CK_ULONG n = sizeof(out);
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_aes_key(c, plain, 16, &h);

	if (k->p != NULL)
		(void)cf_aes_hex(k->p, counter.cb);
	if (rv == CKR_OK && !cf_mech_can(c, m.mechanism, CKF_ENCRYPT))
		return cf_note(c, CF_SKIP, "not listed");
	if (rv != CKR_OK || (rv = c->f->C_EncryptInit(c->s, &m, h)) != CKR_OK)
		return rv;
	return c->f->C_Encrypt(c->s, plain, k->a, out, &n);
}

/* The last block of a counter of 64, 65 and 128 bits, and one that is not the
 * last of 65. */
#define LAST64 "aa55aa55aa55aa54ffffffffffffffff"
#define LAST65 "aa55aa55aa55aa55ffffffffffffffff"
#define LAST128 "ffffffffffffffffffffffffffffffff"

#define ROW(what, fn, a, b, p, ...)                                            \
	{                                                                      \
		what, "mech 2.11, 2.12", CF_RO, 0, fn, a, b, p,                \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define PARAM(what, mode, b)                                                   \
	ROW("C_EncryptInit/aes-" what, bad_param, mode, b, NULL,               \
	    CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD)

static const struct cf_case table[] = {
    ROW("C_Encrypt/aes-ecb", against_openssl, CF_AES_ECB, 0, NULL, CKR_OK),
    ROW("C_Encrypt/aes-cbc", against_openssl, CF_AES_CBC, 0, NULL, CKR_OK),
    ROW("C_Encrypt/aes-cbc-pad", against_openssl, CF_AES_CBC_PAD, 0, NULL,
	CKR_OK),
    ROW("C_Encrypt/aes-ctr", against_openssl, CF_AES_CTR, 0, NULL, CKR_OK),
    ROW("C_Encrypt/aes-gcm", against_openssl, CF_AES_GCM, 0, NULL, CKR_OK),
    ROW("C_Encrypt/aes-ecb-known", known_answer, 0, 0, &ecb, CKR_OK),
    ROW("C_Encrypt/aes-cbc-known", known_answer, 0, 0, &cbc, CKR_OK),
    ROW("C_Encrypt/aes-ctr-known", known_answer, 0, 0, &ctr, CKR_OK),
    ROW("C_Encrypt/aes-gcm-known", known_answer, 0, 0, &gcm, CKR_OK),
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
    PARAM("cbc-no-iv", CF_AES_CBC, NONE),
    PARAM("cbc-short-iv", CF_AES_CBC, SHORT),
    PARAM("ctr-no-counter", CF_AES_CTR, NONE),
    PARAM("ctr-counter-of-0-bits", CF_AES_CTR, ZERO_COUNTER),
    PARAM("gcm-no-parameter", CF_AES_GCM, NONE),
    PARAM("gcm-tag-of-129-bits", CF_AES_GCM, ODD_TAG),
    PARAM("gcm-no-iv", CF_AES_GCM, NO_IV),
    /* The standard lets a token take it, up to 256 bytes. */
    ROW("C_EncryptInit/aes-gcm-iv-of-129-bytes", bad_param, CF_AES_GCM, LONG_IV,
	NULL, CKR_OK, CKR_MECHANISM_PARAM_INVALID),
    ROW("C_Encrypt/aes-ctr-counter-fits", counter_ends, 32, 1, NULL, CKR_OK),
    ROW("C_Encrypt/aes-ctr-counter-ends", counter_ends, 33, 1, NULL,
	CKR_DATA_LEN_RANGE),
    ROW("C_Encrypt/aes-ctr-64-bits-fit", counter_ends, 16, 64, LAST64, CKR_OK),
    ROW("C_Encrypt/aes-ctr-64-bits-end", counter_ends, 17, 64, LAST64,
	CKR_DATA_LEN_RANGE),
    ROW("C_Encrypt/aes-ctr-64-bits-all", counter_ends, 48, 64, NULL, CKR_OK),
    ROW("C_Encrypt/aes-ctr-65-bits-fit", counter_ends, 17, 65, LAST64, CKR_OK),
    ROW("C_Encrypt/aes-ctr-65-bits-end", counter_ends, 17, 65, LAST65,
	CKR_DATA_LEN_RANGE),
    ROW("C_Encrypt/aes-ctr-128-bits-fit", counter_ends, 17, 128, LAST65,
	CKR_OK),
    ROW("C_Encrypt/aes-ctr-128-bits-end", counter_ends, 17, 128, LAST128,
	CKR_DATA_LEN_RANGE),
};

CF_GROUP(cf_group_aes, table)
