/* C_DeriveKey on every curve: the card's key and a key of the test's agree with
 * what OpenSSL computes; what is wrong never reaches the card. */
#include <stdio.h>
#include <string.h>

#include "tests/families/derive.h"
#include "tests/families/fam.h"

#define SHARED "Sở Thử nghiệm tỉnh Ví Dụ"
#define PSO 0x2A

static const struct fam_row curves[] = {
    {"iso-p256", "iso7816-15", "key=p256", 0, "", "", {0}},
    {"iso-p384", "iso7816-15", "key=p384", 0, "", "", {0}},
    {"iso-p521", "iso7816-15", "key=p521", 0, "", "", {0}},
    {"iso-p256-t0", "iso7816-15", "key=p256 t0=yes t1=no", 0, "", "", {0}},
    {"idprime-p256", "idprime", "model=840 t0=yes t1=no key=p256", 0, "", "",
	{0}},
};

/* clang-format off */
static const struct {
	CK_ULONG kdf;
	const char *hash; /* NULL: CKD_NULL */
	CK_KEY_TYPE type;
	CK_ULONG n;       /* CKA_VALUE_LEN; 0: not given */
} forms[] = {
	{ CKD_NULL,       NULL,     CKK_GENERIC_SECRET, 0 },
	{ CKD_NULL,       NULL,     CKK_GENERIC_SECRET, 20 },
	{ CKD_NULL,       NULL,     CKK_AES, 16 },
	{ CKD_NULL,       NULL,     CKK_AES, 32 },
	{ CKD_SHA1_KDF,   "SHA1",   CKK_GENERIC_SECRET, 20 },
	{ CKD_SHA1_KDF,   "SHA1",   CKK_AES, 24 },
	{ CKD_SHA224_KDF, "SHA224", CKK_AES, 32 },
	{ CKD_SHA256_KDF, "SHA256", CKK_AES, 32 },
	{ CKD_SHA384_KDF, "SHA384", CKK_GENERIC_SECRET, 100 },
	{ CKD_SHA512_KDF, "SHA512", CKK_GENERIC_SECRET, 1 },
	{ CKD_SHA512_KDF, "SHA512", CKK_GENERIC_SECRET, 4096 },
};
/* clang-format on */

struct agree {
	struct fam t;
	CK_OBJECT_HANDLE key;
	struct fam_bytes spki, point, secret;
	struct fam_peer *peer;
};

static void
begin(struct agree *a, const struct fam_row *row, const char *more)
{
	CK_ULONG n = sizeof(a->spki.b);

	fam_use(row);
	fam_begin_login(&a->t, more);
	CU_ASSERT_FATAL(fam_find(&a->t, CKO_PRIVATE_KEY, &a->key, 1) == 1);
	FAM_IS(fam_attr(&a->t, a->key, CKA_PUBLIC_KEY_INFO, a->spki.b, &n),
	    CKR_OK);
	a->spki.n = n;
	a->peer = fam_peer_new(&a->spki);
	fam_peer_point(a->peer, &a->point);
	CU_ASSERT_FATAL(fam_peer_secret(a->peer, &a->spki, &a->secret));
}

static void
end(struct agree *a)
{
	fam_peer_free(a->peer);
	fam_end(&a->t);
}

static CK_RV
derive(struct agree *a, CK_MECHANISM_TYPE mech, const struct fam_bytes *point,
    size_t form, CK_OBJECT_HANDLE *out)
{
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_KEY_TYPE type = forms[form].type;
	CK_ULONG n = forms[form].n;
	CK_BBOOL no = CK_FALSE;
	char shared[] = SHARED;
	struct fam_bytes copy = *point;
	CK_ECDH1_DERIVE_PARAMS p = {forms[form].kdf, 0, NULL, copy.n, copy.b};
	CK_MECHANISM m = {mech, &p, sizeof(p)};
	CK_ATTRIBUTE t[] = {
	    {CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_VALUE_LEN, &n, sizeof(n)},
	};

	if (forms[form].hash != NULL) {
		p.shared_data = (CK_BYTE *)shared;
		p.shared_data_len = strlen(shared);
	}
	return a->t.f->C_DeriveKey(a->t.s, &m, a->key, t, n != 0 ? 4 : 3, out);
}

