#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "tests/bench/bench.h"

static void
must(const char *call, CK_RV rv)
{
	char text[32];

	if (rv == CKR_OK)
		return;
	snprintf(text, sizeof(text), "0x%lx", rv);
	fail(call, text);
}

void
client_load(struct client *c, const char *module)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
	CK_C_GetFunctionList get;

	memset(c, 0, sizeof(*c));
	c->library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
	if (c->library == NULL)
		fail(module, dlerror());
	/* dlsym gives data pointers; POSIX lets them hold functions. */
	*(void **)&get = dlsym(c->library, "C_GetFunctionList");
	if (get == NULL)
		fail(module, "no C_GetFunctionList");
	must("C_GetFunctionList", get(&c->f));
	must("C_Initialize", c->f->C_Initialize(&args));
}

CK_ULONG
client_slots(struct client *c, CK_BBOOL with_token)
{
	CK_SLOT_ID slots[32];
	CK_ULONG n = 0;

	must("C_GetSlotList", c->f->C_GetSlotList(with_token, NULL, &n));
	if (n > sizeof(slots) / sizeof(slots[0]))
		fail("C_GetSlotList", "too many slots");
	must("C_GetSlotList", c->f->C_GetSlotList(with_token, slots, &n));
	if (n > 0)
		c->slot = slots[0];
	return n;
}

/* The first object that matches; none is a failure. */
static CK_OBJECT_HANDLE
find(struct client *c, CK_ATTRIBUTE *match, CK_ULONG n)
{
	CK_OBJECT_HANDLE h = 0;
	CK_ULONG found = 0;

	must("C_FindObjectsInit",
	    c->f->C_FindObjectsInit(c->session, match, n));
	must("C_FindObjects", c->f->C_FindObjects(c->session, &h, 1, &found));
	must("C_FindObjectsFinal", c->f->C_FindObjectsFinal(c->session));
	if (found == 0)
		fail("C_FindObjects", "nothing found");
	return h;
}

void
client_open(struct client *c, const char *pin)
{
	CK_OBJECT_CLASS certificate = CKO_CERTIFICATE, key = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE by_class = {CKA_CLASS, &certificate, sizeof(certificate)};
	CK_BYTE id[64], value[4096], text[64];
	CK_ATTRIBUTE read[] = {
	    {CKA_ID, id, sizeof(id)}, {CKA_VALUE, value, sizeof(value)}};
	CK_ATTRIBUTE by_id[] = {
	    {CKA_CLASS, &key, sizeof(key)}, {CKA_ID, id, 0}};
	size_t pin_n = strlen(pin);

	if (client_slots(c, CK_TRUE) == 0)
		fail("C_GetSlotList", "no token");
	must("C_OpenSession", c->f->C_OpenSession(c->slot, CKF_SERIAL_SESSION,
				  NULL, NULL, &c->session));
	must("C_GetAttributeValue", c->f->C_GetAttributeValue(c->session,
					find(c, &by_class, 1), read, 2));
	if (pin_n > sizeof(text))
		fail("--pin", "too long");
	memcpy(text, pin, pin_n);
	must("C_Login", c->f->C_Login(c->session, CKU_USER, text, pin_n));
	by_id[1].ulValueLen = read[0].ulValueLen;
	c->key = find(c, by_id, 2);
}

void
client_sign(struct client *c)
{
	CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_BYTE data[] = "one page of a document", signature[512];
	CK_ULONG n = sizeof(signature);

	must("C_SignInit", c->f->C_SignInit(c->session, &mechanism, c->key));
	must("C_Sign",
	    c->f->C_Sign(c->session, data, sizeof(data), signature, &n));
}

void
client_slot_info(struct client *c)
{
	CK_SLOT_INFO info;

	must("C_GetSlotInfo", c->f->C_GetSlotInfo(c->slot, &info));
}

CK_RV
client_token_info(struct client *c)
{
	CK_TOKEN_INFO info;

	return c->f->C_GetTokenInfo(c->slot, &info);
}

void
client_end(struct client *c)
{
	must("C_Finalize", c->f->C_Finalize(NULL));
}
