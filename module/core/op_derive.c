/* C_DeriveKey: each kind of mechanism is a file of its own. */
#include "module/core/op_derive.h"

#include "module/core/builder.h"
#include "module/core/mech.h"
#include "module/core/op.h"
#include "module/core/session.h"

CK_RV
ca_derive_key(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE base, const CK_ATTRIBUTE *t, CK_ULONG n,
    CK_OBJECT_HANDLE *out)
{
	struct ca_build b = {.how = CA_BUILD_DERIVE, .makes = CKO_SECRET_KEY};
	const struct ca_mech *m;
	CK_RV rv = CKR_MECHANISM_INVALID;

	if (mech == NULL || out == NULL || (t == NULL && n != 0))
		return CKR_ARGUMENTS_BAD;
	m = ca_mech_find(ss->slot, mech->mechanism, CKF_DERIVE);
	if (m != NULL && m->scheme == CA_SCHEME_ECDH)
		rv = ca_derive_ecdh(ss, m, mech, base, &b, t, n, out);
	if (m != NULL && m->scheme == CA_SCHEME_KDF)
		rv = ca_derive_secret(ss, m, mech, base, &b, t, n, out);
	ca_build_free(&b);
	return rv;
}
