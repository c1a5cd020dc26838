#!/bin/bash
# OpenSC's driver for any card, an independent client, reads the simulated PKI
# SIM through pcscd over T=0: it lists, reads the certificate out of the shared
# file, verifies, changes and unblocks PIN-NR. It knows no algorithm of such a
# card, so that nothing is signed; it opens no logical channel; and it refuses
# the object directory of a WIM for the data object in it: the application is
# plain PKCS#15 here.
# shellcheck source=tests/lib/opensc.sh
. "$(dirname "$0")/../lib/opensc.sh"

cat >"$OPENSC_CONF" <<'END'
app default {
	enable_default_driver = true;
	card_drivers = default;
	framework pkcs15 {
		use_file_caching = false;
		use_pin_caching = false;
	}
}
END

# pkcs15-tool ends with 255 for whatever the card refused.
pin_nr() {
	local status=0
	pkcs15-tool --auth-id 02 "$@" || status=$?
	[ "$status" != 255 ] || status=1
	return "$status"
}

# uicc_certificate ID FILE: what OpenSC reads is what was made.
uicc_certificate() {
	pkcs15-tool --read-certificate "$1" --output "$T/c.pem" &&
		openssl x509 -in "$T/c.pem" -out "$T/c2.pem" &&
		cmp "$T/c2.pem" "$2"
}

uicc_lists() {
	pkcs15-tool -D >"$T/dump" 2>&1
	check_has list-label 'SIM PKI' "$T/dump"
	check_has list-serial '8984012345678901' "$T/dump"
	check_has list-pin 'PIN \[PIN-NR\]' "$T/dump"
	check_has list-pin-rules 'min_len:4, max_len:8, stored_len:8' "$T/dump"
	check_has list-pin-reference 'Reference *: 129' "$T/dump"
	check_has list-key 'Private RSA Key \[NR key\]' "$T/dump"
	check_has list-usage 'Usage *:.*nonRepudiation' "$T/dump"
	check certificate uicc_certificate 45 "$T/ca/leaf.pem"
	opensc_chain
}

uicc_pin() {
	check verify pin_nr --verify-pin --pin $PIN
	check_fails wrong-pin pin_nr --verify-pin --pin 11112222
	check_equal wrong-pin-one-try 'ok pin=2 puk=10 pin2=3' "$(opensc_tries)"
	check change-pin pin_nr --change-pin --pin $PIN --new-pin 13572468
	check change-pin-new pin_nr --verify-pin --pin 13572468
	check change-pin-back pin_nr --change-pin --pin 13572468 --new-pin $PIN
	for _ in 1 2 3; do
		pin_nr --verify-pin --pin 11112222 >"$T/block" 2>&1
	done
	check_fails blocked pin_nr --verify-pin --pin $PIN
	check unblock pin_nr --unblock-pin --puk $PUK --new-pin $PIN
	check unblocked pin_nr --verify-pin --pin $PIN
	check_equal subscriber-untouched 'ok pin=3 puk=10 pin2=3' \
		"$(opensc_tries)"
}

opensc_start uicc --label 'SIM PKI' --model select-00,path || exit
uicc_lists
uicc_pin
check get-response grep -q '^> 00 C0 00 00' "$TRACE"
check record grep -q '^> 00 B2 01 04 30' "$TRACE"
check_fails nothing-is-signed grep -q "^> 00 2A" "$TRACE"

# The application known by its name alone; two keys and the chain.
opensc_again uicc name --label 'SIM PKI' --model select-00,usim --keys 2 --chain 2 \
	--pin2-ref 2 || exit
check name-certificate uicc_certificate 45 "$T/ca/leaf.pem"
check name-certificate-sub uicc_certificate 11 "$T/ca/sub.pem"
check name-certificate-root uicc_certificate 12 "$T/ca/root.pem"
check name-verify pin_nr --verify-pin --pin $PIN

# EF.DIR as one file; a store of access rules in front of the WIM.
opensc_again uicc flat --label 'SIM PKI' --model select-00,dir-flat || exit
check flat-certificate uicc_certificate 45 "$T/ca/leaf.pem"
check flat-verify pin_nr --verify-pin --pin $PIN

opensc_again uicc rules --label 'SIM PKI' --model select-00,arf,path \
	--aid A0000000635741502D57494D || exit
pkcs15-tool --list-applications >"$T/apps" 2>&1
check_has rules-listed 'A000000063504B43532D3135' "$T/apps"
check_has rules-and-wim 'A0000000635741502D57494D' "$T/apps"

# An EC key of a plain application.
opensc_again uicc ec --label 'SIM PKI' --model select-00,path --key p256 || exit
check ec-certificate uicc_certificate 45 "$T/ca/leaf.pem"
pkcs15-tool -D >"$T/dump" 2>&1
check_has ec-key 'Private EC Key' "$T/dump"
check ec-verify pin_nr --verify-pin --pin $PIN

check trace-without-pin opensc_trace_is_clean
