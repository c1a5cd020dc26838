#!/bin/bash
# OpenSC, an independent client, uses the simulated ISO 7816-15 card through
# pcscd: the card is what it claims to be.
# shellcheck source=tests/lib/opensc.sh
. "$(dirname "$0")/../lib/opensc.sh"

opensc_start iso7816-15 || exit

opensc_lists '[Ii]so ?[Aa]pplet'
opensc_certificates 01 11 12
opensc_chain
check sign-RSA-PKCS opensc_sign RSA-PKCS "$T/info"
check sign-SHA256-RSA-PKCS opensc_sign SHA256-RSA-PKCS "$T/data"
check decrypt opensc_decrypts
opensc_wrong_pin
opensc_change_pin
opensc_unblock
opensc_stays_blocked

# The same over T=0: 61xx and GET RESPONSE, 6Cxx.
opensc_again iso7816-15 t0 --t0 yes --t1 no || exit
opensc_lists '[Ii]so ?[Aa]pplet'
check t0-sign opensc_sign SHA256-RSA-PKCS "$T/data"
check t0-decrypt opensc_decrypts
check t0-get-response grep -q '^> 00 C0 00 00' "$TRACE"

# Elliptic curves.
for curve in p256 p384; do
	opensc_again iso7816-15 "$curve" --key "$curve" || exit
	check "$curve-sign" opensc_sign_ec
done

# Directory files as they are met in the field: padding, fields left out
# (manufacturer, labels of objects).
opensc_again iso7816-15 odd --pad 40 --missing 12 || exit
check odd-sign opensc_sign SHA256-RSA-PKCS "$T/data"

check trace-without-pin opensc_trace_is_clean
