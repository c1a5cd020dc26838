/* See fam.h: every mechanism in every form, checked by OpenSSL. */
#include <stdio.h>
#include <string.h>

#include "tests/families/fam.h"
#include "tests/families/ossl.h"

#define DATA "Công văn số 12/CV-VD, Hà Nội ngày 02 tháng 9"

/* PKCS#11 3.0: one row for each of the four, by its number. */
#define SHA3(name, number, bits, scheme)                                       \
	{                                                                      \
		number, name, "SHA3-" #bits, scheme                            \
	}

/* clang-format off */
static const struct fam_mech mechs[] = {
	{ CKM_RSA_PKCS,            "RSA_PKCS",            NULL,     FAM_PKCS1 },
	{ CKM_RSA_X_509,           "RSA_X_509",           NULL,     FAM_RAW },
	{ CKM_RSA_PKCS_OAEP,       "RSA_PKCS_OAEP",       NULL,     FAM_OAEP },
	{ CKM_SHA1_RSA_PKCS,       "SHA1_RSA_PKCS",       "SHA1",   FAM_PKCS1 },
	{ CKM_SHA224_RSA_PKCS,     "SHA224_RSA_PKCS",     "SHA224", FAM_PKCS1 },
	{ CKM_SHA256_RSA_PKCS,     "SHA256_RSA_PKCS",     "SHA256", FAM_PKCS1 },
	{ CKM_SHA384_RSA_PKCS,     "SHA384_RSA_PKCS",     "SHA384", FAM_PKCS1 },
	{ CKM_SHA512_RSA_PKCS,     "SHA512_RSA_PKCS",     "SHA512", FAM_PKCS1 },
	SHA3("SHA3_224_RSA_PKCS", 0x66, 224, FAM_PKCS1),
	SHA3("SHA3_256_RSA_PKCS", 0x60, 256, FAM_PKCS1),
	SHA3("SHA3_384_RSA_PKCS", 0x61, 384, FAM_PKCS1),
	SHA3("SHA3_512_RSA_PKCS", 0x62, 512, FAM_PKCS1),
	{ CKM_RSA_PKCS_PSS,        "RSA_PKCS_PSS",        NULL,     FAM_PSS },
	{ CKM_SHA1_RSA_PKCS_PSS,   "SHA1_RSA_PKCS_PSS",   "SHA1",   FAM_PSS },
	{ CKM_SHA224_RSA_PKCS_PSS, "SHA224_RSA_PKCS_PSS", "SHA224", FAM_PSS },
	{ CKM_SHA256_RSA_PKCS_PSS, "SHA256_RSA_PKCS_PSS", "SHA256", FAM_PSS },
	{ CKM_SHA384_RSA_PKCS_PSS, "SHA384_RSA_PKCS_PSS", "SHA384", FAM_PSS },
	{ CKM_SHA512_RSA_PKCS_PSS, "SHA512_RSA_PKCS_PSS", "SHA512", FAM_PSS },
	SHA3("SHA3_224_RSA_PKCS_PSS", 0x67, 224, FAM_PSS),
	SHA3("SHA3_256_RSA_PKCS_PSS", 0x63, 256, FAM_PSS),
	SHA3("SHA3_384_RSA_PKCS_PSS", 0x64, 384, FAM_PSS),
	SHA3("SHA3_512_RSA_PKCS_PSS", 0x65, 512, FAM_PSS),
	{ CKM_ECDSA,               "ECDSA",               NULL,     FAM_ECDSA },
	{ CKM_ECDSA_SHA1,          "ECDSA_SHA1",          "SHA1",   FAM_ECDSA },
	{ CKM_ECDSA_SHA224,        "ECDSA_SHA224",        "SHA224", FAM_ECDSA },
	{ CKM_ECDSA_SHA256,        "ECDSA_SHA256",        "SHA256", FAM_ECDSA },
	{ CKM_ECDSA_SHA384,        "ECDSA_SHA384",        "SHA384", FAM_ECDSA },
	{ CKM_ECDSA_SHA512,        "ECDSA_SHA512",        "SHA512", FAM_ECDSA },
	SHA3("ECDSA_SHA3_224", 0x1047, 224, FAM_ECDSA),
	SHA3("ECDSA_SHA3_256", 0x1048, 256, FAM_ECDSA),
	SHA3("ECDSA_SHA3_384", 0x1049, 384, FAM_ECDSA),
	SHA3("ECDSA_SHA3_512", 0x104A, 512, FAM_ECDSA),
};

static const struct {
	const char *name;
	CK_MECHANISM_TYPE type;
	CK_RSA_PKCS_MGF_TYPE mgf;
	CK_ULONG n;
} hashes[] = {
	{ "SHA1",   CKM_SHA_1,  CKG_MGF1_SHA1,   20 },
	{ "SHA224", CKM_SHA224, CKG_MGF1_SHA224, 28 },
	{ "SHA256", CKM_SHA256, CKG_MGF1_SHA256, 32 },
	{ "SHA384", CKM_SHA384, CKG_MGF1_SHA384, 48 },
	{ "SHA512", CKM_SHA512, CKG_MGF1_SHA512, 64 },
	{ "SHA3-224", 0x2B5, 6, 28 },
	{ "SHA3-256", 0x2B0, 7, 32 },
	{ "SHA3-384", 0x2C0, 8, 48 },
	{ "SHA3-512", 0x2D0, 9, 64 },
};
/* clang-format on */

