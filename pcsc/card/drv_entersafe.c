/*
 * Feitian ePass3000 and kin (FTCOS/PK-01C, "entersafe"): a PKCS#15 card with
 * raw RSA, files selected one identifier at a time. Facts as OpenSC's driver
 * shows them; unlike OpenSC the PUK's own answer is heard before a new PIN is
 * written.
 */
#include "pcsc/apdu/sw.h"
#include "pcsc/base/log.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/card.h"
#include "pcsc/card/driver.h"
#include "pcsc/card/drv_iso.h"
#include "pcsc/card/iso7816.h"
#include "pcsc/card/pin.h"
#include "pcsc/sm/entersafe.h"

#define ROOM "entersafe"
#define USAGE_RSA_PRIVATE 0x22
#define USAGE_PIN 0x0B
#define DATA_MAX 224    /* largest data field, both directions */
#define SECOND_PART 192 /* of a block that does not fit one command */
#define PIN_BYTES 16
#define BLOCK_MAX 255
#define SERIAL_BYTES 8

/* The maintenance key of blank tokens, in public source: it protects nothing,
 * and a token of an authority should have another one. Then the card refuses
 * and nothing is changed. */
static const uint8_t maintenance_key[] = {0x12, 0x34, 0x56, 0x78, 0x21, 0x43,
    0x65, 0x87, 0x11, 0x22, 0xAA, 0xBB, 0x33, 0x44, 0xCD, 0xEF};

/*
 * The private operation on a whole block. What does not fit one command is
 * split: its beginning goes into tag 89 of MSE.
 */
static ca_err
private_operation(struct ca_tx *tx, const struct ca_key *key, bool secret,
    struct ca_rd in, struct ca_wr *out)
{
	uint8_t b[BLOCK_MAX];
	const uint8_t alg = 0x80, ref[] = {key->reference, USAGE_RSA_PRIVATE};
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu mse = {.ins = 0x22, .p1 = 0x41, .p2 = 0xB8};
	struct ca_apdu pso = {.ins = 0x2A,
	    .p1 = 0x86,
	    .p2 = 0x80,
	    .le = CA_LE_SHORT,
	    .secret_answer = secret};
	struct ca_rd first = {NULL, 0};
	ca_err e;

	if (in.n > DATA_MAX && !ca_rd_take(&in, in.n - SECOND_PART, &first))
		return CA_E_BUG;
	ca_wr_tlv(&w, 0x80, ca_rd_of(&alg, 1));
	ca_wr_tlv(&w, 0x83, ca_rd_of(ref, sizeof(ref)));
	if (first.n > 0)
		ca_wr_tlv(&w, 0x89, first);
	if (!ca_wr_ok(&w))
		return CA_E_DATA_LEN;
	mse.data = ca_wr_rd(&w);
	pso.data = in;
	if ((e = ca_tx_do(tx, &mse, NULL)) != CA_OK)
		return e;
	return ca_tx_do(tx, &pso, out);
}

static ca_err
sign(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	if (alg != CA_ALG_RSA_RAW || attempt > 0)
		return CA_E_NOT_FOUND;
	return private_operation(tx, key, false, in, out);
}

static ca_err
decipher(struct ca_tx *tx, const struct ca_key *key, enum ca_alg alg,
    unsigned attempt, struct ca_rd in, struct ca_wr *out)
{
	if (alg != CA_ALG_RSA_DEC_RAW || attempt > 0)
		return CA_E_NOT_FOUND;
	return private_operation(tx, key, true, in, out);
}

/* The chip's number, where TokenInfo has none. */
static ca_err
read_serial(struct ca_tx *tx, struct ca_model *m)
{
	uint8_t b[SERIAL_BYTES];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_apdu ask = {.cla = 0x80, .ins = 0xEA, .le = SERIAL_BYTES};
	ca_err e = m->serial[0] != '\0' ? CA_OK : ca_tx_do(tx, &ask, &w);

	if (e == CA_OK && w.n == SERIAL_BYTES)
		(void)ca_log_hex(ca_wr_rd(&w), m->serial, sizeof(m->serial));
	return ca_err_is_refusal(e) || e == CA_E_AUTH_NEEDED ? CA_OK : e;
}

static ca_err
describe(struct ca_tx *tx, struct ca_model *out)
{
	ca_err e = ca_iso_drv_describe(tx, out);

	if (e == CA_OK)
		e = read_serial(tx, out);
	for (size_t i = 0; i < out->keys_n; i++)
		if (out->keys[i].type == CA_KEY_RSA)
			out->keys[i].algs = CA_ALG_BIT(CA_ALG_RSA_RAW) |
					    CA_ALG_BIT(CA_ALG_RSA_DEC_RAW);
	return e;
}

/* The PIN is local to the DF, which is entered by a path that begins at the MF:
 * whoever only reads stays where he is. */
static ca_err
describe_public(struct ca_tx *tx, struct ca_model *io)
{
	ca_iso_drv_stay(tx);
	return ca_iso_drv_describe_public(tx, io);
}

static ca_err
describe_data(struct ca_tx *tx, struct ca_model *io)
{
	ca_iso_drv_stay(tx);
	return ca_iso_drv_describe_data(tx, io);
}

static ca_err
read_cert(struct ca_tx *tx, const struct ca_ref *ref, struct ca_buf *out)
{
	ca_iso_drv_stay(tx);
	return ca_iso_drv_read_cert(tx, ref, out);
}

