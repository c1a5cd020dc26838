/* See the header. */
#include "tests/sim/sim_iso_make.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <string.h>

#include "pcsc/base/tlv.h"

#define REF_MAX 15 /* of a key */
#define FREE 0x00
#define PIN 0x90
#define NOBODY 0xFF
#define ACCESS 8 /* bytes of tag 86 */
#define UPDATE 6 /* which of them is for UPDATE BINARY ... */
#define READ 7   /* ... and READ BINARY */
#define EF_MAX 4096
#define POINT_MAX 133 /* of P-521 */

static struct ca_sim_iso *
own(const struct ca_sim *s)
{
	return s->own;
}

void
ca_sim_iso_forget(struct ca_sim *s)
{
	own(s)->alg = own(s)->ref = -1;
	own(s)->admin.asked = own(s)->admin.in = false;
}

/* ---- keeping ---- */

static ca_err
keep(struct ca_sim *s, const char *line)
{
	struct ca_sim_iso *o = own(s);
	size_t n = strlen(o->made);

	if (n + strlen(line) >= sizeof(o->made))
		return CA_E_NO_SPACE;
	memcpy(o->made + n, line, strlen(line) + 1);
	return ca_sim_state_put(s->o.state, "made",
	    ca_rd_of(o->made, strlen(o->made)));
}

/* A key takes the place of the one with its reference. */
static ca_err
add_key(struct ca_sim *s, unsigned ref, unsigned count, const char *kind)
{
	char name[CA_SIM_TEXT + 32];
	struct ca_sim_key *k = NULL;
	EVP_PKEY *pkey = NULL;
	ca_err e;

	for (size_t i = 0; i < s->keys_n; i++)
		if (s->keys[i].ref == ref)
			k = &s->keys[i];
	if (k == NULL && s->keys_n == CA_SIM_KEYS)
		return CA_E_NO_SPACE;
	(void)snprintf(name, sizeof(name), "made-%s-%u", s->o.serial, count);
	if ((e = ca_sim_key_get(s->o.state, name, kind, &pkey)) != CA_OK)
		return e;
	if (k == NULL)
		k = &s->keys[s->keys_n++];
	EVP_PKEY_free(k->pkey);
	*k = (struct ca_sim_key){.ref = (uint8_t)ref,
	    .pin = (uint8_t)s->o.pin_ref,
	    .ec = EVP_PKEY_is_a(pkey, "EC") == 1,
	    .bits = (size_t)EVP_PKEY_get_bits(pkey),
	    .pkey = pkey};
	own(s)->count = count;
	return CA_OK;
}

static enum ca_sim_rule
rule(uint8_t condition)
{
	if (condition == FREE)
		return CA_SIM_FREE;
	return condition == PIN ? CA_SIM_BY_PIN : CA_SIM_NEVER;
}

static bool
application(const struct ca_sim *s, int *df)
{
	*df = ca_sim_fs_child(s, CA_SIM_MF, (uint16_t)s->o.app_fid);
	return *df >= 0;
}

static ca_err
add_file(struct ca_sim *s, unsigned fid, size_t size, unsigned update,
    unsigned read)
{
	int df = -1;
	int i;

	if (!application(s, &df))
		return CA_E_BUG;
	i = ca_sim_fs_ef(s, df, (uint16_t)fid, ca_rd_of(NULL, 0), size,
	    rule((uint8_t)update));
	if (i < 0)
		return CA_E_NO_SPACE;
	s->files[i].read = rule((uint8_t)read);
	return CA_OK;
}

static ca_err
load_line(struct ca_sim *s, const char *line)
{
	unsigned a = 0, b = 0, update = 0, read = 0;
	char kind[16];

	if (sscanf(line, "key %u %u %15s", &a, &b, kind) == 3 && a <= REF_MAX)
		return add_key(s, a, b, kind);
	if (sscanf(line, "file %x %u %x %x", &a, &b, &update, &read) == 4 &&
	    a <= 0xFFFF && b <= EF_MAX)
		return add_file(s, a, b, update, read);
	return CA_E_DATA;
}

ca_err
ca_sim_iso_load(struct ca_sim *s)
{
	char text[sizeof(own(s)->made)];
	struct ca_buf b = {0};
	char *at = NULL;
	ca_err e = ca_sim_state_get(s->o.state, "made", &b);

	if (e == CA_OK && b.n < sizeof(text)) {
		memcpy(own(s)->made, b.p, b.n);
		memcpy(text, own(s)->made, sizeof(text));
		for (char *l = strtok_r(text, "\n", &at); l != NULL && !e;
		     l = strtok_r(NULL, "\n", &at))
			e = load_line(s, l);
	}
	ca_buf_free(&b);
	return e == CA_E_NOT_FOUND ? CA_OK : e;
}

