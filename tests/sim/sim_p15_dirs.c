/* The objects in the directories, ISO/IEC 7816-15 8.3 to 8.9. */
#include <string.h>

#include "tests/sim/sim_der.h"
#include "tests/sim/sim_p15.h"

#define AUTH_PIN 0x01
#define AUTH_PUK 0x02
#define AUTH_PIN2 0x03

/* CommonObjectAttributes.flags */
#define PRIVATE (1U << 0)
#define MODIFIABLE (1U << 1)

/* PinAttributes.pinFlags */
#define PIN_CASE (1U << 0)
#define PIN_LOCAL (1U << 1)
#define PIN_INITIALIZED (1U << 4)
#define PIN_PADDING (1U << 5)
#define PIN_UNBLOCKING (1U << 6)
#define PIN_SO (1U << 7)

/* sensitive, alwaysSensitive, neverExtractable, local */
#define KEY_ACCESS (1U << 0 | 1U << 2 | 1U << 3 | 1U << 4)

static void
common(const struct ca_sim *s, struct ca_wr *w, const char *label,
    uint32_t flags, uint8_t auth, uint32_t consent)
{
	size_t m = ca_sim_der_open(w, 0x30);

	if (!(s->o.missing & CA_SIM_NO_OBJECT_LABELS))
		ca_sim_der_text(w, 0x0C, label);
	ca_sim_der_bits(w, 0x03, flags);
	if (auth != 0)
		ca_sim_der_byte(w, 0x04, auth);
	if (consent != 0)
		ca_sim_der_uint(w, 0x02, consent);
	ca_sim_der_close(w, m);
}

/* Ends an object, with a field nobody knows if the card is to be odd. */
static void
finish(const struct ca_sim *s, struct ca_wr *w, size_t object)
{
	if (s->o.unknown != 0)
		ca_wr_mem(w, "\x8E\x01\x2A", 3);
	ca_sim_der_close(w, object);
}

static void
pin_attributes(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w, uint32_t ref, uint32_t flags)
{
	size_t type = ca_sim_der_open(w, 0xA1);
	size_t seq = ca_sim_der_open(w, 0x30);

	if (s->o.pin_local != 0)
		flags |= PIN_LOCAL;
	if (s->o.pin_padding != 0)
		flags |= PIN_PADDING;
	ca_sim_der_bits(w, 0x03, flags | PIN_CASE | PIN_INITIALIZED);
	ca_sim_der_byte(w, 0x0A, l->pin_type != 0 ? l->pin_type : 1);
	ca_sim_der_uint(w, 0x02, s->o.pin_min);
	ca_sim_der_uint(w, 0x02, s->o.pin_stored);
	if (!(s->o.missing & CA_SIM_NO_PIN_MAX))
		ca_sim_der_uint(w, 0x02, s->o.pin_max);
	if (!(s->o.missing & CA_SIM_NO_PIN_REFERENCE))
		ca_sim_der_uint(w, 0x80, l->pin_number ? ref & 0x1F : ref);
	ca_sim_der_byte(w, 0x04, (uint8_t)s->o.pin_pad);
	if (l->pin_path.n > 0 && !(s->o.missing & CA_SIM_NO_PIN_PATH))
		ca_sim_p15_path(w, l->pin_path, 0);
	ca_sim_der_close(w, seq);
	ca_sim_der_close(w, type);
}

static bool
puk_listed(const struct ca_sim *s, const struct ca_sim_layout *l)
{
	return s->o.puk[0] != '\0' && !l->puk_unlisted;
}

/* A PIN of some keys only; what unblocks it is not told. */
static void
second_pin(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w)
{
	size_t object = ca_sim_der_open(w, 0x30);
	size_t class;

	common(s, w, "Signature PIN", PRIVATE | MODIFIABLE, 0, 0);
	class = ca_sim_der_open(w, 0x30);
	ca_sim_der_byte(w, 0x04, AUTH_PIN2);
	ca_sim_der_close(w, class);
	pin_attributes(s, l, w, s->o.pin2_ref, 0);
	finish(s, w, object);
}

