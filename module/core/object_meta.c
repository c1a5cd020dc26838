/* What a token says of itself: profile objects and mechanism objects (PKCS#11
 * 3.0, 4.12 and 4.13; Profiles 3.0, 3), and the one of module/capkcs11.h. */
#include <stdio.h>
#include <stdlib.h>

#include "module/core/mech.h"
#include "module/core/object_plan.h"
#include "module/core/slot.h"

/* A key that signs, and its public half, which may have to be looked for. */
static bool
pair(const struct ca_model *m, bool look)
{
	for (size_t i = 0; i < m->keys_n; i++) {
		const struct ca_key *k = &m->keys[i];

		if (!ca_mech_signs(k->algs | k->unproven))
			continue;
		if (ca_plan_pub_derivable(m, k) ||
		    (look && ca_plan_pub_listed(m, &k->id)))
			return true;
	}
	return false;
}

bool
ca_objects_pair_known(const struct ca_slot *s)
{
	const struct ca_model *m = ca_token_model(s->token);

	return m->pubs_read || pair(m, false);
}

/*
 * All certificates can be read without login; what a login may still show, can
 * not. A certificate tells the public key by itself, under the CKA_ID it has.
 */
static bool
all_public(const struct ca_plan *p)
{
	if (p->m->hidden_before_login && !p->logged_in)
		return false;
	for (size_t i = 0; i < p->m->certs_n; i++)
		if (p->m->certs[i].is_private)
			return false;
	return true;
}

void
ca_plan_profiles(struct ca_plan *p)
{
	ca_plan_add(p, CA_KIND_PROFILE, CKP_BASELINE_PROVIDER,
	    "profile-baseline", NULL, NULL, "");
	if (ca_objects_have_login(p->s))
		ca_plan_add(p, CA_KIND_PROFILE, CKP_EXTENDED_PROVIDER,
		    "profile-extended", NULL, NULL, "");
	if (pair(p->m, p->m->pubs_read))
		ca_plan_add(p, CA_KIND_PROFILE, CKP_AUTHENTICATION_TOKEN,
		    "profile-authentication", NULL, NULL, "");
	if (all_public(p))
		ca_plan_add(p, CA_KIND_PROFILE, CKP_PUBLIC_CERTIFICATES_TOKEN,
		    "profile-public-certificates", NULL, NULL, "");
}

void
ca_plan_token(struct ca_plan *p)
{
	ca_plan_add(p, CA_KIND_TOKEN, 0, "token", NULL, NULL, "");
}

size_t
ca_plan_mechanisms_max(const struct ca_plan *p, bool asked)
{
	CK_ULONG n = 0;

	return asked && ca_mech_list(p->s, NULL, &n) == CKR_OK ? n : 0;
}

void
ca_plan_mechanisms(struct ca_plan *p)
{
	CK_ULONG n = ca_plan_mechanisms_max(p, p->s->objects.mechs);
	CK_MECHANISM_TYPE *types = n != 0 ? calloc(n, sizeof(*types)) : NULL;
	char name[40];

	if (types != NULL && ca_mech_list(p->s, types, &n) == CKR_OK)
		for (CK_ULONG i = 0; i < n; i++) {
			(void)snprintf(name, sizeof(name), "mechanism-%08lx",
			    types[i]);
			ca_plan_add(p, CA_KIND_MECHANISM, types[i], name, NULL,
			    NULL, "");
		}
	free(types);
}
