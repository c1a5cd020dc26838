/* The suites of the unit tests, in the order they run. */
#ifndef UT_SUITES_H
#define UT_SUITES_H

#include "tests/unit/ut.h"

#define UT_SUITES(S)                                                           \
	S(rd)                                                                  \
	S(wr)                                                                  \
	S(tlv)                                                                 \
	S(buf)                                                                 \
	S(secret)                                                              \
	S(locked)                                                              \
	S(log)                                                                 \
	S(hex)                                                                 \
	S(file)                                                                \
	S(ini)                                                                 \
	S(config)                                                              \
	S(apdu)                                                                \
	S(sw)                                                                  \
	S(features)                                                            \
	S(pinpad)                                                              \
	S(entersafe_sm)                                                        \
	S(epass2003)                                                           \
	S(atr)                                                                 \
	S(pin)                                                                 \
	S(pkcs15)                                                              \
	S(pkcs15_write)                                                        \
	S(iso7816)                                                             \
	S(profile)                                                             \
	S(idprime)                                                             \
	S(uicc)                                                                \
	S(whose)                                                               \
	S(x509)                                                                \
	S(certstore)                                                           \
	S(objstore)                                                            \
	S(selfcheck)                                                           \
	S(token)                                                               \
	S(token_pin)                                                           \
	S(token_remote)                                                        \
	S(generate)                                                            \
	S(attrs)                                                               \
	S(schema)                                                              \
	S(stored_code)                                                         \
	S(session_crypto)                                                      \
	S(privkey)                                                             \
	S(rsa_numbers)                                                         \
	S(wrap)                                                                \
	S(unpad)                                                               \
	S(pkcs8)                                                               \
	S(dump_guard)                                                          \
	S(dump)                                                                \
	S(phone_code)                                                          \
	S(desk)

#define UT_DECLARE(name) extern const struct ut_suite ut_suite_##name;
UT_SUITES(UT_DECLARE)
#undef UT_DECLARE

#endif
