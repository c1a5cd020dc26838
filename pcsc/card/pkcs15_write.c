/* See the header. */
#include "pcsc/card/pkcs15_write.h"

#include <string.h>

#define PRIVATE (1u << 0) /* commonObjectFlags */
#define MODIFIABLE (1u << 1)
#define RSA_MAX 1200 /* bytes of an RSAPublicKey, and some */

#define OBJECT_RSA 0x30 /* choices of PrKDF and PuKDF */
#define OBJECT_EC 0xA0

/* What was written into a buffer of its own becomes the value of a tag. */
static void
wrap(struct ca_wr *w, uint32_t tag, const struct ca_wr *in)
{
	w->failed |= in->failed;
	ca_wr_tlv(w, tag, ca_wr_rd(in));
}

static void
put_uint(struct ca_wr *w, uint32_t v)
{
	uint8_t b[5] = {0, (uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v};
	size_t i = 0;

	/* The shortest form whose top bit is clear. */
	while (i < 4 && b[i] == 0 && (b[i + 1] & 0x80) == 0)
		i++;
	ca_wr_tlv(w, 0x02, ca_rd_of(&b[i], sizeof(b) - i));
}

/* A named bit list: bit 0 comes first, zeros at the end are left out. */
static void
put_bits(struct ca_wr *w, uint32_t bits)
{
	uint8_t b[5] = {0};
	size_t n = 1;

	for (unsigned i = 0; i < 32; i++)
		if ((bits & 1u << i) != 0) {
			b[1 + i / 8] |= (uint8_t)(0x80 >> i % 8);
			b[0] = (uint8_t)(7 - i % 8);
			n = 2 + i / 8;
		}
	ca_wr_tlv(w, 0x03, ca_rd_of(b, n));
}

static void
put_path(struct ca_wr *w, struct ca_rd path)
{
	uint8_t b[2 * CA_PATH_MAX];
	struct ca_wr in = ca_wr_of(b, sizeof(b));

	ca_wr_tlv(&in, 0x04, path);
	wrap(w, 0x30, &in);
}

static void
put_common(struct ca_wr *w, const char *label, uint32_t flags,
    const struct ca_id *auth_id)
{
	uint8_t b[CA_P15_ENTRY_MAX];
	struct ca_wr in = ca_wr_of(b, sizeof(b));

	if (label[0] != '\0')
		ca_wr_tlv(&in, 0x0C, ca_rd_of(label, strlen(label)));
	put_bits(&in, flags);
	if (auth_id != NULL && auth_id->n > 0)
		ca_wr_tlv(&in, 0x04, ca_rd_of(auth_id->b, auth_id->n));
	wrap(w, 0x30, &in);
}

/* [1] { SEQUENCE { Path, modulusLength or fieldSize } }; `bits` 0: none. */
static void
put_type(struct ca_wr *w, struct ca_rd path, size_t bits)
{
	uint8_t b[64], c[64];
	struct ca_wr in = ca_wr_of(b, sizeof(b)), seq = ca_wr_of(c, sizeof(c));

	put_path(&in, path);
	if (bits != 0)
		put_uint(&in, (uint32_t)bits);
	wrap(&seq, 0x30, &in);
	wrap(w, 0xA1, &seq);
}

static void
put_object(struct ca_wr *w, const struct ca_keygen *g, const struct ca_wr *in)
{
	wrap(w, ca_gen_is_ec(g->kind) ? OBJECT_EC : OBJECT_RSA, in);
}

void
ca_p15_write_private(struct ca_wr *w, const struct ca_keygen *g,
    const struct ca_id *auth_id, uint8_t reference, struct ca_rd path)
{
	uint8_t b[CA_P15_ENTRY_MAX], c[CA_ID_MAX + 32];
	struct ca_wr in = ca_wr_of(b, sizeof(b)), cls = ca_wr_of(c, sizeof(c));

	put_common(&in, g->label, PRIVATE | MODIFIABLE, auth_id);
	ca_wr_tlv(&cls, 0x04, ca_rd_of(g->id.b, g->id.n));
	put_bits(&cls, g->usage);
	put_bits(&cls, CA_ACC_SENSITIVE | CA_ACC_ALWAYS_SENSITIVE |
			   CA_ACC_NEVER_EXTRACTABLE | CA_ACC_LOCAL);
	put_uint(&cls, reference);
	wrap(&in, 0x30, &cls);
	put_type(&in, path, ca_gen_bits(g->kind));
	put_object(w, g, &in);
}

void
ca_p15_write_public(struct ca_wr *w, const struct ca_keygen *g,
    struct ca_rd path)
{
	static const uint8_t not_native[] = {0x01, 0x01, 0x00};
	uint8_t b[CA_P15_ENTRY_MAX], c[CA_ID_MAX + 32];
	struct ca_wr in = ca_wr_of(b, sizeof(b)), cls = ca_wr_of(c, sizeof(c));

	put_common(&in, g->public_label, MODIFIABLE, NULL);
	ca_wr_tlv(&cls, 0x04, ca_rd_of(g->id.b, g->id.n));
	put_bits(&cls, g->public_usage);
	ca_wr_mem(&cls, not_native, sizeof(not_native));
	wrap(&in, 0x30, &cls);
	/* A curve's attributes have no size here. */
	put_type(&in, path, ca_gen_is_ec(g->kind) ? 0 : ca_gen_bits(g->kind));
	put_object(w, g, &in);
}

void
ca_p15_write_dir(struct ca_wr *w, uint32_t tag, struct ca_rd path)
{
	uint8_t b[64];
	struct ca_wr in = ca_wr_of(b, sizeof(b));

	put_path(&in, path);
	wrap(w, tag, &in);
}

/* An unsigned number as a DER INTEGER: no zeros in front but one that keeps
 * the top bit clear. */
static void
put_number(struct ca_wr *w, struct ca_rd v)
{
	uint8_t b[RSA_MAX];
	struct ca_wr in = ca_wr_of(b, sizeof(b));
	uint8_t first = 0;

	while (v.n > 1 && v.p[0] == 0)
		if (!ca_rd_u8(&v, &first))
			break;
	if (v.n > 0 && (v.p[0] & 0x80) != 0)
		ca_wr_u8(&in, 0);
	ca_wr_bytes(&in, v);
	wrap(w, 0x02, &in);
}

void
ca_p15_write_rsa(struct ca_wr *w, struct ca_rd modulus, struct ca_rd exponent)
{
	uint8_t b[RSA_MAX];
	struct ca_wr in = ca_wr_of(b, sizeof(b));

	put_number(&in, modulus);
	put_number(&in, exponent);
	wrap(w, 0x30, &in);
}

void
ca_p15_write_ec(struct ca_wr *w, struct ca_rd curve, struct ca_rd point)
{
	static const uint8_t id_ec[] = {
	    0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
	uint8_t a[40], b[160], c[200];
	struct ca_wr alg = ca_wr_of(a, sizeof(a)), key = ca_wr_of(b, sizeof(b)),
		     in = ca_wr_of(c, sizeof(c));

	ca_wr_mem(&alg, id_ec, sizeof(id_ec));
	ca_wr_bytes(&alg, curve);
	wrap(&in, 0x30, &alg);
	ca_wr_u8(&key, 0); /* no unused bits */
	ca_wr_bytes(&key, point);
	wrap(&in, 0x03, &key);
	wrap(w, 0x30, &in);
}
