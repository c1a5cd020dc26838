/* See epass2003.h: the PIN. */
#include <openssl/err.h>
#include <openssl/evp.h>

#include "pcsc/base/secret.h"
#include "pcsc/sm/des.h"
#include "pcsc/sm/epass2003.h"

ca_err
ca_epass2003_pin_key(struct ca_rd pin, struct ca_wr *out)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	bool ok;

	if (pin.n == 0 || pin.n > CA_SECRET_MAX)
		return CA_E_PIN_LEN;
	(void)ERR_set_mark();
	ok = EVP_Digest(pin.p, pin.n, hash, &n, EVP_sha1(), NULL) == 1;
	(void)ERR_pop_to_mark();
	if (ok) {
		ca_wr_mem(out, hash, n);
		ca_wr_u16(out, 0);
		ca_wr_u16(out, (uint16_t)pin.n);
	}
	ca_wipe(hash, sizeof(hash));
	return ok && ca_wr_ok(out) ? CA_OK : CA_E_BUG;
}

ca_err
ca_epass2003_pin_proof(struct ca_rd pin, struct ca_rd challenge,
    struct ca_wr *out)
{
	static const uint8_t zero[CA_DES_BLOCK];
	uint8_t kb[CA_EPASS2003_PIN_KEY], b[CA_DES_BLOCK];
	struct ca_wr key = ca_wr_of(kb, sizeof(kb));
	size_t n;
	ca_err e;

	if (!ca_rd_copy(challenge, b, sizeof(b), &n) || n != sizeof(b))
		return CA_E_BUG;
	if ((e = ca_epass2003_pin_key(pin, &key)) == CA_OK)
		e = ca_des_cbc(ca_wr_rd(&key), zero, 1, b, sizeof(b));
	if (e == CA_OK)
		ca_wr_mem(out, b, sizeof(b));
	ca_wipe(kb, sizeof(kb));
	return e == CA_OK && !ca_wr_ok(out) ? CA_E_BUG : e;
}
