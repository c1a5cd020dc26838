/* See the header. */
#include "pcsc/card/inflate.h"

#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

#include "pcsc/base/secret.h"

ca_err
ca_inflate(struct ca_rd stream, size_t length, struct ca_buf *out)
{
	z_stream z = {0};
	uint8_t *room;
	ca_err e;
	int rv;

	if (length == 0 || length > CA_INFLATE_MAX || stream.n > UINT_MAX)
		return CA_E_DATA;
	/* One byte more shows a stream that goes on behind its length. */
	if ((room = malloc(length + 1)) == NULL)
		return CA_E_NOMEM;
	z.next_in = stream.p;
	z.avail_in = (unsigned)stream.n;
	z.next_out = room;
	z.avail_out = (unsigned)length + 1;
	e = CA_E_NOMEM;
	if (inflateInit(&z) == Z_OK) {
		rv = inflate(&z, Z_FINISH);
		e = rv == Z_STREAM_END && z.total_out == length
			? ca_buf_set(out, ca_rd_of(room, length))
			: CA_E_DATA;
		(void)inflateEnd(&z);
	}
	ca_wipe(room, length + 1);
	free(room);
	return e;
}
