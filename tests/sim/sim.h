/*
 * Simulated smart cards: stateful models of one card each, for tests in
 * process (sim_transport.h stands readers around them) and for ca-simcard,
 * which plugs one into the virtual reader of vsmartcard.
 *
 * A card is a type (ca_sim_type_*: "iso7816-15", "vgca-chipdoc") and options.
 * Keys, certificates and a chain of two certificate authorities are made on
 * first use. With a state directory they are kept there, together with PIN
 * values and tries left: a blocked card stays blocked. Without one they live
 * in memory, and cards of one process that ask for the same kind of key with
 * the same serial number get the same key.
 *
 * A ca_sim takes no lock: one thread at a time. sim_transport.h serialises.
 */
#ifndef CA_SIM_H
#define CA_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "pcsc/base/cdefs.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"

#define CA_SIM_TEXT 72  /* bytes of a text option, with the NUL */
#define CA_SIM_PATH 512 /* bytes of a path, with the NUL */
#define CA_SIM_ANSWER                                                          \
	4096 /* no answer of a card is longer, trouble included                \
	      */

/* ---- types ---- */

/* The name of the n-th card type, NULL after the last. Static storage. */
const char *ca_sim_type_name(size_t n);
/* One line about it for --list; NULL when the name is unknown. */
const char *ca_sim_type_about(const char *type);

/* ---- options ---- */

/* How a VERIFY is compared with the reference value. */
enum ca_sim_compare {
	CA_SIM_PADDED, /* length must be pin_stored; longer ones as typed */
	CA_SIM_TYPED,  /* bytes as typed, pin_min to pin_max of them */
};

/* What the card says at the end of a file. */
enum ca_sim_eof {
	CA_SIM_EOF_6282, /* what is left, and 6282 */
	CA_SIM_EOF_9000, /* what is left, and 9000 */
	CA_SIM_EOF_6B00, /* nothing unless all that was asked for is there */
};

/* What lies in the certificate file of the first key. */
enum ca_sim_cert {
	CA_SIM_CERT_GOOD,
	CA_SIM_CERT_JUNK,   /* bytes that are no DER */
	CA_SIM_CERT_EMPTY,  /* zeros */
	CA_SIM_CERT_CUT,    /* a certificate that ends in the middle */
	CA_SIM_CERT_OTHER,  /* a good certificate of another key */
	CA_SIM_CERT_NONE,   /* the directory names a file that is not there */
	CA_SIM_CERT_PACKED, /* tag 7A, deflated in a way nobody can undo */
};

/* Keys of administrative commands. */
enum ca_sim_admin {
	CA_SIM_ADMIN_PUBLIC, /* those in public source */
	CA_SIM_ADMIN_OTHER,  /* the issuer's own: nobody outside knows them */
};

/* What the administrator's key of the iso7816-15 card is for. */
enum ca_sim_cipher {
	CA_SIM_3DES,
	CA_SIM_AES,
};

/* Secure messaging of the epass2003. */
enum ca_sim_sm {
	CA_SIM_SM_AES,
	CA_SIM_SM_3DES,
	CA_SIM_SM_FIPS,
	CA_SIM_SM_NONE,
};

/* What is wrong with a wrapped answer. */
enum ca_sim_sm_answer {
	CA_SIM_SM_GOOD,
	CA_SIM_SM_BAD_MAC,
	CA_SIM_SM_NO_MAC,     /* the object is not there */
	CA_SIM_SM_NO_SW,      /* nor is the one with the status word */
	CA_SIM_SM_OTHER_SW,   /* status word inside and outside differ */
	CA_SIM_SM_PLAIN,      /* the answer is not wrapped at all */
	CA_SIM_SM_NO_PADDING, /* the data, deciphered, has no end mark */
	CA_SIM_SM_CUT_BLOCK,  /* the data is no whole number of blocks */
	CA_SIM_SM_CUT,        /* lengths point behind the end */
};

/* Bits of ca_sim_opts.missing: fields the directory files leave out. */
enum ca_sim_missing {
	CA_SIM_NO_LABEL = 1,        /* TokenInfo: label */
	CA_SIM_NO_SERIAL = 2,       /* TokenInfo: serialNumber */
	CA_SIM_NO_MANUFACTURER = 4, /* TokenInfo: manufacturerID */
	CA_SIM_NO_OBJECT_LABELS = 8,
	CA_SIM_NO_PIN_REFERENCE = 16, /* AODF: pinReference */
	CA_SIM_NO_PIN_MAX = 32,       /* AODF: maxLength */
	CA_SIM_NO_PIN_PATH = 64,      /* AODF: path */
	CA_SIM_NO_KEY_REFERENCE = 128,
	CA_SIM_NO_AODF = 256,
	CA_SIM_NO_CDF = 512,
	CA_SIM_NO_PRKDF = 1024,
	CA_SIM_NO_TOKENINFO = 2048,  /* the file is not there */
	CA_SIM_NO_EFDIR = 4096,      /* the file is not there */
	CA_SIM_NO_TRIES_FILE = 8192, /* epass2003: 9F00 is not there */
};

