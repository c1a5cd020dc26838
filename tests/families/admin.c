/*
 * Profiles that an administrator writes for a card nobody here knows, by
 * conf/cards/README.md alone, in place of the package's.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "pcsc/card/model.h"
#include "tests/families/keypad.h"
#include "tests/sim/sim_p15.h"

#define AID "[match]\naid = A0 00 00 00 63 50 4B 43 53 2D 31 35\n"
#define ATRS                                                                   \
	"[match]\natr = 3B8B018073C6010055434149534F00 / "                     \
	"FFFFFFFFFFFFFF00FFFFFFFFFFFF00\n"
#define PATH "[application]\npath = 3F00 5015\n"
#define RSA                                                                    \
	"[algorithm rsa-pkcs1]\nalgorithm = 11\n"                              \
	"[algorithm rsa-decipher-pkcs1]\nalgorithm = 11\nindicator = 00\n"
#define PKCS1                                                                  \
	"RSA_PKCS SHA1_RSA_PKCS SHA224_RSA_PKCS SHA256_RSA_PKCS "              \
	"SHA384_RSA_PKCS SHA512_RSA_PKCS SHA3_224_RSA_PKCS "                   \
	"SHA3_256_RSA_PKCS SHA3_384_RSA_PKCS SHA3_512_RSA_PKCS"

/* `signs`: mechanisms, by name; each key does each of them. */
/* clang-format off */
static const struct admin {
	const char *what, *options, *profile, *signs, *decrypts;
	unsigned has; /* FAM_ bits */
} cards[] = {
	{ "the AID alone", "", AID RSA, PKCS1, "RSA_PKCS", 0 },
	{ "a Java Card applet", "select-logout=yes keys=2", AID RSA, PKCS1, "RSA_PKCS", 0 },
	{ "AID, and the path of what lies in it", "", AID PATH RSA, PKCS1, "RSA_PKCS", 0 },
	{ "the path alone", "", ATRS PATH RSA, PKCS1, "RSA_PKCS", 0 },
	{ "by FID, no answer from SELECT", "", ATRS PATH "select = fid\nselect_answer = none\n" RSA, PKCS1, "RSA_PKCS", 0 },
	{ "extended length, no chaining", "chaining=no extended=yes",
	  ATRS PATH "[limits]\nextended = yes\nchaining = no\n" RSA, PKCS1, "RSA_PKCS", FAM_EXTENDED },
	{ "RSA 4096, T=0, PIN padded with FF to 8", "key=rsa4096 t0=yes t1=no pin-pad=255 pin-stored=8 pin-max=8",
	  AID RSA, PKCS1, "RSA_PKCS", 0 },
	{ "RSA 4096, T=1, chained", "key=rsa4096", AID PATH RSA, PKCS1, "RSA_PKCS", 0 },
	{ "RSA 4096, extended", "key=rsa4096 extended=yes chaining=no", AID PATH "[limits]\nextended = yes\nchaining = no\n" RSA, PKCS1, "RSA_PKCS", FAM_EXTENDED },
	{ "RSA 1024", "key=rsa1024", AID PATH RSA, PKCS1, "RSA_PKCS", 0 },
	{ "neither TokenInfo nor ODF nor AODF", "missing=0x900",
	  ATRS PATH "aodf = 7777\nprkdf = 4402\npukdf = 4403\ncdf = 4404\nodf = 7777\n"
	  "[pin user]\nreference = 01\nmin = 4\nmax = 16\nstored = 16\npad = 00\n" RSA, PKCS1, "RSA_PKCS", 0 },
	{ "the card hashes", "key=p256", ATRS PATH "[algorithm ecdsa-data-sha1]\nalgorithm = 21\n", "ECDSA_SHA1", "", 0 },
	{ "the second way does it", "", ATRS PATH "[algorithm rsa-pkcs1]\nalgorithm = 7F\n"
	  "[algorithm rsa-pkcs1 2]\nalgorithm = 7E\n[algorithm rsa-pkcs1 3]\nalgorithm = 11\n", PKCS1, "", 0 },
	{ "ways for one size of key, one length of input", "key=p384",
	  ATRS PATH "[algorithm ecdsa 1]\nalgorithm = 7F\nbits = 256\n[algorithm ecdsa 2]\nalgorithm = 7F\ninput = 77\n"
	  "[algorithm ecdsa 3]\nalgorithm = 22\nfill = yes\n", "ECDSA ECDSA_SHA1 ECDSA_SHA224 ECDSA_SHA256 ECDSA_SHA384 ECDSA_SHA512 "
	  "ECDSA_SHA3_224 ECDSA_SHA3_256 ECDSA_SHA3_384 ECDSA_SHA3_512", "", 0 },
	{ "PINs and keys in DFs of their own", "", ATRS PATH "[quirks]\nselect_pin = yes\nselect_key = yes\n" RSA, PKCS1, "RSA_PKCS", 0 },
	{ "a key with a PIN of its own", "keys=2 pin2-ref=3 pin2=55667788", ATRS PATH RSA, PKCS1, "RSA_PKCS", 0 },
};
/* clang-format on */

