#include "module/core/schema.h"

/* clang-format off */
#define DAT 0x01U
#define CER 0x02U
#define PUB 0x04U
#define PRV 0x08U
#define SEC 0x10U
#define DOM 0x20U
#define ALL (DAT | CER | PUB | PRV | SEC | DOM)
#define KEY (PUB | PRV | SEC)

#define RSA 0x01U
#define EC_ 0x02U
#define GEN 0x04U
#define AES 0x08U
#define DSA 0x10U
#define DH_ 0x20U
#define X42 0x40U
#define X509 0x80U
#define EDW 0x1000U
#define MON 0x2000U
#define CRV (EC_ | EDW | MON)
#define DES 0x100U

#define FLAG CA_SHAPE_FLAG
#define NUMBER CA_SHAPE_NUMBER
#define DATE CA_SHAPE_DATE
#define BYTES CA_SHAPE_BYTES
#define LARGE CA_SHAPE_LARGE

#define NEED CA_ROW_NEED
#define NOT2 CA_ROW_NO_CREATE
#define NEED3 CA_ROW_NEED_MADE
#define NOT4 CA_ROW_NO_MADE
#define SECRET CA_ROW_SECRET
#define SET CA_ROW_SET
#define COPY CA_ROW_COPY
#define OURS CA_ROW_OURS

#define NONE CA_DEFAULT_NONE
#define EMPTY CA_DEFAULT_EMPTY
#define NO CA_DEFAULT_FALSE
#define YES CA_DEFAULT_TRUE
#define ZERO CA_DEFAULT_ZERO

/*
 * CKA_PRIVATE without a value depends on who is logged in (builder.c). Where
 * the standard leaves a default to the token: a key may do what its type is
 * for, may not wrap, unwrap or derive, a secret key is extractable (programs
 * derive a key and read it), a private key is sensitive and is not.
 */
