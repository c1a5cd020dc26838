/* What an IDPrime card tells of itself and its PINs; see sim_idprime.h. */
#include "pcsc/base/tlv.h"
#include "tests/sim/sim_der.h"
#include "tests/sim/sim_idprime.h"

/* Card production life cycle data: 42 bytes, the ninth of them tells the
 * version of the operating system. */
static void
cplc(struct ca_sim *s, struct ca_wr *body)
{
	uint8_t version =
	    (uint8_t)(s->o.cplc != 0 ? s->o.cplc
				     : ca_sim_idp_of(s)->model->cplc);

	ca_wr_mem(body, "\x9F\x7F\x2A\x40\x90\x33\x12\x12\x91\x61\x80", 11);
	ca_wr_u8(body, version);
	ca_wr_fill(body, 0x00, 42 - 9);
}

uint16_t
ca_sim_idp_get_data(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	const char *version = ca_sim_idp_of(s)->model->version;

	if (c->data.n > 0 || !c->has_le)
		return SW_LENGTH;
	if (c->p1 == 0x9F && c->p2 == 0x7F)
		cplc(s, body);
	else if (c->p1 == 0xDF && c->p2 == 0x30 && ca_sim_idp_of(s)->selected)
		ca_sim_der_text(body, 0xDF30, version);
	else
		return SW_NO_REFERENCE;
	return SW_OK;
}

/* 00 CB 00 FF, A0 { 83 reference }: the object of a PIN, as a real card gave
 * that of 83. DF28 is the greatest length. */
uint16_t
ca_sim_idp_pin_object(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_rd r = c->data;
	struct ca_rd ref;
	uint8_t b = 0;
	size_t m;

	if (c->p1 != 0x00 || c->p2 != 0xFF)
		return SW_P1P2;
	if (!ca_tlv_expect(&r, 0xA0, &r) || !ca_tlv_expect(&r, 0x83, &ref) ||
	    !ca_rd_u8(&ref, &b) || !ca_rd_end(&ref) || !ca_rd_end(&r))
		return SW_DATA;
	if (!ca_sim_idp_of(s)->selected || ca_sim_pin_find(s, b) == NULL)
		return SW_NO_REFERENCE;
	m = ca_sim_der_open(body, 0xA0);
	ca_sim_der_byte(body, 0x83, b);
	ca_wr_tlv(body, 0x8C, ca_rd_of("\xF0\x00\x00\x00", 4));
	ca_wr_tlv(body, 0x9C, ca_rd_of("\xF0\x00\x00\x00", 4));
	ca_wr_tlv(body, 0xDF21, ca_rd_of("\x00\xFF\xA5\x04", 4));
	ca_wr_tlv(body, 0xDF27, ca_rd_of("\xFF\xFF", 2));
	ca_sim_der_byte(body, 0xDF28, (uint8_t)s->o.pin_max);
	ca_sim_der_close(body, m);
	return SW_OK;
}

/* 00 21 00 reference: the maker's way to ask for the tries left. */
uint16_t
ca_sim_idp_query(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	return c->data.n > 0 ? SW_LENGTH : ca_sim_verify(s, c, body);
}
