#include "module/core/op_mac.h"

#include "module/core/mech.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "pcsc/base/secret.h"

size_t
ca_mac_whole(const struct ca_mech *m)
{
	return m->hash != CA_HASH_NONE ? ca_hash_len(m->hash) : CA_MAC_AES_LEN;
}

static ca_err
start(struct ca_op *op, struct ca_rd key)
{
	if (op->mech->detail == CA_MAC_GMAC)
		return ca_mac_new_gmac(key, op->cipher_params.iv, &op->mac);
	if (op->mech->hash == CA_HASH_NONE)
		return ca_mac_new_cmac(key, &op->mac);
	return ca_mac_new(op->mech->hash, key, &op->mac);
}

CK_RV
ca_mac_begin(struct ca_session *ss, struct ca_op *op, CK_OBJECT_HANDLE key,
    CK_ATTRIBUTE_TYPE may)
{
	bool aes = op->mech->keys == CA_KEYS_AES;
	const struct ca_sobject *x;
	CK_RV rv = ca_skey_begin(ss, op, key,
	    aes ? CKK_AES : CKK_GENERIC_SECRET, may, &x);

	if (rv != CKR_OK)
		return rv;
	if (op->mech->detail == CA_MAC_WHOLE)
		op->mac_len = ca_mac_whole(op->mech);
	rv = ca_rv(start(op, ca_attrs_value(&x->a, CKA_VALUE)), CA_CALL_SIGN);
	op->cipher_params.iv = ca_rd_of(NULL, 0); /* the application's */
	return rv;
}

/* All of it, of which op->mac_len bytes count: the leading ones. */
static CK_RV
finish(struct ca_session *ss, struct ca_op *op, struct ca_wr *out)
{
	CK_RV rv = ca_skey_alive(ss->slot, op);

	return rv == CKR_OK ? ca_rv(ca_mac_final(op->mac, out), CA_CALL_SIGN)
			    : rv;
}

CK_RV
ca_mac_sign(struct ca_session *ss, struct ca_op *op, CK_BYTE *sig,
    CK_ULONG *sig_len)
{
	uint8_t made[CA_HASH_LEN_MAX];
	struct ca_wr w = ca_wr_of(made, sizeof(made));
	struct ca_rd all, head;
	size_t n = 0;
	CK_RV rv = finish(ss, op, &w);

	all = ca_wr_rd(&w);
	if (rv == CKR_OK && (!ca_rd_take(&all, op->mac_len, &head) ||
				!ca_rd_copy(head, sig, *sig_len, &n)))
		rv = CKR_GENERAL_ERROR;
	if (rv == CKR_OK)
		*sig_len = n;
	ca_wipe(made, sizeof(made));
	return rv;
}

CK_RV
ca_mac_check(struct ca_session *ss, struct ca_op *op, struct ca_rd sig)
{
	uint8_t made[CA_HASH_LEN_MAX];
	struct ca_wr w = ca_wr_of(made, sizeof(made));
	CK_RV rv;

	if (sig.n != op->mac_len)
		return CKR_SIGNATURE_LEN_RANGE;
	rv = finish(ss, op, &w);
	if (rv == CKR_OK && ca_const_cmp(made, sig.p, sig.n) != 0)
		rv = CKR_SIGNATURE_INVALID;
	ca_wipe(made, sizeof(made));
	return rv;
}
