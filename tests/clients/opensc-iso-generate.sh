#!/bin/bash
# OpenSC generates keys on the simulated ISO 7816-15 card through pcscd, by its
# own driver for IsoApplet, and uses them: the card makes keys and files as that
# applet does. Then our module generates, and OpenSC uses what it made.
# shellcheck source=tests/lib/opensc.sh
. "$(dirname "$0")/../lib/opensc.sh"

opensc_start iso7816-15 --generate yes || exit

# opensc_key ID: its public half, as OpenSC reads it, into $T/pub.pem.
opensc_key() {
	rm -f "$T/pub.pem"
	pkcs15-tool --read-public-key "$1" --output "$T/pub.pem" &&
		openssl pkey -pubin -in "$T/pub.pem" -noout
}

# opensc_uses ID rsa|ec: a signature that OpenSSL agrees with.
opensc_uses() {
	ID=$1
	opensc_key "$1" || return 1
	case $2 in
	rsa) opensc_sign SHA256-RSA-PKCS "$T/data" ;;
	ec) opensc_sign_ec ;;
	esac
}

opensc_generates() {
	pkcs15-init --generate-key "$1" --id "$2" --auth-id "$AUTH" \
		--pin "$PIN" --label "$3"
}

check generate-rsa opensc_generates rsa/2048 45 'Khoá RSA'
check generate-p256 opensc_generates ec/prime256v1 46 'Khoá P-256'
check sign-rsa opensc_uses 45 rsa
check sign-p256 opensc_uses 46 ec
check first-key opensc_uses 01 rsa

# The card pulled and put in again holds them.
check pull-and-insert opensc_pull_and_insert
check sign-again opensc_uses 46 ec
check trace-without-pin opensc_trace_is_clean
