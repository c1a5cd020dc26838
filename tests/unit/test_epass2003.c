#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/sm/aes.h"
#include "pcsc/sm/epass2003.h"
#include "tests/unit/suites.h"

#define HOST "BF C3 29 11 C7 18 C3 40"
#define CARD "DA 70 5C 13 B3 5A C4 5B"
#define LONG_BYTES 130
#define MAC 8
#define ROOM_BYTES 512

/*
 * One opening and six commands of one channel each. The AES row's keys, proof
 * and first command are those that OpenSC and a simulated card agreed on; all
 * others were computed from the same rules by a program in another language.
 */
/* clang-format off */
static const struct row {
	enum ca_epass2003_kind kind;
	const char *cryptogram; /* the card's */
	const char *enc, *mac;  /* session keys */
	const char *proof;
	const char *select, *not_found; /* 00 A4 00 00 02 3F 00 Le 256; 6A82 */
	const char *read, *abc;         /* 00 B0 00 00 Le D8; "abc" 9000 */
	const char *bare, *done;        /* 00 84 01 02; 9000 */
	const char *cipher;             /* of 80 E5 04 01, bytes 00 to 81 ... */
	const char *put_mac;
	const char *form_mac[3]; /* and of answers with the same bytes */
} rows[] = {
    {CA_EPASS2003_AES, "0E 76 54 FC 67 01 46 E3",
     "C0 F7 F5 56 B6 31 D8 7B 63 0B 88 A7 E3 AA 7C C6",
     "C0 F7 F5 56 B6 31 D8 7B 63 0B 88 A7 E3 AA 7C C6",
     "70 0E 75 A5 50 24 DE 94 D1 7D 12 48 6F 17 5C 42",
     "87 11 01 01 40 D9 49 F2 CC 0B F9 5C 3C 9D E9 86 EF 21 34 97 "
     "01 00 8E 08 75 F6 FF EC 3B D2 B5 CD",
     "99 02 6A 82 8E 08 6C 2F 30 3C 65 BB AA 5A",
     "97 02 00 D8 8E 08 E1 19 4D 1C 71 FC 19 EF",
     "87 11 01 C7 35 7B 8A 91 14 D3 63 C4 A2 DE 5E FB D4 53 06 99 "
     "02 90 00 8E 08 16 03 1A DB 17 AB E6 CC",
     "8E 08 1F 68 AC 2F C4 15 C0 92",
     "99 02 90 00 8E 08 35 B6 1E 30 B4 DC B0 D0",
     "39 84 35 87 AC EC 6F 08 A5 C4 F8 64 B6 34 D7 AC 32 DB A0 50 "
     "B9 94 84 60 C7 71 3E B7 C9 A4 A8 8B 72 BC CC E7 A9 21 0D FA "
     "14 E6 07 71 58 F0 43 5E 4C 01 FD 46 80 7F 58 01 B4 4F F5 B1 "
     "1F 66 76 9B F7 C4 C8 E3 61 81 F0 46 FF 51 AB 69 A5 95 49 8D "
     "FE 7D E6 75 01 F8 7D 6C CB 19 FB D9 D6 E6 FF 59 D9 D5 22 83 "
     "31 E5 81 24 C3 3E F1 EE 9F 67 A1 ED CD 68 6D 96 F7 87 27 A2 "
     "19 9F 75 F0 57 CA 4A 9D D0 11 05 36 7F 03 8E 7D 17 01 12 B0 "
     "1E C8 84 8C",
     "AD 23 70 77 20 44 80 2B",
     {"86 5C 2C D4 29 9C 97 63", "B1 CC 25 19 2F A6 40 57",
      "44 52 9A 1C 4E 00 43 32"}},
    {CA_EPASS2003_DES, "0B 8A 69 27 E2 DA BC B6",
     "CE 1D 10 37 66 6F 8D 84 64 8C 58 81 9F 25 71 23",
     "CE 1D 10 37 66 6F 8D 84 64 8C 58 81 9F 25 71 23",
     "96 5F 9A 78 26 76 BC 62 20 78 82 08 28 07 1E 3A",
     "87 09 01 3C D6 15 8A 4E 71 0C F0 97 01 00 8E 08 3D 68 C6 70 "
     "2B D4 33 E4",
     "99 02 6A 82 8E 08 46 84 A8 D1 24 20 22 6E",
     "97 02 00 D8 8E 08 46 21 F7 35 5C DD 4B 06",
     "87 09 01 CF AB 16 56 D6 A3 59 91 99 02 90 00 8E 08 08 9A 51 "
     "3E 2F 40 F2 57",
     "8E 08 23 FE 8F 04 06 2F 0E 23",
     "99 02 90 00 8E 08 E9 33 52 D7 F2 40 8B EE",
     "86 15 09 8F 96 BE B3 2B 48 08 76 0D BE 4D 59 1B 99 69 2C D4 "
     "DA 6A A8 9B 1E 24 D6 5C 2F 2D FB 5B A8 84 99 B9 A7 ED 5C DE "
     "F3 CB 17 46 84 99 26 C1 E8 70 89 05 F2 F9 F3 50 37 BD A6 0E "
     "9F 05 9F 70 0A 62 84 01 D7 93 FE 92 AC 5F 10 06 40 46 DC 11 "
     "6A F4 E1 15 B9 AF E2 92 1C 67 8D 0D 32 EA 5E 6B B7 2E 1E C1 "
     "F1 F4 25 C2 EF E3 50 1A FE 86 27 C0 4A AE C9 76 4F 3E DF 2E "
     "56 B0 B4 CF CF 7D 2B DC 22 1C 94 7E 10 9D 6A BB",
     "86 42 E6 86 4D 0A 7B 0C",
     {"B1 0D 27 4F 0F FE 45 59", "ED 6E 17 5A 3D 86 5B E7",
      "36 C9 01 F2 F6 BF 44 EA"}},
    {CA_EPASS2003_FIPS, "31 70 73 C3 DF 1B 9E 14",
     "E1 54 7A A5 8D 9A 6A 15 46 E4 DD 82 B1 54 3D 3F",
     "19 10 13 5B 3F A7 45 A2 DA E6 79 22 0C 73 4E 49",
     "77 31 F9 BB A0 90 00 EB 27 5B 80 75 89 D7 CD DB",
     "87 11 01 C6 F0 90 1A B5 5B E6 2C 7A 64 17 26 AE EF A8 3F 97 "
     "01 00 8E 08 A6 F2 00 75 25 D6 A2 92",
     "99 02 6A 82 8E 08 4E 7E 7E 78 32 30 9D A5",
     "97 02 00 D8 8E 08 3C 1C 44 39 37 1C C4 0F",
     "87 11 01 91 DC 12 C8 89 6C AC 8B 9F 2E EC E1 5E 66 95 14 99 "
     "02 90 00 8E 08 E6 80 81 33 5F D1 C7 E8",
     "8E 08 2E D1 BB 79 05 9B 5A A6",
     "99 02 90 00 8E 08 03 FD 39 C9 5C CB 74 D5",
     "B5 57 8D AE F6 A2 A5 EF 75 FE 47 D8 A9 2F F7 A2 05 DE 0F 4E "
     "3C 4F 47 8A 98 2C 05 0A BB E5 E2 57 A2 CF 9C 98 09 34 CA FA "
     "54 F7 D4 E5 65 77 77 26 83 FC E3 E9 30 23 64 B4 6D DD ED 94 "
     "AD 5E BD 69 E5 CC 76 EC 60 69 C0 D8 D6 15 F6 70 41 90 57 2C "
     "77 51 E2 B6 7D 30 17 B3 73 00 1A 6E DD 0F EA 6B 02 88 A7 FA "
     "0D 94 BA 36 CD DC BE DC 23 D0 D7 2C D7 60 DB B9 FD 01 38 AC "
     "E7 D6 31 F4 19 9A FD 81 B0 6B 24 37 F7 F7 55 1F 62 3E 90 FE "
     "8A 74 48 36",
     "C3 0D 8B 5B 4E 32 A7 FF",
     {"B5 CF 7D 5D EF A5 C3 94", "54 4C 83 46 8A D8 A8 A7",
      "4D 3E E0 99 E7 AB 00 57"}},
};
/* clang-format on */

