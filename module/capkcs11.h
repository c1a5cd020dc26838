/*
 * What libcapkcs11 tells beyond PKCS#11: its own (vendor-defined) object class
 * and attributes. For programs that manage tokens; others never meet them, as
 * the object is found only by a template that names its class. Include a
 * pkcs11.h first: these are numbers on top of its CKO_ and CKA_VENDOR_DEFINED.
 *
 * One object of this class stands for the token in a slot. It needs no login
 * and can be neither copied nor destroyed; but for CKA_CAPKCS11_SPEND_LAST_TRY
 * nothing of it can be set. Its numbers are asked from the card at each
 * C_GetAttributeValue, one command for each number of tries; no try is spent.
 * Another module answers a search for the class with no object, and an
 * attribute of this file with CKR_ATTRIBUTE_TYPE_INVALID.
 */
#ifndef CAPKCS11_H
#define CAPKCS11_H

#define CKO_CAPKCS11_TOKEN (CKO_VENDOR_DEFINED | 0x0CA90001UL)

/* The family of the card: the name of its profile, without end (no NUL). */
#define CKA_CAPKCS11_FAMILY (CKA_VENDOR_DEFINED | 0x0CA90101UL)

/* CK_ULONG. Tries left, and of how many, for the user's PIN and for the PUK
 * (the SO's PIN). CK_UNAVAILABLE_INFORMATION: there is none, or the card does
 * not tell; many cards do not while the PIN is verified. 0: it is blocked. */
#define CKA_CAPKCS11_PIN_TRIES (CKA_VENDOR_DEFINED | 0x0CA90102UL)
#define CKA_CAPKCS11_PIN_TRIES_MAX (CKA_VENDOR_DEFINED | 0x0CA90103UL)
#define CKA_CAPKCS11_PUK_TRIES (CKA_VENDOR_DEFINED | 0x0CA90104UL)
#define CKA_CAPKCS11_PUK_TRIES_MAX (CKA_VENDOR_DEFINED | 0x0CA90105UL)

/* CK_ULONG: CAPKCS11_CAN_* of what this card is known to let its holder do. Of
 * certificates the card's own access rules are asked (a few commands, no login,
 * nothing is written): C_CreateObject of a renewed certificate then writes it
 * over the old one while the user is logged in, if it fits. */
#define CKA_CAPKCS11_CAN (CKA_VENDOR_DEFINED | 0x0CA90106UL)
#define CAPKCS11_CAN_CHANGE_PIN 1UL /* C_SetPIN by the user */
#define CAPKCS11_CAN_UNBLOCK 2UL    /* C_InitPIN by the PUK */
#define CAPKCS11_CAN_WRITE_CERT 4UL /* certificates go to the card */
#define CAPKCS11_CAN_GENERATE 8UL   /* C_GenerateKeyPair on the card */

/*
 * CK_BBOOL, and the one that can be set, in any session: the next C_Login (also
 * C_LoginUser), C_SetPIN or C_InitPIN of this process on this token may spend
 * the last try of its PIN, which the module else refuses with CKR_PIN_LOCKED.
 * False at first, after that order whatever it answers, when the last session
 * closes, and for a token that was taken out. C_InitPIN after C_Login(CKU_SO)
 * is an order of its own: set it before each.
 */
#define CKA_CAPKCS11_SPEND_LAST_TRY (CKA_VENDOR_DEFINED | 0x0CA90107UL)

/* CK_BBOOL, of token certificates: it comes from a folder of this machine, not
 * from the card. */
#define CKA_CAPKCS11_LOCAL (CKA_VENDOR_DEFINED | 0x0CA90108UL)

#endif
