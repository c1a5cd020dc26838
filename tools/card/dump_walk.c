/* See dump_walk.h. Clause numbers are those of ISO/IEC 7816-4:2005. */
#include "tools/card/dump_walk.h"

#include <stdlib.h>
#include <string.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/tlv.h"
#include "tools/card/dump_paths.h"

#define READ_MAX 32768    /* bytes of a file */
#define ROUNDS_MAX 256    /* READ BINARY of one file */
#define RECORDS_MAX 20    /* READ RECORD of one file */
#define COMMANDS_MAX 4000 /* of all that is sent */
#define ANSWER 4096

struct walk {
	struct ca_chan *ch;
	struct ca_dump_paths *apps, *files;
	size_t form; /* of SELECT, that worked last */
	ca_err e;    /* of the exchange; nothing is sent any more after one */
	uint8_t answer[ANSWER];
};

/* True when the card answered; the answer is in *w. */
static bool
say(struct walk *k, const struct ca_apdu *cmd, struct ca_wr *w, uint16_t *sw)
{
	*w = ca_wr_of(k->answer, sizeof(k->answer));
	if (k->e == CA_OK && k->ch->sent < COMMANDS_MAX)
		k->e = ca_apdu_transmit(k->ch, cmd, w, sw);
	else
		return false;
	/* An answer that is nonsense, or an exchange that failed once: the
	 * next command may do better. */
	if (k->e == CA_E_MALFORMED || k->e == CA_E_UNSUPPORTED) {
		k->e = CA_OK;
		return false;
	}
	return k->e == CA_OK;
}

/* SELECT (7.1.1) in the forms that cards want: with what is told of a file in
 * either template, or nothing. */
static bool
pick(struct walk *k, uint8_t p1, struct ca_rd data)
{
	static const uint8_t forms[] = {0x00, 0x04, 0x0C};

	for (size_t i = 0; i < CA_COUNT(forms); i++) {
		size_t form = (k->form + i) % CA_COUNT(forms);
		struct ca_apdu cmd = {.ins = 0xA4,
		    .p1 = p1,
		    .p2 = forms[form],
		    .data = data,
		    .le = forms[form] == 0x0C ? CA_LE_NONE : CA_LE_SHORT};
		struct ca_wr w;
		uint16_t sw;

		if (!say(k, &cmd, &w, &sw))
			return false;
		if (sw == 0x9000 || sw >> 8 == 0x62 || sw >> 8 == 0x61) {
			k->form = form;
			return true;
		}
		if (sw == 0x6A82)
			return false;
	}
	return false;
}

static bool
pick_fid(struct walk *k, uint8_t p1, uint16_t fid)
{
	const uint8_t b[] = {(uint8_t)(fid >> 8), (uint8_t)fid};

	return pick(k, p1, ca_rd_of(b, sizeof(b)));
}

/* READ RECORD by number (7.3.3) until there is none; applications that the
 * records name are noted. */
static void
read_records(struct walk *k)
{
	for (uint8_t n = 1; n <= RECORDS_MAX; n++) {
		struct ca_apdu cmd = {
		    .ins = 0xB2, .p1 = n, .p2 = 0x04, .le = CA_LE_SHORT};
		struct ca_wr w;
		uint16_t sw;

		if (!say(k, &cmd, &w, &sw) || sw != 0x9000)
			return;
		ca_dump_paths_aids(k->apps, ca_wr_rd(&w));
		ca_dump_paths_find(k->files, ca_wr_rd(&w));
	}
}

/* READ BINARY of the selected file to its end (7.2.3). */
static void
read_file(struct walk *k)
{
	struct ca_buf all = {0};
	uint16_t sw = 0x9000;

	for (int i = 0; i < ROUNDS_MAX && all.n < READ_MAX; i++) {
		struct ca_apdu cmd = {.ins = 0xB0,
		    .p1 = (uint8_t)(all.n >> 8),
		    .p2 = (uint8_t)all.n,
		    .le = CA_LE_SHORT};
		struct ca_wr w;

		if (!say(k, &cmd, &w, &sw) || (sw != 0x9000 && sw != 0x6282) ||
		    w.n == 0 || ca_buf_add(&all, ca_wr_rd(&w)) != CA_OK ||
		    sw == 0x6282)
			break;
	}
	if (all.n == 0 && sw == 0x6981)
		read_records(k);
	ca_dump_paths_aids(k->apps, ca_buf_rd(&all));
	ca_dump_paths_find(k->files, ca_buf_rd(&all));
	ca_buf_free(&all);
}

