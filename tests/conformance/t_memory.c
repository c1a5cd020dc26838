/* What is left in the memory of the process when the time of a secret is over.
 * The standard has objects destroyed; here that means that no byte is left. */
#include <string.h>

#include "tests/conformance/groups.h"
#include "tests/suite/held.h"

enum end { DESTROYED, CLOSED, ALL_CLOSED, LOGGED_OUT, FINALIZED };

static CK_RV
finish(struct cf *c, const struct ca_held_way *way, unsigned long end,
    CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o)
{
	switch (end) {
	case DESTROYED:
		if (way->end != NULL)
			way->end(c->f, s);
		return c->f->C_DestroyObject(s, o);
	case CLOSED:
		return c->f->C_CloseSession(s);
	case ALL_CLOSED:
		return c->f->C_CloseAllSessions(c->slot);
	case LOGGED_OUT:
		return c->f->C_Logout(s);
	default:
		return c->f->C_Finalize(NULL);
	}
}

/* In a session of its own, beside c->s, which is logged in. *seen: the secret
 * was found while it had to be somewhere; a module may hide it better. */
static CK_RV
one_way(struct cf *c, const struct ca_held_way *way, unsigned long end,
    bool *seen)
{
	CK_OBJECT_HANDLE o = 0;
	CK_SESSION_HANDLE s;
	struct ca_needle n;
	CK_RV rv = cf_open(c, 0, &s);

	ca_needle_make(&n);
	if (rv == CKR_OK)
		rv = ca_held(way, c->f, s, &n, &o);
	if (rv == CKR_MECHANISM_INVALID)
		return CKR_OK; /* no way into this module */
	if (rv != CKR_OK)
		return cf_note(c, CF_SETUP, "%s: %s", way->name,
		    cf_rv_name(rv));
	*seen |= ca_needle_count(&n) != 0;
	rv = finish(c, way, end, s, o);
	if (rv == CKR_OK && ca_needle_count(&n) != 0)
		rv = cf_note(c, CF_WRONG, "%s is left", way->name);
	return rv;
}

/* a: how its time ends. */
static CK_RV
nothing_left(struct cf *c, const struct cf_case *k)
{
	bool seen = false;
	CK_RV rv = CKR_OK;

	if (!ca_scan_works())
		return cf_note(c, CF_SKIP, "under valgrind");
	for (size_t i = 0; rv == CKR_OK && i < ca_held_ways_n; i++) {
		if (i != 0) {
			cf_down(c);
			rv = cf_up(c, k->state, k->need);
		}
		if (rv == CKR_OK)
			rv = one_way(c, &ca_held_ways[i], k->a, &seen);
	}
	return rv == CKR_OK && !seen ? cf_note(c, CF_SKIP, "nowhere seen") : rv;
}

/* The PIN stands on our own command line, and no more often after its use. a:
 * 1 when somebody logs out, 0 when C_Finalize does. */
static CK_RV
pin(struct cf *c, const struct cf_case *k)
{
	size_t n = c->opt->pin != NULL ? strlen(c->opt->pin) : 0, before, after;
	uint8_t masked[256];
	CK_RV rv;

	if (c->opt->pin == NULL)
		return cf_note(c, CF_SKIP, "no --pin");
	if (!ca_scan_works())
		return cf_note(c, CF_SKIP, "under valgrind");
	if (n > sizeof(masked))
		return cf_note(c, CF_SETUP, "a long PIN");
	memcpy(masked, c->opt->pin, n);
	ca_scan_mask(masked, n);
	before = ca_scan_count(masked, n);
	if ((rv = cf_login(c, c->s)) != CKR_OK)
		return rv;
	after = ca_scan_count(masked, n);
	if (after > before)
		return cf_note(c, CF_WRONG, "left by C_Login");
	rv = k->a == 1 ? c->f->C_Logout(c->s) : c->f->C_Finalize(NULL);
	after = ca_scan_count(masked, n);
	return rv == CKR_OK && after > before
		   ? cf_note(c, CF_WRONG, "left at the end")
		   : rv;
}

/* The card decrypts; what it gave waits for room. Afterwards it is taken. */
static CK_RV
decrypt(struct cf *c, const struct ca_needle *needle)
{
	CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
	CK_BYTE plain[CA_NEEDLE_BYTES], sealed[1024], out[CA_NEEDLE_BYTES];
	CK_ULONG got = 1;
	size_t n = sizeof(sealed);
	CK_RV rv;
	bool ok;

	ca_needle_show(needle, plain);
	ok = cf_ossl_encrypt(c->key.pkey, 1, NULL, NULL, 0, plain,
	    sizeof(plain), sealed, &n);
	explicit_bzero(plain, sizeof(plain));
	if (!ok)
		return cf_note(c, CF_SETUP, "OpenSSL");
	rv = c->f->C_DecryptInit(c->s, &m, c->key.priv);
	if (rv == CKR_OK)
		rv = c->f->C_Decrypt(c->s, sealed, n, out, &got);
	if (rv != CKR_BUFFER_TOO_SMALL)
		return rv;
	if (ca_needle_count(needle) == 0)
		return cf_note(c, CF_SKIP, "it does not wait");
	got = sizeof(out);
	rv = c->f->C_Decrypt(c->s, sealed, n, out, &got);
	explicit_bzero(out, sizeof(out));
	return rv;
}

static CK_RV
plaintext(struct cf *c, const struct cf_case *k)
{
	struct ca_needle n;
	CK_RV rv;

	(void)k;
	if (!ca_scan_works() || !cf_mech_can(c, CKM_RSA_PKCS, CKF_DECRYPT))
		return cf_note(c, CF_SKIP, "nothing to look for");
	ca_needle_make(&n);
	rv = decrypt(c, &n);
	if (rv == CKR_OK && ca_needle_count(&n) != 0)
		return cf_note(c, CF_WRONG, "left after C_Decrypt");
	return rv;
}

#define ROW(what, clause, state, need, fn, a)                                  \
	{                                                                      \
		"memory/" what, "2.40 " clause, state, need, fn, a, 0, NULL,   \
		    CF_ALLOW(CKR_OK)                                           \
	}

static const struct cf_case table[] = {
    ROW("destroyed", "5.7 C_DestroyObject", CF_USER, 0, nothing_left,
	DESTROYED),
    ROW("closed", "5.6 C_CloseSession", CF_USER, 0, nothing_left, CLOSED),
    ROW("all-closed", "5.6 C_CloseAllSessions", CF_USER, 0, nothing_left,
	ALL_CLOSED),
    ROW("logged-out", "5.6 C_Logout", CF_USER, 0, nothing_left, LOGGED_OUT),
    ROW("finalized", "5.4 C_Finalize", CF_USER, 0, nothing_left, FINALIZED),
    ROW("pin-logged-out", "5.6 C_Logout", CF_RO, 0, pin, 1),
    ROW("pin-finalized", "5.4 C_Finalize", CF_RO, 0, pin, 0),
    ROW("plaintext", "5.9 C_Decrypt", CF_KEY, CF_NEED_RSA, plaintext, 0),
};

CF_GROUP(cf_group_memory, table)
