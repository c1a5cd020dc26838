/* See op_kdf.h and op_derive.h: what all derivations of secret keys share. */
#include "module/core/op_kdf.h"

#include <stdlib.h>
#include <string.h>

#include "module/core/des_key.h"
#include "module/core/kdf_guard.h"
#include "module/core/key_value.h"
#include "module/core/op_derive.h"
#include "module/core/param.h"
#include "module/core/session.h"
#include "module/core/skey.h"
#include "module/core/slot.h"
#include "pcsc/base/secret.h"

CK_RV
ca_kdf_data(struct ca_kdf *k, const CK_MECHANISM *given)
{
	CK_KEY_DERIVATION_STRING_DATA p;
	CK_RV rv = ca_param_copy(given, &p, sizeof(p));

	if (rv == CKR_OK &&
	    !ca_param_view(p.string_data, p.string_data_len, &k->data))
		rv = CKR_MECHANISM_PARAM_INVALID;
	return rv;
}

bool
ca_kdf_has_length(const struct ca_kdf *k)
{
	(void)k;
	return true;
}

/* The types a mechanism takes: AES for what encrypts, for HKDF its own and
 * generic secrets (3.0, 2.54.3), else any. */
static bool
takes(const struct ca_mech *m, CK_KEY_TYPE type)
{
	if (m->keys == CA_KEYS_AES)
		return type == CKK_AES;
	if (m->detail == CA_KDF_HKDF || m->detail == CA_KDF_HKDF_DATA)
		return type == CKK_HKDF || type == CKK_GENERIC_SECRET;
	return true;
}

static CK_RV
find(const struct ca_kdf *k, CK_OBJECT_HANDLE h, const struct ca_sobject **out)
{
	struct ca_op op = {.mech = k->m};
	CK_RV rv = ca_skey_begin(k->ss, &op, h, CA_SKEY_ANY, CKA_DERIVE, out);

	ca_op_end(&op);
	return rv;
}

CK_RV
ca_kdf_other(struct ca_kdf *k, CK_OBJECT_HANDLE h)
{
	return find(k, h, &k->other);
}

static const struct ca_kdf_kind *
kind_of(const struct ca_mech *m)
{
	switch ((enum ca_mech_kdf)m->detail) {
	case CA_KDF_BASE_AND_KEY:
		return &ca_kdf_base_and_key;
	case CA_KDF_BASE_AND_DATA:
		return &ca_kdf_base_and_data;
	case CA_KDF_DATA_AND_BASE:
		return &ca_kdf_data_and_base;
	case CA_KDF_XOR:
		return &ca_kdf_xor;
	case CA_KDF_EXTRACT:
		return &ca_kdf_extract;
	case CA_KDF_HASH:
		return &ca_kdf_hash;
	case CA_KDF_ECB:
		return &ca_kdf_ecb;
	case CA_KDF_CBC:
		return &ca_kdf_cbc;
	case CA_KDF_HKDF:
	case CA_KDF_HKDF_DATA:
		return &ca_kdf_hkdf;
	case CA_KDF_COUNTER:
		return &ca_kdf_counter;
	case CA_KDF_FEEDBACK:
		return &ca_kdf_feedback;
	case CA_KDF_PBKD2: /* C_GenerateKey */
		break;
	}
	return NULL;
}

/* What a template says about the new key that its attributes do not keep. */
struct wanted {
	bool has_type, has_len;
	CK_ULONG len;
	CK_ATTRIBUTE *t; /* without CKA_VALUE_LEN: a data object has none */
	CK_ULONG n;
};

/* 3.0, 2.54.4: CKM_HKDF_DATA is told its length like a key, and need not be
 * told its class. */
static CK_RV
split_length(struct wanted *w, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	static CK_OBJECT_CLASS data = CKO_DATA;

	if (n > CA_BUF_MAX / sizeof(*t))
		return CKR_TEMPLATE_INCONSISTENT;
	w->t = calloc(n + 1, sizeof(*t));
	if (w->t == NULL)
		return CKR_HOST_MEMORY;
	w->t[w->n++] = (CK_ATTRIBUTE){CKA_CLASS, &data, sizeof(data)};
	for (CK_ULONG i = 0; i < n; i++) {
		if (t[i].type != CKA_VALUE_LEN) {
			w->t[w->n++] = t[i];
			continue;
		}
		if (t[i].pValue == NULL || t[i].ulValueLen != sizeof(w->len))
			return CKR_ATTRIBUTE_VALUE_INVALID;
		memcpy(&w->len, t[i].pValue, sizeof(w->len));
		w->has_len = true;
	}
	return CKR_OK;
}

