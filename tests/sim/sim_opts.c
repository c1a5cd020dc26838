/* Options by name: one table for setting, checking and help. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim_card.h"

enum kind { TEXT, PATH, NUMBER, YESNO, ENUM };

struct option {
	const char *name;
	enum kind kind;
	size_t at;
	const char *values; /* ENUM: names in the order of their numbers */
	const char *about;
};

#define AT(field) offsetof(struct ca_sim_opts, field)

/* clang-format off */
static const struct option options[] = {
	{"model", TEXT, AT(model), NULL, "which token of the family; empty = its usual one"},
	{"label", TEXT, AT(label), NULL, "token label, UTF-8"},
	{"serial", TEXT, AT(serial), NULL, "serial number, hex digits"},
	{"aid", TEXT, AT(aid), NULL, "AID of the application, hex digits"},
	{"app-fid", NUMBER, AT(app_fid), NULL, "iso7816-15: identifier of the application"},
	{"dir-fid", NUMBER, AT(dir_fid), NULL, "iso7816-15: first of the four directories"},
	{"cert-fid", NUMBER, AT(cert_fid), NULL, "iso7816-15: first certificate"},
	{"state", PATH, AT(state), NULL, "directory that keeps keys, PINs and tries"},
	{"trace", PATH, AT(trace), NULL, "file that gets every command and answer"},
	{"from-dump", PATH, AT(from_dump), NULL, "the card in a file by ca-token card dump; --card is not needed"},
	{"pin", TEXT, AT(pin), NULL, "the user's PIN"},
	{"puk", TEXT, AT(puk), NULL, "the PUK; empty = the card has none"},
	{"pin-ref", NUMBER, AT(pin_ref), NULL, "reference of the PIN on the card"},
	{"puk-ref", NUMBER, AT(puk_ref), NULL, "reference of the PUK"},
	{"pin-tries", NUMBER, AT(pin_tries), NULL, "tries of the PIN"},
	{"puk-tries", NUMBER, AT(puk_tries), NULL, "tries of the PUK"},
	{"pin-min", NUMBER, AT(pin_min), NULL, "shortest PIN"},
	{"pin-max", NUMBER, AT(pin_max), NULL, "longest PIN"},
	{"pin-stored", NUMBER, AT(pin_stored), NULL, "stored length in the PIN directory"},
	{"pin-pad", NUMBER, AT(pin_pad), NULL, "padding byte"},
	{"pin-padding", YESNO, AT(pin_padding), NULL, "needs-padding flag in the PIN directory"},
	{"pin-compare", ENUM, AT(pin_compare), "padded,typed", "how the card compares"},
	{"pin-real", NUMBER, AT(pin_real), NULL, "length the card really compares; 0 = stored"},
	{"pin-local", YESNO, AT(pin_local), NULL, "PIN is valid in its application alone"},
	{"so-pin", YESNO, AT(so_pin), NULL, "the PUK has the soPin flag"},
	{"verify-undo", YESNO, AT(verify_undo), NULL, "VERIFY with P1 = FF logs out"},
	{"pin2", TEXT, AT(pin2), NULL, "value of a second PIN; empty = as the first"},
	{"puk2", TEXT, AT(puk2), NULL, "its PUK; empty = as the first"},
	{"pin2-ref", NUMBER, AT(pin2_ref), NULL, "reference of the second PIN; 0 = none"},
	{"pin2-tries", NUMBER, AT(pin2_tries), NULL, "tries of the second PIN"},
	{"pin2-keys", NUMBER, AT(pin2_keys), NULL, "keys that it opens, bit 0 = the first"},
	{"key", TEXT, AT(key), NULL, "rsa1024 .. rsa4096, p256, p384, p521"},
	{"ca-key", TEXT, AT(ca_key), NULL, "keys of the two authorities, same words"},
	{"keys", NUMBER, AT(keys), NULL, "number of keys, 0 to 4"},
	{"key-ref", NUMBER, AT(key_ref), NULL, "reference of the first key"},
	{"key-usage", NUMBER, AT(key_usage), NULL, "usage bits, bit 0 = encrypt"},
	{"consent", NUMBER, AT(consent), NULL, "userConsent: the PIN before each signature"},
	{"select-logout", YESNO, AT(select_logout), NULL, "iso7816-15: SELECT by name ends logins, as of a Java Card applet"},
	{"data", NUMBER, AT(data), NULL, "iso7816-15: data objects, 0 to 2; the second wants the PIN"},
	{"generate", YESNO, AT(generate), NULL, "iso7816-15: makes key pairs and files on command, as IsoApplet 0.6"},
	{"chain", NUMBER, AT(chain), NULL, "CA certificates on the card, 0 to 2"},
	{"cert", ENUM, AT(cert), "good,junk,empty,cut,other,none,packed", "content of the first certificate file"},
	{"cert-max", NUMBER, AT(cert_max), NULL, "largest size of the leaf certificate; 0 = free"},
	{"cert-alloc", NUMBER, AT(cert_alloc), NULL, "size of certificate files; 0 = as needed"},
	{"cert-sign", YESNO, AT(cert_sign), NULL, "leaf certificates are for signing alone"},
	{"cert-write", YESNO, AT(cert_write), NULL, "the PIN may update a certificate file"},
	{"pukdf", YESNO, AT(pukdf), NULL, "a public key directory exists"},
	{"algs", TEXT, AT(algs), NULL, "algorithm bytes that work, as 8A,02"},
	{"token-algs", TEXT, AT(token_algs), NULL, "algorithm bytes named in TokenInfo; empty = none"},
	{"decipher", YESNO, AT(decipher), NULL, "PSO DECIPHER works"},
	{"objects", YESNO, AT(objects), NULL, "GET DATA tells of PIN and key objects"},
	{"wrong-sign", NUMBER, AT(wrong_sign), NULL, "every n-th signature is wrong"},
	{"read-max", NUMBER, AT(read_max), NULL, "bytes READ BINARY gives at most"},
	{"eof", ENUM, AT(eof), "6282,9000,6B00", "answer at the end of a file"},
	{"chaining", YESNO, AT(chaining), NULL, "command chaining"},
	{"extended", YESNO, AT(extended), NULL, "extended length"},
	{"t0", YESNO, AT(t0), NULL, "speaks T=0"},
	{"t1", YESNO, AT(t1), NULL, "speaks T=1"},
	{"admin-keys", ENUM, AT(admin_keys), "public,other", "keys of administrative commands"},
	{"admin-key", TEXT, AT(admin_key), NULL, "iso7816-15: administrator's key that sets a PIN anew, hex digits; empty = none"},
	{"admin-cipher", ENUM, AT(admin_cipher), "3des,aes", "iso7816-15: what it enciphers the challenge with"},
	{"admin-ref", NUMBER, AT(admin_ref), NULL, "iso7816-15: its reference"},
	{"admin-tries", NUMBER, AT(admin_tries), NULL, "iso7816-15: its tries"},
	{"key-free", YESNO, AT(key_free), NULL, "keys are used without a PIN (entersafe: files written), as OpenSC formats"},
	{"change-proof", YESNO, AT(change_proof), NULL, "epass2003: PIN change wants the PIN verified"},
	{"unblock-by-so", YESNO, AT(unblock_by_so), NULL, "epass2003: ... or the PUK"},
	{"ec-der", YESNO, AT(ec_der), NULL, "epass2003: ECDSA signatures in DER, not r and s bare"},
	{"sm", ENUM, AT(sm), "aes,3des,fips,none", "epass2003: secure messaging"},
	{"sm-answer", ENUM, AT(sm_answer), "good,bad-mac,no-mac,no-sw,other-sw,plain,no-padding,cut-block,cut", "epass2003: what is wrong with a wrapped answer"},
	{"sm-from", NUMBER, AT(sm_from), NULL, "epass2003: ... with this one and all later ones, 1 = first"},
	{"sm-exact", YESNO, AT(sm_exact), NULL, "epass2003: an Le that is not the answer's length is a wrong one"},
	{"sm-query", YESNO, AT(sm_query), NULL, "epass2003: the question for a PIN's tries is answered"},
	{"sm-length", YESNO, AT(sm_length), NULL, "epass2003: wrapped data of 80 to FF bytes has a length of one byte"},
	{"pad", NUMBER, AT(pad), NULL, "zeros behind each directory"},
	{"unknown", YESNO, AT(unknown), NULL, "unknown tags in the directories"},
	{"missing", NUMBER, AT(missing), NULL, "fields left out, bits of enum ca_sim_missing"},
	{"cert-zlib", YESNO, AT(cert_zlib), NULL, "idprime: certificates are compressed"},
	{"exchange", NUMBER, AT(exchange), NULL, "idprime: exchange keys (kxc), bit 0 = the first"},
	{"container", NUMBER, AT(container), NULL, "idprime: number of the first container"},
	{"map-private", YESNO, AT(map_private), NULL, "idprime: the container map wants the PIN"},
	{"cplc", NUMBER, AT(cplc), NULL, "idprime: version in the CPLC; 0 = of the model"},
	{"bad", TEXT, AT(bad), NULL, "lies of the family's own, words as a,b"},
};
/* clang-format on */

