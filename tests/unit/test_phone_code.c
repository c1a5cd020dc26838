/* Codes for the telephone: what is written is read, what is misheard is not. */
#include "tools/lib/phone_code.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/suites.h"

#define ALPHABET "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

static struct ca_phone
some(struct ut_dice *d)
{
	struct ca_phone c = {
	    .kind = ut_roll(d, 2) != 0 ? CA_PHONE_ANSWER : CA_PHONE_CHALLENGE,
	    .scheme = (enum ca_remote)(1 + ut_roll(d, 3)),
	    .tag = ut_roll(d, 1U << CA_PHONE_TAG_BITS),
	};

	c.n = ca_remote_size((int)c.scheme);
	ut_roll_bytes(d, c.b, c.n);
	return c;
}

static bool
same(const struct ca_phone *a, const struct ca_phone *b)
{
	return a->kind == b->kind && a->scheme == b->scheme &&
	       a->tag == b->tag && a->n == b->n &&
	       memcmp(a->b, b->b, a->n) == 0;
}

static enum ca_phone_fault
fault(const char *text, enum ca_phone_kind kind)
{
	struct ca_phone got;
	enum ca_phone_fault f;

	memset(&got, 0xA5, sizeof(got));
	f = ca_phone_read(text, kind, &got);
	if (f != CA_PHONE_GOOD)
		UT_OK(got.b[0] == 0xA5 && got.n != 8 && got.n != 16);
	return f;
}

/* Codes that were made by other means, so that both ends of different versions
 * understand each other. */
static void
known_codes(void)
{
	static const struct ca_phone challenge = {CA_PHONE_CHALLENGE,
	    CA_REMOTE_PUK_3DES, 0x12345,
	    {0x42, 0x1B, 0xC9, 0x4D, 0x73, 0x06, 0xF0, 0xD6}, 8};
	static const struct ca_phone answer = {CA_PHONE_ANSWER, CA_REMOTE_AES,
	    0xFFFFF, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xFF},
	    16};
	char text[CA_PHONE_TEXT];

	ca_phone_write(&challenge, text);
	UT(strcmp(text, "128T-588D-WJKB-K0VR-DCN7") == 0, "%s", text);
	ca_phone_write(&answer, text);
	UT(strcmp(text, "KZZZ-Z000-G40R-40M3-0E20-9185-GR38-EZW2-5") == 0, "%s",
	    text);
}

static void
there_and_back(void)
{
	struct ut_dice d = ut_dice_of(7);

	for (int i = 0; i < 2000; i++) {
		struct ca_phone c = some(&d), got;
		char text[CA_PHONE_TEXT];

		ca_phone_write(&c, text);
		UT_OK(ca_phone_read(text, c.kind, &got) == CA_PHONE_GOOD);
		UT(same(&c, &got), "%s", text);
	}
}

/* Written down by somebody who hears it. */
static void
heard_otherwise(void)
{
	struct ut_dice d = ut_dice_of(8);

	for (int i = 0; i < 500; i++) {
		struct ca_phone c = some(&d), got;
		char text[CA_PHONE_TEXT], loose[4 * CA_PHONE_TEXT];
		size_t n = 0;

		ca_phone_write(&c, text);
		for (const char *p = text; *p != '\0'; p++) {
			char ch = *p;

			if (ch == '0' && ut_roll(&d, 2) != 0)
				ch = 'O';
			if (ch == '1')
				ch = "1IL"[ut_roll(&d, 3)];
			if (ut_roll(&d, 2) != 0)
				ch = (char)tolower((unsigned char)ch);
			if (*p != '-' || ut_roll(&d, 2) != 0)
				loose[n++] = ch;
			if (ut_roll(&d, 4) == 0)
				loose[n++] = " -.\t"[ut_roll(&d, 4)];
		}
		loose[n++] = '\n';
		loose[n] = '\0';
		UT(ca_phone_read(loose, c.kind, &got) == CA_PHONE_GOOD, "%s",
		    loose);
		UT(same(&c, &got), "%s", loose);
	}
}

/* Every character in the place of every other one. */
static void
one_wrong(void)
{
	struct ut_dice d = ut_dice_of(9);
	unsigned tried = 0, caught = 0;

	for (int i = 0; i < 40; i++) {
		struct ca_phone c = some(&d);
		char text[CA_PHONE_TEXT];

		ca_phone_write(&c, text);
		for (char *p = text; *p != '\0'; p++) {
			char right = *p;

			for (const char *a = ALPHABET; right != '-' && *a;
			     a++) {
				if (*a == right)
					continue;
				*p = *a;
				tried++;
				caught += fault(text, c.kind) == CA_PHONE_CHECK;
			}
			*p = right;
		}
	}
	UT(tried > 24000 && caught == tried, "%u of %u", caught, tried);
}

