/* Sessions and keys by the thousand. */
#include <stdlib.h>

#include "tests/bench/bench.h"

#define SESSIONS 10000
#define KEYS 4096
#define OPERATIONS 100000

static CK_BBOOL yes = CK_TRUE;

static void
must(const char *call, CK_RV rv)
{
	if (rv != CKR_OK)
		fail(call, "refused");
}

static CK_SESSION_HANDLE
open_session(struct client *c)
{
	CK_SESSION_HANDLE s;

	must("C_OpenSession",
	    c->f->C_OpenSession(c->slot, CKF_SERIAL_SESSION, NULL, NULL, &s));
	return s;
}

/* A search for what no token has, in the last session. */
static void
search(struct client *c, CK_SESSION_HANDLE s)
{
	CK_OBJECT_CLASS cls = CKO_DOMAIN_PARAMETERS;
	CK_ATTRIBUTE a = {CKA_CLASS, &cls, sizeof(cls)};
	CK_OBJECT_HANDLE o;
	CK_ULONG n;

	must("C_FindObjectsInit", c->f->C_FindObjectsInit(s, &a, 1));
	must("C_FindObjects", c->f->C_FindObjects(s, &o, 1, &n));
	must("C_FindObjectsFinal", c->f->C_FindObjectsFinal(s));
}

void
made_sessions(struct client *c)
{
	static CK_SESSION_HANDLE s[SESSIONS];
	uint64_t memory = resident_kib(), t = now_ns();

	for (size_t i = 0; i < SESSIONS; i++)
		s[i] = open_session(c);
	figure("sessions-open-us", (now_ns() - t) / 1000 / SESSIONS);
	figure("sessions-bytes", (resident_kib() - memory) * 1024 / SESSIONS);
	t = now_ns();
	for (size_t i = 0; i < 100; i++)
		search(c, s[i * (SESSIONS / 100)]);
	figure("sessions-find-us", (now_ns() - t) / 1000 / 100);
	t = now_ns();
	for (size_t i = 0; i < SESSIONS; i += 2)
		must("C_CloseSession", c->f->C_CloseSession(s[i]));
	figure("sessions-close-ns", (now_ns() - t) / (SESSIONS / 2));
	t = now_ns();
	must("C_CloseAllSessions", c->f->C_CloseAllSessions(c->slot));
	figure("sessions-close-all-us", (now_ns() - t) / 1000);
}

static CK_OBJECT_HANDLE
make_key(struct client *c, CK_SESSION_HANDLE s, CK_KEY_TYPE type)
{
	CK_OBJECT_CLASS cls = CKO_SECRET_KEY;
	CK_BYTE value[32] = {1};
	CK_ATTRIBUTE a[] = {{CKA_CLASS, &cls, sizeof(cls)},
	    {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_VALUE, value, sizeof(value)},
	    {type == CKK_AES ? CKA_ENCRYPT : CKA_SIGN, &yes, sizeof(yes)}};
	CK_OBJECT_HANDLE o;

	must("C_CreateObject", c->f->C_CreateObject(s, a, 4, &o));
	return o;
}

void
made_keys(struct client *c)
{
	static CK_OBJECT_HANDLE o[KEYS];
	CK_SESSION_HANDLE s = open_session(c);
	uint64_t t;

	(void)make_key(c, s, CKK_AES); /* OpenSSL is loaded */
	t = now_ns();
	for (size_t i = 0; i < KEYS - 1; i++)
		o[i] = make_key(c, s, CKK_AES);
	figure("keys-create-us", (now_ns() - t) / 1000 / KEYS);
	t = now_ns();
	for (size_t i = 0; i < KEYS - 1; i++)
		must("C_DestroyObject", c->f->C_DestroyObject(s, o[i]));
	figure("keys-destroy-us", (now_ns() - t) / 1000 / KEYS);
	must("C_CloseSession", c->f->C_CloseSession(s));
}

/* An operation of two calls over one block: those of a cipher and of a MAC have
 * one shape. */
struct operation {
	const char *figure, *init_name, *run_name;
	CK_MECHANISM_TYPE mechanism;
	CK_KEY_TYPE key;
	CK_C_SignInit init;
	CK_C_Sign run;
};

static void
operate(struct client *c, CK_SESSION_HANDLE s, const struct operation *op)
{
	CK_OBJECT_HANDLE key = make_key(c, s, op->key);
	CK_MECHANISM m = {op->mechanism, NULL, 0};
	CK_BYTE in[16] = {1}, out[32];
	uint64_t t = now_ns();

	for (size_t i = 0; i < OPERATIONS; i++) {
		CK_ULONG n = sizeof(out);

		must(op->init_name, op->init(s, &m, key));
		must(op->run_name, op->run(s, in, sizeof(in), out, &n));
	}
	figure(op->figure, (now_ns() - t) / OPERATIONS);
}

void
made_operations(struct client *c)
{
	const struct operation operations[] = {
	    {"aes-ns", "C_EncryptInit", "C_Encrypt", CKM_AES_ECB, CKK_AES,
		c->f->C_EncryptInit, c->f->C_Encrypt},
	    {"hmac-ns", "C_SignInit", "C_Sign", CKM_SHA256_HMAC,
		CKK_GENERIC_SECRET, c->f->C_SignInit, c->f->C_Sign},
	};
	CK_SESSION_HANDLE s = open_session(c);

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		operate(c, s, &operations[i]);
	must("C_CloseSession", c->f->C_CloseSession(s));
}
