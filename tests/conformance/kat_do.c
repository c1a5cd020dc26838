/* See kat.h: what is done with a vector. */
#include "tests/conformance/kat.h"

#include <string.h>

/* One vector while it is run. */
struct run {
	struct cf *c;
	const struct cf_kat *v;
	CK_MECHANISM m;
	CK_OBJECT_HANDLE key;
	bool parts; /* the mechanism may be used in parts */
	uint8_t in[CF_KAT_MAX], want[CF_KAT_MAX], got[CF_KAT_MAX + 64];
	size_t in_n, want_n;
	CK_ULONG got_n;
};

/* "do" of the vector. */
typedef CK_RV (*do_fn)(struct run *r);

typedef CK_RV (*once_fn)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG, CK_BYTE *,
    CK_ULONG *);
typedef CK_RV (*eat_fn)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG);
typedef CK_RV (*final_fn)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG *);

/* Odd, so that parts and blocks do not go together. */
#define STEP 7

static CK_RV
same(struct run *r, const char *how)
{
	if (r->got_n == r->want_n && memcmp(r->got, r->want, r->want_n) == 0)
		return CKR_OK;
	return cf_note(r->c, CF_WRONG,
	    "%s:%u: %s gives another result (%lu bytes)", r->v->file,
	    r->v->line, how, r->got_n);
}

/* Names the vector in the note of an answer that is not CKR_OK. */
static CK_RV
told(struct run *r, CK_RV rv, const char *how)
{
	return rv == CKR_OK || rv == CF_WRONG
		   ? rv
		   : cf_note(r->c, rv, "%s:%u: %s", r->v->file, r->v->line,
			 how);
}

static CK_RV
once(struct run *r, once_fn fn, uint8_t *in, size_t n)
{
	r->got_n = sizeof(r->got);
	return fn(r->c->s, in, n, r->got, &r->got_n);
}

/* Input in parts, all output at the end. */
static CK_RV
eat(struct run *r, eat_fn update, uint8_t *in, size_t n)
{
	CK_RV rv = CKR_OK;

	for (size_t at = 0; rv == CKR_OK && at < n; at += STEP)
		rv = update(r->c->s, in + at, n - at < STEP ? n - at : STEP);
	return rv;
}

/* Input and output in parts. */
static CK_RV
pour(struct run *r, once_fn update, final_fn final, uint8_t *in, size_t n)
{
	CK_RV rv = CKR_OK;
	CK_ULONG room;

	r->got_n = 0;
	for (size_t at = 0; rv == CKR_OK && at < n; at += STEP) {
		room = sizeof(r->got) - r->got_n;
		rv = update(r->c->s, in + at, n - at < STEP ? n - at : STEP,
		    r->got + r->got_n, &room);
		r->got_n += rv == CKR_OK ? room : 0;
	}
	room = sizeof(r->got) - r->got_n;
	if (rv == CKR_OK)
		rv = final(r->c->s, r->got + r->got_n, &room);
	r->got_n += rv == CKR_OK ? room : 0;
	return rv;
}

static CK_RV
digest(struct run *r)
{
	CK_FUNCTION_LIST *f = r->c->f;
	CK_RV rv = f->C_DigestInit(r->c->s, &r->m);

	if (rv == CKR_OK)
		rv = once(r, f->C_Digest, r->in, r->in_n);
	if (rv == CKR_OK)
		rv = same(r, "C_Digest");
	if (rv == CKR_OK)
		rv = f->C_DigestInit(r->c->s, &r->m);
	if (rv == CKR_OK)
		rv = eat(r, f->C_DigestUpdate, r->in, r->in_n);
	r->got_n = sizeof(r->got);
	if (rv == CKR_OK)
		rv = f->C_DigestFinal(r->c->s, r->got, &r->got_n);
	return rv == CKR_OK ? same(r, "C_DigestFinal") : told(r, rv, "digest");
}

/* The signature is good, at once and in parts; one of another bit is not. */
static CK_RV
verify(struct run *r)
{
	CK_FUNCTION_LIST *f = r->c->f;
	CK_RV rv = f->C_VerifyInit(r->c->s, &r->m, r->key);

	if (rv == CKR_OK)
		rv = f->C_Verify(r->c->s, r->in, r->in_n, r->want, r->want_n);
	if (rv == CKR_OK && r->parts) {
		rv = f->C_VerifyInit(r->c->s, &r->m, r->key);
		if (rv == CKR_OK)
			rv = eat(r, f->C_VerifyUpdate, r->in, r->in_n);
		if (rv == CKR_OK)
			rv = f->C_VerifyFinal(r->c->s, r->want, r->want_n);
	}
	if (rv == CKR_OK)
		rv = f->C_VerifyInit(r->c->s, &r->m, r->key);
	if (rv != CKR_OK)
		return told(r, rv, "verify");
	r->want[r->want_n - 1] ^= 1;
	rv = f->C_Verify(r->c->s, r->in, r->in_n, r->want, r->want_n);
	r->want[r->want_n - 1] ^= 1;
	return rv == CKR_SIGNATURE_INVALID
		   ? CKR_OK
		   : told(r, rv == CKR_OK ? CKR_GENERAL_ERROR : rv,
			 "another signature is accepted, or that way");
}