/* A file of the selected directory. P1 00 first: some cards know no other. */
static void
read_fid(struct walk *k, uint16_t fid)
{
	if (pick_fid(k, 0x00, fid) || pick_fid(k, 0x02, fid))
		read_file(k);
}

/* Makes an application the current directory: by its name, or its path. */
static bool
enter(struct walk *k, struct ca_rd app, bool by_name)
{
	uint16_t fid;
	bool in = true;

	if (by_name)
		return pick(k, 0x04, app);
	if (!pick_fid(k, 0x00, 0x3F00))
		return false;
	while (in && ca_rd_u16(&app, &fid))
		in = fid == 0x3F00 || pick_fid(k, 0x00, fid);
	return in;
}

/* A path from the MF, or from the application, or its last identifier alone:
 * directories write all three. */
static void
read_path(struct walk *k, struct ca_rd path)
{
	struct ca_rd rest = path;
	uint16_t fid = 0;

	if (path.n > 2 && ca_rd_u16(&rest, &fid) && fid == 0x3F00 &&
	    pick(k, 0x08, rest)) {
		read_file(k);
		return;
	}
	while (ca_rd_u16(&path, &fid))
		;
	read_fid(k, fid);
}

static void
read_app(struct walk *k, struct ca_rd app, bool by_name)
{
	static const uint16_t first[] = {0x5031, 0x5032, 0x5033};
	struct ca_rd path;

	ca_dump_paths_clear(k->files);
	for (size_t i = 0; i < CA_COUNT(first); i++)
		if (enter(k, app, by_name))
			read_fid(k, first[i]);
	for (size_t i = 0; ca_dump_paths_get(k->files, i, &path); i++)
		if (k->e == CA_OK && enter(k, app, by_name))
			read_path(k, path);
}

static void
read_root(struct walk *k)
{
	/* EF.DIR, EF.ATR (8.2.1.1), and those of chip cards for the state and
	 * for telephones: EF.GDO, EF.ICCID */
	static const uint16_t files[] = {0x2F00, 0x2F01, 0x2F02, 0x2FE2};

	for (size_t i = 0; i < CA_COUNT(files); i++)
		if (pick_fid(k, 0x00, 0x3F00))
			read_fid(k, files[i]);
}

/* GET DATA of what tells chip and operating system apart, and nothing else:
 * the life cycle data of GlobalPlatform, in both classes. */
static void
read_data(struct walk *k)
{
	static const uint8_t classes[] = {0x00, 0x80};

	for (size_t i = 0; i < CA_COUNT(classes); i++) {
		struct ca_apdu cmd = {.cla = classes[i],
		    .ins = 0xCA,
		    .p1 = 0x9F,
		    .p2 = 0x7F,
		    .le = CA_LE_SHORT};
		struct ca_wr w;
		uint16_t sw;

		(void)!say(k, &cmd, &w, &sw);
	}
}

/* The applications that are looked for although EF.DIR does not name them. */
static void
known_apps(struct ca_dump_paths *apps, const struct ca_profiles *profiles)
{
	static const uint8_t names[][12] = {
	    {0xA0, 0, 0, 0, 0x63, 'P', 'K', 'C', 'S', '-', '1', '5'},
	    {0xA0, 0, 0, 0, 0x63, 'W', 'A', 'P', '-', 'W', 'I', 'M'},
	};

	for (size_t i = 0; i < CA_COUNT(names); i++)
		ca_dump_paths_add(apps, ca_rd_of(names[i], sizeof(names[i])));
	for (size_t i = 0; i < profiles->n; i++)
		ca_dump_paths_add(apps,
		    ca_rd_of(profiles->p[i].aid.b, profiles->p[i].aid.n));
}

ca_err
ca_dump_walk(struct ca_chan *ch, const struct ca_profiles *profiles)
{
	static const uint8_t pkcs15[] = {0x3F, 0x00, 0x50, 0x15};
	struct walk k = {.ch = ch,
	    .apps = ca_dump_paths_new(),
	    .files = ca_dump_paths_new()};
	struct ca_rd app;

	if (k.apps == NULL || k.files == NULL) {
		k.e = CA_E_NOMEM;
	} else {
		read_data(&k);
		read_root(&k);
		known_apps(k.apps, profiles);
		for (size_t i = 0; ca_dump_paths_get(k.apps, i, &app); i++)
			read_app(&k, app, true);
		read_app(&k, ca_rd_of(pkcs15, sizeof(pkcs15)), false);
	}
	ca_dump_paths_free(k.apps);
	ca_dump_paths_free(k.files);
	return k.e;
}