static const char *const kinds[] = {"plain", "des", "aes", "fips"};

/* A channel as row `r` says it is opened. */
static struct ca_sm *
opened(const struct row *r, struct ca_epass2003 *s)
{
	uint8_t ab[64], kb[16], hb[8], cb[16], pb[CA_EPASS2003_PROOF];
	struct ca_wr answer = ca_wr_of(ab, sizeof(ab));
	struct ca_wr proof = ca_wr_of(pb, sizeof(pb));
	struct ca_rd key = ut_hex("01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E "
				  "0F 10",
	    kb, sizeof(kb));
	struct ca_sm *sm = NULL;

	if (!UT_OK(ca_epass2003_begin(s, r->kind) == CA_OK))
		return NULL;
	(void)ut_hex(HOST, s->host, sizeof(s->host));
	ca_wr_fill(&answer, 0xA5, r->kind == CA_EPASS2003_FIPS ? 13 : 12);
	ca_wr_bytes(&answer, ut_hex(CARD, hb, sizeof(hb)));
	ca_wr_bytes(&answer, ut_hex(r->cryptogram, cb, sizeof(cb)));
	UT_OK(answer.n == ca_epass2003_answer_size(r->kind));
	UT(ca_epass2003_answer(s, key, key, ca_wr_rd(&answer), &proof) == CA_OK,
	    "%s", kinds[r->kind]);
	UT(ca_rd_equal(ca_rd_of(s->enc, 16), ut_hex(r->enc, kb, 16)), "%s",
	    kinds[r->kind]);
	UT(ca_rd_equal(ca_rd_of(s->mac, 16), ut_hex(r->mac, kb, 16)), "%s",
	    kinds[r->kind]);
	UT(ca_rd_equal(ca_wr_rd(&proof), ut_hex(r->proof, kb, 16)), "%s",
	    kinds[r->kind]);
	UT_OK(ca_epass2003_channel(s, &sm) == CA_OK);
	return sm;
}