const struct fam_mech *
fam_mech(CK_MECHANISM_TYPE type)
{
	for (size_t i = 0; i < CA_COUNT(mechs); i++)
		if (mechs[i].type == type)
			return &mechs[i];
	return NULL;
}

const char *
fam_mech_names(struct fam *t, CK_FLAGS flag)
{
	static char names[2048];
	CK_MECHANISM_INFO info;

	names[0] = '\0';
	for (size_t i = 0; i < CA_COUNT(mechs); i++) {
		size_t at = strlen(names);

		if (t->f->C_GetMechanismInfo(t->slot, mechs[i].type, &info) !=
			CKR_OK ||
		    (info.flags & flag) == 0 || (info.flags & CKF_HW) == 0)
			continue;
		snprintf(&names[at], sizeof(names) - at, "%s%s",
		    at != 0 ? " " : "", mechs[i].name);
	}
	return names;
}

/* One use of a key, with its own PIN where it wants one. */
static CK_RV
consent(struct fam *t, CK_OBJECT_HANDLE key, const char *pin)
{
	return fam_flag(t, key, CKA_ALWAYS_AUTHENTICATE)
		   ? fam_login(t, CKU_CONTEXT_SPECIFIC, pin)
		   : CKR_OK;
}

static CK_RV
sign(struct fam *t, CK_MECHANISM *m, CK_OBJECT_HANDLE key, const char *pin,
    const struct fam_bytes *in, struct fam_bytes *sig)
{
	CK_ULONG n = sizeof(sig->b);
	struct fam_bytes copy = *in;
	CK_RV rv;

	if ((rv = t->f->C_SignInit(t->s, m, key)) != CKR_OK ||
	    (rv = consent(t, key, pin)) != CKR_OK)
		return rv;
	rv = t->f->C_Sign(t->s, copy.b, copy.n, sig->b, &n);
	sig->n = n;
	return rv;
}

/* The public half, as the private key shows it. */
static void
public_half(struct fam *t, CK_OBJECT_HANDLE key, struct fam_bytes *spki)
{
	CK_ULONG n = sizeof(spki->b);

	FAM_IS(fam_attr(t, key, CKA_PUBLIC_KEY_INFO, spki->b, &n), CKR_OK);
	spki->n = n;
}

/* Signs what `use` says and compares. True when there is a good signature; a
 * mechanism's parameters may be refused, nothing else. */
static bool
sign_one(struct fam *t, CK_MECHANISM *m, CK_OBJECT_HANDLE key, const char *pin,
    const struct fam_use *use)
{
	struct fam_bytes spki, sig;
	CK_RV rv = sign(t, m, key, pin, &use->in, &sig);

	if (rv == CKR_MECHANISM_PARAM_INVALID && m->ulParameterLen != 0)
		return false;
	FAM_IS(rv, CKR_OK);
	if (rv != CKR_OK)
		return false;
	public_half(t, key, &spki);
	CU_ASSERT(fam_ossl_verify(&spki, use, &sig));
	return true;
}

static struct fam_use
use_of(const char *hash, const char *data)
{
	struct fam_use u = {.hash = hash};

	u.in.n = strlen(data);
	memcpy(u.in.b, data, u.in.n);
	return u;
}

/* CKM_RSA_PKCS, CKM_RSA_X_509 and CKM_ECDSA: the caller brings what is signed.
 * ECDSA also takes more than a hash has (FIPS 186-4, 6.4). */
static size_t
sign_brought(struct fam *t, const struct fam_mech *m, CK_OBJECT_HANDLE key,
    const char *pin)
{
	static const size_t lengths[] = {1, 20, 64, 65, 66, 67, 80};
	CK_MECHANISM ck = {m->type, NULL, 0};
	struct fam_use u = {.hash = NULL};
	struct fam_bytes spki;
	size_t good;

	u.raw = m->scheme == FAM_RAW;
	u.ec = m->scheme == FAM_ECDSA;
	if (u.ec) {
		fam_ossl_hash("SHA256", DATA, &u.in);
	} else {
		public_half(t, key, &spki);
		CU_ASSERT(fam_ossl_digestinfo(DATA, &u.in));
		if (u.raw)
			fam_ossl_pad(fam_ossl_bytes(&spki), &u.in);
	}
	good = sign_one(t, &ck, key, pin, &u);
	/* Around the order of P-521, and beyond that of every curve. */
	for (size_t i = 0; u.ec && good > 0 && i < CA_COUNT(lengths); i++) {
		u.in.n = lengths[i];
		memset(u.in.b, 0xA5, u.in.n);
		good = sign_one(t, &ck, key, pin, &u);
	}
	return good;
}

