/*
 * What a reader answers by itself (PC/SC part 10 with its amendment 1): which
 * features it has, their properties, and the holder's side of it.
 */
#include <stdio.h>
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_world.h"

/* Features by their tags. The control code of each is this plus its tag. */
#define CODES 0x42000E00u
enum {
	VERIFY_START = 0x01,
	VERIFY_FINISH = 0x02,
	MODIFY_START = 0x03,
	MODIFY_FINISH = 0x04,
	VERIFY_DIRECT = 0x06,
	MODIFY_DIRECT = 0x07,
	PIN_PROPERTIES = 0x0A,
	TLV_PROPERTIES = 0x12,
};

#define DISPLAY 0x0210 /* two lines of 16 */
#define CONDITIONS 0x07

static void
put_u32(struct ca_wr *w, uint32_t v)
{
	ca_wr_u16(w, (uint16_t)(v >> 16));
	ca_wr_u16(w, (uint16_t)v);
}

static void
put_feature(struct ca_wr *w, uint8_t tag)
{
	ca_wr_u8(w, tag);
	ca_wr_u8(w, 4);
	put_u32(w, CODES + tag);
}

static void
put_hex(struct ca_wr *w, const char *text)
{
	uint8_t b[256];
	size_t n = 0;

	if (ca_hex_parse(text, b, sizeof(b), &n))
		ca_wr_mem(w, b, n);
}

static bool
has_keypad(const struct ca_sim_slot *s)
{
	return s->info.keypad.verify || s->info.keypad.modify;
}

static void
features(const struct ca_sim_slot *s, struct ca_wr *w)
{
	const struct ca_sim_keypad *k = &s->info.keypad;

	if (k->features != NULL) {
		put_hex(w, k->features);
		return;
	}
	if (k->verify && k->pair) {
		put_feature(w, VERIFY_START);
		put_feature(w, VERIFY_FINISH);
	} else if (k->verify) {
		put_feature(w, VERIFY_DIRECT);
	}
	if (k->modify && k->pair) {
		put_feature(w, MODIFY_START);
		put_feature(w, MODIFY_FINISH);
	} else if (k->modify) {
		put_feature(w, MODIFY_DIRECT);
	}
	if (has_keypad(s))
		put_feature(w, PIN_PROPERTIES);
	put_feature(w, TLV_PROPERTIES);
}

/* Lowest byte first. */
static void
put_property(struct ca_wr *w, uint8_t tag, uint8_t n, uint32_t v)
{
	ca_wr_u8(w, tag);
	ca_wr_u8(w, n);
	for (unsigned i = 0; i < n; i++)
		ca_wr_u8(w, (uint8_t)(v >> (8 * i)));
}

static void
properties(const struct ca_sim_slot *s, struct ca_wr *w)
{
	const struct ca_sim_keypad *k = &s->info.keypad;
	size_t max = s->info.max_apdu;

	if (k->properties != NULL) {
		put_hex(w, k->properties);
		return;
	}
	put_property(w, 1, 2, k->display ? DISPLAY : 0);
	put_property(w, 3, 1, 0);
	ca_wr_u16(w, 0x0803); /* its firmware's name */
	ca_wr_mem(w, "1.0", 3);
	if (k->min > 0)
		put_property(w, 6, 1, k->min);
	if (k->max > 0)
		put_property(w, 7, 1, k->max);
	if (max > 0 || s->info.tells_short)
		put_property(w, 10, 4, max < 0x10000 ? (uint32_t)max : 0x10000);
	put_property(w, 11, 2, 0x1234);
}

static void
pin_properties(const struct ca_sim_slot *s, struct ca_wr *w)
{
	uint16_t display = s->info.keypad.display ? DISPLAY : 0;

	ca_wr_mem(w, &display, sizeof(display)); /* in the host's order */
	ca_wr_u8(w, CONDITIONS);
	ca_wr_u8(w, 0);
}

