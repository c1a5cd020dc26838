/* Signatures checked with public keys that the application brings (2.40 5.12).
 */
#include "tests/conformance/groups.h"
#include "tests/conformance/made.h"

static CK_BBOOL no = CK_FALSE;
static CK_BYTE text[] = "Công văn số 12/CV-VD";

static const CK_ATTRIBUTE no_verify_add[] = {{CKA_VERIFY, &no, sizeof(no)}};
static const struct cf_bend no_verify = {CF_KEEP_ALL, no_verify_add, 1};

/* A public key of the application's checks what the test signs. b: another bit
 * of the signature. */
static CK_RV
verify_created(struct cf *c, const struct cf_case *k)
{
	CK_MECHANISM m = {CKM_ECDSA_SHA256, NULL, 0};
	CK_BYTE sig[64];
	CK_OBJECT_HANDLE h;
	CK_RV rv = cf_make(c, CF_EC_PUB, k->p, &h);

	if (rv != CKR_OK)
		return rv;
	if (!cf_mech_can(c, m.mechanism, CKF_VERIFY))
		return cf_note(c, CF_SKIP, "not listed");
	if (!cf_made_sign_ec(text, sizeof(text), sig))
		return cf_note(c, CF_SETUP, "OpenSSL does not sign");
	sig[63] ^= (CK_BYTE)k->b;
	if ((rv = c->f->C_VerifyInit(c->s, &m, h)) != CKR_OK)
		return rv;
	return c->f->C_Verify(c->s, text, sizeof(text), sig, sizeof(sig));
}

#define ROW(what, state, fn, a, b, p, ...)                                     \
	{                                                                      \
		what, "2.40 5.12", state, 0, fn, a, b, p,                      \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}

static const struct cf_case table[] = {
    ROW("C_Verify/created-ec-key", CF_RO, verify_created, 0, 0, NULL, CKR_OK),
    ROW("C_Verify/created-ec-key-other-bit", CF_RO, verify_created, 0, 1, NULL,
	CKR_SIGNATURE_INVALID),
    ROW("C_VerifyInit/created-key-cannot-verify", CF_RO, verify_created, 0, 0,
	&no_verify, CKR_KEY_FUNCTION_NOT_PERMITTED),
};

CF_GROUP(cf_group_created, table)
