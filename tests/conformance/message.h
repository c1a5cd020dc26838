/* AES-GCM message by message (3.0 clauses 5.9 and 5.11, mech 2.13.3). */
#ifndef CF_MESSAGE_H
#define CF_MESSAGE_H

#include "tests/conformance/cf.h"

#define CF_TEXT 60

/* One direction of it. `plain` and the rest are those of test case 4 in "The
 * Galois/Counter Mode of Operation" by McGrew and Viega, appendix B. */
struct cf_message {
	bool decrypt;
	CK_OBJECT_HANDLE key;
	CK_BYTE iv[16], aad[20], tag[16], plain[CF_TEXT], crypt[CF_TEXT];
	CK_BYTE out[CF_TEXT + 16];
	struct cf_gcm_message p;
	CK_MECHANISM m;

	/* the functions of the direction */
	cf_msg_init init;
	cf_msg_crypt once;
	cf_msg_crypt_begin begin;
	cf_msg_crypt_next next;
	cf_msg_final final;
};

/* Fills it and makes the key. CKR_OK, CF_SKIP or CF_SETUP. */
CK_RV cf_message_new(struct cf *c, bool decrypt, struct cf_message *m);

/* The same, and the Init. */
CK_RV cf_message_init(struct cf *c, bool decrypt, struct cf_message *m);

/* One message at once; *n is room and length. */
CK_RV cf_message_once(struct cf *c, struct cf_message *m, CK_BYTE *out,
    CK_ULONG *n);

/* The same, whose answer is looked at: CF_WRONG with a note when text or tag is
 * another. */
CK_RV cf_message_good(struct cf *c, struct cf_message *m);

/* The next part, n bytes from `at`, to m->out + *done. */
CK_RV cf_message_part(struct cf *c, struct cf_message *m, size_t at, size_t n,
    size_t *done);

/* CKR_OK when `done` bytes of m->out and the tag are right. */
CK_RV cf_message_look(struct cf *c, const struct cf_message *m, size_t done);

#endif