static const struct ca_schema rows[] = {
	{ CKA_CLASS,       ALL, 0, NUMBER, NEED, NONE },
	{ CKA_TOKEN,       ALL, 0, FLAG, COPY, NO },
	{ CKA_PRIVATE,     ALL, 0, FLAG, COPY | CA_ROW_UP, NONE },
	{ CKA_MODIFIABLE,  ALL, 0, FLAG, COPY, YES },
	{ CKA_COPYABLE,    ALL, 0, FLAG, SET | CA_ROW_DOWN, YES },
	{ CKA_DESTROYABLE, ALL, 0, FLAG, COPY, YES },
	{ CKA_LABEL,       ALL, 0, BYTES, SET, EMPTY },
	{ CKA_UNIQUE_ID,   ALL, 0, BYTES, OURS, NONE },

	{ CKA_APPLICATION, DAT, 0, BYTES, COPY, EMPTY },
	{ CKA_OBJECT_ID,   DAT, 0, BYTES, COPY, EMPTY },
	{ CKA_VALUE,       DAT, 0, LARGE, COPY, EMPTY },

	{ CKA_CERTIFICATE_TYPE, CER, 0, NUMBER, NEED, NONE },
	{ CKA_TRUSTED,     CER, 0, FLAG, SET | CA_ROW_OFFICER, NO },
	{ CKA_CERTIFICATE_CATEGORY, CER, 0, NUMBER, 0, ZERO },
	{ CKA_CHECK_VALUE, CER, 0, BYTES, 0, NONE },
	{ CKA_START_DATE,  CER, 0, DATE, 0, EMPTY },
	{ CKA_END_DATE,    CER, 0, DATE, 0, EMPTY },
	{ CKA_PUBLIC_KEY_INFO, CER, 0, BYTES, 0, EMPTY },
	{ CKA_SUBJECT,     CER, 0, BYTES, NEED, NONE },
	{ CKA_ID,          CER, 0, BYTES, SET, EMPTY },
	{ CKA_ISSUER,      CER, 0, BYTES, SET, EMPTY },
	{ CKA_SERIAL_NUMBER, CER, 0, BYTES, SET, EMPTY },
	{ CKA_VALUE,       CER, 0, LARGE, 0, EMPTY },
	{ CKA_URL,         CER, 0, BYTES, 0, EMPTY },
	{ CKA_HASH_OF_SUBJECT_PUBLIC_KEY, CER, 0, BYTES, 0, EMPTY },
	{ CKA_HASH_OF_ISSUER_PUBLIC_KEY,  CER, 0, BYTES, 0, EMPTY },
	{ CKA_JAVA_MIDP_SECURITY_DOMAIN, CER, 0, NUMBER, 0, ZERO },
	{ CKA_NAME_HASH_ALGORITHM, CER, 0, NUMBER, 0, NONE },

	{ CKA_KEY_TYPE,    KEY | DOM, 0, NUMBER, NEED, NONE },
	{ CKA_ID,          KEY, 0, BYTES, SET, EMPTY },
	{ CKA_START_DATE,  KEY, 0, DATE, SET, EMPTY },
	{ CKA_END_DATE,    KEY, 0, DATE, SET, EMPTY },
	{ CKA_DERIVE,      PUB | SEC, 0, FLAG, SET, NO },
	{ CKA_DERIVE,      PRV, RSA | EC_ | EDW, FLAG, SET, NO },
	{ CKA_DERIVE,      PRV, MON, FLAG, SET, YES },
	{ CKA_LOCAL,       KEY | DOM, 0, FLAG, OURS, NONE },
	{ CKA_KEY_GEN_MECHANISM, KEY, 0, NUMBER, OURS, NONE },
	{ CKA_ALLOWED_MECHANISMS, KEY, 0, CA_SHAPE_NUMBERS, 0, NONE },

	{ CKA_SUBJECT,     PUB | PRV, 0, BYTES, SET, EMPTY },
	{ CKA_TRUSTED,     PUB | SEC, 0, FLAG, SET | CA_ROW_OFFICER, NO },
	{ CKA_ENCRYPT,     PUB, RSA, FLAG, SET, YES },
	{ CKA_ENCRYPT,     PUB, CRV, FLAG, SET, NO },
	{ CKA_VERIFY,      PUB, RSA | EC_ | EDW, FLAG, SET, YES },
	{ CKA_VERIFY,      PUB, MON, FLAG, SET, NO },
	{ CKA_VERIFY_RECOVER, PUB, 0, FLAG, SET, NO },
	{ CKA_WRAP,        PUB, 0, FLAG, SET, NO },
	{ CKA_ENCAPSULATE, PUB, 0, FLAG, SET, NO },
	{ CKA_PUBLIC_KEY_INFO, PUB, 0, BYTES, OURS, NONE },
	{ CKA_MODULUS,     PUB | PRV, RSA, BYTES, NEED | NOT4, NONE },
	{ CKA_MODULUS_BITS, PUB, RSA, NUMBER, NOT2 | NEED3, NONE },
	{ CKA_PUBLIC_EXPONENT, PUB, RSA, BYTES, NEED, NONE },
	{ CKA_EC_PARAMS,   PUB | PRV, CRV, BYTES, NEED, NONE },
	{ CKA_EC_POINT,    PUB, CRV, BYTES, NEED | NOT4, NONE },

	{ CKA_SENSITIVE,   PRV, 0, FLAG, SET | CA_ROW_UP, YES },
	{ CKA_EXTRACTABLE, PRV, 0, FLAG, SET | CA_ROW_DOWN, NO },
	{ CKA_SENSITIVE,   SEC, 0, FLAG, SET | CA_ROW_UP, NO },
	{ CKA_EXTRACTABLE, SEC, 0, FLAG, SET | CA_ROW_DOWN, YES },
	{ CKA_ALWAYS_SENSITIVE,  PRV | SEC, 0, FLAG, OURS, NONE },
	{ CKA_NEVER_EXTRACTABLE, PRV | SEC, 0, FLAG, OURS, NONE },
	{ CKA_WRAP_WITH_TRUSTED, PRV | SEC, 0, FLAG, SET | CA_ROW_UP, NO },
	{ CKA_ALWAYS_AUTHENTICATE, PRV, 0, FLAG, 0, NO },
	{ CKA_DECRYPT,     PRV, RSA, FLAG, SET, YES },
	{ CKA_DECRYPT,     PRV, CRV, FLAG, SET, NO },
	{ CKA_SIGN,        PRV, RSA | EC_ | EDW, FLAG, SET, YES },
	{ CKA_SIGN,        PRV, MON, FLAG, SET, NO },
	{ CKA_SIGN_RECOVER, PRV, 0, FLAG, SET, NO },
	{ CKA_UNWRAP,      PRV, 0, FLAG, SET, NO },
	{ CKA_DECAPSULATE, PRV, 0, FLAG, SET, NO },
	{ CKA_PUBLIC_EXPONENT,  PRV, RSA, BYTES, NOT4, NONE },
	{ CKA_PRIVATE_EXPONENT, PRV, RSA, BYTES, NEED | NOT4 | SECRET, NONE },
	{ CKA_PRIME_1,     PRV, RSA, BYTES, NOT4 | SECRET, NONE },
	{ CKA_PRIME_2,     PRV, RSA, BYTES, NOT4 | SECRET, NONE },
	{ CKA_EXPONENT_1,  PRV, RSA, BYTES, NOT4 | SECRET, NONE },
	{ CKA_EXPONENT_2,  PRV, RSA, BYTES, NOT4 | SECRET, NONE },
	{ CKA_COEFFICIENT, PRV, RSA, BYTES, NOT4 | SECRET, NONE },
	{ CKA_VALUE,       PRV, CRV, BYTES, NEED | NOT4 | SECRET, NONE },

	{ CKA_ENCRYPT,     SEC, AES, FLAG, SET, YES },
	{ CKA_DECRYPT,     SEC, AES, FLAG, SET, YES },
	{ CKA_SIGN,        SEC, AES, FLAG, SET, NO },
	{ CKA_VERIFY,      SEC, AES, FLAG, SET, NO },
	{ CKA_ENCRYPT,     SEC, GEN, FLAG, SET, NO },
	{ CKA_DECRYPT,     SEC, GEN, FLAG, SET, NO },
	{ CKA_SIGN,        SEC, GEN, FLAG, SET, YES },
	{ CKA_VERIFY,      SEC, GEN, FLAG, SET, YES },
	{ CKA_ENCRYPT,     SEC, DES, FLAG, SET, NO },
	{ CKA_DECRYPT,     SEC, DES, FLAG, SET, YES },
	{ CKA_SIGN,        SEC, DES, FLAG, SET, NO },
	{ CKA_VERIFY,      SEC, DES, FLAG, SET, NO },
	{ CKA_WRAP,        SEC, 0, FLAG, SET, NO },
	{ CKA_UNWRAP,      SEC, 0, FLAG, SET, NO },
	{ CKA_CHECK_VALUE, SEC, 0, BYTES, 0, NONE },
	{ CKA_VALUE,       SEC, 0, BYTES, NEED | NOT4 | SECRET, NONE },
	{ CKA_VALUE_LEN,   SEC, 0, NUMBER, NOT2 | NEED3, NONE },

	{ CKA_PRIME,       DOM, 0, BYTES, NEED | NOT4, NONE },
	{ CKA_BASE,        DOM, 0, BYTES, NEED | NOT4, NONE },
	{ CKA_SUBPRIME,    DOM, DSA | X42, BYTES, NEED | NOT4, NONE },
	{ CKA_PRIME_BITS,  DOM, 0, NUMBER, NOT2 | NEED3, NONE },
	{ CKA_SUB_PRIME_BITS, DOM, X42, NUMBER, NOT2, NONE },
};

