/*
 * The log, in English, for the person who looks for a fault. Off by default:
 * a library inside Firefox does not write to the terminal.
 *
 * Each line is formatted on the stack and written with one write(2), so lines
 * of several threads do not mix and no lock is taken. What carries a secret is
 * never passed here: the APDU layer logs header and length only.
 */
#ifndef CA_BASE_LOG_H
#define CA_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/rd.h"

enum ca_log_level {
	CA_LOG_OFF = 0,
	CA_LOG_ERROR = 1, /* something failed */
	CA_LOG_WARN = 2,  /* something is odd but handled */
	CA_LOG_INFO = 3,  /* what was decided */
	CA_LOG_APDU = 4,  /* every command and answer, secrets left out */
};

/*
 * Sets level and destination. fd is borrowed, never closed here; -1 means
 * standard error.
 */
void ca_log_setup(enum ca_log_level level, int fd);

/* True when a line of this level would be written. */
bool ca_log_on(enum ca_log_level level);

/* Writes one line "capkcs11: room: text"; a long line is cut at 511 bytes. */
void ca_log(enum ca_log_level level, const char *room, const char *fmt, ...)
    CA_PRINTF(3, 4);

/*
 * r as upper-case hex into out (cap bytes, always terminated); cut with "..."
 * when it does not fit. Returns out.
 */
const char *ca_log_hex(struct ca_rd r, char *out, size_t cap);

#endif
