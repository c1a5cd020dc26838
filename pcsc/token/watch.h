/*
 * Readers and what happens to them, without touching a card.
 *
 * Locks: ca_watch_list() and ca_watch_query() on one watch are the caller's to
 * serialise; ca_watch_wait() uses a connection of its own and may run beside
 * them in one thread; ca_watch_cancel() may come from any thread.
 * When pcscd was restarted the next call finds it by itself.
 */
#ifndef CA_TOKEN_WATCH_H
#define CA_TOKEN_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/err.h"
#include "pcsc/transport/transport.h"

struct ca_watch;

/* Makes a watch; connects on first use. `tp` is borrowed. */
ca_err ca_watch_new(const struct ca_transport *tp, struct ca_watch **out);

/* Ends it; no wait may be running. Sets *w to NULL. */
void ca_watch_free(struct ca_watch **w);

/* In a forked child: frees memory and speaks to nobody. */
void ca_watch_forget(struct ca_watch **w);

/* All readers with their states, at most cap. pcscd not running counts as no
 * reader: CA_OK with *n 0. */
ca_err ca_watch_list(struct ca_watch *w, struct ca_reader *out, size_t cap,
    size_t *n);

/* The state of one reader by io->name; a reader that is gone gives CA_OK with
 * io->present and io->card false. */
ca_err ca_watch_query(struct ca_watch *w, struct ca_reader *io);

/* Blocks until something differs from `known` (CA_OK), timeout_ms passed
 * (CA_E_TIMEOUT) or ca_watch_cancel() (CA_E_CANCELLED). Without pcscd it waits
 * for it to come. */
ca_err ca_watch_wait(struct ca_watch *w, const struct ca_reader *known,
    size_t n, uint32_t timeout_ms);

/* Ends a wait, also one that has not quite begun. Stays in force: every later
 * wait on this watch is cancelled too. */
void ca_watch_cancel(struct ca_watch *w);

#endif