/* ---- files ---- */

void
ca_sim_iso_access(const struct ca_sim *s, const struct ca_sim_file *f,
    struct ca_wr *w)
{
	static const uint8_t conditions[] = {
	    [CA_SIM_FREE] = FREE,
	    [CA_SIM_BY_PIN] = PIN,
	    [CA_SIM_BY_PUK] = NOBODY,
	    [CA_SIM_NEVER] = NOBODY,
	};
	uint8_t a[ACCESS] = {0xFF, PIN, PIN, PIN, PIN, PIN, PIN, PIN};

	if (s->o.generate == 0)
		return;
	if (!f->df) {
		a[UPDATE - 1] = a[UPDATE] = conditions[f->update];
		a[READ] = conditions[f->read];
	}
	ca_wr_tlv(w, 0x86, ca_rd_of(a, sizeof(a)));
}

static bool
number(struct ca_rd in, uint32_t tag, unsigned *out)
{
	struct ca_rd v;
	uint16_t n = 0;

	if (!ca_tlv_find(in, tag, &v) || !ca_rd_u16(&v, &n) || v.n != 0)
		return false;
	*out = n;
	return true;
}

/* 6F { 81 size, 82 01, 83 identifier, 86 conditions }. */
uint16_t
ca_sim_iso_create(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	struct ca_rd r = c->data, in, kind, access;
	unsigned size = 0, fid = 0;
	char line[64];
	int df = -1;

	(void)body;
	if (s->o.generate == 0)
		return SW_INS;
	if (c->p1 != 0 || c->p2 != 0)
		return SW_P1P2;
	if (!ca_tlv_expect(&r, 0x6F, &in) || r.n != 0 ||
	    !number(in, 0x81, &size) || !number(in, 0x83, &fid) ||
	    !ca_tlv_find(in, 0x82, &kind) ||
	    !ca_rd_equal(kind, ca_rd_of("\x01", 1)) ||
	    !ca_tlv_find(in, 0x86, &access) || access.n != ACCESS ||
	    size == 0 || size > EF_MAX)
		return SW_DATA;
	if (!application(s, &df) || s->df != df)
		return SW_NOT_SUPPORTED;
	if (!ca_sim_user_in(s))
		return SW_SECURITY;
	if (ca_sim_fs_child(s, df, (uint16_t)fid) >= 0)
		return 0x6A89;
	if (add_file(s, fid, size, access.p[UPDATE], access.p[READ]) != CA_OK)
		return SW_NO_SPACE;
	s->ef = ca_sim_fs_child(s, df, (uint16_t)fid);
	(void)snprintf(line, sizeof(line), "file %X %u %X %X\n", fid, size,
	    access.p[UPDATE], access.p[READ]);
	return keep(s, line) == CA_OK ? SW_OK : SW_MEMORY;
}

/* ---- keys ---- */

uint16_t
ca_sim_iso_mse(struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body)
{
	struct ca_rd r = c->data, v;
	uint8_t alg = 0, ref = 0;

	if (s->o.generate == 0 || c->p1 != 0x41 || c->p2 != 0x00)
		return ca_sim_mse(s, c, body);
	if (!ca_tlv_expect(&r, 0x80, &v) || !ca_rd_u8(&v, &alg) || v.n != 0 ||
	    !ca_tlv_expect(&r, 0x84, &v) || !ca_rd_u8(&v, &ref) || v.n != 0 ||
	    r.n != 0 || ref > REF_MAX ||
	    (alg != CA_SIM_ISO_RSA_2048 && alg != CA_SIM_ISO_EC))
		return SW_DATA;
	own(s)->alg = alg;
	own(s)->ref = ref;
	return SW_OK;
}

/* A field, a, b, base point, order and cofactor of a curve, tags 81 to 85 and
 * 87; and where there is a key, its point as 86. */
