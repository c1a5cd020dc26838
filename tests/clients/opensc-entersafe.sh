#!/bin/bash
# OpenSC's driver for Feitian's entersafe cards uses the simulated one through
# pcscd. Cards in the profile's own format: what a vendor's token looks like is
# not known.
# shellcheck source=tests/lib/opensc.sh
. "$(dirname "$0")/../lib/opensc.sh"

# The driver's MAC of administrative commands needs single DES, which OpenSSL 3
# keeps in its legacy provider.
opensc_legacy

opensc_start entersafe || exit

opensc_lists '^entersafe'
opensc_certificates 01 11 12
opensc_chain
check sign-RSA-PKCS opensc_sign RSA-PKCS "$T/info"
check sign-SHA256-RSA-PKCS opensc_sign SHA256-RSA-PKCS "$T/data"
check sign-64-and-192 grep -q '^> 00 2A 86 80 C0 ' "$TRACE"
check decrypt opensc_decrypts
opensc_wrong_pin
opensc_change_pin
opensc_unblock
check unblock-by-write-key grep -q '^> 84 F4 0B 01 1C ' "$TRACE"
opensc_stays_blocked

check trace-without-pin opensc_trace_is_clean

# The older ePass3000: T=0, 61xx and GET RESPONSE.
opensc_again entersafe t0 --t0 yes --t1 no || exit
opensc_lists '^entersafe'
check t0-sign opensc_sign SHA256-RSA-PKCS "$T/data"
check t0-get-response grep -q '^> 00 C0 00 00' "$TRACE"
opensc_change_pin

# A key of 1024 bits needs no bytes in MSE.
opensc_again entersafe rsa1024 --key rsa1024 || exit
check sign opensc_sign SHA256-RSA-PKCS "$T/data"
check sign-in-one grep -q '^> 00 2A 86 80 80 ' "$TRACE"

# Keys of administrative commands that are not public: everything but the
# unblocking works. (The tool says it did: it looks at neither status word.)
opensc_again entersafe other-keys --admin-keys other || exit
check sign opensc_sign SHA256-RSA-PKCS "$T/data"
pkcs15-tool --unblock-pin --auth-id 01 --puk "$PUK" --new-pin 13572468
check unblock-refused grep -q '^< 69 88' "$TRACE"
check_fails unblock-changes-nothing tool --login --pin 13572468 -O \
	--type privkey

# Another certificate, stored by OpenSC: a file made, written, and named in the
# directory.
opensc_again entersafe store --key-free yes || exit
opensc_stores
opensc_ours_reads
