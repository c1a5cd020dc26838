/* C_*: keys wrapped, unwrapped, encapsulated. */
#include "module/api/enter.h"
#include "module/core/wrap.h"

CK_RV
C_WrapKey(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key, CK_BYTE *out,
    CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_WrapKey);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_wrap_key(e.session, mechanism, wrapping_key, key, out,
		    out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_UnwrapKey(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE unwrapping_key, CK_BYTE *in, CK_ULONG in_len,
    CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *key)
{
	struct ca_enter e = CA_ENTER(C_UnwrapKey);
	struct ca_wrap_new new = {t, n, key};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_unwrap_key(e.session, mechanism, unwrapping_key, in,
		    in_len, &new);
	return ca_leave(&e, rv);
}

CK_RV
C_WrapKeyAuthenticated(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key, CK_BYTE *aad,
    CK_ULONG aad_len, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_enter e = CA_ENTER(C_WrapKeyAuthenticated);
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_wrap_key_authenticated(e.session, mechanism,
		    wrapping_key, key, aad, aad_len, out, out_len);
	return ca_leave(&e, rv);
}

CK_RV
C_UnwrapKeyAuthenticated(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE unwrapping_key, CK_BYTE *in, CK_ULONG in_len,
    CK_ATTRIBUTE *t, CK_ULONG n, CK_BYTE *aad, CK_ULONG aad_len,
    CK_OBJECT_HANDLE *key)
{
	struct ca_enter e = CA_ENTER(C_UnwrapKeyAuthenticated);
	struct ca_wrap_new new = {t, n, key};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_unwrap_key_authenticated(e.session, mechanism,
		    unwrapping_key, in, in_len, aad, aad_len, &new);
	return ca_leave(&e, rv);
}

CK_RV
C_EncapsulateKey(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE public_key, CK_ATTRIBUTE *t, CK_ULONG n, CK_BYTE *out,
    CK_ULONG *out_len, CK_OBJECT_HANDLE *key)
{
	struct ca_enter e = CA_ENTER(C_EncapsulateKey);
	struct ca_wrap_new new = {t, n, key};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_encapsulate_key(e.session, mechanism, public_key, out,
		    out_len, &new);
	return ca_leave(&e, rv);
}

CK_RV
C_DecapsulateKey(CK_SESSION_HANDLE h, CK_MECHANISM *mechanism,
    CK_OBJECT_HANDLE private_key, CK_ATTRIBUTE *t, CK_ULONG n, CK_BYTE *in,
    CK_ULONG in_len, CK_OBJECT_HANDLE *key)
{
	struct ca_enter e = CA_ENTER(C_DecapsulateKey);
	struct ca_wrap_new new = {t, n, key};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = ca_decapsulate_key(e.session, mechanism, private_key, in,
		    in_len, &new);
	return ca_leave(&e, rv);
}
