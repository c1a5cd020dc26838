/* The FCP of each file of the PKI SIM (TS 102 221 11.1.1.3), and lies in it. */
#include "tests/sim/sim_der.h"
#include "tests/sim/sim_uicc.h"

/* PIN status: which of the PINs that count here are enabled, and which they
 * are. */
static void
pin_status(const struct ca_sim *s, const struct ca_sim_file *f, struct ca_wr *w)
{
	uint8_t refs[3] = {CA_SIM_UICC_SUBSCRIBER};
	uint8_t enabled = 0;
	size_t n = 1;
	size_t m = ca_sim_der_open(w, 0xC6);

	if (f->fid == CA_SIM_UICC_APP) {
		if (s->o.pin2_ref > CA_SIM_UICC_SUBSCRIBER)
			refs[n++] = (uint8_t)s->o.pin2_ref;
		if (s->o.pin_ref != CA_SIM_UICC_SUBSCRIBER)
			refs[n++] = (uint8_t)s->o.pin_ref;
	}
	for (size_t i = 0; i < n; i++)
		if (!ca_sim_uicc_is(s, "pin-g-off") || refs[i] != s->o.pin2_ref)
			enabled |= (uint8_t)(0x80 >> i);
	ca_sim_der_byte(w, 0x90, enabled);
	for (size_t i = 0; i < n; i++)
		ca_sim_der_byte(w, 0x83, refs[i]);
	ca_sim_der_close(w, m);
	if (ca_sim_bad(s, "fcp-pins") && w->n > 2)
		w->p[w->n - 2] = 0x7F; /* the length of the last reference */
}

static void
df_fields(const struct ca_sim *s, const struct ca_sim_file *f, struct ca_wr *w)
{
	uint16_t fid = f->aid_n > 0 ? 0x7FFF : f->fid;

	ca_wr_mem(w, "\x82\x02\x78\x21\x83\x02", 6);
	ca_wr_u16(w, fid);
	if (f->aid_n > 0)
		ca_wr_tlv(w, 0x84, ca_rd_of(f->aid, f->aid_n));
	ca_wr_mem(w, "\xA5\x03\x80\x01\x71\x8A\x01\x05", 8);
	ca_wr_mem(w, "\x8B\x03\x2F\x06\x01", 5);
	pin_status(s, f, w);
}

static void
ef_fields(const struct ca_sim *s, const struct ca_sim_file *f, struct ca_wr *w)
{
	if (f->record == 0) {
		ca_wr_mem(w, "\x82\x02\x41\x21", 4);
	} else if (ca_sim_bad(s, "record-short")) {
		ca_wr_mem(w, "\x82\x02\x42\x21", 4);
	} else {
		ca_wr_mem(w, "\x82\x05\x42\x21", 4);
		ca_wr_u16(w,
		    ca_sim_bad(s, "record0") ? 0 : (uint16_t)f->record);
		ca_wr_u8(w, (uint8_t)(f->data.n / f->record));
	}
	ca_wr_mem(w, "\x83\x02", 2);
	ca_wr_u16(w, f->fid);
	ca_wr_mem(w, "\x8A\x01\x05\x80\x02", 5);
	ca_wr_u16(w, (uint16_t)f->data.n);
	if (ca_sim_bad(s, "fcp-inner") && w->n > 3)
		w->p[w->n - 3] = 0x7F; /* the length of the size */
}

void
ca_sim_uicc_fcp(const struct ca_sim *s, const struct ca_sim_file *f, uint8_t p2,
    struct ca_wr *body)
{
	uint8_t room[128];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	size_t from = body->n;

	(void)p2; /* the template is 62 for whoever asks */
	if (f->df)
		df_fields(s, f, &w);
	else
		ef_fields(s, f, &w);
	ca_wr_tlv(body, 0x62, ca_wr_rd(&w));
	body->failed |= w.failed;
	if (ca_sim_bad(s, "fcp-long") && !body->failed)
		body->p[from + 1] = 0x7E;
}