/* What the new key must hold: the end of the secret, or what the KDF gives. */
static void
expect(const struct agree *a, size_t form, struct fam_bytes *want)
{
	size_t n = forms[form].n != 0 ? forms[form].n : a->secret.n;

	if (forms[form].hash != NULL) {
		fam_x963(forms[form].hash, &a->secret, SHARED, n, want);
		return;
	}
	memcpy(want->b, &a->secret.b[a->secret.n - n], n);
	want->n = n;
}

static void
check_form(struct agree *a, CK_MECHANISM_TYPE mech, size_t form)
{
	struct fam_bytes got, want;
	CK_OBJECT_HANDLE o = 0;
	CK_ULONG n = sizeof(got.b);

	FAM_IS(derive(a, mech, &a->point, form, &o), CKR_OK);
	FAM_IS(fam_attr(&a->t, o, CKA_VALUE, got.b, &n), CKR_OK);
	got.n = n;
	expect(a, form, &want);
	CU_ASSERT(fam_ossl_same(&got, &want));
	CU_ASSERT_EQUAL(fam_number(&a->t, o, CKA_VALUE_LEN), want.n);
	CU_ASSERT(!fam_flag(&a->t, o, CKA_LOCAL));
	CU_ASSERT(fam_flag(&a->t, o, CKA_PRIVATE));
	FAM_IS(a->t.f->C_DestroyObject(a->t.s, o), CKR_OK);
}

static void
forms_on(const struct fam_row *row)
{
	struct agree a;

	begin(&a, row, NULL);
	CU_ASSERT(fam_flag(&a.t, a.key, CKA_DERIVE));
	for (size_t i = 0; i < CA_COUNT(forms); i++)
		check_form(&a, CKM_ECDH1_DERIVE, i);
	check_form(&a, CKM_ECDH1_COFACTOR_DERIVE, 0);
	end(&a);
}

static void
every_form(void)
{
	for (size_t i = 0; i < CA_COUNT(curves); i++)
		forms_on(&curves[i]);
}

/* The point as CKA_EC_POINT has it, in a DER OCTET STRING. */
static void
point_in_der(void)
{
	struct agree a;
	struct fam_bytes raw;

	for (size_t i = 0; i < CA_COUNT(curves); i++) {
		size_t head;

		begin(&a, &curves[i], NULL);
		raw = a.point;
		head = raw.n > 127 ? 3 : 2;
		a.point.b[0] = 0x04;
		a.point.b[1] = head == 3 ? 0x81 : (uint8_t)raw.n;
		a.point.b[2] = (uint8_t)raw.n;
		memcpy(&a.point.b[head], raw.b, raw.n);
		a.point.n = head + raw.n;
		check_form(&a, CKM_ECDH1_DERIVE, 0);
		end(&a);
	}
}

/* Points that are none: refused, and the card's key was never used. */
static void
bad_points(void)
{
	for (size_t i = 0; i < CA_COUNT(curves); i++) {
		struct agree a;
		struct fam_bytes p;
		CK_OBJECT_HANDLE o;
		uint64_t used;

		begin(&a, &curves[i], NULL);
		used = ca_sim_seen(a.t.card, PSO);
		for (int bad = 0; bad < 7; bad++) {
			p = a.point;
			switch (bad) {
			case 0: /* off the curve */
				p.b[p.n - 1] ^= 1;
				break;
			case 1:
				p.n--;
				break;
			case 2:
				p.b[p.n++] = 0;
				break;
			case 3:
				p.n = 0;
				break;
			case 4: /* infinity */
				p.b[0] = 0;
				p.n = 1;
				break;
			case 5: /* compressed */
				p.b[0] = 2;
				p.n = 1 + p.n / 2;
				break;
			default: /* above the field */
				memset(&p.b[1], 0xFF, p.n - 1);
				break;
			}
			FAM_IS(derive(&a, CKM_ECDH1_DERIVE, &p, 0, &o),
			    CKR_MECHANISM_PARAM_INVALID);
		}
		CU_ASSERT_EQUAL(ca_sim_seen(a.t.card, PSO), used);
		end(&a);
	}
}

