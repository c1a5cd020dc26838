/* The signature of the WIM: MSE RESTORE, MSE SET, PSO. */
#include "pcsc/base/tlv.h"
#include "tests/sim/sim_uicc.h"

#define MSE_SET 0x41
#define MSE_RESTORE 0xF3
#define CRT_SIGN 0xB6

static int
key_by_ref(const struct ca_sim *s, uint8_t ref)
{
	for (size_t i = 0; i < s->keys_n; i++)
		if (s->keys[i].ref == ref)
			return (int)i;
	return -1;
}

/* The key that a path ends in. */
static int
key_by_path(const struct ca_sim *s, struct ca_rd path)
{
	uint16_t fid = 0;

	while (path.n > 0)
		if (!ca_rd_u16(&path, &fid))
			return -1;
	return fid >= CA_SIM_UICC_KEY && fid < CA_SIM_UICC_KEY + (int)s->keys_n
		   ? fid - CA_SIM_UICC_KEY
		   : -1;
}

/* Tags 84 and 81 must mean the same key; 80 is not needed after RESTORE. */
static uint16_t
mse_set(struct ca_sim *s, struct ca_rd r)
{
	struct ca_sim_se se = s->se[CA_SIM_OP_SIGN];
	struct ca_rd v;
	uint32_t tag = 0;
	int by_ref = -1;
	int by_path = -1;

	while (r.n > 0) {
		uint8_t b = 0;
		bool one;

		if (!ca_tlv_next(&r, &tag, &v))
			return SW_DATA;
		if (tag == 0x81) {
			by_path = key_by_path(s, v);
			if (by_path < 0)
				return SW_NO_REFERENCE;
			continue;
		}
		one = ca_rd_u8(&v, &b) && ca_rd_end(&v);
		if (tag == 0x84 && one) {
			by_ref = key_by_ref(s, b);
			if (by_ref < 0)
				return SW_NO_REFERENCE;
		} else if (tag == 0x80 && one && b == CA_SIM_UICC_ALG) {
			se.alg = b;
		} else {
			return SW_DATA;
		}
	}
	/* A directory without references leaves the file alone. */
	if (by_ref < 0 && (s->o.missing & CA_SIM_NO_KEY_REFERENCE) != 0)
		by_ref = by_path;
	if (by_ref < 0 || (by_path >= 0 && by_path != by_ref))
		return SW_NO_REFERENCE;
	se.key = s->keys[by_ref].ref;
	if (ca_sim_uicc_is(s, "no-restore") || !ca_sim_uicc_wim(s))
		se.alg = s->keys[by_ref].ec ? CA_SIM_UICC_EC : CA_SIM_UICC_ALG;
	s->se[CA_SIM_OP_SIGN] = se;
	return SW_OK;
}

uint16_t
ca_sim_uicc_mse(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	(void)body;
	if (!ca_sim_uicc_inside(s, s->df))
		return SW_CONDITIONS;
	if (c->p1 == MSE_RESTORE && !ca_sim_uicc_wim(s))
		return SW_NOT_SUPPORTED;
	if (c->p1 == MSE_RESTORE) {
		if (c->data.n > 0)
			return SW_LENGTH;
		if (c->p2 != CA_SIM_UICC_SE)
			return SW_NO_REFERENCE;
		s->se[CA_SIM_OP_SIGN] =
		    (struct ca_sim_se){.alg = CA_SIM_UICC_ALG, .key = -1};
		return SW_OK;
	}
	if (c->p1 != MSE_SET || c->p2 != CRT_SIGN)
		return SW_P1P2;
	return c->data.n > 0 ? mse_set(s, c->data) : SW_LENGTH;
}

/* PIN-NR is good for one signature, and not verified after it. */
uint16_t
ca_sim_uicc_pso(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	uint16_t sw;
	int i;

	if (!ca_sim_uicc_inside(s, s->df))
		return SW_CONDITIONS;
	sw = ca_sim_pso(s, c, body);
	i = key_by_ref(s, (uint8_t)s->se[CA_SIM_OP_SIGN].key);
	if (sw == SW_OK && ca_sim_uicc_is(s, "se-once"))
		s->se[CA_SIM_OP_SIGN] =
		    (struct ca_sim_se){.alg = -1, .key = -1};
	if (sw == SW_OK && i >= 0 && s->keys[i].consent) {
		struct ca_sim_pin *p = ca_sim_pin_find(s, s->keys[i].pin);

		if (p != NULL)
			p->verified = p->fresh = false;
	}
	return sw;
}