static const struct ca_sim_opts common = {
    .label = "CA Test",
    .serial = "0123456789ABCDEF",
    .pin = "12345678",
    .puk = "87654321",
    .pin_ref = 1,
    .puk_ref = 2,
    .pin_tries = 3,
    .puk_tries = 5,
    .pin2_tries = 3,
    .pin2_keys = 2,
    .pin_min = 4,
    .pin_max = 16,
    .pin_padding = 1,
    .key = "rsa2048",
    .ca_key = "rsa2048",
    .keys = 1,
    /* decrypt, sign, unwrap, nonRepudiation */
    .key_usage = 0x226,
    .chain = 2,
    .pukdf = 1,
    .decipher = 1,
    .objects = 1,
    .read_max = 256,
    .chaining = 1,
    .t1 = 1,
    .admin_ref = 0x80,
    .admin_tries = 5,
    .change_proof = 1,
    .unblock_by_so = 1,
    .sm_from = 1,
    .sm_query = 1,
};

ca_err
ca_sim_opts_init(struct ca_sim_opts *o, const char *type)
{
	const struct ca_sim_type *t = ca_sim_type_find(type);

	if (t == NULL)
		return CA_E_NOT_FOUND;
	*o = common;
	(void)snprintf(o->type, sizeof(o->type), "%s", type);
	t->defaults(o);
	return CA_OK;
}

