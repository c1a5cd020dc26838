/*
 * The stage on which trouble is played: a world of simulated readers, a card
 * of the type under test, and the module over it, used through its function
 * list. Every test runs once for each card type.
 *
 * A test begins with ca_stage_begin() and ends with ca_stage_end(), which
 * looks for leaks (connections, links) and for breaches of the transport's
 * contract.
 */
#ifndef CA_TROUBLE_STAGE_H
#define CA_TROUBLE_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <p11-kit/pkcs11.h>

#include <CUnit/CUnit.h>

#include "tests/sim/sim.h"
#include "tests/sim/sim_transport.h"
#include "tests/suite/suite.h"

#define CA_STAGE_READER "Trouble 00"
#define CA_STAGE_READER2 "Trouble 01"

/* Answers of the helpers below that are no answer of the module. */
#define CA_STAGE_NO_TOKEN (CKR_VENDOR_DEFINED + 1) /* no slot has one */
#define CA_STAGE_NO_KEY (CKR_VENDOR_DEFINED + 2)   /* no private key found */
#define CA_STAGE_BAD_SIG (CKR_VENDOR_DEFINED + 3)  /* OpenSSL says no */
#define CA_STAGE_NO_CERT (CKR_VENDOR_DEFINED + 4)  /* no certificate found */

struct ca_stage {
	CK_FUNCTION_LIST *f;
	struct ca_sim_world *w;
	struct ca_sim_opts opts;
	struct ca_sim *card;  /* in CA_STAGE_READER at the beginning */
	struct ca_sim *other; /* another card; NULL until ca_stage_other() */
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE key;
};

/* The card type of all stages from now on. */
void ca_stage_type(const char *type);
const char *ca_stage_type_name(void);

/* The configuration the next C_Initialize reads; text behind the section's
 * name, "" for the defaults of the tests (no cache, nothing of the host). False
 * when it cannot be written. */
bool ca_stage_config(const char *text);
/* The same with no card profile at all, so that every card is unknown. */
bool ca_stage_config_without_profiles(void);
/* The options of the current card type, with smaller keys when that is slow. */
void ca_stage_opts(struct ca_sim_opts *o);

/* A world with one reader and a card, and C_Initialize. o NULL: defaults. */
void ca_stage_begin(struct ca_stage *t, const struct ca_sim_opts *o);
/* The same, and a session in which the user is logged in, with the key. */
void ca_stage_begin_login(struct ca_stage *t, const struct ca_sim_opts *o);
/* The same, and one signature made. */
void ca_stage_begin_user(struct ca_stage *t, const struct ca_sim_opts *o);
/* Makes t->other: same type, another serial number and key. */
void ca_stage_other(struct ca_stage *t);
/* C_Finalize, the search for leaks, and the end of world and cards. */
void ca_stage_end(struct ca_stage *t);

/* --- steps of a user; each gives the first answer that is not CKR_OK --- */

/* Finds the slot with a token and opens a read-only session. */
CK_RV ca_stage_open(struct ca_stage *t);
CK_RV ca_stage_login(struct ca_stage *t);
CK_RV ca_stage_login_with(struct ca_stage *t, const char *pin);
/* The first private key of the session. */
CK_RV ca_stage_find_key(struct ca_stage *t);
/* CKA_VALUE of the first certificate. */
CK_RV ca_stage_read_cert(struct ca_stage *t);
/* A signature with SHA-256, checked by OpenSSL against the certificate of the
 * card that lies in the first reader. */
CK_RV ca_stage_sign(struct ca_stage *t);
/* The whole way of a user: open, certificate, login, key, two signatures. */
CK_RV ca_stage_flow(struct ca_stage *t);

/* Whatever happened before: the whole way works now, in this process. */
void ca_stage_works(struct ca_stage *t);
/* The same, but a card that answered nonsense may have to be taken out and put
 * in again before it is believed. */
void ca_stage_works_reinserted(struct ca_stage *t);

/* Checks a signature by the certificate of a card. */
bool ca_stage_verify(const struct ca_sim *card, const uint8_t *data,
    size_t data_n, const uint8_t *sig, size_t sig_n);

/* The PIN's tries left on the card itself. */
int ca_stage_tries(const struct ca_stage *t);
/* Flags of C_GetTokenInfo; 0 when it fails. */
CK_FLAGS ca_stage_flags(struct ca_stage *t);

/* A signature after the first is two commands on a card that needs no more;
 * these are their places for ca_stage_plan() with INS 0. */
#define CA_STAGE_FIRST_OF_SIGN 1  /* the key is chosen */
#define CA_STAGE_SECOND_OF_SIGN 2 /* and used */

/* Plans one trouble: at the n-th command from now with this INS, 0 for any. */
void ca_stage_plan(struct ca_stage *t, enum ca_sim_what what, uint8_t ins,
    uint32_t at, uint32_t times);

/* Asserts that rv is among the list that ends with ~0. */
#define CA_STAGE_ONE_OF(rv, ...)                                               \
	ca_stage_one_of(rv, (const CK_RV[]){__VA_ARGS__, ~0UL}, #rv, __FILE__, \
	    __LINE__)
void ca_stage_one_of(CK_RV rv, const CK_RV *allowed, const char *what,
    const char *file, unsigned line);
#define CA_STAGE_IS(rv, value) CA_STAGE_ONE_OF(rv, value)

/* The tests of each file, added to a CUnit suite. */
void ca_trouble_card(CU_pSuite suite);
void ca_trouble_files(CU_pSuite suite);
void ca_trouble_forks(CU_pSuite suite);
void ca_trouble_many(CU_pSuite suite);
void ca_trouble_memory(CU_pSuite suite);
void ca_trouble_mix(CU_pSuite suite);
void ca_trouble_pin(CU_pSuite suite);
void ca_trouble_pull(CU_pSuite suite);
void ca_trouble_reset(CU_pSuite suite);
void ca_trouble_service(CU_pSuite suite);
void ca_trouble_sweep(CU_pSuite suite);
void ca_trouble_waiting(CU_pSuite suite);

#endif
