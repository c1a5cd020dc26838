/* What is on the token, and every mechanism it lists. */
#include <stdio.h>
#include <string.h>

#include "tests/families/fam.h"
#include "tests/families/ossl.h"

/* Token and objects as a program sees them before and after the PIN. */
static void
list(void)
{
	CK_OBJECT_HANDLE o[FAM_KEYS];
	struct fam_bytes spki, leaf;
	struct ca_rd cert;
	CK_ULONG n = sizeof(spki.b);
	struct fam t;

	fam_begin_open(&t, NULL);
	CU_ASSERT((fam_flags(&t) & CKF_LOGIN_REQUIRED) != 0 && t.opts.keys > 0);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_PRIVATE_KEY, o, FAM_KEYS), 0);
	if ((t.row->has & FAM_NO_CERT) == 0)
		CU_ASSERT(fam_find(&t, CKO_CERTIFICATE, o, FAM_KEYS) >=
			  t.opts.keys);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	CU_ASSERT_EQUAL_FATAL(fam_find(&t, CKO_PRIVATE_KEY, o, FAM_KEYS),
	    t.opts.keys);
	cert = ca_sim_cert(t.card, 0);
	CU_ASSERT(fam_ossl_cert_key(cert.p, cert.n, &leaf));
	FAM_IS(fam_attr(&t, o[0], CKA_PUBLIC_KEY_INFO, spki.b, &n), CKR_OK);
	spki.n = n;
	CU_ASSERT(fam_ossl_same(&spki, &leaf));
	CU_ASSERT(fam_flag(&t, o[0], CKA_SENSITIVE));
	CU_ASSERT(!fam_flag(&t, o[0], CKA_EXTRACTABLE));
	fam_end(&t);
}

static void
add(char *out, size_t cap, const char *name, size_t n)
{
	size_t at = strlen(out);

	snprintf(&out[at], cap - at, "%s%s/%zu", at != 0 ? " " : "", name, n);
}

typedef size_t do_mech(struct fam *t, const struct fam_mech *m,
    CK_OBJECT_HANDLE key, const char *pin);

/* Every mechanism the token lists with this flag, with the keys that have the
 * attribute; "NAME/N" for N forms that worked with the first such key. */
static void
all_mechs(struct fam *t, CK_FLAGS flag, CK_ATTRIBUTE_TYPE may, do_mech *fn,
    char *out, size_t cap)
{
	CK_OBJECT_HANDLE keys[FAM_KEYS];
	size_t n = fam_find(t, CKO_PRIVATE_KEY, keys, FAM_KEYS);
	CK_MECHANISM_TYPE types[FAM_MECHS];
	CK_ULONG types_n = FAM_MECHS;

	out[0] = '\0';
	FAM_IS(t->f->C_GetMechanismList(t->slot, types, &types_n), CKR_OK);
	for (CK_ULONG i = 0; i < types_n; i++) {
		const struct fam_mech *m = fam_mech(types[i]);
		CK_MECHANISM_INFO info;
		bool first = true;

		FAM_IS(t->f->C_GetMechanismInfo(t->slot, types[i], &info),
		    CKR_OK);
		if ((info.flags & flag) == 0 || (info.flags & CKF_HW) == 0)
			continue; /* or the host does it, with other keys */
		CU_ASSERT_PTR_NOT_NULL_FATAL(m);
		for (size_t k = 0; k < n; k++) {
			size_t good;

			if (!fam_flag(t, keys[k], may))
				continue;
			good = fn(t, m, keys[k], fam_key_pin(t, k));
			if (first)
				add(out, cap, m->name, good);
			first = false;
		}
	}
}

static void
same(const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fprintf(stderr, "%s: got  %s\n%s: want %s\n", fam_row()->name,
		    got, fam_row()->name, want);
	CU_ASSERT_STRING_EQUAL(got, want);
}

static void
sign_all(void)
{
	char done[2048];
	struct fam t;

	fam_begin_login(&t, NULL);
	all_mechs(&t, CKF_SIGN, CKA_SIGN, fam_mech_sign, done, sizeof(done));
	same(done, t.row->signs);
	CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_WRONG_TRIES), 0);
	fam_end(&t);
}

static void
decrypt_all(void)
{
	char done[2048];
	struct fam t;

	fam_begin_login(&t, NULL);
	all_mechs(&t, CKF_DECRYPT, CKA_DECRYPT, fam_mech_decrypt, done,
	    sizeof(done));
	same(done, t.row->decrypts);
	fam_end(&t);
}

void
fam_suite_use(CU_pSuite s)
{
	CU_add_test(s, "list", list);
	CU_add_test(s, "sign", sign_all);
	CU_add_test(s, "decrypt", decrypt_all);
}
