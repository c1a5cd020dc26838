/*
 * Running cases: one worker process does them in turn; when it dies or hangs,
 * the case it was at has failed and a new worker goes on behind it.
 */
#ifndef CF_WORKER_H
#define CF_WORKER_H

#include "tests/conformance/cf.h"

struct cf_total {
	unsigned n[3]; /* by enum cf_outcome */
};

/* Runs the cases list[0..n) and prints a line for each. False only when the
 * module cannot be loaded or processes cannot be made. */
bool cf_worker_run(const struct cf_options *opt,
    const struct cf_case *const *list, size_t n, struct cf_total *total);

#endif
