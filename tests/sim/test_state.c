/* The state directory, the trace, the exported certificates. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/t.h"

static char dir[64];

static void
make_dir(void)
{
	snprintf(dir, sizeof(dir), "/tmp/ca-sim-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
}

static void
remove_dir(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[400];

	while (d != NULL && (e = readdir(d)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (e->d_name[0] != '.')
			unlink(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

static struct ca_sim *
kept(const char *more)
{
	char text[256];

	snprintf(text, sizeof(text), "state=%s %s", dir, more);
	return t_card("vgca-chipdoc", text);
}

static void
tries_and_values_stay(void)
{
	struct ca_sim *s;

	make_dir();
	s = kept("");
	CU_ASSERT_EQUAL(t_send(s, "00200001083939393939393939"), 0x63C2);
	ca_sim_free(s);
	s = kept("");
	CU_ASSERT_EQUAL(t_send(s, "00200001"), 0x63C2);
	CU_ASSERT_EQUAL(t_send(s, "00200001083132333435363738"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00240001103132333435363738"
				  "3131323233333434"),
	    0x9000);
	ca_sim_free(s);
	s = kept("");
	CU_ASSERT_EQUAL(t_send(s, "00200001"), 0x63C3);
	CU_ASSERT_EQUAL(t_send(s, "00200001083131323233333434"), 0x9000);
	for (int i = 0; i < 3; i++)
		t_send(s, "00200001083939393939393939");
	ca_sim_free(s);
	s = kept("");
	CU_ASSERT_EQUAL(t_send(s, "00200001"), 0x6983);
	ca_sim_free(s);
	remove_dir();
}

static void
keys_and_files_stay(void)
{
	struct ca_sim *a;
	struct ca_sim *b;

	make_dir();
	a = kept("");
	b = kept("");
	CU_ASSERT(ca_rd_equal(ca_sim_cert(a, 0), ca_sim_cert(b, 0)));
	CU_ASSERT(ca_rd_equal(ca_sim_cert(a, 2), ca_sim_cert(b, 2)));
	ca_sim_free(b);
	t_send(a, "00200001083132333435363738");
	t_send(a, "00A4040C0EE828BD080FD25047656E65726963");
	t_send(a, "00A4020C020003");
	CU_ASSERT_EQUAL(t_send(a, "00D6000003 AABBCC"), 0x9000);
	ca_sim_free(a);
	a = kept("");
	t_send(a, "00A4040C0EE828BD080FD25047656E65726963");
	t_send(a, "00A4020C020003");
	CU_ASSERT_EQUAL(t_send(a, "00B0000003"), 0x9000);
	CU_ASSERT(ca_rd_equal(t_data(), ca_rd_of("\xAA\xBB\xCC", 3)));
	ca_sim_free(a);
	remove_dir();
}

/* Without a directory: the same serial number, the same card. */
/* Key pairs and files that were made on command. */
static void
made_keys_stay(void)
{
	static const char app[] = "00A4080C025015";
	static const char pin[] = "0020000110"
				  "31323334353637380000000000000000";
	char text[256];
	struct ca_sim *s;

	make_dir();
	snprintf(text, sizeof(text), "state=%s generate=yes key=p256", dir);
	s = t_card("iso7816-15", text);
	CU_ASSERT_EQUAL(t_send(s, app), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, pin), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "0022410006 8001F3 840107"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "0046420000"), 0x610E);
	CU_ASSERT_EQUAL(t_send(s, "00E0000017 6F15 81020010 820101 83023301 "
				  "8608FF90FFFFFFFF9000"),
	    0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00D600000101"), 0x9000);
	ca_sim_free(s);
	s = t_card("iso7816-15", text);
	CU_ASSERT_EQUAL(t_send(s, app), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "002241B606 800111 840107"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00A4020C023301"), 0x9000);
	CU_ASSERT_EQUAL(t_send(s, "00B0000001"), 0x9000);
	CU_ASSERT(ca_rd_equal(t_data(), ca_rd_of("\x01", 1)));
	ca_sim_free(s);
	remove_dir();
}

static void
memory(void)
{
	struct ca_sim *a = t_card("vgca-chipdoc", "ca-key=rsa2048");
	struct ca_sim *b = t_card("vgca-chipdoc", "ca-key=rsa2048");
	struct ca_sim *c = t_card("vgca-chipdoc", "serial=1122334455667788");

	CU_ASSERT(ca_rd_equal(ca_sim_cert(a, 0), ca_sim_cert(b, 0)));
	CU_ASSERT_FALSE(ca_rd_equal(ca_sim_cert(a, 0), ca_sim_cert(c, 0)));
	ca_sim_free(a);
	ca_sim_free(b);
	ca_sim_free(c);
}

static size_t
slurp(const char *name, char *out, size_t cap)
{
	char path[128];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	if (f != NULL) {
		n = fread(out, 1, cap - 1, f);
		fclose(f);
	}
	out[n] = '\0';
	return n;
}

static void
trace_hides_pins(void)
{
	char more[128];
	char text[4096];
	struct ca_sim *s;

	make_dir();
	snprintf(more, sizeof(more), "trace=%s/trace", dir);
	s = kept(more);
	t_send(s, "00200001083132333435363738");
	t_send(s, "002400011031323334353637383131323233333434");
	t_send(s, "1020000104 31323334");
	t_send(s, "0020000104 35363738");
	ca_sim_free(s);
	CU_ASSERT(slurp("trace", text, sizeof(text)) > 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text,
	    "> 00 20 00 01 08 ** ** ** ** ** ** ** **\n< 90 00"));
	CU_ASSERT_PTR_NULL(strstr(text, "31 32"));
	CU_ASSERT_PTR_NULL(strstr(text, "35 36"));
	remove_dir();
}

static void
export_ca(void)
{
	static const char *const names[] = {"root.pem", "sub.pem", "leaf.pem"};
	char text[4096];
	struct ca_sim *s = t_card("vgca-chipdoc", "");

	make_dir();
	CU_ASSERT_EQUAL(ca_sim_export_ca(s, dir), CA_OK);
	for (size_t i = 0; i < CA_COUNT(names); i++) {
		CU_ASSERT(slurp(names[i], text, sizeof(text)) > 0);
		CU_ASSERT(strncmp(text, "-----BEGIN CERTIFICATE-----", 27) ==
			  0);
	}
	CU_ASSERT_NOT_EQUAL(ca_sim_export_ca(s, "/nonexistent/dir"), CA_OK);
	ca_sim_free(s);
	remove_dir();
}

CU_TestInfo t_state[] = {
    {"tries_and_values_stay", tries_and_values_stay},
    {"keys_and_files_stay", keys_and_files_stay},
    {"made_keys_stay", made_keys_stay},
    {"memory", memory},
    {"trace_hides_pins", trace_hides_pins},
    {"export_ca", export_ca},
    CU_TEST_INFO_NULL,
};
