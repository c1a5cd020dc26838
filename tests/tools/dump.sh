#!/bin/bash
# A card is written down by ca-token, blanked, and the file is a simulated card
# that our module takes for a card of the same family, in the same reader.
# cards: vgca-chipdoc iso7816-15 idprime
# shellcheck source=tests/lib/tool.sh
. "$(dirname "$0")/../lib/tool.sh"

ca_token list --json
family=$(jq -r '.tokens[0].family' "$T/out")
holder=$(jq -r '.tokens[0].certificate.holder' "$T/out")
serial=$(jq -r '.tokens[0].serial' "$T/out")

check dump ca_token card dump "$T/card"
check_has told "$T/card" "$T/err"
check_fails holder-blanked grep -Fq -e "$holder" -e "$serial" "$T/card"
ca_token card dump "$T/card"
check_equal kept-status 8 "$status"
check_has kept 'Nothing was overwritten' "$T/err"
check full ca_token card dump --full "$T/full"
check_fails full-tells-more cmp -s "$T/card" "$T/full"
check standard-output ca_token card dump
check same-text cmp "$T/card" "$T/out"
check_equal no-try 0 "$(card_control 35963 counters | tr ' ' '\n' |
	sed -n 's/^verifies=//p')"
ca_token card dump --reader Nowhere "$T/none"
check_equal other-reader-status 3 "$status"
check_fails no-file test -e "$T/none"

stop_card 35963
"$CA_SIMCARD" --from-dump "$T/full" --port 35963 >"$T/card.out" 2>&1 &
cards_pid[35963]=$!
check plays wait_for_reader_card 35963
check played ca_token list --json
check_json played-family '.tokens[0].family' "$family"
check_json played-holder '.tokens[0].certificate.holder' "$holder"
check_json played-serial '.tokens[0].serial' "$serial"
