/*
 * The directories of the WIM, written as in the worked example (WAP-260,
 * ISO/IEC 7816-15).
 */
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_der.h"
#include "tests/sim/sim_p15.h"
#include "tests/sim/sim_uicc.h"

#define LABEL 32

#define ID_PIN_G 0x01
#define ID_PIN_NR 0x02

#define PRIVATE_MODIFIABLE (1U << 0 | 1U << 1)
#define MODIFIABLE (1U << 1)
#define USE_SIGN (1U << 2)
#define USE_NONREPUDIATION (1U << 9)
#define KEY_ACCESS (1U << 0 | 1U << 2 | 1U << 3 | 1U << 4)

static const struct ca_rd none = {0};

bool
ca_sim_uicc_wim(const struct ca_sim *s)
{
	return strncmp(s->o.label, "WIM 1.01", 8) == 0;
}

void
ca_sim_uicc_tokeninfo(const struct ca_sim *s, struct ca_wr *w)
{
	uint8_t b[CA_SIM_TEXT / 2];
	size_t n = 0;
	size_t m = ca_sim_der_open(w, 0x30);

	ca_sim_der_uint(w, 0x02, 0);
	if (!ca_hex_parse(s->o.serial, b, sizeof(b), &n))
		w->failed = true;
	if ((s->o.missing & CA_SIM_NO_SERIAL) == 0)
		ca_wr_tlv(w, 0x04, ca_rd_of(b, n));
	if ((s->o.missing & CA_SIM_NO_MANUFACTURER) == 0)
		ca_sim_der_text(w, 0x0C, "SIM maker");
	if ((s->o.missing & CA_SIM_NO_LABEL) == 0)
		ca_sim_der_text(w, 0x80, s->o.label);
	ca_wr_mem(w, "\x03\x01\x00", 3); /* no flags */
	if (ca_sim_uicc_wim(s))          /* seInfo: environment 3 is that of
					    OID 2.23.43.1.1.2 */
		ca_wr_mem(w,
		    "\x30\x0C\x30\x0A\x02\x01\x03\x06\x05\x67\x2B\x01\x01\x02",
		    14);
	if (s->o.token_algs[0] != '\0') /* RSA, computes signatures */
		ca_wr_mem(w,
		    "\xA2\x0E\x30\x0C\x02\x01\x01\x02\x01\x00\x05\x00\x03\x02"
		    "\x06\x40",
		    16);
	ca_sim_der_close(w, m);
}

static void
odf_entry(const struct ca_sim *s, struct ca_wr *w, uint32_t tag, uint16_t fid)
{
	size_t m = ca_sim_der_open(w, tag);

	ca_sim_p15_path(w, none,
	    ca_sim_bad(s, "odf-loop") ? CA_SIM_UICC_ODF : fid);
	ca_sim_der_close(w, m);
}

void
ca_sim_uicc_odf(const struct ca_sim *s, struct ca_wr *w)
{
	if ((s->o.missing & CA_SIM_NO_AODF) == 0)
		odf_entry(s, w, 0xA8, CA_SIM_UICC_AODF);
	if ((s->o.missing & CA_SIM_NO_PRKDF) == 0)
		odf_entry(s, w, 0xA0, CA_SIM_UICC_PRKDF);
	if ((s->o.missing & CA_SIM_NO_CDF) == 0)
		odf_entry(s, w, 0xA4, CA_SIM_UICC_CDF);
	if (s->o.chain > 0)
		odf_entry(s, w, 0xA6, CA_SIM_UICC_CA_CDF);
	/* A data object in place of a directory of them: OID 2.23.43.1.3 and
	 * the path from which relative ones start. */
	if (ca_sim_uicc_wim(s))
		ca_wr_mem(w,
		    "\xA7\x18\xA0\x16\x30\x14\x30\x12\x30\x00\x30\x06\x06\x04"
		    "\x67\x2B\x01\x03\xA1\x06\x04\x04\x3F\x00\x50\x15",
		    26);
}

/* Free space: bytes FF, objects of tag 00 in each form of length. */
void
ca_sim_uicc_hole(const struct ca_sim *s, struct ca_wr *w)
{
	if (!ca_sim_uicc_is(s, "holes"))
		return;
	ca_wr_mem(w, "\xFF\xFF\x00\x02\x30\x7F\x00\x81\x03\x30\x01\x00", 12);
	ca_wr_mem(w, "\x00\x82\x00\x04\x30\x82\xFF\xFF\xFF", 9);
}

/* Label and flags; auth 0 = none. */
static void
common(const struct ca_sim *s, struct ca_wr *w, const char *text,
    uint32_t flags, uint8_t auth, uint32_t consent)
{
	char padded[LABEL + 1];
	size_t m = ca_sim_der_open(w, 0x30);

	(void)snprintf(padded, sizeof(padded), "%-*s",
	    ca_sim_uicc_is(s, "blanks") ? LABEL : 0, text);
	if ((s->o.missing & CA_SIM_NO_OBJECT_LABELS) == 0)
		ca_sim_der_text(w, 0x0C, padded);
	ca_sim_der_bits(w, 0x03, flags);
	if (auth != 0)
		ca_sim_der_byte(w, 0x04, auth);
	if (consent != 0)
		ca_sim_der_uint(w, 0x02, consent);
	ca_sim_der_close(w, m);
}

