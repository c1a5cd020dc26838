/*
 * Extended length, where reader and card both have it (dwMaxAPDUDataSize of
 * PC/SC part 10): a reader that can, one of its own size, one that says that it
 * cannot, and one that says nothing.
 */
#include "tests/families/fam.h"

static const struct fam_row wide = {.name = "reader-iso",
    .type = "iso7816-15",
    .options = "key=rsa3072 extended=yes"};
static const struct fam_row narrow = {.name = "reader-iso-short",
    .type = "iso7816-15",
    .options = "key=rsa3072 extended=no"};
static const struct fam_row wrapped = {
    .name = "reader-epass2003", .type = "epass2003", .options = ""};

/* Commands of one signature in this reader; 0 when there was none. */
static uint64_t
signature(const struct fam_row *row, const struct ca_sim_reader *reader,
    CK_RV want)
{
	CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_BYTE data[] = "example", sig[512];
	CK_ULONG n = sizeof(sig);
	CK_OBJECT_HANDLE key;
	uint64_t sent = 0;
	struct fam t;
	CK_RV rv;

	fam_use(row);
	fam_reader(reader);
	fam_begin_login(&t, NULL);
	CU_ASSERT_FATAL(fam_find(&t, CKO_PRIVATE_KEY, &key, 1) == 1);
	if (want == CKR_OK)
		FAM_IS(fam_sign_once(&t), CKR_OK);
	FAM_IS(t.f->C_SignInit(t.s, &m, key), CKR_OK);
	ca_sim_count_clear(t.card);
	rv = t.f->C_Sign(t.s, data, sizeof(data), sig, &n);
	FAM_IS(rv, want);
	if (rv == CKR_OK)
		sent = fam_count(&t, CA_SIM_APDUS);
	fam_end(&t);
	fam_reader(NULL);
	return sent;
}

/* 384 bytes of signature: MSE and PSO, and GET RESPONSE where they come in
 * two parts. */
static void
long_answer(void)
{
	const struct ca_sim_reader whole = {.max_apdu = 65544};
	const struct ca_sim_reader some = {.max_apdu = 300};
	const struct ca_sim_reader none = {.tells_short = true};
	const struct ca_sim_reader silent = {.max_apdu = 0};

	CU_ASSERT_EQUAL(signature(&wide, &whole, CKR_OK), 2);
	CU_ASSERT_EQUAL(signature(&wide, &some, CKR_OK), 3);
	CU_ASSERT_EQUAL(signature(&wide, &none, CKR_OK), 3);
	CU_ASSERT_EQUAL(signature(&wide, &silent, CKR_OK), 3);
	/* A card that says by its ATR that it cannot is not asked to. */
	CU_ASSERT_EQUAL(signature(&narrow, &whole, CKR_OK), 3);
}

/* A wrapped block of 256 bytes fits no short command, and the card takes no
 * chaining: the reader must carry it, or nothing is sent. A reader that says
 * nothing is tried. */
static void
long_command(void)
{
	const struct ca_sim_reader whole = {.max_apdu = 65544};
	const struct ca_sim_reader none = {.tells_short = true};

	CU_ASSERT(signature(&wrapped, &whole, CKR_OK) > 0);
	(void)signature(&wrapped, &none, CKR_FUNCTION_FAILED);
}

void
fam_suite_reader(CU_pSuite s)
{
	CU_add_test(s, "long answer", long_answer);
	CU_add_test(s, "long command", long_command);
}
