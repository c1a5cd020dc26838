/* EF.TokenInfo, ISO/IEC 7816-15 8.10. */
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_der.h"
#include "tests/sim/sim_iso_make.h"
#include "tests/sim/sim_p15.h"

/* CKM_ values as PKCS#11 numbers them. */
#define MECH_RSA_PKCS 0x0001
#define MECH_RSA_X_509 0x0003
#define MECH_RSA_PKCS_KEY_PAIR_GEN 0x0000
#define MECH_EC_KEY_PAIR_GEN 0x1040
#define MECH_ECDSA 0x1041
#define MECH_ECDSA_SHA1 0x1042
#define MECH_ECDH1_DERIVE 0x1050

/* supportedOperations. */
#define DO_SIGN (1U << 1)
#define DO_DECIPHER (1U << 5)
#define DO_GENERATE (1U << 7)

/* tokenflags. */
#define LOGIN_REQUIRED (1U << 1)
#define PRN_GENERATION (1U << 2)

/* Decimal digits as they are; a number with others in decimal. */
static void
decimal(const char *hex, struct ca_wr *w)
{
	char text[24];

	if (strspn(hex, "0123456789") == strlen(hex)) {
		ca_sim_der_text(w, 0x04, hex);
		return;
	}
	(void)snprintf(text, sizeof(text), "%llu", strtoull(hex, NULL, 16));
	ca_sim_der_text(w, 0x04, text);
}

static void
serial(const struct ca_sim *s, const struct ca_sim_layout *l, struct ca_wr *w)
{
	uint8_t b[CA_SIM_TEXT / 2];
	size_t n = 0;

	if (s->o.missing & CA_SIM_NO_SERIAL)
		return;
	if (l->serial_text)
		decimal(s->o.serial, w);
	else if (ca_hex_parse(s->o.serial, b, sizeof(b), &n))
		ca_wr_tlv(w, 0x04, ca_rd_of(b, n));
	else
		w->failed = true;
}

static uint32_t
mechanism(enum ca_sim_pad pad)
{
	switch (pad) {
	case CA_SIM_PKCS1:
		return MECH_RSA_PKCS;
	case CA_SIM_RAW:
		return MECH_RSA_X_509;
	case CA_SIM_ECDSA:
		return MECH_ECDSA;
	case CA_SIM_ECDSA_SHA1:
		return MECH_ECDSA_SHA1;
	case CA_SIM_ECDH:
		return MECH_ECDH1_DERIVE;
	}
	return 0;
}

/* AlgorithmInfo; `n` is the reference that directories use for it. */
static void
algorithm(const struct ca_sim_alg *a, uint32_t n, struct ca_wr *w)
{
	static const uint8_t rsa[] = {
	    0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};
	static const uint8_t ec[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
	size_t m = ca_sim_der_open(w, 0x30);

	ca_sim_der_uint(w, 0x02, n);
	ca_sim_der_uint(w, 0x02, mechanism(a->pad));
	ca_wr_tlv(w, 0x05, ca_rd_of(NULL, 0));
	ca_sim_der_bits(w, 0x03,
	    a->op == CA_SIM_OP_DECIPHER ? DO_DECIPHER : DO_SIGN);
	if (a->pad >= CA_SIM_ECDSA)
		ca_wr_tlv(w, 0x06, ca_rd_of(ec, sizeof(ec)));
	else
		ca_wr_tlv(w, 0x06, ca_rd_of(rsa, sizeof(rsa)));
	ca_sim_der_uint(w, 0x02, a->ref);
	ca_sim_der_close(w, m);
}

/* Named if the options say so and the card's keys can do it. */
static bool
named(const struct ca_sim *s, const struct ca_sim_alg *a)
{
	bool ec = s->keys_n > 0 && s->keys[0].ec;

	/* A card that generates has, or will have, both. */
	return ca_sim_alg_listed(s->o.token_algs, a->ref) &&
	       (s->o.generate != 0 || ec == (a->pad >= CA_SIM_ECDSA)) &&
	       (a->op != CA_SIM_OP_DECIPHER || s->o.decipher != 0);
}

/* What a card that generates takes in tag 80 for that. */
static void
generating(uint32_t mech, uint32_t ref, uint32_t n, struct ca_wr *w)
{
	size_t m = ca_sim_der_open(w, 0x30);

	ca_sim_der_uint(w, 0x02, n);
	ca_sim_der_uint(w, 0x02, mech);
	ca_wr_tlv(w, 0x05, ca_rd_of(NULL, 0));
	ca_sim_der_bits(w, 0x03, DO_GENERATE);
	ca_sim_der_uint(w, 0x02, ref);
	ca_sim_der_close(w, m);
}

static void
algorithms(const struct ca_sim *s, struct ca_wr *w)
{
	size_t m;
	uint32_t n = 0;

	if (s->o.token_algs[0] == '\0')
		return;
	m = ca_sim_der_open(w, 0xA2);
	for (size_t i = 0; i < s->type->algs_n; i++)
		if (named(s, &s->type->algs[i]))
			algorithm(&s->type->algs[i], ++n, w);
	if (s->o.generate != 0) {
		generating(MECH_RSA_PKCS_KEY_PAIR_GEN, CA_SIM_ISO_RSA_2048, ++n,
		    w);
		generating(MECH_EC_KEY_PAIR_GEN, CA_SIM_ISO_EC, ++n, w);
	}
	ca_sim_der_close(w, m);
}

void
ca_sim_p15_tokeninfo(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w)
{
	size_t m = ca_sim_der_open(w, 0x30);

	ca_sim_der_uint(w, 0x02, 0);
	serial(s, l, w);
	if (!(s->o.missing & CA_SIM_NO_MANUFACTURER))
		ca_sim_der_text(w, 0x0C, l->manufacturer);
	if (!(s->o.missing & CA_SIM_NO_LABEL))
		ca_sim_der_text(w, 0x80, s->o.label);
	ca_sim_der_bits(w, 0x03, LOGIN_REQUIRED | PRN_GENERATION);
	algorithms(s, w);
	if (s->o.unknown != 0)
		ca_wr_mem(w, "\x8F\x02\xAA\x55", 4);
	ca_sim_der_close(w, m);
}
