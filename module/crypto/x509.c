#include "module/crypto/x509.h"

#include <string.h>

#include "pcsc/base/tlv.h"

#define TAG_INTEGER 0x02
#define TAG_UTC_TIME 0x17
#define TAG_GENERALIZED_TIME 0x18
#define TAG_SEQUENCE 0x30
#define TAG_VERSION 0xA0

/* The whole TLV, if it has this tag. */
static bool
take_whole(struct ca_rd *r, uint32_t want, struct ca_rd *whole)
{
	struct ca_rd look = *r, val, all;
	uint32_t tag;

	if (!ca_tlv_whole(&look, &tag, &val, &all) || tag != want)
		return false;
	*r = look;
	*whole = all;
	return true;
}

static bool
all_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

/* The date of a Time (4.1.2.5): two-digit years below 50 are 20xx. */
static bool
take_date(struct ca_rd *r, char out[8])
{
	struct ca_rd val, date;
	char text[8];
	uint32_t tag;
	size_t at = 0, n;

	if (!ca_tlv_next(r, &tag, &val))
		return false;
	if (tag == TAG_UTC_TIME)
		at = 2;
	else if (tag != TAG_GENERALIZED_TIME)
		return false;
	if (!ca_rd_take(&val, sizeof(text) - at, &date) ||
	    !ca_rd_copy(date, &text[at], sizeof(text) - at, &n) ||
	    !all_digits(&text[at], n))
		return false;
	if (at != 0) {
		text[0] = text[2] < '5' ? '2' : '1';
		text[1] = text[2] < '5' ? '0' : '9';
	}
	memcpy(out, text, sizeof(text));
	return true;
}

bool
ca_x509_parse(struct ca_rd der, struct ca_x509 *out)
{
	struct ca_x509 x = {0};
	struct ca_rd cert, tbs, skip, validity;

	if (!ca_tlv_expect(&der, TAG_SEQUENCE, &cert) ||
	    !ca_tlv_expect(&cert, TAG_SEQUENCE, &tbs))
		return false;
	if (!ca_tlv_expect(&tbs, TAG_VERSION, &skip))
		skip = ca_rd_of(NULL, 0); /* version 1 has none */
	if (!take_whole(&tbs, TAG_INTEGER, &x.serial) ||
	    !take_whole(&tbs, TAG_SEQUENCE, &skip) ||
	    !take_whole(&tbs, TAG_SEQUENCE, &x.issuer) ||
	    !ca_tlv_expect(&tbs, TAG_SEQUENCE, &validity) ||
	    !take_whole(&tbs, TAG_SEQUENCE, &x.subject) ||
	    !take_whole(&tbs, TAG_SEQUENCE, &x.spki))
		return false;
	x.has_dates = take_date(&validity, x.not_before) &&
		      take_date(&validity, x.not_after);
	*out = x;
	return true;
}
