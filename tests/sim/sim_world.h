/*
 * The inside of the world of sim_transport.h: what its files share. Functions
 * without a word about it want the lock held.
 *
 * sim_world.c is the tests' side, sim_transport.c connections and readers,
 * sim_link.c cards opened through them, sim_keypad.c and sim_entry.c what a
 * reader does by itself.
 */
#ifndef CA_SIM_WORLD_H
#define CA_SIM_WORLD_H

#include <pthread.h>
#include <sys/types.h>
#include <time.h>

#include "tests/sim/sim_transport.h"

#define CA_SIM_KEYS 128
#define CA_SIM_STRUCTURE 300

struct ca_sim_slot {
	char name[CA_READER_NAME];
	struct ca_sim_reader info;
	bool present;
	struct ca_sim *card, *spare;
	bool mute, powered, t1;
	bool exclusive;    /* another program has the card alone */
	uint32_t events;   /* insertions and removals */
	uint32_t plugs;    /* changes when the reader comes or goes */
	uint32_t resets;   /* changes at every reset */
	const void *owner; /* link in a transaction, or the other program */
	unsigned depth;    /* a link may begin again */
	char keys[CA_SIM_KEYS]; /* what the holder will key in */
	uint64_t entries;       /* those he was asked for */
	uint8_t structure[CA_SIM_STRUCTURE];
	size_t structure_n;
	bool started; /* by START: FINISH carries the structure out */
	bool modify;  /* the structure is that of MODIFY */
};

struct ca_sim_failure {
	uint32_t n;
	ca_err e;
};

struct ca_sim_world {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pid_t pid;
	struct ca_transport transport;
	bool up;
	uint32_t generation; /* of the service */
	uint32_t plugs;      /* changes when any reader comes or goes */
	struct ca_sim_slot slots[CA_READERS_MAX];
	size_t slots_n;
	struct ca_sim_failure failures[CA_SIM_CALLS_];
	uint64_t calls[CA_SIM_CALLS_];
	uint64_t breaches;
	size_t conns, links, waiters, blocked;
};

struct ca_sim_conn {
	struct ca_sim_world *w;
	pid_t pid;
	uint32_t generation;
	bool waiting, cancelled;
	struct ca_sim_link *links;
};

struct ca_sim_link {
	struct ca_sim_conn *c;
	struct ca_sim_link *next;
	struct ca_sim_slot *slot;
	uint32_t events, plugs, resets; /* of the slot when it was opened */
};

/* Takes and gives back the lock. */
void ca_sim_world_lock(struct ca_sim_world *w);
void ca_sim_world_unlock(struct ca_sim_world *w);
/* Wakes whoever waits for a change. */
void ca_sim_world_changed(struct ca_sim_world *w);
/* Waits for a change, at most until a time unless ms is CA_WAIT_FOREVER; false
 * when it is over. */
bool ca_sim_world_await(struct ca_sim_world *w, uint32_t ms,
    const struct timespec *until);
/* The time so many milliseconds from now; needs no lock. */
struct timespec ca_sim_deadline(uint32_t ms);
/* Counts a call; CA_OK, or the failure that was ordered for it. */
ca_err ca_sim_world_called(struct ca_sim_world *w, enum ca_sim_call call);

/* A reader by name, NULL when there is none; the second wants it plugged in. */
struct ca_sim_slot *ca_sim_slot_find(struct ca_sim_world *w, const char *name);
struct ca_sim_slot *ca_sim_slot_present(struct ca_sim_world *w,
    const char *name);
void ca_sim_slot_empty(struct ca_sim_slot *s);
/* card NULL = something that does not answer a reset. */
void ca_sim_slot_fill(struct ca_sim_slot *s, struct ca_sim *card);
/* Somebody resets the card. */
void ca_sim_slot_reset(struct ca_sim_slot *s);
/* A command through the reader to the card in it. */
ca_err ca_sim_slot_exchange(struct ca_sim_world *w, struct ca_sim_slot *s,
    struct ca_rd cmd, struct ca_wr *resp);

/* sim_keypad.c: a control code for the reader, and whether it begins an entry
 * of a PIN. */
ca_err ca_sim_keypad_control(struct ca_sim_world *w, struct ca_sim_slot *s,
    uint32_t code, struct ca_rd in, struct ca_wr *resp);
bool ca_sim_keypad_is_entry(uint32_t code);
/* sim_entry.c: looks at the structure in *s, and carries it out. The answer is
 * a status word, of the reader or of the card. */
uint16_t ca_sim_entry_check(const struct ca_sim_slot *s);
ca_err ca_sim_entry_run(struct ca_sim_world *w, struct ca_sim_slot *s,
    struct ca_wr *resp);

/* What every call on a connection begins with. */
ca_err ca_sim_conn_enter(struct ca_sim_conn *c, enum ca_sim_call call);
/* Ends a link that is in no list any more. */
void ca_sim_link_release(struct ca_sim_link *l);

/* The rows of the transport that concern links; they take the lock. */
ca_err ca_sim_link_connect(void *conn, const char *reader,
    struct ca_link_info *info, void **link);
ca_err ca_sim_link_reconnect(void *link, bool reset, struct ca_link_info *info);
void ca_sim_link_disconnect(void *link);
ca_err ca_sim_link_begin(void *link);
void ca_sim_link_end(void *link);
ca_err ca_sim_link_transmit(void *link, struct ca_rd cmd, struct ca_wr *resp);
ca_err ca_sim_link_control(void *link, uint32_t code, struct ca_rd in,
    struct ca_wr *resp);

extern const struct ca_transport_ops ca_sim_transport_ops;

#endif
