/* For functions that are not built. */
#ifndef CA_API_STUB_H
#define CA_API_STUB_H

#include "module/core/pkcs11_3.h"

/* CKR_FUNCTION_NOT_SUPPORTED, after the checks every session call makes. */
CK_RV ca_not_built(const char *name, CK_SESSION_HANDLE h);

#endif
