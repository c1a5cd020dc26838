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

# Our module, by pkcs11-tool.
ours_generates() {
	ours --login --pin "$PIN" --keypairgen --key-type "$1" --id "$2" \
		--label "$3"
}
# ours_uses ID: with the public half that OpenSC reads.
ours_uses() {
	ID=$1
	opensc_key "$1" && ours_signs
}
# The card holds four keys.
check_no_room() {
	ours_generates rsa:2048 55 'Khoá thứ năm' 2>&1 |
		grep CKR_DEVICE_MEMORY
}

opensc_again iso7816-15 ours --generate yes || exit
check generate-rsa ours_generates rsa:2048 51 'Khoá của tôi'
check generate-p384 ours_generates EC:secp384r1 52 'Khoá P-384'
check sign-rsa ours_uses 51
check opensc-sign-rsa opensc_uses 51 rsa
check opensc-sign-p384 opensc_uses 52 ec
check_fails same-id ours_generates rsa:2048 51 'Khoá nữa'
check_fails curve-unknown ours_generates EC:brainpoolP256r1 53 'Khoá nữa'
pkcs15-tool -D >"$T/dump" 2>&1
check_has label-private 'Private RSA Key \[Khoá của tôi\]' "$T/dump"
check_has label-public 'Public RSA Key \[Khoá của tôi\]' "$T/dump"
ours -M >"$T/mechanisms" 2>&1
check_has mechanism 'RSA-PKCS-KEY-PAIR-GEN.*hw.*generate_key_pair' \
	"$T/mechanisms"
check opensc-adds opensc_generates ec/prime256v1 54 'Khoá của OpenSC'
check opensc-sign-its-own opensc_uses 54 ec
check card-is-full check_no_room

check pull-and-insert opensc_pull_and_insert
check sign-again ours_uses 51
check first-key ours_uses 01
check trace-without-pin opensc_trace_is_clean
