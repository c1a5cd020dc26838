/* See the header. */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/log.h"

_Noreturn void
fuzz_fail(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

void
fuzz_begin(void)
{
	static int fd = -1;

	if (fd >= 0)
		return;
	FUZZ_CHECK((fd = open("/dev/null", O_WRONLY | O_CLOEXEC)) >= 0);
	ca_log_setup(CA_LOG_APDU, fd);
}

uint8_t *
fuzz_copy(struct ca_rd r)
{
	uint8_t *p = fuzz_room(r.n > 0 ? r.n : 1);

	if (r.n > 0)
		memcpy(p, r.p, r.n);
	return p;
}

size_t
fuzz_choose(struct ca_rd *in, size_t n)
{
	uint8_t b;

	return ca_rd_u8(in, &b) ? b % n : 0;
}

void
fuzz_touch(struct ca_rd r)
{
	for (size_t i = 0; i < r.n; i++)
		(void)*(const volatile uint8_t *)&r.p[i];
}

void
fuzz_within(struct ca_rd inner, struct ca_rd outer)
{
	if (inner.n == 0)
		return;
	FUZZ_CHECK(inner.p >= outer.p && inner.n <= outer.n);
	FUZZ_CHECK((size_t)(inner.p - outer.p) <= outer.n - inner.n);
	fuzz_touch(inner);
}

void
fuzz_text(const char *text, size_t cap)
{
	FUZZ_CHECK(memchr(text, '\0', cap) != NULL);
}
