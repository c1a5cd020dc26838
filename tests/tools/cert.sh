#!/bin/bash
# Certificates are listed, shown and written to files as they are on the card.
# cards: vgca-chipdoc iso7816-15 iso7816-15+p256 idprime bit4id-cns epass2003
# shellcheck source=tests/lib/tool.sh
. "$(dirname "$0")/../lib/tool.sh"

# of FILE OPTION...: what OpenSSL says of a certificate.
of() {
	openssl x509 -in "$1" -noout "${@:2}" | sed 's/^[^=]*=//; s/://g'
}

check list ca_token cert list
check_has number "$(of "$CA/leaf.pem" -serial)" "$T/out"
check show ca_token cert show
check_has fingerprint "$(of "$CA/leaf.pem" -fingerprint -sha256)" "$T/out"
check_has usage 'digital signature' "$T/out"
check_has diacritics 'CN = Nguyễn Văn Thử Nghiệm' "$T/out"

check json ca_token cert list --json
check_json holder-first '.certificates[0].authority' false
check_json number-json '.certificates[0].certificate.serial' \
	"$(of "$CA/leaf.pem" -serial)"
check_json on-the-token '[.certificates[].local] | any' false
id=$(jq -r '.certificates[0].id' "$T/out")
n=$(jq -r '[.certificates[] | select(.authority)] | length' "$T/out")

check export ca_token cert export "$T/one.pem"
check_equal exported "$(of "$CA/leaf.pem" -fingerprint)" \
	"$(of "$T/one.pem" -fingerprint)"
check export-id ca_token cert export --id "$id" --der "$T/one.der"
check der cmp "$T/one.der" <(openssl x509 -in "$CA/leaf.pem" -outform der)
check export-chain ca_token cert export --chain
check_equal chain $((n + 1)) "$(grep -c BEGIN "$T/out")"
if [ "$n" -gt 0 ]; then
	check authority grep -Fq "$(sed -n 2p "$CA/sub.pem")" "$T/out"
fi

ca_token cert export "$T/one.pem"
check_equal not-overwritten-status 8 "$status"
check_has not-overwritten 'Nothing was overwritten' "$T/err"
ca_token cert export --id ffff "$T/none.pem"
check_equal no-such-status 8 "$status"
check_fails no-such-file test -e "$T/none.pem"
ca_token cert show --id ffff
check_equal no-such-shown 8 "$status"
check_equal no-try 0 "$(card_control 35963 counters | tr ' ' '\n' |
	sed -n 's/^verifies=//p')"
"$CA_BUILD/ca-token" cert export >/dev/full 2>"$T/err"
check_equal full-disk-status 1 $?
check_has full-disk 'could not be written' "$T/err"
