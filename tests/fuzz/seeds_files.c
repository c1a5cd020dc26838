/* See seeds.h: inputs for the parsers. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "pcsc/base/buf.h"
#include "pcsc/token/x509.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/seeds.h"

#define INS_SELECT 0xA4
#define INS_READ 0xB0
#define INS_RECORD 0xB2
#define INS_MORE 0xC0
#define PKCS15_KINDS 12
#define IDPRIME_KINDS 5

/* The same bytes with one or more in front: what tells a harness their kind. */
static void
put(const char *harness, const char *name, const void *head, size_t head_n,
    struct ca_rd bytes)
{
	struct ca_buf b = {0};

	FUZZ_CHECK(ca_buf_add(&b, ca_rd_of(head, head_n)) == CA_OK);
	FUZZ_CHECK(ca_buf_add(&b, bytes) == CA_OK);
	seeds_put(harness, name, ca_buf_rd(&b));
	ca_buf_free(&b);
}

/* A file of a card, to whoever may make something of it. */
static void
put_file(const char *name, unsigned n, struct ca_rd file)
{
	char at[100];

	if (file.n < 8 || file.n > 4000)
		return;
	(void)snprintf(at, sizeof(at), "%s-%u", name, n);
	seeds_put("tlv", at, file);
	for (uint8_t kind = 0; kind < PKCS15_KINDS; kind++) {
		const uint8_t head[] = {
		    kind, (uint8_t)(file.n >> 8), (uint8_t)file.n};

		(void)snprintf(at, sizeof(at), "%s-%u-%u", name, n, kind);
		put("pkcs15", at, head, sizeof(head), file);
		if (kind < IDPRIME_KINDS)
			put("idprime", at, &kind, 1, file);
		if (kind < 3)
			put("spki", at, &kind, 1, file);
	}
}

void
seeds_files(const char *name, struct ca_rd ins, struct ca_rd records)
{
	struct ca_buf file = {0}, iso = {0};
	uint8_t i, last = 0;
	unsigned n = 0;
	char at[100];

	while (ca_rd_u8(&ins, &i)) {
		struct ca_rd whole = records, answer, data;
		uint16_t head;

		FUZZ_CHECK(ca_rd_u16(&records, &head));
		FUZZ_CHECK(ca_rd_take(&records, head & 0x0FFF, &answer));
		FUZZ_CHECK(ca_rd_take(&answer, answer.n - 2, &data));
		if (i != INS_MORE)
			last = i;
		if (i == INS_SELECT) {
			put_file(name, n++, ca_buf_rd(&file));
			ca_buf_free(&file);
		}
		if (last == INS_SELECT || last == INS_RECORD) {
			(void)snprintf(at, sizeof(at), "%s-a%u", name, n++);
			if (data.n > 4)
				seeds_put("uicc", at, data);
		}
		if (last == INS_READ)
			FUZZ_CHECK(ca_buf_add(&file, data) == CA_OK);
		if (ca_rd_take(&whole, head + 2u, &whole) && iso.n < 2000)
			FUZZ_CHECK(ca_buf_add(&iso, whole) == CA_OK);
	}
	put_file(name, n, ca_buf_rd(&file));
	put("iso", name, "\0\0\1\0\0\0\0\7", 8, ca_buf_rd(&iso));
	ca_buf_free(&file);
	ca_buf_free(&iso);
}

/* The key of a certificate, behind a signature of so many bytes. */
static void
put_spki(const char *name, size_t n, struct ca_rd der)
{
	struct ca_buf spki = {0};
	char at[64];

	if (ca_x509_open(der, &der, &spki) != CA_OK)
		return;
	(void)snprintf(at, sizeof(at), "spki-%s-%zu", name, n);
	put("module", at, "\2\0", 2, ca_buf_rd(&spki));
	put("spki", at, "\2", 1, ca_buf_rd(&spki));
	ca_buf_free(&spki);
}

/* A block as RSAES-PKCS1-v1_5 pads it, and a template's class. */
static void
put_made(void)
{
	static const uint8_t block[] = {1, 0, 0, 0x00, 0x02, 9, 9, 9, 9, 9, 9,
	    9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 0x00, 'o', 'p', 'e', 'n'};
	static const uint8_t class[] = {
	    3, 4, 0, 0x00, 0x00, 3, 0, 0, 0, 0, 0, 0, 0};

	seeds_put("module", "block", ca_rd_of(block, sizeof(block)));
	seeds_put("module", "class", ca_rd_of(class, sizeof(class)));
}

void
seeds_certs(const char *name, const struct ca_sim *card)
{
	put_made();
	for (size_t n = 0; n < 2; n++) {
		struct ca_rd der = ca_sim_cert(card, n);
		uLongf packed_n = 8192;
		uint8_t packed[8192], head[] = {3, 1, 0, 0, 0};
		const uint8_t length[] = {
		    (uint8_t)(der.n >> 8), (uint8_t)der.n};
		char at[64];

		if (der.n == 0)
			continue;
		head[3] = (uint8_t)der.n;
		head[4] = (uint8_t)(der.n >> 8);
		(void)snprintf(at, sizeof(at), "cert-%s-%zu", name, n);
		seeds_put("x509", at, der);
		put("module", at, "\0", 1, der);
		FUZZ_CHECK(compress(packed, &packed_n, der.p, der.n) == Z_OK);
		put("inflate", at, length, 2, ca_rd_of(packed, packed_n));
		put("idprime", at, head, 5, ca_rd_of(packed, packed_n));
		(void)snprintf(at, sizeof(at), "plain-%s-%zu", name, n);
		put("idprime", at, head, 1, der);
		put_spki(name, n, der);
	}
}

static void
put_text(const char *harness, const char *path, const char *name)
{
	static uint8_t b[65536];
	FILE *f = fopen(path, "rb");
	size_t n;

	FUZZ_CHECK(f != NULL);
	n = fread(b, 1, sizeof(b), f);
	(void)fclose(f);
	seeds_put(harness, name, ca_rd_of(b, n));
}

void
seeds_conf(const char *conf)
{
	char path[600];
	const struct dirent *e;
	DIR *d;

	(void)snprintf(path, sizeof(path), "%s/capkcs11.conf", conf);
	put_text("ini", path, "capkcs11.conf");
	(void)snprintf(path, sizeof(path), "%s/cards", conf);
	FUZZ_CHECK((d = opendir(path)) != NULL);
	while ((e = readdir(d)) != NULL) {
		if (strstr(e->d_name, ".conf") == NULL)
			continue;
		(void)snprintf(path, sizeof(path), "%s/cards/%.100s", conf,
		    e->d_name);
		put_text("ini", path, e->d_name);
		put_text("profile", path, e->d_name);
	}
	(void)closedir(d);
}
