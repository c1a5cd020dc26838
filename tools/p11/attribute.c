#include "tools/p11/attribute.h"

#include <stdlib.h>

size_t
ca_p11_find(const struct ca_p11 *p, CK_SESSION_HANDLE s, CK_ATTRIBUTE *want,
    CK_ULONG n, CK_OBJECT_HANDLE *out, size_t max)
{
	CK_ULONG found = 0;

	if (p->f->C_FindObjectsInit(s, want, n) != CKR_OK)
		return 0;
	if (p->f->C_FindObjects(s, out, max, &found) != CKR_OK)
		found = 0;
	(void)p->f->C_FindObjectsFinal(s);
	return found <= max ? found : 0;
}

bool
ca_p11_number(const struct ca_p11 *p, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
    CK_ATTRIBUTE_TYPE type, CK_ULONG *out)
{
	CK_ATTRIBUTE a = {type, out, sizeof(*out)};

	return p->f->C_GetAttributeValue(s, o, &a, 1) == CKR_OK &&
	       a.ulValueLen == sizeof(*out) &&
	       *out != CK_UNAVAILABLE_INFORMATION;
}

bool
ca_p11_value(const struct ca_p11 *p, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
    CK_ATTRIBUTE_TYPE type, struct ca_buf *out)
{
	CK_ATTRIBUTE a = {type, NULL, 0};
	bool ok;

	ca_buf_free(out);
	if (p->f->C_GetAttributeValue(s, o, &a, 1) != CKR_OK ||
	    a.ulValueLen > CA_ATTRIBUTE_MAX)
		return false;
	a.pValue = malloc(a.ulValueLen + 1);
	ok = a.pValue != NULL &&
	     p->f->C_GetAttributeValue(s, o, &a, 1) == CKR_OK &&
	     ca_buf_set(out, ca_rd_of(a.pValue, a.ulValueLen)) == CA_OK;
	free(a.pValue);
	return ok;
}