static void
wraps(struct ca_sm *sm, const char *name, const struct ca_apdu *plain,
    struct ca_rd want)
{
	struct ca_buf data = {0};
	struct ca_apdu w;

	UT(sm->ops->wrap(sm, plain, &w, &data) == CA_OK, "%s", name);
	UT(ca_rd_equal(w.data, want), "%s", name);
	UT(w.cla == (plain->cla | 0x0C) && w.ins == plain->ins &&
		w.p1 == plain->p1 && w.p2 == plain->p2,
	    "%s", name);
	UT(w.le == (plain->le == 0 ? CA_LE_SHORT : plain->le), "%s", name);
	UT(w.secret == plain->secret && w.secret_answer == plain->secret_answer,
	    "%s", name);
	ca_buf_free(&data);
}

/* The answer in memory of exactly its size, so that a sanitizer sees. */
static ca_err
unwraps(struct ca_sm *sm, struct ca_rd answer, uint16_t outer,
    struct ca_wr *out, uint16_t *sw)
{
	uint8_t *exact = ut_exact(answer);
	ca_err e =
	    sm->ops->unwrap(sm, ca_rd_of(exact, answer.n), outer, out, sw);

	free(exact);
	return e;
}

static void
long_data(struct ca_sm *sm, const struct row *r)
{
	uint8_t plain[LONG_BYTES], cb[ROOM_BYTES], wb[ROOM_BYTES], mb[MAC],
	    ob[LONG_BYTES];
	struct ca_rd cipher = ut_hex(r->cipher, cb, sizeof(cb));
	uint8_t n = (uint8_t)(cipher.n + 1);
	const uint8_t heads[][5] = {{0x87, n, 0x01}, {0x87, 0x81, n, 0x01},
	    {0x87, 0x82, 0x00, n, 0x01}};
	struct ca_wr w = ca_wr_of(wb, sizeof(wb));
	struct ca_apdu put = {.cla = 0x80,
	    .ins = 0xE5,
	    .p1 = 0x04,
	    .p2 = 0x01,
	    .data = ca_rd_of(plain, sizeof(plain)),
	    .secret = true};
	uint16_t sw;

	for (size_t i = 0; i < sizeof(plain); i++)
		plain[i] = (uint8_t)i;
	ca_wr_mem(&w, heads[2], 5);
	ca_wr_bytes(&w, cipher);
	ca_wr_tlv(&w, 0x8E, ut_hex(r->put_mac, mb, sizeof(mb)));
	wraps(sm, kinds[r->kind], &put, ca_wr_rd(&w));
	/* The card's own way of writing a length, and the two of BER. */
	for (size_t i = 0; i < CA_COUNT(heads); i++) {
		struct ca_wr out = ca_wr_of(ob, sizeof(ob));

		w = ca_wr_of(wb, sizeof(wb));
		ca_wr_mem(&w, heads[i], 3 + i);
		ca_wr_bytes(&w, cipher);
		ca_wr_mem(&w, "\x99\x02\x90\x00", 4);
		ca_wr_tlv(&w, 0x8E, ut_hex(r->form_mac[i], mb, sizeof(mb)));
		UT(unwraps(sm, ca_wr_rd(&w), 0x9000, &out, &sw) == CA_OK,
		    "%s, form %zu", kinds[r->kind], i);
		UT(ca_rd_equal(ca_wr_rd(&out), ca_rd_of(plain, sizeof(plain))),
		    "%s, form %zu", kinds[r->kind], i);
	}
}

