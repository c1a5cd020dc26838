/* What the threads of mix.c do; for mix.c and mix_work.c. */
#ifndef CA_TROUBLE_MIX_H
#define CA_TROUBLE_MIX_H

#include <stdatomic.h>
#include <time.h>

#include "tests/trouble/stage.h"

struct mix_token {
	const struct ca_sim *card;
	const char *pin;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE s;        /* keeps the login */
	atomic_ulong key;           /* changes with the login */
	atomic_bool login_may_move; /* some thread logs out and in */
};

struct mix_hand {
	CK_FUNCTION_LIST *f;
	struct mix_token *t;
	CK_SESSION_HANDLE s;
	time_t until; /* 0: so many rounds */
	unsigned number, done;
	const char *at;
	CK_RV rv;
};

/* One piece of work; CKR_OK when each answer in it was right. */
struct mix_work {
	const char *name;
	CK_RV (*run)(struct mix_hand *h);
};
extern const struct mix_work mix_work[];
extern const size_t mix_work_n;

/* Logs in by t->s and notes the key. */
CK_RV mix_login(CK_FUNCTION_LIST *f, struct mix_token *t);

#endif
