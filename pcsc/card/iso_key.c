/* See iso7816.h: security environment, keys, random numbers. */
#include "pcsc/apdu/sw.h"
#include "pcsc/base/secret.h"
#include "pcsc/card/card.h"
#include "pcsc/card/iso7816.h"

#define CHALLENGE_MAX 256
#define CHALLENGE_ROUNDS_MAX 256
#define MSE_MAX 64
#define POINT_MAX 256 /* bytes of a public point: P-521 has 133 */

/* What goes into tag 81: n 0 for nothing; false when the key does not say. */
static bool
file_of(const struct ca_way *way, const struct ca_key *key, struct ca_rd *out)
{
	*out = ca_rd_of(way->file.b, way->file.n);
	if (way->key_file == CA_KEY_FILE_NONE)
		return true;
	*out = ca_rd_of(key->path.path, key->path.path_n);
	if (way->key_file == CA_KEY_FILE_LAST && out->n > 2)
		return ca_rd_skip(out, out->n - 2);
	return out->n > 0;
}

ca_err
ca_iso_mse(struct ca_tx *tx, const struct ca_way *way, struct ca_rd alg_ref,
    const struct ca_key *key)
{
	uint8_t b[MSE_MAX];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_rd ref = ca_rd_of(&key->reference, 1), file;
	struct ca_apdu cmd = {.ins = 0x22, .p1 = way->p1, .p2 = way->crt};
	uint16_t sw;
	ca_err e;

	if (!file_of(way, key, &file))
		return CA_E_UNSUPPORTED;
	if (way->key_first && way->key_tag != 0)
		ca_wr_tlv(&w, way->key_tag, ref);
	if (alg_ref.n > 0)
		ca_wr_tlv(&w, 0x80, alg_ref);
	if (file.n > 0)
		ca_wr_tlv(&w, 0x81, file);
	if (!way->key_first && way->key_tag != 0)
		ca_wr_tlv(&w, way->key_tag, ref);
	if (!ca_wr_ok(&w))
		return CA_E_BUG;
	cmd.data = ca_wr_rd(&w);
	if ((e = ca_tx_send(tx, &cmd, NULL, &sw)) != CA_OK)
		return e;
	return ca_sw_err(sw);
}

/* PSO HASH with a hash made outside (7816-8, 90 A0). With `echo` the card must
 * answer with the same data, else it would sign something older. */
static ca_err
pso_hash(struct ca_tx *tx, struct ca_rd hash, bool echo)
{
	uint8_t b[3 + 255], back[CA_LE_SHORT];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	struct ca_wr got = ca_wr_of(back, sizeof(back));
	struct ca_apdu cmd = {.ins = 0x2A,
	    .p1 = 0x90,
	    .p2 = 0xA0,
	    .le = echo ? hash.n : CA_LE_NONE};
	uint16_t sw;
	ca_err e;

	if (hash.n == 0 || hash.n > sizeof(b) - 3)
		return CA_E_DATA_LEN;
	ca_wr_tlv(&w, 0x90, hash);
	cmd.data = ca_wr_rd(&w);
	if ((e = ca_tx_send(tx, &cmd, &got, &sw)) != CA_OK ||
	    (e = ca_sw_err(sw)) != CA_OK)
		return e;
	if (echo && !ca_rd_equal(ca_wr_rd(&got), hash))
		return CA_E_MALFORMED;
	return CA_OK;
}

/* PSO HASH of the data themselves (7816-8, 90 80). */
static ca_err
pso_hash_data(struct ca_tx *tx, struct ca_rd data)
{
	struct ca_apdu cmd = {
	    .ins = 0x2A, .p1 = 0x90, .p2 = 0x80, .data = data};

	return ca_tx_do(tx, &cmd, NULL);
}