static CK_RV
sign(struct run *r)
{
	CK_FUNCTION_LIST *f = r->c->f;
	CK_RV rv = f->C_SignInit(r->c->s, &r->m, r->key);

	if (rv == CKR_OK)
		rv = once(r, f->C_Sign, r->in, r->in_n);
	if (rv == CKR_OK)
		rv = same(r, "C_Sign");
	if (rv == CKR_OK && r->parts) {
		rv = f->C_SignInit(r->c->s, &r->m, r->key);
		if (rv == CKR_OK)
			rv = eat(r, f->C_SignUpdate, r->in, r->in_n);
		r->got_n = sizeof(r->got);
		if (rv == CKR_OK)
			rv = f->C_SignFinal(r->c->s, r->got, &r->got_n);
		if (rv == CKR_OK)
			rv = same(r, "C_SignFinal");
	}
	if (rv != CKR_OK)
		return told(r, rv, "sign");
	return cf_kat_constant(r->v, "class", CKO_SECRET_KEY) == CKO_SECRET_KEY
		   ? verify(r)
		   : CKR_OK;
}

/* From r->in to r->want. */
static CK_RV
decipher(struct run *r)
{
	CK_FUNCTION_LIST *f = r->c->f;
	CK_RV rv = f->C_DecryptInit(r->c->s, &r->m, r->key);

	if (rv == CKR_OK)
		rv = once(r, f->C_Decrypt, r->in, r->in_n);
	if (rv == CKR_OK)
		rv = same(r, "C_Decrypt");
	if (rv != CKR_OK || !r->parts)
		return told(r, rv, "decrypt");
	rv = f->C_DecryptInit(r->c->s, &r->m, r->key);
	if (rv == CKR_OK)
		rv = pour(r, f->C_DecryptUpdate, f->C_DecryptFinal, r->in,
		    r->in_n);
	return rv == CKR_OK ? same(r, "C_DecryptFinal")
			    : told(r, rv, "decrypt in parts");
}

/* There, and with a secret key back again. */
static CK_RV
encrypt(struct run *r)
{
	CK_FUNCTION_LIST *f = r->c->f;
	uint8_t text[CF_KAT_MAX];
	size_t n = r->in_n;
	CK_RV rv = f->C_EncryptInit(r->c->s, &r->m, r->key);

	if (rv == CKR_OK)
		rv = once(r, f->C_Encrypt, r->in, r->in_n);
	if (rv == CKR_OK)
		rv = same(r, "C_Encrypt");
	if (rv == CKR_OK && r->parts) {
		rv = f->C_EncryptInit(r->c->s, &r->m, r->key);
		if (rv == CKR_OK)
			rv = pour(r, f->C_EncryptUpdate, f->C_EncryptFinal,
			    r->in, r->in_n);
		if (rv == CKR_OK)
			rv = same(r, "C_EncryptFinal");
	}
	if (rv != CKR_OK)
		return told(r, rv, "encrypt");
	if (cf_kat_constant(r->v, "class", CKO_SECRET_KEY) != CKO_SECRET_KEY)
		return CKR_OK;
	memcpy(text, r->in, n);
	memcpy(r->in, r->want, r->want_n);
	r->in_n = r->want_n;
	memcpy(r->want, text, n);
	r->want_n = n;
	return decipher(r);
}

/* The template of what is made: `makes`, `length`; readable. */
static CK_ULONG template(struct run *r, CK_ATTRIBUTE *t)
{
	static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	static CK_OBJECT_CLASS cls;
	static CK_KEY_TYPE type;
	static CK_ULONG length;
	CK_ULONG n = 0;

	cls = cf_kat_constant(r->v, "makes-class", CKO_SECRET_KEY);
	t[n++] = (CK_ATTRIBUTE){CKA_CLASS, &cls, sizeof(cls)};
	t[n++] = (CK_ATTRIBUTE){CKA_TOKEN, &no, sizeof(no)};
	t[n++] = (CK_ATTRIBUTE){CKA_PRIVATE, &no, sizeof(no)};
	length = cf_kat_number(r->v, "length", 0);
	if (length != 0)
		t[n++] = (CK_ATTRIBUTE){CKA_VALUE_LEN, &length, sizeof(length)};
	if (cls != CKO_SECRET_KEY)
		return n;
	t[n++] = (CK_ATTRIBUTE){CKA_SENSITIVE, &no, sizeof(no)};
	t[n++] = (CK_ATTRIBUTE){CKA_EXTRACTABLE, &yes, sizeof(yes)};
	type = cf_kat_constant(r->v, "makes", CK_UNAVAILABLE_INFORMATION);
	if (type != CK_UNAVAILABLE_INFORMATION)
		t[n++] = (CK_ATTRIBUTE){CKA_KEY_TYPE, &type, sizeof(type)};
	return n;
}

