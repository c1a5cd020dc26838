/* Directory files, certificates, the objects of the ChipDoc card. */
#include <openssl/x509.h>

#include "pcsc/base/tlv.h"
#include "tests/sim/t.h"

#define CHIP_APP "00A4040C0EE828BD080FD25047656E65726963"

static struct ca_rd
read_path(struct ca_sim *s, const char *select)
{
	CU_ASSERT_EQUAL(t_send(s, select), 0x9000);
	return t_read_all(s, 0);
}

/* Every file of the iso card holds whole data objects and then only zeros. */
static void
directories_are_der(void)
{
	static const char *const files[] = {"00A4080C022F00",
	    "00A4080C0450155031", "00A4080C0450155032", "00A4080C0450154401",
	    "00A4080C0450154402", "00A4080C0450154403", "00A4080C0450154404"};
	struct ca_sim *s = t_card("iso7816-15", "pad=20 unknown=yes keys=2");

	for (size_t i = 0; i < CA_COUNT(files); i++) {
		struct ca_rd r = read_path(s, files[i]);
		struct ca_rd v;
		uint32_t tag = 0;
		int objects = 0;

		while (ca_tlv_next(&r, &tag, &v))
			objects++;
		CU_ASSERT(objects > 0);
		CU_ASSERT(ca_rd_all(r, 0));
		/* EF.TokenInfo is one object and has a file to itself */
		if (i != 2)
			CU_ASSERT(r.n >= 20);
	}
	ca_sim_free(s);
}

/* A key entry, byte for byte: see the layout in ISO/IEC 7816-15 8.4. */
static void
private_key_entry(void)
{
	static const uint8_t want[] = {0x30, 0x36, 0x30, 0x16, 0x0C, 0x0D, 'S',
	    'i', 'g', 'n', 'a', 't', 'u', 'r', 'e', ' ', 'k', 'e', 'y', 0x03,
	    0x02, 0x07, 0x80, 0x04, 0x01, 0x01, 0x30, 0x10, 0x04, 0x01, 0x01,
	    0x03, 0x03, 0x06, 0x64, 0x40, 0x03, 0x02, 0x03, 0xB8, 0x02, 0x02,
	    0x00, 0x81, 0xA1};
	struct ca_sim *s = t_card("vgca-chipdoc", "");
	struct ca_rd r;
	struct ca_rd head;

	t_send(s, CHIP_APP);
	r = read_path(s, "00A4020C027002");
	CU_ASSERT(ca_rd_take(&r, 2, &head));
	CU_ASSERT(ca_rd_take(&r, sizeof(want) - 2, &head));
	CU_ASSERT(ca_rd_equal(head, ca_rd_of(want + 2, sizeof(want) - 2)));
	ca_sim_free(s);
}

static void
missing_fields(void)
{
	struct ca_sim *s = t_card("iso7816-15", "missing=0x13FF");
	struct ca_rd r = read_path(s, "00A4080C0450155032");
	struct ca_rd v;
	struct ca_rd field;

	CU_ASSERT(ca_tlv_expect(&r, 0x30, &v));
	CU_ASSERT_FALSE(ca_tlv_find(v, 0x04, &field));
	CU_ASSERT_FALSE(ca_tlv_find(v, 0x0C, &field));
	CU_ASSERT_FALSE(ca_tlv_find(v, 0x80, &field));
	r = read_path(s, "00A4080C0450155031");
	CU_ASSERT_FALSE(ca_tlv_find(r, 0xA8, &field));
	CU_ASSERT_FALSE(ca_tlv_find(r, 0xA4, &field));
	CU_ASSERT(ca_tlv_find(r, 0xA0, &field));
	CU_ASSERT_EQUAL(t_send(s, "00A4080C022F00"), 0x6A82);
	ca_sim_free(s);
	s = t_card("iso7816-15", "missing=0x800 pukdf=no");
	CU_ASSERT_EQUAL(t_send(s, "00A4080C0450155032"), 0x6A82);
	CU_ASSERT_EQUAL(t_send(s, "00A4080C0450154403"), 0x6A82);
	CU_ASSERT_EQUAL(t_send(s, "00A4080C0450153300"), 0x6A82);
	ca_sim_free(s);
}

