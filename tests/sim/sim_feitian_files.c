/* Files that commands make and delete on the cards by Feitian: the table of the
 * shared core, and what outlives the process. */
#include <string.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_feitian.h"

#define SIZE_MAX_ 0x8000 /* no file is larger */

/* "files": a line per file gone, then a line per file made: parent, itself,
 * kind, size, access bytes. */
static ca_err
save(const struct ca_sim *s)
{
	const struct ca_sim_ft *ft = ca_sim_ft(s);
	char text[64 * (CA_SIM_FILES + CA_SIM_FT_GONE)];
	size_t n = 0;

	for (size_t i = 0; i < ft->gone_n; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "- %04X %04X\n", ft->gone[i].parent, ft->gone[i].fid);
	for (size_t i = 1; i < s->files_n; i++) {
		const struct ca_sim_file *f = &s->files[i];
		const struct ca_sim_ft_file *x = &ft->files[i];

		if (!x->made)
			continue;
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "+ %04X %04X %02X %zX ", s->files[f->parent].fid, f->fid,
		    x->kind, f->data.n);
		for (size_t k = 0; k < x->acl_n; k++)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    "%02X", x->acl[k]);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "\n");
	}
	return ca_sim_state_put(s->o.state, "files", ca_rd_of(text, n));
}

static enum ca_sim_rule
rule_at(const struct ca_sim_ft *ft, struct ca_rd acl, size_t at)
{
	return at < acl.n ? ft->coding->rule(acl.p[at]) : CA_SIM_NEVER;
}

/* The file under a DF, its content from the state directory if there is one.
 * Index, or -1. */
static int
add(struct ca_sim *s, int parent, uint16_t fid, enum ca_sim_ft_kind kind,
    size_t size, struct ca_rd acl)
{
	struct ca_sim_ft *ft = ca_sim_ft(s);
	int i = ca_sim_fs_ef(s, parent, fid, ca_rd_of(NULL, 0), size,
	    rule_at(ft, acl, ft->coding->update));
	struct ca_sim_ft_file *x;

	if (i < 0)
		return i;
	x = &ft->files[i];
	*x = (struct ca_sim_ft_file){.kind = kind,
	    .made = true,
	    .create = CA_SIM_NEVER,
	    .del = rule_at(ft, acl, ft->coding->del)};
	s->files[i].read = rule_at(ft, acl, ft->coding->read);
	return ca_rd_copy(acl, x->acl, sizeof(x->acl), &x->acl_n) ? i : -1;
}

/* Takes a file out of the table. A DF keeps its index: others name it. */
static void
drop(struct ca_sim *s, int i)
{
	struct ca_sim_ft *ft = ca_sim_ft(s);
	size_t last = s->files_n - 1;

	ca_buf_free(&s->files[i].data);
	s->files[i] = (struct ca_sim_file){.parent = -1};
	ft->files[i] = (struct ca_sim_ft_file){0};
	s->ef = -1;
	if (s->files[last].df)
		return;
	if ((size_t)i != last) {
		s->files[i] = s->files[last];
		ft->files[i] = ft->files[last];
	}
	s->files[last] = (struct ca_sim_file){0};
	ft->files[last] = (struct ca_sim_ft_file){0};
	s->files_n = last;
}

uint16_t
ca_sim_ft_create(struct ca_sim *s, uint16_t fid, enum ca_sim_ft_kind kind,
    size_t size, struct ca_rd acl)
{
	int i;

	if (!ca_sim_allowed(s, ca_sim_ft(s)->files[s->df].create))
		return SW_SECURITY;
	if (fid == 0x3F00 || fid == 0xFFFF || fid == s->files[s->df].fid ||
	    size == 0)
		return SW_DATA;
	if (ca_sim_fs_child(s, s->df, fid) >= 0)
		return CA_SIM_FT_SW_EXISTS;
	if (size > SIZE_MAX_)
		return SW_NO_SPACE;
	i = add(s, s->df, fid, kind, size, acl);
	if (i < 0)
		return SW_NO_SPACE;
	/* What a file of that name held before it was deleted is no more. */
	memset(s->files[i].data.p, 0x00, s->files[i].data.n);
	return ca_sim_fs_keep(s, &s->files[i]) == CA_OK && save(s) == CA_OK
		   ? SW_OK
		   : SW_MEMORY;
}

