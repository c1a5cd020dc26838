/*
 * Cryptographic operations: one of each kind may run in a session, side by
 * side. Each C_xxx function is one function here; all of them end the operation
 * unless the standard says that it goes on (PKCS#11 5.2: a length query, a
 * buffer too small, an Update that worked).
 *
 * The slot lock is held. Inputs and outputs are the application's pointers.
 */
#ifndef CA_CORE_OP_H
#define CA_CORE_OP_H

#include <stdbool.h>
#include <stddef.h>

#include "module/core/message_iv.h"
#include "module/core/pkcs11_3.h"
#include "module/core/rv.h"
#include "module/crypto/cipher.h"
#include "module/crypto/hash.h"
#include "module/crypto/mac.h"
#include "module/crypto/pad.h"
#include "module/crypto/privkey.h"
#include "pcsc/base/buf.h"
#include "pcsc/base/cdefs.h"

struct ca_session;
struct ca_slot;
struct ca_mech;

enum ca_op_kind {
	CA_OP_DIGEST,
	CA_OP_SIGN,
	CA_OP_VERIFY,
	CA_OP_ENCRYPT,
	CA_OP_DECRYPT,
	CA_OP_VERIFY_GIVEN, /* C_VerifySignatureInit */
	CA_OP_SIGN_RECOVER,
	CA_OP_VERIFY_RECOVER,
	CA_OP_MESSAGE_SIGN, /* over many messages: op_message.h */
	CA_OP_MESSAGE_VERIFY,
	CA_OP_MESSAGE_ENCRYPT,
	CA_OP_MESSAGE_DECRYPT,
	CA_OP_COUNT
};

enum ca_op_stage {
	CA_STAGE_FRESH,
	CA_STAGE_ONCE,  /* C_Sign and the like was called */
	CA_STAGE_PARTS, /* an Update or a Final was called */
};

struct ca_op {
	const struct ca_mech *mech; /* NULL: not active */
	enum ca_op_stage stage;
	struct ca_pss pss; /* parameters of the mechanism */
	struct ca_oaep oaep;
	struct ca_buf label; /* what oaep.label looks at */
	bool eddsa_params;   /* CK_EDDSA_PARAMS were given */

	CK_OBJECT_HANDLE key;
	unsigned long epoch; /* slot->epoch at the start */
	bool private_key;
	bool consent;       /* the key wants a PIN for each use ... */
	bool consented;     /* ... and got it for this one */
	size_t bits;        /* of modulus or order */
	struct ca_buf spki; /* public half; may be empty for private keys */

	bool private_session_key; /* it ends with the login, as the key does */
	struct ca_privkey *priv;  /* a private session key; NULL: the card's */

	struct ca_hash_run *run; /* mechanisms that hash */
	struct ca_mac_run *mac;  /* HMAC, CMAC, GMAC ... */
	size_t mac_len;          /* ... and how much of it is given */
	struct ca_cipher_params cipher_params;
	struct ca_cipher_run *cipher; /* AES, triple DES ... */
	uint8_t *end; /* ... its end, which waits for room in memory of
		       * locked.h; NULL: not made */
	size_t end_cap, end_n;
	size_t fed, given; /* bytes of a message so far */
	struct ca_iv_gen iv;
	struct ca_lengths lengths; /* that an RSA plaintext may have */
	struct ca_buf in;          /* parts of those that do not */
	struct ca_buf sig;         /* the signature that was given first */
	struct ca_buf out;         /* plaintext that waits for room ... */
	bool made;                 /* ... is there */
};

/* Bytes of the modulus. */
size_t ca_op_bytes(const struct ca_op *op);

/* Ends an operation and wipes what it held. Safe on an ended one. */
void ca_op_end(struct ca_op *op);

/* Ends what an operation over messages holds of one of them; mechanism, key and
 * generator stay. The PIN for it is used up. Safe on an ended one. */
void ca_op_rewind(struct ca_op *op);

/* The running operation that C_Login(CKU_CONTEXT_SPECIFIC) is for: one whose
 * key wants it, before those that already have it. NULL: none. */
struct ca_op *ca_op_wants_consent(struct ca_session *ss);

/*
 * What all xxxInit begin with. CKR_OPERATION_ACTIVE; a NULL mechanism cancels
 * (3.0, 5.1): *cancelled is then set and the operation is over. Otherwise the
 * mechanism is looked up for `flag` (a CKF_ bit), its parameters are read, and
 * op->mech is set.
 */
CA_MUST_CHECK CK_RV ca_op_begin(struct ca_session *ss, enum ca_op_kind kind,
    const CK_MECHANISM *mech, CK_FLAGS flag, bool *cancelled);

/* Checks that the operation is active and goes to `stage`; ends it with
 * CKR_OPERATION_ACTIVE when it is past that. */
CA_MUST_CHECK CK_RV ca_op_stage(struct ca_op *op, enum ca_op_stage stage);