static X509 *
certificate(const struct ca_sim *s, size_t n)
{
	struct ca_rd der = ca_sim_cert(s, n);
	const unsigned char *p = der.p;

	return d2i_X509(NULL, &p, (long)der.n);
}

/* The leaf leads to the root, and belongs to the key on the card. */
static void
chain(void)
{
	struct ca_sim *s = t_card("vgca-chipdoc", "");
	X509 *leaf = certificate(s, 0);
	X509 *sub = certificate(s, 1);
	X509 *root = certificate(s, 2);
	X509_STORE *store = X509_STORE_new();
	STACK_OF(X509) *extra = sk_X509_new_null();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	char cn[128] = "";

	CU_ASSERT_PTR_NOT_NULL_FATAL(leaf);
	X509_STORE_add_cert(store, root);
	sk_X509_push(extra, sub);
	X509_STORE_CTX_init(ctx, store, leaf, extra);
	CU_ASSERT_EQUAL(X509_verify_cert(ctx), 1);
	CU_ASSERT(X509_NAME_get_text_by_NID(X509_get_subject_name(leaf),
		      NID_commonName, cn, sizeof(cn)) > 0);
	CU_ASSERT_STRING_EQUAL(cn, "Nguyễn Văn Thử Nghiệm");
	CU_ASSERT_EQUAL(ca_sim_cert(s, 3).n, 0);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_free(extra);
	X509_free(leaf);
	X509_free(sub);
	X509_free(root);
	ca_sim_free(s);
}

static void
small_certificate(void)
{
	struct ca_sim *s =
	    t_card("vgca-chipdoc", "ca-key=rsa2048 cert-max=1024 chain=0");
	struct ca_rd r;
	struct ca_rd v;

	CU_ASSERT(ca_sim_cert(s, 0).n <= 1024);
	t_send(s, CHIP_APP);
	CU_ASSERT_EQUAL(t_send(s, "00A4020C020002"), 0x6A82);
	r = read_path(s, "00A4020C027005");
	CU_ASSERT(ca_tlv_expect(&r, 0x30, &v));
	CU_ASSERT_FALSE(ca_tlv_expect(&r, 0x30, &v));
	ca_sim_free(s);
}

/* What the first certificate file can hold instead. */
static void
bad_certificates(void)
{
	static const struct {
		const char *option;
		unsigned select;
		bool parses, ours;
	} rows[] = {
	    {"cert=good", 0x9000, true, true},
	    {"cert=junk", 0x9000, false, false},
	    {"cert=empty", 0x9000, false, false},
	    {"cert=cut", 0x9000, false, false},
	    {"cert=other", 0x9000, true, false},
	    {"cert=none", 0x6A82, false, false},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct ca_sim *s = t_card("vgca-chipdoc", rows[i].option);
		struct ca_rd r;
		const unsigned char *p;
		X509 *x = NULL;
		X509 *mine = certificate(s, 0);

		t_send(s, CHIP_APP);
		CU_ASSERT_EQUAL(t_send(s, "00A4020C020003"), rows[i].select);
		if (rows[i].select == 0x9000) {
			r = t_read_all(s, 0);
			p = r.p;
			x = d2i_X509(NULL, &p, (long)r.n);
		}
		CU_ASSERT_EQUAL(x != NULL, rows[i].parses);
		if (x != NULL)
			CU_ASSERT_EQUAL(X509_cmp(x, mine) == 0, rows[i].ours);
		X509_free(x);
		X509_free(mine);
		ca_sim_free(s);
	}
}