static bool
set_text(char *to, size_t cap, const char *value)
{
	int n = snprintf(to, cap, "%s", value);

	return n >= 0 && (size_t)n < cap;
}

static bool
set_number(uint32_t *to, const char *value)
{
	char *end = NULL;
	unsigned long v = strtoul(value, &end, 0);

	if (end == value || *end != '\0' || *value == '-' || v > UINT32_MAX)
		return false;
	*to = (uint32_t)v;
	return true;
}

static bool
set_yesno(uint32_t *to, const char *value)
{
	if (strcmp(value, "yes") == 0 || strcmp(value, "1") == 0)
		*to = 1;
	else if (strcmp(value, "no") == 0 || strcmp(value, "0") == 0)
		*to = 0;
	else
		return false;
	return true;
}

static bool
set_enum(uint32_t *to, const char *names, const char *value)
{
	size_t n = strlen(value);
	uint32_t i = 0;

	while (names != NULL) {
		if (strcspn(names, ",") == n && strncmp(names, value, n) == 0) {
			*to = i;
			return true;
		}
		names = strchr(names, ',');
		names = names != NULL ? names + 1 : NULL;
		i++;
	}
	return false;
}

ca_err
ca_sim_opts_set(struct ca_sim_opts *o, const char *name, const char *value)
{
	for (size_t i = 0; i < CA_COUNT(options); i++) {
		const struct option *op = &options[i];
		struct ca_sim_opts t = *o;
		void *field = (char *)&t + op->at;
		bool ok = false;

		if (strcmp(op->name, name) != 0)
			continue;
		switch (op->kind) {
		case TEXT:
			ok = set_text(field, CA_SIM_TEXT, value);
			break;
		case PATH:
			ok = set_text(field, CA_SIM_PATH, value);
			break;
		case NUMBER:
			ok = set_number(field, value);
			break;
		case YESNO:
			ok = set_yesno(field, value);
			break;
		case ENUM:
			ok = set_enum(field, op->values, value);
			break;
		}
		if (ok)
			*o = t;
		ca_wipe(&t, sizeof(t));
		return ok ? CA_OK : CA_E_DATA;
	}
	return CA_E_NOT_FOUND;
}

void
ca_sim_opts_help(FILE *to)
{
	for (size_t i = 0; i < CA_COUNT(options); i++) {
		fprintf(to, "  %-12s %s", options[i].name, options[i].about);
		if (options[i].values != NULL)
			fprintf(to, " (%s)", options[i].values);
		fputc('\n', to);
	}
}
