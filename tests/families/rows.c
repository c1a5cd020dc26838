/*
 * The cards, and what is expected of them. Budgets: open, certificate, login,
 * first and later signature, C_GetTokenInfo; on T=0 with the GET RESPONSEs and
 * repetitions that the protocol costs.
 */
#include "tests/families/fam.h"

/* What worked, NAME/N for N forms of the parameters (see use.c). PSS in
 * eighteen: nine hashes, each without salt and with one as long as the hash;
 * OAEP likewise with and without a label. */
#define HASHED                                                                 \
	"SHA1_RSA_PKCS/1 SHA224_RSA_PKCS/1 SHA256_RSA_PKCS/1 "                 \
	"SHA384_RSA_PKCS/1 SHA512_RSA_PKCS/1"
#define SHA3ED                                                                 \
	" SHA3_224_RSA_PKCS/1 SHA3_256_RSA_PKCS/1 SHA3_384_RSA_PKCS/1 "        \
	"SHA3_512_RSA_PKCS/1"
#define NONE ""
#define SIGNS_PKCS1 "RSA_PKCS/1 " HASHED SHA3ED
#define SIGNS_RAW                                                              \
	"RSA_PKCS/1 RSA_X_509/1 " HASHED SHA3ED                                \
	" RSA_PKCS_PSS/18 SHA1_RSA_PKCS_PSS/2 SHA224_RSA_PKCS_PSS/2 "          \
	"SHA256_RSA_PKCS_PSS/2 SHA384_RSA_PKCS_PSS/2 SHA512_RSA_PKCS_PSS/2 "   \
	"SHA3_224_RSA_PKCS_PSS/2 SHA3_256_RSA_PKCS_PSS/2 "                     \
	"SHA3_384_RSA_PKCS_PSS/2 SHA3_512_RSA_PKCS_PSS/2"
/* The card's own PSS: three hashes, and the salt is as long as the hash. */
#define SIGNS_IDPRIME                                                          \
	"RSA_PKCS/1 " HASHED SHA3ED " RSA_PKCS_PSS/3 SHA256_RSA_PKCS_PSS/1 "   \
	"SHA384_RSA_PKCS_PSS/1 SHA512_RSA_PKCS_PSS/1"
#define SIGNS_EC                                                               \
	"ECDSA/1 ECDSA_SHA1/1 ECDSA_SHA224/1 ECDSA_SHA256/1 "                  \
	"ECDSA_SHA384/1 ECDSA_SHA512/1 ECDSA_SHA3_224/1 ECDSA_SHA3_256/1 "     \
	"ECDSA_SHA3_384/1 ECDSA_SHA3_512/1"
#define DECRYPTS_PKCS1 "RSA_PKCS/1"
#define DECRYPTS_RAW "RSA_PKCS/1 RSA_X_509/1 RSA_PKCS_OAEP/18"
/* ... and its own OAEP, without a label, four hashes. */
#define DECRYPTS_IDPRIME "RSA_PKCS/1 RSA_PKCS_OAEP/4"

/* All that a keypad can be asked for: blocks of at most 15 bytes. */
#define KEYED (FAM_KEYED | FAM_KEYED_CHANGE | FAM_KEYED_UNBLOCK)