static void
write_profile(const char *text)
{
	FILE *out;

	(void)mkdir(ca_suite_path("none"), 0700);
	out = fopen(ca_suite_path("none/iso7816-15.conf"), "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fprintf(out, "[profile]\nmodel = Somebody's card\n%s", text);
	CU_ASSERT_FATAL(fclose(out) == 0);
}

/* The card of a row with its profile, logged in. */
static void
begin(struct fam *t, struct fam_row *row, const struct admin *a)
{
	*row = (struct fam_row){.name = a->what,
	    .type = "iso7816-15",
	    .options = a->options,
	    .has = a->has};
	write_profile(a->profile);
	fam_use(row);
	fam_begin_login(t,
	    ca_suite_is_slow() && strstr(a->options, "rsa4096") != NULL
		? "key=rsa2048"
		: NULL);
}

static void
end(struct fam *t)
{
	fam_end(t);
	CU_ASSERT(remove(ca_suite_path("none/iso7816-15.conf")) == 0);
}

/* Every mechanism that the card does with this flag, by every key. */
static void
each(struct fam *t, CK_FLAGS flag,
    size_t (*use)(struct fam *t, const struct fam_mech *m, CK_OBJECT_HANDLE key,
	const char *pin))
{
	CK_MECHANISM_TYPE types[FAM_MECHS];
	CK_OBJECT_HANDLE keys[FAM_KEYS];
	size_t n = fam_find(t, CKO_PRIVATE_KEY, keys, FAM_KEYS);
	CK_ULONG types_n = FAM_MECHS;
	CK_MECHANISM_INFO info;

	CU_ASSERT_EQUAL(n, t->opts.keys);
	FAM_IS(t->f->C_GetMechanismList(t->slot, types, &types_n), CKR_OK);
	for (CK_ULONG i = 0; i < types_n; i++) {
		FAM_IS(t->f->C_GetMechanismInfo(t->slot, types[i], &info),
		    CKR_OK);
		if ((info.flags & flag) == 0 || (info.flags & CKF_HW) == 0)
			continue;
		for (size_t k = 0; k < n; k++)
			CU_ASSERT(use(t, fam_mech(types[i]), keys[k],
				      fam_key_pin(t, k)) > 0);
	}
}

static void
is_offered(struct fam *t, CK_FLAGS flag, const char *want)
{
	const char *got = fam_mech_names(t, flag);

	if (strcmp(got, want) != 0)
		fprintf(stderr, "%s: %s\n", t->row->name, got);
	CU_ASSERT_STRING_EQUAL(got, want);
}

static void
used(void)
{
	for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++) {
		unsigned before = CU_get_number_of_failures();
		struct fam_row row;
		struct fam t;

		begin(&t, &row, &cards[i]);
		is_offered(&t, CKF_SIGN, cards[i].signs);
		is_offered(&t, CKF_DECRYPT, cards[i].decrypts);
		each(&t, CKF_SIGN, fam_mech_sign);
		each(&t, CKF_DECRYPT, fam_mech_decrypt);
		end(&t);
		if (CU_get_number_of_failures() != before)
			fprintf(stderr, "that was: %s\n", cards[i].what);
	}
}

/* What is read after a PIN was keyed in does not end the login either, nor is
 * the PIN of a DF of its own keyed in for another one. */
static void
keyed_in(void)
{
	static const struct admin a[] = {
	    {"an applet", "select-logout=yes keys=2 pin-max=8 pin-stored=8",
		AID RSA, "", "", 0},
	    {"a DF", "keys=2 pin-max=8 pin-stored=8",
		ATRS PATH "[quirks]\nselect_pin = yes\nselect_key = yes\n" RSA,
		"", "", 0},
	};

	for (size_t i = 0; i < sizeof(a) / sizeof(a[0]); i++) {
		const struct fam_row row = {.name = a[i].what,
		    .type = "iso7816-15",
		    .options = a[i].options};
		CK_OBJECT_HANDLE o[FAM_KEYS];
		struct fam t;

		write_profile(a[i].profile);
		fam_use(&row);
		keypad_begin(&t, &keypad_full, NULL);
		FAM_IS(keypad_login(&t, CKU_USER, t.opts.pin), CKR_OK);
		CU_ASSERT_EQUAL(fam_find(&t, CKO_PUBLIC_KEY, o, FAM_KEYS), 2);
		each(&t, CKF_SIGN, fam_mech_sign);
		CU_ASSERT_EQUAL(keypad_entries(&t), 1);
		CU_ASSERT_EQUAL(fam_count(&t, CA_SIM_VERIFIES), 1);
		fam_reader(NULL);
		end(&t);
	}
}

