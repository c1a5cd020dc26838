/*
 * The PKCS#15 files (ISO/IEC 7816-15) of any card that has them: object
 * directory, token information, directories of PINs, keys and certificates,
 * and the certificates. The card's own file says where they lie.
 */
#ifndef CA_SIM_P15_H
#define CA_SIM_P15_H

#include "tests/sim/sim_card.h"

#define CA_SIM_DATA 2

/* Where a type keeps its files; 0 = there is no such file. */
struct ca_sim_layout {
	int df; /* the application */
	/* what stands in front of a file identifier in a path */
	struct ca_rd prefix;
	uint16_t odf, tokeninfo, aodf, prkdf, pukdf, cdf, dodf;
	uint16_t leaf[CA_SIM_KEYS];
	uint16_t chain[2];             /* the leaf's issuer first */
	uint16_t data[CA_SIM_DATA];    /* data objects */
	uint16_t pub[CA_SIM_KEYS];     /* 0: the key is no file of its own */
	uint16_t key[CA_SIM_KEYS];     /* behind key_path; 0 = nothing */
	uint16_t alloc_odf, alloc_dir; /* sizes; 0 = as needed */
	uint16_t alloc_tokeninfo;
	uint16_t alloc_pub;              /* with public_key alone */
	struct ca_rd pin_path, key_path; /* pin_path empty = left out */
	const char *manufacturer;
	bool serial_text;  /* serialNumber is the number in decimal text */
	bool pin2;         /* the second PIN stands in the PIN directory */
	bool pin_number;   /* pinReference without the bit for "local" */
	uint8_t pin_type;  /* PinType; 0 = 1, ASCII numeric */
	bool puk_unlisted; /* the PUK has no entry, as OpenSC writes it */
	/* Content of a public key file; NULL = RSAPublicKey, or
	 * SubjectPublicKeyInfo for a curve. */
	void (*public_key)(const struct ca_sim_key *k, struct ca_wr *w);
};

/* Makes every file of the layout. */
CA_MUST_CHECK ca_err ca_sim_p15_make(struct ca_sim *s,
    const struct ca_sim_layout *l);

/* EF.DIR's entry for an application; path empty = left out. */
void ca_sim_p15_dir_entry(struct ca_wr *w, struct ca_rd aid, const char *label,
    struct ca_rd path);

/* What a data object holds. */
struct ca_rd ca_sim_p15_data(size_t i);

/* TokenInfo (sim_p15_token.c). */
void ca_sim_p15_tokeninfo(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w);

/* One directory each, every object in it (sim_p15_dirs.c). */
void ca_sim_p15_aodf(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w);
void ca_sim_p15_prkdf(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w);
void ca_sim_p15_pukdf(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w);
void ca_sim_p15_cdf(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w);

void ca_sim_p15_dodf(const struct ca_sim *s, const struct ca_sim_layout *l,
    struct ca_wr *w);

/* Path ::= SEQUENCE { path OCTET STRING }: prefix and identifier. */
void ca_sim_p15_path(struct ca_wr *w, struct ca_rd prefix, uint16_t fid);

#endif
