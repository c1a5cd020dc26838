/*
 * ca-simcard: a simulated card in the virtual reader of vsmartcard-vpcd, for
 * tests, training and people who integrate without a token.
 */
#include <stdio.h>
#include <string.h>

#include "tests/sim/sim_server.h"

#ifndef CAPKCS11_VERSION
#define CAPKCS11_VERSION "0"
#endif

struct args {
	const char *card, *host, *port, *control, *send, *export_dir, *trouble,
	    *from_dump;
	bool wait, absent, list, help, version;
};

static void
usage(FILE *to)
{
	fputs("Usage: ca-simcard --card TYPE [options]\n"
	      "Plugs a simulated card into the virtual reader of vpcd.\n\n"
	      "  --card TYPE      type of card, see --list\n"
	      "  --from-dump FILE the card that ca-token card dump wrote to "
	      "FILE\n"
	      "  --host H         where vpcd listens (127.0.0.1)\n"
	      "  --port N         its port: 35963 first slot, 35964 second\n"
	      "  --wait           try until vpcd answers, and again when it "
	      "comes back\n"
	      "  --absent         start outside the reader\n"
	      "  --control SOCK   listen for one-line commands: help\n"
	      "  --send LINE      say LINE to the program behind --control, "
	      "and "
	      "end\n"
	      "  --trouble AT:WHAT[:TIMES]  plan trouble, see below\n"
	      "  --export-ca DIR  write root.pem, sub.pem, leaf.pem and end\n"
	      "  --list --help --version\n\n"
	      "Options of the card, --NAME VALUE:\n",
	    to);
	ca_sim_opts_help(to);
	fputs("\nTrouble: AT is a number of commands from now, insXX or "
	      "insXX#N; WHAT is one of\n"
	      "remove remove-after swap reset reset-after forget garbage badsw "
	      "long trunc\n"
	      "short empty 61 61data 6c wrongsig sw=XXXX; TIMES is a number or "
	      "always.\n",
	    to);
}

static void
list_types(void)
{
	const char *name;

	for (size_t i = 0; (name = ca_sim_type_name(i)) != NULL; i++)
		printf("%-14s %s\n", name, ca_sim_type_about(name));
}

/* The flag or text option of the program itself that has this name. */
static bool *
own_flag(struct args *a, const char *name)
{
	const struct {
		const char *name;
		bool *flag;
	} rows[] = {
	    {"wait", &a->wait},
	    {"absent", &a->absent},
	    {"list", &a->list},
	    {"help", &a->help},
	    {"version", &a->version},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].flag;
	return NULL;
}

static const char **
own_text(struct args *a, const char *name)
{
	const struct {
		const char *name;
		const char **text;
	} rows[] = {
	    {"card", &a->card},
	    {"host", &a->host},
	    {"port", &a->port},
	    {"control", &a->control},
	    {"send", &a->send},
	    {"export-ca", &a->export_dir},
	    {"trouble", &a->trouble},
	    {"from-dump", &a->from_dump},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].text;
	return NULL;
}

/* Splits "--name=value" or "--name" and the next argument. */
static bool
take_arg(char **argv, int *i, char *name, size_t cap, const char **value)
{
	const char *arg = argv[*i];
	const char *eq = strchr(arg, '=');
	size_t n = eq != NULL ? (size_t)(eq - arg) : strlen(arg);

	if (n < 3 || strncmp(arg, "--", 2) != 0 || n - 2 >= cap)
		return false;
	memcpy(name, arg + 2, n - 2);
	name[n - 2] = '\0';
	*value = eq != NULL ? eq + 1 : argv[*i + 1];
	return true;
}

/* One pass over the arguments. Options of the card are set in *o when it is
 * not NULL: its defaults must be known first. */
static bool
parse_args(int argc, char **argv, struct args *a, struct ca_sim_opts *o)
{
	char name[32];
	const char *value = NULL;

	for (int i = 1; i < argc; i++) {
		const char **text;
		bool *flag;

		if (!take_arg(argv, &i, name, sizeof(name), &value)) {
			ca_sim_complain("not an option", argv[i]);
			return false;
		}
		flag = own_flag(a, name);
		if (flag != NULL) {
			*flag = true;
			continue;
		}
		if (value == NULL) {
			ca_sim_complain("value missing", argv[i]);
			return false;
		}
		if (strchr(argv[i], '=') == NULL)
			i++;
		text = own_text(a, name);
		if (text != NULL)
			*text = value;
		if ((text == NULL || text == &a->from_dump) && o != NULL &&
		    ca_sim_opts_set(o, name, value)) {
			ca_sim_complain("unknown option or bad value", name);
			return false;
		}
	}
	return true;
}

static int
send_line(const struct args *a)
{
	char out[CA_SIM_LINE];

	if (a->control == NULL) {
		ca_sim_complain("--send needs --control", NULL);
		return 2;
	}
	if (ca_sim_control_ask(a->control, a->send, out, sizeof(out)) !=
	    CA_OK) {
		ca_sim_complain("no card answers on this socket", a->control);
		return 1;
	}
	puts(out);
	return strncmp(out, "ok", 2) == 0 ? 0 : 1;
}

static int
export_ca(const struct ca_sim *card, const char *dir)
{
	if (ca_sim_export_ca(card, dir) == CA_OK)
		return 0;
	ca_sim_complain("cannot write to", dir);
	return 1;
}

static int
run(struct ca_sim_server *p, const struct args *a)
{
	struct ca_sim_trouble t;

	if (a->export_dir != NULL)
		return export_ca(p->card, a->export_dir);
	if (a->trouble != NULL) {
		if (ca_sim_trouble_parse(a->trouble, &t) != CA_OK) {
			ca_sim_complain("not a trouble", a->trouble);
			return 2;
		}
		ca_sim_trouble(p->card, &t);
	}
	if (ca_sim_control_open(&p->control, a->control) != CA_OK) {
		ca_sim_complain("cannot listen on", a->control);
		return 1;
	}
	return ca_sim_server_run(p) ? 0 : 1;
}

/* What can be answered without a card; -1 = go on. */
static int
early(const struct args *a)
{
	if (a->help)
		usage(stdout);
	else if (a->version)
		puts("ca-simcard " CAPKCS11_VERSION);
	else if (a->list)
		list_types();
	else if (a->send != NULL)
		return send_line(a);
	else
		return -1;
	return 0;
}

int
main(int argc, char **argv)
{
	static struct ca_sim_server server;
	struct args a = {.host = "127.0.0.1", .port = "35963"};
	int rc;

	if (!parse_args(argc, argv, &a, NULL))
		return 2;
	rc = early(&a);
	if (rc >= 0)
		return rc;
	if (a.card == NULL && a.from_dump != NULL)
		a.card = "dump";
	if (a.card == NULL) {
		ca_sim_complain("which card? --card TYPE, see --list", NULL);
		return 2;
	}
	if (ca_sim_opts_init(&server.o, a.card) != CA_OK) {
		ca_sim_complain("no such type of card, see --list", a.card);
		return 2;
	}
	if (!parse_args(argc, argv, &a, &server.o))
		return 2;
	server.host = a.host;
	server.port = a.port;
	server.wait = a.wait;
	server.inserted = !a.absent;
	rc = ca_sim_server_init(&server) ? run(&server, &a) : 1;
	ca_sim_server_wipe(&server);
	return rc;
}
