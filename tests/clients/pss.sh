#!/bin/bash
# PSS on a token of which nobody knows whether it does raw RSA: the card that
# does signs, the one that does not refuses and signs PKCS#1 as before. No PIN is
# asked for more than once.
# cards: vgca-chipdoc vgca-chipdoc+raw
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

counter() {
	card_control 35963 counters | tr ' ' '\n' | sed -n "s/^$1=//p"
}

openssl x509 -in "$CA/leaf.pem" -pubkey -noout >"$T/pub.pem"

# signs MECHANISM [OPTION OF OPENSSL]...
signs() {
	local mechanism=$1
	shift
	rm -f "$T/signature"
	pkcs11-tool --module "$MODULE" --login --pin "$PIN" --sign \
		--mechanism "$mechanism" --input-file "$T/data" \
		--output-file "$T/signature" &&
		openssl dgst -sha256 "$@" -verify "$T/pub.pem" \
			-signature "$T/signature" "$T/data"
}

pss=(SHA256-RSA-PKCS-PSS -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32)
before=$(counter verifies)
if [ "$VARIANT" = raw ]; then
	check pss signs "${pss[@]}"
else
	check_fails pss signs "${pss[@]}"
	signs "${pss[@]}" >"$T/refused" 2>&1
	check_has refused CKR_MECHANISM_INVALID "$T/refused"
fi
check pkcs1 signs SHA256-RSA-PKCS
runs=$([ "$VARIANT" = raw ] && echo 2 || echo 3)
check_equal one-pin-each "$runs" "$(($(counter verifies) - before))"
