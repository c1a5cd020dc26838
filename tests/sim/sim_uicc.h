/*
 * The PKI SIM: what its files share. sim_uicc.c is the card, its options and
 * PINs.
 */
#ifndef CA_SIM_UICC_H
#define CA_SIM_UICC_H

#include "tests/sim/sim_card.h"

#define CA_SIM_UICC_CHANNELS 20
#define CA_SIM_UICC_FAR 4 /* the first whose class bytes begin with 4 */
#define CA_SIM_UICC_SUBSCRIBER 0x01 /* reference of the subscriber's PIN */
#define CA_SIM_UICC_ALG 0x02        /* RSA with PKCS#1 padding */
#define CA_SIM_UICC_EC 0x04         /* ECDSA over a finished hash */
#define CA_SIM_UICC_SE 3            /* the RSA environment of the WIM */
#define CA_SIM_UICC_APP 0x7F50      /* the application, below the root */
#define CA_SIM_UICC_RULES 0x7F60    /* a store of access rules alone */
#define CA_SIM_UICC_PINS 0x5300     /* below the application: PIN-NR */
#define CA_SIM_UICC_USIM 0x7FF0
#define CA_SIM_UICC_KEY 0x4B01 /* the first private key */

/* What each logical channel has for itself. */
struct ca_sim_uicc_channel {
	bool open;
	int df, ef;
	int adf; /* the application selected last; -1 = none */
	struct ca_sim_se se[CA_SIM_OPS_];
};

struct ca_sim_uicc {
	struct ca_sim_uicc_channel channels[CA_SIM_UICC_CHANNELS];
	unsigned at; /* the channel whose state is in struct ca_sim now */
	int app;     /* the PKI application */
	int pins;    /* where PIN-NR lives: there, or in a directory of it */
};

/* True when the option "model" has this word; see sim_uicc.c. */
bool ca_sim_uicc_is(const struct ca_sim *s, const char *word);

/* True when a channel stands in the application. */
bool ca_sim_uicc_inside(const struct ca_sim *s, int df);
/* True when TokenInfo's label says that it is a WIM. */
bool ca_sim_uicc_wim(const struct ca_sim *s);

/* ---- channels (sim_uicc_channel.c) ---- */

/* The channel of a class byte (TS 102 221 10.1.1). */
unsigned ca_sim_uicc_of(uint8_t cla);

/* Makes the state of a channel, which is open, the card's. */
void ca_sim_uicc_switch(struct ca_sim *s, unsigned n);
/* True when a channel other than the present one is in the application. */
bool ca_sim_uicc_elsewhere(const struct ca_sim *s);
uint16_t ca_sim_uicc_manage(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

/* ---- files ---- */

#define CA_SIM_UICC_ODF 0x5031
#define CA_SIM_UICC_TOKENINFO 0x5032
#define CA_SIM_UICC_UNUSED 0x5033
#define CA_SIM_UICC_AODF 0x4401
#define CA_SIM_UICC_PRKDF 0x4402
#define CA_SIM_UICC_CDF 0x4404
#define CA_SIM_UICC_CA_CDF 0x4405
#define CA_SIM_UICC_CERTS 0x4331 /* every certificate, one behind the other */
#define CA_SIM_UICC_SPACE 0x4332

/* sim_uicc_files.c: makes them all. */
CA_MUST_CHECK ca_err ca_sim_uicc_files(struct ca_sim *s);
/* sim_uicc_fcp.c: the template 62 of a file. */
void ca_sim_uicc_fcp(const struct ca_sim *s, const struct ca_sim_file *f,
    uint8_t p2, struct ca_wr *body);

/* sim_uicc_wim.c: the content of the files. */
void ca_sim_uicc_tokeninfo(const struct ca_sim *s, struct ca_wr *w);
void ca_sim_uicc_odf(const struct ca_sim *s, struct ca_wr *w);
void ca_sim_uicc_aodf(const struct ca_sim *s, struct ca_wr *w);
void ca_sim_uicc_prkdf(const struct ca_sim *s, struct ca_wr *w);
/* An entry for n bytes at an offset of CA_SIM_UICC_CERTS. */
void ca_sim_uicc_certificate(const struct ca_sim *s, struct ca_wr *w,
    const char *label, uint8_t id, bool ca, size_t at, size_t n);
/* Free space at the beginning of a directory, if the options want it. */
void ca_sim_uicc_hole(const struct ca_sim *s, struct ca_wr *w);

/* ---- commands (sim_uicc_cmd.c; sim_uicc_sign.c: mse, pso) ---- */

#define CA_SIM_UICC_INS 11 /* rows */
extern const struct ca_sim_ins ca_sim_uicc_ins[CA_SIM_UICC_INS];

uint16_t ca_sim_uicc_mse(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);
uint16_t ca_sim_uicc_pso(struct ca_sim *s, const struct ca_sim_cmd *c,
    struct ca_wr *body);

#endif
