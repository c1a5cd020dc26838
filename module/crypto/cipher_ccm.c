/* CCM (SP 800-38C): the length comes first, so a message is done as a whole. */
#include <openssl/evp.h>

#include "module/crypto/cipher_run.h"
#include "pcsc/base/secret.h"

/* Length, nonce and additional data go before the text. A tag to compare with,
 * or NULL for one to come. */
static bool
begin(struct ca_cipher_run *r, size_t text_n, uint8_t *tag)
{
	int dir = r->encrypt ? 1 : 0, n = 0;

	return (tag == NULL ||
		   EVP_CIPHER_CTX_ctrl(r->ctx, EVP_CTRL_AEAD_SET_TAG,
		       (int)r->tag, tag) == 1) &&
	       EVP_CipherInit_ex2(r->ctx, NULL, NULL, r->iv.p, dir, NULL) ==
		   1 &&
	       EVP_CipherUpdate(r->ctx, NULL, &n, NULL, (int)text_n) == 1 &&
	       (r->aad.n == 0 || EVP_CipherUpdate(r->ctx, NULL, &n, r->aad.p,
				     (int)r->aad.n) == 1);
}

/* OpenSSL takes an empty text for none at all, when its address is NULL. */
static bool
text_through(struct ca_cipher_run *r, struct ca_rd text, uint8_t *out)
{
	static const uint8_t nothing;
	const uint8_t *p = text.n != 0 ? text.p : &nothing;
	int n = 0;

	return EVP_CipherUpdate(r->ctx, out, &n, p, (int)text.n) == 1 &&
	       n == (int)text.n;
}

static ca_err
seal(struct ca_cipher_run *r, uint8_t *out, size_t *out_n)
{
	struct ca_rd text = ca_rd_of(r->kept, r->kept_n);
	int n = 0;

	if (!begin(r, text.n, NULL) || !text_through(r, text, out) ||
	    EVP_CipherFinal_ex(r->ctx, out + text.n, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(r->ctx, EVP_CTRL_AEAD_GET_TAG, (int)r->tag,
		out + text.n) != 1)
		return CA_E_BUG;
	*out_n = text.n + r->tag;
	return CA_OK;
}

static ca_err
open_it(struct ca_cipher_run *r, uint8_t *out, size_t *out_n)
{
	struct ca_rd rest = ca_rd_of(r->kept, r->kept_n), text;
	uint8_t tag[CA_AES_BLOCK];
	size_t n;

	if (!ca_rd_take(&rest, r->total, &text) ||
	    !ca_rd_copy(rest, tag, sizeof(tag), &n) || n != r->tag)
		return CA_E_BUG;
	if (!begin(r, text.n, tag))
		return CA_E_BUG;
	if (!text_through(r, text, out)) {
		ca_wipe(out, text.n);
		return CA_E_DATA;
	}
	*out_n = text.n;
	return CA_OK;
}

void
ca_cipher_expect(struct ca_cipher_run *r, size_t total)
{
	r->total = total;
}

ca_err
ca_cipher_ccm(struct ca_cipher_run *r, uint8_t *out, size_t *out_n)
{
	if (r->kept_n != r->total + (r->encrypt ? 0 : r->tag))
		return CA_E_DATA_LEN;
	return r->encrypt ? seal(r, out, out_n) : open_it(r, out, out_n);
}
