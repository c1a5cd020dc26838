/*
 * The files of an IDPrime card. The index 0101 names them; the map of
 * containers and the names of the certificate files are those of Microsoft's
 * minidriver specification (card file system), as far as they are public.
 */
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_idprime.h"

#define INDEX 0x0101
#define CARDID 0x0201
#define CARDCF 0x0202
#define CARDAPPS 0x0203
#define CMAP 0x0204
#define KEYMAP 0x0005
#define CERT 0x0300
#define TINFO 0x0301
#define ORPHAN 0x0340
#define ORPHAN_CONTAINER 14
#define INDEX_LINE 21
#define KEYMAP_LINE 8

#define CARDID_SIZE 16
#define NAME_CHARS 40 /* of a container, UTF-16LE */
#define MAP_EMPTY 2   /* unused records behind the others */
#define LABEL 32

/* One line of the index. */
static void
index_line(const struct ca_sim *s, struct ca_wr *w, uint16_t fid,
    const char *name, const char *dir)
{
	int i = ca_sim_fs_child(s, CA_SIM_MF, fid);
	uint16_t size = i >= 0 ? (uint16_t)s->files[i].data.n : 0;

	if (ca_sim_bad(s, "index-size"))
		size = 0xFFFF;
	else if (ca_sim_bad(s, "index-short"))
		size /= 2;
	ca_wr_u16(w, fid);
	ca_wr_u16(w, size);
	ca_wr_mem(w, name, strlen(name));
	ca_wr_fill(w, 0x00, 8 - strlen(name));
	ca_wr_mem(w, dir, strlen(dir));
	ca_wr_fill(w, 0x00, 8 - strlen(dir));
	ca_wr_u8(w, 0x00);
}

/* The first file as in the public trace, the others behind the label. */
static uint16_t
cert_fid(size_t i)
{
	return (uint16_t)(i == 0 ? CERT : TINFO + i);
}

uint8_t
ca_sim_idp_container(const struct ca_sim *s, size_t i)
{
	return (uint8_t)(s->o.container + i);
}

static bool
exchange(const struct ca_sim *s, size_t i)
{
	return (s->o.exchange >> i & 1) != 0;
}

/* What the index names as the certificate: it may be itself, or a directory. */
static uint16_t
lying_fid(const struct ca_sim *s, size_t i)
{
	if (i == 0 && ca_sim_bad(s, "index-self"))
		return INDEX;
	return i == 0 && ca_sim_bad(s, "index-df") ? 0x3F00 : cert_fid(i);
}

static void
cert_line(const struct ca_sim *s, struct ca_wr *w, size_t i)
{
	uint8_t n = ca_sim_idp_container(s, i);
	char name[9];

	if (i == 0 && ca_sim_bad(s, "container"))
		n = 99;
	(void)snprintf(name, sizeof(name), "%s%02u",
	    exchange(s, i) ? "kxc" : "ksc", n % 100U);
	index_line(s, w, lying_fid(s, i), name, "mscp");
}

static uint8_t
index_lines(const struct ca_sim *s, struct ca_wr *w)
{
	struct ca_wr start = *w;
	char name[9];

	if (!ca_sim_bad(s, "no-cardid"))
		index_line(s, w, CARDID, "cardid", "");
	index_line(s, w, CARDCF, "cardcf", "");
	if (s->o.unknown != 0) {
		index_line(s, w, CARDAPPS, "cardapps", "");
		index_line(s, w, 0x0377, "unknown1", "other");
	}
	index_line(s, w, CMAP, "cmapfile", "mscp");
	for (size_t i = 0; i < s->keys_n; i++)
		if (ca_sim_fs_child(s, CA_SIM_MF, cert_fid(i)) >= 0)
			cert_line(s, w, i);
	if (ca_sim_bad(s, "orphan")) {
		(void)snprintf(name, sizeof(name), "kxc%02u", ORPHAN_CONTAINER);
		index_line(s, w, ORPHAN, name, "mscp");
	}
	if (!ca_sim_bad(s, "no-tinfo"))
		index_line(s, w, TINFO, "tinfo", "p11");
	return (uint8_t)((w->n - start.n) / INDEX_LINE);
}

/* Turns the order of records of n bytes around. */
static void
reverse(uint8_t *p, size_t records, size_t n)
{
	for (size_t i = 0; i < records / 2; i++)
		for (size_t k = 0; k < n; k++) {
			uint8_t *a = &p[i * n + k];
			uint8_t *b = &p[(records - 1 - i) * n + k];
			uint8_t was = *a;

			*a = *b;
			*b = was;
		}
}

