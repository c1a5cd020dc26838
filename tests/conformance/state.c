/* Loading the module, and bringing it to the state a case starts in. */
#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>

#include "tests/conformance/cf.h"

CK_RV
cf_note(struct cf *c, CK_RV rv, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->note, sizeof(c->note), fmt, ap);
	va_end(ap);
	return rv;
}

/* A function from dlsym, without casting an object pointer to a function. */
static void
symbol(void *so, const char *name, void *out, size_t n)
{
	void *p = dlsym(so, name);

	memcpy(out, &p, n);
}

/* A list of 3.x, by its exact version; NULL when the module has none. */
static void *
list_of(struct cf *c, CK_BYTE minor)
{
	struct cf_interface *in = NULL;
	CK_VERSION v = {3, minor};
	CK_UTF8CHAR name[] = "PKCS 11";

	if (c->get_interface == NULL ||
	    c->get_interface(name, &v, &in, 0) != CKR_OK || in == NULL)
		return NULL;
	return in->list;
}

bool
cf_load(struct cf *c)
{
	c->so = dlopen(c->opt->module, RTLD_NOW | RTLD_LOCAL);
	if (c->so == NULL) {
		fprintf(stderr, "conformance: %s\n", dlerror());
		return false;
	}
	symbol(c->so, "C_GetFunctionList", &c->get_list, sizeof(c->get_list));
	symbol(c->so, "C_GetInterfaceList", &c->get_interface_list,
	    sizeof(c->get_interface_list));
	symbol(c->so, "C_GetInterface", &c->get_interface,
	    sizeof(c->get_interface));
	if (c->get_list == NULL || c->get_list(&c->f) != CKR_OK ||
	    c->f == NULL) {
		fprintf(stderr, "conformance: %s has no C_GetFunctionList\n",
		    c->opt->module);
		return false;
	}
	c->f3 = list_of(c, 0);
	c->f32 = list_of(c, 2);
	if (c->opt->through3) {
		if (c->f3 == NULL) {
			fprintf(stderr, "conformance: no 3.0 interface\n");
			return false;
		}
		c->f = &c->f3->base;
	}
	return true;
}

CK_RV
cf_init(struct cf *c)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};

	return c->f->C_Initialize(&args);
}

CK_RV
cf_open(struct cf *c, CK_FLAGS flags, CK_SESSION_HANDLE *s)
{
	*s = CK_INVALID_HANDLE;
	return c->f->C_OpenSession(c->slot, CKF_SERIAL_SESSION | flags, NULL,
	    NULL, s);
}

CK_RV
cf_interfaces_needed(struct cf *c)
{
	if (c->get_interface_list == NULL || c->get_interface == NULL)
		return cf_note(c, CF_SKIP, "no 3.0 interface");
	return CKR_OK;
}

CK_RV
cf_interfaces(struct cf *c, struct cf_interface out[CF_INTERFACES_MAX],
    CK_ULONG *n)
{
	CK_RV rv = cf_interfaces_needed(c);

	*n = CF_INTERFACES_MAX;
	return rv != CKR_OK ? rv : c->get_interface_list(out, n);
}

CK_RV
cf_login(struct cf *c, CK_SESSION_HANDLE s)
{
	CK_UTF8CHAR pin[256];
	size_t n = strlen(c->opt->pin);
	CK_RV rv;

	if (n > sizeof(pin))
		return CKR_PIN_LEN_RANGE;
	memcpy(pin, c->opt->pin, n);
	rv = c->f->C_Login(s, CKU_USER, pin, n);
	explicit_bzero(pin, sizeof(pin));
	return rv;
}

/* True when a blank-padded field holds this text. */
static bool
field_is(const CK_UTF8CHAR *field, size_t n, const char *text)
{
	size_t t = strlen(text);

	if (t > n || memcmp(field, text, t) != 0)
		return false;
	while (t < n)
		if (field[t++] != ' ')
			return false;
	return true;
}

static bool
slot_wanted(struct cf *c, CK_SLOT_ID slot)
{
	if (c->opt->has_slot)
		return slot == c->opt->slot;
	if (c->f->C_GetTokenInfo(slot, &c->token) != CKR_OK)
		return false;
	if (c->opt->token_label != NULL)
		return field_is(c->token.label, sizeof(c->token.label),
		    c->opt->token_label);
	return (c->token.flags & CKF_TOKEN_INITIALIZED) != 0;
}