/* A public point for key agreement (7816-8 annex on templates). */
static void
put_point(struct ca_wr *w, enum ca_point form, struct ca_rd point)
{
	uint8_t key_b[POINT_MAX + 16], whole_b[POINT_MAX + 24];
	struct ca_wr key = ca_wr_of(key_b, sizeof(key_b));
	struct ca_wr whole = ca_wr_of(whole_b, sizeof(whole_b));

	if (form == CA_POINT_BARE) {
		ca_wr_bytes(w, point);
		return;
	}
	ca_wr_tlv(&key, 0x86, point);
	ca_wr_tlv(&whole, 0x7F49, ca_wr_rd(&key));
	if (!ca_wr_ok(&key) || !ca_wr_ok(&whole))
		w->failed = true;
	if (form == CA_POINT_TEMPLATE)
		ca_wr_tlv(w, 0xA6, ca_wr_rd(&whole));
	else
		ca_wr_bytes(w, ca_wr_rd(&whole));
}

static ca_err
decipher(struct ca_tx *tx, const struct ca_way *way, struct ca_rd in,
    struct ca_apdu *cmd, struct ca_wr *out, uint16_t *sw)
{
	uint8_t b[1 + CA_APDU_DATA_MAX / 2];
	struct ca_wr w = ca_wr_of(b, sizeof(b));

	if (way->has_indicator)
		ca_wr_u8(&w, way->indicator);
	if (way->alg == CA_ALG_ECDH)
		put_point(&w, way->point, in);
	else
		ca_wr_bytes(&w, in);
	if (!ca_wr_ok(&w))
		return CA_E_DATA_LEN;
	cmd->p1 = 0x80;
	cmd->p2 = 0x86;
	cmd->data = ca_wr_rd(&w);
	cmd->secret_answer = true;
	return ca_tx_send(tx, cmd, out, sw);
}

ca_err
ca_iso_compute(struct ca_tx *tx, const struct ca_way *way, struct ca_rd in,
    size_t out_len, struct ca_wr *out)
{
	struct ca_apdu cmd = {.ins = 0x2A,
	    .p1 = 0x9E,
	    .p2 = 0x9A,
	    .data = in,
	    .le = out_len > CA_LE_SHORT ? out_len : CA_LE_SHORT,
	    .extended = way->extended};
	uint16_t sw = 0;
	ca_err e = CA_OK;

	switch (way->command) {
	case CA_COMMAND_PSO:
		break;
	case CA_COMMAND_PSO_HASH:
	case CA_COMMAND_PSO_ECHO:
		e = ca_alg_hashes(way->alg)
			? pso_hash_data(tx, in)
			: pso_hash(tx, in, way->command == CA_COMMAND_PSO_ECHO);
		if (e != CA_OK)
			return e;
		cmd.data = ca_rd_of(NULL, 0);
		/* On T=0 another Le would be answered with 6Cxx, and the hash
		 * that came first need not outlive that. */
		if (way->command == CA_COMMAND_PSO_ECHO)
			cmd.le = out_len;
		break;
	case CA_COMMAND_INTERNAL:
		cmd.ins = 0x88;
		cmd.p1 = cmd.p2 = 0;
		break;
	case CA_COMMAND_DECIPHER:
		e = decipher(tx, way, in, &cmd, out, &sw);
		return e != CA_OK ? e : ca_sw_err(sw);
	}
	e = ca_tx_send(tx, &cmd, out, &sw);
	return e != CA_OK ? e : ca_sw_err(sw);
}

ca_err
ca_iso_random(struct ca_tx *tx, size_t chunk, size_t n, struct ca_wr *out)
{
	for (int i = 0; i < CHALLENGE_ROUNDS_MAX && n > 0; i++) {
		uint8_t b[CHALLENGE_MAX];
		struct ca_wr w = ca_wr_of(b, sizeof(b));
		struct ca_apdu cmd = {
		    .ins = 0x84, .le = chunk, .secret_answer = true};
		struct ca_rd r, part;
		uint16_t sw;
		ca_err e = ca_tx_send(tx, &cmd, &w, &sw);

		if (e == CA_OK)
			e = ca_sw_err(sw);
		r = ca_wr_rd(&w);
		if (e == CA_OK && r.n != chunk)
			e = CA_E_MALFORMED;
		if (e == CA_OK && ca_rd_take(&r, n < r.n ? n : r.n, &part)) {
			ca_wr_bytes(out, part);
			n -= part.n;
		}
		ca_wipe(b, sizeof(b));
		if (e != CA_OK)
			return e;
	}
	return n == 0 && ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}
