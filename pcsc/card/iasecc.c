/* See the header. */
#include "pcsc/card/iasecc.h"

#include "pcsc/apdu/sw.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/card.h"
#include "pcsc/card/pkcs15_parse.h"

#define ANSWER_MAX 768 /* the parts of an RSA key of 4096 bits */
#define CLASS_PIN 0xBF81
#define CLASS_PUBLIC 0xBFA0
#define CLASS_SE 0xBFFB
#define TAG_PIN_DATA 0x7F41
#define TAG_PUBLIC_DATA 0x7F49
#define TAG_CONTROL 0xA0 /* DOCP */
#define TAG_SE 0x7B
/* Bits of a security condition byte. */
#define SCB_ALWAYS 0x00
#define SCB_NEVER 0xFF
#define SCB_ALL 0x80 /* all conditions are needed, not one of them */
#define SCB_SM 0x40
#define SCB_EXTERNAL 0x20
#define SCB_USER 0x10
#define USAGE_USER_PASSWORD 0x08

/* The content of one part of an object: `00 CB 3F FF 4D {70 {BFccnn {tag}}}`,
 * answered with 70 {BFccnn {tag ..}}. */
static ca_err
get_object(struct ca_tx *tx, uint32_t class, uint8_t ref, uint32_t tag,
    struct ca_wr *room, struct ca_rd *content)
{
	uint32_t object = class << 8 | ref;
	const uint32_t path[] = {0x70, object, tag};
	uint8_t b[4][24];
	struct ca_wr w[4];
	struct ca_apdu cmd = {
	    .ins = 0xCB, .p1 = 0x3F, .p2 = 0xFF, .le = CA_LE_SHORT};
	uint16_t sw;
	ca_err e;

	for (size_t i = 0; i < CA_COUNT(w); i++)
		w[i] = ca_wr_of(b[i], sizeof(b[i]));
	if (tag > 0xFF)
		ca_wr_u8(&w[0], (uint8_t)(tag >> 8));
	ca_wr_u8(&w[0], (uint8_t)tag);
	ca_wr_u8(&w[0], 0x80); /* the whole of it */
	ca_wr_tlv(&w[1], object, ca_wr_rd(&w[0]));
	ca_wr_tlv(&w[2], 0x70, ca_wr_rd(&w[1]));
	ca_wr_tlv(&w[3], 0x4D, ca_wr_rd(&w[2]));
	cmd.data = ca_wr_rd(&w[3]);
	if ((e = ca_tx_send(tx, &cmd, room, &sw)) != CA_OK ||
	    (e = ca_sw_err(sw)) != CA_OK)
		return e;
	return ca_tlv_path(ca_wr_rd(room), path, CA_COUNT(path), content)
		   ? CA_OK
		   : CA_E_MALFORMED;
}

bool
ca_iasecc_condition(struct ca_rd compact, uint8_t bit, uint8_t *scb)
{
	uint8_t amb, b;

	if (!ca_rd_u8(&compact, &amb) || (amb & 0x80) != 0)
		return false; /* bit 80: proprietary meaning of the others */
	for (uint8_t at = 0x40; at != 0; at >>= 1) {
		if ((amb & at) == 0)
			continue;
		if (!ca_rd_u8(&compact, &b))
			return false;
		if (at == bit) {
			*scb = b;
			return true;
		}
	}
	return false;
}

/* The PIN that security environment `se` names for user authentication. */
static ca_err
se_pin(struct ca_tx *tx, uint8_t se, uint8_t *reference)
{
	uint8_t b[ANSWER_MAX];
	struct ca_wr room = ca_wr_of(b, sizeof(b));
	struct ca_rd crts, at, v;
	uint32_t usage, ref, tag;
	ca_err e = get_object(tx, CLASS_SE, se, TAG_SE, &room, &crts);

	if (e != CA_OK)
		return e;
	while (ca_tlv_next(&crts, &tag, &at)) {
		if (tag != 0xA4 || !ca_tlv_find(at, 0x95, &v) ||
		    !ca_der_uint(v, 255, &usage) ||
		    usage != USAGE_USER_PASSWORD ||
		    !ca_tlv_find(at, 0x83, &v) || !ca_der_uint(v, 255, &ref))
			continue;
		*reference = (uint8_t)ref;
		return CA_OK;
	}
	return CA_E_NOT_FOUND;
}

ca_err
ca_iasecc_rule(struct ca_tx *tx, struct ca_rd compact, uint8_t bit,
    struct ca_rule *out)
{
	uint8_t scb, se;
	ca_err e;

