#include "module/core/wrap_rule.h"

#include "module/core/mech.h"
#include "module/core/object.h"
#include "module/core/op.h"
#include "module/core/slot.h"
#include "module/core/sobject.h"
#include "module/core/wrap_cipher.h"
#include "module/crypto/point.h"

/* What we note on secret keys beside their attributes. No row of schema.h has
 * these types, so they are neither set nor shown; copies take them along. */
#define NOTE_FAMILY                                                            \
	(CKA_VENDOR_DEFINED | 0x0CA90001UL)            /* it and its copies    \
							*/
#define NOTE_KEEPS (CKA_VENDOR_DEFINED | 0x0CA90002UL) /* it is a keeper */
#define NOTE_HOLDS (CKA_VENDOR_DEFINED | 0x0CA90003UL) /* by this mechanism */
#define HOLDS_NONE CK_UNAVAILABLE_INFORMATION

/* What a keeper is not for. */
static const CK_ATTRIBUTE_TYPE other_uses[] = {
    CKA_ENCRYPT, CKA_DECRYPT, CKA_SIGN, CKA_VERIFY, CKA_DERIVE};
static const CK_ATTRIBUTE_TYPE wrap_uses[] = {CKA_WRAP, CKA_UNWRAP};

static bool
any_of(const struct ca_attrs *a, const CK_ATTRIBUTE_TYPE *uses, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ca_attrs_flag(a, uses[i]))
			return true;
	return false;
}

static ca_err
otherwise(struct ca_attrs *a, CK_ATTRIBUTE_TYPE type, bool value)
{
	return ca_attrs_has(a, type) ? CA_OK
				     : ca_attrs_put_flag(a, type, value);
}

ca_err
ca_wrap_rule_defaults(struct ca_build *b)
{
	bool secret = b->cls == CKO_SECRET_KEY;
	bool wraps = secret && any_of(&b->a, wrap_uses, CA_COUNT(wrap_uses));
	ca_err e = CA_OK;

	if (!secret && b->cls != CKO_PRIVATE_KEY)
		return CA_OK;
	if (b->how == CA_BUILD_UNWRAP)
		e = otherwise(&b->a, CKA_EXTRACTABLE, true);
	for (size_t i = 0; wraps && e == CA_OK && i < CA_COUNT(other_uses); i++)
		e = otherwise(&b->a, other_uses[i], false);
	if (wraps && e == CA_OK && b->how == CA_BUILD_GENERATE)
		e = otherwise(&b->a, CKA_SENSITIVE, true);
	if (e == CA_OK && ca_attrs_flag(&b->a, CKA_SENSITIVE))
		e = otherwise(&b->a, CKA_EXTRACTABLE, false);
	return e;
}

ca_err
ca_wrap_rule_born(struct ca_build *b)
{
	bool keeps = b->how == CA_BUILD_GENERATE &&
		     ca_attrs_flag(&b->a, CKA_ALWAYS_SENSITIVE) &&
		     ca_attrs_flag(&b->a, CKA_NEVER_EXTRACTABLE) &&
		     !any_of(&b->a, other_uses, CA_COUNT(other_uses));
	ca_err e;

	if (b->cls != CKO_SECRET_KEY)
		return CA_OK;
	e = ca_attrs_put_number(&b->a, NOTE_FAMILY, ca_object_new_handle());
	if (e == CA_OK)
		e = ca_attrs_put_flag(&b->a, NOTE_KEEPS, keeps);
	if (e == CA_OK)
		e = ca_attrs_put_number(&b->a, NOTE_HOLDS, HOLDS_NONE);
	return e;
}

bool
ca_wrap_rule_gains(const struct ca_sobject *x, CK_ATTRIBUTE_TYPE type,
    bool before, bool after)
{
	bool is_use = false;

	for (size_t i = 0; i < CA_COUNT(other_uses); i++)
		is_use |= type == other_uses[i];
	for (size_t i = 0; i < CA_COUNT(wrap_uses); i++)
		is_use |= type == wrap_uses[i];
	return is_use && !before && after && x->cls == CKO_SECRET_KEY &&
	       ca_attrs_flag(&x->a, CKA_SENSITIVE);
}

/* Bits of security that a key is worth at most (SP 800-57 part 1, table 2);
 * RSA of whatever size is not worth more than what AES-128 gives, as far as
 * anybody wraps it by less. */
static size_t
worth(const struct ca_sobject *x)
{
	size_t n = ca_attrs_value(&x->a, CKA_VALUE).n;

	if (x->cls == CKO_SECRET_KEY)
		return n > 32 ? 256 : 8 * n;
	if (x->type == CKK_RSA)
		return 128;
	n = ca_point_field(ca_attrs_value(&x->a, CKA_EC_PARAMS));
	return n > 64 ? 256 : 4 * n;
}