/* A file of bytes that are already there. */
static ca_err
file(struct ca_sim *s, uint16_t fid, struct ca_rd data, size_t alloc,
    enum ca_sim_rule update)
{
	return ca_sim_fs_ef(s, CA_SIM_MF, fid, data, alloc, update) >= 0
		   ? CA_OK
		   : CA_E_NOMEM;
}

static ca_err
written(struct ca_sim *s, uint16_t fid, const struct ca_wr *w)
{
	return ca_wr_ok(w) ? file(s, fid, ca_wr_rd(w), 0, CA_SIM_NEVER)
			   : CA_E_NOMEM;
}

static ca_err
index_file(struct ca_sim *s)
{
	uint8_t room[1 + 21 * 16];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	uint8_t n;

	ca_wr_u8(&w, 0);
	n = index_lines(s, &w);
	if (ca_sim_bad(s, "index-reversed"))
		reverse(room + 1, n, INDEX_LINE);
	room[0] = ca_sim_bad(s, "index-count") ? 0xFF : n;
	if (ca_sim_bad(s, "index-cut"))
		w.n -= 10;
	return written(s, INDEX, &w);
}

static ca_err
small_files(struct ca_sim *s)
{
	uint8_t room[64];
	uint8_t serial[CA_SIM_TEXT / 2];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	size_t n = 0;
	ca_err e;

	if (!ca_hex_parse(s->o.serial, serial, sizeof(serial), &n) ||
	    n > CARDID_SIZE)
		return CA_E_DATA;
	/* Whichever end of it a program shows, it is the serial number. */
	while (n > 0 && w.n + n <= CARDID_SIZE)
		ca_wr_mem(&w, serial, n);
	ca_wr_fill(&w, 0x00, CARDID_SIZE - w.n);
	e = ca_sim_bad(s, "no-cardid") ? CA_OK : written(s, CARDID, &w);
	/* Version, freshness of PINs, of containers, of files. */
	ca_wr_wipe(&w);
	ca_wr_mem(&w, "\x00\x01\x01\x00\x01\x00", 6);
	if (e == CA_OK)
		e = written(s, CARDCF, &w);
	ca_wr_wipe(&w);
	ca_wr_mem(&w, "mscp\0\0\0\0p11\0\0\0\0\0", 16);
	return e == CA_OK && s->o.unknown != 0 ? written(s, CARDAPPS, &w) : e;
}

static ca_err
label_file(struct ca_sim *s)
{
	uint8_t room[2 + CA_SIM_TEXT];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	size_t n = strlen(s->o.label);

	if (n > LABEL)
		return CA_E_DATA;
	if (ca_sim_bad(s, "no-tinfo"))
		return CA_OK;
	ca_wr_u8(&w, 0x01);
	ca_wr_u8(&w, ca_sim_bad(s, "label") ? 0xFF : LABEL);
	ca_wr_mem(&w, s->o.label, n);
	ca_wr_fill(&w, ' ', LABEL - n);
	return written(s, TINFO, &w);
}

/* One record of the map of containers; key NULL = an empty one. */
static void
map_record(const struct ca_sim *s, struct ca_wr *w,
    const struct ca_sim_key *key, size_t i)
{
	char name[NAME_CHARS + 1] = "";
	uint16_t bits = key != NULL ? (uint16_t)key->bits : 0;
	uint16_t sign = exchange(s, i) ? 0 : bits;

	if (key != NULL)
		(void)snprintf(name, sizeof(name),
		    "{0C0FFEE0-1234-4ABC-8DEF-%012zu}%s", i,
		    ca_sim_bad(s, "map-name") ? "xx" : "");
	for (size_t k = 0; k < NAME_CHARS; k++) {
		ca_wr_u8(w, (uint8_t)name[k]);
		ca_wr_u8(w, 0x00);
	}
	/* Flags: valid, default. */
	ca_wr_u8(w, key == NULL ? 0x00 : i == 0 ? 0x03 : 0x01);
	ca_wr_u8(w, 0x00);
	ca_wr_u8(w, (uint8_t)sign);
	ca_wr_u8(w, (uint8_t)(sign >> 8));
	ca_wr_u8(w, (uint8_t)(bits - sign));
	ca_wr_u8(w, (uint8_t)((bits - sign) >> 8));
}

