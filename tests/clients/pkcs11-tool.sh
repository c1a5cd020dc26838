#!/bin/bash
# OpenSC's pkcs11-tool: lists, tests, signs with every mechanism, and OpenSSL
# checks each signature with the public key of the card's certificate.
# cards: vgca-chipdoc iso7816-15 iso7816-15+raw
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

tool() {
	pkcs11-tool --module "$MODULE" "$@"
}

login=(--login --pin "$PIN")

tool -L >"$T/slots"
check_has slots-token "token label +: $TOKEN" "$T/slots"
check_has slots-flags 'token flags +:.*login required' "$T/slots"
check_has slots-initialized 'token flags +:.*PIN initialized' "$T/slots"

tool -O >"$T/public" 2>&1
check_has list-certificate 'Certificate Object' "$T/public"
check_equal list-hides-keys 0 "$(grep -c 'Private Key Object' "$T/public")"
tool -O "${login[@]}" >"$T/all" 2>&1
check_has list-private-key 'Private Key Object; RSA' "$T/all"
check_has list-public-key 'Public Key Object; RSA 2048' "$T/all"

# Every certificate on the card, byte for byte.
id=$(sed -n '/Private Key Object/,/ID:/s/^ *ID: *//p' "$T/all" | head -n 1)
certificate_is() {
	tool --read-object --type cert --id "$1" --output-file "$T/c.der" &&
		cmp "$T/c.der" <(openssl x509 -in "$2" -outform DER)
}
check certificate-of-key certificate_is "$id" "$CA/leaf.pem"
check_equal certificates-count 3 "$(grep -c 'Certificate Object' "$T/all")"

check test tool --test "${login[@]}"
check test-fork tool --test-fork "${login[@]}"
check random tool --generate-random 32 --output-file "$T/random"
check_equal random-length 32 "$(stat -c %s "$T/random")"

tool -M >"$T/mechanisms" 2>&1
# Verifying is done on the host, so a mechanism alone says little.
can_sign_with() {
	grep -Eq "^ *$1,.*[ ,]sign(,| *$)" "$T/mechanisms"
}

# sign_and_verify MECHANISM INPUT VERIFY...: VERIFY is the openssl command that
# takes "-signature FILE".
sign_and_verify() {
	local mechanism=$1 input=$2
	shift 2
	rm -f "$T/sig"
	tool --sign -m "$mechanism" "${login[@]}" --id "$id" \
		--input-file "$input" --output-file "$T/sig" "${extra[@]}" &&
		"$@"
}

extra=()
for hash in 1 224 256 384 512; do
	check "sign-SHA$hash-RSA-PKCS" sign_and_verify \
		"SHA$hash-RSA-PKCS" "$T/data" \
		openssl dgst "-sha$hash" -verify "$T/pub.pem" \
		-signature "$T/sig" "$T/data"
done

# RSA-PKCS takes the finished DigestInfo (RFC 8017, 9.2, note 1).
printf '\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20' \
	>"$T/info"
openssl dgst -sha256 -binary "$T/data" >>"$T/info"
check sign-RSA-PKCS sign_and_verify RSA-PKCS "$T/info" \
	openssl dgst -sha256 -verify "$T/pub.pem" -signature "$T/sig" "$T/data"

# Of these a card without raw RSA is excused.
not_offered() {
	if [ "$VARIANT" = raw ]; then
		not_ok "$1" 'the card does raw RSA, and this is not offered'
	else
		skip "$1" 'the card offers no raw RSA and no PSS'
	fi
}

for hash in 256 384 512; do
	mechanism=SHA$hash-RSA-PKCS-PSS
	if ! can_sign_with "$mechanism"; then
		not_offered "sign-$mechanism"
		continue
	fi
	check "sign-$mechanism" sign_and_verify "$mechanism" "$T/data" \
		openssl dgst "-sha$hash" -sigopt rsa_padding_mode:pss \
		-sigopt rsa_pss_saltlen:-1 -verify "$T/pub.pem" \
		-signature "$T/sig" "$T/data"
done
if can_sign_with RSA-PKCS-PSS; then
	openssl dgst -sha256 -binary "$T/data" >"$T/hash"
	extra=(--hash-algorithm SHA256 --mgf MGF1-SHA256 --salt-len 32)
	check sign-RSA-PKCS-PSS sign_and_verify RSA-PKCS-PSS "$T/hash" \
		openssl dgst -sha256 -sigopt rsa_padding_mode:pss \
		-sigopt rsa_pss_saltlen:32 -verify "$T/pub.pem" \
		-signature "$T/sig" "$T/data"
	extra=()
else
	not_offered sign-RSA-PKCS-PSS
fi
if can_sign_with RSA-X-509; then
	# A number below the modulus, as long as the modulus.
	head -c 255 /dev/zero | tr '\0' '\132' >"$T/raw"
	{ printf '\0' && cat "$T/raw"; } >"$T/number"
	raw_verify() {
		openssl pkeyutl -verifyrecover -pubin -inkey "$T/pub.pem" \
			-pkeyopt rsa_padding_mode:none -in "$T/sig" \
			-out "$T/recovered" && cmp "$T/recovered" "$T/number"
	}
	check sign-RSA-X-509 sign_and_verify RSA-X-509 "$T/number" raw_verify
else
	not_offered sign-RSA-X-509
fi

# A second card program must find the card as it was: no login left behind.
check_fails sign-without-login tool --sign -m SHA256-RSA-PKCS --id "$id" \
	--input-file "$T/data" --output-file "$T/sig.none"