static CK_RV
value(struct run *r, CK_OBJECT_HANDLE made, const char *how)
{
	size_t n = 0;
	CK_RV rv = cf_attr(r->c, made, CKA_VALUE, r->got, sizeof(r->got), &n);

	r->got_n = n;
	return rv == CKR_OK ? same(r, how) : told(r, rv, how);
}

/* What C_DecapsulateKey of 3.2 makes of the same: `sent` takes the place of the
 * point in the parameters, and of the cryptogram. */
static CK_RV
decapsulate(struct run *r, uint8_t *sent, size_t sent_n)
{
	CK_OBJECT_HANDLE made = CK_INVALID_HANDLE;
	CK_BBOOL yes = CK_TRUE;
	CK_ULONG length = r->want_n;
	CK_ATTRIBUTE right = {CF_CKA_DECAPSULATE, &yes, sizeof(yes)}, t[9];
	CK_ULONG n = template(r, t);
	CK_RV rv;

	if (r->c->f32 == NULL)
		return CKR_OK;
	if (cf_kat_number(r->v, "length", 0) == 0)
		t[n++] = (CK_ATTRIBUTE){CKA_VALUE_LEN, &length, sizeof(length)};
	rv = r->c->f->C_SetAttributeValue(r->c->s, r->key, &right, 1);
	if (rv == CKR_OK)
		rv = r->c->f32->C_DecapsulateKey(r->c->s, &r->m, r->key, t, n,
		    sent, sent_n, &made);
	return rv == CKR_OK ? value(r, made, "C_DecapsulateKey")
			    : told(r, rv, "C_DecapsulateKey");
}

static CK_RV
decapsulate_point(struct run *r)
{
	static uint8_t point[CF_KAT_MAX];
	size_t n = cf_kat_bytes(r->v, "point", point);
	CK_ECDH1_DERIVE_PARAMS *p = r->m.pParameter;

	if (n == 0)
		return CKR_OK;
	p->public_data = NULL;
	p->public_data_len = 0;
	return decapsulate(r, point, n);
}

/* RSA: what is decrypted is a key, too. */
static CK_RV
decrypt(struct run *r)
{
	CK_RV rv = decipher(r);
	bool rsa = r->m.mechanism == CKM_RSA_PKCS ||
		   r->m.mechanism == CKM_RSA_PKCS_OAEP;

	return rv == CKR_OK && rsa && r->want_n != 0
		   ? decapsulate(r, r->in, r->in_n)
		   : rv;
}

static CK_RV
derive(struct run *r)
{
	CK_ATTRIBUTE t[8];
	CK_ULONG n = template(r, t);
	CK_OBJECT_HANDLE made = CK_INVALID_HANDLE;
	CK_RV rv = r->c->f->C_DeriveKey(r->c->s, &r->m, r->key, t, n, &made);

	rv = rv == CKR_OK ? value(r, made, "C_DeriveKey")
			  : told(r, rv, "C_DeriveKey");
	return rv == CKR_OK ? decapsulate_point(r) : rv;
}

static CK_RV
generate(struct run *r)
{
	CK_ATTRIBUTE t[8];
	CK_ULONG n = template(r, t);
	CK_OBJECT_HANDLE made = CK_INVALID_HANDLE;
	CK_RV rv = r->c->f->C_GenerateKey(r->c->s, &r->m, t, n, &made);

	return rv == CKR_OK ? value(r, made, "C_GenerateKey")
			    : told(r, rv, "C_GenerateKey");
}

static const struct verb {
	const char *name;
	bool has_key;
	do_fn run;
} verbs[] = {
    {"digest", false, digest},
    {"sign", true, sign},
    {"verify", true, verify},
    {"encrypt", true, encrypt},
    {"decrypt", true, decrypt},
    {"derive", true, derive},
    {"generate", false, generate},
};

static const struct verb *
verb_of(const struct cf_kat *v)
{
	const char *name = cf_kat_text(v, "do");

	for (size_t i = 0; name != NULL && i < CF_COUNT(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	cf_kat_wrong(v, "unknown", "do");
}

CK_RV
cf_kat_run(struct cf *c, const struct cf_kat *v)
{
	static struct run r;
	const struct verb *verb = verb_of(v);
	const char *parts = cf_kat_text(v, "parts");
	CK_RV rv;

	r = (struct run){.c = c, .v = v};
	r.parts = parts == NULL || strcmp(parts, "no") != 0;
	r.in_n = cf_kat_bytes(v, "in", r.in);
	r.want_n = cf_kat_bytes(v, "out", r.want);
	rv = cf_kat_mechanism(c, v, &r.m);
	if (rv == CKR_OK && verb->has_key)
		rv = cf_kat_key(c, v, &r.key);
	return rv == CKR_OK ? verb->run(&r) : told(&r, rv, "its key");
}
