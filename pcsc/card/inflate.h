/*
 * Compressed files of cards (zlib, RFC 1950). What is announced and what comes
 * out are both the card's words: the one is a cap for the other.
 */
#ifndef CA_CARD_INFLATE_H
#define CA_CARD_INFLATE_H

#include "pcsc/base/buf.h"
#include "pcsc/base/err.h"
#include "pcsc/base/rd.h"

/* The largest certificate we expand; a file of 64 KiB could give a thousand
 * times as much. */
#define CA_INFLATE_MAX 32768

/*
 * Expands a zlib stream that gives exactly `length` bytes into *out. Bytes
 * behind the stream are padding and ignored. CA_E_DATA: no such stream,
 * another length, or a length above CA_INFLATE_MAX.
 */
ca_err ca_inflate(struct ca_rd stream, size_t length, struct ca_buf *out);

#endif
