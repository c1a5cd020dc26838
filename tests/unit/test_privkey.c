/* Private keys in our memory: what keys of every kind do. Known answers are in
 * tests/data/kat. */
#include <string.h>

#include "module/crypto/point.h"
#include "module/crypto/privkey.h"
#include "module/crypto/pubkey.h"
#include "pcsc/ossl/curve.h"
#include "tests/unit/suites.h"

#define ROOM 32

/* All numbers of an RSA key. */
struct parts {
	uint8_t b[8][256];
	struct ca_rd r[8];
};

static bool
take_apart(const struct ca_privkey *k, struct parts *p)
{
	bool ok = true;

	for (unsigned i = 0; i < CA_COUNT(p->r); i++) {
		struct ca_wr w = ca_wr_of(p->b[i], sizeof(p->b[i]));

		ok =
		    ok && ca_privkey_part(k, (enum ca_priv_part)i, &w) == CA_OK;
		p->r[i] = ca_wr_rd(&w);
	}
	return ok;
}

/* What the key does, its public half undoes. */
static void
use_power(const struct ca_rsa_numbers *r, struct ca_rd spki)
{
	uint8_t block[128] = {0}, sig[128], back[128];
	struct ca_wr s = ca_wr_of(sig, sizeof(sig));
	struct ca_wr w = ca_wr_of(back, sizeof(back));
	struct ca_privkey *k = NULL;

	memset(&block[1], 0x5A, sizeof(block) - 1);
	if (!UT_OK(ca_privkey_rsa(r, &k) == CA_OK))
		return;
	UT_OK(ca_privkey_bits(k) == 1024);
	UT_OK(ca_privkey_of_curve(k) == NULL);
	UT_OK(ca_privkey_power(k, ca_rd_of(block, 128), &s) == CA_OK);
	UT_OK(ca_encrypt_raw(spki, ca_wr_rd(&s), &w) == CA_OK);
	UT_OK(ca_rd_equal(ca_wr_rd(&w), ca_rd_of(block, 128)));
	UT_OK(ca_privkey_power(k, r->n, &s) == CA_E_DATA);
	UT_OK(ca_privkey_power(k, ca_rd_of(block, 127), &s) == CA_E_DATA_LEN);
	UT_OK(ca_privkey_ecdsa(k, ca_rd_of(block, 32), &s) == CA_E_BUG);
	ca_privkey_free(&k);
	UT_OK(k == NULL);
	ca_privkey_free(&k);
}

/* A new key has numbers that belong together, and works with and without the
 * primes. */
static void
powers(void)
{
	static const uint8_t e[] = {1, 0, 1};
	struct ca_privkey *k = NULL;
	struct ca_buf spki = {0};
	uint8_t room[8];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	struct ca_rsa_numbers r;
	struct parts p;

	if (!UT_OK(ca_privkey_new_rsa(1024, ca_rd_of(e, 3), &k) == CA_OK &&
		   take_apart(k, &p)))
		return;
	r = (struct ca_rsa_numbers){
	    p.r[0], p.r[1], p.r[2], p.r[3], p.r[4], p.r[5], p.r[6], p.r[7]};
	UT_OK(ca_rsa_numbers_check(&r, &w) == CA_OK);
	UT_OK(ca_spki_make_rsa(r.n, r.e, &spki) == CA_OK);
	use_power(&r, ca_buf_rd(&spki));
	r.p = ca_rd_of(NULL, 0);
	use_power(&r, ca_buf_rd(&spki));
	ca_buf_free(&spki);
	ca_privkey_free(&k);
}

struct scalar {
	const char *what, *params, *value;
	ca_err want;
};

#define P256 "06082A8648CE3D030107"
#define ORDER "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC6325"
#define ED25519 "06032B6570"
#define EIGHT "0102030405060708"

static const struct scalar scalars[] = {
    {"1", P256, "01", CA_OK},
    {"order - 1", P256, ORDER "50", CA_OK},
    {"order", P256, ORDER "51", CA_E_DATA},
    {"0", P256, "00", CA_E_DATA},
    {"nothing", P256, "", CA_E_DATA},
    {"33 bytes", P256, "01" ORDER "50", CA_E_DATA},
    {"a seed", ED25519, EIGHT EIGHT EIGHT EIGHT, CA_OK},
    {"a short seed", ED25519, EIGHT EIGHT EIGHT "01020304050607", CA_E_DATA},
    {"a long seed", ED25519, EIGHT EIGHT EIGHT EIGHT "09", CA_E_DATA},
    {"its name", "130C656477617264733235353139", EIGHT EIGHT EIGHT EIGHT,
	CA_OK},
    {"no curve", "0500", "01", CA_E_UNSUPPORTED},
    {"P-192", "06082A8648CE3D030101", "01", CA_E_UNSUPPORTED},
    {"a name of another kind", "0C0C656477617264733235353139", "01",
	CA_E_UNSUPPORTED},
};

static void
in_range(void)
{
	for (size_t i = 0; i < CA_COUNT(scalars); i++) {
		uint8_t a[ROOM], b[2 * ROOM];
		struct ca_privkey *k = NULL;
		ca_err got =
		    ca_privkey_curve(ut_hex(scalars[i].params, a, sizeof(a)),
			ut_hex(scalars[i].value, b, sizeof(b)), &k);

		UT(got == scalars[i].want, "%s: %s", scalars[i].what,
		    ca_err_name(got));
		UT((k != NULL) == (got == CA_OK), "%s", scalars[i].what);
		ca_privkey_free(&k);
	}
}