static void
pin(const struct ca_sim *s, const struct ca_sim_layout *l, struct ca_wr *w,
    bool puk)
{
	size_t object = ca_sim_der_open(w, 0x30);
	size_t class;

	/* A PIN's own authId names what unblocks it. */
	common(s, w, puk ? "PUK" : "User PIN", PRIVATE | MODIFIABLE,
	    !puk && puk_listed(s, l) ? AUTH_PUK : 0, 0);
	class = ca_sim_der_open(w, 0x30);
	ca_sim_der_byte(w, 0x04, puk ? AUTH_PUK : AUTH_PIN);
	ca_sim_der_close(w, class);
	pin_attributes(s, l, w, puk ? s->o.puk_ref : s->o.pin_ref,
	    puk ? PIN_UNBLOCKING | (s->o.so_pin != 0 ? PIN_SO : 0) : 0);
	finish(s, w, object);
}

void
ca_sim_p15_aodf(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w)
{
	pin(s, l, w, false);
	if (puk_listed(s, l))
		pin(s, l, w, true);
	if (l->pin2)
		second_pin(s, l, w);
}

/* Path and size of a key; a curve's size is that of its field. */
static void
key_type(const struct ca_sim_key *k, struct ca_wr *w, struct ca_rd prefix,
    uint16_t fid)
{
	size_t type = ca_sim_der_open(w, 0xA1);
	size_t seq = ca_sim_der_open(w, 0x30);

	ca_sim_p15_path(w, prefix, fid);
	ca_sim_der_uint(w, 0x02, (uint32_t)k->bits);
	ca_sim_der_close(w, seq);
	ca_sim_der_close(w, type);
}

/* A curve signs, and derives where the card can and the options let it
 * decipher; it does not encrypt. */
static uint32_t
usage_of(const struct ca_sim *s, const struct ca_sim_key *k)
{
	const uint32_t rsa_only = 1U << 0 | 1U << 1 | 1U << 4 | 1U << 5;
	uint32_t derive = 0;

	for (size_t i = 0; i < s->type->algs_n; i++)
		if (s->type->algs[i].pad == CA_SIM_ECDH && s->o.decipher != 0 &&
		    (s->o.key_usage & 1U << 1) != 0)
			derive = 1U << 8;
	return k->ec ? (s->o.key_usage & ~rsa_only) | derive : s->o.key_usage;
}

static void
private_key(const struct ca_sim *s, const struct ca_sim_layout *l, size_t i,
    struct ca_wr *w)
{
	const struct ca_sim_key *k = &s->keys[i];
	size_t object = ca_sim_der_open(w, k->ec ? 0xA0 : 0x30);
	size_t class;

	common(s, w, i == 0 ? "Signature key" : "Key", PRIVATE,
	    l->pin2 && k->pin == s->o.pin2_ref ? AUTH_PIN2 : AUTH_PIN,
	    s->o.consent);
	class = ca_sim_der_open(w, 0x30);
	ca_sim_der_byte(w, 0x04, k->id);
	ca_sim_der_bits(w, 0x03, usage_of(s, k));
	ca_sim_der_bits(w, 0x03, KEY_ACCESS);
	if (!(s->o.missing & CA_SIM_NO_KEY_REFERENCE))
		ca_sim_der_uint(w, 0x02, k->ref);
	ca_sim_der_close(w, class);
	key_type(k, w, l->key_path, l->key[i]);
	finish(s, w, object);
}

void
ca_sim_p15_prkdf(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w)
{
	for (size_t i = 0; i < s->keys_n; i++)
		private_key(s, l, i, w);
}

/* What the public half may do: encrypt for decrypt, verify for sign, ... */
static uint32_t
public_usage(uint32_t usage)
{
	uint32_t out = 0;

	if ((usage & 1U << 1) != 0)
		out |= 1U << 0;
	if ((usage & (1U << 2 | 1U << 9)) != 0)
		out |= 1U << 6;
	if ((usage & 1U << 5) != 0)
		out |= 1U << 4;
	return out;
}

