/*
 * The inside of a simulated card: what the files sim_*.c share. Tests use
 * sim.h.
 *
 * A command goes sim_core.c (counters, trouble, trace) -> sim_apdu.c (forms,
 * chaining, GET RESPONSE) -> the card type's own rows of commands, then the
 * shared ones. A new family is one file sim_FAMILY.c with a struct
 * ca_sim_type, which the build finds.
 *
 * Clause numbers are those of ISO/IEC 7816-4:2005 unless said otherwise.
 */
#ifndef CA_SIM_CARD_H
#define CA_SIM_CARD_H

#include <openssl/evp.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/secret.h"
#include "tests/sim/sim.h"

#define CA_SIM_FILES 40
#define CA_SIM_PINS 8
#define CA_SIM_KEYS 4
#define CA_SIM_CERTS (CA_SIM_KEYS + 2) /* leaves, then the chain */
#define CA_SIM_CHAINED 4096            /* data of a command chain */

/* Status words, ISO/IEC 7816-4 tables 5 and 6. */
/* clang-format off */
enum ca_sim_sw {
	SW_OK = 0x9000,
	SW_END_OF_FILE = 0x6282,
	SW_TRIES = 0x63C0,           /* low nibble: tries left */
	SW_LENGTH = 0x6700,
	SW_NO_CHANNEL = 0x6881,
	SW_NO_SM = 0x6882,
	SW_LAST_OF_CHAIN = 0x6883,
	SW_NO_CHAINING = 0x6884,
	SW_STRUCTURE = 0x6981,
	SW_SECURITY = 0x6982,
	SW_BLOCKED = 0x6983,
	SW_UNUSABLE = 0x6984,
	SW_CONDITIONS = 0x6985,
	SW_NO_EF = 0x6986,
	SW_DATA = 0x6A80,
	SW_NOT_SUPPORTED = 0x6A81,
	SW_NO_FILE = 0x6A82,
	SW_NO_RECORD = 0x6A83,
	SW_NO_SPACE = 0x6A84,
	SW_P1P2 = 0x6A86,
	SW_LC_P1P2 = 0x6A87,
	SW_NO_REFERENCE = 0x6A88,
	SW_OFFSET = 0x6B00,
	SW_LE = 0x6C00,              /* low byte: the right Le */
	SW_INS = 0x6D00,
	SW_CLA = 0x6E00,
	SW_MEMORY = 0x6581,
	SW_FAULT = 0x6F00,
	SW_MORE = 0x6100             /* low byte: bytes to fetch, 00 = 256 */
};
/* clang-format on */

/* A command after sim_apdu.c: chained parts joined. */
struct ca_sim_cmd {
	uint8_t cla, ins, p1, p2;
	struct ca_rd data; /* empty when there was no Lc */
	bool has_le;
	size_t le; /* 256 or 65536 for zeros */
};

/* ---- files (sim_fs.c) ---- */

enum ca_sim_rule {
	CA_SIM_FREE,
	CA_SIM_BY_PIN, /* the user's PIN is verified */
	CA_SIM_BY_PUK, /* the PUK, or the PIN of the security officer, is */
	CA_SIM_NEVER,
};

#define CA_SIM_MF 0 /* index of the master file; always there */

struct ca_sim_file {
	uint16_t fid;
	bool df;
	uint8_t sfi; /* 0 = none */
	int parent;  /* index; the MF is its own */
	uint8_t aid[16];
	size_t aid_n; /* 0 = no name */
	enum ca_sim_rule read, update;
	size_t record;      /* bytes of each record; 0 = transparent */
	struct ca_buf data; /* its length is the size of the file */
};

/* ---- PINs (sim_pin.c) ---- */

struct ca_sim_pin {
	uint8_t ref;
	uint8_t tries, tries_max;
	uint8_t min, max;     /* characters */
	uint8_t real;         /* length compared when padded */
	uint8_t pad;          /* the padding byte */
	bool typed;           /* compared as typed */
	int df;               /* local to this DF; -1 = global */
	uint8_t unblocker;    /* reference of the PUK; 0 = none */
	bool verified, fresh; /* fresh: not used for a signature yet */
	uint64_t commands;    /* that brought data for it */
	struct ca_secret value;
};

