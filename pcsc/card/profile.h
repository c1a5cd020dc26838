/*
 * Profiles: the facts of a family of cards, read from INI files. Behaviour is
 * in drivers; a batch of tokens that differs in numbers is a file.
 *
 * conf/cards/README.md describes every section and key with an example; the
 * table in profile.c is what is really accepted, and a lint test compares the
 * two. Numbers and bytes in a profile are hexadecimal, sizes decimal.
 *
 * A profile is constant after loading: no lock, borrowed by every card.
 */
#ifndef CA_CARD_PROFILE_H
#define CA_CARD_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/remote.h"
#include "pcsc/card/model.h"
#include "pcsc/transport/transport.h"

struct ca_config;

#define CA_PROFILES_MAX 64
#define CA_PROFILE_NAME 32
#define CA_PROFILE_TEXT 64
#define CA_PROFILE_ATRS 16
#define CA_PROFILE_WAYS 24
#define CA_AID_MAX 16
/* An unknown card is asked for at most this many applications. */
#define CA_PROBE_MAX 3

struct ca_atr_rule {
	/* The historical bytes begin with value, instead of: the ATR is it. */
	bool historical;
	uint8_t value[CA_ATR_MAX];
	uint8_t mask[CA_ATR_MAX];
	size_t n;
	unsigned line; /* where the profile says it */
};

struct ca_bytes {
	uint8_t b[CA_AID_MAX];
	size_t n;
};

/* How an EF is selected: the P1 of SELECT (7816-4 clause 7.1.1). */
enum ca_select {
	CA_SELECT_ANY = 0x00,  /* by FID, from the current DF */
	CA_SELECT_EF = 0x02,   /* by FID, EF under the current DF */
	CA_SELECT_PATH = 0x08, /* by path from the MF */
};

/* How a signature or a plaintext is asked for, after MSE. */
enum ca_command {
	CA_COMMAND_PSO,      /* PSO COMPUTE DIGITAL SIGNATURE, 2A 9E 9A */
	CA_COMMAND_PSO_HASH, /* PSO HASH 2A 90 A0 {90 hash}, then 2A 9E 9A */
	CA_COMMAND_PSO_ECHO, /* the same; the card must give the data back */
	CA_COMMAND_INTERNAL, /* INTERNAL AUTHENTICATE, 88 00 00 */
	CA_COMMAND_DECIPHER, /* PSO DECIPHER, 2A 80 86 */
};

/* What of the key's path in the PrKDF goes into tag 81. */
enum ca_key_file {
	CA_KEY_FILE_NONE,
	CA_KEY_FILE_PATH, /* all of it */
	CA_KEY_FILE_LAST, /* its last FID */
};

/* The other party's public point, as PSO DECIPHER takes it. */
enum ca_point {
	CA_POINT_BARE,     /* 04 X Y */
	CA_POINT_KEY,      /* 7F49 { 86 point } */
	CA_POINT_TEMPLATE, /* A6 { 7F49 { 86 point } } */
};

/* One way to have the card do something: an MSE template and a command. */
struct ca_way {
	enum ca_alg alg;
	enum ca_command command;
	uint8_t p1, crt;           /* P1 and P2 of MSE SET */
	struct ca_bytes alg_ref;   /* content of tag 80; n 0: no tag 80 */
	bool from_token_info;      /* take the algorithm from TokenInfo */
	struct ca_bytes file;      /* content of tag 81; n 0: no tag 81 */
	enum ca_key_file key_file; /* or what the PrKDF says */
	uint8_t key_tag;           /* of the key reference; 0: none is sent */
	bool key_first;            /* the key before 80 */
	bool no_mse;               /* the card needs none */
	bool has_indicator;        /* DECIPHER: a padding indicator byte */
	uint8_t indicator;
	bool extended;       /* send it with extended length, as a trial */
	bool needs_proof;    /* nobody saw it work: self-check before use */
	size_t max_input;    /* bytes; 0: whatever the key takes */
	size_t input;        /* bytes: inputs of this length alone; 0: any */
	size_t bits;         /* keys of this size alone; 0: any */
	bool fill;           /* zeros before an input shorter than the key */
	enum ca_point point; /* ECDH: the form of the other point */
};

/* One kind of key pair: MSE SET 41 00 with algorithm and key reference, then
 * GENERATE ASYMMETRIC KEY PAIR. */
struct ca_make {
	bool given;
	struct ca_bytes alg_ref; /* content of tag 80 */
	bool from_token_info;    /* take it from TokenInfo */
	bool has_p1;
	uint8_t p1; /* of GENERATE; 42 for RSA, 00 for a curve */
};

/* How key pairs are made, and where their public halves and entries go. */
struct ca_generate {
	struct ca_make makes[CA_GEN_COUNT];
	struct ca_bytes references;       /* the first and the last of a key */
	struct ca_bytes public_file;      /* FID of the first file made */
	struct ca_bytes public_access;    /* its tag 86 */
	struct ca_bytes prkdf, pukdf;     /* FIDs where there is none yet */
	size_t directory_size;            /* bytes of such a one ... */
	struct ca_bytes directory_access; /* ... and its tag 86 */
};

enum ca_logout {
	CA_LOGOUT_RESET,     /* warm reset: sure, but others lose theirs too */
	CA_LOGOUT_SELECT_MF, /* leaving the DF drops the card's local PINs */
	CA_LOGOUT_VERIFY_FF, /* VERIFY with P1 FF (7816-4:2013) */
};