/* What does not fit a short command: extended length, Le as well. */
static void
block_data(struct ca_sm *sm, const struct row *r)
{
	size_t block = r->kind == CA_EPASS2003_DES ? 8 : 16;
	uint8_t plain[256] = {0x00, 0x01};
	struct ca_apdu pso = {.ins = 0x2A,
	    .p1 = 0x80,
	    .p2 = 0x86,
	    .data = ca_rd_of(plain, sizeof(plain)),
	    .le = CA_LE_SHORT};
	struct ca_buf data = {0};
	struct ca_apdu w;

	UT(sm->ops->wrap(sm, &pso, &w, &data) == CA_OK, "%s", kinds[r->kind]);
	UT(w.extended && w.le == CA_LE_EXT, "%s", kinds[r->kind]);
	/* 87 82 .. 01, whole blocks; 97 01 00; the MAC */
	UT(data.n == 5 + 256 + block + 3 + 10, "%s: %zu bytes", kinds[r->kind],
	    data.n);
	ca_buf_free(&data);
}

static void
conversation(const struct row *r)
{
	uint8_t b[ROOM_BYTES], ob[16];
	const uint8_t mf[] = {0x3F, 0x00};
	struct ca_apdu select = {
	    .ins = 0xA4, .data = ca_rd_of(mf, sizeof(mf)), .le = CA_LE_SHORT};
	struct ca_apdu read = {.ins = 0xB0, .le = 0xD8, .secret_answer = true};
	struct ca_apdu bare = {.ins = 0x84, .p1 = 0x01, .p2 = 0x02};
	struct ca_wr out = ca_wr_of(ob, sizeof(ob));
	const char *k = kinds[r->kind];
	struct ca_epass2003 s;
	struct ca_sm *sm = opened(r, &s);
	uint16_t sw = 0;

	if (sm == NULL)
		return;
	wraps(sm, k, &select, ut_hex(r->select, b, sizeof(b)));
	UT(unwraps(sm, ut_hex(r->not_found, b, sizeof(b)), 0x6A82, NULL, &sw) ==
		    CA_OK &&
		sw == 0x6A82,
	    "%s", k);
	wraps(sm, k, &read, ut_hex(r->read, b, sizeof(b)));
	UT(unwraps(sm, ut_hex(r->abc, b, sizeof(b)), 0x9000, &out, &sw) ==
		    CA_OK &&
		sw == 0x9000,
	    "%s", k);
	UT(ca_rd_equal(ca_wr_rd(&out), ut_text("abc")), "%s", k);
	/* An answer of another command is none of this one. */
	wraps(sm, k, &bare, ut_hex(r->bare, b, sizeof(b)));
	UT(unwraps(sm, ut_hex(r->abc, b, sizeof(b)), 0x9000, NULL, &sw) ==
		CA_E_MALFORMED,
	    "%s", k);
	UT(unwraps(sm, ut_hex(r->done, b, sizeof(b)), 0x9000, NULL, &sw) ==
		CA_OK,
	    "%s", k);
	long_data(sm, r);
	block_data(sm, r);
	ut_mem_watch(sm, sizeof(*sm) + 3 * (size_t)CA_EPASS2003_KEY);
	sm->ops->close(sm);
	UT(ut_mem_freed_clean(), "%s: keys are left in memory", k);
}