static void
sdo(void)
{
	static const struct t_step steps[] = {
	    {"00CB3FFF0B 4D0970 07BF8101037F4180 00", 0x9000,
		"700DBF8101097F4106 800110 810104"},
	    {"00CB3FFF0A 4D0870 06BF810102A080 00", 0x9000,
		"701FBF81011BA019 840450494E31 9A0103 9B0103 800108"
		"A108 8C06731300 14FF00"},
	    {"00CB3FFF0A 4D0870 06BF900102A080 00", 0x9000,
		"701EBF90011AA018 84044B455931 9E0100 80020100 A109 8C07"
		"7B131313131300"},
	    {"00CB3FFF0A 4D0870 06BFFB03027B80 00", 0x9000,
		"700EBFFB030A7B08 A406 950108 830101"},
	    {"00CB3FFF0A 4D0870 06BFFB04027B80 00", 0x9000,
		"700EBFFB040A7B08 A406 950108 830102"},
	    {"00CB3FFF0B 4D0970 07BFA001037F4980 00", 0x6118, "70820114"},
	    {"00C0000018", 0x9000, NULL},
	    {"00CB3FFF0A 4D0870 06BF810502A080 00", 0x6A88, NULL},
	    {"00CB3FFF0A 4D0870 06BFFB09027B80 00", 0x6A88, NULL},
	    {"00CB3FFF0A 4D0870 06BF8A0102A080 00", 0x6A88, NULL},
	    {"00CB3FFF0B 4D0970 07BF9001037F4180 00", 0x6A80, NULL},
	    {"00CB3FFF0A 4D0870 06BF810102A081 00", 0x6A80, NULL},
	    {"00CB3FFF03 4D0170 00", 0x6A80, NULL},
	    {"00CB00FF0A 4D0870 06BF810102A080 00", 0x6A86, NULL},
	    /* a wrong PIN shows in 9B */
	    {"0020000108 3939393939393939", 0x63C2, NULL},
	    {"00CB3FFF0A 4D0870 06BF810102A080 00", 0x9000,
		"701FBF81011BA019 840450494E31 9A0103 9B0102"},
	};
	struct ca_sim *s = t_card("vgca-chipdoc", "");

	T_RUN(s, steps);
	ca_sim_free(s);
	s = t_card("vgca-chipdoc", "objects=no");
	CU_ASSERT_EQUAL(t_send(s, "00CB3FFF0A4D087006BF810102A08000"), 0x6D00);
	ca_sim_free(s);
}

static void
options(void)
{
	struct ca_sim_opts o;
	struct ca_sim *s = NULL;

	CU_ASSERT_EQUAL(ca_sim_opts_init(&o, "no-such-card"), CA_E_NOT_FOUND);
	CU_ASSERT_EQUAL(ca_sim_opts_init(&o, "vgca-chipdoc"), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_opts_set(&o, "nonsense", "1"), CA_E_NOT_FOUND);
	CU_ASSERT_EQUAL(ca_sim_opts_set(&o, "keys", "many"), CA_E_DATA);
	CU_ASSERT_EQUAL(ca_sim_opts_set(&o, "keys", "-1"), CA_E_DATA);
	CU_ASSERT_EQUAL(ca_sim_opts_set(&o, "pukdf", "maybe"), CA_E_DATA);
	CU_ASSERT_EQUAL(ca_sim_opts_set(&o, "cert", "jun"), CA_E_DATA);
	CU_ASSERT_EQUAL(ca_sim_opts_set(&o, "cert", "other"), CA_OK);
	CU_ASSERT_EQUAL(o.cert, CA_SIM_CERT_OTHER);
	CU_ASSERT_EQUAL(ca_sim_opts_set(&o, "key-ref", "0x82"), CA_OK);
	CU_ASSERT_EQUAL(o.key_ref, 0x82);
	o.keys = 5;
	CU_ASSERT_EQUAL(ca_sim_new(&o, &s), CA_E_DATA);
	CU_ASSERT_PTR_NULL(s);
	for (size_t i = 0; ca_sim_type_name(i) != NULL; i++)
		CU_ASSERT_PTR_NOT_NULL(ca_sim_type_about(ca_sim_type_name(i)));
}

CU_TestInfo t_objects[] = {
    {"directories_are_der", directories_are_der},
    {"private_key_entry", private_key_entry},
    {"missing_fields", missing_fields},
    {"chain", chain},
    {"small_certificate", small_certificate},
    {"bad_certificates", bad_certificates},
    {"sdo", sdo},
    {"options", options},
    CU_TEST_INFO_NULL,
};
