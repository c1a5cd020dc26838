/* Parameters of AES, and where a counter ends: mech 2.11 and 2.12. */
#include <string.h>

#include "tests/conformance/aes.h"
#include "tests/conformance/groups.h"

static CK_BYTE plain[200];

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

CF_GROUP(cf_group_aes_param, table)