static void
channels(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++)
		conversation(&rows[i]);
}

/* The question for a PIN's tries, which FIPS cards sign in another way. */
static void
fips_bare_header(void)
{
	uint8_t b[32];
	struct ca_apdu first = {.ins = 0xA4}, tries = {
						  .ins = 0x82,
						  .p1 = 0x01,
						  .p2 = 0x81,
					      };
	struct ca_epass2003 s;
	struct ca_sm *sm = opened(&rows[2], &s);
	struct ca_buf data = {0};
	struct ca_apdu w;

	if (sm == NULL)
		return;
	for (int i = 0; i < 4; i++) {
		UT_OK(sm->ops->wrap(sm, &first, &w, &data) == CA_OK);
		ca_buf_free(&data);
	}
	wraps(sm, "tries", &tries,
	    ut_hex("8E 08 F3 37 0F 42 23 0D DE 2B", b, sizeof(b)));
	sm->ops->close(sm);
}

/* Every bit and every length of an answer counts. */
static void
answers_not_of_the_channel(void)
{
	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		const struct row *r = &rows[i];
		const char *k = kinds[r->kind];
		uint8_t b[ROOM_BYTES], good[ROOM_BYTES], ob[16];
		struct ca_epass2003 s;
		struct ca_sm *sm = opened(r, &s);
		struct ca_apdu read = {.ins = 0xB0, .le = 0xD8};
		struct ca_apdu any = {.ins = 0xA4}, w;
		struct ca_buf data = {0};
		struct ca_rd g = ut_hex(r->abc, good, sizeof(good));
		uint16_t sw;

		if (sm == NULL)
			return;
		UT_OK(sm->ops->wrap(sm, &any, &w, &data) == CA_OK);
		ca_buf_free(&data);
		wraps(sm, k, &read, ut_hex(r->read, b, sizeof(b)));
		for (size_t bit = 0; bit < 8 * g.n; bit++) {
			struct ca_wr out = ca_wr_of(ob, sizeof(ob));

			memcpy(b, g.p, g.n);
			b[bit / 8] ^= (uint8_t)(1u << bit % 8);
			UT(unwraps(sm, ca_rd_of(b, g.n), 0x9000, &out, &sw) ==
				    CA_E_MALFORMED &&
				out.n == 0,
			    "%s, bit %zu", k, bit);
		}
		for (size_t n = 0; n < g.n; n++)
			UT(unwraps(sm, ca_rd_of(g.p, n), 0x9000, NULL, &sw) ==
				CA_E_MALFORMED,
			    "%s, %zu bytes", k, n);
		memcpy(b, g.p, g.n);
		b[g.n] = 0;
		UT(unwraps(sm, ca_rd_of(b, g.n + 1), 0x9000, NULL, &sw) ==
			CA_E_MALFORMED,
		    "%s, a byte more", k);
		UT(unwraps(sm, g, 0x6A82, NULL, &sw) == CA_E_MALFORMED,
		    "%s, another status outside", k);
		UT(unwraps(sm, g, 0x9000, &(struct ca_wr){.p = ob, .cap = 2},
		       &sw) == CA_E_MALFORMED,
		    "%s, no room", k);
		UT(!ca_epass2003_lost(sm), "%s", k);
		UT(unwraps(sm, g, 0x9000, NULL, &sw) == CA_OK, "%s, whole", k);
		sm->ops->close(sm);
	}
}

