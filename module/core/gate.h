/*
 * Who may be inside the module, and when it may be taken down.
 *
 * Every call passes the gate. C_Finalize closes it and waits until the last
 * call has left, so nothing is freed under a running call. After fork() the
 * gate of the child is closed: the process id is stored when it is opened.
 *
 * The gate must work before C_Initialize has chosen a kind of mutex and after
 * C_Finalize destroyed all of them, so it stands on the system's own.
 */
#ifndef CA_CORE_GATE_H
#define CA_CORE_GATE_H

#include <stdbool.h>

#include "pcsc/base/cdefs.h"

/* Lets a call in; false when the module is not initialised in this process.
 * Never waits for card or reader. */
CA_MUST_CHECK bool ca_gate_enter(void);
void ca_gate_leave(void);

/* Makes C_Initialize and C_Finalize exclude each other. */
void ca_gate_change_begin(void);
void ca_gate_change_end(void);

/* The rest is called between change_begin and change_end. */

bool ca_gate_is_open(void);
void ca_gate_open(void);

/* Closes the gate and waits until everybody has left. `nudge` is called every
 * few milliseconds meanwhile to wake those who wait for events. */
void ca_gate_close(void (*nudge)(void));

enum ca_gate_legacy {
	CA_LEGACY_NONE,  /* nothing was inherited over fork() */
	CA_LEGACY_WHOLE, /* the parent's tables, and no call was inside them */
	CA_LEGACY_TORN,  /* the parent's tables, possibly in mid-change */
};

/* What a forked child finds; asked once, the answer is then NONE. */
enum ca_gate_legacy ca_gate_inherited(void);

/*
 * The turn of the one thread that waits for events. Taking it blocks while
 * another thread has it; false when the gate closes. While a thread has the
 * turn it does not count as being inside the tables.
 */
CA_MUST_CHECK bool ca_gate_turn_take(void);
void ca_gate_turn_give(void);

#endif