/*
 * Everything that can differ between two cards of one type. Initialise with
 * ca_sim_opts_init(), which knows the defaults of the type, then change fields
 * directly or by name with ca_sim_opts_set().
 */
struct ca_sim_opts {
	char type[CA_SIM_TEXT];
	/* which token of the family, in the family's own words; "" = its
	 * usual one */
	char model[CA_SIM_TEXT];
	/* identity */
	char label[CA_SIM_TEXT];  /* UTF-8 */
	char serial[CA_SIM_TEXT]; /* hex digits, an even number */
	char aid[CA_SIM_TEXT];    /* hex digits, of the application */
	/* file identifiers of the iso7816-15 card: the application's DF; the
	 * PIN directory and, counting on, those of private keys, public keys
	 * and certificates; the first certificate */
	uint32_t app_fid, dir_fid, cert_fid;
	char state[CA_SIM_PATH]; /* directory, "" for memory alone */
	char trace[CA_SIM_PATH]; /* file, "" for none; PIN bytes are masked */
	char from_dump[CA_SIM_PATH]; /* dump: the file that the card is in */
	/* PINs */
	char pin[CA_SIM_TEXT];
	char puk[CA_SIM_TEXT]; /* "" = the card has none */
	uint32_t pin_ref, puk_ref;
	uint32_t pin_tries, puk_tries;
	/* what the directory says and the card does, minus pin_compare */
	uint32_t pin_min, pin_max, pin_stored, pin_pad;
	uint32_t pin_padding;   /* directory: needs-padding flag */
	uint32_t pin_compare;   /* enum ca_sim_compare: what the card does */
	uint32_t pin_real;      /* length compared by the card when padded;
				 * 0 = pin_stored, else the directory lies */
	uint32_t pin_local;     /* valid inside the application's DF alone */
	uint32_t so_pin;        /* directory: the PUK has the soPin flag */
	uint32_t verify_undo;   /* VERIFY with P1 = FF ends the verification */
	uint32_t select_logout; /* selected by name anew, PINs are forgotten */
	uint32_t data;     /* data objects, 0 to 2; the second is private */
	uint32_t generate; /* makes key pairs and files on command */
	/* a second PIN (signature PIN) of the families that have one */
	char pin2[CA_SIM_TEXT]; /* "" = the same value as the first */
	char puk2[CA_SIM_TEXT]; /* "" = the same value as the PUK */
	uint32_t pin2_ref;      /* 0 = there is none */
	uint32_t pin2_tries;
	uint32_t pin2_keys; /* bit i: key i is opened by it */
	/* keys and certificates */
	char key[CA_SIM_TEXT];    /* rsa1024..rsa4096, p256, p384, p521 */
	char ca_key[CA_SIM_TEXT]; /* of the two authorities, same words */
	uint32_t keys;            /* 0 to 4, each with its certificate */
	uint32_t key_ref;         /* of the first key */
	uint32_t key_usage;       /* PKCS#15 usage bits, bit 0 = encrypt */
	uint32_t consent;         /* userConsent: a fresh PIN per signature */
	uint32_t chain;           /* CA certificates on the card: 0, 1, 2 */
	uint32_t cert;            /* enum ca_sim_cert */
	uint32_t cert_max;   /* make the leaf fit in so many bytes; 0 = free */
	uint32_t cert_alloc; /* size of a certificate file; 0 = as needed */
	uint32_t cert_sign;  /* leaves for signing alone, no client login */
	uint32_t cert_write; /* the PIN may update a certificate file */
	uint32_t pukdf;      /* a public key directory exists */
	/* what answers */
	char algs[CA_SIM_TEXT];       /* algorithm bytes that work: "8A,02" */
	char token_algs[CA_SIM_TEXT]; /* ... that TokenInfo names; "" = none */
	uint32_t decipher;            /* PSO DECIPHER works */
	uint32_t objects;    /* chipdoc: GET DATA on PIN and key objects */
	uint32_t wrong_sign; /* every n-th signature is wrong; 0 = none */
	uint32_t read_max;   /* bytes a READ BINARY gives at most */
	uint32_t eof;        /* enum ca_sim_eof */
	uint32_t chaining;   /* command chaining */
	uint32_t extended;   /* extended length */
	uint32_t t0, t1;     /* protocols the card speaks */
	/* iso7816-15: a key that sets PINs, hex digits, "" = none; enum
	 * ca_sim_cipher; its reference and tries */
	char admin_key[CA_SIM_TEXT];
	uint32_t admin_cipher, admin_ref, admin_tries;
	/* the two families by Feitian */
	uint32_t admin_keys; /* enum ca_sim_admin */
	/* the card wants no PIN before a key is used (entersafe: nor before a
	 * file is written), as OpenSC formats it */
	uint32_t key_free;
	uint32_t change_proof;  /* epass2003: a new PIN wants the old one */
	uint32_t unblock_by_so; /* epass2003: ... or the PUK */
	uint32_t ec_der;        /* epass2003: ECDSA in DER, not r and s bare */
	uint32_t sm;            /* epass2003: enum ca_sim_sm */
	uint32_t sm_answer;     /* epass2003: enum ca_sim_sm_answer */
	uint32_t sm_from;       /* the wrapped answer that is bad, 1 = first */
	uint32_t sm_length;     /* epass2003: lengths 80 to FF in one byte */
	uint32_t sm_query; /* epass2003: no = that question ends the channel */
	uint32_t sm_exact; /* epass2003: 6Cxx for any other Le */
	/* oddities of the directory files */
	uint32_t pad;     /* zeros behind the last object */
	uint32_t unknown; /* objects and fields with unknown tags */
	uint32_t missing; /* enum ca_sim_missing */
	/* idprime: certificates compressed; bit i: key i is an exchange key;
	 * number of the first container; the map of containers wants the PIN;
	 * version in the CPLC, 0 = as the model */
	uint32_t cert_zlib, exchange, container, map_private, cplc;
	/* lies in the family's own files and answers, words as "a,b" */
	char bad[CA_SIM_TEXT];
};

