#include "module/core/op_state.h"

#include <stdlib.h>
#include <string.h>

#include "module/core/login.h"
#include "module/core/random.h"
#include "module/core/session.h"
#include "module/core/slot.h"
#include "pcsc/base/secret.h"

/* What stands in the way of saving. Signing and verifying with recovery is none
 * of the operations that can be saved at all (2.40, 5.6). */
static CK_RV
check_running(const struct ca_session *ss)
{
	for (unsigned i = 0; i < CA_OP_COUNT; i++)
		if (ss->op[i].mech != NULL && i != CA_OP_DIGEST &&
		    i != CA_OP_SIGN_RECOVER && i != CA_OP_VERIFY_RECOVER)
			return CKR_STATE_UNSAVEABLE;
	if (ss->op[CA_OP_DIGEST].mech == NULL)
		return CKR_OPERATION_NOT_INITIALIZED;
	return ss->op[CA_OP_DIGEST].private_session_key ? CKR_STATE_UNSAVEABLE
							: CKR_OK;
}

/* Takes the place of the oldest. Nothing is lost when it fails. */
static CK_RV
keep(struct ca_session *ss, struct ca_states *all, const uint8_t *name)
{
	const struct ca_op *op = &ss->op[CA_OP_DIGEST];
	struct ca_hash_run *copy;
	struct ca_state *row;
	ca_err e;

	if (all->rows == NULL)
		all->rows = calloc(CA_STATES_MAX, sizeof(*all->rows));
	if (all->rows == NULL)
		return CKR_HOST_MEMORY;
	e = ca_hash_copy(op->run, &copy);
	if (e != CA_OK)
		return ca_rv(e, CA_CALL_ENCRYPT);
	row = &all->rows[all->next];
	all->next = (all->next + 1) % CA_STATES_MAX;
	ca_hash_free(&row->run);
	*row = (struct ca_state){.run = copy,
	    .mech = op->mech,
	    .stage = op->stage,
	    .epoch = ss->slot->epoch,
	    .login = ca_login_state(ss)};
	memcpy(row->name, name, CA_STATE_LEN);
	return CKR_OK;
}

CK_RV
ca_state_get(struct ca_session *ss, CK_BYTE *out, CK_ULONG *out_len)
{
	uint8_t name[CA_STATE_LEN];
	bool go = false;
	CK_RV rv = out_len != NULL ? check_running(ss) : CKR_ARGUMENTS_BAD;

	if (rv == CKR_OK)
		rv = ca_out_room(out, out_len, CA_STATE_LEN, &go);
	if (rv != CKR_OK || !go)
		return rv;
	rv = ca_random_get(name, sizeof(name));
	if (rv == CKR_OK)
		rv = keep(ss, &ss->slot->states, name);
	if (rv != CKR_OK)
		return rv;
	memcpy(out, name, sizeof(name));
	*out_len = sizeof(name);
	return CKR_OK;
}

/* The state of this name, if it may be continued in this session. */
static const struct ca_state *
find(const struct ca_session *ss, const CK_BYTE *name)
{
	const struct ca_state *row = ss->slot->states.rows;

	for (size_t i = 0; row != NULL && i < CA_STATES_MAX; i++, row++)
		if (row->run != NULL &&
		    ca_const_cmp(row->name, name, CA_STATE_LEN) == 0)
			return row->epoch == ss->slot->epoch &&
				       row->login == ca_login_state(ss)
				   ? row
				   : NULL;
	return NULL;
}

static CK_RV
restore(struct ca_session *ss, const struct ca_state *from)
{
	struct ca_op *op = &ss->op[CA_OP_DIGEST];
	struct ca_hash_run *copy;
	ca_err e = ca_hash_copy(from->run, &copy);

	if (e != CA_OK)
		return ca_rv(e, CA_CALL_ENCRYPT);
	for (unsigned i = 0; i < CA_OP_COUNT; i++)
		ca_op_end(&ss->op[i]);
	ca_find_end(&ss->find);
	op->mech = from->mech;
	op->stage = from->stage;
	op->run = copy;
	return CKR_OK;
}

CK_RV
ca_state_set(struct ca_session *ss, const CK_BYTE *state, CK_ULONG n,
    CK_OBJECT_HANDLE encryption_key, CK_OBJECT_HANDLE authentication_key)
{
	const struct ca_state *from;

	if (state == NULL)
		return CKR_ARGUMENTS_BAD;
	from = n == CA_STATE_LEN ? find(ss, state) : NULL;
	if (from == NULL)
		return CKR_SAVED_STATE_INVALID;
	if (encryption_key != CK_INVALID_HANDLE ||
	    authentication_key != CK_INVALID_HANDLE)
		return CKR_KEY_NOT_NEEDED;
	return restore(ss, from);
}

void
ca_states_clear(struct ca_states *all)
{
	for (size_t i = 0; all->rows != NULL && i < CA_STATES_MAX; i++)
		ca_hash_free(&all->rows[i].run);
	free(all->rows);
	*all = (struct ca_states){NULL, 0};
}
