/* C_WrapKey: see wrap.h; who may leave under whom is in wrap_rule.h. */
#include <stdlib.h>

#include "module/core/mech.h"
#include "module/core/object.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/core/wrap.h"
#include "module/core/wrap_cipher.h"
#include "module/core/wrap_param.h"
#include "module/core/wrap_rule.h"
#include "module/core/wrap_value.h"
#include "pcsc/base/secret.h"

/* One call, with room for the key in the clear and for the result. */
struct wrap {
	struct ca_session *ss;
	struct ca_op op; /* the wrapping key, as operations have it */
	struct ca_wrap_param param;
	const struct ca_sobject *key;
	uint8_t plain[CA_WRAP_MAX], made[CA_WRAP_MAX + CA_WRAP_MORE];
};

/* What the caller brings. */
struct call {
	const CK_MECHANISM *mech;
	CK_OBJECT_HANDLE wrapping, key;
	bool message; /* C_WrapKeyAuthenticated */
	struct ca_rd aad;
	CK_BYTE *out;
	CK_ULONG *out_len;
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
	return ca_wrap_rule_leaves(w->ss->slot, &w->op, w->key, w->param.fresh);
}

/* What was made, the tag where it belongs. */
static CK_RV
hand_over(const struct wrap *w, struct ca_rd made, const struct call *c)
{
	size_t tag_n = w->param.apart ? w->param.tag_n : 0;
	struct ca_rd text;
	size_t n = 0;

	if (made.n < tag_n || !ca_rd_take(&made, made.n - tag_n, &text) ||
	    !ca_rd_copy(text, c->out, *c->out_len, &n))
		return CKR_GENERAL_ERROR;
	ca_wrap_param_give(&w->param, made);
	*c->out_len = n;
	return CKR_OK;
}

/* Everything is found and allowed. */
static CK_RV
give(struct wrap *w, struct ca_wr *plain, const struct call *c)
{
	struct ca_wr made = ca_wr_of(w->made, sizeof(w->made));
	size_t need = 0;
	bool go = false;
	CK_RV rv = ca_wrap_size(&w->op, ca_wr_rd(plain).n, &need);

	if (rv == CKR_OK && w->param.apart)
		need -= w->param.tag_n;
	if (rv == CKR_OK)
		rv = ca_out_room(c->out, c->out_len, need, &go);
	if (rv != CKR_OK || !go)
		return rv;
	ca_wr_fill(plain, 0, ca_wrap_zeros(&w->op, ca_wr_rd(plain).n));
	rv = ca_rv(ca_wrap_rule_left(w->ss->slot, &w->op, w->key),
	    CA_CALL_ENCRYPT);
	if (rv == CKR_OK)
		rv = ca_wrap_lock(w->ss, &w->op, ca_wr_rd(plain), &made);
	return rv == CKR_OK ? hand_over(w, ca_wr_rd(&made), c) : rv;
}

static CK_RV
wrap(struct wrap *w, const struct call *c)
{
	struct ca_wr plain = ca_wr_of(w->plain, sizeof(w->plain));
	CK_RV rv;

	w->op.mech = ca_mech_find(w->ss->slot, c->mech->mechanism, CKF_WRAP);
	if (w->op.mech == NULL)
		return CKR_MECHANISM_INVALID;
	rv = c->message ? ca_wrap_param_read_message(&w->op, c->mech, c->aad,
			      &w->param)
			: ca_wrap_param_read(&w->op, c->mech, &w->param);
	if (rv == CKR_OK)
		rv = ca_wrap_begin(w->ss, &w->op, c->wrapping, true);
	if (rv == CKR_OK)
		rv = find_key(w, c->key);
	if (rv == CKR_OK)
		rv = check_pair(w);
	if (rv == CKR_OK)
		rv = ca_wrap_value_write(w->key, &plain);
	return rv == CKR_OK ? give(w, &plain, c) : rv;
}

static CK_RV
run(struct ca_session *ss, const struct call *c)
{
	struct wrap *w;
	CK_RV rv;

	if (c->mech == NULL || c->out_len == NULL)
		return CKR_ARGUMENTS_BAD;
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		return CKR_HOST_MEMORY;
	w->ss = ss;
	w->param.wrap = true;
	rv = wrap(w, c);
	ca_op_end(&w->op);
	ca_wipe(w, sizeof(*w));
	free(w);
	return rv;
}

CK_RV
ca_wrap_key(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key, CK_BYTE *out,
    CK_ULONG *out_len)
{
	struct call c = {.mech = mech,
	    .wrapping = wrapping,
	    .key = key,
	    .out = out,
	    .out_len = out_len};

	return run(ss, &c);
}

CK_RV
ca_wrap_key_authenticated(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key, const CK_BYTE *aad,
    CK_ULONG aad_len, CK_BYTE *out, CK_ULONG *out_len)
{
	struct call c = {.mech = mech,
	    .wrapping = wrapping,
	    .key = key,
	    .message = true,
	    .aad = ca_rd_of(aad, aad_len),
	    .out = out,
	    .out_len = out_len};

	return aad == NULL && aad_len != 0 ? CKR_ARGUMENTS_BAD : run(ss, &c);
}
