/* See the header. Names and numbers are those of pcsc-lite's reader.h. */
#include "pcsc/transport/features.h"

#include <reader.h>
#include <string.h>

#include "pcsc/base/log.h"

#define ROOM "transport"
#define ANSWER_MAX 256 /* room for 42 features; libccid has six */
#define CODE_BYTES 4
#define CONDITIONS 0x07 /* the bits that have a meaning */
/* dwMaxAPDUDataSize: up to 256 is a reader for short APDUs; 10000 is all that
 * an extended one can have. */
#define SHORT_MAX 0x100u
#define EXTENDED_MAX 0x10000u

/* The control codes that are of use here, by feature. */
struct codes {
	uint32_t of[FEATURE_EXECUTE_PACE + 1];
};

static bool
read_u32(struct ca_rd *r, uint32_t *out)
{
	uint16_t hi, lo;

	if (!ca_rd_u16(r, &hi) || !ca_rd_u16(r, &lo))
		return false;
	*out = (uint32_t)hi << 16 | lo;
	return true;
}

/* A list of features: tag, length 4, control code with its highest byte first
 * whatever the host (part 10, 2.2). The first of a kind counts. */
static bool
read_codes(struct ca_rd list, struct codes *out)
{
	memset(out, 0, sizeof(*out));
	while (list.n > 0) {
		uint8_t tag, len;
		uint32_t code;

		if (!ca_rd_u8(&list, &tag) || !ca_rd_u8(&list, &len) ||
		    len != CODE_BYTES || !read_u32(&list, &code)) {
			memset(out, 0, sizeof(*out));
			return false;
		}
		if (tag < CA_COUNT(out->of) && out->of[tag] == 0)
			out->of[tag] = code;
	}
	return true;
}

/* A number with its lowest byte first. */
static uint32_t
number(struct ca_rd v)
{
	uint32_t value = 0;
	uint8_t b;

	for (unsigned shift = 0; shift < 32 && ca_rd_u8(&v, &b); shift += 8)
		value |= (uint32_t)b << shift;
	return value;
}

static size_t
max_apdu(uint32_t told)
{
	if (told <= SHORT_MAX)
		return 0;
	return told <= EXTENDED_MAX ? told : EXTENDED_MAX;
}

/* Of another size than the standard's it is something else. */
static void
take_property(struct ca_features *f, uint8_t tag, struct ca_rd v)
{
	if (tag == PCSCv2_PART10_PROPERTY_wLcdLayout && v.n == 2)
		f->display = number(v) != 0;
	else if (tag == PCSCv2_PART10_PROPERTY_bEntryValidationCondition &&
		 v.n == 1)
		f->conditions = number(v) & CONDITIONS;
	else if (tag == PCSCv2_PART10_PROPERTY_bMinPINSize && v.n == 1)
		f->digits_min = number(v);
	else if (tag == PCSCv2_PART10_PROPERTY_bMaxPINSize && v.n == 1)
		f->digits_max = number(v);
	else if (tag == PCSCv2_PART10_PROPERTY_dwMaxAPDUDataSize && v.n == 4) {
		f->max_told = true;
		f->max_apdu = max_apdu(number(v));
	}
}

static bool
read_properties(struct ca_rd list, struct ca_features *f)
{
	struct ca_features got = *f;

	while (list.n > 0) {
		uint8_t tag, len;
		struct ca_rd v;

		if (!ca_rd_u8(&list, &tag) || !ca_rd_u8(&list, &len) ||
		    !ca_rd_take(&list, len, &v))
			return false;
		take_property(&got, tag, v);
	}
	*f = got;
	return true;
}

/* PIN_PROPERTIES_STRUCTURE: display (two bytes, of which only "none" counts
 * here), conditions, whether it knows two times. */
static bool
read_pin_properties(struct ca_rd r, struct ca_features *f)
{
	uint16_t display;
	uint8_t conditions, times;

	if (!ca_rd_u16(&r, &display) || !ca_rd_u8(&r, &conditions) ||
	    !ca_rd_u8(&r, &times) || !ca_rd_end(&r))
		return false;
	f->display = display != 0;
	f->conditions = conditions & CONDITIONS;
	return true;
}

/* Asks with a code; false when there is none, or no answer. */
static bool
ask(const struct ca_transport_ops *ops, void *link, uint32_t code,
    struct ca_wr *answer)
{
	return code != 0 &&
	       ops->control(link, code, (struct ca_rd){NULL, 0}, answer) ==
		   CA_OK &&
	       ca_wr_ok(answer);
}

/* A pair counts when it is whole; what does all in one goes before it. */
static void
take_way(const struct codes *c, uint8_t direct, uint8_t start, uint8_t finish,
    uint32_t *first, uint32_t *last)
{
	*first = c->of[direct];
	*last = 0;
	if (*first == 0 && c->of[start] != 0 && c->of[finish] != 0) {
		*first = c->of[start];
		*last = c->of[finish];
	}
}

void
ca_features_learn(const struct ca_transport_ops *ops, void *link,
    struct ca_features *out)
{
	uint8_t b[ANSWER_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct codes c;

	memset(out, 0, sizeof(*out));
	if (ops->control == NULL || !ask(ops, link, CA_CONTROL_FEATURES, &w))
		return;
	if (!read_codes(ca_wr_rd(&w), &c)) {
		ca_log(CA_LOG_WARN, ROOM, "the reader's features are no list");
		return;
	}
	take_way(&c, FEATURE_VERIFY_PIN_DIRECT, FEATURE_VERIFY_PIN_START,
	    FEATURE_VERIFY_PIN_FINISH, &out->verify, &out->verify_finish);
	take_way(&c, FEATURE_MODIFY_PIN_DIRECT, FEATURE_MODIFY_PIN_START,
	    FEATURE_MODIFY_PIN_FINISH, &out->modify, &out->modify_finish);
	if (out->verify != 0 &&
	    ask(ops, link, c.of[FEATURE_IFD_PIN_PROPERTIES], &w) &&
	    !read_pin_properties(ca_wr_rd(&w), out))
		ca_log(CA_LOG_WARN, ROOM, "PIN properties of %zu bytes", w.n);
	if (ask(ops, link, c.of[FEATURE_GET_TLV_PROPERTIES], &w) &&
	    !read_properties(ca_wr_rd(&w), out))
		ca_log(CA_LOG_WARN, ROOM,
		    "the reader's properties are no list");
}