static void
channel_lost(void)
{
	static const struct {
		uint16_t sw;
		ca_err e;
	} words[] = {{0x6985, CA_E_RESET}, {0x6987, CA_E_RESET},
	    {0x6988, CA_E_RESET}, {0x6982, CA_E_MALFORMED},
	    {0x9000, CA_E_MALFORMED}, {0x63C1, CA_E_MALFORMED}};

	for (size_t i = 0; i < CA_COUNT(words); i++) {
		struct ca_epass2003 s;
		struct ca_sm *sm = opened(&rows[0], &s);
		uint16_t sw;

		if (sm == NULL)
			return;
		UT(unwraps(sm, ca_rd_of(NULL, 0), words[i].sw, NULL, &sw) ==
			words[i].e,
		    "%04X", words[i].sw);
		UT(ca_epass2003_lost(sm) == (words[i].e == CA_E_RESET), "%04X",
		    words[i].sw);
		sm->ops->close(sm);
	}
}

/* A card with other keys never sees a proof. */
static void
other_keys(void)
{
	uint8_t ab[64], kb[16] = {0}, hb[8], cb[8], pb[CA_EPASS2003_PROOF];

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct ca_wr answer = ca_wr_of(ab, sizeof(ab));
		struct ca_wr proof = ca_wr_of(pb, sizeof(pb));
		struct ca_rd key = ca_rd_of(kb, sizeof(kb)), a;
		struct ca_epass2003 s;

		UT_OK(ca_epass2003_begin(&s, r->kind) == CA_OK);
		(void)ut_hex(HOST, s.host, sizeof(s.host));
		ca_wr_fill(&answer, 0, r->kind == CA_EPASS2003_FIPS ? 13 : 12);
		ca_wr_bytes(&answer, ut_hex(CARD, hb, sizeof(hb)));
		ca_wr_bytes(&answer, ut_hex(r->cryptogram, cb, sizeof(cb)));
		UT(ca_epass2003_answer(&s, key, key, ca_wr_rd(&answer),
		       &proof) == CA_E_REFUSED &&
			proof.n == 0,
		    "%s", kinds[r->kind]);
		a = ca_wr_rd(&answer);
		a.n--;
		UT(ca_epass2003_answer(&s, key, key, a, &proof) ==
			    CA_E_MALFORMED &&
			proof.n == 0,
		    "%s", kinds[r->kind]);
		key.n--;
		UT(ca_epass2003_answer(&s, key, key, ca_wr_rd(&answer),
		       &proof) == CA_E_BUG,
		    "%s", kinds[r->kind]);
	}
}

static void
challenges_differ(void)
{
	struct ca_epass2003 a, b;

	UT_OK(ca_epass2003_begin(&a, CA_EPASS2003_AES) == CA_OK);
	UT_OK(ca_epass2003_begin(&b, CA_EPASS2003_AES) == CA_OK);
	UT_OK(memcmp(a.host, b.host, sizeof(a.host)) != 0);
}