static bool
write_curve(const char *name, const struct ca_sim_key *k, struct ca_wr *w)
{
	EC_GROUP *g = EC_GROUP_new_by_curve_name(OBJ_txt2nid(name));
	BIGNUM *bn[3] = {BN_new(), BN_new(), BN_new()};
	uint8_t b[POINT_MAX];
	size_t n = 0, point_n;
	bool ok = g != NULL && bn[2] != NULL &&
		  EC_GROUP_get_curve(g, bn[0], bn[1], bn[2], NULL) == 1;

	if (ok)
		n = ((size_t)EC_GROUP_get_degree(g) + 7) / 8;
	for (unsigned i = 0; ok && i < 3; i++) {
		ok = BN_bn2binpad(bn[i], b, (int)n) == (int)n;
		ca_wr_tlv(w, 0x81 + i, ca_rd_of(b, n));
	}
	point_n = !ok ? 0
		      : EC_POINT_point2oct(g, EC_GROUP_get0_generator(g),
			    POINT_CONVERSION_UNCOMPRESSED, b, sizeof(b), NULL);
	ca_wr_tlv(w, 0x84, ca_rd_of(b, point_n));
	ok = ok && BN_bn2binpad(EC_GROUP_get0_order(g), b, (int)n) == (int)n;
	ca_wr_tlv(w, 0x85, ca_rd_of(b, ok ? n : 0));
	if (ok && k != NULL) {
		ok = EVP_PKEY_get_octet_string_param(k->pkey,
			 OSSL_PKEY_PARAM_PUB_KEY, b, sizeof(b), &n) == 1;
		ca_wr_tlv(w, 0x86, ca_rd_of(b, ok ? n : 0));
	}
	ca_wr_tlv(w, 0x87, ca_rd_of("\x00\x01", 2));
	for (int i = 0; i < 3; i++)
		BN_free(bn[i]);
	EC_GROUP_free(g);
	return ok && ca_wr_ok(w);
}

/* The kind of key whose curve these are the numbers of, or NULL. */
static const char *
curve_of(struct ca_rd told, const char **name)
{
	static const char *const known[][2] = {{"p256", "prime256v1"},
	    {"p384", "secp384r1"}, {"p521", "secp521r1"}};

	for (size_t i = 0; i < CA_COUNT(known); i++) {
		uint8_t b[1024];
		struct ca_wr w = ca_wr_of(b, sizeof(b));

		if (!write_curve(known[i][1], NULL, &w) ||
		    !ca_rd_equal(told, ca_wr_rd(&w)))
			continue;
		*name = known[i][1];
		return known[i][0];
	}
	return NULL;
}

static bool
write_rsa(const struct ca_sim_key *k, struct ca_wr *w)
{
	BIGNUM *n = NULL;
	uint8_t b[256];
	bool ok =
	    EVP_PKEY_get_bn_param(k->pkey, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
	    BN_bn2binpad(n, b, sizeof(b)) == sizeof(b);

	BN_free(n);
	ca_wr_tlv(w, 0x81, ca_rd_of(b, sizeof(b)));
	ca_wr_tlv(w, 0x82, ca_rd_of("\x01\x00\x01", 3));
	return ok && ca_wr_ok(w);
}

/* Makes the key and answers with its public half. */
static uint16_t
make(struct ca_sim *s, const char *kind, const char *curve, struct ca_wr *body)
{
	uint8_t b[1024];
	struct ca_wr w = ca_wr_of(b, sizeof(b));
	unsigned ref = (unsigned)own(s)->ref, count = own(s)->count + 1;
	const struct ca_sim_key *k = NULL;
	char line[64];

	if (add_key(s, ref, count, kind) != CA_OK)
		return SW_NO_SPACE;
	(void)snprintf(line, sizeof(line), "key %u %u %s\n", ref, count, kind);
	if (keep(s, line) != CA_OK)
		return SW_MEMORY;
	for (size_t i = 0; i < s->keys_n; i++)
		if (s->keys[i].ref == ref)
			k = &s->keys[i];
	if (k == NULL ||
	    !(curve == NULL ? write_rsa(k, &w) : write_curve(curve, k, &w)))
		return SW_FAULT;
	if (ca_sim_bad(s, "generate-point"))
		b[w.n - 8] ^= 0x01; /* inside 86, or 81 */
	ca_wr_tlv(body, 0x7F49, ca_wr_rd(&w));
	return SW_OK;
}

uint16_t
ca_sim_iso_generate(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body)
{
	const struct ca_sim_iso *o = own(s);
	const char *curve = NULL, *kind;

	if (s->o.generate == 0)
		return SW_INS;
	if (!ca_sim_user_in(s))
		return SW_SECURITY;
	if (o->alg < 0)
		return SW_CONDITIONS;
	if (c->p1 != (o->alg == CA_SIM_ISO_EC ? 0x00 : 0x42) || c->p2 != 0x00)
		return SW_P1P2;
	if (o->alg != CA_SIM_ISO_EC)
		return c->data.n == 0 ? make(s, "rsa2048", NULL, body)
				      : SW_LENGTH;
	kind = curve_of(c->data, &curve);
	return kind == NULL ? SW_NOT_SUPPORTED : make(s, kind, curve, body);
}