static void
pin(const struct ca_sim *s, struct ca_wr *w, const char *label, uint8_t id,
    uint32_t ref)
{
	static const uint8_t path[] = {0x3F, 0x00, 0x7F, 0xFF};
	static const uint8_t below[] = {0x3F, 0x00, 0x50, 0x15,
	    CA_SIM_UICC_PINS >> 8, CA_SIM_UICC_PINS & 0xFF};
	bool deep = ca_sim_uicc_is(s, "pin-df") && id == ID_PIN_NR;
	size_t object = ca_sim_der_open(w, 0x30);
	size_t m;
	size_t seq;

	common(s, w, label, PRIVATE_MODIFIABLE, 0, 0);
	m = ca_sim_der_open(w, 0x30);
	ca_sim_der_byte(w, 0x04, id);
	ca_sim_der_close(w, m);
	m = ca_sim_der_open(w, 0xA1);
	seq = ca_sim_der_open(w, 0x30);
	/* initialized, needs-padding; ASCII numeric */
	ca_sim_der_bits(w, 0x03,
	    1U << 4 | (s->o.pin_padding != 0 ? 1U << 5 : 0));
	ca_sim_der_byte(w, 0x0A, 1);
	ca_sim_der_uint(w, 0x02, s->o.pin_min);
	ca_sim_der_uint(w, 0x02, s->o.pin_stored);
	if ((s->o.missing & CA_SIM_NO_PIN_MAX) == 0)
		ca_sim_der_uint(w, 0x02, s->o.pin_max);
	/* One byte also above 7F, as cards write it. */
	if ((s->o.missing & CA_SIM_NO_PIN_REFERENCE) == 0)
		ca_sim_der_byte(w, 0x80, (uint8_t)ref);
	ca_sim_der_byte(w, 0x04, (uint8_t)s->o.pin_pad);
	if ((s->o.missing & CA_SIM_NO_PIN_PATH) == 0)
		ca_sim_p15_path(w,
		    deep ? ca_rd_of(below, sizeof(below))
			 : ca_rd_of(path, sizeof(path)),
		    0);
	ca_sim_der_close(w, seq);
	ca_sim_der_close(w, m);
	ca_sim_der_close(w, object);
}

void
ca_sim_uicc_aodf(const struct ca_sim *s, struct ca_wr *w)
{
	ca_sim_uicc_hole(s, w);
	if (s->o.pin2_ref != 0)
		pin(s, w, "PIN-G", ID_PIN_G, s->o.pin2_ref);
	pin(s, w, "PIN-NR", ID_PIN_NR, s->o.pin_ref);
}

/* The first key is for non-repudiation, behind PIN-NR; others authenticate. */
void
ca_sim_uicc_prkdf(const struct ca_sim *s, struct ca_wr *w)
{
	ca_sim_uicc_hole(s, w);
	for (size_t i = 0; i < s->keys_n; i++) {
		const struct ca_sim_key *k = &s->keys[i];
		bool nr = k->pin == s->o.pin_ref;
		bool once = k->consent && !ca_sim_uicc_is(s, "silent");
		size_t object = ca_sim_der_open(w, k->ec ? 0xA0 : 0x30);
		size_t m;
		size_t seq;

		common(s, w, i == 0 ? "NR key" : "Auth key", 1U << 0,
		    nr ? ID_PIN_NR : ID_PIN_G, once ? s->o.consent : 0);
		m = ca_sim_der_open(w, 0x30);
		ca_sim_der_byte(w, 0x04, k->id);
		ca_sim_der_bits(w, 0x03,
		    i == 0 ? USE_NONREPUDIATION : USE_SIGN);
		ca_sim_der_bits(w, 0x03, KEY_ACCESS);
		if ((s->o.missing & CA_SIM_NO_KEY_REFERENCE) == 0)
			ca_sim_der_uint(w, 0x02, k->ref);
		ca_sim_der_close(w, m);
		m = ca_sim_der_open(w, 0xA1);
		seq = ca_sim_der_open(w, 0x30);
		ca_sim_p15_path(w, none, (uint16_t)(CA_SIM_UICC_KEY + i));
		ca_sim_der_uint(w, 0x02, (uint32_t)k->bits);
		ca_sim_der_close(w, seq);
		ca_sim_der_close(w, m);
		ca_sim_der_close(w, object);
	}
}

/* A part of the file of certificates. */
void
ca_sim_uicc_certificate(const struct ca_sim *s, struct ca_wr *w,
    const char *label, uint8_t id, bool ca, size_t at, size_t n)
{
	size_t object = ca_sim_der_open(w, 0x30);
	size_t m;
	size_t seq;
	size_t path;

	common(s, w, label, MODIFIABLE, 0, 0);
	m = ca_sim_der_open(w, 0x30);
	ca_sim_der_byte(w, 0x04, id);
	if (ca)
		ca_sim_der_byte(w, 0x01, 0xFF);
	ca_sim_der_close(w, m);
	m = ca_sim_der_open(w, 0xA1);
	seq = ca_sim_der_open(w, 0x30);
	path = ca_sim_der_open(w, 0x30);
	ca_wr_mem(w, "\x04\x02\x43\x31", 4);
	ca_sim_der_uint(w, 0x02, (uint32_t)at);
	ca_sim_der_uint(w, 0x80,
	    (uint32_t)(n + (ca_sim_bad(s, "range") ? 4096 : 0)));
	ca_sim_der_close(w, path);
	ca_sim_der_close(w, seq);
	ca_sim_der_close(w, m);
	ca_sim_der_close(w, object);
}
