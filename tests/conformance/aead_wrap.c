#include "tests/conformance/aead_wrap.h"

#include <string.h>

#include "tests/conformance/made.h"

const uint8_t cf_aead_kek[] = "a wrapping key with 32 bytes in!";
const uint8_t cf_aead_value[] = "and 32 bytes that are wrapped...";
CK_BYTE cf_aead_aad[CF_AEAD_AAD] = "what is sent beside it";

CK_RV
cf_aead_begin(struct cf *c, struct cf_aead_round *r, const struct cf_aead *how,
    const char *by, const char *what)
{
	const uint8_t *kek = by == NULL ? NULL : cf_aead_kek;
	CK_RV rv;

	if (!cf_mech_can(c, how->mechanism, CKF_WRAP | CKF_UNWRAP))
		return cf_note(c, CF_SKIP, "%s", how->refusal);
	memset(r, 0, sizeof(*r));
	r->how = how;
	memset(r->iv, CF_AEAD_IV, sizeof(r->iv));
	r->out_n = sizeof(r->out);
	how->fill(r);
	rv = cf_wrap_secret(c, CKK_AES, kek, CF_AEAD_KEY,
	    by == NULL ? "WU" : by, &r->w);
	return rv == CKR_OK ? cf_wrap_secret(c, CKK_AES, cf_aead_value,
				  CF_AEAD_KEY, what, &r->key)
			    : rv;
}

CK_RV
cf_aead_wrap(struct cf *c, struct cf_aead_round *r)
{
	return c->f32->C_WrapKeyAuthenticated(c->s, &r->m, r->w, r->key,
	    cf_aead_aad, CF_AEAD_AAD, r->out, &r->out_n);
}

CK_RV
cf_aead_unwrap(struct cf *c, struct cf_aead_round *r, CK_ULONG aad_n,
    const char *what, CK_OBJECT_HANDLE *o)
{
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_AES;
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE t[8] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_PRIVATE, &no, sizeof(no)}};
	CK_ULONG n = 4 + cf_wrap_flags(what, &t[4]);

	return c->f32->C_UnwrapKeyAuthenticated(c->s, &r->m, r->w, r->out,
	    r->out_n, t, n, cf_aead_aad, aad_n, o);
}

/* Whether the IV is the one given, or has its first bits, and no byte more was
 * written. */
static bool
iv_is_right(const struct cf_aead_round *r, CK_ULONG generator, CK_ULONG fixed)
{
	CK_BYTE given[sizeof(r->iv)];
	size_t n = r->how->iv_n;

	memset(given, CF_AEAD_IV, sizeof(given));
	return (memcmp(r->iv, given, n) == 0) ==
		   (generator == CF_CKG_NO_GENERATE) &&
	       memcmp(r->iv, given, fixed / 8) == 0 && r->iv[n] == CF_AEAD_IV;
}

CK_RV
cf_aead_good(struct cf *c, struct cf_aead_round *r, CK_ULONG generator,
    CK_ULONG fixed)
{
	CK_OBJECT_HANDLE back;
	CK_RV rv;

	*r->generator = generator;
	*r->fixed_bits = fixed;
	if ((rv = cf_aead_wrap(c, r)) != CKR_OK)
		return rv;
	if (r->out_n != CF_AEAD_KEY || !r->how->opens(r, r->tag))
		return cf_note(c, CF_WRONG, "OpenSSL does not open it");
	if (!iv_is_right(r, generator, fixed))
		return cf_note(c, CF_WRONG, "the IV is not what was asked");
	rv = cf_aead_unwrap(c, r, CF_AEAD_AAD, "sX", &back);
	return rv == CKR_OK ? cf_made_is_value(c, back, CKA_VALUE,
				  cf_aead_value, CF_AEAD_KEY)
			    : rv;
}

CK_RV
cf_aead_back(struct cf *c, struct cf_aead_round *r, const char *what)
{
	CK_OBJECT_HANDLE back;
	CK_RV rv = cf_aead_wrap(c, r);

	return rv == CKR_OK ? cf_aead_unwrap(c, r, CF_AEAD_AAD, what, &back)
			    : rv;
}

CK_RV
cf_aead_lengths(struct cf *c, const struct cf_aead *how, bool is_short)
{
	struct cf_aead_round r;
	CK_RV rv = cf_aead_begin(c, &r, how, "WUsX", "sX");

	if (rv != CKR_OK)
		return rv;
	if (is_short)
		r.out_n = CF_AEAD_KEY - 1;
	rv = c->f32->C_WrapKeyAuthenticated(c->s, &r.m, r.w, r.key, cf_aead_aad,
	    CF_AEAD_AAD, is_short ? r.out : NULL, &r.out_n);
	return r.out_n == CF_AEAD_KEY
		   ? rv
		   : cf_note(c, CF_WRONG, "%lu bytes", r.out_n);
}

CK_RV
cf_aead_params(struct cf *c, struct cf_aead_round *r, void *param, CK_ULONG n)
{
	CK_MECHANISM m = {r->how->mechanism, param, n};
	CK_OBJECT_HANDLE back;
	CK_RV rv = cf_wrap_wrap(c, &m, r->w, r->key, r->out, &r->out_n);

	if (rv != CKR_OK)
		return rv;
	if (r->out_n != CF_AEAD_KEY + CF_AEAD_TAG ||
	    !r->how->opens(r, &r->out[CF_AEAD_KEY]))
		return cf_note(c, CF_WRONG, "OpenSSL does not open it");
	rv = cf_wrap_unwrap(c, &m, r->w, r->out, r->out_n, CKK_AES, 0, "sX",
	    &back);
	return rv == CKR_OK ? cf_made_is_value(c, back, CKA_VALUE,
				  cf_aead_value, CF_AEAD_KEY)
			    : rv;
}