/* More than the card is given to hash is refused, not cut. */
static void
too_long_to_hash(void)
{
	static const struct admin a = {"hashes", "key=p256",
	    ATRS PATH "[algorithm ecdsa-data-sha1]\nalgorithm = 21\n", "", "",
	    0};
	static uint8_t data[CA_SIGN_DATA_MAX + 1];
	CK_MECHANISM m = {CKM_ECDSA_SHA1, NULL, 0};
	CK_OBJECT_HANDLE key;
	uint8_t sig[64];
	struct fam_row row;
	struct fam t;

	begin(&t, &row, &a);
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1) == 1);
	for (size_t more = 0; more < 2; more++) {
		CK_ULONG n = sizeof(sig);

		FAM_IS(t.f->C_SignInit(t.s, &m, key), CKR_OK);
		FAM_IS(t.f->C_Sign(t.s, data, CA_SIGN_DATA_MAX + more, sig, &n),
		    more == 0 ? CKR_OK : CKR_DATA_LEN_RANGE);
	}
	end(&t);
}

/* The PIN whose reference the profile names is the user's, wherever it stands
 * in the AODF; the other one protects its key alone. */
static void
user_by_reference(void)
{
	static const struct admin a = {"second PIN",
	    "keys=2 pin2-ref=3 pin2=55667788",
	    ATRS PATH "[pin user]\nreference = 03\n" RSA, "", "", 0};
	CK_OBJECT_HANDLE keys[2];
	struct fam_row row;
	struct fam t;

	row = (struct fam_row){
	    .name = a.what, .type = "iso7816-15", .options = a.options};
	write_profile(a.profile);
	fam_use(&row);
	fam_begin_open(&t, NULL);
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin2), CKR_OK);
	CU_ASSERT_EQUAL_FATAL(fam_find(&t, CKO_PRIVATE_KEY, keys, 2), 2);
	CU_ASSERT(fam_flag(&t, keys[0], CKA_ALWAYS_AUTHENTICATE));
	CU_ASSERT(!fam_flag(&t, keys[1], CKA_ALWAYS_AUTHENTICATE));
	each(&t, CKF_SIGN, fam_mech_sign);
	CU_ASSERT_EQUAL(ca_sim_tries(t.card, 1), 3);
	CU_ASSERT_EQUAL(ca_sim_tries(t.card, 3), 3);
	end(&t);
}

static bool
holds(struct fam *t, CK_OBJECT_HANDLE o, struct ca_rd want)
{
	uint8_t b[64];
	CK_ULONG n = sizeof(b);

	return fam_attr(t, o, CKA_VALUE, b, &n) == CKR_OK && n == want.n &&
	       memcmp(b, want.p, n) == 0;
}

/* A data object for all, and one that takes the PIN to be read. */
static void
data_objects(void)
{
	static const struct fam_row row = {
	    .name = "data", .type = "iso7816-15", .options = "data=2"};
	CK_OBJECT_HANDLE o[3];
	struct fam t;

	fam_use(&row);
	fam_begin_open(&t, NULL);
	CU_ASSERT_EQUAL_FATAL(fam_find(&t, CKO_DATA, o, 3), 1);
	CU_ASSERT(holds(&t, o[0], ca_sim_p15_data(0)));
	CU_ASSERT(!fam_flag(&t, o[0], CKA_PRIVATE));
	FAM_IS(fam_login(&t, CKU_USER, t.opts.pin), CKR_OK);
	CU_ASSERT_EQUAL_FATAL(fam_find(&t, CKO_DATA, o, 3), 2);
	CU_ASSERT(holds(&t, o[0], ca_sim_p15_data(0)));
	CU_ASSERT(holds(&t, o[1], ca_sim_p15_data(1)));
	CU_ASSERT(fam_flag(&t, o[1], CKA_PRIVATE));
	FAM_IS(t.f->C_Logout(t.s), CKR_OK);
	CU_ASSERT_EQUAL(fam_find(&t, CKO_DATA, o, 3), 1);
	fam_end(&t);
}

void
fam_suite_admin(CU_pSuite s)
{
	CU_add_test(s, "used by a profile", used);
	CU_add_test(s, "keyed in", keyed_in);
	CU_add_test(s, "too long to hash", too_long_to_hash);
	CU_add_test(s, "user PIN by reference", user_by_reference);
	CU_add_test(s, "data objects", data_objects);
}
