#include "tests/unit/pad.h"

#include "tests/unit/script.h"

static ca_err
control(void *link, uint32_t code, struct ca_rd in, struct ca_wr *resp)
{
	struct ut_pad *p = link;
	uint8_t room[300];

	if (p->asked_n == 0)
		UT_OK(ca_rd_copy(in, p->seen, sizeof(p->seen), &p->seen_n));
	if (p->asked_n < UT_PAD_STEPS)
		p->asked[p->asked_n] = code;
	p->asked_n++;
	resp->n = 0;
	resp->failed = false;
	if (p->fails != CA_OK)
		return p->fails;
	for (size_t i = 0; i < UT_PAD_STEPS; i++)
		if (p->steps[i].code == code && p->steps[i].answer != NULL) {
			ca_wr_bytes(resp,
			    ut_bytes(p->steps[i].answer, room, sizeof(room)));
			return ca_wr_ok(resp) ? CA_OK : CA_E_MALFORMED;
		}
	return CA_E_IO;
}

const struct ca_transport_ops ut_pad_ops = {.control = control};
