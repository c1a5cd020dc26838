/* What the files of the keypad's suite share. */
#ifndef CA_FAM_KEYPAD_H
#define CA_FAM_KEYPAD_H

#include "tests/families/fam.h"

/* Verifies, modifies, and has a display. */
extern const struct ca_sim_keypad keypad_full;

/* Whether the row has one of these FAM_ bits. */
bool keypad_has(unsigned what);
/* fam_begin_open() with such a reader; counters at 0. */
void keypad_begin(struct fam *t, const struct ca_sim_keypad *keypad,
    const char *more);
void keypad_end(struct fam *t);
/* C_Login with NULL while the holder keys this in. */
CK_RV keypad_login(struct fam *t, CK_USER_TYPE user, const char *keys);
/* How often he was asked for a value. */
uint64_t keypad_entries(const struct fam *t);

/* CKF_PROTECTED_AUTHENTICATION_PATH. */
bool keypad_flagged(struct fam *t);
/* Asserts that nothing was keyed in, and no PIN went to the card. */
void keypad_nothing_asked(struct fam *t);

/* keypad_bad.c */
void keypad_add_bad(CU_pSuite s);
/* keypad_officer.c: PINs changed and unblocked. */
void keypad_add_changes(CU_pSuite s);

#endif