/* ---- keys and the security environment (sim_crypto.c) ---- */

enum ca_sim_op {
	CA_SIM_OP_SIGN,     /* PSO COMPUTE DIGITAL SIGNATURE, MSE CRT B6 */
	CA_SIM_OP_AUTH,     /* INTERNAL AUTHENTICATE, MSE CRT A4 */
	CA_SIM_OP_DECIPHER, /* PSO DECIPHER, MSE CRT B8 */
	CA_SIM_OPS_
};

enum ca_sim_pad {
	CA_SIM_PKCS1,      /* type 1 or type 2 padding on the card */
	CA_SIM_RAW,        /* bare exponentiation */
	CA_SIM_ECDSA,      /* over a finished hash, answer in DER */
	CA_SIM_ECDSA_SHA1, /* hashes the data on the card */
	CA_SIM_ECDH,       /* a point in, a coordinate out */
};

/* One way to use a key that a card type knows. */
struct ca_sim_alg {
	enum ca_sim_op op;
	uint8_t ref; /* MSE tag 80 */
	enum ca_sim_pad pad;
};

struct ca_sim_key {
	uint8_t ref;  /* MSE tag 84 */
	uint8_t id;   /* iD in the directories */
	uint8_t pin;  /* reference of the PIN that opens it */
	bool consent; /* that PIN again for every use */
	bool ec;
	size_t bits;
	EVP_PKEY *pkey;
};

struct ca_sim_se {
	int alg; /* -1 = not set */
	int key;
};

/* ---- a type ---- */

struct ca_sim_ins {
	uint8_t ins;
	/* Returns the status word; body is for the answer's data. */
	uint16_t (*run)(struct ca_sim *s, const struct ca_sim_cmd *c,
	    struct ca_wr *body);
};

struct ca_sim_type {
	const char *name, *about;
	/* Fills in what differs from the common defaults. */
	void (*defaults)(struct ca_sim_opts *o);
	/* Makes the ATR, files and PINs; keys and certificates exist. */
	ca_err (*build)(struct ca_sim *s);
	/* Own commands, looked up before the shared ones. */
	const struct ca_sim_ins *ins;
	size_t ins_n;
	const struct ca_sim_alg *algs;
	size_t algs_n;
	uint8_t decipher_pi;     /* padding indicator of PSO DECIPHER */
	bool mse_anything;       /* MSE never complains, PSO does */
	bool change_after_login; /* CHANGE wants the PIN verified before */
	bool unblock_by_login;   /* RESET RETRY wants the PUK verified */
	uint8_t select_p2[4];    /* P2 values of SELECT that are answered */
	size_t select_p2_n;
	/* More fields for the FCP of a file; NULL = none. */
	void (*fcp)(const struct ca_sim *s, const struct ca_sim_file *f,
	    struct ca_wr *w);
	/* Writes the whole answer to SELECT in place of the shared one, for
	 * cards with templates of their own; NULL = the shared one. */
	void (*fci)(const struct ca_sim *s, const struct ca_sim_file *f,
	    uint8_t p2, struct ca_wr *body);
	/* The family's own state, ca_sim.own: so many bytes, zeroed before
	 * build() and wiped at the end. */
	size_t own_size;
	/* Drops what a reset drops of it, and releases what it points to;
	 * NULL = nothing. own is there whenever these are called. */
	void (*own_forget)(struct ca_sim *s);
	void (*own_free)(struct ca_sim *s);
	/* Whether this class byte is served: SW_OK, or why not. NULL = the
	 * first interindustry values alone. */
	uint16_t (*cla)(const struct ca_sim *s, uint8_t cla);
	/* Called next, GET RESPONSE included: what must hold or be done before
	 * any command. SW_OK, or why not. NULL = nothing. */
	uint16_t (*enter)(struct ca_sim *s, const struct ca_sim_cmd *c);
	/* The status word that leaves the card in place of this one; NULL =
	 * this one. */
	uint16_t (*said)(const struct ca_sim *s, uint16_t sw);
	/* A command under secure messaging (both bits 0C of a class byte that
	 * is served): unwraps it, has it carried out with ca_sim_do(), writes
	 * the wrapped answer. Returns the outer status word. */
	uint16_t (*wrapped)(struct ca_sim *s, const struct ca_sim_cmd *c,
	    struct ca_wr *resp);
};

