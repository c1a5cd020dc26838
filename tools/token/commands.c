#include <stddef.h>

#include "tools/lib/i18n.h"
#include "tools/token/command.h"

const struct ca_option ca_common_options[] = {
    {"token", "TOKEN", N_("the token with this serial number or label")},
    {"module", "FILE", N_("the PKCS#11 module; else the registered one")},
    {"json", NULL, N_("results as JSON")},
    {"help", NULL, N_("show this and end")},
    {NULL, NULL, NULL},
};

const struct ca_command ca_commands[] = {
    {"list", "", N_("show readers and tokens"),
	N_("Shows every reader, and of each token its family, serial number, "
	   "label, the tries left of PIN and PUK, and whose certificate is on "
	   "it and how long it is valid. No PIN is asked for."),
	NULL, ca_cmd_list},
    {"cert list", "", N_("show the certificates on a token"),
	N_("Shows whose they are, from when to when they are valid, and "
	   "whether "
	   "they lie on the token or in a folder of this machine. No PIN is "
	   "asked for."),
	ca_cert_options, ca_cmd_cert_list},
    {"cert show", "", N_("show certificates with all that is in them"),
	N_("The same as cert list, with subject, issuer, key, usages and "
	   "fingerprint."),
	ca_cert_options, ca_cmd_cert_show},
    {"cert export", "[FILE]", N_("write a certificate to a file"),
	N_("Writes the holder's certificate, or the one that --id names, as "
	   "PEM "
	   "to a new file, or to standard output. A file that is there is not "
	   "overwritten."),
	ca_cert_export_options, ca_cmd_cert_export},
    {"pin status", "", N_("show the tries left of PIN and PUK"),
	N_("Asks the token how many tries are left. That costs no try."), NULL,
	ca_cmd_pin_status},
    {"pin change", "", N_("set a new PIN by the old one"),
	N_("Shows the tries left and what a new PIN must be like, asks for the "
	   "old PIN once and for the new one twice, and sets it. A wrong old "
	   "PIN "
	   "costs one try. With one try left nothing is sent, unless "
	   "--spend-last-try says so."),
	ca_pin_change_options, ca_cmd_pin_change},
    {"pin unblock", "", N_("set a new PIN by the PUK"),
	N_("For a PIN that is locked or forgotten. The PUK is with the office "
	   "that gave you the token. It has few tries too, and a token whose "
	   "PUK is locked cannot be used any more; a wrong PUK costs one try, "
	   "and the last one is spent with --spend-last-try only.\n\n"
	   "With --remote no PUK is asked for: the token shows a code that is "
	   "read to the support desk over the telephone, and takes the code of "
	   "the desk's answer. Until then no other program can use the token."),
	ca_pin_unblock_options, ca_cmd_pin_unblock},
    {"expiry", "", N_("show which certificates are to be renewed"),
	N_("Tells of every token, or of the one that --token names, how long "
	   "its "
	   "holder's certificate is valid and what is to be done. Ends with 7 "
	   "when something is, with 0 when nothing is. No PIN is asked for. "
	   "The "
	   "days that count are in tools.conf."),
	NULL, ca_cmd_expiry},
    {"support answer", "CODE", N_("the desk's answer to a caller's challenge"),
	N_("For the support desk: computes the answer to the code that "
	   "\"ca-token pin unblock --remote\" showed the caller, from the "
	   "administrator's key of that token. Make sure who is calling first: "
	   "the answer lets the caller set a new PIN. With an ePass2003, whose "
	   "key is the PUK, who hears both codes can find the PUK out."),
	ca_support_answer_options, ca_cmd_support_answer},
    {"card dump", "[FILE]", N_("write down how an unknown token is made"),
	N_("For a token that is not recognised: asks it for everything it "
	   "tells "
	   "without a PIN and writes that as text, which its owner can send to "
	   "the makers of this program. Names, serial numbers and certificates "
	   "are blanked unless --full. Nothing is changed on the token, and no "
	   "PIN is tried."),
	ca_card_dump_options, ca_cmd_card_dump},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
