#include "module/core/des_key.h"

#include "pcsc/base/secret.h"
#include "pcsc/base/wr.h"

#define BYTES_MAX 24

size_t
ca_des_key_bytes(CK_KEY_TYPE type)
{
	return type == CKK_DES2 ? 16 : type == CKK_DES3 ? 24 : 0;
}

/* The byte with its last bit as it has to be: an odd number of ones in all. */
static uint8_t
odd(uint8_t b)
{
	uint8_t ones = b >> 1;

	ones ^= ones >> 4;
	ones ^= ones >> 2;
	ones ^= ones >> 1;
	return (uint8_t)((b & 0xFE) | (~ones & 1));
}

CK_RV
ca_des_key_parity(struct ca_build *b)
{
	struct ca_rd value = ca_attrs_value(&b->a, CKA_VALUE);
	uint8_t set[BYTES_MAX], byte;
	struct ca_wr w = ca_wr_of(set, sizeof(set));
	CK_RV rv = CKR_OK;

	for (struct ca_rd look = value; ca_rd_u8(&look, &byte);)
		ca_wr_u8(&w, odd(byte));
	if (!ca_rd_equal(value, ca_wr_rd(&w))) {
		if (b->how == CA_BUILD_CREATE)
			rv = CKR_ATTRIBUTE_VALUE_INVALID;
		else if (ca_attrs_put(&b->a, CKA_VALUE, ca_wr_rd(&w)) != CA_OK)
			rv = CKR_HOST_MEMORY;
	}
	ca_wipe(set, sizeof(set));
	return rv;
}
