/* Certificates as token objects: which are a key's, and which go to the card.
 */
#include <stdlib.h>
#include <string.h>

#include "module/capkcs11.h"
#include "tests/families/ossl.h"
#include "tests/families/stored.h"

#define UPDATE_BINARY 0xD6

static const struct fam_row chipdoc = {"chipdoc-stored", "vgca-chipdoc",
    "key=rsa1024 ca-key=p256 serial=" FAM_STORED_SERIAL, 0, "", "", {0}};
static const struct fam_row iso = {"iso-stored", "iso7816-15",
    "key=p256 ca-key=p256 serial=" FAM_STORED_SERIAL, 0, "", "", {0}};

static CK_BBOOL yes = CK_TRUE;

static CK_RV
make_cert(struct fam *t, const uint8_t *der, size_t n, CK_ATTRIBUTE id,
    CK_OBJECT_HANDLE *o)
{
	CK_OBJECT_CLASS cls = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	uint8_t *copy = malloc(n + 1);
	CK_BYTE subject[] = {0x30, 0x00};
	CK_ATTRIBUTE a[] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_TOKEN, &yes, 1}, {CKA_CERTIFICATE_TYPE, &type, sizeof(type)},
	    {CKA_SUBJECT, subject, sizeof(subject)}, {CKA_VALUE, copy, n}, id};
	CK_RV rv;

	memcpy(copy, der, n);
	rv = t->f->C_CreateObject(t->s, a, 6, o);
	free(copy);
	return rv;
}

static const CK_ATTRIBUTE no_id = {CKA_ID, NULL, 0};

/* The card's leaf with another issuer and serial number. */
static void
renew(const struct fam *t, struct fam_bytes *out)
{
	struct ca_rd leaf = ca_sim_cert(t->card, 0);

	CU_ASSERT_FATAL(fam_ossl_renew(leaf.p, leaf.n, out));
}

static void
key_id(struct fam *t, CK_BYTE id[64], CK_ULONG *n)
{
	CK_OBJECT_HANDLE key;

	CU_ASSERT_FATAL(fam_find(t, CKO_PRIVATE_KEY, &key, 1) == 1);
	*n = 64;
	FAM_IS(fam_attr(t, key, CKA_ID, id, n), CKR_OK);
}

static void
has_id(struct fam *t, CK_OBJECT_HANDLE o, const CK_BYTE *want, CK_ULONG want_n)
{
	CK_BYTE id[64];
	CK_ULONG n = sizeof(id);

	FAM_IS(fam_attr(t, o, CKA_ID, id, &n), CKR_OK);
	CU_ASSERT(n == want_n && memcmp(id, want, n) == 0);
}

/* Only the public key tells whose a certificate is. */
static void
whose(void)
{
	CK_BYTE id[64], other[] = {7, 7}, long_id[20] = {1};
	CK_ATTRIBUTE mine = {CKA_ID, id, 0}, wrong = {CKA_ID, other, 2},
		     computed = {CKA_ID, long_id, sizeof(long_id)};
	struct fam_bytes leaf;
	struct ca_rd ca;
	CK_OBJECT_HANDLE o;
	struct fam t;

	fam_use(&iso);
	fam_begin_login(&t, NULL);
	key_id(&t, id, &mine.ulValueLen);
	renew(&t, &leaf);
	FAM_IS(make_cert(&t, leaf.b, leaf.n, no_id, &o), CKR_OK);
	has_id(&t, o, id, mine.ulValueLen);
	FAM_IS(t.f->C_SetAttributeValue(t.s, o, &wrong, 1),
	    CKR_TEMPLATE_INCONSISTENT);
	FAM_IS(t.f->C_SetAttributeValue(t.s, o, &mine, 1), CKR_OK);
	FAM_IS(make_cert(&t, leaf.b, leaf.n, wrong, &o), CKR_OK);
	has_id(&t, o, id, mine.ulValueLen);
	FAM_IS(make_cert(&t, leaf.b, leaf.n, computed, &o), CKR_OK);
	has_id(&t, o, id, mine.ulValueLen);
	/* Of an authority: as it was given, and never a key's. */
	ca = ca_sim_cert(t.card, 1);
	FAM_IS(make_cert(&t, ca.p, ca.n, wrong, &o), CKR_OK);
	has_id(&t, o, other, 2);
	FAM_IS(t.f->C_SetAttributeValue(t.s, o, &mine, 1),
	    CKR_TEMPLATE_INCONSISTENT);
	FAM_IS(make_cert(&t, ca.p, ca.n, mine, &o), CKR_TEMPLATE_INCONSISTENT);
	/* None at all. */
	FAM_IS(make_cert(&t, ca.p, ca.n - 1, no_id, &o),
	    CKR_ATTRIBUTE_VALUE_INVALID);
	FAM_IS(make_cert(&t, leaf.b, 0, no_id, &o), CKR_TEMPLATE_INCOMPLETE);
	CU_ASSERT_EQUAL(fam_stored_files(true), 4);
	fam_end(&t);
}

