/* Token objects on the host: what the suite's files share. */
#ifndef CA_FAM_STORED_H
#define CA_FAM_STORED_H

#include "tests/families/fam.h"

/* Of the cards in these tests. */
#define FAM_STORED_SERIAL "0A0B0C0D0E0F1011"

/* A file in the token's folder, or the folder (""); in rotating buffers. */
const char *fam_stored_path(const char *file);
/* How many objects lie there; removed on the way when `clear`. */
size_t fam_stored_files(bool clear);

/* stored_cert.c: certificates */
void fam_stored_certs(CU_pSuite s);

#endif
