#!/bin/bash
# OpenSC's driver for Feitian's ePass2003 uses the simulated one through pcscd:
# every command but the first three is enciphered and has a MAC. Cards in the
# profile's own format: what a vendor's token looks like is not known.
# shellcheck source=tests/lib/opensc.sh
. "$(dirname "$0")/../lib/opensc.sh"

# The driver's MAC with 3DES needs single DES, which OpenSSL 3 keeps in its
# legacy provider.
opensc_legacy

# A block of 256 bytes goes with extended length, and so does its Le.
epass_extended() {
	local all
	all=$(grep -c '^# inside 00 2A 80 86 Lc 256' "$TRACE")
	[ "$all" -gt 0 ] &&
		[ "$all" = "$(grep -c \
			'^> 0C 2A 80 86 00 01 22 87 82 01 11 01 .* 00 00$' "$TRACE")" ]
}

opensc_start epass2003 --pin-tries 3 || exit

opensc_lists '^epass2003'
opensc_certificates 01 11 12
opensc_chain
check sign-RSA-PKCS opensc_sign RSA-PKCS "$T/info"
check sign-SHA256-RSA-PKCS opensc_sign SHA256-RSA-PKCS "$T/data"
check decrypt opensc_decrypts
check extended-length epass_extended
opensc_wrong_pin
opensc_change_pin
check change-pin-by-key-value grep -q '^# inside 80 E5 04 01 Lc 25' "$TRACE"

# The tool's unblocking proves the PUK and writes nothing: the PIN stays
# blocked. (It says it did.)
check block opensc_block
pkcs15-tool --unblock-pin --auth-id 01 --puk "$PUK" --new-pin 13572468
check puk-proved grep -q '^# inside 00 82 01 82 Lc 8' "$TRACE"
check_equal still-blocked 'ok pin=0 puk=6' "$(opensc_tries)"
opensc_stays_blocked

# Nothing a PIN could be read from or tried on.
epass_trace_is_clean() {
	local value hex
	grep -q '^# inside 80 E5 04 01 Lc 25 \*\*' "$TRACE" || return 1
	for value in $PIN $PUK 11112222 13572468; do
		hex=$(printf %s "$value" | od -An -tx1 | tr 'a-f' 'A-F')
		! grep -F "${hex# }" "$TRACE" || return 1
		hex=$(printf %s "$value" | openssl dgst -sha1 -binary |
			od -An -tx1 | tr 'a-f' 'A-F')
		! grep -F "${hex:1:23}" "$TRACE" || return 1
	done
}
check trace-without-pin epass_trace_is_clean

# The other kinds of channel, and a card that has none.
for sm in 3des fips none; do
	opensc_again epass2003 $sm --sm $sm || exit
	opensc_lists '^epass2003'
	check sign opensc_sign SHA256-RSA-PKCS "$T/data"
	check decrypt opensc_decrypts
	opensc_change_pin
	check ours-signs ours_signs
done

# Two keys: the second one's files are 20 (hex) further on the card.
opensc_again epass2003 two-keys --keys 2 || exit
openssl x509 -in "$T/ca/leaf.pem" -noout -pubkey >"$T/pub1.pem"
check first-key opensc_sign SHA256-RSA-PKCS "$T/data"
tool --read-object --type pubkey --id 02 --output-file "$T/pub2.der"
openssl pkey -pubin -inform DER -in "$T/pub2.der" -out "$T/pub.pem"
check_fails keys-differ cmp "$T/pub1.pem" "$T/pub.pem"
epass_second_key() {
	tool --login --pin "$PIN" --sign -m SHA256-RSA-PKCS --id 02 \
		--input-file "$T/data" --output-file "$T/sig2" &&
		openssl dgst -sha256 -verify "$T/pub.pem" \
			-signature "$T/sig2" "$T/data"
}
check second-key epass_second_key
check second-key-file grep -q '^# inside 00 22 41 B8 Lc 7 80 01 84 81 02 29 20' \
	"$TRACE"

# Lengths of one byte up to FF, as real cards are said to write them.
opensc_again epass2003 length --sm-length yes || exit
check sign opensc_sign SHA256-RSA-PKCS "$T/data"

opensc_again epass2003 p256 --key p256 || exit
check sign opensc_sign_ec

# Another certificate, stored by OpenSC: a file made, written, and named in the
# directory.
opensc_again epass2003 store || exit
opensc_stores
opensc_ours_reads
check ours-extended-length epass_extended
