/* See pubkey.h: signatures that hold the data. Nothing here is secret. */
#include "module/crypto/pubkey.h"

ca_err
ca_recover_raw(struct ca_rd spki, struct ca_rd sig, struct ca_wr *out)
{
	ca_err e = ca_encrypt_raw(spki, sig, out);

	return e == CA_E_DATA || e == CA_E_DATA_LEN ? CA_E_BAD_SIGNATURE : e;
}

/* The data after 00 01 FF .. FF 00 (RFC 8017, 9.2). */
static bool
find_data(struct ca_rd block, struct ca_rd *data)
{
	uint8_t b = 0;

	if (!ca_rd_u8(&block, &b) || b != 0 || !ca_rd_u8(&block, &b) || b != 1)
		return false;
	do {
		if (!ca_rd_u8(&block, &b))
			return false;
	} while (b == 0xFF);
	*data = block;
	return b == 0;
}

/* As with ca_verify_pkcs1(), the block is built again and compared. */
ca_err
ca_recover_pkcs1(struct ca_rd spki, struct ca_rd sig, struct ca_wr *out)
{
	uint8_t got[CA_RSA_BYTES_MAX], again[CA_RSA_BYTES_MAX];
	struct ca_wr g = ca_wr_of(got, sizeof(got));
	struct ca_wr w = ca_wr_of(again, sizeof(again));
	struct ca_rd data;
	ca_err e = ca_recover_raw(spki, sig, &g);

	if (e != CA_OK)
		return e;
	if (!find_data(ca_wr_rd(&g), &data) ||
	    ca_pad_pkcs1(data, sig.n, &w) != CA_OK ||
	    !ca_rd_equal(ca_wr_rd(&g), ca_wr_rd(&w)))
		return CA_E_BAD_SIGNATURE;
	ca_wr_bytes(out, data);
	return ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}
