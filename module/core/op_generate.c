/* C_GenerateKey: secret keys of the session, from OpenSSL's generator. */
#include "module/core/builder.h"
#include "module/core/key_value.h"
#include "module/core/mech.h"
#include "module/core/op.h"
#include "module/core/op_kdf_pbkd2.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"

/* The template has been read: makes the value. */
static CK_RV
make_value(struct ca_build *b)
{
	uint8_t value[CA_GENERIC_BYTES_MAX];
	CK_ULONG n = ca_attrs_number(&b->a, CKA_VALUE_LEN);
	ca_err e;
	CK_RV rv;

	if (!ca_attrs_has(&b->a, CKA_VALUE_LEN))
		return CKR_TEMPLATE_INCOMPLETE;
	rv = ca_key_value_fits(b->type, n);
	if (rv != CKR_OK)
		return rv;
	e = ca_crypto_random(value, n);
	if (e == CA_OK)
		e = ca_attrs_put(&b->a, CKA_VALUE, ca_rd_of(value, n));
	ca_wipe(value, sizeof(value));
	return ca_rv(e, CA_CALL_DERIVE);
}

CK_RV
ca_generate_key(struct ca_session *ss, const CK_MECHANISM *mech,
    const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct ca_build b = {.how = CA_BUILD_GENERATE,
	    .makes = CKO_SECRET_KEY,
	    .has_type = true};
	const struct ca_mech *m;
	CK_RV rv;

	if (mech == NULL || out == NULL || (t == NULL && n != 0))
		return CKR_ARGUMENTS_BAD;
	m = ca_mech_find(ss->slot, mech->mechanism, CKF_GENERATE);
	if (m == NULL)
		return CKR_MECHANISM_INVALID;
	if (m->scheme == CA_SCHEME_KDF)
		return ca_generate_pbkd2(ss, mech, t, n, out);
	if (mech->ulParameterLen != 0)
		return CKR_MECHANISM_PARAM_INVALID;
	b.mechanism = m->type;
	b.type = m->detail;
	rv = ca_slot_check_rv(ss->slot);
	if (rv == CKR_OK)
		rv = ca_build_begin(&b, ss, t, n);
	if (rv == CKR_OK)
		rv = make_value(&b);
	if (rv == CKR_OK)
		rv = ca_build_end(&b, ss, out);
	ca_build_free(&b);
	return rv;
}
