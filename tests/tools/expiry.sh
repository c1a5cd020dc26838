#!/bin/bash
# What is to be renewed, by the days that the office set; the certificate of a
# simulated card is valid for about three years.
# cards: vgca-chipdoc
# shellcheck source=tests/lib/tool.sh
. "$(dirname "$0")/../lib/tool.sh"

CAPKCS11_TOOLS_CONF=$T/tools.conf
export CAPKCS11_TOOLS_CONF

# days WARN RENEW
days() {
	printf '[expiry]\nwarn_days = %s\nrenew_days = %s\n' "$1" "$2" \
		>"$CAPKCS11_TOOLS_CONF"
}

# state NAME STATUS STATE
state() {
	ca_token expiry --json
	check_equal "$1-status" "$2" "$status"
	check_json "$1" '.tokens[0].state' "$3"
}

state defaults 0 good
left=$(jq '.tokens[0].certificate.days_left' "$T/out")
days "$left" 60
state warn 7 renew
days $((left - 1)) 60
state not-yet 0 good
days 3000 "$left"
state enough 7 renew
days 3000 $((left + 1))
state late 7 late
ca_token expiry
check_equal words-status 7 "$status"
check_has words "What to do: *ask at once" "$T/out"
in_vietnamese expiry
check_has vietnamese 'Cần làm: *đề nghị ngay' "$T/out"

# A mistake in the file is told with its line, and the rest counts.
printf '[expiry]\nwarn_days = soon\nrenew_days = 3000\n' >"$CAPKCS11_TOOLS_CONF"
ca_token expiry
check_has mistake 'tools.conf:2' "$T/err"
check_equal rest-counts 7 "$status"

ca_token expiry --token nobody
check_equal nobody 3 "$status"

# The clock of the machine, years on and years back.
rm "$CAPKCS11_TOOLS_CONF"
faketime -f +2000d "$CA_BUILD/ca-token" expiry --json >"$T/out"
check_json over '.tokens[0].state' expired
faketime -f -2000d "$CA_BUILD/ca-token" expiry --json >"$T/out"
check_json early '.tokens[0].state' not-yet-valid
