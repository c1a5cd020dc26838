#!/bin/bash
# A PIN is changed by its holder, and set anew with the PUK, as a user does it
# with pkcs11-tool; afterwards only the new one signs.
# cards: vgca-chipdoc vgca-jcop4 iso7816-15 bit4id-cns entersafe epass2003
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

PUK=87654321
second=86427531
third=13572468

tool() {
	pkcs11-tool --module "$MODULE" "$@"
}

# counter NAME: what the card itself counted.
counter() {
	card_control 35963 counters | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# signs PIN: a signature that openssl accepts.
signs() {
	rm -f "$T/signature"
	tool --login --pin "$1" --sign --mechanism SHA256-RSA-PKCS \
		--input-file "$T/data" --output-file "$T/signature" &&
		openssl dgst -sha256 -verify "$T/pub.pem" \
			-signature "$T/signature" "$T/data"
}

set_pin() {
	tool --login --pin "$1" --change-pin --new-pin "$2"
}

by_puk() {
	tool --login --login-type so --so-pin "$1" --init-pin --new-pin "$2"
}

check first signs "$PIN"
check change set_pin "$PIN" "$second"
check_equal no-wrong-try 0 "$(counter wrong-tries)"
check second signs "$second"
check_fails first-is-gone signs "$PIN"
check_equal one-wrong-try 1 "$(counter wrong-tries)"

check by-puk by_puk "$PUK" "$third"
check third signs "$third"
by_puk 87654320 "$second" >"$T/wrong" 2>&1
check_has wrong-puk CKR_PIN_INCORRECT "$T/wrong"
check_equal wrong-puk-tries 2 "$(counter wrong-tries)"
check third-still signs "$third"