static size_t
sign_pss(struct fam *t, const struct fam_mech *m, CK_OBJECT_HANDLE key,
    const char *pin)
{
	size_t good = 0;

	for (size_t i = 0; i < CA_COUNT(hashes); i++)
		for (int salted = 0; salted < 2; salted++) {
			CK_RSA_PKCS_PSS_PARAMS p = {hashes[i].type,
			    hashes[i].mgf, salted ? hashes[i].n : 0};
			CK_MECHANISM ck = {m->type, &p, sizeof(p)};
			struct fam_use u = use_of(hashes[i].name, DATA);

			if (m->hash != NULL &&
			    strcmp(m->hash, hashes[i].name) != 0)
				continue;
			u.pss = true;
			u.salt = (int)p.sLen;
			u.hashed = m->hash == NULL;
			if (u.hashed)
				fam_ossl_hash(u.hash, DATA, &u.in);
			good += sign_one(t, &ck, key, pin, &u);
		}
	return good;
}

size_t
fam_mech_sign(struct fam *t, const struct fam_mech *m, CK_OBJECT_HANDLE key,
    const char *pin)
{
	CK_MECHANISM ck = {m->type, NULL, 0};
	struct fam_use u;

	if (m->scheme == FAM_PSS)
		return sign_pss(t, m, key, pin);
	if (m->hash == NULL)
		return sign_brought(t, m, key, pin);
	u = use_of(m->hash, DATA);
	u.ec = m->scheme == FAM_ECDSA;
	return sign_one(t, &ck, key, pin, &u);
}

/* Decrypts in C_Decrypt what OpenSSL encrypted with the public half. */
static bool
decrypt_one(struct fam *t, CK_MECHANISM *m, CK_OBJECT_HANDLE key,
    const char *pin, const struct fam_use *use)
{
	struct fam_bytes spki, crypt, plain;
	CK_ULONG n = sizeof(plain.b);
	CK_RV rv;

	public_half(t, key, &spki);
	CU_ASSERT_FATAL(fam_ossl_encrypt(&spki, use, &crypt));
	rv = t->f->C_DecryptInit(t->s, m, key);
	if (rv == CKR_MECHANISM_PARAM_INVALID && m->ulParameterLen != 0)
		return false;
	FAM_IS(rv, CKR_OK);
	FAM_IS(consent(t, key, pin), CKR_OK);
	FAM_IS(t->f->C_Decrypt(t->s, crypt.b, crypt.n, plain.b, &n), CKR_OK);
	plain.n = n;
	CU_ASSERT(fam_ossl_same(&plain, &use->in));
	/* One bit of it changed: no plaintext, or for PKCS#1 v1.5 another. */
	crypt.b[crypt.n / 2] ^= 1;
	n = sizeof(plain.b);
	FAM_IS(t->f->C_DecryptInit(t->s, m, key), CKR_OK);
	FAM_IS(consent(t, key, pin), CKR_OK);
	rv = t->f->C_Decrypt(t->s, crypt.b, crypt.n, plain.b, &n);
	FAM_IS(rv, m->mechanism == CKM_RSA_PKCS_OAEP
		       ? CKR_ENCRYPTED_DATA_INVALID
		       : CKR_OK);
	plain.n = n;
	CU_ASSERT(rv != CKR_OK || !fam_ossl_same(&plain, &use->in));
	return true;
}

/* Without and with a label, which only a raw card leaves to the host. */
static size_t
decrypt_oaep(struct fam *t, CK_OBJECT_HANDLE key, const char *pin)
{
	size_t good = 0;

	for (size_t i = 0; i < CA_COUNT(hashes); i++)
		for (int labelled = 0; labelled < 2; labelled++) {
			char label[] = "VD";
			CK_RSA_PKCS_OAEP_PARAMS p = {hashes[i].type,
			    hashes[i].mgf, CKZ_DATA_SPECIFIED,
			    labelled ? label : NULL, labelled ? 2 : 0};
			CK_MECHANISM ck = {CKM_RSA_PKCS_OAEP, &p, sizeof(p)};
			struct fam_use u =
			    use_of(hashes[i].name, "a content key, perhaps");

			u.oaep = true;
			u.label = labelled ? label : NULL;
			good += decrypt_one(t, &ck, key, pin, &u);
		}
	return good;
}

size_t
fam_mech_decrypt(struct fam *t, const struct fam_mech *m, CK_OBJECT_HANDLE key,
    const char *pin)
{
	CK_MECHANISM ck = {m->type, NULL, 0};
	struct fam_use u = use_of(NULL, "a content key, perhaps");
	struct fam_bytes spki;

	if (m->scheme == FAM_OAEP)
		return decrypt_oaep(t, key, pin);
	u.raw = m->scheme == FAM_RAW;
	if (u.raw) {
		public_half(t, key, &spki);
		fam_ossl_pad(fam_ossl_bytes(&spki), &u.in);
	}
	return decrypt_one(t, &ck, key, pin, &u);
}
