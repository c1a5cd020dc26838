/*
 * Unblocking a PIN at a distance: the card asks with a challenge, somebody far
 * away who has the right key answers, and the card takes a new PIN for it. What
 * both ends must agree on, so it is here, where each can see it.
 *
 * The numbers are part of what is read out over the telephone: they never
 * change, and none is used twice. At most 15.
 */
#ifndef CA_BASE_REMOTE_H
#define CA_BASE_REMOTE_H

#include <stddef.h>

enum ca_remote {
	CA_REMOTE_NONE = 0,
	/* Triple DES of the challenge, CBC from zero; the key is made of the
	 * PUK: its SHA-1 and its length as 32 bits (ePass2003). */
	CA_REMOTE_PUK_3DES = 1,
	/* Triple DES of the challenge, with an administrator's key of 16 or 24
	 * bytes. */
	CA_REMOTE_3DES = 2,
	/* AES of the challenge, with one of 16, 24 or 32 bytes. */
	CA_REMOTE_AES = 3,
};

#define CA_REMOTE_MAX 16 /* bytes, the longest of them */

/* Bytes of the challenge, and of the answer: one block of the cipher. 0 for a
 * number that is none of these. */
size_t ca_remote_size(int scheme);

#endif
