/*
 * The index and tables of an IDPrime applet (SafeNet eToken 5110 CC, IDPrime
 * MD), from bytes to structures: what tests and fuzzers feed. The layout is the
 * one OpenSC reads (card-idprime.c, 0.23 and mid-2026).
 */
#ifndef CA_CARD_IDPRIME_H
#define CA_CARD_IDPRIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcsc/base/buf.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"
#include "pcsc/base/wr.h"
#include "pcsc/card/model.h"

#define CA_IDPRIME_FILES_MAX 255      /* the index counts them in a byte */
#define CA_IDPRIME_CONTAINERS_MAX 100 /* the names have two digits */
#define CA_IDPRIME_CONTAINER 0x7F     /* of a key's id: the container */
#define CA_IDPRIME_EXCHANGE 0x80      /* ... whose exchange key it is */

enum ca_idprime_kind {
	CA_IDPRIME_OTHER,
	CA_IDPRIME_CERT_SIGN,     /* mscp/kscNN */
	CA_IDPRIME_CERT_EXCHANGE, /* mscp/kxcNN */
	CA_IDPRIME_TOKEN_INFO,    /* p11/tinfo */
};

struct ca_idprime_file {
	uint16_t fid;
	size_t size;
	enum ca_idprime_kind kind;
	uint8_t container;
};

/*
 * The index file 0101: a count and entries of 21 bytes. Entries that the file
 * does not hold in full do not exist, whatever the count says. Returns how many
 * were written to out (at most cap).
 */
size_t ca_idprime_index(struct ca_rd file, struct ca_idprime_file *out,
    size_t cap);

struct ca_idprime_container {
	bool used; /* it has a name, is flagged valid or tells of a key */
	unsigned sign_bits, exchange_bits; /* 0 = no such key */
};

/* cmapfile 0204: whole records of 86 bytes; container `n`. False: none. */
bool ca_idprime_container(struct ca_rd file, uint8_t n,
    struct ca_idprime_container *out);

struct ca_idprime_key {
	uint8_t reference;
	uint8_t pin; /* 1: the token PIN; others: the signature PIN */
};

/* File 0005 of the 940: whole records of 8 bytes; the nth (from 0) of those
 * for this container. False: there are not so many. */
bool ca_idprime_key(struct ca_rd file, uint8_t container, unsigned nth,
    struct ca_idprime_key *out);

/* Whether either map has a record in use at all: one that has none tells
 * nothing (there are 940s with keys and an empty container map). */
bool ca_idprime_has_containers(struct ca_rd file);
bool ca_idprime_has_keys(struct ca_rd file);

/*
 * The key reference by the version of the operating system, the rule that
 * OpenSC had until 0.23, where it holds for the cards it knew. False: the card
 * does not say its version (0), or the reference would be out of range.
 */
bool ca_idprime_old_reference(uint8_t version, uint8_t container, uint8_t *out);

/* A DigestInfo of SHA-256, -384 or -512, in the one form PKCS#1 verifiers
 * accept: the algorithm for which the card makes it, and the hash. */
bool ca_idprime_digest_info(struct ca_rd in, enum ca_alg *alg,
    struct ca_rd *hash);

/*
 * What the card is given for ECDSA: the hash with zeros on its left up to a
 * multiple of 8 bytes. That makes more bytes than the order has only for
 * P-521 and a value above 64 bytes, and which 521 of its 576 bits such a card
 * takes is not known: form 0 has them as a number, on the right, form 1 on the
 * left. Otherwise both are the same. False: it does not fit.
 */
bool ca_idprime_ecdsa_input(struct ca_rd hash, unsigned form,
    struct ca_wr *out);

/* A certificate file: DER as it is, or 01 00, length (little endian), zlib.
 * CA_E_DATA when it is neither. */
ca_err ca_idprime_certificate(struct ca_rd file, struct ca_buf *der);

/* tinfo: 01, length, label padded with blanks; out is terminated. */
void ca_idprime_label(struct ca_rd file, char *out, size_t cap);

/* What a certificate says of its key: RSA or EC (true), and its size in bits,
 * 0 when it cannot be told. */
bool ca_idprime_cert_key(struct ca_rd der, bool *ec, size_t *bits);

#endif
