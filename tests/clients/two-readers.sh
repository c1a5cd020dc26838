#!/bin/bash
# Two tokens in two readers at once: each is found by its label, each signs with
# its own key, and a wrong PIN on one costs the other nothing.
# cards: vgca-chipdoc
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

second="Thử nghiệm hai"
start_card iso7816-15 35964 --pin 13572468 --label "$second"
check_equal start-second 0 $?
mkdir -p "$T/ca2"
cards_export_ca 35964 "$T/ca2"
openssl x509 -in "$T/ca2/leaf.pem" -noout -pubkey >"$T/pub2.pem"

tool() {
	pkcs11-tool --module "$MODULE" "$@"
}

tool -L >"$T/slots" 2>&1
check_has slots-first "token label +: $TOKEN" "$T/slots"
check_has slots-second "token label +: $second" "$T/slots"

# sign LABEL PIN PUBLIC-KEY
sign() {
	rm -f "$T/sig"
	tool --token-label "$1" --login --pin "$2" --sign -m SHA256-RSA-PKCS \
		--input-file "$T/data" --output-file "$T/sig" &&
		openssl dgst -sha256 -verify "$3" -signature "$T/sig" "$T/data"
}
check sign-first sign "$TOKEN" "$PIN" "$T/pub.pem"
check sign-second sign "$second" 13572468 "$T/pub2.pem"
check_fails keys-differ cmp "$T/pub.pem" "$T/pub2.pem"

# Both at the same time, several times.
loop() {
	local i
	for i in 1 2 3; do
		tool --token-label "$1" --login --pin "$2" --sign \
			-m SHA256-RSA-PKCS --input-file "$T/data" \
			--output-file "$3.$i" &&
			openssl dgst -sha256 -verify "$4" -signature "$3.$i" \
				"$T/data" || return 1
	done
}
loop "$TOKEN" "$PIN" "$T/a" "$T/pub.pem" >"$T/a.log" 2>&1 &
first=$!
check parallel-second loop "$second" 13572468 "$T/b" "$T/pub2.pem"
wait "$first"
check_equal parallel-first 0 $?

check_fails wrong-pin-on-second tool --token-label "$second" --login \
	--pin 11112222 -O
tool -L >"$T/slots" 2>&1
first_flags=$(sed -n "/token label *: $TOKEN/,/token flags/s/.*token flags *://p" \
	"$T/slots")
second_flags=$(sed -n "/token label *: $second/,/token flags/s/.*token flags *://p" \
	"$T/slots")
count_low() {
	case $1 in
	*'PIN count low'*) echo low ;;
	*) echo full ;;
	esac
}
check_equal wrong-pin-first-untouched full "$(count_low "$first_flags")"
check_equal wrong-pin-second-shown low "$(count_low "$second_flags")"

# One goes; the other stays.
stop_card 35964
check_equal pull-second 0 $?
check sign-first-alone sign "$TOKEN" "$PIN" "$T/pub.pem"
