/*
 * What the two families of cards by Feitian share: SELECT by one identifier at
 * a time, access bytes, files made and deleted by commands, raw RSA, DES and
 * AES.
 *
 * struct ca_sim_ft is the first member of the own state of both.
 */
#ifndef CA_SIM_FEITIAN_H
#define CA_SIM_FEITIAN_H

#include "tests/sim/sim_card.h"

#define CA_SIM_FT_ACL 10  /* access bytes of a file at most */
#define CA_SIM_FT_GONE 16 /* deleted files remembered */
#define CA_SIM_FT_CHALLENGE 8

/* Status words that the shared core has no use for. */
enum {
	CA_SIM_FT_SW_AUTH = 0x6300,   /* authentication failed */
	CA_SIM_FT_SW_NO_SM = 0x6987,  /* objects of secure messaging missing */
	CA_SIM_FT_SW_BAD_SM = 0x6988, /* ... or wrong */
	CA_SIM_FT_SW_EXISTS = 0x6A89,
};

/* Kinds of files, as descriptor bytes of the epass2003. */
enum ca_sim_ft_kind {
	CA_SIM_FT_TRANSPARENT = 0x01,
	CA_SIM_FT_RECORDS = 0x04, /* linear variable; data: length, bytes, .. */
	CA_SIM_FT_SECRET = 0x10,
	CA_SIM_FT_PRIVATE = 0x11,
	CA_SIM_FT_PUBLIC = 0x12,
	CA_SIM_FT_DF = 0x38,
};

/* What the shared core does not keep of a file. */
struct ca_sim_ft_file {
	enum ca_sim_ft_kind kind;
	uint8_t acl[CA_SIM_FT_ACL];
	size_t acl_n;
	enum ca_sim_rule create, del;
	bool made; /* by a command: kept in the state directory */
};

/* How a family codes its access bytes. */
struct ca_sim_ft_coding {
	enum ca_sim_rule (*rule)(uint8_t access);
	size_t acl_n;
	/* where they stand; acl_n = there is none */
	size_t read, update, del, create;
};

struct ca_sim_ft {
	const struct ca_sim_ft_coding *coding;
	struct ca_sim_ft_file files[CA_SIM_FILES];
	struct {
		uint16_t parent, fid;
	} gone[CA_SIM_FT_GONE];
	size_t gone_n;
	/* lost at a reset: the challenge given out last */
	bool challenged;
	uint8_t challenge[CA_SIM_FT_CHALLENGE];
	/* what a test wants to be drawn instead of random bytes */
	uint8_t planned[16];
	size_t planned_n;
};

struct ca_sim_ft *ca_sim_ft(const struct ca_sim *s);

/* ---- commands by class and instruction ---- */

struct ca_sim_ft_row {
	uint8_t cla, ins;
	uint16_t (*run)(struct ca_sim *s, const struct ca_sim_cmd *c,
	    struct ca_wr *body);
};

/* Runs the row; SW_CLA when the instruction has another class, SW_INS when
 * there is none. */
uint16_t ca_sim_ft_dispatch(const struct ca_sim_ft_row *rows, size_t n,
    struct ca_sim *s, const struct ca_sim_cmd *c, struct ca_wr *body);

/* ---- files (sim_feitian.c; made and deleted: sim_feitian_files.c) ---- */

/* Carries out SELECT but for its answer: 00 00 and one identifier, of the
 * master file, the current DF or a child of it. */
uint16_t ca_sim_ft_select(struct ca_sim *s, const struct ca_sim_cmd *c,
    int *out);
/* READ and UPDATE BINARY of the current EF: no short identifiers; class 80 for
 * an offset above 7FFF. At most max bytes of data. */
uint16_t ca_sim_ft_read(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_ft_update(struct ca_sim *s, const struct ca_sim_cmd *c,
    size_t max);
/* Makes a file of size bytes under the current DF. data may be empty. */
uint16_t ca_sim_ft_create(struct ca_sim *s, uint16_t fid,
    enum ca_sim_ft_kind kind, size_t size, struct ca_rd acl);
uint16_t ca_sim_ft_delete(struct ca_sim *s, uint16_t fid);
/* Grows the file to so many bytes, unless there is no such file. */
ca_err ca_sim_ft_grow(struct ca_sim *s, int parent, uint16_t fid, size_t size);
/* At the end of build(): files made and deleted by commands of the past. */
ca_err ca_sim_ft_load(struct ca_sim *s);

/* ---- keys ---- */

/* A private key on data of exactly its size, or on a hash for a curve. Its PIN
 * is verified, unless the options say that the card does not ask. */
uint16_t ca_sim_ft_private(struct ca_sim *s, const struct ca_sim_key *k,
    struct ca_rd in, struct ca_wr *body);

/* ---- random numbers ---- */

/* The next numbers are these (at most 16 bytes), for transcripts. */
void ca_sim_ft_plan(struct ca_sim *s, struct ca_rd numbers);
bool ca_sim_ft_random(struct ca_sim *s, uint8_t *out, size_t n);
/* GET CHALLENGE of n bytes, of which the first eight are kept. */
uint16_t ca_sim_ft_challenge(struct ca_sim *s, size_t n, struct ca_wr *body);
/* Takes the challenge back: it counts once. False when there is none. */
bool ca_sim_ft_challenged(struct ca_sim *s, uint8_t out[CA_SIM_FT_CHALLENGE]);

/* ---- ciphers (sim_feitian_crypt.c) ---- */

struct ca_sim_ft_key {
	bool aes;
	uint8_t b[24]; /* AES 16, DES three keys */
};

/* DES from 8 bytes (single), 16 (K1 K2 K1) or 24; AES from 16. */
struct ca_sim_ft_key ca_sim_ft_des(const uint8_t *key, size_t n);
struct ca_sim_ft_key ca_sim_ft_aes(const uint8_t *key);
/* Bytes of a block: 16 or 8. */
size_t ca_sim_ft_block(const struct ca_sim_ft_key *k);
/* CBC over whole blocks; out holds as many bytes and may be in. iv NULL =
 * zeros. False: no whole blocks, or the library failed. */
bool ca_sim_ft_cbc(const struct ca_sim_ft_key *k, const uint8_t *iv,
    bool encrypt, struct ca_rd in, uint8_t *out);
/* Each block on its own. */
bool ca_sim_ft_ecb(const struct ca_sim_ft_key *k, bool encrypt, struct ca_rd in,
    uint8_t *out);
/* Writes 80 00 .. up to a whole number of blocks. */
void ca_sim_ft_pad(struct ca_wr *w, size_t block);
/* What stands before 80 00 ..; false when there is no such end. */
bool ca_sim_ft_unpad(struct ca_rd *r);
/* Eight bytes over padded data: DES as ISO/IEC 9797-1 algorithm 3 (the second
 * half of the key in the last block alone), AES the start of the last CBC
 * block. */
bool ca_sim_ft_mac(const struct ca_sim_ft_key *k, const uint8_t *iv,
    struct ca_rd in, uint8_t out[8]);
/* AES-CMAC, 16 bytes, with a start value (NULL = the standard's zeros). */
bool ca_sim_ft_cmac(const uint8_t key[16], const uint8_t *iv, struct ca_rd in,
    uint8_t out[16]);

#endif