/* A point of another curve is none of this one. */
static void
foreign_point(void)
{
	struct agree a, b;
	struct fam_bytes p;
	CK_OBJECT_HANDLE o;

	begin(&a, &curves[1], NULL);
	p = a.point;
	end(&a);
	begin(&b, &curves[0], NULL);
	FAM_IS(derive(&b, CKM_ECDH1_DERIVE, &p, 0, &o),
	    CKR_MECHANISM_PARAM_INVALID);
	end(&b);
}

/* A result of a wrong length, or one that no point has. */
static void
lying_card(void)
{
	static const char *const lies[] = {
	    "bad=ecdh-short", "bad=ecdh-long", "bad=ecdh-above"};

	for (size_t i = 0; i < CA_COUNT(lies); i++) {
		CK_OBJECT_HANDLE o;
		struct agree a;

		begin(&a, &curves[0], lies[i]);
		FAM_IS(derive(&a, CKM_ECDH1_DERIVE, &a.point, 0, &o),
		    CKR_DEVICE_ERROR);
		CU_ASSERT_EQUAL(fam_find(&a.t, CKO_SECRET_KEY, &o, 1), 0);
		end(&a);
	}
}

/* The card does it only where a key of the token derives: not on RSA, not where
 * the card does not decipher, not where each use wants a PIN. */
static void
listed(void)
{
	static const struct {
		const char *options;
		bool derives;
	} cards[] = {
	    {"key=p256", true},
	    {"key=rsa2048", false},
	    {"key=p256 decipher=no", false},
	    {"key=p256 consent=1", false},
	    {"key=p256 key-usage=4", false},
	};
	CK_MECHANISM_INFO info;
	CK_OBJECT_HANDLE key;
	struct fam t;

	for (size_t i = 0; i < CA_COUNT(cards); i++) {
		fam_use(&curves[0]);
		fam_begin_login(&t, cards[i].options);
		FAM_IS(t.f->C_GetMechanismInfo(t.slot, CKM_ECDH1_DERIVE, &info),
		    CKR_OK);
		CU_ASSERT_EQUAL((info.flags & CKF_HW) != 0, cards[i].derives);
		CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1) == 1);
		CU_ASSERT_EQUAL(fam_flag(&t, key, CKA_DERIVE),
		    cards[i].derives);
		fam_end(&t);
	}
}

/* A card that lost its login: nothing is derived, nobody is in any more, and
 * what was derived before is gone. */
static void
login_lost(void)
{
	CK_OBJECT_HANDLE o, again;
	struct agree a;

	begin(&a, &curves[0], NULL);
	FAM_IS(derive(&a, CKM_ECDH1_DERIVE, &a.point, 0, &o), CKR_OK);
	CU_ASSERT(ca_sim_world_reset(a.t.w, FAM_READER) == CA_OK);
	FAM_IS(derive(&a, CKM_ECDH1_DERIVE, &a.point, 0, &again),
	    CKR_USER_NOT_LOGGED_IN);
	FAM_IS(a.t.f->C_DestroyObject(a.t.s, o), CKR_OBJECT_HANDLE_INVALID);
	end(&a);
}

void
fam_suite_derive(CU_pSuite s)
{
	CU_add_test(s, "every-form", every_form);
	CU_add_test(s, "point-in-der", point_in_der);
	CU_add_test(s, "bad-points", bad_points);
	CU_add_test(s, "foreign-point", foreign_point);
	CU_add_test(s, "lying-card", lying_card);
	CU_add_test(s, "listed", listed);
	CU_add_test(s, "login-lost", login_lost);
}