/* clang-format off */
static const struct {
	const char *name, *data;
	ca_err e;
	enum ca_epass2003_kind kind;
} infos[] = {
	{"aes", "80 01 01 00*11 84 01 01 00*16 00*3", CA_OK, CA_EPASS2003_AES},
	{"des", "80 01 00 00*11 84 01 01 00*16 00*3", CA_OK, CA_EPASS2003_DES},
	{"fips", "80 01 01 00*11 84 01 01 00*15 87 01 01", CA_OK, CA_EPASS2003_FIPS},
	{"des is never fips", "80 01 00 00*11 84 01 01 00*15 87 01 01", CA_OK, CA_EPASS2003_DES},
	{"no channel", "80 01 01 00*11 84 01 00 00*16", CA_OK, CA_EPASS2003_PLAIN},
	/* What owners of tokens report, the oldest first. */
	{"10 bytes", "80 01 01 81 02 1D D5 82 01 03", CA_OK, CA_EPASS2003_AES},
	{"14 bytes", "80 01 01 81 02 01 D5 82 01 03 83 02 00 00", CA_OK, CA_EPASS2003_AES},
	{"17 bytes", "80 01 01 81 02 01 D5 82 01 04 83 02 09 00 84 01 01", CA_OK, CA_EPASS2003_AES},
	{"32 bytes", "80 01 01 81 02 01 D5 82 01 03 83 02 00 00 84 01 01 85 0A 00*10 86 01 00", CA_OK, CA_EPASS2003_AES},
	{"35 bytes", "80 01 01 81 02 1D D4 82 01 00 83 02 00 00 84 01 01 85 0A 00*10 86 01 00 87 01 01", CA_OK, CA_EPASS2003_FIPS},
	{"short, des", "80 01 02", CA_OK, CA_EPASS2003_DES},
	{"short, no channel", "80 01 01 81 02 01 D5 82 01 03 83 02 00 00 84 01 00", CA_OK, CA_EPASS2003_PLAIN},
	{"cut", "80 01 01 00*11 84 01 01 00*15 87 01", CA_OK, CA_EPASS2003_AES},
	{"too short", "80 01", CA_E_UNSUPPORTED, CA_EPASS2003_PLAIN},
	{"nothing", "", CA_E_UNSUPPORTED, CA_EPASS2003_PLAIN},
};
/* clang-format on */

/* "00*11" stands for eleven times 00. */
static struct ca_rd
repeated(const char *text, uint8_t *room, size_t cap)
{
	struct ca_wr w = ca_wr_of(room, cap);
	unsigned v, n;
	int used;

	while (sscanf(text, " %2x%n", &v, &used) == 1) {
		text += used;
		n = 1;
		if (*text == '*' && sscanf(text, "*%u%n", &n, &used) == 1)
			text += used;
		ca_wr_fill(&w, (uint8_t)v, n);
	}
	return ca_wr_rd(&w);
}

static void
kinds_of_card(void)
{
	uint8_t b[64];

	for (size_t i = 0; i < CA_COUNT(infos); i++) {
		enum ca_epass2003_kind kind = CA_EPASS2003_PLAIN;
		struct ca_rd r = repeated(infos[i].data, b, sizeof(b));
		uint8_t *exact = ut_exact(r);

		UT(ca_epass2003_kind(ca_rd_of(exact, r.n), &kind) ==
			    infos[i].e &&
			kind == infos[i].kind,
		    "%s", infos[i].name);
		free(exact);
	}
}

