/*
 * The commands of ca-token: one file each, one row each in commands.c.
 */
#ifndef CA_TOKEN_COMMAND_H
#define CA_TOKEN_COMMAND_H

#include <stdbool.h>

#include "tools/lib/exit_code.h"
#include "tools/lib/options.h"
#include "tools/p11/module.h"
#include "tools/p11/token.h"

/* What a command gets: its options, and the module once it asked for it. */
struct ca_run {
	struct ca_given given;
	struct ca_p11 p11;
	struct ca_p11_tokens tokens;
};

struct ca_command {
	const char *words;     /* "pin change" */
	const char *arguments; /* what the help shows behind them, or "" */
	const char *summary;   /* N_(), one line */
	const char *help;      /* N_(), paragraphs */
	const struct ca_option *options; /* its own; NULL: none */
	enum ca_exit (*run)(struct ca_run *r);
};

/* All of them; a row without words ends the list. */
extern const struct ca_command ca_commands[];
/* The options that every command takes. */
extern const struct ca_option ca_common_options[];

/* Loads the module and lists the tokens. False: it was told why. */
bool ca_run_tokens(struct ca_run *r);

/* The token the command line means, loading what is needed. NULL: told. */
const struct ca_p11_token *ca_run_token(struct ca_run *r);

/* Whether --json was given. */
bool ca_run_json(const struct ca_run *r);

enum ca_exit ca_cmd_list(struct ca_run *r);
enum ca_exit ca_cmd_expiry(struct ca_run *r);
enum ca_exit ca_cmd_cert_list(struct ca_run *r);
enum ca_exit ca_cmd_cert_show(struct ca_run *r);
enum ca_exit ca_cmd_cert_export(struct ca_run *r);
enum ca_exit ca_cmd_support_answer(struct ca_run *r);
enum ca_exit ca_cmd_card_dump(struct ca_run *r);
enum ca_exit ca_cmd_pin_status(struct ca_run *r);
enum ca_exit ca_cmd_pin_change(struct ca_run *r);
enum ca_exit ca_cmd_pin_unblock(struct ca_run *r);

/* Options of the commands that set a PIN. */
extern const struct ca_option ca_pin_change_options[];
extern const struct ca_option ca_pin_unblock_options[];
extern const struct ca_option ca_card_dump_options[];
extern const struct ca_option ca_cert_options[];
extern const struct ca_option ca_cert_export_options[];
extern const struct ca_option ca_support_answer_options[];

#endif