/* Ends the operation unless rv is CKR_BUFFER_TOO_SMALL, or CKR_OK for a query
 * (out NULL). Returns rv. */
CK_RV ca_op_result(struct ca_op *op, CK_RV rv, const void *out);

/*
 * Output of exactly `need` bytes to come. CKR_OK and *go true: there is room.
 * CKR_OK and *go false: that was a length query. CKR_BUFFER_TOO_SMALL. *len is
 * set in the last two.
 */
CA_MUST_CHECK CK_RV ca_out_room(const CK_BYTE *out, CK_ULONG *len, size_t need,
    bool *go);

/* One more part of the input: into the hash, or collected up to `max`
 * bytes (CA_E_DATA_LEN above). */
CA_MUST_CHECK ca_err ca_op_feed(struct ca_op *op, struct ca_rd part,
    size_t max);

/* Starts the hash of a mechanism that has one. */
CA_MUST_CHECK ca_err ca_op_hash_start(struct ca_op *op);

/*
 * What is to be signed or checked, after the last part: the hash value
 * (written to buf) or the collected bytes. *out borrows from buf or op.
 */
CA_MUST_CHECK ca_err ca_op_value(struct ca_op *op, struct ca_wr *buf,
    struct ca_rd *out);

/* op_digest.c */
CK_RV ca_digest_init(struct ca_session *ss, const CK_MECHANISM *mech);
CK_RV ca_digest(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len);
CK_RV ca_digest_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len);
CK_RV ca_digest_key(struct ca_session *ss, CK_OBJECT_HANDLE key);
CK_RV ca_digest_final(struct ca_session *ss, CK_BYTE *out, CK_ULONG *out_len);

/* op_sign.c */
CK_RV ca_sign_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key);
CK_RV ca_sign(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *sig, CK_ULONG *sig_len);
CK_RV ca_sign_update(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len);
CK_RV ca_sign_final(struct ca_session *ss, CK_BYTE *sig, CK_ULONG *sig_len);

/* op_verify.c */
CK_RV ca_verify_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key);
CK_RV ca_verify(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    const CK_BYTE *sig, CK_ULONG sig_len);
CK_RV ca_verify_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len);
CK_RV ca_verify_final(struct ca_session *ss, const CK_BYTE *sig,
    CK_ULONG sig_len);

/* op_recover.c: the data are in the signature. */
CK_RV ca_sign_recover_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key);
CK_RV ca_sign_recover(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *sig, CK_ULONG *sig_len);
CK_RV ca_verify_recover_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key);
CK_RV ca_verify_recover(struct ca_session *ss, const CK_BYTE *sig,
    CK_ULONG sig_len, CK_BYTE *out, CK_ULONG *out_len);

/* op_verify_given.c: the signature is given first (3.2). */
CK_RV ca_verify_given_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key, const CK_BYTE *sig, CK_ULONG sig_len);
CK_RV ca_verify_given(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len);
CK_RV ca_verify_given_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len);
CK_RV ca_verify_given_final(struct ca_session *ss);

/* op_generate.c, op_generate_pair.c, op_derive.c: all at once; no operations of
 * the session. */
CK_RV ca_generate_key(struct ca_session *ss, const CK_MECHANISM *mech,
    const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out);
CK_RV ca_generate_key_pair(struct ca_session *ss, const CK_MECHANISM *mech,
    const CK_ATTRIBUTE *public_t, CK_ULONG public_n,
    const CK_ATTRIBUTE *private_t, CK_ULONG private_n,
    CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key);
CK_RV ca_derive_key(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE base, const CK_ATTRIBUTE *t, CK_ULONG n,
    CK_OBJECT_HANDLE *out);

/* op_encrypt.c, op_decrypt.c: RSA is one block, so the parts are collected
 * and Final gives the result. */
CK_RV ca_encrypt_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key);
CK_RV ca_encrypt(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len);
CK_RV ca_encrypt_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len);
CK_RV ca_encrypt_final(struct ca_session *ss, CK_BYTE *out, CK_ULONG *out_len);
CK_RV ca_decrypt_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key);
CK_RV ca_decrypt(struct ca_session *ss, const CK_BYTE *in, CK_ULONG in_len,
    CK_BYTE *out, CK_ULONG *out_len);
CK_RV ca_decrypt_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len);
CK_RV ca_decrypt_final(struct ca_session *ss, CK_BYTE *out, CK_ULONG *out_len);

/* op_dual.c: a part through two operations. What comes out of neither feeds
 * neither: not a length query, not a buffer too small. */
CK_RV ca_digest_encrypt_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len);
CK_RV ca_sign_encrypt_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len);
CK_RV ca_decrypt_digest_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len);
CK_RV ca_decrypt_verify_update(struct ca_session *ss, const CK_BYTE *in,
    CK_ULONG in_len, CK_BYTE *out, CK_ULONG *out_len);

#endif
