#include "module/core/kdf_guard.h"

#include "module/core/attrs.h"

/* Of a key part of which the application chose. No attribute of any schema, so
 * that nobody sees or sets it; copies of the key have it. */
#define PATCHED (CKA_VENDOR_DEFINED | 0x43415041UL)

static bool
is_secret(const struct ca_sobject *x)
{
	return ca_attrs_flag(&x->a, CKA_SENSITIVE) ||
	       !ca_attrs_flag(&x->a, CKA_EXTRACTABLE);
}

static CK_RV
check_piece(const struct ca_sobject *x, size_t taken)
{
	size_t all = ca_attrs_value(&x->a, CKA_VALUE).n;
	size_t least = all < CA_KDF_PIECE_MIN ? all : CA_KDF_PIECE_MIN;

	if (!is_secret(x) || taken == 0)
		return CKR_OK;
	if (ca_attrs_flag(&x->a, PATCHED))
		least = all;
	return taken >= least ? CKR_OK : CKR_KEY_SIZE_RANGE;
}

/* The new key has this value, whatever the default is; unless its template says
 * another. */
static CK_RV
keep(struct ca_build *b, CK_ATTRIBUTE_TYPE type, bool value)
{
	if (ca_attrs_has(&b->a, type))
		return ca_attrs_flag(&b->a, type) == value
			   ? CKR_OK
			   : CKR_TEMPLATE_INCONSISTENT;
	return ca_attrs_put_flag(&b->a, type, value) == CA_OK ? CKR_OK
							      : CKR_HOST_MEMORY;
}

static CK_RV
inherit(const struct ca_sobject *x, struct ca_build *b)
{
	CK_RV rv = CKR_OK;

	if (ca_attrs_flag(&x->a, CKA_SENSITIVE))
		rv = keep(b, CKA_SENSITIVE, true);
	if (rv == CKR_OK && !ca_attrs_flag(&x->a, CKA_EXTRACTABLE))
		rv = keep(b, CKA_EXTRACTABLE, false);
	/* Not in the standard: else a copy made by XOR with zeros could leave
	 * under a key that the original may not. */
	if (rv == CKR_OK && ca_attrs_flag(&x->a, CKA_WRAP_WITH_TRUSTED))
		rv = keep(b, CKA_WRAP_WITH_TRUSTED, true);
	return rv;
}

/* One of the keys whose bits the new key has. */
static CK_RV
part(const struct ca_sobject *x, struct ca_build *b, size_t taken, bool adds)
{
	CK_RV rv = check_piece(x, taken);

	if (rv == CKR_OK)
		rv = inherit(x, b);
	b->base_always_sensitive = b->base_always_sensitive &&
				   ca_attrs_flag(&x->a, CKA_ALWAYS_SENSITIVE);
	b->base_never_extractable = b->base_never_extractable &&
				    ca_attrs_flag(&x->a, CKA_NEVER_EXTRACTABLE);
	if (rv == CKR_OK && is_secret(x) &&
	    (adds || ca_attrs_flag(&x->a, PATCHED)))
		rv = keep(b, PATCHED, true);
	return rv;
}

CK_RV
ca_kdf_guard(const struct ca_kdf *k, const struct ca_kdf_kind *kind,
    struct ca_build *b, size_t n)
{
	size_t taken = kind->taken != NULL ? kind->taken(k, n) : 0;
	CK_RV rv;

	b->base_always_sensitive =
	    ca_attrs_flag(&k->base->a, CKA_ALWAYS_SENSITIVE);
	b->base_never_extractable =
	    ca_attrs_flag(&k->base->a, CKA_NEVER_EXTRACTABLE);
	if (kind->taken == NULL) /* a one-way function: its history counts */
		return CKR_OK;
	rv = part(k->base, b, taken, kind->adds);
	if (rv == CKR_OK && k->other != NULL)
		rv = part(k->other, b, n - taken, kind->adds);
	return rv;
}
