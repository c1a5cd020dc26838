/* AES-CCM message by message (3.0 clauses 5.9 and 5.11; 3.2 clause 6.13.5),
 * with packet vector 1 of RFC 3610, section 8. a: 0 encrypts, 1 decrypts. */
#include <string.h>

#include "tests/conformance/aes.h"
#include "tests/conformance/groups.h"
#include "tests/conformance/op.h"

#define CKM_CCM 0x1088UL
#define TEXT 23

struct ccm {
	bool decrypt;
	CK_BYTE nonce[16], aad[8], mac[8], plain[TEXT], crypt[TEXT], out[64];
	struct cf_ccm_message p;
};

static const char mac[] = "17e8d12cfdf926e0";

static CK_RV
begin(struct cf *c, bool decrypt, struct ccm *m)
{
	struct cf_list3 *f = c->f3;
	CK_MECHANISM_INFO info = {0, 0, 0};
	CK_MECHANISM mech = {CKM_CCM, NULL, 0};
	CK_OBJECT_HANDLE h;
	CK_BYTE key[16];
	CK_RV rv;

	memset(m, 0, sizeof(*m));
	if (f->base.C_GetMechanismInfo(c->slot, CKM_CCM, &info) != CKR_OK ||
	    (info.flags & CF_CKF_MESSAGE_ENCRYPT) == 0)
		return cf_note(c, CF_SKIP, "no AES-CCM of messages");
	cf_aes_hex("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", key);
	cf_aes_hex("00000003020100a0a1a2a3a4a5", m->nonce);
	for (CK_BYTE i = 0; i < 8; i++)
		m->aad[i] = i;
	for (CK_BYTE i = 0; i < TEXT; i++)
		m->plain[i] = (CK_BYTE)(8 + i);
	cf_aes_hex("588c979a61c663d2f066d0c2c0f989806d5f6b61dac384", m->crypt);
	if (decrypt)
		cf_aes_hex(mac, m->mac);
	m->decrypt = decrypt;
	m->p = (struct cf_ccm_message){
	    TEXT, m->nonce, 13, 0, CF_CKG_NO_GENERATE, m->mac, 8};
	if ((rv = cf_aes_key(c, key, sizeof(key), &h)) != CKR_OK)
		return cf_note(c, CF_SETUP, "key: %s", cf_rv_name(rv));
	return decrypt ? f->C_MessageDecryptInit(c->s, &mech, h)
		       : f->C_MessageEncryptInit(c->s, &mech, h);
}

static CK_RV
once(struct cf *c, struct ccm *m, CK_BYTE *out, CK_ULONG *n)
{
	cf_msg_crypt fn =
	    m->decrypt ? c->f3->C_DecryptMessage : c->f3->C_EncryptMessage;

	return fn(c->s, &m->p, sizeof(m->p), m->aad, sizeof(m->aad),
	    m->decrypt ? m->crypt : m->plain, TEXT, out, n);
}

static CK_RV
parts(struct cf *c, struct ccm *m, size_t step, CK_ULONG *n)
{
	struct cf_list3 *f = c->f3;
	cf_msg_crypt_begin start =
	    m->decrypt ? f->C_DecryptMessageBegin : f->C_EncryptMessageBegin;
	cf_msg_crypt_next next =
	    m->decrypt ? f->C_DecryptMessageNext : f->C_EncryptMessageNext;
	CK_BYTE *in = m->decrypt ? m->crypt : m->plain;
	CK_ULONG got;
	CK_RV rv = start(c->s, &m->p, sizeof(m->p), m->aad, sizeof(m->aad));

	*n = 0;
	for (size_t at = 0; rv == CKR_OK && at < TEXT; at += step) {
		bool last = at + step >= TEXT;

		got = TEXT - *n;
		rv = next(c->s, &m->p, sizeof(m->p), in + at,
		    last ? TEXT - at : step, m->out + *n, &got,
		    last ? CF_CKF_END_OF_MESSAGE : 0);
		*n += rv == CKR_OK ? got : 0;
	}
	return rv;
}

static CK_RV
look(struct cf *c, const struct ccm *m, CK_ULONG n)
{
	CK_BYTE want[8];

	cf_aes_hex(mac, want);
	if (n != TEXT ||
	    memcmp(m->out, m->decrypt ? m->plain : m->crypt, n) != 0 ||
	    memcmp(m->mac, want, sizeof(want)) != 0)
		return cf_note(c, CF_WRONG, "another text or MAC");
	return CKR_OK;
}

/* b: bytes of a part; 0: at once. */
static CK_RV
good(struct cf *c, const struct cf_case *k)
{
	struct ccm m;
	CK_ULONG n = TEXT;
	CK_RV rv = begin(c, k->a == 1, &m);

	if (rv == CKR_OK)
		rv =
		    k->b == 0 ? once(c, &m, m.out, &n) : parts(c, &m, k->b, &n);
	return rv == CKR_OK ? look(c, &m, n) : rv;
}

/* b: 1 too small, else a length query. */
static CK_RV
no_room(struct cf *c, const struct cf_case *k)
{
	struct ccm m;
	CK_ULONG n = k->b == 1 ? TEXT - 1 : 0;
	CK_RV rv = begin(c, k->a == 1, &m);

	if (rv != CKR_OK)
		return rv;
	rv = once(c, &m, k->b == 1 ? m.out : NULL, &n);
	if (rv != (k->b == 1 ? CKR_BUFFER_TOO_SMALL : CKR_OK) || n < TEXT)
		return cf_note(c, CF_WRONG, "%s, length %lu", cf_rv_name(rv),
		    n);
	n = TEXT;
	rv = once(c, &m, m.out, &n);
	return rv == CKR_OK ? look(c, &m, n) : rv;
}