static ca_err
container_map(struct ca_sim *s)
{
	uint8_t room[86 * 32];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	ca_err e;
	int f;

	for (size_t n = 0; n < s->o.container; n++)
		map_record(s, &w, NULL, 0);
	for (size_t i = 0; i < s->keys_n; i++)
		map_record(s, &w,
		    ca_sim_bad(s, "cmap-empty") ? NULL : &s->keys[i], i);
	for (size_t n = 0; n < MAP_EMPTY; n++)
		map_record(s, &w, NULL, 0);
	if (ca_wr_ok(&w) && ca_sim_bad(s, "map-cut"))
		w.n = 86 * (s->o.container + s->keys_n) - 3;
	if (ca_sim_bad(s, "no-cmap"))
		return CA_OK;
	e = written(s, CMAP, &w);
	f = ca_sim_fs_child(s, CA_SIM_MF, CMAP);
	if (f >= 0 && s->o.map_private != 0)
		s->files[f].read = CA_SIM_BY_PIN;
	return e;
}

/* File 0005: used, reference, container, ..., index of the PIN: 1 = the token
 * PIN. What the four bytes between are is not public. */
static ca_err
key_map(struct ca_sim *s)
{
	uint8_t room[8 * (2 * CA_SIM_KEYS + 1)];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	for (size_t i = 0; i < s->keys_n; i++) {
		uint8_t n = ca_sim_idp_container(s, i);

		if (ca_sim_bad(s, "keymap-container"))
			n = 0xEE;
		else if (ca_sim_bad(s, "keymap-twice"))
			n = ca_sim_idp_container(s, 0);
		ca_wr_fill(&w, 0x00, i == 1 ? 8 : 0); /* a gap */
		ca_wr_u8(&w, 0x01);
		ca_wr_u8(&w, s->keys[i].ref);
		ca_wr_u8(&w, n);
		ca_wr_fill(&w, 0x00, 4);
		ca_wr_u8(&w, s->keys[i].pin == s->o.pin_ref ? 1 : 3);
	}
	ca_wr_fill(&w, 0x00, 8 * CA_SIM_KEYS - 8);
	if (ca_sim_bad(s, "keymap-reversed"))
		reverse(room, w.n / KEYMAP_LINE, KEYMAP_LINE);
	if (ca_wr_ok(&w) && ca_sim_bad(s, "keymap-cut"))
		w.n = 8 * s->keys_n - 1;
	return written(s, KEYMAP, &w);
}

static ca_err
cert_file(struct ca_sim *s, size_t i)
{
	struct ca_buf der = {0};
	struct ca_buf b = {0};
	ca_err e = ca_sim_leaf_content(s, i, &der);
	bool cut = i == 0 && s->o.cert == CA_SIM_CERT_CUT;

	if (e == CA_E_NOT_FOUND)
		return CA_OK;
	if (e == CA_OK && s->o.cert_zlib != 0)
		e = ca_sim_idp_compress(s, ca_buf_rd(&der), i == 0, &b);
	else if (e == CA_OK)
		ca_buf_take(&b, &der);
	if (e == CA_OK)
		e = file(s, cert_fid(i), ca_buf_rd(&b),
		    cut ? 0 : s->o.cert_alloc,
		    s->o.cert_write != 0 ? CA_SIM_BY_PIN : CA_SIM_NEVER);
	ca_buf_free(&der);
	ca_buf_free(&b);
	return e;
}

/* The certificate of the authority, which has no key here. */
static ca_err
orphan_file(struct ca_sim *s)
{
	struct ca_rd der = ca_sim_cert(s, 1);
	struct ca_buf b = {0};
	ca_err e = s->o.cert_zlib != 0 ? ca_sim_idp_compress(s, der, false, &b)
				       : ca_buf_set(&b, der);

	if (e == CA_OK)
		e = file(s, ORPHAN, ca_buf_rd(&b), 0, CA_SIM_NEVER);
	ca_buf_free(&b);
	return e;
}

ca_err
ca_sim_idp_files(struct ca_sim *s)
{
	ca_err e;

	if (s->o.container > 20)
		return CA_E_DATA;
	e = small_files(s);
	if (e == CA_OK)
		e = label_file(s);
	if (e == CA_OK)
		e = container_map(s);
	if (e == CA_OK && ca_sim_idp_of(s)->model->key_map &&
	    !ca_sim_bad(s, "no-keymap"))
		e = key_map(s);
	for (size_t i = 0; e == CA_OK && i < s->keys_n; i++)
		e = cert_file(s, i);
	if (e == CA_OK && ca_sim_bad(s, "orphan"))
		e = orphan_file(s);
	if (e == CA_OK)
		e = index_file(s);
	if (ca_sim_bad(s, "files-private"))
		for (size_t i = CA_SIM_MF + 1; i < s->files_n; i++)
			s->files[i].read = CA_SIM_BY_PIN;
	return e;
}
