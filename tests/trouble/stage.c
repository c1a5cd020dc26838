/* See stage.h. */
#include "tests/trouble/stage.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "module/api/module.h"

static const char *type_now;

void
ca_stage_type(const char *type)
{
	type_now = type;
}

const char *
ca_stage_type_name(void)
{
	return type_now;
}

bool
ca_stage_config(const char *text)
{
	FILE *out = fopen(ca_suite_path("conf"), "we");
	const char *none = ca_suite_path("none");

	if (out == NULL)
		return false;
	fprintf(out,
	    "[capkcs11]\ncache = no\ncards_d = %s\n"
	    "certs_system = %s\ncerts_user =\n%s",
	    none, none, text);
	return fclose(out) == 0;
}

bool
ca_stage_config_without_profiles(void)
{
	const char *empty = ca_suite_path("empty");
	char text[PATH_MAX + 32];

	if (mkdir(empty, 0700) != 0 && errno != EEXIST)
		return false;
	snprintf(text, sizeof(text), "cards_dir = %s\n", empty);
	return ca_stage_config(text);
}

void
ca_stage_opts(struct ca_sim_opts *o)
{
	CU_ASSERT_FATAL(ca_sim_opts_init(o, type_now) == CA_OK);
	if (ca_suite_is_slow())
		(void)snprintf(o->key, sizeof(o->key), "rsa1024");
	(void)snprintf(o->ca_key, sizeof(o->ca_key), "p256");
}

static void
initialize(struct ca_stage *t)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};

	CU_ASSERT_FATAL(C_GetFunctionList(&t->f) == CKR_OK);
	CU_ASSERT_FATAL(t->f->C_Initialize(&args) == CKR_OK);
}

void
ca_stage_begin(struct ca_stage *t, const struct ca_sim_opts *o)
{
	memset(t, 0, sizeof(*t));
	if (o != NULL)
		t->opts = *o;
	else
		ca_stage_opts(&t->opts);
	CU_ASSERT_FATAL(ca_sim_new(&t->opts, &t->card) == CA_OK);
	CU_ASSERT_FATAL((t->w = ca_sim_world_new()) != NULL);
	CU_ASSERT_FATAL(ca_sim_world_add(t->w, CA_STAGE_READER, NULL) == CA_OK);
	CU_ASSERT_FATAL(ca_sim_world_insert(t->w, CA_STAGE_READER, t->card) ==
			CA_OK);
	ca_module_use_transport(ca_sim_world_transport(t->w));
	initialize(t);
}

void
ca_stage_begin_login(struct ca_stage *t, const struct ca_sim_opts *o)
{
	ca_stage_begin(t, o);
	CA_STAGE_IS(ca_stage_open(t), CKR_OK);
	CA_STAGE_IS(ca_stage_login(t), CKR_OK);
	CA_STAGE_IS(ca_stage_find_key(t), CKR_OK);
}

void
ca_stage_begin_user(struct ca_stage *t, const struct ca_sim_opts *o)
{
	ca_stage_begin_login(t, o);
	CA_STAGE_IS(ca_stage_sign(t), CKR_OK);
}

void
ca_stage_other(struct ca_stage *t)
{
	struct ca_sim_opts o = t->opts;

	snprintf(o.serial, sizeof(o.serial), "00112233445566FF");
	snprintf(o.label, sizeof(o.label), "Other token");
	CU_ASSERT_FATAL(ca_sim_new(&o, &t->other) == CA_OK);
}

void
ca_stage_end(struct ca_stage *t)
{
	CA_STAGE_IS(t->f->C_Finalize(NULL), CKR_OK);
	CU_ASSERT(ca_sim_world_open_links(t->w) == 0);
	CU_ASSERT(ca_sim_world_open_conns(t->w) == 0);
	CU_ASSERT(ca_sim_world_breaches(t->w) == 0);
	ca_module_use_transport(NULL);
	ca_sim_world_free(t->w);
	ca_sim_free(t->card);
	ca_sim_free(t->other);
	memset(t, 0, sizeof(*t));
}

int
ca_stage_tries(const struct ca_stage *t)
{
	return ca_sim_tries(t->card, t->opts.pin_ref);
}

CK_FLAGS
ca_stage_flags(struct ca_stage *t)
{
	CK_TOKEN_INFO info;

	memset(&info, 0, sizeof(info));
	return t->f->C_GetTokenInfo(t->slot, &info) == CKR_OK ? info.flags : 0;
}

void
ca_stage_plan(struct ca_stage *t, enum ca_sim_what what, uint8_t ins,
    uint32_t at, uint32_t times)
{
	const struct ca_sim_trouble plan = {.what = what,
	    .by_ins = ins != 0,
	    .ins = ins,
	    .at = at,
	    .times = times,
	    .sw = 0x6F00};

	ca_sim_trouble(t->card, &plan);
}

void
ca_stage_one_of(CK_RV rv, const CK_RV *allowed, const char *what,
    const char *file, unsigned line)
{
	char text[256];

	for (const CK_RV *a = allowed; *a != ~0UL; a++)
		if (*a == rv) {
			CU_assertImplementation(CU_TRUE, line, what, file, "",
			    CU_FALSE);
			return;
		}
	snprintf(text, sizeof(text), "%s: %s gave 0x%lx", type_now, what, rv);
	CU_assertImplementation(CU_FALSE, line, text, file, "", CU_FALSE);
}
