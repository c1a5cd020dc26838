#include "module/core/last_try.h"

#include <stdbool.h>

#include "module/capkcs11.h"
#include "module/core/attr.h"
#include "module/core/object.h"
#include "module/core/slot.h"
#include "pcsc/base/log.h"

#define ROOM "last-try"

static CK_RV
check(const CK_ATTRIBUTE *a, bool *may)
{
	struct ca_rd r = ca_rd_of(a->pValue, a->ulValueLen);
	uint8_t b;

	if (ca_attr_row(a->type, CA_KIND_TOKEN) == NULL)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	if (a->type != CKA_CAPKCS11_SPEND_LAST_TRY)
		return CKR_ATTRIBUTE_READ_ONLY;
	if (a->pValue == NULL || !ca_rd_u8(&r, &b) || !ca_rd_end(&r) ||
	    (b != CK_TRUE && b != CK_FALSE))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	*may = b == CK_TRUE;
	return CKR_OK;
}

CK_RV
ca_last_try_set(struct ca_slot *s, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	bool may = ca_token_ordered_last(s->token);
	CK_RV rv = CKR_OK;

	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
		rv = check(&t[i], &may);
	if (rv == CKR_OK && n > 1)
		rv = CKR_TEMPLATE_INCONSISTENT;
	if (rv != CKR_OK)
		return rv;
	if (may)
		ca_log(CA_LOG_INFO, ROOM,
		    "the next order of a PIN may spend its last try");
	ca_token_spend_last(s->token, may);
	return CKR_OK;
}

void
ca_last_try_over(struct ca_slot *s)
{
	if (s->token != NULL)
		ca_token_spend_last(s->token, false);
}
