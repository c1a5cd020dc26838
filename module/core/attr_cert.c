/* The values of attributes of certificates; see attr.h. */
#include <string.h>

#include "module/core/attr.h"
#include "module/core/attr_value.h"
#include "module/core/slot.h"
#include "module/crypto/hash.h"
#include "module/crypto/x509.h"

ca_err
ca_fetch_category(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	bool ca = ca_token_model(s->token)->certs[o->index].authority;

	(void)arg;
	return ca_attr_give_ulong(out, ca ? CK_CERTIFICATE_CATEGORY_AUTHORITY
					  : CK_CERTIFICATE_CATEGORY_TOKEN_USER);
}

ca_err
ca_fetch_local(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	(void)arg;
	return ca_attr_give_bool(out,
	    ca_token_model(s->token)->certs[o->index].local);
}

ca_err
ca_attr_parse_cert(struct ca_slot *s, size_t index, struct ca_rd *der,
    struct ca_x509 *x)
{
	ca_err e = ca_token_cert(s->token, index, der);

	if (e == CA_OK && !ca_x509_parse(*der, x))
		e = CA_E_NOT_FOUND;
	return e;
}

ca_err
ca_fetch_cert(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	struct ca_rd der;
	struct ca_x509 x;
	ca_err e = ca_attr_parse_cert(s, o->index, &der, &x);

	if (e != CA_OK)
		return e;
	switch (arg) {
	case CKA_VALUE:
		out->rd = der;
		break;
	case CKA_SUBJECT:
		out->rd = x.subject;
		break;
	case CKA_ISSUER:
		out->rd = x.issuer;
		break;
	case CKA_SERIAL_NUMBER:
		out->rd = x.serial;
		break;
	case CKA_PUBLIC_KEY_INFO:
		out->rd = x.spki;
		break;
	default:
		return CA_E_BUG;
	}
	return CA_OK;
}

ca_err
ca_fetch_date(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	struct ca_rd der;
	struct ca_x509 x;
	ca_err e = ca_attr_parse_cert(s, o->index, &der, &x);

	if (e != CA_OK || !x.has_dates)
		return e; /* an empty date is the standard's default */
	memcpy(&out->small.date,
	    arg == CKA_START_DATE ? x.not_before : x.not_after,
	    sizeof(out->small.date));
	out->rd = ca_rd_of(&out->small.date, sizeof(out->small.date));
	return CA_OK;
}

/* PKCS#11 4.6.3: the first three bytes of the SHA-1 of CKA_VALUE. */
ca_err
ca_fetch_check(struct ca_slot *s, const struct ca_object *o, CK_ULONG arg,
    struct ca_attr_value *out)
{
	uint8_t hash[CA_HASH_LEN_MAX];
	struct ca_wr w = ca_wr_of(hash, sizeof(hash));
	struct ca_rd der;
	ca_err e = ca_token_cert(s->token, o->index, &der);

	(void)arg;
	if (e == CA_OK)
		e = ca_hash_once(CA_HASH_SHA1, der, &w);
	if (e != CA_OK)
		return e;
	memcpy(out->small.bytes, hash, 3);
	out->rd = ca_rd_of(out->small.bytes, 3);
	return CA_OK;
}
