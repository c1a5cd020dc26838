/*
 * C_GetOperationState and C_SetOperationState, for digests.
 *
 * OpenSSL 3.0 cannot write a running hash down as bytes. So the hash is copied
 * and the copy stays here; what the application gets is a name for it, 32
 * random bytes that cannot be guessed. Any session on the same token, in the
 * same process and login state, continues from it, as often as it likes; to
 * another process the name means nothing, which the standard leaves to the
 * token (2.40, 5.6). A copy lives until somebody logs in or out, the
 * token leaves, C_Finalize, or CA_STATES_MAX younger ones.
 *
 * Slot lock held. What has to do with a key cannot be saved, nor a digest of a
 * private one, which ends with the login: CKR_STATE_UNSAVEABLE.
 */
#ifndef CA_CORE_OP_STATE_H
#define CA_CORE_OP_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "module/core/op.h"
#include "module/core/pkcs11_3.h"
#include "pcsc/base/cdefs.h"

struct ca_session;

#define CA_STATE_LEN 32 /* bytes of a name */
#define CA_STATES_MAX 256

/* One saved digest; run is NULL where none is. */
struct ca_state {
	uint8_t name[CA_STATE_LEN];
	struct ca_hash_run *run;
	const struct ca_mech *mech;
	enum ca_op_stage stage;
	/* of the session it was saved in */
	unsigned long epoch;
	CK_STATE login;
};

/* Those of a token; rows is NULL before the first, next is the oldest. */
struct ca_states {
	struct ca_state *rows; /* CA_STATES_MAX of them */
	size_t next;
};

/* C_GetOperationState. */
CA_MUST_CHECK CK_RV ca_state_get(struct ca_session *ss, CK_BYTE *out,
    CK_ULONG *out_len);

/* C_SetOperationState; what ran in the session ends, if the state is good. */
CA_MUST_CHECK CK_RV ca_state_set(struct ca_session *ss, const CK_BYTE *state,
    CK_ULONG n, CK_OBJECT_HANDLE encryption_key,
    CK_OBJECT_HANDLE authentication_key);

/* Forgets all. Safe where there are none. */
void ca_states_clear(struct ca_states *all);

#endif