/* ---- the card ---- */

struct ca_sim {
	const struct ca_sim_type *type;
	struct ca_sim_opts o;
	uint8_t atr[33];
	size_t atr_n;

	struct ca_sim_file files[CA_SIM_FILES];
	size_t files_n;
	struct ca_sim_pin pins[CA_SIM_PINS];
	size_t pins_n;
	struct ca_sim_key keys[CA_SIM_KEYS];
	size_t keys_n;
	struct ca_buf leaf[CA_SIM_KEYS]; /* DER */
	struct ca_buf sub, root;
	void *own; /* of the type */

	/* lost at a reset */
	bool powered, t1;
	int df, ef; /* current; ef -1 = none */
	struct ca_sim_se se[CA_SIM_OPS_];
	bool chain;
	uint8_t chain_head[4];
	size_t chain_n;
	size_t more_n, more_at; /* what GET RESPONSE fetches */

	uint64_t counts[CA_SIM_COUNTS_];
	uint64_t seen[256]; /* commands by INS */
	struct ca_sim_trouble trouble;
	uint32_t trouble_seen;
	FILE *trace;

	uint8_t chain_data[CA_SIM_CHAINED];
	uint8_t more[CA_SIM_ANSWER];
};

/* sim_apdu.c: runs one command in the state of the card. */
void ca_sim_run(struct ca_sim *s, struct ca_rd cmd, struct ca_wr *resp);
/* Carries out a command whose form was looked at: the whole answer goes to
 * body, the status word is returned. */
