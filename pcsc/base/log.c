#include "pcsc/base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_BYTES 511

static atomic_int log_level = CA_LOG_OFF;
static atomic_int log_fd = -1;

void
ca_log_setup(enum ca_log_level level, int fd)
{
	atomic_store(&log_fd, fd);
	atomic_store(&log_level, (int)level);
}

bool
ca_log_on(enum ca_log_level level)
{
	return level != CA_LOG_OFF && (int)level <= atomic_load(&log_level);
}

/* A name from a card or a file must not start a line of its own nor speak to
 * the terminal. */
static void
tame(char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((uint8_t)text[i] < 0x20 || text[i] == 0x7F)
			text[i] = '?';
}

/* How much vsnprintf/snprintf really wrote into cap bytes. */
static size_t
written(int said, size_t cap)
{
	if (said < 0)
		return 0;
	return (size_t)said < cap ? (size_t)said : cap - 1;
}

void
ca_log(enum ca_log_level level, const char *room, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES + 1];
	int before = errno;
	va_list args;
	size_t n;
	int fd;

	if (!ca_log_on(level))
		return;
	n = written(snprintf(line, sizeof(line), "capkcs11: %s: ", room),
	    sizeof(line));
	va_start(args, fmt);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is */
	n += written(vsnprintf(line + n, sizeof(line) - n, fmt, args),
	    sizeof(line) - n);
	va_end(args);
	tame(line, n);
	line[n++] = '\n';
	fd = atomic_load(&log_fd);
	/* A log that cannot be written has nowhere to complain. */
	while (write(fd < 0 ? STDERR_FILENO : fd, line, n) < 0 &&
	       errno == EINTR)
		;
	errno = before;
}

const char *
ca_log_hex(struct ca_rd r, char *out, size_t cap)
{
	static const char digit[] = "0123456789ABCDEF";
	static const char dots[] = "...";
	size_t fit = r.n;
	bool cut = false;
	char *to = out;

	if (cap == 0)
		return "";
	if (r.n > (cap - 1) / 2) {
		cut = cap > sizeof(dots) - 1;
		fit = cut ? (cap - sizeof(dots)) / 2 : 0;
	}
	for (size_t i = 0; i < fit; i++) {
		*to++ = digit[r.p[i] >> 4];
		*to++ = digit[r.p[i] & 0x0F];
	}
	for (size_t i = 0; cut && dots[i]; i++)
		*to++ = dots[i];
	*to = '\0';
	return out;
}
