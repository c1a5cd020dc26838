/* See dump_paths.h. */
#include "tools/card/dump_paths.h"

#include <stdint.h>
#include <stdlib.h>

#include "pcsc/base/tlv.h"

#define OBJECTS_MAX 2048 /* of one file, all levels together */

struct ca_dump_paths {
	struct {
		uint8_t b[CA_DUMP_PATH];
		size_t n;
	} p[CA_DUMP_PATHS_MAX];
	size_t n;
};

struct ca_dump_paths *
ca_dump_paths_new(void)
{
	return calloc(1, sizeof(struct ca_dump_paths));
}

void
ca_dump_paths_free(struct ca_dump_paths *p)
{
	free(p);
}

void
ca_dump_paths_clear(struct ca_dump_paths *p)
{
	p->n = 0;
}

bool
ca_dump_paths_get(const struct ca_dump_paths *p, size_t n, struct ca_rd *out)
{
	if (n >= p->n)
		return false;
	*out = ca_rd_of(p->p[n].b, p->p[n].n);
	return true;
}

void
ca_dump_paths_add(struct ca_dump_paths *p, struct ca_rd path)
{
	struct ca_rd have;

	for (size_t i = 0; ca_dump_paths_get(p, i, &have); i++)
		if (ca_rd_equal(have, path))
			return;
	if (path.n > 0 && p->n < CA_DUMP_PATHS_MAX &&
	    ca_rd_copy(path, p->p[p->n].b, CA_DUMP_PATH, &p->p[p->n].n))
		p->n++;
}

static bool
is_constructed(uint32_t tag)
{
	while (tag > 0xFF)
		tag >>= 8;
	return (tag & 0x20) != 0;
}

static void
find(struct ca_dump_paths *p, struct ca_rd in, int depth, unsigned *left)
{
	uint32_t tag;
	struct ca_rd v, path;

	for (;;) {
		ca_tlv_skip_padding(&in);
		if (*left == 0 || !ca_tlv_next(&in, &tag, &v))
			return;
		--*left;
		if (!is_constructed(tag))
			continue;
		if (depth < CA_TLV_DEPTH_MAX)
			find(p, v, depth + 1, left);
		if (ca_tlv_expect(&v, 0x04, &path) && path.n % 2 == 0)
			ca_dump_paths_add(p, path);
	}
}

void
ca_dump_paths_find(struct ca_dump_paths *p, struct ca_rd objects)
{
	unsigned left = OBJECTS_MAX;

	find(p, objects, 0, &left);
}

void
ca_dump_paths_aids(struct ca_dump_paths *p, struct ca_rd objects)
{
	struct ca_rd app, aid;
	uint32_t tag;

	for (unsigned i = 0; i < OBJECTS_MAX; i++) {
		ca_tlv_skip_padding(&objects);
		if (!ca_tlv_next(&objects, &tag, &app))
			return;
		if (tag == 0x61 && ca_tlv_find(app, 0x4F, &aid))
			ca_dump_paths_add(p, aid);
	}
}
