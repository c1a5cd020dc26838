/* What the tests of the IDPrime card share; the PIN is 12345678. */
#ifndef CA_TEST_SIM_IDPRIME_H
#define CA_TEST_SIM_IDPRIME_H

#include "tests/sim/t.h"

#define AID "00A4040C0BA000000018800000000662"
/* SHA-256 of "hello", and its DigestInfo. */
#define HASH "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
#define INFO "3031300D060960864801650304020105000420" HASH
#define PIN16 "31323334353637380000000000000000"
#define PUK16 "38373635343332310000000000000000"
#define NEW16 "31313232333334340000000000000000"
#define BAD16 "39393939393939390000000000000000"

/* The card of the public traces: key reference 56, one signature key. */
#define PLAIN "key-ref=0x56 exchange=0"

/* One command; true when the answer is exactly this (hex) and this status. */
bool t_idprime_says(struct ca_sim *s, const char *cmd, unsigned sw,
    const char *hex);

#endif