static const struct {
	CK_OBJECT_CLASS cls;
	unsigned bit;
	CK_ATTRIBUTE_TYPE type_attr;
} classes[] = {
	{ CKO_DATA,              DAT, CKA_CLASS },
	{ CKO_CERTIFICATE,       CER, CKA_CERTIFICATE_TYPE },
	{ CKO_PUBLIC_KEY,        PUB, CKA_KEY_TYPE },
	{ CKO_PRIVATE_KEY,       PRV, CKA_KEY_TYPE },
	{ CKO_SECRET_KEY,        SEC, CKA_KEY_TYPE },
	{ CKO_DOMAIN_PARAMETERS, DOM, CKA_KEY_TYPE },
};

static const struct {
	unsigned classes;
	CK_ULONG type;
	unsigned bit;
} types[] = {
	{ CER, CKC_X_509, X509 },
	{ PUB | PRV, CKK_RSA, RSA },
	{ PUB | PRV, CKK_EC, EC_ },
	{ PUB | PRV, CKK_EC_EDWARDS, EDW },
	{ PUB | PRV, CKK_EC_MONTGOMERY, MON },
	{ SEC, CKK_GENERIC_SECRET, GEN },
	{ SEC, CKK_AES, AES },
	{ SEC, CKK_DES2, DES },
	{ SEC, CKK_DES3, DES },
	{ SEC, CKK_HKDF, GEN },
	/* Like a generic secret, for one mechanism. */
	{ SEC, CKK_SHA_1_HMAC, GEN },
	{ SEC, CKK_SHA224_HMAC, GEN },
	{ SEC, CKK_SHA256_HMAC, GEN },
	{ SEC, CKK_SHA384_HMAC, GEN },
	{ SEC, CKK_SHA512_HMAC, GEN },
	{ SEC, CKK_SHA512_224_HMAC, GEN },
	{ SEC, CKK_SHA512_256_HMAC, GEN },
	{ SEC, CKK_SHA3_224_HMAC, GEN },
	{ SEC, CKK_SHA3_256_HMAC, GEN },
	{ SEC, CKK_SHA3_384_HMAC, GEN },
	{ SEC, CKK_SHA3_512_HMAC, GEN },
	{ DOM, CKK_DSA, DSA },
	{ DOM, CKK_DH, DH_ },
	{ DOM, CKK_X9_42_DH, X42 },
};
/* clang-format on */

