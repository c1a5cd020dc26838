/* C_Initialize, C_Finalize, C_GetInfo, C_WaitForSlotEvent. */
#include "module/api/enter.h"
#include "module/api/module.h"
#include "module/core/gate.h"
#include "module/core/info.h"
#include "module/core/module.h"

void
ca_module_use_transport(const struct ca_transport *tp)
{
	ca_module_set_transport(tp);
}

CK_RV
C_Initialize(CK_VOID_PTR args)
{
	struct ca_enter e = CA_ENTER(C_Initialize);
	enum ca_gate_legacy legacy;
	CK_RV rv = CKR_CRYPTOKI_ALREADY_INITIALIZED;

	ca_gate_change_begin();
	if (!ca_gate_is_open()) {
		legacy = ca_gate_inherited();
		if (legacy != CA_LEGACY_NONE)
			ca_module_forget(legacy == CA_LEGACY_WHOLE);
		rv = ca_module_start(args);
		if (rv == CKR_OK)
			ca_gate_open();
	}
	ca_gate_change_end();
	return ca_leave(&e, rv);
}

/* Safe in exit handlers: everything it touches lives as long as the process,
 * and in a forked child nothing is touched. */
CK_RV
C_Finalize(CK_VOID_PTR reserved)
{
	struct ca_enter e = CA_ENTER(C_Finalize);
	CK_RV rv = CKR_CRYPTOKI_NOT_INITIALIZED;

	ca_gate_change_begin();
	if (ca_gate_is_open()) {
		rv = reserved == NULL ? CKR_OK : CKR_ARGUMENTS_BAD;
		if (rv == CKR_OK) {
			ca_gate_close(ca_module_wake);
			ca_module_stop();
		}
	}
	ca_gate_change_end();
	return ca_leave(&e, rv);
}

CK_RV
C_GetInfo(CK_INFO *info)
{
	struct ca_enter e = CA_ENTER(C_GetInfo);
	CK_RV rv;

	if ((rv = ca_enter(&e)) == CKR_OK)
		rv = ca_info(info);
	return ca_leave(&e, rv);
}

CK_RV
C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID *slot, CK_VOID_PTR reserved)
{
	struct ca_enter e = CA_ENTER(C_WaitForSlotEvent);
	CK_RV rv;

	if ((rv = ca_enter(&e)) == CKR_OK)
		rv = slot == NULL || reserved != NULL
			 ? CKR_ARGUMENTS_BAD
			 : ca_slot_event(flags, slot);
	return ca_leave(&e, rv);
}