static void
pin(void)
{
	uint8_t kb[CA_EPASS2003_PIN_KEY], pb[8], b[24];
	struct ca_wr key = ca_wr_of(kb, sizeof(kb));
	struct ca_wr proof = ca_wr_of(pb, sizeof(pb));

	UT_OK(ca_epass2003_pin_key(ut_text("12345678"), &key) == CA_OK);
	UT_OK(ca_rd_equal(ca_wr_rd(&key),
	    ut_hex("7C 22 2F B2 92 7D 82 8A F2 2F 59 21 34 E8 93 24 80 63 7C "
		   "0D 00 00 00 08",
		b, sizeof(b))));
	UT_OK(ca_epass2003_pin_proof(ut_text("12345678"),
		  ut_hex("42 1B C9 4D 73 06 F0 D6", b, sizeof(b)),
		  &proof) == CA_OK);
	UT_OK(ca_rd_equal(ca_wr_rd(&proof),
	    ut_hex("60 09 71 45 EC 0B 12 28", b, sizeof(b))));
	/* The value that a PIN change writes. */
	key = ca_wr_of(kb, sizeof(kb));
	UT_OK(ca_epass2003_pin_key(ut_text("11223344"), &key) == CA_OK);
	UT_OK(ca_rd_equal(ca_wr_rd(&key),
	    ut_hex("B9 86 41 5C 93 24 15 13 D3 3D 01 FC F5 32 A6 C4 7A C4 F3 "
		   "EE 00 00 00 08",
		b, sizeof(b))));
	key = ca_wr_of(kb, sizeof(kb));
	UT_OK(ca_epass2003_pin_key(ut_text(""), &key) == CA_E_PIN_LEN);
	UT_OK(ca_epass2003_pin_proof(ut_text("1"), ut_hex("42", b, sizeof(b)),
		  &proof) == CA_E_BUG);
}

/* RFC 4493, section 4. */
static void
cmac(void)
{
	static const uint8_t zero[CA_AES_BLOCK];
	static const struct {
		size_t n;
		const char *mac;
	} cases[] = {
	    {0, "BB 1D 69 29 E9 59 37 28 7F A3 7D 12 9B 75 67 46"},
	    {16, "07 0A 16 B4 6B 4D 41 44 F7 9B DD 9D D0 4A 28 7C"},
	    {40, "DF A6 67 47 DE 9A E6 30 30 CA 32 61 14 97 C8 27"},
	    {64, "51 F0 BE BF 7E 3B 9D 92 FC 49 74 17 79 36 3C FE"},
	};
	uint8_t kb[16], mb[64], out[16], b[16];
	struct ca_rd key = ut_hex("2B 7E 15 16 28 AE D2 A6 AB F7 15 88 09 CF "
				  "4F 3C",
	    kb, sizeof(kb));
	struct ca_rd m = ut_hex(
	    "6B C1 BE E2 2E 40 9F 96 E9 3D 7E 11 73 93 17 2A AE 2D 8A 57 1E 03 "
	    "AC 9C 9E B7 6F AC 45 AF 8E 51 30 C8 1C 46 A3 5C E4 11 E5 FB C1 19 "
	    "1A 0A 52 EF F6 9F 24 45 DF 4F 9B 17 AD 2B 41 7B E6 6C 37 10",
	    mb, sizeof(mb));

	for (size_t i = 0; i < CA_COUNT(cases); i++) {
		UT(ca_aes_cmac(key, zero, ca_rd_of(m.p, cases[i].n), out) ==
			CA_OK,
		    "%zu bytes", cases[i].n);
		UT(ca_rd_equal(ca_rd_of(out, sizeof(out)),
		       ut_hex(cases[i].mac, b, sizeof(b))),
		    "%zu bytes", cases[i].n);
	}
	key.n = 15;
	UT_OK(ca_aes_cmac(key, zero, m, out) == CA_E_BUG);
}

static const CU_TestInfo tests[] = {
    {"cmac", cmac},
    {"kinds_of_card", kinds_of_card},
    {"challenges_differ", challenges_differ},
    {"channels", channels},
    {"fips_bare_header", fips_bare_header},
    {"answers_not_of_the_channel", answers_not_of_the_channel},
    {"channel_lost", channel_lost},
    {"other_keys", other_keys},
    {"pin", pin},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_epass2003 = {"epass2003", tests};
