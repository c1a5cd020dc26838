#include "tools/token/command.h"

bool
ca_run_tokens(struct ca_run *r)
{
	return ca_p11_open(&r->p11, ca_option(&r->given, "module")) &&
	       ca_p11_list(&r->p11, &r->tokens);
}

const struct ca_p11_token *
ca_run_token(struct ca_run *r)
{
	if (!ca_run_tokens(r))
		return NULL;
	return ca_p11_choose(&r->tokens, ca_option(&r->given, "token"));
}

bool
ca_run_json(const struct ca_run *r)
{
	return ca_option(&r->given, "json") != NULL;
}
