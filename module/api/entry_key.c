/* C_*: keys made. */
#include "module/api/enter.h"
#include "module/core/op.h"

CK_RV
C_GenerateKey(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism, CK_ATTRIBUTE *t,
    CK_ULONG n, CK_OBJECT_HANDLE *key)
{
	struct ca_enter e = CA_ENTER(C_GenerateKey);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_generate_key(e.session, mechanism, t, n, key);
	return ca_leave(&e, rv);
}

CK_RV
C_GenerateKeyPair(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_ATTRIBUTE *public_t, CK_ULONG public_n, CK_ATTRIBUTE *private_t,
    CK_ULONG private_n, CK_OBJECT_HANDLE *public_key,
    CK_OBJECT_HANDLE *private_key)
{
	struct ca_enter e = CA_ENTER(C_GenerateKeyPair);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_generate_key_pair(e.session, mechanism, public_t,
		    public_n, private_t, private_n, public_key, private_key);
	return ca_leave(&e, rv);
}

CK_RV
C_DeriveKey(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE base_key, CK_ATTRIBUTE *t, CK_ULONG n,
    CK_OBJECT_HANDLE *key)
{
	struct ca_enter e = CA_ENTER(C_DeriveKey);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_derive_key(e.session, mechanism, base_key, t, n, key);
	return ca_leave(&e, rv);
}
