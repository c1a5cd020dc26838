/* The function lists and interfaces: what the three exported symbols give. */
#include <string.h>

#include "module/api/enter.h"
#include "pcsc/base/cdefs.h"

#define EXPORT __attribute__((visibility("default")))

/*
 * A NULL mechanism cancels the operation in 3.0 and is a bad argument in 2.40
 * (5.9.1 there), so the lists differ in these.
 */
static CK_RV
bad_mechanism(const char *name, CK_SESSION_HANDLE h)
{
	struct ca_enter e = {.name = name};
	CK_RV rv;

	if ((rv = ca_enter_session(&e, h)) == CKR_OK)
		rv = CKR_ARGUMENTS_BAD;
	return ca_leave(&e, rv);
}

#define INIT_2_40(name)                                                        \
	static CK_RV name##_2_40(CK_SESSION_HANDLE h, CK_MECHANISM *m,         \
	    CK_OBJECT_HANDLE key)                                              \
	{                                                                      \
		return m == NULL ? bad_mechanism(#name, h) : name(h, m, key);  \
	}

INIT_2_40(C_EncryptInit)
INIT_2_40(C_DecryptInit)
INIT_2_40(C_SignInit)
INIT_2_40(C_VerifyInit)
INIT_2_40(C_SignRecoverInit)
INIT_2_40(C_VerifyRecoverInit)

static CK_RV
C_DigestInit_2_40(CK_SESSION_HANDLE h, CK_MECHANISM *m)
{
	return m == NULL ? bad_mechanism("C_DigestInit", h)
			 : C_DigestInit(h, m);
}

/* Flags that came with 3.0 and 3.2: in 2.40 nobody knows these bits. */
#define FLAGS_3_X                                                              \
	(CKF_MESSAGE_ENCRYPT | CKF_MESSAGE_DECRYPT | CKF_MESSAGE_SIGN |        \
	    CKF_MESSAGE_VERIFY | CKF_MULTI_MESSAGE | CKF_ENCAPSULATE |         \
	    CKF_DECAPSULATE)

static CK_RV
C_GetMechanismInfo_2_40(CK_SLOT_ID id, CK_MECHANISM_TYPE type,
    CK_MECHANISM_INFO *info)
{
	CK_RV rv = C_GetMechanismInfo(id, type, info);

	if (rv == CKR_OK)
		info->flags &= ~FLAGS_3_X;
	return rv;
}

/* clang-format off */
#define AS_IT_IS(name) .name = name,
#define OF_2_40(name) .name = name##_2_40,

static CK_FUNCTION_LIST list_2_40 = {
    .version = {2, 40},
    CA_CK_FUNCTIONS_2_40(AS_IT_IS, OF_2_40)
};

static CK_FUNCTION_LIST_3_0 list_3_0 = {
    .version = {3, 0},
    CA_CK_FUNCTIONS_2_40(AS_IT_IS, AS_IT_IS)
    CA_CK_ADDED_3_0(AS_IT_IS)
};

static CK_FUNCTION_LIST_3_2 list_3_2 = {
    .version = {3, 2},
    CA_CK_FUNCTIONS_2_40(AS_IT_IS, AS_IT_IS)
    CA_CK_ADDED_3_0(AS_IT_IS)
    CA_CK_ADDED_3_2(AS_IT_IS)
};
/* clang-format on */

static CK_UTF8CHAR standard_name[] = "PKCS 11";

/* Newest first, so that nobody's version is the newest. No flag: a forked
 * child does not keep its parent's sessions. */
static CK_INTERFACE interfaces[] = {
    {standard_name, &list_3_2, 0},
    {standard_name, &list_3_0, 0},
    {standard_name, &list_2_40, 0},
};

EXPORT CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	if (list == NULL)
		return CKR_ARGUMENTS_BAD;
	*list = &list_2_40;
	return CKR_OK;
}

EXPORT CK_RV
C_GetInterfaceList(CK_INTERFACE *list, CK_ULONG *count)
{
	CK_ULONG room;

	if (count == NULL)
		return CKR_ARGUMENTS_BAD;
	room = *count;
	*count = CA_COUNT(interfaces);
	if (list == NULL)
		return CKR_OK;
	if (room < CA_COUNT(interfaces))
		return CKR_BUFFER_TOO_SMALL;
	memcpy(list, interfaces, sizeof(interfaces));
	return CKR_OK;
}

/* Every function list begins with its version. */
static bool
matches(const CK_INTERFACE *i, const CK_UTF8CHAR *name,
    const CK_VERSION *version, CK_FLAGS flags)
{
	CK_VERSION have;

	memcpy(&have, i->pFunctionList, sizeof(have));
	if (name != NULL &&
	    strcmp((const char *)name, (const char *)i->pInterfaceName) != 0)
		return false;
	if (version != NULL &&
	    (version->major != have.major || version->minor != have.minor))
		return false;
	return (i->flags & flags) == flags;
}

EXPORT CK_RV
C_GetInterface(CK_UTF8CHAR *name, CK_VERSION *version, CK_INTERFACE **out,
    CK_FLAGS flags)
{
	if (out == NULL)
		return CKR_ARGUMENTS_BAD;
	for (size_t i = 0; i < CA_COUNT(interfaces); i++)
		if (matches(&interfaces[i], name, version, flags)) {
			*out = &interfaces[i];
			return CKR_OK;
		}
	return CKR_ARGUMENTS_BAD;
}