static void
public_key(const struct ca_sim *s, const struct ca_sim_layout *l, size_t i,
    struct ca_wr *w)
{
	const struct ca_sim_key *k = &s->keys[i];
	size_t object = ca_sim_der_open(w, k->ec ? 0xA0 : 0x30);
	size_t class;

	common(s, w, i == 0 ? "Signature key" : "Key", MODIFIABLE, 0, 0);
	class = ca_sim_der_open(w, 0x30);
	ca_sim_der_byte(w, 0x04, k->id);
	ca_sim_der_bits(w, 0x03, public_usage(usage_of(s, k)));
	/* native is not the default here: the key is no object of the card
	 * when it lies in a file. */
	if (l->pub[i] != 0)
		ca_sim_der_byte(w, 0x01, 0x00);
	ca_sim_der_uint(w, 0x02, k->ref);
	ca_sim_der_close(w, class);
	key_type(k, w, l->pub[i] != 0 ? l->prefix : l->key_path, l->pub[i]);
	finish(s, w, object);
}

void
ca_sim_p15_pukdf(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w)
{
	for (size_t i = 0; i < s->keys_n; i++)
		public_key(s, l, i, w);
}

static void
certificate(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w, const char *label, uint8_t id, uint16_t fid, bool ca)
{
	size_t object = ca_sim_der_open(w, 0x30);
	size_t m;
	size_t seq;

	common(s, w, label, MODIFIABLE, 0, 0);
	m = ca_sim_der_open(w, 0x30);
	ca_sim_der_byte(w, 0x04, id);
	if (ca)
		ca_sim_der_byte(w, 0x01, 0xFF);
	ca_sim_der_close(w, m);
	m = ca_sim_der_open(w, 0xA1);
	seq = ca_sim_der_open(w, 0x30);
	ca_sim_p15_path(w, l->prefix, fid);
	ca_sim_der_close(w, seq);
	ca_sim_der_close(w, m);
	finish(s, w, object);
}

void
ca_sim_p15_cdf(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w)
{
	static const char *const chain[] = {"CA cấp dưới", "CA gốc"};

	for (size_t i = 0; i < s->keys_n; i++)
		certificate(s, l, w, i == 0 ? "Chứng thư số" : "Certificate",
		    s->keys[i].id, l->leaf[i], false);
	for (size_t i = 0; i < s->o.chain && i < CA_COUNT(chain); i++)
		certificate(s, l, w, chain[i], (uint8_t)(0x11 + i), l->chain[i],
		    true);
}

/* The value of an opaqueDO stands in [1] itself. */
static void
data_object(const struct ca_sim *s, const struct ca_sim_layout *l, size_t i,
    struct ca_wr *w)
{
	static const uint8_t oid[] = {0x2A, 0x03, 0x04};
	size_t object = ca_sim_der_open(w, 0x30);
	size_t m;

	common(s, w, i == 0 ? "Ghi chú" : "Ghi chú riêng",
	    i == 0 ? MODIFIABLE : MODIFIABLE | PRIVATE, i == 0 ? 0 : AUTH_PIN,
	    0);
	m = ca_sim_der_open(w, 0x30);
	ca_sim_der_text(w, 0x0C, "example.vn");
	ca_wr_tlv(w, 0x06, ca_rd_of(oid, sizeof(oid)));
	ca_sim_der_close(w, m);
	m = ca_sim_der_open(w, 0xA1);
	ca_sim_p15_path(w, l->prefix, l->data[i]);
	ca_sim_der_close(w, m);
	finish(s, w, object);
}

void
ca_sim_p15_dodf(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w)
{
	for (size_t i = 0; i < s->o.data && i < CA_SIM_DATA; i++)
		data_object(s, l, i, w);
}

struct ca_rd
ca_sim_p15_data(size_t i)
{
	static const char *const text[CA_SIM_DATA] = {
	    "ai cũng đọc được", "chỉ khi có PIN"};

	return ca_rd_of((const uint8_t *)text[i], strlen(text[i]));
}