/* CA_E_NOT_FOUND when there is no such type. */
CA_MUST_CHECK ca_err ca_sim_opts_init(struct ca_sim_opts *o, const char *type);

/*
 * Sets one option from text: numbers decimal or 0x.., booleans yes/no, enums
 * by name. CA_E_NOT_FOUND for an unknown name, CA_E_DATA for a bad value.
 */
CA_MUST_CHECK ca_err ca_sim_opts_set(struct ca_sim_opts *o, const char *name,
    const char *value);

/* Prints a line per option, with its meaning, for --help-options. */
void ca_sim_opts_help(FILE *to);

/* ---- a card ---- */

struct ca_sim;

/* What became of a command. Anything but ANSWERED is for the reader around the
 * card to carry out; there is an answer with RESET_SINCE alone. */
enum ca_sim_event {
	CA_SIM_ANSWERED,
	CA_SIM_GONE,        /* the card left its reader */
	CA_SIM_SWAPPED,     /* ... and another one came at once */
	CA_SIM_WAS_RESET,   /* somebody else's reset came first: no answer */
	CA_SIM_RESET_SINCE, /* answered, and then somebody else's reset came */
};

/*
 * Makes a card; *out is freed with ca_sim_free(). CA_E_NOT_FOUND: unknown
 * type. CA_E_DATA: options that contradict each other. CA_E_IO: the state
 * directory or the trace file cannot be used.
 */
CA_MUST_CHECK ca_err ca_sim_new(const struct ca_sim_opts *o,
    struct ca_sim **out);
/* Keeps the state, wipes, frees. NULL is fine. */
void ca_sim_free(struct ca_sim *s);

const struct ca_sim_opts *ca_sim_opts(const struct ca_sim *s);
/* Answer to reset; valid as long as the card. */
struct ca_rd ca_sim_atr(const struct ca_sim *s);

/* Cold or warm reset: selection, logins, chains are gone. t1 tells which
 * protocol was agreed. */
void ca_sim_reset(struct ca_sim *s, bool t1);
void ca_sim_power_off(struct ca_sim *s);

/*
 * One command; with CA_SIM_ANSWERED the answer stands in *resp from its start.
 * Under trouble it may be shorter than two bytes or longer than announced.
 * *resp should hold CA_SIM_ANSWER bytes; an answer that does not fit leaves
 * resp->failed set.
 */
enum ca_sim_event ca_sim_transmit(struct ca_sim *s, struct ca_rd cmd,
    struct ca_wr *resp);

/* ---- what a test asks ---- */