unsigned
ca_schema_class(CK_OBJECT_CLASS cls)
{
	for (size_t i = 0; i < CA_COUNT(classes); i++)
		if (classes[i].cls == cls)
			return classes[i].bit;
	return 0;
}

CK_ATTRIBUTE_TYPE
ca_schema_type_attr(CK_OBJECT_CLASS cls)
{
	for (size_t i = 0; i < CA_COUNT(classes); i++)
		if (classes[i].cls == cls)
			return classes[i].type_attr;
	return CKA_CLASS;
}

unsigned
ca_schema_type(CK_OBJECT_CLASS cls, CK_ULONG type)
{
	unsigned bit = ca_schema_class(cls);

	for (size_t i = 0; i < CA_COUNT(types); i++)
		if ((types[i].classes & bit) != 0 && types[i].type == type)
			return types[i].bit;
	return 0;
}

const struct ca_schema *
ca_schema_nth(CK_OBJECT_CLASS cls, CK_ULONG of_type, size_t n)
{
	unsigned class_bit = ca_schema_class(cls);
	unsigned type_bit = ca_schema_type(cls, of_type);

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if ((rows[i].classes & class_bit) != 0 &&
		    (rows[i].types == 0 || (rows[i].types & type_bit) != 0) &&
		    n-- == 0)
			return &rows[i];
	return NULL;
}

const struct ca_schema *
ca_schema_row(CK_ATTRIBUTE_TYPE type, CK_OBJECT_CLASS cls, CK_ULONG of_type)
{
	const struct ca_schema *row;

	for (size_t i = 0; (row = ca_schema_nth(cls, of_type, i)) != NULL; i++)
		if (row->type == type)
			return row;
	return NULL;
}

bool
ca_schema_known(CK_ATTRIBUTE_TYPE type)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (rows[i].type == type)
			return true;
	return false;
}

bool
ca_schema_may_hide(CK_ATTRIBUTE_TYPE type)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (rows[i].type == type && (rows[i].rules & SECRET) != 0)
			return true;
	return false;
}
