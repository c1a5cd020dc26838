/*
 * Operations over many messages with one mechanism and key
 * (3.0, 5.9, 5.11, 5.14 and 5.16). Each C_ function is one function here. One
 * message is begun, fed and ended within the operation, which goes on until its
 * Final, until its Init with a NULL mechanism, or C_SessionCancel; an error
 * ends the message alone.
 *
 * The slot lock is held. Inputs and outputs are the application's pointers.
 */
#ifndef CA_CORE_OP_MESSAGE_H
#define CA_CORE_OP_MESSAGE_H

#include "module/core/message_param.h"
#include "module/core/op.h"
#include "module/core/pkcs11_3.h"

/* op_message.c: those that sign have no parameters for a message, and each
 * message needs the consent of a key that wants it. */
CK_RV ca_message_sign_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key);
CK_RV ca_sign_message(struct ca_session *ss, struct ca_message_arg arg,
    const CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig, CK_ULONG *sig_len);
CK_RV ca_sign_message_begin(struct ca_session *ss, struct ca_message_arg arg);
CK_RV ca_sign_message_next(struct ca_session *ss, struct ca_message_arg arg,
    const CK_BYTE *in, CK_ULONG in_len, CK_BYTE *sig, CK_ULONG *sig_len);
CK_RV ca_message_verify_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key);
CK_RV ca_verify_message(struct ca_session *ss, struct ca_message_arg arg,
    const CK_BYTE *in, CK_ULONG in_len, const CK_BYTE *sig, CK_ULONG sig_len);
CK_RV ca_verify_message_begin(struct ca_session *ss, struct ca_message_arg arg);
CK_RV ca_verify_message_next(struct ca_session *ss, struct ca_message_arg arg,
    const CK_BYTE *in, CK_ULONG in_len, const CK_BYTE *sig, CK_ULONG sig_len);

/* Ends the operation, in the middle of a message, too. */
CK_RV ca_message_final(struct ca_session *ss, enum ca_op_kind kind);

/* op_message_crypt.c: AEAD ciphers; IV and tag are in the parameters. */
CK_RV ca_message_encrypt_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key);
CK_RV ca_message_decrypt_init(struct ca_session *ss, const CK_MECHANISM *mech,
    CK_OBJECT_HANDLE key);

/* What goes through: `kind` is CA_OP_MESSAGE_ENCRYPT or _DECRYPT. */
struct ca_message_text {
	const CK_BYTE *in;
	CK_ULONG in_len;
	CK_BYTE *out;
	CK_ULONG *out_len;
};
CK_RV ca_crypt_message(struct ca_session *ss, enum ca_op_kind kind,
    struct ca_message_arg arg, const CK_BYTE *aad, CK_ULONG aad_len,
    const struct ca_message_text *text);
CK_RV ca_crypt_message_begin(struct ca_session *ss, enum ca_op_kind kind,
    struct ca_message_arg arg, const CK_BYTE *aad, CK_ULONG aad_len);
CK_RV ca_crypt_message_next(struct ca_session *ss, enum ca_op_kind kind,
    struct ca_message_arg arg, const struct ca_message_text *text, bool last);

#endif