enum ca_sim_count {
	CA_SIM_APDUS,       /* commands received, GET RESPONSE included */
	CA_SIM_VERIFIES,    /* VERIFY, CHANGE, RESET RETRY with data */
	CA_SIM_WRONG_TRIES, /* tries spent on wrong values */
	CA_SIM_SIGNATURES,
	CA_SIM_RESETS,
	CA_SIM_COUNTS_
};

uint64_t ca_sim_count(const struct ca_sim *s, enum ca_sim_count what);
/* The name of a counter for "counters" lines; NULL after the last. */
const char *ca_sim_count_name(enum ca_sim_count what);
void ca_sim_count_clear(struct ca_sim *s);
/* Commands received with this INS, whatever became of them. */
uint64_t ca_sim_seen(const struct ca_sim *s, uint8_t ins);

/* Tries left of a PIN by its reference on the card; -1 = no such PIN. */
int ca_sim_tries(const struct ca_sim *s, uint32_t ref);
/* VERIFY, CHANGE and RESET RETRY commands that brought data for that PIN,
 * since the card was made; 0 also when there is no such PIN. */
uint64_t ca_sim_pin_commands(const struct ca_sim *s, uint32_t ref);
/* Whether that PIN is verified now. */
bool ca_sim_verified(const struct ca_sim *s, uint32_t ref);
/* Sets the tries left, as if they had been spent (0 blocks). */
CA_MUST_CHECK ca_err ca_sim_tries_set(struct ca_sim *s, uint32_t ref,
    uint32_t tries);

/* DER certificates: 0 = leaf of the first key, 1 = the authority that signed
 * it, 2 = root. Empty view when there is none. Valid as long as the card. */
struct ca_rd ca_sim_cert(const struct ca_sim *s, size_t n);
/* Writes DIR/root.pem, sub.pem, leaf.pem. The directory is made if missing. */
CA_MUST_CHECK ca_err ca_sim_export_ca(const struct ca_sim *s, const char *dir);

/* ---- trouble ---- */

/* clang-format off */
enum ca_sim_what {
	CA_SIM_T_NONE,
	CA_SIM_T_REMOVE,       /* card leaves, the command is not carried out */
	CA_SIM_T_REMOVE_AFTER, /* carried out, then the card leaves: no answer */
	CA_SIM_T_SWAP,         /* like REMOVE, and another card comes */
	CA_SIM_T_RESET,        /* somebody resets, the command is lost */
	CA_SIM_T_RESET_AFTER,  /* answered, then reset */
	CA_SIM_T_FORGET,       /* the card loses login and selection silently */
	CA_SIM_T_GARBAGE,      /* 37 bytes of nonsense and 9000 */
	CA_SIM_T_BADSW,        /* status word 0000 */
	CA_SIM_T_LONG,         /* 400 bytes and 9000, whatever was asked for */
	CA_SIM_T_TRUNC,        /* right answer, second half of the data missing */
	CA_SIM_T_SHORT,        /* one byte */
	CA_SIM_T_EMPTY,        /* no byte */
	CA_SIM_T_61,           /* 6110 without data, for ever */
	CA_SIM_T_61DATA,       /* 16 bytes and 6110, for ever */
	CA_SIM_T_6C,           /* 6C10, for ever */
	CA_SIM_T_SW,           /* the status word in `sw`, nothing carried out */
	CA_SIM_T_WRONGSIG      /* the answer with one bit of its data flipped */
};
/* clang-format on */

#define CA_SIM_ALWAYS UINT32_MAX

struct ca_sim_trouble {
	enum ca_sim_what what;
	bool by_ins; /* count commands with this INS only */
	uint8_t ins;
	uint32_t at;    /* 1 = the next command that counts */
	uint32_t times; /* so many commands in a row; CA_SIM_ALWAYS */
	uint16_t sw;    /* for CA_SIM_T_SW */
};

/* Replaces the trouble planned. `at` counts from this moment. */
void ca_sim_trouble(struct ca_sim *s, const struct ca_sim_trouble *t);
void ca_sim_trouble_clear(struct ca_sim *s);
/* True while a planned trouble has not struck. */
bool ca_sim_trouble_pending(const struct ca_sim *s);

/*
 * Reads "AT:WHAT[:TIMES]": AT is a number (the next command is 1), or insXX,
 * or insXX#N for the N-th such command; WHAT is the name of the enum in small
 * letters with - ("remove-after") or sw=XXXX; TIMES is a number or "always".
 * CA_E_DATA when it is none of that.
 */
CA_MUST_CHECK ca_err ca_sim_trouble_parse(const char *text,
    struct ca_sim_trouble *out);

#endif
