/*
 * Challenges and answers as codes that are read out over the telephone.
 *
 * A code is written with Crockford's 32 characters (digits and capitals without
 * I, L, O and U) in groups of four. Reading takes small letters, blanks, dashes
 * and dots anywhere, I and L for 1, O for 0. It holds
 *
 *	1 character	which kind of code, which scheme (pcsc/base/remote.h)
 *	4 characters	a tag: of a challenge, which token asks; of an answer,
 *			which question of which token it answers
 *	13 or 26	8 or 16 bytes, most significant bit first, zeros behind
 *	2 characters	check characters
 *
 * so 20 or 33 characters. The check is the pure system of ISO/IEC 7064, whose
 * MOD 97-10 guards IBANs, with the prime next below 32 * 32: the whole code,
 * read as a number to the base 32, is 1 modulo 1021. As 1021 is a prime and 32
 * has the order 68 modulo it, every single wrong character is caught, and every
 * exchange of two characters, neighbours or not; of all other errors one in
 *1021 slips through. Reed and Solomon's code over 32 characters with two checks
 * would promise the same, but only up to 31 characters.
 *
 * What a code holds may be a proof of a secret: wipe texts and structures with
 * ca_wipe(). No locks, no allocation.
 */
#ifndef CA_TOOLS_PHONE_CODE_H
#define CA_TOOLS_PHONE_CODE_H

#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/remote.h"

#define CA_PHONE_TEXT                                                          \
	48 /* bytes of the longest code, dashes and NUL included */
#define CA_PHONE_TAG_BITS 20

enum ca_phone_kind {
	CA_PHONE_CHALLENGE,
	CA_PHONE_ANSWER,
};

struct ca_phone {
	enum ca_phone_kind kind;
	enum ca_remote scheme;
	uint32_t tag; /* CA_PHONE_TAG_BITS */
	uint8_t b[CA_REMOTE_MAX];
	size_t n; /* bytes of it: ca_remote_size() */
};

/* What is wrong with a code. */
enum ca_phone_fault {
	CA_PHONE_GOOD,
	CA_PHONE_CHARACTER,  /* a character that no code has */
	CA_PHONE_LENGTH,     /* some are missing, or too many */
	CA_PHONE_CHECK,      /* the check characters do not fit: misheard */
	CA_PHONE_OTHER_KIND, /* an answer for a challenge, or the reverse */
	CA_PHONE_UNKNOWN,    /* of a scheme that is not known here */
};

/* Writes a code in groups of four with dashes between them, NUL at its end.
 * `c` must have the size of its scheme; else `out` is the empty text. */
void ca_phone_write(const struct ca_phone *c, char out[CA_PHONE_TEXT]);

/* Reads a code of this kind. *out is written only when it is good. */
CA_MUST_CHECK enum ca_phone_fault ca_phone_read(const char *text,
    enum ca_phone_kind kind, struct ca_phone *out);

/* The tag of a token: of its serial number, letters and digits of which alone
 * count, in either case. */
uint32_t ca_phone_token_tag(const char *serial);

/* The tag of the answer to this challenge. */
uint32_t ca_phone_question_tag(const struct ca_phone *challenge);

#endif
