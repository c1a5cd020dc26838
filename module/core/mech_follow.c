/* See mech.h: flags of a mechanism that follow from others. */
#include "module/core/mech.h"

/* Signatures that hold the data themselves. */
static bool
recovers(const struct ca_mech *m)
{
	return (m->scheme == CA_SCHEME_PKCS1 && m->hash == CA_HASH_NONE) ||
	       m->scheme == CA_SCHEME_RAW;
}

/* Many messages with one key: what signs them needs nothing for each, and what
 * encrypts them has a tag for each. */
static CK_FLAGS
follow_messages(const struct ca_mech *m, CK_FLAGS flags)
{
	bool aead = m->scheme == CA_SCHEME_CIPHER &&
		    (m->detail == CA_CIPHER_GCM || m->detail == CA_CIPHER_CCM);
	CK_FLAGS more = 0;

	if (m->scheme == CA_SCHEME_MAC && m->detail == CA_MAC_GMAC)
		return flags; /* one IV for all would be the end of the key */
	if ((flags & CKF_SIGN) != 0)
		more |= CKF_MESSAGE_SIGN;
	if ((flags & CKF_VERIFY) != 0)
		more |= CKF_MESSAGE_VERIFY;
	if (aead && (flags & CKF_ENCRYPT) != 0)
		more |= CKF_MESSAGE_ENCRYPT;
	if (aead && (flags & CKF_DECRYPT) != 0)
		more |= CKF_MESSAGE_DECRYPT;
	return more != 0 ? flags | more | CKF_MULTI_MESSAGE : flags;
}

/* A secret sent to a public key (3.2): one that is wrapped, or one that is
 * agreed on with a key pair made for it. */
static CK_FLAGS
follow_kem(const struct ca_mech *m, CK_FLAGS flags)
{
	if (m->scheme == CA_SCHEME_ECDH && (flags & CKF_DERIVE) != 0)
		flags |= CKF_ENCAPSULATE | CKF_DECAPSULATE;
	if (m->keys == CA_KEYS_RSA && (flags & CKF_WRAP) != 0)
		flags |= CKF_ENCAPSULATE;
	if (m->keys == CA_KEYS_RSA && (flags & CKF_UNWRAP) != 0)
		flags |= CKF_DECAPSULATE;
	return flags;
}

CK_FLAGS
ca_mech_follow(const struct ca_mech *m, CK_FLAGS flags)
{
	if (recovers(m) && (flags & CKF_SIGN) != 0)
		flags |= CKF_SIGN_RECOVER;
	if (recovers(m) && (flags & CKF_VERIFY) != 0)
		flags |= CKF_VERIFY_RECOVER;
	return follow_messages(m, follow_kem(m, flags));
}
