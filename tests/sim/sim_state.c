/*
 * The state directory: small files, each written to a temporary name, synced
 * and renamed, so that a reader or a crash never meets half of one.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcsc/base/hex.h"
#include "tests/sim/sim_card.h"

#define NAME_MAX_ (CA_SIM_PATH + 96)

static bool
path_of(const char *dir, const char *name, const char *tail, char *out)
{
	int n = snprintf(out, NAME_MAX_, "%s/%s%s", dir, name, tail);

	return n > 0 && n < NAME_MAX_;
}

ca_err
ca_sim_state_open(const char *dir)
{
	if (dir[0] == '\0' || mkdir(dir, 0700) == 0 || errno == EEXIST)
		return CA_OK;
	return CA_E_IO;
}

ca_err
ca_sim_state_get(const char *dir, const char *name, struct ca_buf *out)
{
	char path[NAME_MAX_];
	uint8_t part[1024];
	ca_err e = CA_OK;
	ssize_t n;
	int fd;

	if (dir[0] == '\0' || !path_of(dir, name, "", path))
		return CA_E_NOT_FOUND;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? CA_E_NOT_FOUND : CA_E_IO;
	ca_buf_free(out);
	while (e == CA_OK && (n = read(fd, part, sizeof(part))) > 0)
		e = ca_buf_add(out, ca_rd_of(part, (size_t)n));
	close(fd);
	ca_wipe(part, sizeof(part));
	return e;
}

static bool
write_all(int fd, struct ca_rd r)
{
	while (r.n > 0) {
		ssize_t n = write(fd, r.p, r.n);

		if (n <= 0 || !ca_rd_skip(&r, (size_t)n))
			return false;
	}
	return true;
}

ca_err
ca_sim_state_put(const char *dir, const char *name, struct ca_rd data)
{
	char path[NAME_MAX_];
	char temp[NAME_MAX_];
	bool ok;
	int fd;

	if (dir[0] == '\0')
		return CA_OK;
	if (!path_of(dir, name, "", path) || !path_of(dir, name, ".new", temp))
		return CA_E_IO;
	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return CA_E_IO;
	ok = write_all(fd, data) && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	if (ok && rename(temp, path) == 0)
		return CA_OK;
	(void)unlink(temp);
	return CA_E_IO;
}

/* "pins": a line per PIN, reference, tries left, value as it travels (hex). */
ca_err
ca_sim_state_pins_save(const struct ca_sim *s)
{
	char text[CA_SIM_PINS * (2 * CA_SECRET_MAX + 16)];
	size_t n = 0;
	ca_err e;

	for (size_t i = 0; i < s->pins_n; i++) {
		const struct ca_sim_pin *p = &s->pins[i];

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%u %u ",
		    p->ref, p->tries);
		for (size_t k = 0; k < p->value.n; k++)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    "%02X", p->value.b[k]);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "\n");
	}
	e = ca_sim_state_put(s->o.state, "pins", ca_rd_of(text, n));
	ca_wipe(text, sizeof(text));
	return e;
}

static void
pin_line(struct ca_sim *s, const char *line)
{
	struct ca_sim_pin *p;
	struct ca_secret v = {0};
	char hex[2 * CA_SECRET_MAX + 1];
	unsigned ref = 0;
	unsigned tries = 0;

	if (sscanf(line, "%u %u %510s", &ref, &tries, hex) == 3 &&
	    (p = ca_sim_pin_find(s, ref)) != NULL && tries <= 15 &&
	    ca_hex_parse(hex, v.b, sizeof(v.b), &v.n) && v.n > 0) {
		p->tries = (uint8_t)tries;
		/* A new value may have come with more tries. */
		if (p->tries_max < p->tries)
			p->tries_max = p->tries;
		p->value = v;
	}
	ca_secret_wipe(&v);
	ca_wipe(hex, sizeof(hex));
}

ca_err
ca_sim_state_pins_load(struct ca_sim *s)
{
	const uint8_t nul = 0;
	struct ca_buf b = {0};
	ca_err e = ca_sim_state_get(s->o.state, "pins", &b);
	char *save = NULL;

	if (e == CA_E_NOT_FOUND)
		return ca_sim_state_pins_save(s);
	if (e == CA_OK)
		e = ca_buf_add(&b, ca_rd_of(&nul, 1));
	if (e == CA_OK)
		for (char *l = strtok_r((char *)b.p, "\n", &save); l != NULL;
		     l = strtok_r(NULL, "\n", &save))
			pin_line(s, l);
	ca_buf_free(&b);
	return e;
}
