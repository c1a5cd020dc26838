#!/bin/bash
# What is plugged in, told to a person and to a program, in both languages; and
# no try of a PIN is spent by looking.
# cards: vgca-chipdoc vgca-jcop4 idprime etoken-java entersafe epass2003 bit4id-cns bit4id-own uicc iso7816-15 iso7816-15+p256
case $1 in uicc) CARD_OPTIONS=(--label 'WIM 1.01 PKI') ;; esac
# shellcheck source=tests/lib/tool.sh
. "$(dirname "$0")/../lib/tool.sh"

here='.tokens[] | select(.recognised)'
serial=$(pkcs11-tool --module "$MODULE" -L 2>/dev/null |
	sed -n 's/^ *serial num *: *//p' | head -n 1)

check list ca_token list
check_has label "Token \"$(pkcs11-tool --module "$MODULE" -L 2>/dev/null |
	sed -n 's/^ *token label *: *//p' | head -n 1)" "$T/out"
check_has reader 'Virtual PCD 00 00' "$T/out"
check_has empty-reader 'No token that is recognised' "$T/out"
check_equal quiet '' "$(cat "$T/err")"

check json ca_token list --json
check_json slots '.tokens | length' 2
check_json one "[$here] | length" 1
check_json serial "$here | .serial" "$serial"

check vietnamese in_vietnamese list
check_has vietnamese-reader 'Đầu đọc: *Virtual PCD 00 00' "$T/out"
check_fails no-english grep -q 'Reader' "$T/out"

# Where the card tells its tries.
ca_token list --json
left=$(jq -r "$here | .pin.tries_left" "$T/out")
check_json family "$here | .family | length > 0" true
if [ "$left" != null ]; then
	check status ca_token pin status --json
	check_json status-tries .pin.tries_left "$left"
	check_json not-locked .pin.locked false
	pkcs11-tool --module "$MODULE" --login --pin 11112222 -O >/dev/null 2>&1
	check after ca_token pin status --json
	check_json one-less .pin.tries_left "$((left - 1))"
	check words ca_token pin status
	check_has words-left 'PIN: *[0-9]+ tr(y|ies) left' "$T/out"
	check_equal one-try 1 "$(card_control 35963 counters | tr ' ' '\n' |
		sed -n 's/^wrong-tries=//p')"
else
	skip tries 'the card does not tell its tries'
fi

# Whose certificate: from the card itself, or from the user's folder.
if ca_token list --json && [ "$(jq "$here | .certificate" "$T/out")" != null ]; then
	check_json holder "$here | .certificate.holder" "$(openssl x509 \
		-in "$CA/leaf.pem" -noout -subject -nameopt \
		utf8,sep_multiline,-esc_msb,-esc_ctrl | sed -n 's/^ *CN=//p')"
	check_json hex "$here | .certificate.serial" "$(openssl x509 \
		-in "$CA/leaf.pem" -noout -serial | sed 's/^serial=//')"
fi

ca_token pin status --token nobody
check_equal other-token-status 3 "$status"
check_has other-token 'nobody' "$T/err"
check option-first "$CA_BUILD/ca-token" --module "$MODULE" list

# Without a card, and without pcscd.
stop_card 35963
ca_token list
check_equal gone-status 3 "$status"
stop_pcscd
ca_token list
check_equal no-service-status 3 "$status"
check_fails no-service-quiet test -z "$(cat "$T/err")"
