/* ca-token cert list, cert show, cert export */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tools/lib/cert_detail.h"
#include "tools/lib/i18n.h"
#include "tools/lib/new_file.h"
#include "tools/lib/say.h"
#include "tools/p11/certs.h"
#include "tools/token/command.h"
#include "tools/token/facts.h"

const struct ca_option ca_cert_options[] = {
    {"id", "ID", N_("those with this identifier, as cert list shows it")},
    {NULL, NULL, NULL},
};
const struct ca_option ca_cert_export_options[] = {
    {"id", "ID", N_("those with this identifier, as cert list shows it")},
    {"chain", NULL, N_("with the certificates of the authorities")},
    {"der", NULL, N_("DER instead of PEM, a single certificate")},
    {NULL, NULL, NULL},
};

static bool
wanted(const struct ca_run *r, const struct ca_p11_cert *c)
{
	const char *id = ca_option(&r->given, "id");

	return id == NULL || strcasecmp(id, c->id) == 0;
}

static const char *
kind(const struct ca_p11_cert *c)
{
	return c->facts.authority ? _("certificate of an authority")
				  : _("certificate of the holder");
}

static void
show(const struct ca_p11_cert *c, bool whole)
{
	struct ca_fields f = {0};
	char from[11];

	ca_fields_add(&f, _("Identifier"), "%s", c->id);
	ca_facts_holder_fields(&f, &c->facts, time(NULL));
	ca_cert_date(c->facts.from, from);
	ca_fields_add(&f, _("Valid from"), "%s", from);
	ca_fields_add(&f, _("Issued by"), "%s", c->facts.issuer);
	ca_fields_add(&f, _("Certificate number"), "%s", c->facts.serial);
	if (c->facts.email[0] != '\0')
		ca_fields_add(&f, _("E-mail"), "%s", c->facts.email);
	if (c->facts.tax_code[0] != '\0')
		ca_fields_add(&f, _("Tax code"), "%s", c->facts.tax_code);
	ca_fields_add(&f, _("Kept"), "%s",
	    c->local ? _("in a folder of this machine") : _("on the token"));
	if (whole)
		ca_cert_detail(&f, ca_buf_rd(&c->der));
	(void)printf("\"%s\": %s\n", c->label, kind(c));
	ca_fields_print(&f);
}

static json_t *
cert_json(const struct ca_p11_cert *c)
{
	json_t *j = json_pack("{s:s, s:s, s:b, s:b, s:s, s:s, s:s}", "id",
	    c->id, "label", c->label, "authority", c->facts.authority, "local",
	    c->local, "issuer", c->facts.issuer, "email", c->facts.email,
	    "tax_code", c->facts.tax_code);

	if (j != NULL)
		ca_facts_holder_json(j, &c->facts, time(NULL));
	return j;
}

static enum ca_exit
as_json(const struct ca_run *r, const struct ca_p11_certs *all)
{
	json_t *list = json_array();

	for (size_t i = 0; i < all->n; i++)
		if (wanted(r, &all->c[i]))
			(void)json_array_append_new(list,
			    cert_json(&all->c[i]));
	return ca_facts_json_print(json_pack("{s:o}", "certificates", list))
		   ? CA_EXIT_OK
		   : CA_EXIT_FAILED;
}

static enum ca_exit
none(void)
{
	ca_say_wrong(_("There is no such certificate on this token."));
	ca_say_next(_("\"ca-token cert list\" shows those that are there."));
	return CA_EXIT_INPUT;
}

/* The certificates of the token that is meant; NULL: told, *code says why. */
static const struct ca_p11_token *
read_all(struct ca_run *r, struct ca_p11_certs *all)
{
	const struct ca_p11_token *t = ca_run_token(r);

	memset(all, 0, sizeof(*all));
	if (t != NULL)
		ca_p11_certs(&r->p11, t, all);
	return t;
}

static enum ca_exit
list(struct ca_run *r, bool whole)
{
	struct ca_p11_certs all;
	enum ca_exit code = CA_EXIT_OK;
	size_t shown = 0;

	if (read_all(r, &all) == NULL)
		return CA_EXIT_NO_TOKEN;
	if (ca_run_json(r))
		code = as_json(r, &all);
	for (size_t i = 0; !ca_run_json(r) && i < all.n; i++) {
		if (!wanted(r, &all.c[i]))
			continue;
		(void)printf("%s", shown++ > 0 ? "\n" : "");
		show(&all.c[i], whole);
	}
	if (!ca_run_json(r) && shown == 0)
		code = none();
	ca_p11_certs_free(&all);
	return code;
}

enum ca_exit
ca_cmd_cert_list(struct ca_run *r)
{
	return list(r, false);
}

enum ca_exit
ca_cmd_cert_show(struct ca_run *r)
{
	return list(r, true);
}

/* Those to be exported: the holder's first one, or those with the identifier;
 * with the chain, the authorities' behind. */
static bool
exported(const struct ca_run *r, const struct ca_p11_certs *all, size_t i)
{
	if (all->c[i].facts.authority && ca_option(&r->given, "chain") != NULL)
		return true;
	return ca_option(&r->given, "id") != NULL ? wanted(r, &all->c[i])
						  : i == 0;
}

static bool
write_one(const struct ca_run *r, const struct ca_p11_cert *c, FILE *out)
{
	if (ca_option(&r->given, "der") == NULL)
		return ca_cert_write_pem(ca_buf_rd(&c->der), out);
	return fwrite(c->der.p, 1, c->der.n, out) == c->der.n;
}

struct export
{
	const struct ca_run *r;
	const struct ca_p11_certs *all;
};

static enum ca_exit
write_all(FILE *out, void *arg)
{
	const struct export *e = arg;
	size_t n = 0, most = e->all->n;

	if (ca_option(&e->r->given, "der") != NULL && most > 1)
		most = 1;
	for (size_t i = 0; i < e->all->n && n < most; i++) {
		if (!exported(e->r, e->all, i))
			continue;
		if (!write_one(e->r, &e->all->c[i], out)) {
			ca_say_wrong(_("The result could not be written."));
			return CA_EXIT_FAILED;
		}
		n++;
	}
	return n > 0 ? CA_EXIT_OK : none();
}

enum ca_exit
ca_cmd_cert_export(struct ca_run *r)
{
	struct ca_p11_certs all;
	struct export e = {r, &all};
	enum ca_exit code;

	if (r->given.rest_n > 1) {
		ca_say_wrong(_("\"%s\" is not something this command takes."),
		    r->given.rest[1]);
		return CA_EXIT_USAGE;
	}
	if (read_all(r, &all) == NULL)
		return CA_EXIT_NO_TOKEN;
	code = ca_new_file(r->given.rest_n == 1 ? r->given.rest[0] : NULL,
	    write_all, &e);
	ca_p11_certs_free(&all);
	return code;
}