	*out = (struct ca_rule){.right = CA_RIGHT_NEVER};
	if (compact.n == 0) {
		out->right = CA_RIGHT_UNKNOWN;
		return CA_OK;
	}
	/* FF first: a bit test of it looks like every condition at once. */
	if (!ca_iasecc_condition(compact, bit, &scb) || scb == SCB_NEVER)
		return CA_OK;
	if (scb == SCB_ALWAYS) {
		out->right = CA_RIGHT_FREE;
		return CA_OK;
	}
	/* We have no keys for secure messaging or external authentication. */
	if ((scb & SCB_USER) == 0 || (scb & SCB_SM) != 0 ||
	    ((scb & SCB_EXTERNAL) != 0 && (scb & SCB_ALL) != 0))
		return CA_OK;
	se = scb & 0x0F;
	out->right = CA_RIGHT_PIN;
	if (se == 0 || se == 0x0F)
		return CA_OK;
	e = se_pin(tx, se, &out->pin_reference);
	if (e == CA_E_NOT_FOUND || e == CA_E_UNSUPPORTED ||
	    e == CA_E_AUTH_NEEDED || e == CA_E_DATA || e == CA_E_MALFORMED) {
		out->right = CA_RIGHT_UNKNOWN; /* which PIN it is */
		return CA_OK;
	}
	return e;
}

/* An unsigned number of one or two bytes, 0 where there is none. */
static size_t
small_number(struct ca_rd in, uint32_t tag)
{
	struct ca_rd v;
	uint16_t two;
	uint8_t one;

	if (!ca_tlv_find(in, tag, &v))
		return 0;
	if (v.n == 1 && ca_rd_u8(&v, &one))
		return one;
	return v.n == 2 && ca_rd_u16(&v, &two) ? two : 0;
}

/* The rules in control information: 8C alone, or in A1. */
static struct ca_rd
rules_in(struct ca_rd control)
{
	struct ca_rd a1, v = {NULL, 0};

	if (ca_tlv_find(control, 0xA1, &a1) && ca_tlv_find(a1, 0x8C, &v))
		return v;
	if (!ca_tlv_find(control, 0x8C, &v))
		v = ca_rd_of(NULL, 0);
	return v;
}

ca_err
ca_iasecc_pin(struct ca_tx *tx, uint8_t reference, struct ca_pin_object *out)
{
	uint8_t b[ANSWER_MAX];
	struct ca_wr room = ca_wr_of(b, sizeof(b));
	struct ca_rd content, compact, v;
	uint8_t left, ref = reference & 0x1F;
	ca_err e;

	*out = (struct ca_pin_object){.tries_left = -1};
	/* The data part may be missing where the control part is not. */
	e = get_object(tx, CLASS_PIN, ref, TAG_PIN_DATA, &room, &content);
	if (e == CA_OK) {
		out->max = small_number(content, 0x80);
		out->min = small_number(content, 0x81);
	}
	e = get_object(tx, CLASS_PIN, ref, TAG_CONTROL, &room, &content);
	if (e != CA_OK)
		return e;
	out->stored = small_number(content, 0x80);
	out->tries_max = (unsigned)small_number(content, 0x9A);
	if (ca_tlv_find(content, 0x9B, &v) && v.n == 1 && ca_rd_u8(&v, &left))
		out->tries_left = left;
	compact = rules_in(content);
	e = ca_iasecc_rule(tx, compact, CA_AM_PIN_CHANGE, &out->change);
	if (e != CA_OK)
		return e;
	return ca_iasecc_rule(tx, compact, CA_AM_PIN_RESET, &out->reset);
}

ca_err
ca_iasecc_public(struct ca_tx *tx, uint8_t reference, struct ca_buf *spki)
{
	uint8_t b[ANSWER_MAX];
	struct ca_wr room = ca_wr_of(b, sizeof(b));
	struct ca_rd content, modulus, exponent;
	ca_err e = get_object(tx, CLASS_PUBLIC, reference & 0x1F,
	    TAG_PUBLIC_DATA, &room, &content);

	if (e != CA_OK)
		return e;
	if (!ca_tlv_find(content, 0x81, &modulus) ||
	    !ca_tlv_find(content, 0x82, &exponent))
		return CA_E_NOT_FOUND;
	return ca_p15_spki_rsa(modulus, exponent, spki);
}

ca_err
ca_iasecc_update_rule(struct ca_tx *tx, struct ca_rd fid, struct ca_rule *out,
    size_t *size)
{
	uint8_t b[ANSWER_MAX];
	struct ca_wr room = ca_wr_of(b, sizeof(b));
	struct ca_apdu cmd = {.ins = 0xA4,
	    .p1 = 0x02,
	    .p2 = 0x04,
	    .data = fid,
	    .le = CA_LE_SHORT};
	struct ca_rd r, fcp;
	uint16_t sw;
	ca_err e = ca_tx_send(tx, &cmd, &room, &sw);

	if (e != CA_OK || (e = ca_sw_err(sw)) != CA_OK)
		return e;
	r = ca_wr_rd(&room);
	if (!ca_tlv_expect(&r, 0x62, &fcp))
		return CA_E_UNSUPPORTED;
	*size = small_number(fcp, 0x80);
	return ca_iasecc_rule(tx, rules_in(fcp), CA_AM_EF_UPDATE, out);
}