/* A new key of the curve, its point, and the same key out of its value. */
struct made {
	struct ca_privkey *k, *again;
	uint8_t point[CA_POINT_MAX];
	struct ca_rd pub;
	struct ca_buf spki;
};

static bool
make(struct ca_rd params, struct made *m)
{
	uint8_t value[ROOM * 3];
	struct ca_wr v = ca_wr_of(value, sizeof(value));
	struct ca_wr w = ca_wr_of(m->point, sizeof(m->point));
	bool ok = ca_privkey_new_curve(params, &m->k) == CA_OK &&
		  ca_privkey_part(m->k, CA_PRIV_VALUE, &v) == CA_OK &&
		  ca_privkey_part(m->k, CA_PRIV_POINT, &w) == CA_OK &&
		  ca_privkey_curve(params, ca_wr_rd(&v), &m->again) == CA_OK;

	m->pub = ca_wr_rd(&w);
	return ok && ca_spki_make_ec(params, m->pub, &m->spki) == CA_OK;
}

static void
unmake(struct made *m)
{
	ca_privkey_free(&m->k);
	ca_privkey_free(&m->again);
	ca_buf_free(&m->spki);
}

/* Signs or agrees, by its kind. */
static void
use(const struct ca_curve *c, struct made *a, struct made *b)
{
	uint8_t one[160], two[160], hash[64] = {1, 2, 3};
	struct ca_wr x = ca_wr_of(one, sizeof(one));
	struct ca_wr y = ca_wr_of(two, sizeof(two));
	struct ca_rd in = ca_rd_of(hash, c->field < 64 ? c->field : 64);
	struct ca_rd spki = ca_buf_rd(&a->spki);

	if (c->kind == CA_CURVE_EDWARDS) {
		UT(ca_privkey_eddsa(a->again, in, &x) == CA_OK &&
			ca_verify_eddsa(spki, in, ca_wr_rd(&x)) == CA_OK &&
			ca_verify_eddsa(ca_buf_rd(&b->spki), in,
			    ca_wr_rd(&x)) == CA_E_BAD_SIGNATURE,
		    "%s", c->name);
		return;
	}
	if (c->kind == CA_CURVE_SHORT)
		UT(ca_privkey_ecdsa(a->again, in, &x) == CA_OK &&
			ca_wr_rd(&x).n == 2 * c->field &&
			ca_verify_ecdsa(spki, in, ca_wr_rd(&x)) == CA_OK,
		    "%s", c->name);
	x = ca_wr_of(one, sizeof(one));
	UT(ca_privkey_agree(a->again, b->pub, &x) == CA_OK &&
		ca_privkey_agree(b->k, a->pub, &y) == CA_OK &&
		ca_wr_rd(&x).n == c->field &&
		ca_rd_equal(ca_wr_rd(&x), ca_wr_rd(&y)),
	    "%s", c->name);
}

static void
every_curve(void)
{
	static const char *const curves[] = {"06052B81040021", P256,
	    "06052B81040022", "06052B81040023", "06052B8104000A", ED25519,
	    "06032B6571", "06032B656E", "06032B656F"};

	for (size_t i = 0; i < CA_COUNT(curves); i++) {
		uint8_t oid[ROOM];
		struct ca_rd params = ut_hex(curves[i], oid, sizeof(oid));
		const struct ca_curve *c = ca_curve_find(params);
		struct made a = {0}, b = {0};

		if (UT(c != NULL && make(params, &a) && make(params, &b), "%s",
			curves[i])) {
			UT_OK(a.pub.n == ca_curve_point_bytes(c));
			UT_OK(ca_privkey_bits(a.k) == c->bits);
			use(c, &a, &b);
		}
		unmake(&a);
		unmake(&b);
	}
}

/* RFC 7748, 6.1: a point of small order. SEC 1, 3.2.2: one off the curve. */
static void
bad_points(void)
{
	uint8_t zero[65] = {0}, out[64], a[ROOM];
	struct ca_wr w = ca_wr_of(out, sizeof(out));
	struct ca_privkey *k = NULL;

	if (UT_OK(ca_privkey_new_curve(ut_hex("06032B656E", a, sizeof(a)),
		      &k) == CA_OK)) {
		UT_OK(ca_privkey_agree(k, ca_rd_of(zero, 32), &w) == CA_E_DATA);
		UT_OK(ca_privkey_agree(k, ca_rd_of(zero, 31), &w) == CA_E_DATA);
	}
	ca_privkey_free(&k);
	zero[0] = 0x04;
	zero[64] = 1;
	if (UT_OK(ca_privkey_new_curve(ut_hex(P256, a, sizeof(a)), &k) ==
		  CA_OK))
		UT_OK(ca_privkey_agree(k, ca_rd_of(zero, 65), &w) == CA_E_DATA);
	ca_privkey_free(&k);
	UT_OK(ca_wr_rd(&w).n == 0);
}

static void
exponents(void)
{
	static const uint8_t e[][3] = {{0, 0, 0}, {0, 0, 1}, {1, 0, 0}};
	struct ca_privkey *k = NULL;

	for (size_t i = 0; i < CA_COUNT(e); i++)
		UT(ca_privkey_new_rsa(1024, ca_rd_of(e[i], 3), &k) == CA_E_DATA,
		    "%zu", i);
	UT_OK(k == NULL);
}

static const CU_TestInfo tests[] = {
    {"powers", powers},
    {"in_range", in_range},
    {"every_curve", every_curve},
    {"bad_points", bad_points},
    {"exponents", exponents},
    CU_TEST_INFO_NULL,
};

const struct ut_suite ut_suite_privkey = {"privkey", tests};