static CK_RV
choose_slot(struct cf *c)
{
	CK_SLOT_ID ids[64];
	CK_ULONG n = CF_COUNT(ids);
	CK_RV rv;

	if ((rv = c->f->C_GetSlotList(CK_TRUE, ids, &n)) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_GetSlotList gave %s",
		    cf_rv_name(rv));
	for (CK_ULONG i = 0; i < n; i++)
		if (slot_wanted(c, ids[i])) {
			c->slot = ids[i];
			rv = c->f->C_GetTokenInfo(c->slot, &c->token);
			if (rv != CKR_OK)
				return cf_note(c, CF_SETUP,
				    "C_GetTokenInfo gave %s", cf_rv_name(rv));
			return CKR_OK;
		}
	/* whoever names a token wants it tested */
	if (c->opt->has_slot || c->opt->token_label != NULL)
		return cf_note(c, CF_SETUP, "the token named is not there");
	return cf_note(c, CF_SKIP, "no token");
}

static CK_RV
choose_empty_slot(struct cf *c)
{
	CK_SLOT_ID ids[64];
	CK_SLOT_INFO info;
	CK_ULONG n = CF_COUNT(ids);

	if (c->f->C_GetSlotList(CK_FALSE, NULL, &n) == CKR_OK &&
	    n <= CF_COUNT(ids) &&
	    c->f->C_GetSlotList(CK_FALSE, ids, &n) == CKR_OK)
		for (CK_ULONG i = 0; i < n; i++)
			if (c->f->C_GetSlotInfo(ids[i], &info) == CKR_OK &&
			    (info.flags & CKF_TOKEN_PRESENT) == 0) {
				c->slot = ids[i];
				return CKR_OK;
			}
	return cf_note(c, CF_SKIP, "every slot has a token");
}

static CK_RV
open_session(struct cf *c, enum cf_state state)
{
	CK_FLAGS flags = 0;
	CK_RV rv;

	if (state == CF_RW) {
		if ((c->token.flags & CKF_WRITE_PROTECTED) != 0)
			return cf_note(c, CF_SKIP, "the token is read-only");
		flags = CKF_RW_SESSION;
	}
	if ((rv = cf_open(c, flags, &c->s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_OpenSession gave %s",
		    cf_rv_name(rv));
	return CKR_OK;
}

static CK_RV
log_in(struct cf *c)
{
	CK_RV rv;

	if (c->opt->pin == NULL)
		return cf_note(c, CF_SKIP, "no --pin");
	if ((rv = cf_login(c, c->s)) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_Login gave %s", cf_rv_name(rv));
	return CKR_OK;
}

static CK_RV
check_need(struct cf *c, unsigned need)
{
	if ((need & CF_NEED_3) != 0 && c->f3 == NULL)
		return cf_note(c, CF_SKIP, "no 3.0 interface");
	if ((need & CF_NEED_32) != 0 && c->f32 == NULL)
		return cf_note(c, CF_SKIP, "no 3.2 interface");
	if ((need & CF_NEED_DESTRUCTIVE) != 0 && !c->opt->destructive)
		return cf_note(c, CF_SKIP, "needs --destructive");
	if ((need & CF_NEED_SO) != 0 && c->opt->so_pin == NULL)
		return cf_note(c, CF_SKIP, "no --so-pin");
	return CKR_OK;
}

CK_RV
cf_up(struct cf *c, enum cf_state state, unsigned need)
{
	CK_RV rv = check_need(c, need);

	if (rv != CKR_OK || state == CF_RAW)
		return rv;
	if ((rv = cf_init(c)) != CKR_OK)
		return cf_note(c, CF_SETUP, "C_Initialize gave %s",
		    cf_rv_name(rv));
	if ((need & CF_NEED_NO_TOKEN) != 0)
		return choose_empty_slot(c);
	if (state >= CF_SLOT && (rv = choose_slot(c)) != CKR_OK)
		return rv;
	if (state >= CF_RO && (rv = open_session(c, state)) != CKR_OK)
		return rv;
	if (state >= CF_USER && (rv = log_in(c)) != CKR_OK)
		return rv;
	if (state >= CF_KEY)
		return cf_key_get(c, need);
	return CKR_OK;
}

void
cf_down(struct cf *c)
{
	CK_RV rv = c->f->C_Finalize(NULL);

	(void)rv; /* many cases end with nothing to finalise */
	cf_consent_off(c);
	cf_key_free(&c->key);
	c->s = CK_INVALID_HANDLE;
	c->slot = 0;
	memset(&c->token, 0, sizeof(c->token));
	c->note[0] = '\0';
}
