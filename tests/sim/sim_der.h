/*
 * DER for the directory files, written into a ca_wr. A structure is opened,
 * filled and closed; closing puts the length in.
 *
 *	size_t seq = ca_sim_der_open(w, 0x30);
 *	ca_sim_der_uint(w, 0x02, 5);
 *	ca_sim_der_close(w, seq);
 */
#ifndef CA_SIM_DER_H
#define CA_SIM_DER_H

#include "pcsc/base/wr.h"

/* Returns the mark for close(). */
size_t ca_sim_der_open(struct ca_wr *w, uint32_t tag);
void ca_sim_der_close(struct ca_wr *w, size_t mark);

/* INTEGER or its like: shortest form, a 00 in front of a set top bit. */
void ca_sim_der_uint(struct ca_wr *w, uint32_t tag, uint32_t v);
/* BIT STRING of named bits, bit 0 first, trailing zeros left out. */
void ca_sim_der_bits(struct ca_wr *w, uint32_t tag, uint32_t bits);
void ca_sim_der_text(struct ca_wr *w, uint32_t tag, const char *text);
/* One byte under a tag. */
void ca_sim_der_byte(struct ca_wr *w, uint32_t tag, uint8_t v);

#endif
