/* See kat.h: parameters of mechanisms with public and private keys. */
#include "tests/conformance/kat.h"

#include <string.h>

#include "tests/conformance/params.h"

static uint8_t one[CF_KAT_MAX], two[CF_KAT_MAX];

#define GIVE(m, p)                                                             \
	do {                                                                   \
		(m)->pParameter = &(p);                                        \
		(m)->ulParameterLen = sizeof(p);                               \
	} while (0)

/* CKG_MGF1_ of a hash: `mgf`, else `hash` (3.0: the last four). */
static CK_ULONG
mgf(const struct cf_kat *v)
{
	static const struct {
		CK_MECHANISM_TYPE hash;
		CK_ULONG mgf;
	} rows[] = {
	    {CKM_SHA_1, 1},
	    {CKM_SHA256, 2},
	    {CKM_SHA384, 3},
	    {CKM_SHA512, 4},
	    {CKM_SHA224, 5},
	    {0x2b5, 6},
	    {0x2b0, 7},
	    {0x2c0, 8},
	    {0x2d0, 9},
	};
	CK_ULONG hash = cf_kat_constant(v, "hash", CKM_SHA256);
	CK_ULONG own = cf_kat_constant(v, "mgf", hash);

	for (size_t i = 0; i < CF_COUNT(rows); i++)
		if (rows[i].hash == own)
			return rows[i].mgf;
	cf_kat_wrong(v, "no hash", "mgf");
}

static void
pss(const struct cf_kat *v, CK_MECHANISM *m)
{
	static CK_RSA_PKCS_PSS_PARAMS p;

	p.hashAlg = cf_kat_constant(v, "hash", CKM_SHA256);
	p.mgf = mgf(v);
	p.sLen = cf_kat_number(v, "salt", 0);
	GIVE(m, p);
}

static void
oaep(const struct cf_kat *v, CK_MECHANISM *m)
{
	static CK_RSA_PKCS_OAEP_PARAMS p;

	p.hashAlg = cf_kat_constant(v, "hash", CKM_SHA256);
	p.mgf = mgf(v);
	p.source = CKZ_DATA_SPECIFIED;
	p.ulSourceDataLen = cf_kat_bytes(v, "label", one);
	p.pSourceData = p.ulSourceDataLen != 0 ? one : NULL;
	GIVE(m, p);
}

static void
ecdh(const struct cf_kat *v, CK_MECHANISM *m)
{
	static CK_ECDH1_DERIVE_PARAMS p;

	p.kdf = cf_kat_number(v, "kdf", CKD_NULL);
	p.public_data_len = cf_kat_bytes(v, "point", one);
	p.public_data = one;
	p.shared_data_len = cf_kat_bytes(v, "shared", two);
	p.shared_data = p.shared_data_len != 0 ? two : NULL;
	GIVE(m, p);
}

static void
eddsa(const struct cf_kat *v, CK_MECHANISM *m)
{
	static struct cf_eddsa p;

	(void)v;
	GIVE(m, p);
}

bool
cf_kat_param_pk(const struct cf_kat *v, const char *name, CK_MECHANISM *m)
{
	static const struct {
		const char *name;
		void (*make)(const struct cf_kat *v, CK_MECHANISM *m);
	} rows[] = {
	    {"pss", pss},
	    {"oaep", oaep},
	    {"ecdh", ecdh},
	    {"eddsa", eddsa},
	};

	for (size_t i = 0; i < CF_COUNT(rows); i++)
		if (strcmp(rows[i].name, name) == 0) {
			rows[i].make(v, m);
			return true;
		}
	return false;
}