uint16_t ca_sim_do(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* sim_core.c */
void ca_sim_forget(struct ca_sim *s); /* drops what a reset drops */

/* sim_trouble.c: what is due now, counting this command. */
struct ca_sim_trouble ca_sim_trouble_due(struct ca_sim *s, struct ca_rd cmd);
/* True when the answer is nonsense made without the card, written to resp. */
bool ca_sim_trouble_answer(const struct ca_sim_trouble *t, struct ca_wr *resp);
/* Spoils the right answer. */
void ca_sim_trouble_spoil(const struct ca_sim_trouble *t, struct ca_wr *resp);

/* sim_trace.c: lines "> ..." and "< ...", secrets as **. */
void ca_sim_trace_cmd(FILE *f, struct ca_rd cmd);
void ca_sim_trace_resp(FILE *f, struct ca_rd resp);
void ca_sim_trace_note(FILE *f, const char *text);

/* sim_fs.c: building. parent and the result are indexes; -1 = table full or no
 * memory. data is copied, with zeros up to alloc. With a state directory a
 * file that was written earlier has its old content. */
int ca_sim_fs_df(struct ca_sim *s, int parent, uint16_t fid, struct ca_rd aid);
int ca_sim_fs_ef(struct ca_sim *s, int parent, uint16_t fid, struct ca_rd data,
    size_t alloc, enum ca_sim_rule update);
int ca_sim_fs_child(const struct ca_sim *s, int parent, uint16_t fid);
/* Writes the content of an updated file to the state directory. */
ca_err ca_sim_fs_keep(const struct ca_sim *s, const struct ca_sim_file *f);
uint16_t ca_sim_select(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_read_binary(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_read_binary_odd(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_update_binary(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* sim_pin.c. add: the value is padded as the options say; the tries and a
 * changed value come back from the state directory. */
ca_err ca_sim_pins_make(struct ca_sim *s, int df);
/* One more PIN; everything but its value is in p. */
ca_err ca_sim_pin_add(struct ca_sim *s, struct ca_sim_pin p, const char *text);
/* A new value as it travels; all tries are back. */
uint16_t ca_sim_pin_set(struct ca_sim *s, struct ca_sim_pin *p,
    struct ca_rd value);
struct ca_sim_pin *ca_sim_pin_find(struct ca_sim *s, uint32_t ref);
bool ca_sim_user_in(struct ca_sim *s); /* the user's PIN is verified */
bool ca_sim_allowed(struct ca_sim *s, enum ca_sim_rule rule); /* now */
void ca_sim_pin_moved(struct ca_sim *s); /* another DF is current now */
uint16_t ca_sim_verify(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_change(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_reset_retry(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* sim_crypto.c */
uint16_t ca_sim_mse(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_pso(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_internal_auth(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_challenge(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
/* True when an algorithm byte is in a list like "8A,02". */
bool ca_sim_alg_listed(const char *list, uint8_t ref);

/* sim_rsa.c: the bare mathematics. The output holds the key's size. */
uint16_t ca_sim_sign(const struct ca_sim_key *k, enum ca_sim_pad pad,
    struct ca_rd in, struct ca_wr *out);
/* The X coordinate of the key's product with the point 04 X Y. */
uint16_t ca_sim_derive(const struct ca_sim_key *k, struct ca_rd point,
    struct ca_wr *out);
uint16_t ca_sim_decrypt(const struct ca_sim_key *k, enum ca_sim_pad pad,
    struct ca_rd in, struct ca_wr *out);

/* sim_keys.c: a key by name and kind ("rsa2048", "p256"), from the state
 * directory, from this process's memory, or new. Free with EVP_PKEY_free. */
ca_err ca_sim_key_get(const char *dir, const char *name, const char *kind,
    EVP_PKEY **out);
/* The card's own keys. */
ca_err ca_sim_keys_make(struct ca_sim *s);
/* Frees what this process remembers; for atexit and leak checkers. */
void ca_sim_keys_drop(void);

/* sim_certs.c: sub, root and a leaf for each key. */
ca_err ca_sim_certs_make(struct ca_sim *s);
/* sim_leaf.c: what the certificate file of key i shall hold: that of the first
 * one may be spoilt (ca_sim_opts.cert). CA_E_NOT_FOUND: there is no file. */
ca_err ca_sim_leaf_content(const struct ca_sim *s, size_t i,
    struct ca_buf *out);
/* A certificate like that of the first key, for a key that is not here. */
ca_err ca_sim_cert_other(const struct ca_sim *s, struct ca_buf *out);

/* sim_state.c: files of the state directory, written whole or not at all.
 * Every function does nothing, successfully, when dir is "". */
ca_err ca_sim_state_open(const char *dir);
/* CA_E_NOT_FOUND when there is no such file; *out is replaced. */
ca_err ca_sim_state_get(const char *dir, const char *name, struct ca_buf *out);
ca_err ca_sim_state_put(const char *dir, const char *name, struct ca_rd data);
/* PIN values and tries. */
ca_err ca_sim_state_pins_load(struct ca_sim *s);
ca_err ca_sim_state_pins_save(const struct ca_sim *s);

/* sim_types.c */
const struct ca_sim_type *ca_sim_type_find(const char *name);

/* All types, ended by NULL: gathered by the build, see CMakeLists.txt. */
extern const struct ca_sim_type *const ca_sim_types[];

/* sim_words.c: true when the word stands in a list like "a,b". */
bool ca_sim_word_listed(const char *list, const char *word);
/* True when every word of the list is one of n. */
bool ca_sim_words_known(const char *list, const char *const *words, size_t n);
/* True when the card shall tell this lie (ca_sim_opts.bad). */
bool ca_sim_bad(const struct ca_sim *s, const char *word);
/* True when every word of ca_sim_opts.bad is one of n. */
bool ca_sim_bad_known(const struct ca_sim *s, const char *const *words,
    size_t n);

#endif
