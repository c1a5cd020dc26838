/* See attr.h: which attributes the objects of a token have. */
#include "module/capkcs11.h"
#include "module/core/attr.h"
#include "module/core/key.h"
#include "module/core/slot.h"

/* clang-format off */
#define PROF CA_KIND_PROFILE
#define CERT CA_KIND_CERT
#define KEY  CA_KIND_KEY
#define PUBS (CA_KIND_PUB | CA_KIND_KEYPUB)
#define KEYS (KEY | PUBS)
#define DATA CA_KIND_DATA
#define MECH CA_KIND_MECHANISM
#define TOK  CA_KIND_TOKEN
#define ALL  (PROF | CERT | KEYS | DATA)
#define READS CA_ATTR_READS
#define HIDE  CA_ATTR_SENSITIVE

/* PKCS#11 3.0 sections 4.2 to 4.9, 2.1.2, 2.1.3, 2.3.3 (curves). Nothing can
 * be changed, copied or destroyed; what C_SignRecover would need is false as
 * long as that does not exist. */
static const struct ca_attr rows[] = {
	{ CKA_CLASS,            ALL | MECH | TOK, 0, ca_fetch_class, 0 },
	{ CKA_TOKEN,            ALL | TOK, 0, ca_fetch_bool, CK_TRUE },
	{ CKA_PRIVATE,          ALL | TOK, 0, ca_fetch_private, 0 },
	{ CKA_MODIFIABLE,       ALL,  0, ca_fetch_bool, CK_FALSE },
	{ CKA_MODIFIABLE,       TOK,  0, ca_fetch_bool, CK_TRUE },
	{ CKA_COPYABLE,         ALL | TOK, 0, ca_fetch_bool, CK_FALSE },
	{ CKA_DESTROYABLE,      ALL | TOK, 0, ca_fetch_bool, CK_FALSE },
	{ CKA_LABEL,            ALL,  0, ca_fetch_label, 0 },
	{ CKA_UNIQUE_ID,        ALL | MECH | TOK, 0, ca_fetch_unique_id, 0 },
	{ CKA_PROFILE_ID,       PROF, 0, ca_fetch_index, 0 },
	{ CKA_MECHANISM_TYPE,   MECH, 0, ca_fetch_index, 0 },

	{ CKA_CAPKCS11_FAMILY,  TOK,  0, ca_fetch_family, 0 },
	{ CKA_CAPKCS11_PIN_TRIES, TOK, READS, ca_fetch_tries, CA_PIN_USER },
	{ CKA_CAPKCS11_PIN_TRIES_MAX, TOK, 0, ca_fetch_tries_max, CA_PIN_USER },
	{ CKA_CAPKCS11_PUK_TRIES, TOK, READS, ca_fetch_tries, CA_PIN_SO },
	{ CKA_CAPKCS11_PUK_TRIES_MAX, TOK, 0, ca_fetch_tries_max, CA_PIN_SO },
	{ CKA_CAPKCS11_CAN,     TOK,  READS, ca_fetch_can, 0 },
	{ CKA_CAPKCS11_SPEND_LAST_TRY, TOK, 0, ca_fetch_last_try, 0 },
	{ CKA_CAPKCS11_LOCAL,   CERT, 0, ca_fetch_local, 0 },

	{ CKA_CERTIFICATE_TYPE, CERT, 0, ca_fetch_ulong, CKC_X_509 },
	{ CKA_CERTIFICATE_CATEGORY, CERT, 0, ca_fetch_category, 0 },
	{ CKA_TRUSTED,          CERT, 0, ca_fetch_bool, CK_FALSE },
	{ CKA_ID,               CERT, 0, ca_fetch_id, 0 },
	{ CKA_VALUE,            CERT, READS, ca_fetch_cert, CKA_VALUE },
	{ CKA_SUBJECT,          CERT, READS, ca_fetch_cert, CKA_SUBJECT },
	{ CKA_ISSUER,           CERT, READS, ca_fetch_cert, CKA_ISSUER },
	{ CKA_SERIAL_NUMBER,    CERT, READS, ca_fetch_cert, CKA_SERIAL_NUMBER },
	{ CKA_PUBLIC_KEY_INFO,  CERT, READS, ca_fetch_cert, CKA_PUBLIC_KEY_INFO },
	{ CKA_CHECK_VALUE,      CERT, READS, ca_fetch_check, 0 },
	{ CKA_START_DATE,       CERT, READS, ca_fetch_date, CKA_START_DATE },
	{ CKA_END_DATE,         CERT, READS, ca_fetch_date, CKA_END_DATE },
	{ CKA_URL,              CERT, 0, ca_fetch_empty, 0 },
	{ CKA_HASH_OF_SUBJECT_PUBLIC_KEY, CERT, 0, ca_fetch_empty, 0 },
	{ CKA_HASH_OF_ISSUER_PUBLIC_KEY,  CERT, 0, ca_fetch_empty, 0 },
	{ CKA_NAME_HASH_ALGORITHM, CERT, 0, ca_fetch_ulong, CKM_SHA_1 },
	{ CKA_JAVA_MIDP_SECURITY_DOMAIN, CERT, 0, ca_fetch_ulong,
	  CK_SECURITY_DOMAIN_UNSPECIFIED },

	{ CKA_APPLICATION,      DATA, 0, ca_fetch_data, CKA_APPLICATION },
	{ CKA_OBJECT_ID,        DATA, 0, ca_fetch_data, CKA_OBJECT_ID },
	{ CKA_VALUE,            DATA, 0, ca_fetch_data, CKA_VALUE },

	{ CKA_KEY_TYPE,         KEYS, 0, ca_fetch_key_type, 0 },
	{ CKA_ID,               KEYS, 0, ca_fetch_id, 0 },
	{ CKA_START_DATE,       KEYS, 0, ca_fetch_empty, 0 },
	{ CKA_END_DATE,         KEYS, 0, ca_fetch_empty, 0 },
	{ CKA_DERIVE,           KEYS, 0, ca_fetch_derive, 0 },
	{ CKA_LOCAL,            KEYS, 0, ca_fetch_keygen, CKA_LOCAL },
	{ CKA_KEY_GEN_MECHANISM, KEYS, 0, ca_fetch_keygen, 0 },
	{ CKA_SUBJECT,          KEYS, READS, ca_fetch_subject, 0 },
	{ CKA_PUBLIC_KEY_INFO,  KEYS, READS, ca_fetch_spki, 0 },
	{ CKA_MODULUS,          KEYS, READS, ca_fetch_spki_field, CKA_MODULUS },
	{ CKA_PUBLIC_EXPONENT,  KEYS, READS, ca_fetch_spki_field,
	  CKA_PUBLIC_EXPONENT },
	{ CKA_EC_PARAMS,        KEYS, READS, ca_fetch_spki_field, CKA_EC_PARAMS },

	{ CKA_MODULUS_BITS,     PUBS, READS, ca_fetch_spki_field,
	  CKA_MODULUS_BITS },
	{ CKA_EC_POINT,         PUBS, READS, ca_fetch_spki_field, CKA_EC_POINT },
	{ CKA_ENCRYPT,          PUBS, 0, ca_fetch_usage, CA_USE_ENCRYPT },
	{ CKA_VERIFY,           PUBS, 0, ca_fetch_usage, CA_USE_VERIFY },
	{ CKA_VERIFY_RECOVER,   PUBS, 0, ca_fetch_usage, CA_USE_VERIFY_RECOVER },
	{ CKA_WRAP,             PUBS, 0, ca_fetch_usage, CA_USE_WRAP },
	{ CKA_ENCAPSULATE,      PUBS, 0, ca_fetch_usage, CA_USE_ENCAPSULATE },
	{ CKA_TRUSTED,          PUBS, 0, ca_fetch_bool, CK_FALSE },

	{ CKA_SENSITIVE,        KEY,  0, ca_fetch_bool, CK_TRUE },
	{ CKA_EXTRACTABLE,      KEY,  0, ca_fetch_bool, CK_FALSE },
	{ CKA_ALWAYS_SENSITIVE, KEY,  0, ca_fetch_access,
	  CA_ACC_ALWAYS_SENSITIVE },
	{ CKA_NEVER_EXTRACTABLE, KEY, 0, ca_fetch_access,
	  CA_ACC_NEVER_EXTRACTABLE },
	{ CKA_DECRYPT,          KEY,  0, ca_fetch_able, CA_USE_DECRYPT },
	{ CKA_SIGN,             KEY,  0, ca_fetch_able, CA_USE_SIGN },
	{ CKA_SIGN_RECOVER,     KEY,  0, ca_fetch_able, CA_USE_SIGN_RECOVER },
	{ CKA_UNWRAP,           KEY,  0, ca_fetch_unwrap, 0 },
	{ CKA_DECAPSULATE,      KEY,  0, ca_fetch_usage, CA_USE_DECAPSULATE },
	{ CKA_WRAP_WITH_TRUSTED, KEY, 0, ca_fetch_bool, CK_FALSE },
	{ CKA_ALWAYS_AUTHENTICATE, KEY, 0, ca_fetch_consent, 0 },
	{ CKA_PRIVATE_EXPONENT, KEY,  HIDE, ca_fetch_for_type, CA_KEY_RSA },
	{ CKA_PRIME_1,          KEY,  HIDE, ca_fetch_for_type, CA_KEY_RSA },
	{ CKA_PRIME_2,          KEY,  HIDE, ca_fetch_for_type, CA_KEY_RSA },
	{ CKA_EXPONENT_1,       KEY,  HIDE, ca_fetch_for_type, CA_KEY_RSA },
	{ CKA_EXPONENT_2,       KEY,  HIDE, ca_fetch_for_type, CA_KEY_RSA },
	{ CKA_COEFFICIENT,      KEY,  HIDE, ca_fetch_for_type, CA_KEY_RSA },
	{ CKA_VALUE,            KEY,  HIDE, ca_fetch_for_type, CA_KEY_EC },
};
/* clang-format on */

const struct ca_attr *
ca_attr_row(CK_ATTRIBUTE_TYPE type, enum ca_kind kind)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (rows[i].type == type && (rows[i].kinds & kind) != 0)
			return &rows[i];
	return NULL;
}
