/* See fam.h: the stage. */
#include "tests/families/fam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module/api/module.h"

static const struct fam_row *row_now;
static struct ca_sim_reader reader_now;

void
fam_use(const struct fam_row *row)
{
	row_now = row;
}

const struct fam_row *
fam_row(void)
{
	return row_now;
}

void
fam_reader(const struct ca_sim_reader *reader)
{
	reader_now = reader != NULL ? *reader : (struct ca_sim_reader){0};
}

/* Nothing of the machine, nothing of the user. */
void
fam_config(const char *text)
{
	FILE *out = fopen(ca_suite_path("conf"), "we");
	const char *none = ca_suite_path("none");

	if (out == NULL)
		abort(); /* no test can run, and some suite begins */
	fprintf(out, "[capkcs11]\ncache = no\ncards_d = %s\n", none);
	fprintf(out, "certs_system = %s\n%s", none, text);
	if (fclose(out) != 0)
		abort();
}

bool
fam_setup(void)
{
	return ca_suite_folder() &&
	       setenv("XDG_DATA_HOME", ca_suite_path("data"), 1) == 0;
}

void
fam_options(struct ca_sim_opts *o, const char *text)
{
	char copy[512], *save = NULL;

	CU_ASSERT_FATAL(strlen(text) < sizeof(copy));
	memcpy(copy, text, strlen(text) + 1);
	for (char *w = strtok_r(copy, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save)) {
		char *value = strchr(w, '=');

		CU_ASSERT_PTR_NOT_NULL_FATAL(value);
		*value++ = '\0';
		CU_ASSERT_FATAL(ca_sim_opts_set(o, w, value) == CA_OK);
	}
}

static void
initialize(struct fam *t)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};

	CU_ASSERT_FATAL(C_GetFunctionList(&t->f) == CKR_OK);
	CU_ASSERT_FATAL(t->f->C_Initialize(&args) == CKR_OK);
}

void
fam_begin(struct fam *t, const char *more)
{
	struct ca_sim_reader reader = reader_now;

	if ((row_now->has & FAM_EXTENDED) != 0 && !reader.tells_short)
		reader.max_apdu = FAM_APDU_EXTENDED;
	memset(t, 0, sizeof(*t));
	t->row = row_now;
	CU_ASSERT_FATAL(ca_sim_opts_init(&t->opts, row_now->type) == CA_OK);
	fam_options(&t->opts, "ca-key=p256");
	fam_options(&t->opts, row_now->options);
	if (more != NULL)
		fam_options(&t->opts, more);
	CU_ASSERT_FATAL(ca_sim_new(&t->opts, &t->card) == CA_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t->w = ca_sim_world_new());
	CU_ASSERT_FATAL(ca_sim_world_add(t->w, FAM_READER, &reader) == CA_OK);
	CU_ASSERT_FATAL(ca_sim_world_insert(t->w, FAM_READER, t->card) ==
			CA_OK);
	ca_module_use_transport(ca_sim_world_transport(t->w));
	initialize(t);
}

void
fam_begin_open(struct fam *t, const char *more)
{
	fam_begin(t, more);
	FAM_IS(fam_open(t), CKR_OK);
}

void
fam_begin_login(struct fam *t, const char *more)
{
	fam_begin_open(t, more);
	FAM_IS(fam_login(t, CKU_USER, t->opts.pin), CKR_OK);
}

void
fam_restart(struct fam *t)
{
	FAM_IS(t->f->C_Finalize(NULL), CKR_OK);
	initialize(t);
}

void
fam_end(struct fam *t)
{
	FAM_IS(t->f->C_Finalize(NULL), CKR_OK);
	CU_ASSERT(ca_sim_world_open_links(t->w) == 0);
	CU_ASSERT(ca_sim_world_open_conns(t->w) == 0);
	CU_ASSERT(ca_sim_world_breaches(t->w) == 0);
	ca_module_use_transport(NULL);
	ca_sim_world_free(t->w);
	ca_sim_free(t->card);
	memset(t, 0, sizeof(*t));
}

void
fam_is(CK_RV rv, CK_RV want, const char *what, const char *file, unsigned line)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: %s gave 0x%lx, not 0x%lx",
	    row_now != NULL ? row_now->name : "", what, rv, want);
	CU_assertImplementation(rv == want ? CU_TRUE : CU_FALSE, line, text,
	    file, "", CU_FALSE);
}
