#include "tests/conformance/message.h"

#include <string.h>

#include "tests/conformance/aes.h"

static const struct {
	const char *key, *iv, *aad, *plain, *crypt, *tag;
} vector = {
    "feffe9928665731c6d6a8f9467308308",
    "cafebabefacedbaddecaf888",
    "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
    "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
    "5bc94fbc3221a5db94fae95ae7121a47",
};

CK_RV
cf_message_new(struct cf *c, bool decrypt, struct cf_message *m)
{
	struct cf_list3 *f = c->f3;
	CK_MECHANISM_INFO info = {0, 0, 0};
	CK_BYTE key[16];
	CK_FLAGS want =
	    decrypt ? CF_CKF_MESSAGE_DECRYPT : CF_CKF_MESSAGE_ENCRYPT;
	CK_RV rv;

	memset(m, 0, sizeof(*m));
	if (f->base.C_GetMechanismInfo(c->slot, CKM_AES_GCM, &info) != CKR_OK ||
	    (info.flags & want) == 0)
		return cf_note(c, CF_SKIP, "no AES-GCM of messages");
	m->decrypt = decrypt;
	m->init = decrypt ? f->C_MessageDecryptInit : f->C_MessageEncryptInit;
	m->once = decrypt ? f->C_DecryptMessage : f->C_EncryptMessage;
	m->begin =
	    decrypt ? f->C_DecryptMessageBegin : f->C_EncryptMessageBegin;
	m->next = decrypt ? f->C_DecryptMessageNext : f->C_EncryptMessageNext;
	m->final =
	    decrypt ? f->C_MessageDecryptFinal : f->C_MessageEncryptFinal;
	cf_aes_hex(vector.iv, m->iv);
	cf_aes_hex(vector.aad, m->aad);
	cf_aes_hex(vector.plain, m->plain);
	cf_aes_hex(vector.crypt, m->crypt);
	if (decrypt)
		cf_aes_hex(vector.tag, m->tag);
	m->p = (struct cf_gcm_message){
	    m->iv, 12, 0, CF_CKG_NO_GENERATE, m->tag, 128};
	m->m = (CK_MECHANISM){CKM_AES_GCM, NULL, 0};
	rv = cf_aes_key(c, key, cf_aes_hex(vector.key, key), &m->key);
	return rv == CKR_OK ? rv
			    : cf_note(c, CF_SETUP, "key: %s", cf_rv_name(rv));
}

CK_RV
cf_message_init(struct cf *c, bool decrypt, struct cf_message *m)
{
	CK_RV rv = cf_message_new(c, decrypt, m);

	return rv == CKR_OK ? m->init(c->s, &m->m, m->key) : rv;
}

CK_RV
cf_message_once(struct cf *c, struct cf_message *m, CK_BYTE *out, CK_ULONG *n)
{
	return m->once(c->s, &m->p, sizeof(m->p), m->aad, sizeof(m->aad),
	    m->decrypt ? m->crypt : m->plain, CF_TEXT, out, n);
}

CK_RV
cf_message_look(struct cf *c, const struct cf_message *m, size_t done)
{
	CK_BYTE tag[16];

	cf_aes_hex(vector.tag, tag);
	if (done != CF_TEXT ||
	    memcmp(m->out, m->decrypt ? m->plain : m->crypt, done) != 0)
		return cf_note(c, CF_WRONG, "%zu bytes, or others", done);
	if (memcmp(m->tag, tag, sizeof(tag)) != 0)
		return cf_note(c, CF_WRONG, "another tag");
	return CKR_OK;
}

CK_RV
cf_message_good(struct cf *c, struct cf_message *m)
{
	CK_ULONG n = CF_TEXT;
	CK_RV rv;

	memset(m->out, 0, sizeof(m->out));
	rv = cf_message_once(c, m, m->out, &n);
	return rv == CKR_OK ? cf_message_look(c, m, n) : rv;
}

CK_RV
cf_message_part(struct cf *c, struct cf_message *m, size_t at, size_t n,
    size_t *done)
{
	CK_BYTE *in = m->decrypt ? m->crypt : m->plain;
	CK_ULONG got = CF_TEXT - *done;
	CK_RV rv =
	    m->next(c->s, &m->p, sizeof(m->p), in + at, n, m->out + *done, &got,
		at + n == CF_TEXT ? CF_CKF_END_OF_MESSAGE : 0);

	*done += rv == CKR_OK ? got : 0;
	return rv;
}