static const struct ca_sobject *
wrapper_of(const struct ca_slot *s, const struct ca_op *op)
{
	return ca_sobject_get(s, op->key);
}

/* Whether the mechanism may carry a sensitive key: see wrap_rule.h. */
static bool
carries(const struct ca_op *op, const struct ca_sobject *key, bool fresh)
{
	if (op->mech->scheme != CA_SCHEME_CIPHER)
		return true;
	if (ca_wrap_is_whole(op))
		return fresh;
	return key->cls == CKO_PRIVATE_KEY &&
	       op->cipher_params.mode == CA_CIPHER_CBC_PAD;
}

/* The mechanism that a keeper is bound to lets nothing else by. */
static bool
bound_to_other(const struct ca_sobject *w, const struct ca_op *op)
{
	CK_ULONG by = ca_attrs_number(&w->a, NOTE_HOLDS);

	return by != HOLDS_NONE && by != op->mech->type;
}

static bool
holds(const struct ca_sobject *w)
{
	return w != NULL && ca_attrs_number(&w->a, NOTE_HOLDS) != HOLDS_NONE;
}

CK_RV
ca_wrap_rule_leaves(const struct ca_slot *s, const struct ca_op *op,
    const struct ca_sobject *key, bool fresh)
{
	const struct ca_sobject *w = wrapper_of(s, op);
	bool trusted = w != NULL && ca_attrs_flag(&w->a, CKA_TRUSTED);
	bool secret = w != NULL && w->cls == CKO_SECRET_KEY;

	if (ca_attrs_flag(&key->a, CKA_WRAP_WITH_TRUSTED) && !trusted)
		return CKR_KEY_NOT_WRAPPABLE;
	if (w != NULL && bound_to_other(w, op))
		return CKR_MECHANISM_INVALID;
	if (!ca_attrs_flag(&key->a, CKA_SENSITIVE))
		return holds(w) && !carries(op, key, fresh)
			   ? CKR_KEY_NOT_WRAPPABLE
			   : CKR_OK;
	if (!trusted && !(secret && ca_attrs_flag(&w->a, NOTE_KEEPS)))
		return CKR_KEY_NOT_WRAPPABLE;
	if (!carries(op, key, fresh))
		return CKR_KEY_NOT_WRAPPABLE;
	return secret && worth(key) > worth(w) ? CKR_WRAPPING_KEY_SIZE_RANGE
					       : CKR_OK;
}

ca_err
ca_wrap_rule_left(struct ca_slot *s, const struct ca_op *op,
    const struct ca_sobject *key)
{
	const struct ca_sobject *w = wrapper_of(s, op);
	CK_ULONG family;
	ca_err e = CA_OK;

	if (w == NULL || w->cls != CKO_SECRET_KEY ||
	    !ca_attrs_flag(&key->a, CKA_SENSITIVE))
		return CA_OK;
	family = ca_attrs_number(&w->a, NOTE_FAMILY);
	/* The note has its length already, so nothing else moves. */
	for (size_t i = 0; e == CA_OK && i < s->made.n; i++)
		if (s->made.v[i]->cls == CKO_SECRET_KEY &&
		    ca_attrs_number(&s->made.v[i]->a, NOTE_FAMILY) == family)
			e = ca_attrs_put_number(&s->made.v[i]->a, NOTE_HOLDS,
			    op->mech->type);
	return e;
}

CK_RV
ca_wrap_rule_enters(const struct ca_slot *s, const struct ca_op *op,
    struct ca_build *b)
{
	const struct ca_sobject *w = wrapper_of(s, op);
	bool secret = b->cls == CKO_SECRET_KEY;
	bool pad = op->mech->scheme == CA_SCHEME_CIPHER &&
		   op->cipher_params.mode == CA_CIPHER_CBC_PAD;

	if (!holds(w))
		return CKR_OK;
	if (bound_to_other(w, op) || (secret && pad))
		return CKR_MECHANISM_INVALID;
	if (ca_attrs_has(&b->a, CKA_SENSITIVE) &&
	    !ca_attrs_flag(&b->a, CKA_SENSITIVE))
		return CKR_TEMPLATE_INCONSISTENT;
	if (secret && ca_attrs_flag(&b->a, CKA_DERIVE))
		return CKR_TEMPLATE_INCONSISTENT;
	return ca_rv(ca_attrs_put_flag(&b->a, CKA_SENSITIVE, true),
	    CA_CALL_DECRYPT);
}