static bool
has(const struct ca_sim_slot *s, uint32_t tag)
{
	const struct ca_sim_keypad *k = &s->info.keypad;

	switch (tag) {
	case VERIFY_START:
	case VERIFY_FINISH:
		return k->verify && k->pair;
	case MODIFY_START:
	case MODIFY_FINISH:
		return k->modify && k->pair;
	case VERIFY_DIRECT:
		return k->verify && !k->pair;
	case MODIFY_DIRECT:
		return k->modify && !k->pair;
	case PIN_PROPERTIES:
		return has_keypad(s);
	case TLV_PROPERTIES:
		return true;
	default:
		return false;
	}
}

bool
ca_sim_keypad_is_entry(uint32_t code)
{
	uint32_t tag = code - CODES;

	return tag >= VERIFY_START && tag <= MODIFY_DIRECT;
}

static ca_err
begin_entry(struct ca_sim_slot *s, uint32_t tag, struct ca_rd in)
{
	bool modify = tag == MODIFY_START || tag == MODIFY_DIRECT;

	s->started = false;
	s->modify = modify;
	return ca_rd_copy(in, s->structure, sizeof(s->structure),
		   &s->structure_n)
		   ? CA_OK
		   : CA_E_IO;
}

static ca_err
entry(struct ca_sim_world *w, struct ca_sim_slot *s, uint32_t tag,
    struct ca_rd in, struct ca_wr *resp)
{
	bool finish = tag == VERIFY_FINISH || tag == MODIFY_FINISH;
	bool start = tag == VERIFY_START || tag == MODIFY_START;
	uint16_t sw;
	ca_err e;

	if (finish) {
		if (!s->started || s->modify != (tag == MODIFY_FINISH) ||
		    in.n > 0)
			return CA_E_IO;
		s->started = false;
		return ca_sim_entry_run(w, s, resp);
	}
	if ((e = begin_entry(s, tag, in)) != CA_OK)
		return e;
	if ((sw = ca_sim_entry_check(s)) != 0x9000) {
		ca_wr_u16(resp, sw);
		return ca_wr_ok(resp) ? CA_OK : CA_E_MALFORMED;
	}
	s->started = start;
	return start ? CA_OK : ca_sim_entry_run(w, s, resp);
}

ca_err
ca_sim_keypad_control(struct ca_sim_world *w, struct ca_sim_slot *s,
    uint32_t code, struct ca_rd in, struct ca_wr *resp)
{
	uint32_t tag = code - CODES;

	if (code != CA_CONTROL_FEATURES && !has(s, tag))
		return CA_E_IO;
	if (code == CA_CONTROL_FEATURES)
		features(s, resp);
	else if (tag == PIN_PROPERTIES)
		pin_properties(s, resp);
	else if (tag == TLV_PROPERTIES)
		properties(s, resp);
	else
		return entry(w, s, tag, in, resp);
	return ca_wr_ok(resp) ? CA_OK : CA_E_MALFORMED;
}

/* ---- the holder ---- */

void
ca_sim_world_keys(struct ca_sim_world *w, const char *reader, const char *keys)
{
	struct ca_sim_slot *s;

	ca_sim_world_lock(w);
	if ((s = ca_sim_slot_find(w, reader)) != NULL)
		(void)snprintf(s->keys, sizeof(s->keys), "%s", keys);
	ca_sim_world_unlock(w);
}

uint64_t
ca_sim_world_entries(struct ca_sim_world *w, const char *reader)
{
	const struct ca_sim_slot *s;
	uint64_t n;

	ca_sim_world_lock(w);
	s = ca_sim_slot_find(w, reader);
	n = s != NULL ? s->entries : 0;
	ca_sim_world_unlock(w);
	return n;
}

void
ca_sim_world_structure(struct ca_sim_world *w, const char *reader,
    struct ca_wr *out)
{
	const struct ca_sim_slot *s;

	ca_sim_world_lock(w);
	if ((s = ca_sim_slot_find(w, reader)) != NULL)
		ca_wr_mem(out, s->structure, s->structure_n);
	ca_sim_world_unlock(w);
}