enum { LENGTH, NONCE_SHORT, NONCE_LONG, MAC_ODD, MAC_LONG, FORGED };

/* b: what is wrong. The next message is good. */
static CK_RV
bad(struct cf *c, const struct cf_case *k)
{
	struct cf_ccm_message p;
	struct ccm m;
	CK_ULONG n = TEXT;
	CK_RV rv = begin(c, k->a == 1, &m), after;

	if (rv != CKR_OK)
		return rv;
	p = m.p;
	m.p.data_n += k->b == LENGTH;
	m.p.nonce_n = k->b == NONCE_SHORT ? 6 : k->b == NONCE_LONG ? 14 : 13;
	m.p.mac_n = k->b == MAC_ODD ? 7 : k->b == MAC_LONG ? 18 : 8;
	m.mac[0] ^= k->b == FORGED;
	rv = once(c, &m, m.out, &n);
	m.mac[0] ^= k->b == FORGED;
	m.p = p;
	n = TEXT;
	after = once(c, &m, m.out, &n);
	if (after == CKR_OK)
		after = look(c, &m, n);
	return after == CKR_OK
		   ? rv
		   : cf_note(c, CF_WRONG, "then %s", cf_rv_name(after));
}

/* What is encrypted under a nonce made here opens with it. b: the generator. */
static CK_RV
made_nonce(struct cf *c, const struct cf_case *k)
{
	struct ccm m, d;
	CK_ULONG n = TEXT;
	CK_RV rv = begin(c, false, &m);

	if (rv != CKR_OK)
		return rv;
	m.p.generator = k->b;
	if ((rv = once(c, &m, m.out, &n)) != CKR_OK ||
	    (rv = begin(c, true, &d)) != CKR_OK)
		return rv;
	if (memcmp(m.nonce, d.nonce, 13) == 0)
		return cf_note(c, CF_WRONG, "the nonce stayed");
	memcpy(d.nonce, m.nonce, sizeof(d.nonce));
	memcpy(d.mac, m.mac, sizeof(d.mac));
	memcpy(d.crypt, m.out, TEXT);
	rv = once(c, &d, d.out, &n);
	if (rv == CKR_OK && memcmp(d.out, m.plain, TEXT) != 0)
		return cf_note(c, CF_WRONG, "another text");
	return rv;
}

/* The IV of CKM_AES_GMAC stands in the mechanism: one for all messages would
 * give the key away. */
static CK_RV
one_iv_for_all(struct cf *c, const struct cf_case *k)
{
	CK_BYTE iv[12] = {1};
	CK_GCM_PARAMS p = {iv, sizeof(iv), 96, NULL, 0, 128};
	CK_MECHANISM gmac = {0x108eUL, &p, sizeof(p)};
	struct ccm m;
	CK_RV rv = begin(c, false, &m);

	(void)k;
	return rv == CKR_OK ? c->f3->C_MessageSignInit(c->s, &gmac, 0) : rv;
}

#define ROW(what, clause, fn, a, b, ...)                                       \
	{                                                                      \
		what, "3.0 " clause, CF_RO, CF_NEED_3, fn, a, b, NULL,         \
		    CF_ALLOW(__VA_ARGS__)                                      \
	}
#define BOTH(what, fn, b, encrypt, decrypt)                                    \
	ROW("C_EncryptMessage/" what, "5.9", fn, 0, b, encrypt),               \
	    ROW("C_DecryptMessage/" what, "5.11", fn, 1, b, decrypt)
#define BAD CKR_MECHANISM_PARAM_INVALID

static const struct cf_case table[] = {
    BOTH("ccm-good", good, 0, CKR_OK, CKR_OK),
    BOTH("ccm-parts-of-5", good, 5, CKR_OK, CKR_OK),
    BOTH("ccm-one-part", good, TEXT, CKR_OK, CKR_OK),
    BOTH("ccm-length-query", no_room, 0, CKR_OK, CKR_OK),
    BOTH("ccm-too-small-goes-on", no_room, 1, CKR_OK, CKR_OK),
    BOTH("ccm-other-length", bad, LENGTH, CKR_DATA_LEN_RANGE,
	CKR_ENCRYPTED_DATA_LEN_RANGE),
    BOTH("ccm-nonce-of-6", bad, NONCE_SHORT, BAD, BAD),
    BOTH("ccm-nonce-of-14", bad, NONCE_LONG, BAD, BAD),
    BOTH("ccm-mac-of-7", bad, MAC_ODD, BAD, BAD),
    BOTH("ccm-mac-of-18", bad, MAC_LONG, BAD, BAD),
    ROW("C_DecryptMessage/ccm-other-mac", "5.11", bad, 1, FORGED,
	CF_CKR_AEAD_DECRYPT_FAILED),
    ROW("C_MessageSignInit/gmac", "5.14", one_iv_for_all, 0, 0,
	CKR_MECHANISM_INVALID),
    ROW("C_EncryptMessage/ccm-nonce-generated", "5.9", made_nonce, 0,
	CF_CKG_GENERATE, CKR_OK),
    ROW("C_EncryptMessage/ccm-nonce-counter", "5.9", made_nonce, 0,
	CF_CKG_COUNTER, CKR_OK),
    ROW("C_EncryptMessage/ccm-nonce-random", "5.9", made_nonce, 0,
	CF_CKG_RANDOM, CKR_OK),
};

CF_GROUP(cf_group_message_ccm, table)
