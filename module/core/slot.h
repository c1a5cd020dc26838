/*
 * Slots: one for each reader name that was ever seen since C_Initialize. A
 * slot keeps its number and its memory until C_Finalize; a reader that is
 * gone leaves a slot without token.
 */
#ifndef CA_CORE_SLOT_H
#define CA_CORE_SLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module/core/lock.h"
#include "module/core/object.h"
#include "module/core/officer.h"
#include "module/core/op_state.h"
#include "module/core/pkcs11_3.h"
#include "module/core/rv.h"
#include "module/core/sobject.h"
#include "pcsc/token/token.h"

struct ca_module;

/* The last we heard of a reader, and what we know about the card in it. The
 * module lock protects it, so that asking waits for no card. */
struct ca_slot_view {
	bool reader; /* the reader is plugged in */
	bool card;
	bool mute; /* something that does not answer */
	uint32_t events;
	uint8_t atr[CA_ATR_MAX];
	size_t atr_n;

	bool token;            /* slot->token is open ... */
	uint32_t token_events; /* ... since this insertion */
	bool foreign;          /* the card of foreign_events is none of ours */
	uint32_t foreign_events;

	bool told_card; /* what C_WaitForSlotEvent last told */
	uint32_t told_events;
};

struct ca_slot {
	CK_SLOT_ID id;
	char reader[CA_READER_NAME];
	struct ca_mutex *lock; /* the slot lock */

	/* under the module lock */
	struct ca_slot_view view;
	CK_ULONG sessions, rw_sessions; /* open ones */

	/* under the slot lock */
	struct ca_token *token; /* NULL: none, or not opened yet */
	int64_t asked; /* when pcscd last told of its reader; nanoseconds */
	struct ca_objects objects;
	struct ca_sobjects made; /* session objects */
	struct ca_states states; /* saved digests */
	bool wrong_pin; /* a wrong user PIN was seen since the last good one */
	struct ca_officer officer;
	/* Changes at every login and at every end of one. An operation begun
	 * in one epoch never succeeds in another. */
	unsigned long epoch;
	bool was_in;       /* logged in, as far as epoch has heard */
	unsigned failures; /* to open the card of failed_events */
	uint32_t failed_events;
};

enum ca_slots_refresh {
	CA_SLOTS_STATES,   /* known slots only */
	CA_SLOTS_ADD,      /* new readers get slots */
	CA_SLOTS_BASELINE, /* the same, and nothing of it is an event */
};

/* Asks for all readers and updates every slot's view. */
CA_MUST_CHECK ca_err ca_slots_refresh(enum ca_slots_refresh how);

/* How many there are; their ids are 0 .. n-1. */
size_t ca_slots_count(void);

/* The slot with this id, or NULL. */
struct ca_slot *ca_slot_find(CK_SLOT_ID id);

/* Whether there is a token in the slot, by what the last refresh or query
 * told: an open one, or a card that a profile may claim. No I/O. */
bool ca_slot_has_token(struct ca_slot *s);

/* Whether that token is open and, by the same news, still the one. No I/O. */
bool ca_slot_is_open(struct ca_slot *s);

/* Asks for the state of this slot's reader and updates the view. */
CA_MUST_CHECK ca_err ca_slot_query(struct ca_slot *s);

/* Takes over what pcscd says of a reader; NULL: it is not listed any more. The
 * module lock is held. */
void ca_slot_view_update_locked(struct ca_slot_view *v,
    const struct ca_reader *r);

/* --- the slot lock is held for all that follows --- */

/*
 * Makes sure that slot->token is the card in the reader, opening it if need
 * be. CA_E_NO_CARD, CA_E_NO_READER: none; CA_E_UNSUPPORTED: none of ours, told
 * without touching the card again while it stays in the reader.
 */
CA_MUST_CHECK ca_err ca_slot_open(struct ca_slot *s);

/* Asks once whether the open token is still there; it is dropped if not.
 * Sends nothing to the card. */
CA_MUST_CHECK ca_err ca_slot_check(struct ca_slot *s);

/* The same as an answer: CKR_OK, or what a call says that would go on with what
 * the application made on the token. When it is not CKR_OK the session may have
 * been closed under the caller, with its objects and operations. */
CA_MUST_CHECK CK_RV ca_slot_check_rv(struct ca_slot *s);

/* The same for what is done often and in this process alone, with a key of the
 * session: nobody is asked when the last answer is a few milliseconds old. */
CA_MUST_CHECK CK_RV ca_slot_check_recent(struct ca_slot *s);

/* The token is gone: ends every session on it and forgets it. */
void ca_slot_drop(struct ca_slot *s);

/* ca_rv(), and the token is dropped when `e` says that it is gone. After a
 * CKR_DEVICE_REMOVED the session has been closed under the caller. */
CA_MUST_CHECK CK_RV ca_slot_rv(struct ca_slot *s, ca_err e, enum ca_call call);

/* Whether the user is logged in, as far as can be told without asking. */
bool ca_slot_logged_in(const struct ca_slot *s);

/* --- for module.c --- */

/* Logs out, closes and frees all slots with their sessions. */
void ca_slots_free(void);
/* In a forked child: frees the memory only. */
void ca_slots_forget(struct ca_module *m);

#endif
