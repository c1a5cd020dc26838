/* What a certificate file holds when the card is not as it should be. */
#include "tests/sim/sim_card.h"

#define PACKED 1100

/*
 * Tag 7A with a raw deflate stream in it that reaches back behind its own
 * beginning, as one does that was made with a preset dictionary: its first
 * symbol copies from 24 KiB before the first byte. The rest is noise.
 */
static ca_err
packed(struct ca_buf *out)
{
	uint8_t room[PACKED + 8];
	uint32_t noise = 1;
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	ca_wr_mem(&w, "\x7A\x82", 2);
	ca_wr_u16(&w, PACKED);
	ca_wr_mem(&w, "\x03\x5E", 2);
	for (size_t i = 2; i < PACKED; i++) {
		noise = noise * 1664525U + 1013904223U;
		ca_wr_u8(&w, (uint8_t)(noise >> 24));
	}
	return ca_wr_ok(&w) ? ca_buf_set(out, ca_wr_rd(&w)) : CA_E_BUG;
}

ca_err
ca_sim_leaf_content(const struct ca_sim *s, size_t i, struct ca_buf *out)
{
	static const char junk[] = "this is not a certificate at all, but the "
				   "file is where the directory says";
	static const uint8_t zeros[300];
	struct ca_rd der = ca_buf_rd(&s->leaf[i]);

	if (i > 0)
		return ca_buf_set(out, der);
	switch ((enum ca_sim_cert)s->o.cert) {
	case CA_SIM_CERT_GOOD:
		break;
	case CA_SIM_CERT_JUNK:
		der = ca_rd_of(junk, sizeof(junk));
		break;
	case CA_SIM_CERT_EMPTY:
		der = ca_rd_of(zeros, sizeof(zeros));
		break;
	case CA_SIM_CERT_CUT:
		der.n /= 2;
		break;
	case CA_SIM_CERT_OTHER:
		return ca_sim_cert_other(s, out);
	case CA_SIM_CERT_NONE:
		return CA_E_NOT_FOUND;
	case CA_SIM_CERT_PACKED:
		return packed(out);
	}
	return ca_buf_set(out, der);
}
