/*
 * How many commands a card gets for what a client does, and how long it takes.
 *
 * client.c and made.c play the client through the PKCS#11 module, card.c asks
 * the simulated card what it counted, stat.c measures this process. Nothing
 * here survives a failure: what goes wrong is printed and ends the program
 * with 2.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

#include <p11-kit/pkcs11.h>

/* The module, a session, the key. */
struct client {
	void *library;
	CK_FUNCTION_LIST_PTR f;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE key;
};

/* Prints "bench: WHAT: WHY" and ends the program with status 2. */
void fail(const char *what, const char *why) __attribute__((noreturn));

/* ---- client.c ---- */

/* dlopen, C_GetFunctionList, C_Initialize with CKF_OS_LOCKING_OK. */
void client_load(struct client *c, const char *module);
/* C_GetSlotList; the number of slots, with a token or all. */
CK_ULONG client_slots(struct client *c, CK_BBOOL with_token);
/* Slot of the first token, a session, its first certificate with CKA_ID and
 * CKA_VALUE, C_Login, the private key with that CKA_ID. */
void client_open(struct client *c, const char *pin);
/* One signature with CKM_SHA256_RSA_PKCS. */
void client_sign(struct client *c);
/* C_GetSlotInfo and C_GetTokenInfo of the chosen slot; client_token_info
 * returns what the call returned. */
void client_slot_info(struct client *c);
CK_RV client_token_info(struct client *c);
/* C_Finalize; the library stays loaded, as in most clients. */
void client_end(struct client *c);

/* ---- card.c ---- */

/* Commands the card behind this control socket has received so far. */
uint64_t card_commands(const char *socket);

/*
 * The signature alone, as two commands in one transaction through pcscd, with
 * nothing of the module: the card must be selected and logged in. Median of
 * `rounds`, in nanoseconds.
 */
uint64_t card_sign_ns(size_t rounds);

/* ---- made.c: each prints its figures ---- */

/* 10,000 sessions opened, searched in, closed. */
void made_sessions(struct client *c);
/* 4,096 keys of a session made and destroyed. */
void made_keys(struct client *c);
/* 100,000 small encryptions, and as many message authentication codes. */
void made_operations(struct client *c);

/* ---- stat.c ---- */

/* Prints a line "NAME VALUE". */
void figure(const char *name, uint64_t value);

uint64_t now_ns(void);
/* Sorts values, returns the middle one; n > 0. */
uint64_t median(uint64_t *values, size_t n);
/* Resident memory of this process in KiB. */
uint64_t resident_kib(void);

#endif
