/* See cipher.h: what goes through a run. */
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "module/crypto/cipher_run.h"
#include "pcsc/base/locked.h"
#include "pcsc/base/secret.h"
#include "pcsc/ossl/ctx.h"

#define STEP_MAX (1 << 30) /* OpenSSL counts in int */

static bool
keeps(const struct ca_cipher_run *r)
{
	return r->mode == CA_CIPHER_CCM ||
	       (r->mode == CA_CIPHER_GCM && !r->encrypt);
}

size_t
ca_cipher_update_size(const struct ca_cipher_run *r, size_t n)
{
	size_t all = r->held + n;

	if (keeps(r))
		return 0;
	if (r->mode == CA_CIPHER_CTR || r->mode == CA_CIPHER_GCM)
		return n;
	/* Whether a block is the last, which has the padding, is not known
	 * until something follows it. */
	if (r->mode == CA_CIPHER_CBC_PAD && !r->encrypt && all > 0)
		all--;
	return all / r->block * r->block;
}

/* How much may wait for its end. */
static size_t
kept_max(const struct ca_cipher_run *r)
{
	if (r->mode == CA_CIPHER_CCM)
		return r->total + (r->encrypt ? 0 : r->tag);
	return CA_CIPHER_KEPT_MAX;
}

static ca_err
keep(struct ca_cipher_run *r, struct ca_rd in)
{
	size_t need = r->kept_n + in.n, cap = r->kept_cap, n;
	uint8_t *p;

	if (in.n > kept_max(r) - r->kept_n)
		return CA_E_DATA_LEN;
	if (in.n == 0)
		return CA_OK;
	if (need > cap) {
		cap = need > 2 * cap ? need : 2 * cap;
		p = ca_locked_new(cap);
		if (p == NULL)
			return CA_E_NOMEM;
		if (r->kept_n != 0)
			memcpy(p, r->kept, r->kept_n);
		ca_locked_free(r->kept, r->kept_cap);
		r->kept = p;
		r->kept_cap = cap;
	}
	if (!ca_rd_copy(in, r->kept + r->kept_n, cap - r->kept_n, &n))
		return CA_E_BUG;
	r->kept_n = need;
	return CA_OK;
}

/* OpenSSL in steps that it can count. */
static ca_err
run(struct ca_cipher_run *r, struct ca_rd in, uint8_t *out, size_t *out_n)
{
	struct ca_rd part;

	while (in.n != 0) {
		size_t step = in.n < STEP_MAX ? in.n : STEP_MAX;
		int n = 0;

		if (!ca_rd_take(&in, step, &part) ||
		    EVP_CipherUpdate(r->ctx, out + *out_n, &n, part.p,
			(int)part.n) != 1)
			return CA_E_BUG;
		*out_n += (size_t)n;
	}
	return CA_OK;
}

ca_err
ca_cipher_update(struct ca_cipher_run *r, struct ca_rd in, uint8_t *out,
    size_t *out_n)
{
	uint64_t room = r->blocks_max > UINT64_MAX / CA_AES_BLOCK
			    ? UINT64_MAX
			    : r->blocks_max * CA_AES_BLOCK;
	ca_err e;

	*out_n = 0;
	if (!ca_crypto_alive())
		return CA_E_BUG;
	if (in.n > room - r->taken)
		return CA_E_DATA_LEN;
	if (keeps(r))
		return keep(r, in);
	(void)ERR_set_mark();
	e = run(r, in, out, out_n);
	(void)ERR_pop_to_mark();
	r->taken += in.n;
	r->held += in.n - *out_n;
	return e;
}

size_t
ca_cipher_final_size(const struct ca_cipher_run *r)
{
	if (r->mode == CA_CIPHER_CCM && r->encrypt)
		return r->kept_n + r->tag;
	if (keeps(r))
		return r->kept_n > r->tag ? r->kept_n - r->tag : 0;
	if (r->mode == CA_CIPHER_GCM)
		return r->tag;
	return r->mode == CA_CIPHER_CBC_PAD ? r->block : 0;
}

static ca_err
open_gcm(struct ca_cipher_run *r, uint8_t *out, size_t *out_n)
{
	struct ca_rd rest = ca_rd_of(r->kept, r->kept_n), text;
	uint8_t tag[CA_AES_BLOCK];
	size_t n;
	int more = 0;
	ca_err e;

	if (rest.n < r->tag || !ca_rd_take(&rest, rest.n - r->tag, &text) ||
	    !ca_rd_copy(rest, tag, sizeof(tag), &n))
		return CA_E_DATA_LEN;
	e = run(r, text, out, out_n);
	if (e == CA_OK &&
	    (EVP_CIPHER_CTX_ctrl(r->ctx, EVP_CTRL_AEAD_SET_TAG, (int)r->tag,
		 tag) != 1 ||
		EVP_CipherFinal_ex(r->ctx, out + *out_n, &more) != 1))
		e = CA_E_DATA;
	if (e != CA_OK) {
		ca_wipe(out, text.n);
		*out_n = 0;
	}
	return e;
}

static ca_err
finish(struct ca_cipher_run *r, uint8_t *out, size_t *out_n)
{
	int n = 0;

	if (r->mode == CA_CIPHER_CCM)
		return ca_cipher_ccm(r, out, out_n);
	if (keeps(r))
		return open_gcm(r, out, out_n);
	if ((r->mode == CA_CIPHER_ECB || r->mode == CA_CIPHER_CBC) &&
	    r->held != 0)
		return CA_E_DATA_LEN;
	if (r->mode == CA_CIPHER_CBC_PAD && !r->encrypt && r->held != r->block)
		return CA_E_DATA_LEN;
	if (EVP_CipherFinal_ex(r->ctx, out, &n) != 1)
		return CA_E_DATA;
	*out_n = (size_t)n;
	if (r->mode != CA_CIPHER_GCM)
		return CA_OK;
	*out_n = r->tag;
	return EVP_CIPHER_CTX_ctrl(r->ctx, EVP_CTRL_AEAD_GET_TAG, (int)r->tag,
		   out) == 1
		   ? CA_OK
		   : CA_E_BUG;
}

ca_err
ca_cipher_final(struct ca_cipher_run *r, uint8_t *out, size_t *out_n)
{
	ca_err e;

	*out_n = 0;
	if (!ca_crypto_alive())
		return CA_E_BUG;
	(void)ERR_set_mark();
	e = finish(r, out, out_n);
	(void)ERR_pop_to_mark();
	return e;
}
