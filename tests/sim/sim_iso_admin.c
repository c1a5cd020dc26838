/*
 * The administrator's key of the iso7816-15 card, by the words of ISO/IEC
 * 7816-4:2005: GET CHALLENGE (7.5.3), whose challenge is good for the next
 * command alone; EXTERNAL AUTHENTICATE (7.5.4) with the challenge enciphered,
 * one block; then RESET RETRY COUNTER with the new PIN alone (7.5.10, P1 02).
 */
#include <openssl/evp.h>
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_iso_make.h"

#define INS_EXTERNAL 0x82
#define DES_BLOCK 8
#define AES_BLOCK 16
#define DES_KEY 24 /* three keys; a key of 16 bytes has the first twice */
#define TRIES_FILE "admin"

static struct ca_sim_iso_admin *
admin(struct ca_sim *s)
{
	struct ca_sim_iso *o = s->own;

	return &o->admin;
}

static size_t
block(const struct ca_sim *s)
{
	return s->o.admin_cipher == CA_SIM_AES ? AES_BLOCK : DES_BLOCK;
}

static bool
key_fits(const struct ca_sim *s, size_t n)
{
	return n == 16 || n == 24 ||
	       (n == 32 && s->o.admin_cipher == CA_SIM_AES);
}

/* A try that is spent stays so when the power goes. */
static ca_err
keep(struct ca_sim *s)
{
	const uint8_t left = (uint8_t)admin(s)->tries;

	return ca_sim_state_put(s->o.state, TRIES_FILE, ca_rd_of(&left, 1));
}

ca_err
ca_sim_iso_admin_load(struct ca_sim *s)
{
	struct ca_sim_iso_admin *a = admin(s);
	struct ca_buf b = {0};
	struct ca_rd r;
	uint8_t left = 0;

	if (s->o.admin_key[0] == '\0')
		return CA_OK;
	if (!ca_hex_parse(s->o.admin_key, a->key, sizeof(a->key), &a->key_n) ||
	    !key_fits(s, a->key_n) || s->o.admin_tries - 1 > 14)
		return CA_E_DATA;
	if (a->key_n < DES_KEY && s->o.admin_cipher == CA_SIM_3DES)
		memcpy(a->key + 16, a->key, 8);
	a->tries = s->o.admin_tries;
	if (ca_sim_state_get(s->o.state, TRIES_FILE, &b) == CA_OK) {
		r = ca_buf_rd(&b);
		if (ca_rd_u8(&r, &left) && left <= s->o.admin_tries)
			a->tries = left;
	}
	ca_buf_free(&b);
	return CA_OK;
}

uint16_t
ca_sim_iso_next(struct ca_sim *s, const struct ca_sim_cmd *c)
{
	if (c->ins != INS_EXTERNAL)
		admin(s)->asked = false;
	return SW_OK;
}

uint16_t
ca_sim_iso_challenge(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_sim_iso_admin *a = admin(s);
	uint16_t sw = ca_sim_challenge(s, c, body);
	size_t n = 0;

	if (sw == SW_OK && a->key_n > 0 && body->n == block(s))
		a->asked = ca_rd_copy(ca_wr_rd(body), a->challenge,
		    sizeof(a->challenge), &n);
	return sw;
}

static const EVP_CIPHER *
cipher(const struct ca_sim *s, size_t key_n)
{
	if (s->o.admin_cipher == CA_SIM_3DES)
		return EVP_des_ede3_ecb();
	return key_n == 16   ? EVP_aes_128_ecb()
	       : key_n == 24 ? EVP_aes_192_ecb()
			     : EVP_aes_256_ecb();
}

/* The answer that the card wants to hear. */
static bool
expected(struct ca_sim *s, uint8_t out[2 * AES_BLOCK])
{
	const struct ca_sim_iso_admin *a = admin(s);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	bool ok =
	    ctx != NULL &&
	    EVP_EncryptInit_ex(ctx, cipher(s, a->key_n), NULL, a->key, NULL) ==
		1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	    EVP_EncryptUpdate(ctx, out, &n, a->challenge, (int)block(s)) == 1;

	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

/* Spends a try, and keeps it so, before the answer is looked at. */
static uint16_t
attempt(struct ca_sim *s, struct ca_rd answer)
{
	struct ca_sim_iso_admin *a = admin(s);
	uint8_t want[2 * AES_BLOCK];
	bool right;

	a->asked = a->in = false;
	a->tries--;
	if (keep(s) != CA_OK || !expected(s, want))
		return SW_MEMORY;
	right = ca_const_cmp(want, answer.p, answer.n) == 0;
	ca_wipe(want, sizeof(want));
	if (!right) {
		s->counts[CA_SIM_WRONG_TRIES]++;
		return (uint16_t)(SW_TRIES | a->tries);
	}
	a->tries = s->o.admin_tries;
	a->in = keep(s) == CA_OK;
	return a->in ? SW_OK : SW_MEMORY;
}

uint16_t
ca_sim_iso_external(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_sim_iso_admin *a = admin(s);

	(void)body;
	if (a->key_n == 0)
		return SW_INS;
	if (c->p1 != 0)
		return SW_P1P2;
	if (c->p2 != s->o.admin_ref)
		return SW_NO_REFERENCE;
	if (c->data.n == 0) {
		a->asked = false;
		return a->tries == 0 ? SW_BLOCKED
				     : (uint16_t)(SW_TRIES | a->tries);
	}
	s->counts[CA_SIM_VERIFIES]++;
	if (a->tries == 0)
		return SW_BLOCKED;
	if (c->data.n != block(s))
		return SW_LENGTH;
	return a->asked ? attempt(s, c->data) : SW_CONDITIONS;
}

uint16_t
ca_sim_iso_retry(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_sim_pin *p = ca_sim_pin_find(s, c->p2);

	if (c->p1 != 0x02 || !admin(s)->in || p == NULL ||
	    p->ref != s->o.pin_ref)
		return ca_sim_reset_retry(s, c, body);
	p->commands++;
	p->verified = p->fresh = false;
	return ca_sim_pin_set(s, p, c->data);
}