uint16_t
ca_sim_ft_delete(struct ca_sim *s, uint16_t fid)
{
	struct ca_sim_ft *ft = ca_sim_ft(s);
	int i = ca_sim_fs_child(s, s->df, fid);

	if (i < 0)
		return SW_NO_FILE;
	if (s->files[i].df || !ca_sim_allowed(s, ft->files[i].del))
		return SW_SECURITY;
	if (!ft->files[i].made) {
		if (ft->gone_n == CA_SIM_FT_GONE)
			return SW_MEMORY;
		ft->gone[ft->gone_n].parent = s->files[s->df].fid;
		ft->gone[ft->gone_n++].fid = fid;
	}
	drop(s, i);
	return save(s) == CA_OK ? SW_OK : SW_MEMORY;
}

ca_err
ca_sim_ft_grow(struct ca_sim *s, int parent, uint16_t fid, size_t size)
{
	const uint8_t zero = 0;
	int i = ca_sim_fs_child(s, parent, fid);
	ca_err e = CA_OK;

	while (i >= 0 && e == CA_OK && s->files[i].data.n < size)
		e = ca_buf_add(&s->files[i].data, ca_rd_of(&zero, 1));
	return e;
}

static int
df_by_fid(const struct ca_sim *s, unsigned fid)
{
	for (size_t i = 0; i < s->files_n; i++)
		if (s->files[i].df && s->files[i].fid == fid)
			return (int)i;
	return -1;
}

static bool
load_line(struct ca_sim *s, const char *line)
{
	struct ca_sim_ft *ft = ca_sim_ft(s);
	unsigned parent = 0;
	unsigned fid = 0;
	unsigned kind = 0;
	size_t size = 0;
	char hex[2 * CA_SIM_FT_ACL + 1];
	uint8_t acl[CA_SIM_FT_ACL];
	size_t acl_n = 0;
	int i;

	if (sscanf(line, "- %x %x", &parent, &fid) == 2) {
		i = ca_sim_fs_child(s, df_by_fid(s, parent), (uint16_t)fid);
		if (i < 0 || ft->gone_n == CA_SIM_FT_GONE)
			return false;
		ft->gone[ft->gone_n].parent = (uint16_t)parent;
		ft->gone[ft->gone_n++].fid = (uint16_t)fid;
		drop(s, i);
		return true;
	}
	return sscanf(line, "+ %x %x %x %zx %20s", &parent, &fid, &kind, &size,
		   hex) == 5 &&
	       df_by_fid(s, parent) >= 0 && size <= SIZE_MAX_ &&
	       ca_hex_parse(hex, acl, sizeof(acl), &acl_n) &&
	       add(s, df_by_fid(s, parent), (uint16_t)fid,
		   (enum ca_sim_ft_kind)kind, size, ca_rd_of(acl, acl_n)) >= 0;
}

ca_err
ca_sim_ft_load(struct ca_sim *s)
{
	const uint8_t nul = 0;
	struct ca_buf b = {0};
	char *save_at = NULL;
	ca_err e = ca_sim_state_get(s->o.state, "files", &b);

	if (e == CA_E_NOT_FOUND)
		return CA_OK;
	if (e == CA_OK)
		e = ca_buf_add(&b, ca_rd_of(&nul, 1));
	if (e == CA_OK)
		for (char *l = strtok_r((char *)b.p, "\n", &save_at); l != NULL;
		     l = strtok_r(NULL, "\n", &save_at))
			if (!load_line(s, l))
				e = CA_E_DATA;
	ca_buf_free(&b);
	return e;
}