static ca_err
read_part(struct ca_tx *tx, const struct ca_ref *ref, size_t offset, size_t n,
    struct ca_buf *out)
{
	ca_iso_drv_stay(tx);
	return ca_iso_drv_read_part(tx, ref, offset, n, out);
}

/* A maintenance key or rules of an issuer's own: this cannot be done here. */
static const struct ca_sw_row write_rows[] = {
    {0xFFFF, 0x6982, CA_E_UNSUPPORTED},
    {0xFFFF, 0x6985, CA_E_UNSUPPORTED},
    {0xFFFF, 0x6988, CA_E_UNSUPPORTED},
};

/* Writes the value of a PIN slot: enciphered, with a MAC over a challenge. */
static ca_err
write_pin(struct ca_tx *tx, uint8_t reference, struct ca_rd block)
{
	const struct ca_rd key =
	    ca_rd_of(maintenance_key, sizeof(maintenance_key));
	uint8_t pb[2 + PIN_BYTES], cb[64], chb[CA_ENTERSAFE_CHALLENGE];
	struct ca_wr plain = ca_wr_of(pb, sizeof(pb));
	struct ca_wr cmd = ca_wr_of(cb, sizeof(cb));
	struct ca_wr ch = ca_wr_of(chb, sizeof(chb));
	struct ca_apdu ask = {.ins = 0x84, .le = CA_ENTERSAFE_CHALLENGE};
	struct ca_apdu put = {.cla = 0x84,
	    .ins = 0xF4,
	    .p1 = USAGE_PIN,
	    .p2 = reference,
	    .secret = true};
	uint16_t sw = 0;
	ca_err e = ca_tx_do(tx, &ask, &ch);

	ca_wr_u16(&plain, 0x3300);
	ca_wr_bytes(&plain, block);
	/* The MAC covers the header, Lc counting the MAC already. */
	ca_wr_u8(&cmd, put.cla);
	ca_wr_u8(&cmd, put.ins);
	ca_wr_u8(&cmd, put.p1);
	ca_wr_u8(&cmd, put.p2);
	ca_wr_u8(&cmd, 24 + CA_ENTERSAFE_MAC);
	if (e == CA_OK)
		e = ca_entersafe_cipher(key, ca_wr_rd(&plain), &cmd);
	if (e == CA_OK)
		e = ca_entersafe_mac(key, ca_wr_rd(&ch), ca_wr_rd(&cmd), &cmd);
	put.data = ca_wr_rd(&cmd);
	if (e == CA_OK && !ca_rd_skip(&put.data, 5))
		e = CA_E_BUG;
	if (e == CA_OK && (e = ca_tx_send(tx, &put, NULL, &sw)) == CA_OK)
		e = ca_sw_map(write_rows, CA_COUNT(write_rows), sw);
	if (e == CA_E_UNSUPPORTED)
		ca_log(CA_LOG_WARN, ROOM,
		    "the token has not the public maintenance key: a PIN is "
		    "not set (%04X)",
		    sw);
	ca_wipe(pb, sizeof(pb));
	ca_wipe(cb, sizeof(cb));
	return e;
}

static ca_err
unblock(struct ca_tx *tx, const struct ca_pin *puk, struct ca_rd puk_value,
    const struct ca_pin *pin, struct ca_rd new_value, int *tries_left)
{
	uint8_t pb[BLOCK_MAX], nb[BLOCK_MAX];
	struct ca_wr p = ca_wr_of(pb, sizeof(pb)), n = ca_wr_of(nb, sizeof(nb));
	ca_err e = ca_pin_encode(tx->profile, puk, puk_value, &p);

	*tries_left = -1;
	if (e == CA_OK)
		e = ca_pin_encode(tx->profile, pin, new_value, &n);
	if (e == CA_OK && n.n != PIN_BYTES)
		e = CA_E_UNSUPPORTED;
	if (e == CA_OK)
		e = ca_iso_verify(tx, puk->reference, ca_wr_rd(&p), tries_left);
	if (e == CA_OK)
		e = write_pin(tx, pin->reference, ca_wr_rd(&n));
	ca_wipe(pb, sizeof(pb));
	ca_wipe(nb, sizeof(nb));
	return e;
}

/* The new PIN of an unblocking is enciphered: no reader can do that. */
static ca_err
keying(struct ca_tx *tx, enum ca_order order, const struct ca_pin *pin,
    const struct ca_pin *puk, struct ca_keying *out)
{
	return order == CA_ORDER_UNBLOCK
		   ? CA_E_UNSUPPORTED
		   : ca_iso_drv_keying(tx, order, pin, puk, out);
}

const struct ca_driver ca_drv_entersafe = {
    .name = "entersafe",
    .state_size = sizeof(struct ca_iso_state),
    .claims = ca_iso_drv_claims,
    .enter = ca_iso_drv_enter,
    .describe = describe,
    .describe_public = describe_public,
    .describe_data = describe_data,
    .read_cert = read_cert,
    .read_part = read_part,
    .pin_state = ca_iso_drv_pin_state,
    .verify = ca_iso_drv_verify,
    .change_pin = ca_iso_drv_change_pin,
    .unblock = unblock,
    .keying = keying,
    .key_in = ca_iso_drv_key_in,
    .logout = ca_iso_drv_logout,
    .sign = sign,
    .decipher = decipher,
    .random = ca_iso_drv_random,
};
