/* C_DecapsulateKey (PKCS#11 3.2): see wrap.h. */
#include "module/core/builder.h"
#include "module/core/mech.h"
#include "module/core/op_derive.h"
#include "module/core/session.h"
#include "module/core/wrap.h"

CK_RV
ca_decapsulate_key(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE private_key, const CK_BYTE *sent, CK_ULONG sent_len,
    const struct ca_wrap_new *new)
{
	struct ca_build b = {.how = CA_BUILD_UNWRAP, .makes = CKO_SECRET_KEY};
	struct ca_rd in = ca_rd_of(sent, sent_len);
	const struct ca_mech *m;
	CK_RV rv;

	if (mech == NULL || sent == NULL || new->key == NULL ||
	    (new->n != 0 && new->t == NULL))
		return CKR_ARGUMENTS_BAD;
	m = ca_mech_find(ss->slot, mech->mechanism, CKF_DECAPSULATE);
	if (m == NULL)
		return CKR_MECHANISM_INVALID;
	if (m->scheme != CA_SCHEME_ECDH)
		return ca_decapsulate_rsa(ss, mech, private_key, in, new);
	rv = ca_decapsulate_ecdh(ss, m, mech, private_key, in, &b, new);
	ca_build_free(&b);
	return rv;
}
