/* See mech.h: flags of a mechanism that follow from others. */
#include "module/core/mech.h"

/* Signatures that hold the data themselves. */
static bool
recovers(const struct ca_mech *m)
{
	return (m->scheme == CA_SCHEME_PKCS1 && m->hash == CA_HASH_NONE) ||
	       m->scheme == CA_SCHEME_RAW;
}

CK_FLAGS
ca_mech_follow(const struct ca_mech *m, CK_FLAGS flags)
{
	if (recovers(m) && (flags & CKF_SIGN) != 0)
		flags |= CKF_SIGN_RECOVER;
	if (recovers(m) && (flags & CKF_VERIFY) != 0)
		flags |= CKF_VERIFY_RECOVER;
	return flags;
}
