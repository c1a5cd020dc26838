/*
 * Tokens as a user sees them: what the module tells of each, as plain text and
 * numbers, and the choice of one of them.
 */
#ifndef CA_P11_TOKEN_H
#define CA_P11_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/p11/module.h"

#define CA_TOKENS_MAX 32

struct ca_tries {
	long left, max; /* -1: not known, or there is no such PIN */
};

struct ca_p11_token {
	CK_SLOT_ID slot;
	char reader[65];
	bool here; /* a token that the module knows */
	/* Of a token that is here: */
	char label[33], serial[17], maker[33], model[17];
	char family[64]; /* empty where the module does not tell */
	CK_FLAGS flags;  /* CK_TOKEN_INFO.flags */
	CK_ULONG pin_min, pin_max;
	struct ca_tries pin, puk;
	unsigned long can; /* CAPKCS11_CAN_* */
};

struct ca_p11_tokens {
	struct ca_p11_token t[CA_TOKENS_MAX];
	size_t n;
};

/* Every slot of the module. False: it was told why. */
bool ca_p11_list(struct ca_p11 *p, struct ca_p11_tokens *out);

/* What is in one slot, as of now. */
void ca_p11_token_read(const struct ca_p11 *p, CK_SLOT_ID slot,
    struct ca_p11_token *out);

/*
 * The token that `wanted` names (its serial number, or its label, in any
 * Unicode form), or the only one there is when it is NULL; on a terminal the
 * user is asked when there are several. NULL: it was told why. Borrowed from
 * *all.
 */
const struct ca_p11_token *ca_p11_choose(const struct ca_p11_tokens *all,
    const char *wanted);

/* What is left of a PIN's tries, for the user: "3 of 3 tries left" and the
 * like; of the user's PIN when `so` is false. Writes into out[n]. */
void ca_p11_pin_words(const struct ca_p11_token *t, bool so, char *out,
    size_t n);

#endif
