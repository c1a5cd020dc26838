#!/bin/bash
# OpenSC's driver for CNS cards, an independent client, uses the simulated CNS
# card through pcscd: both keys, each with its PIN. The driver never asks for
# the tries left and shows every PIN as locked; that is not the card's doing.
# shellcheck source=tests/lib/opensc.sh
. "$(dirname "$0")/../lib/opensc.sh"

# Slot 0 is the key for logging in (CNS0), slot 1 the one for signing (CNS1).
SLOT=0
tool() {
	pkcs11-tool --module "$opensc_module" --slot-index "$SLOT" "$@"
}

# use SLOT PIN: with the key, PIN and certificate of that slot from now on.
# Not for check(), which would set them in a shell of its own.
use() {
	SLOT=$1 PIN=$2
	if [ "$SLOT" = 0 ]; then ID=01; else ID=10; fi
	AUTH=$ID
	tool --read-object --type cert --id "$ID" --output-file "$T/c.der" &&
		openssl x509 -inform DER -in "$T/c.der" -out "$T/c.pem" &&
		openssl x509 -in "$T/c.pem" -noout -pubkey >"$T/pub.pem" &&
		openssl verify -CAfile "$T/ca/root.pem" \
			-untrusted "$T/ca/sub.pem" "$T/c.pem"
} >"$T/use" 2>&1

PIN0=$PIN
PIN1=86427531

# openssl_same FILE FILE: one certificate in two forms of the same armour.
openssl_same() {
	openssl x509 -in "$1" -out "$T/same.pem" && cmp "$T/same.pem" "$2"
}

opensc_start bit4id-cns --pin2 $PIN1 || exit

opensc-tool -n >"$T/name" 2>&1
check_has list-driver '^CNS card' "$T/name"
pkcs15-tool -D >"$T/dump" 2>&1
check_line list-serial 'Serial number  : 7430010000000001' "$T/dump"
check_line list-holder 'PKCS#15 Card [THU NGHIEM MAU]:' "$T/dump"
check_has list-pin-rules 'min_len:5, max_len:8, stored_len:8' "$T/dump"
check_has list-key-auth 'Private RSA Key \[CNS0\]' "$T/dump"
check_has list-key-sign 'Private RSA Key \[CNS1\]' "$T/dump"

use 0 $PIN0
check_equal auth-certificate 0 $?
check auth-certificate-same cmp "$T/c.pem" "$T/ca/leaf.pem"
check auth-sign-RSA-PKCS opensc_sign RSA-PKCS "$T/info"
check auth-sign-SHA256-RSA-PKCS opensc_sign SHA256-RSA-PKCS "$T/data"
check auth-sign-PSS opensc_sign_pss SHA256
check auth-decrypt opensc_decrypts
opensc_wrong_pin
opensc_change_pin
opensc_unblock

use 1 $PIN1
check_equal sign-certificate 0 $?
check sign-RSA-PKCS opensc_sign RSA-PKCS "$T/info"
check sign-SHA256-RSA-PKCS opensc_sign SHA256-RSA-PKCS "$T/data"
check sign-restore grep -q '^> 00 22 F3 03 00$' "$TRACE"
check sign-raw-by-decipher grep -q '^> 00 22 F1 B8 03 83 01 10$' "$TRACE"
check sign-chained grep -q '^> 10 2A 80 86 FF 00 00 01 FF' "$TRACE"
check_fails sign-wrong-pin tool --login --pin $PIN0 -O --type privkey
check_equal sign-wrong-pin-one-try 'ok pin=3 puk=5 pin2=2' "$(opensc_tries)"
opensc_change_pin
check_equal sign-tries-back 'ok pin=3 puk=5 pin2=3' "$(opensc_tries)"
check sign-unblock pkcs15-tool --unblock-pin --auth-id 10 --puk $PUK \
	--new-pin $PIN1
check sign-unblocked opensc_sign RSA-PKCS "$T/info"

use 0 $PIN0
opensc_stays_blocked
check trace-without-pin opensc_trace_is_clean

# Certificates that are for signing alone: then the driver asks the card for a
# signature.
opensc_again bit4id-cns cds --pin $PIN0 --pin2 $PIN1 --cert-sign yes || exit
use 1 $PIN1
check_equal cds-certificate 0 $?
check cds-sign opensc_sign SHA256-RSA-PKCS "$T/data"
check cds-key grep -q '^> 00 22 F1 B6 03 83 01 10$' "$TRACE"
check cds-chained grep -q '^> 10 2A 9E 9A FF 00 01 FF' "$TRACE"
check trace-without-pin opensc_trace_is_clean

# Extended length in place of chaining.
opensc_config 'reader_driver pcsc {
			max_send_size = 65535;
			max_recv_size = 65536;
		}'
opensc_again bit4id-cns extended --pin $PIN0 --pin2 $PIN1 || exit
use 1 $PIN1
check_equal extended-certificate 0 $?
check extended-sign opensc_sign SHA256-RSA-PKCS "$T/data"
check extended-command grep -q '^> 00 2A 80 86 00 01 01 00 00 01 FF' "$TRACE"
check extended-decrypt opensc_decrypts
check trace-without-pin opensc_trace_is_clean

# Masks of other makers: no bit for "from here up" in the references. OpenSC
# 0.23 knows the first key of the one, and the old certificate of the other.
opensc_again bit4id-cns idemia --model idemia --pin-ref 0x10 --puk-ref 0x11 \
	--pin2-ref 0x10 || exit
use 0 "$PIN"
check_equal idemia-certificate 0 $?
check idemia-sign opensc_sign SHA256-RSA-PKCS "$T/data"
check idemia-verify grep -q '^> 00 20 00 10 08' "$TRACE"

opensc_again bit4id-cns infocamere --model infocamere --keys 1 --pin-ref 0x10 \
	--puk-ref 0x11 || exit
check infocamere-read pkcs15-tool --read-certificate 21 --output "$T/c.pem"
check infocamere-same openssl_same "$T/c.pem" "$T/ca/leaf.pem"