/* A card that lets its holder write takes the renewed certificate: the object
 * is the card's, and nothing lies on the host. */
static void
to_the_card(void)
{
	CK_BYTE value[4096];
	CK_ULONG n = sizeof(value);
	CK_OBJECT_HANDLE o, again;
	struct fam_bytes leaf;
	struct fam t;

	fam_use(&chipdoc);
	fam_begin_open(&t, NULL);
	renew(&t, &leaf);
	/* Nobody is in: to the host, and away again. */
	FAM_IS(make_cert(&t, leaf.b, leaf.n, no_id, &o), CKR_OK);
	CU_ASSERT_EQUAL(ca_sim_seen(t.card, UPDATE_BINARY), 0);
	CU_ASSERT_EQUAL(fam_stored_files(false), 1);
	CU_ASSERT(fam_flag(&t, o, CKA_CAPKCS11_LOCAL));
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_OK);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	FAM_IS(make_cert(&t, leaf.b, leaf.n, no_id, &o), CKR_OK);
	CU_ASSERT(ca_sim_seen(t.card, UPDATE_BINARY) > 0);
	CU_ASSERT_EQUAL(fam_stored_files(false), 0);
	FAM_IS(fam_attr(&t, o, CKA_VALUE, value, &n), CKR_OK);
	CU_ASSERT(n == leaf.n && memcmp(value, leaf.b, n) == 0);
	CU_ASSERT(!fam_flag(&t, o, CKA_CAPKCS11_LOCAL));
	FAM_IS(t.f->C_DestroyObject(t.s, o), CKR_ACTION_PROHIBITED);
	/* The same once more renews nothing. */
	FAM_IS(make_cert(&t, leaf.b, leaf.n, no_id, &again), CKR_OK);
	CU_ASSERT(again != o && fam_stored_files(true) == 1);
	FAM_IS(fam_sign_once(&t), CKR_OK);
	fam_end(&t);
}

/* How many certificates are found as those of the host. */
static CK_ULONG
local_ones(struct fam *t)
{
	CK_ATTRIBUTE a = {CKA_CAPKCS11_LOCAL, &yes, sizeof(yes)};
	CK_OBJECT_HANDLE o[8];
	CK_ULONG n = 0;

	FAM_IS(t->f->C_FindObjectsInit(t->s, &a, 1), CKR_OK);
	FAM_IS(t->f->C_FindObjects(t->s, o, 8, &n), CKR_OK);
	FAM_IS(t->f->C_FindObjectsFinal(t->s), CKR_OK);
	return n;
}

/* The token got new keys since: a certificate with the identifier of one is
 * not shown as its. */
static void
other_keys_since(void)
{
	CK_OBJECT_HANDLE o[8];
	struct fam_bytes leaf;
	size_t before;
	struct fam t;

	fam_use(&iso);
	fam_begin_login(&t, NULL);
	renew(&t, &leaf);
	before = fam_find(&t, CKO_CERTIFICATE, o, 8);
	FAM_IS(make_cert(&t, leaf.b, leaf.n, no_id, &o[0]), CKR_OK);
	fam_restart(&t);
	FAM_IS(fam_open(&t), CKR_OK);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_CERTIFICATE, o, 8), before + 1);
	CU_ASSERT_EQUAL(local_ones(&t), 1);
	fam_end(&t);
	fam_begin_open(&t, "key=p384");
	CU_ASSERT_EQUAL(fam_find(&t, CKO_CERTIFICATE, o, 8), before);
	fam_end(&t);
	CU_ASSERT_EQUAL(fam_stored_files(true), 1);
}

static void
trusted_by_none(void)
{
	const CK_ATTRIBUTE trusted = {CKA_TRUSTED, &yes, 1};
	CK_OBJECT_HANDLE o;
	CK_ATTRIBUTE a = trusted;
	struct ca_rd ca;
	struct fam t;

	fam_use(&chipdoc);
	fam_begin_open(&t, NULL);
	ca = ca_sim_cert(t.card, 1);
	FAM_IS(make_cert(&t, ca.p, ca.n, trusted, &o), CKR_ATTRIBUTE_READ_ONLY);
	FAM_IS(fam_login(&t, CKU_SO, t.opts.puk), CKR_OK);
	FAM_IS(make_cert(&t, ca.p, ca.n, trusted, &o), CKR_ATTRIBUTE_READ_ONLY);
	FAM_IS(make_cert(&t, ca.p, ca.n, no_id, &o), CKR_OK);
	FAM_IS(t.f->C_SetAttributeValue(t.s, o, &a, 1),
	    CKR_ATTRIBUTE_READ_ONLY);
	CU_ASSERT_EQUAL(fam_stored_files(true), 1);
	fam_end(&t);
}

void
fam_stored_certs(CU_pSuite s)
{
	CU_add_test(s, "whose", whose);
	CU_add_test(s, "to-the-card", to_the_card);
	CU_add_test(s, "other-keys-since", other_keys_since);
	CU_add_test(s, "trusted-by-none", trusted_by_none);
}
