/*
 * Commands in the secure channel of the epass2003: enciphered, with a MAC that
 * a counter starts; the answers likewise, or spoilt as the options say.
 */
#include <string.h>

#include "pcsc/base/tlv.h"
#include "tests/sim/sim_epass2003.h"

#define HALF 8 /* bytes of a MAC */
#define ROOM 2048

/* The counter is as long as a block: with 3DES it is the MAC of step 2 itself,
 * with AES zeros stand behind that. */
static void
count_on(struct ca_sim_ep *ep)
{
	for (size_t i = ca_sim_ft_block(&ep->mac); i-- > 0;)
		if (++ep->counter[i] != 0)
			return;
}

/* The parts of a wrapped command. */
struct parts {
	struct ca_rd cipher, le, mac;
	struct ca_rd signed_part; /* 87 and 97 as they came */
};

static bool
split(struct ca_rd r, struct parts *p)
{
	struct ca_rd whole = r;
	uint32_t tag = 0;

	*p = (struct parts){0};
	if (ca_tlv_expect(&r, 0x87, &p->cipher) && p->cipher.n == 0)
		return false;
	if (ca_tlv_expect(&r, 0x97, &p->le) && (p->le.n == 0 || p->le.n > 2))
		return false;
	return ca_rd_take(&whole, whole.n - r.n, &p->signed_part) &&
	       ca_tlv_next(&r, &tag, &p->mac) && tag == 0x8E &&
	       p->mac.n == HALF && r.n == 0;
}

/* Data objects behind what w holds already, then the MAC. The FIPS variant
 * leaves the padding to CMAC. */
static bool
finish_mac(struct ca_sim *s, struct ca_wr *w, struct ca_rd objects,
    uint8_t out[HALF])
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	uint8_t mac[16];

	ca_wr_bytes(w, objects);
	if (s->o.sm == CA_SIM_SM_FIPS) {
		if (!ca_wr_ok(w) ||
		    !ca_sim_ft_cmac(ep->mac.b, ep->counter, ca_wr_rd(w), mac))
			return false;
		memcpy(out, mac, HALF);
		return true;
	}
	if (objects.n > 0)
		ca_sim_ft_pad(w, ca_sim_ft_block(&ep->mac));
	return ca_wr_ok(w) &&
	       ca_sim_ft_mac(&ep->mac, ep->counter, ca_wr_rd(w), out);
}

/* Header and data objects, each padded to blocks. One command of the FIPS
 * variant, the question for tries left, has its bare header signed (seen with
 * OpenSC). */
static bool
command_mac(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_rd objects,
    uint8_t out[HALF])
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	uint8_t room[ROOM];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	bool bare = s->o.sm == CA_SIM_SM_FIPS && objects.n == 0 &&
		    c->ins == 0x82 && c->p1 == 0x01;

	ca_wr_u8(&w, c->cla);
	ca_wr_u8(&w, c->ins);
	ca_wr_u8(&w, c->p1);
	ca_wr_u8(&w, c->p2);
	if (!bare)
		ca_sim_ft_pad(&w, ca_sim_ft_block(&ep->mac));
	return finish_mac(s, &w, objects, out);
}

static bool
take_le(struct ca_rd le, struct ca_sim_cmd *out)
{
	uint16_t v = 0;
	uint8_t b = 0;

	out->has_le = le.n > 0;
	if (le.n == 2 && ca_rd_u16(&le, &v))
		out->le = v != 0 ? v : 65536;
	else if (le.n == 1 && ca_rd_u8(&le, &b))
		out->le = b != 0 ? b : 256;
	return le.n == 0;
}

/* The command inside; its data lies in room. */
static uint16_t
unwrap(struct ca_sim *s, const struct ca_sim_cmd *c, uint8_t *room,
    struct ca_sim_cmd *out)
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	struct parts p;
	uint8_t mac[HALF];
	uint8_t pi = 0;

	if (!split(c->data, &p))
		return CA_SIM_FT_SW_NO_SM;
	if (!command_mac(s, c, p.signed_part, mac))
		return SW_LENGTH;
	if (ca_const_cmp(mac, p.mac.p, HALF) != 0)
		return CA_SIM_FT_SW_BAD_SM;
	*out = (struct ca_sim_cmd){.cla = c->cla & (uint8_t)~0x0C,
	    .ins = c->ins,
	    .p1 = c->p1,
	    .p2 = c->p2};
	if (!take_le(p.le, out))
		return CA_SIM_FT_SW_BAD_SM;
	if (p.cipher.n == 0)
		return SW_OK;
	if (!ca_rd_u8(&p.cipher, &pi) || pi != 0x01 || p.cipher.n == 0 ||
	    p.cipher.n > ROOM ||
	    !ca_sim_ft_cbc(&ep->enc, NULL, false, p.cipher, room))
		return CA_SIM_FT_SW_BAD_SM;
	out->data = ca_rd_of(room, p.cipher.n);
	return ca_sim_ft_unpad(&out->data) ? SW_OK : CA_SIM_FT_SW_BAD_SM;
}

/* 87: padding indicator and cipher text, or one of its bad forms. Real cards
 * are said to write a length of 80 to FF as one byte, which is no BER. */