/* Every exchange of two characters, neighbours and others. */
static void
two_exchanged(void)
{
	struct ut_dice d = ut_dice_of(10);
	unsigned tried = 0, caught = 0;

	for (int i = 0; i < 100; i++) {
		struct ca_phone c = some(&d);
		char text[CA_PHONE_TEXT];
		size_t n;

		ca_phone_write(&c, text);
		n = strlen(text);
		for (size_t a = 0; a < n; a++) {
			for (size_t b = a + 1; b < n; b++) {
				char x = text[a], y = text[b];

				if (x == y || x == '-' || y == '-')
					continue;
				text[a] = y;
				text[b] = x;
				tried++;
				caught += fault(text, c.kind) == CA_PHONE_CHECK;
				text[a] = x;
				text[b] = y;
			}
		}
	}
	UT(tried > 15000 && caught == tried, "%u of %u", caught, tried);
}

/* A character left out or said twice, and what no code is. */
static void
other_faults(void)
{
	struct ut_dice d = ut_dice_of(11);
	struct ca_phone c = some(&d);
	char text[CA_PHONE_TEXT], odd[2 * CA_PHONE_TEXT];

	ca_phone_write(&c, text);
	for (size_t i = 0; text[i] != '\0'; i++) {
		if (text[i] == '-')
			continue;
		snprintf(odd, sizeof(odd), "%.*s%s", (int)i, text,
		    text + i + 1);
		UT(fault(odd, c.kind) == CA_PHONE_LENGTH, "%s", odd);
		snprintf(odd, sizeof(odd), "%.*s%s", (int)i + 1, text,
		    text + i);
		UT(fault(odd, c.kind) == CA_PHONE_LENGTH, "%s", odd);
		snprintf(odd, sizeof(odd), "%s", text);
		odd[i] = 'U';
		UT(fault(odd, c.kind) == CA_PHONE_CHARACTER, "%s", odd);
	}
	snprintf(odd, sizeof(odd), "%s%s", text, text);
	UT_OK(fault(odd, c.kind) == CA_PHONE_LENGTH);
	UT_OK(fault("", c.kind) == CA_PHONE_LENGTH);
	UT_OK(fault("--- ", c.kind) == CA_PHONE_LENGTH);
	UT_OK(fault("\xC4\x90", c.kind) == CA_PHONE_CHARACTER);
	UT_OK(fault(text, c.kind == CA_PHONE_ANSWER
			      ? CA_PHONE_CHALLENGE
			      : CA_PHONE_ANSWER) == CA_PHONE_OTHER_KIND);
}

/* A code of another length than its scheme has is none, and bits behind the
 * bytes are not dropped. */
static void
right_check_wrong_code(void)
{
	static const char of_a_new_scheme[] = "9000-1000-0000-0000-00B2";
	static const char bits_behind[] = "2000-1000-0000-0000-01MS";
	struct ca_phone none = {.scheme = CA_REMOTE_NONE};
	char text[CA_PHONE_TEXT] = "x";

	UT_OK(fault(of_a_new_scheme, CA_PHONE_CHALLENGE) == CA_PHONE_UNKNOWN);
	UT_OK(fault(bits_behind, CA_PHONE_CHALLENGE) == CA_PHONE_UNKNOWN);
	ca_phone_write(&none, text);
	UT_OK(text[0] == '\0');
	none.scheme = CA_REMOTE_AES;
	none.n = 8;
	ca_phone_write(&none, text);
	UT_OK(text[0] == '\0');
}

static void
tags(void)
{
	struct ca_phone a = {CA_PHONE_CHALLENGE, CA_REMOTE_3DES, 5, {1}, 8};
	struct ca_phone b = a;

	/* The first 20 bits of SHA-256, as sha256sum shows them. */
	UT_OK(ca_phone_token_tag("0123456789ABCDEF") == 0x2125b);
	UT_OK(ca_phone_token_tag("01 23-4567 89abcdef\n") == 0x2125b);
	UT_OK(ca_phone_token_tag("0123456789ABCDEE") != 0x2125b);
	UT_OK(ca_phone_question_tag(&a) == ca_phone_question_tag(&b));
	b.tag = 6;
	UT_OK(ca_phone_question_tag(&a) != ca_phone_question_tag(&b));
	b.tag = 5;
	b.b[7] = 1;
	UT_OK(ca_phone_question_tag(&a) != ca_phone_question_tag(&b));
}

static const CU_TestInfo tests[] = {
    {"known codes", known_codes},
    {"there and back", there_and_back},
    {"heard otherwise", heard_otherwise},
    {"one wrong", one_wrong},
    {"two exchanged", two_exchanged},
    {"other faults", other_faults},
    {"right check, wrong code", right_check_wrong_code},
    {"tags", tags},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_phone_code = {"phone codes", tests};
