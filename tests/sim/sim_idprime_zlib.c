/* Certificates as an IDPrime card keeps them; see sim_idprime.h. */
#include <zlib.h>

#include "tests/sim/sim_idprime.h"

#define BOMB (16U << 20) /* bytes a bomb inflates to */

/* Adds a zlib stream of the data, followed by `more` zeros, to out. */
static ca_err
deflate_to(struct ca_rd in, size_t more, struct ca_buf *out)
{
	static const uint8_t zeros[4096];
	uint8_t part[1024];
	z_stream z = {0};
	ca_err e = CA_OK;
	int rc = Z_OK;

	if (deflateInit(&z, Z_DEFAULT_COMPRESSION) != Z_OK)
		return CA_E_NOMEM;
	z.next_in = (Bytef *)(uintptr_t)in.p;
	z.avail_in = (uInt)in.n;
	while (e == CA_OK && rc != Z_STREAM_END) {
		if (z.avail_in == 0 && more > 0) {
			z.avail_in =
			    more < sizeof(zeros) ? (uInt)more : sizeof(zeros);
			z.next_in = (Bytef *)(uintptr_t)zeros;
			more -= z.avail_in;
		}
		z.next_out = part;
		z.avail_out = sizeof(part);
		rc = deflate(&z, more == 0 ? Z_FINISH : Z_NO_FLUSH);
		e = rc == Z_OK || rc == Z_STREAM_END
			? ca_buf_add(out,
			      ca_rd_of(part, sizeof(part) - z.avail_out))
			: CA_E_BUG;
	}
	deflateEnd(&z);
	return e;
}

ca_err
ca_sim_idp_compress(const struct ca_sim *s, struct ca_rd der, bool first,
    struct ca_buf *out)
{
	size_t n = der.n;
	uint8_t head[4] = {0x01, 0x00};
	ca_err e;

	if (first && ca_sim_bad(s, "zlib-longer"))
		n++;
	else if (first && ca_sim_bad(s, "zlib-shorter"))
		n--;
	head[2] = (uint8_t)n;
	head[3] = (uint8_t)(n >> 8);
	e = ca_buf_add(out, ca_rd_of(head, sizeof(head)));
	if (e != CA_OK)
		return e;
	if (first && ca_sim_bad(s, "zlib-junk"))
		return ca_buf_add(out, ca_rd_of("\x78\x9C no stream", 12));
	return deflate_to(der, first && ca_sim_bad(s, "bomb") ? BOMB : 0, out);
}
