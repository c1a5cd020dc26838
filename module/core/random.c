#include "module/core/random.h"

#include "module/core/rv.h"
#include "pcsc/ossl/ctx.h"

CK_RV
ca_random_seed(const CK_BYTE *seed, CK_ULONG n)
{
	if (seed == NULL && n != 0)
		return CKR_ARGUMENTS_BAD;
	return CKR_RANDOM_SEED_NOT_SUPPORTED;
}

CK_RV
ca_random_get(CK_BYTE *out, CK_ULONG n)
{
	if (out == NULL)
		return n == 0 ? CKR_OK : CKR_ARGUMENTS_BAD;
	return ca_rv(ca_crypto_random(out, n), CA_CALL_READ);
}