static void
write_data(struct ca_sim *s, struct ca_rd body, enum ca_sim_sm_answer bad,
    struct ca_wr *w)
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	size_t block = ca_sim_ft_block(&ep->enc);
	uint8_t room[ROOM];
	struct ca_wr plain = ca_wr_of(room + 1, sizeof(room) - 1);
	size_t n;

	ca_wr_bytes(&plain, body);
	if (bad != CA_SIM_SM_NO_PADDING)
		ca_sim_ft_pad(&plain, block);
	else
		ca_wr_fill(&plain, 0x00, block - plain.n % block);
	if (!ca_wr_ok(&plain) ||
	    !ca_sim_ft_cbc(&ep->enc, NULL, true, ca_wr_rd(&plain), room + 1))
		w->failed = true;
	room[0] = 0x01;
	n = 1 + plain.n - (bad == CA_SIM_SM_CUT_BLOCK ? 3 : 0);
	if (s->o.sm_length != 0 && n <= 0xFF) {
		ca_wr_u8(w, 0x87);
		ca_wr_u8(w, (uint8_t)n);
		ca_wr_mem(w, room, n);
	} else {
		ca_wr_tlv(w, 0x87, ca_rd_of(room, n));
	}
	ca_wipe(room, sizeof(room));
}

static void
write_mac(struct ca_sim *s, enum ca_sim_sm_answer bad, struct ca_wr *w)
{
	uint8_t room[ROOM];
	uint8_t mac[HALF] = {0};
	struct ca_wr in = ca_wr_of(room, sizeof(room));

	if (w->n > 0 && !finish_mac(s, &in, ca_wr_rd(w), mac))
		w->failed = true;
	mac[HALF - 1] ^= bad == CA_SIM_SM_BAD_MAC ? 0x01 : 0x00;
	if (bad != CA_SIM_SM_NO_MAC)
		ca_wr_tlv(w, 0x8E, ca_rd_of(mac, sizeof(mac)));
}

/* The answer to this command: as it should be, or as the options spoil it. */
static uint16_t
wrap(struct ca_sim *s, struct ca_rd body, uint16_t sw, struct ca_wr *resp)
{
	enum ca_sim_sm_answer bad = CA_SIM_SM_GOOD;
	uint16_t inner = sw;
	size_t start = resp->n;

	if (++ca_sim_ep(s)->answers >= s->o.sm_from)
		bad = (enum ca_sim_sm_answer)s->o.sm_answer;
	if (bad == CA_SIM_SM_PLAIN) {
		ca_wr_bytes(resp, body);
		return sw;
	}
	if (bad == CA_SIM_SM_OTHER_SW)
		inner = sw == SW_OK ? SW_SECURITY : SW_OK;
	if (body.n > 0)
		write_data(s, body, bad, resp);
	if (bad != CA_SIM_SM_NO_SW) {
		ca_wr_u16(resp, 0x9902);
		ca_wr_u16(resp, inner);
	}
	write_mac(s, bad, resp);
	if (bad == CA_SIM_SM_CUT && resp->n > start + 5)
		resp->n = start + 5;
	return sw;
}

/* What was inside, for whoever reads the trace. What an observer could try PINs
 * on is left out. */
static void
trace(const struct ca_sim *s, const struct ca_sim_cmd *c)
{
	char text[128];
	int n = snprintf(text, sizeof(text), "inside %02X %02X %02X %02X",
	    c->cla, c->ins, c->p1, c->p2);

	if (c->data.n > 0)
		n += snprintf(text + n, sizeof(text) - (size_t)n, " Lc %zu",
		    c->data.n);
	for (size_t i = 0; i < c->data.n && i < 16; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
		    c->ins == 0xE5 || c->ins == 0x82 ? " **" : " %02X",
		    c->data.p[i]);
	if (c->has_le)
		(void)snprintf(text + n, sizeof(text) - (size_t)n, " Le %zu",
		    c->le);
	ca_sim_trace_note(s->trace, text);
}

uint16_t
ca_sim_ep_wrapped(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *resp)
{
	struct ca_sim_ep *ep = ca_sim_ep(s);
	struct ca_sim_cmd in;
	uint8_t data[ROOM];
	uint8_t room[CA_SIM_ANSWER];
	struct ca_wr body = ca_wr_of(room, sizeof(room));
	uint16_t sw;

	if (!ep->open)
		return SW_CONDITIONS;
	count_on(ep);
	sw = unwrap(s, c, data, &in);
	if (sw == SW_OK && s->o.sm_query == 0 && in.ins == 0x82 &&
	    in.data.n == 0)
		sw = CA_SIM_FT_SW_BAD_SM;
	if (sw != SW_OK) {
		ca_sim_ep_close(s);
		return sw;
	}
	trace(s, &in);
	ep->inside = true;
	sw = ca_sim_do(s, &in, &body);
	ep->inside = false;
	/* ISO/IEC 7816-4 5.1: no data without Le, none with an error. */
	if (!in.has_le || (sw != SW_OK && sw != SW_END_OF_FILE))
		body.n = 0;
	else if (body.n > in.le ||
		 (s->o.sm_exact != 0 && body.n > 0 && body.n != in.le)) {
		sw = (uint16_t)(SW_LE | (body.n & 0xFF));
		body.n = 0;
	}
	sw = wrap(s, ca_wr_rd(&body), sw, resp);
	ca_wipe(data, sizeof(data));
	ca_wipe(room, sizeof(room));
	return sw;
}
