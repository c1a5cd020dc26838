/* Pairs that a card generates; see op_generate_pair.h. No family does yet. */
#include "module/core/op_generate_pair.h"

CK_RV
ca_generate_on_token(struct ca_session *ss, const struct ca_mech *m,
    struct ca_build *pub, struct ca_build *prv, CK_OBJECT_HANDLE *public_key,
    CK_OBJECT_HANDLE *private_key)
{
	(void)m;
	(void)pub;
	(void)prv;
	(void)public_key;
	(void)private_key;
	return ca_build_on_token(ss);
}
