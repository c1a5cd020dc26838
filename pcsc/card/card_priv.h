/* What card.c and tx.c share; nobody else includes this. */
#ifndef CA_CARD_PRIV_H
#define CA_CARD_PRIV_H

#include "pcsc/card/card.h"

struct ca_card {
	struct ca_chan chan;
	struct ca_link_info info;
	struct ca_features features; /* of the reader */
	const struct ca_profile *profile;
	const struct ca_driver *driver;
	void *state;
	unsigned resets;
	unsigned long sent; /* on the channel, when the transaction began */
	bool outside;       /* powered anew: our application is not selected */
	uint8_t class_bits; /* ORed into CLA: channel, 80 */
	struct ca_sm *sm;   /* NULL: commands go in clear */
};

/* Secure messaging is over: the channel closes and wipes its keys. */
void ca_card_end_sm_(struct ca_card *c);

/* The card was powered anew: what it kept for us is gone. */
void ca_card_note_reset_(struct ca_card *c);

/* The link as the profile and the reader allow it, for c->info. */
void ca_card_use_info_(struct ca_card *c);

#endif
