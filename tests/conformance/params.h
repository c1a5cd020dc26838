/*
 * Parameters of mechanisms that the 2.40 header of p11-kit lacks, declared from
 * the OASIS headers of 2.40 errata 1 and 3.0.
 */
#ifndef CF_PARAMS_H
#define CF_PARAMS_H

#include "tests/conformance/p11.h"

/* CK_CCM_PARAMS */
struct cf_ccm {
	CK_ULONG data_len;
	CK_BYTE *nonce;
	CK_ULONG nonce_len;
	CK_BYTE *aad;
	CK_ULONG aad_len;
	CK_ULONG mac_len;
};

#define CF_CKF_HKDF_SALT_NULL 1UL
#define CF_CKF_HKDF_SALT_DATA 2UL
#define CF_CKF_HKDF_SALT_KEY 4UL

/* CK_HKDF_PARAMS */
struct cf_hkdf {
	CK_BBOOL extract, expand;
	CK_MECHANISM_TYPE hash;
	CK_ULONG salt_type;
	CK_BYTE *salt;
	CK_ULONG salt_len;
	CK_OBJECT_HANDLE salt_key;
	CK_BYTE *info;
	CK_ULONG info_len;
};

#define CF_CKZ_SALT_SPECIFIED 1UL

/* CK_PKCS5_PBKD2_PARAMS2; CK_PKCS5_PBKD2_PARAMS with a pointer at the end. */
struct cf_pbkd2 {
	CK_ULONG source;
	void *salt;
	CK_ULONG salt_len;
	CK_ULONG iterations;
	CK_ULONG prf;
	void *prf_data;
	CK_ULONG prf_data_len;
	CK_UTF8CHAR *password;
	union {
		CK_ULONG password_len;
		CK_ULONG *password_len_at;
	} u;
};

/* CK_EDDSA_PARAMS */
struct cf_eddsa {
	CK_BBOOL prehash;
	CK_ULONG context_len;
	CK_BYTE *context;
};

/* CK_AES_CBC_ENCRYPT_DATA_PARAMS */
struct cf_iv_and_data {
	CK_BYTE iv[16];
	CK_BYTE *data;
	CK_ULONG length;
};

/* CK_PRF_DATA_PARAM and what its types point to */
struct cf_prf_data {
	CK_ULONG type;
	void *value;
	CK_ULONG value_len;
};

#define CF_SP800_ITERATION 1UL
#define CF_SP800_COUNTER 2UL
#define CF_SP800_LENGTH 3UL
#define CF_SP800_BYTES 4UL

struct cf_prf_counter {
	CK_BBOOL little;
	CK_ULONG bits;
};

struct cf_prf_length {
	CK_ULONG method;
	CK_BBOOL little;
	CK_ULONG bits;
};

/* CK_SP800_108_KDF_PARAMS, CK_SP800_108_FEEDBACK_KDF_PARAMS */
struct cf_sp800_counter {
	CK_MECHANISM_TYPE prf;
	CK_ULONG data_n;
	struct cf_prf_data *data;
	CK_ULONG more_n;
	void *more;
};

struct cf_sp800_feedback {
	CK_MECHANISM_TYPE prf;
	CK_ULONG data_n;
	struct cf_prf_data *data;
	CK_ULONG iv_len;
	CK_BYTE *iv;
	CK_ULONG more_n;
	void *more;
};

#endif