/* How a PUK sets a PIN anew. */
enum ca_unblock {
	CA_UNBLOCK_TOGETHER,     /* RESET RETRY COUNTER 2C 00 with both */
	CA_UNBLOCK_AFTER_VERIFY, /* VERIFY the PUK, then 2C 02 with the PIN */
	CA_UNBLOCK_NO,           /* nobody knows how: refused */
};

/* A PIN the profile states: for cards without AODF, or to correct one. */
struct ca_profile_pin {
	bool given;
	bool has_reference, has_default_reference, has_min, has_max, has_stored,
	    has_pad, has_tries;
	uint8_t reference, default_reference, pad;
	size_t min, max, stored;
	unsigned tries;
};

/* An administrator's key, whose holder sets PINs: EXTERNAL AUTHENTICATE. */
struct ca_profile_admin {
	enum ca_remote cipher; /* CA_REMOTE_NONE: there is none */
	bool has_reference, no_query;
	uint8_t reference, algorithm; /* P2 and P1 */
};

struct ca_profile {
	char name[CA_PROFILE_NAME];
	char source[CA_PROFILE_TEXT]; /* file name, for log lines */
	char driver[CA_PROFILE_NAME];
	char model[CA_PROFILE_TEXT]; /* CK_TOKEN_INFO model */
	char manufacturer[CA_PROFILE_TEXT];
	char label[CA_PROFILE_TEXT]; /* where the card has none */

	struct ca_atr_rule atrs[CA_PROFILE_ATRS];
	size_t atrs_n;

	unsigned aid_line;    /* where the profile says aid; 0: nowhere */
	struct ca_bytes aid;  /* selected first; n 0: none */
	struct ca_bytes path; /* application DF from MF, with the 3F00 */
	enum ca_select select;
	bool has_select;   /* the profile says so */
	uint8_t select_p2; /* 00 FCI, 04 FCP, 0C nothing */
	/* Directory files, as FIDs or paths; n 0 means: ask the ODF. */
	struct ca_bytes odf, token_info, aodf, prkdf, pukdf, cdf, dodf;

	size_t select_le; /* bytes asked of SELECT, at most 256 */
	size_t read_max;  /* bytes asked per READ BINARY, at most 256 */
	bool tlv_holes;   /* free space in a directory is an object of tag 00 */
	bool padding_ends;   /* padding in a directory file is its end */
	bool extended;       /* the card takes extended length */
	bool chaining;       /* the card takes command chaining */
	size_t random_chunk; /* bytes per GET CHALLENGE; 0: no generator */
	enum ca_logout logout;
	bool select_keeps_login;
	/* A PIN, or a key, is used in the DF that its entry's path names. */
	bool select_pin, select_key;
	enum ca_unblock unblock;
	bool change_after_verify; /* CHANGE wants the old PIN verified first */

	struct ca_profile_pin user, so;
	struct ca_profile_admin admin;
	/* Without the needs-padding flag only a PIN of this length is sure to
	 * be sent in the card's form; 0: any. */
	size_t exact_without_padding;
	bool pin_always_pads; /* although the AODF does not say so */
	bool pin_local_bit;   /* a local PIN's reference is sent with bit 80 */

	uint8_t key_reference_or;
	bool has_key_reference;
	uint8_t key_reference;

	/* idprime: key references from container numbers. */
	uint8_t container_base, container_step;
	struct ca_bytes key_map; /* FID of the file that maps them; n 0: none */

	struct ca_way ways[CA_PROFILE_WAYS];
	size_t ways_n;

	struct ca_generate gen;
};

struct ca_profiles {
	struct ca_profile p[CA_PROFILES_MAX];
	size_t n;
};

/*
 * Reads the package's profiles (or, without that folder, the copies built in)
 * and then the administrator's, which replace those of the same name. A bad
 * file is logged with file and line and skipped alone, and so is a profile
 * that claims an ATR another one has. The result is the caller's, ended by
 * ca_profiles_free(). Only CA_E_NOMEM can be returned.
 */
ca_err ca_profiles_load(const struct ca_config *config,
    struct ca_profiles **out);

/* Frees and sets *p to NULL. */
void ca_profiles_free(struct ca_profiles **p);

/*
 * Parses one profile. `name` is the file's name without .conf, used in log
 * lines and as the profile's name where the text gives none. *faults counts
 * what was logged; the profile is good only when it is 0.
 */
ca_err ca_profile_parse(struct ca_rd text, const char *name,
    struct ca_profile *out, unsigned *faults);

/* True when this profile claims the ATR. */
bool ca_profile_matches(const struct ca_profile *p, struct ca_rd atr);

/*
 * True when another profile claims this ATR, which p claims, by a narrower
 * rule and asks for the same application: the card is that one's. A rule is
 * narrower when its mask has all bits of the other's and more.
 */
bool ca_profiles_outdone(const struct ca_profiles *all,
    const struct ca_profile *p, struct ca_rd atr);

/*
 * Two profiles that would both take the same card: ATRs meet, neither rule is
 * narrower than the other, and the same application is asked for (with
 * different AIDs the card itself decides). The lines where b and, in *other, a
 * say so, or 0.
 */
unsigned ca_profile_same_cards(const struct ca_profile *a,
    const struct ca_profile *b, unsigned *other);

/* True when some profile claims this ATR. */
bool ca_profiles_know_atr(const struct ca_profiles *p, struct ca_rd atr);

/* True when some profile claims cards by AID alone, so that a card with an
 * unknown ATR may still turn out to be one of ours. */
bool ca_profiles_any_by_aid(const struct ca_profiles *p);

#endif