/* clang-format off */
const struct fam_row fam_rows[] = {
	{ "vgca-chipdoc", "vgca-chipdoc", "",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_HEARD | KEYED, SIGNS_PKCS1, NONE,
	  { 11, 6, 3, 2, 2, 1 } },
	/* Raw RSA is there, and has to show itself first. */
	{ "vgca-chipdoc-raw", "vgca-chipdoc", "algs=8A,02,8C",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_HEARD | KEYED, SIGNS_RAW, NONE,
	  { 11, 6, 3, 2, 2, 1 } },
	{ "vgca-jcop4", "vgca-jcop4", "",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | FAM_NO_CERT, SIGNS_PKCS1, NONE,
	  { 18, 0, 3, 3, 3, 1 } },
	/* The file of its public key is padded like the others. */
	{ "vgca-jcop4-padded", "vgca-jcop4", "model=key-padded",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | FAM_NO_CERT, SIGNS_PKCS1, NONE,
	  { 18, 0, 3, 3, 3, 1 } },
	{ "vgca-jcop4-raw", "vgca-jcop4", "algs=02,8C",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | FAM_NO_CERT, SIGNS_RAW, NONE,
	  { 18, 0, 3, 3, 3, 1 } },
	/* An applet that forgets its PINs when it is selected, and wants to be
	 * told the algorithm. */
	{ "vgca-jcop4-strict", "vgca-jcop4", "model=select-ends,alg-named",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | FAM_NO_CERT, SIGNS_PKCS1, NONE,
	  { 18, 0, 3, 5, 3, 1 } },
	/* One that gives a long result to a long Le alone. */
	{ "vgca-jcop4-long", "vgca-jcop4", "model=long-only extended=yes",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | FAM_NO_CERT | FAM_EXTENDED, SIGNS_PKCS1, NONE,
	  { 18, 0, 3, 6, 2, 1 } },
	/* Keys one of which is for exchange, and the eToken's second PIN. */
	{ "idprime-940-t0", "idprime", "t0=yes t1=no keys=2",
	  FAM_CHANGE, SIGNS_IDPRIME, DECRYPTS_IDPRIME,
	  { 16, 4, 3, 4, 4, 1 } },
	{ "idprime-940-t1", "idprime", "keys=2",
	  FAM_CHANGE, SIGNS_IDPRIME, DECRYPTS_IDPRIME,
	  { 12, 4, 3, 3, 3, 1 } },
	/* One certificate is read at once, for its key's type. */
	{ "idprime-940c-t0", "idprime", "model=940c t0=yes t1=no",
	  FAM_CHANGE, SIGNS_IDPRIME, DECRYPTS_IDPRIME,
	  { 16, 0, 3, 4, 4, 1 } },
	{ "idprime-840-p256", "idprime", "model=840 t0=yes t1=no key=p256",
	  FAM_CHANGE, SIGNS_EC, NONE,
	  { 13, 4, 3, 4, 4, 1 } },
	{ "idprime-3810", "idprime", "model=3810 t0=yes t1=no exchange=1",
	  FAM_CHANGE | FAM_KEYED, SIGNS_IDPRIME, DECRYPTS_IDPRIME,
	  { 13, 4, 3, 4, 4, 1 } },
	/* The size of the key as the card's PSS and OAEP take it. */
	{ "idprime-930plus-3072", "idprime", "model=930plus key=rsa3072",
	  FAM_CHANGE | FAM_KEYED, SIGNS_IDPRIME, DECRYPTS_IDPRIME,
	  { 10, 5, 3, 4, 4, 1 } },
	{ "idprime-p384", "idprime", "model=5110sc key=p384 cert-zlib=no",
	  FAM_CHANGE, SIGNS_EC, NONE,
	  { 13, 0, 3, 3, 3, 1 } },
	{ "idprime-p521", "idprime", "key=p521",
	  FAM_CHANGE, SIGNS_EC, NONE,
	  { 13, 0, 3, 3, 3, 1 } },
	{ "idprime-p521-number", "idprime", "key=p521 bad=ec-number",
	  FAM_CHANGE, SIGNS_EC, NONE,
	  { 13, 0, 3, 3, 3, 1 } },
	{ "entersafe", "entersafe", "",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE, SIGNS_RAW, DECRYPTS_RAW,
	  { 12, 6, 4, 2, 2, 1 } },
	{ "entersafe-t0", "entersafe", "t0=yes t1=no",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE, SIGNS_RAW, DECRYPTS_RAW,
	  { 17, 7, 4, 3, 3, 1 } },
	/* A wrapped block of 256 bytes needs extended length. */
	{ "epass2003", "epass2003", "",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_HEARD | FAM_PUK_CHANGE | FAM_EXTENDED, SIGNS_RAW, DECRYPTS_RAW,
	  { 14, 5, 5, 2, 2, 2 } },
	{ "epass2003-3des", "epass2003", "sm=3des",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_HEARD | FAM_PUK_CHANGE | FAM_EXTENDED, SIGNS_RAW, DECRYPTS_RAW,
	  { 14, 5, 5, 2, 2, 2 } },
	{ "epass2003-fips", "epass2003", "sm=fips sm-length=yes",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_HEARD | FAM_PUK_CHANGE | FAM_EXTENDED, SIGNS_RAW, DECRYPTS_RAW,
	  { 14, 5, 5, 2, 2, 2 } },
	{ "epass2003-p256", "epass2003", "key=p256",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_HEARD | FAM_PUK_CHANGE, SIGNS_EC, NONE,
	  { 14, 4, 5, 2, 2, 2 } },
	{ "bit4id-cns", "bit4id-cns", "",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | KEYED, SIGNS_RAW, DECRYPTS_RAW,
	  { 5, 5, 4, 5, 3, 2 } },
	{ "cns-t0", "bit4id-cns", "t0=yes t1=no model=jsign3",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | KEYED, SIGNS_RAW, DECRYPTS_RAW,
	  { 5, 6, 4, 6, 4, 2 } },
	/* Other makers: no bit for "from here up". */
	{ "cns-idemia", "bit4id-cns", "model=idemia pin-ref=0x10 puk-ref=0x11 pin2-ref=0x10",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | KEYED, SIGNS_RAW, DECRYPTS_RAW,
	  { 7, 5, 4, 5, 3, 2 } },
	{ "cns-infocamere", "bit4id-cns", "model=infocamere keys=1 pin-ref=0x10 puk-ref=0x11 pin2-ref=0x1A",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | KEYED, SIGNS_RAW, DECRYPTS_RAW,
	  { 9, 5, 4, 5, 3, 2 } },
	{ "uicc", "uicc", "",
	  FAM_CHANGE | FAM_UNBLOCK | KEYED, SIGNS_PKCS1, NONE,
	  { 21, 5, 2, 6, 4, 1 } },
	/* No GET RESPONSE, and no environment to restore. */
	{ "uicc-t1", "uicc", "t0=no t1=yes label=SIM",
	  FAM_CHANGE | FAM_UNBLOCK | KEYED, SIGNS_PKCS1, NONE,
	  { 14, 5, 2, 4, 3, 1 } },
	{ "uicc-p256", "uicc", "label=SIM key=p256",
	  FAM_CHANGE | FAM_UNBLOCK | KEYED, SIGNS_EC, NONE,
	  { 21, 4, 2, 5, 4, 1 } },
	/* A global PIN, which outlives the channel; a disabled one. */
	{ "uicc-global", "uicc", "pin-ref=2 puk-ref=0x42 model=far-channel,silent,pin-g-off pin2-ref=3",
	  FAM_CHANGE | FAM_UNBLOCK | KEYED, SIGNS_PKCS1, NONE,
	  { 21, 5, 2, 6, 4, 1 } },
	/* A PIN in a directory of its own, on the basic channel: each login
	 * goes there, and the certificate is read before it. */
	{ "uicc-deep", "uicc", "model=pin-df,no-channel,se-once,class80",
	  FAM_CHANGE | FAM_UNBLOCK | KEYED, SIGNS_PKCS1, NONE,
	  { 22, 7, 5, 9, 9, 4 } },
	{ "iso-rsa", "iso7816-15", "",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE, SIGNS_PKCS1, DECRYPTS_PKCS1,
	  { 11, 6, 3, 2, 2, 1 } },
	{ "iso-raw-t0", "iso7816-15", "t0=yes t1=no algs=11,02,21,22 token-algs=11,02,21,22 pin-max=8 pin-stored=8",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | KEYED, SIGNS_RAW, DECRYPTS_RAW,
	  { 16, 7, 3, 3, 3, 1 } },
	/* A PUK that is the officer's own PIN can be verified. */
	{ "iso-so-pin", "iso7816-15", "so-pin=yes pin-max=8 pin-stored=8",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_HEARD | FAM_PUK_CHANGE | KEYED, SIGNS_PKCS1, DECRYPTS_PKCS1,
	  { 11, 6, 3, 2, 2, 1 } },
	/* PINs as long as they were typed: one can be keyed in, two cannot. */
	{ "iso-p256", "iso7816-15", "key=p256 pin-padding=no pin-compare=typed pin-max=12",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE | FAM_KEYED, SIGNS_EC, NONE,
	  { 11, 5, 3, 2, 2, 1 } },
	{ "iso-p384", "iso7816-15", "key=p384",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE, SIGNS_EC, NONE,
	  { 11, 5, 3, 2, 2, 1 } },
	{ "iso-p521", "iso7816-15", "key=p521",
	  FAM_CHANGE | FAM_UNBLOCK | FAM_PUK_CHANGE, SIGNS_EC, NONE,
	  { 11, 5, 3, 2, 2, 1 } },
	/* No PUK: the officer has nothing to do. */
	{ "iso-no-puk", "iso7816-15", "puk= pin-max=8 pin-stored=8", FAM_CHANGE | FAM_KEYED | FAM_KEYED_CHANGE, SIGNS_PKCS1, DECRYPTS_PKCS1,
	  { 11, 6, 3, 2, 2, 1 } },
};
/* clang-format on */
const size_t fam_rows_n = CA_COUNT(fam_rows);