static CK_RV
read_template(struct ca_kdf *k, struct ca_build *b, const CK_ATTRIBUTE *t,
    CK_ULONG n, struct wanted *w)
{
	CK_RV rv;

	if (k->m->detail == CA_KDF_HKDF_DATA) {
		b->makes = 0; /* the template says it */
		rv = split_length(w, t, n);
		return rv == CKR_OK ? ca_build_begin(b, k->ss, w->t, w->n) : rv;
	}
	for (CK_ULONG i = 0; i < n; i++)
		w->has_type = w->has_type || t[i].type == CKA_KEY_TYPE;
	rv = ca_build_begin(b, k->ss, t, n);
	w->has_len = ca_attrs_has(&b->a, CKA_VALUE_LEN);
	w->len = ca_attrs_number(&b->a, CKA_VALUE_LEN);
	return rv;
}

/*
 * 3.0, 2.43: what the template says; without a length that of the type, if it
 * has one; with neither, all there is. A generic secret, though a type, is what
 * is made without one.
 */
static CK_RV
settle_length(const struct ca_kdf *k, const struct ca_kdf_kind *kind,
    const struct ca_build *b, const struct wanted *w, size_t *out)
{
	size_t of_type =
	    b->cls == CKO_SECRET_KEY ? ca_des_key_bytes(b->type) : 0;
	bool open = !w->has_type || b->type == CKK_GENERIC_SECRET;

	if (w->has_len)
		*out = w->len;
	else if (of_type != 0)
		*out = of_type;
	else if (open && kind->has_length(k))
		*out = kind->most(k);
	else
		return CKR_TEMPLATE_INCOMPLETE;
	if (*out == 0)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	if (*out > kind->most(k))
		return kind->too_short;
	if (b->cls == CKO_SECRET_KEY)
		return ca_key_value_fits(b->type, *out);
	return *out <= CA_GENERIC_BYTES_MAX ? CKR_OK : CKR_DATA_LEN_RANGE;
}

static CK_RV
make_value(const struct ca_kdf *k, const struct ca_kdf_kind *kind,
    struct ca_build *b, size_t n)
{
	uint8_t made[CA_GENERIC_BYTES_MAX];
	struct ca_wr w = ca_wr_of(made, sizeof(made));
	ca_err e = kind->make(k, n, &w);

	if (e == CA_OK && ca_wr_rd(&w).n != n)
		e = CA_E_BUG;
	if (e == CA_OK)
		e = ca_attrs_put(&b->a, CKA_VALUE, ca_wr_rd(&w));
	ca_wipe(made, sizeof(made));
	return ca_rv(e, CA_CALL_DERIVE);
}

/* The base is found and the parameters are read. */
static CK_RV
derive(struct ca_kdf *k, struct ca_build *b, const CK_ATTRIBUTE *t, CK_ULONG n,
    CK_OBJECT_HANDLE *out)
{
	const struct ca_kdf_kind *kind = kind_of(k->m);
	struct wanted w = {.has_len = false};
	size_t want = 0;
	CK_RV rv = read_template(k, b, t, n, &w);

	free(w.t);
	if (rv == CKR_OK)
		rv = settle_length(k, kind, b, &w, &want);
	if (rv == CKR_OK)
		rv = ca_kdf_guard(k, kind, b, want);
	if (rv == CKR_OK)
		rv = make_value(k, kind, b, want);
	return rv == CKR_OK ? ca_build_end(b, k->ss, out) : rv;
}

CK_RV
ca_derive_secret(struct ca_session *ss, const struct ca_mech *m,
    const CK_MECHANISM *given, CK_OBJECT_HANDLE base, struct ca_build *b,
    const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct ca_kdf k = {.ss = ss, .m = m, .hash = m->hash};
	CK_RV rv = find(&k, base, &k.base);

	if (rv == CKR_OK && !takes(m, k.base->type))
		rv = CKR_KEY_TYPE_INCONSISTENT;
	if (rv != CKR_OK)
		return rv;
	k.key = ca_attrs_value(&k.base->a, CKA_VALUE);
	rv = kind_of(m)->read(&k, given);
	return rv == CKR_OK ? derive(&k, b, t, n, out) : rv;
}
