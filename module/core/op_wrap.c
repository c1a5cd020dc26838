/* C_WrapKey: see wrap.h; who may leave under whom is in wrap_rule.h. */
#include <stdlib.h>

#include "module/core/mech.h"
#include "module/core/object.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/core/wrap.h"
#include "module/core/wrap_cipher.h"
#include "module/core/wrap_rule.h"
#include "module/core/wrap_value.h"
#include "pcsc/base/secret.h"

/* One call, with room for the key in the clear and for the result. */
struct wrap {
	struct ca_session *ss;
	struct ca_op op; /* the wrapping key, as operations have it */
	const struct ca_sobject *key;
	uint8_t plain[CA_WRAP_MAX], made[CA_WRAP_MAX + CA_WRAP_MORE];
};

/* The key that is to leave. What lies on the card does not. */
static CK_RV
find_key(struct wrap *w, CK_OBJECT_HANDLE h)
{
	const struct ca_object *o = ca_object_get(w->ss->slot, h);

	if (o != NULL && o->kind == CA_KIND_KEY)
		return CKR_KEY_UNEXTRACTABLE;
	w->key = o != NULL ? o->session : NULL;
	if (w->key == NULL ||
	    (w->key->cls != CKO_SECRET_KEY && w->key->cls != CKO_PRIVATE_KEY))
		return CKR_KEY_HANDLE_INVALID;
	return ca_attrs_flag(&w->key->a, CKA_EXTRACTABLE)
		   ? CKR_OK
		   : CKR_KEY_UNEXTRACTABLE;
}

/* A private key goes under secret ones only (5.14.3), whatever its size. */
static CK_RV
check_pair(const struct wrap *w)
{
	if (w->key->cls == CKO_PRIVATE_KEY && w->op.mech->keys == CA_KEYS_RSA)
		return CKR_KEY_NOT_WRAPPABLE;
	return ca_wrap_rule_leaves(w->ss->slot, &w->op, w->key, false);
}

/* Everything is found and allowed. */
static CK_RV
give(struct wrap *w, CK_BYTE *out, CK_ULONG *out_len)
{
	struct ca_wr plain = ca_wr_of(w->plain, sizeof(w->plain));
	struct ca_wr made = ca_wr_of(w->made, sizeof(w->made));
	size_t need = 0, n = 0;
	bool go = false;
	CK_RV rv = ca_wrap_value_write(w->key, &plain);

	if (rv == CKR_OK)
		rv = ca_wrap_size(&w->op, ca_wr_rd(&plain).n, &need);
	if (rv == CKR_OK)
		rv = ca_out_room(out, out_len, need, &go);
	if (rv != CKR_OK || !go)
		return rv;
	ca_wr_fill(&plain, 0, ca_wrap_zeros(&w->op, ca_wr_rd(&plain).n));
	rv = ca_rv(ca_wrap_rule_left(w->ss->slot, &w->op, w->key),
	    CA_CALL_ENCRYPT);
	if (rv == CKR_OK)
		rv = ca_wrap_lock(w->ss, &w->op, ca_wr_rd(&plain), &made);
	if (rv != CKR_OK)
		return rv;
	if (!ca_rd_copy(ca_wr_rd(&made), out, *out_len, &n))
		return CKR_GENERAL_ERROR;
	*out_len = n;
	return CKR_OK;
}

CK_RV
ca_wrap_key(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key, CK_BYTE *out,
    CK_ULONG *out_len)
{
	struct wrap *w;
	CK_RV rv;

	if (mech == NULL || out_len == NULL)
		return CKR_ARGUMENTS_BAD;
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		return CKR_HOST_MEMORY;
	w->ss = ss;
	w->op.mech = ca_mech_find(ss->slot, mech->mechanism, CKF_WRAP);
	rv = w->op.mech != NULL ? ca_mech_params(&w->op, mech)
				: CKR_MECHANISM_INVALID;
	if (rv == CKR_OK)
		rv = ca_wrap_begin(ss, &w->op, wrapping, true);
	if (rv == CKR_OK)
		rv = find_key(w, key);
	if (rv == CKR_OK)
		rv = check_pair(w);
	if (rv == CKR_OK)
		rv = give(w, out, out_len);
	ca_op_end(&w->op);
	ca_wipe(w, sizeof(*w));
	free(w);
	return rv;
}
