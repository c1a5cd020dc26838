#!/bin/bash
# A PIN is changed at a terminal: nothing of it is shown, Ctrl-C leaves terminal
# and card as they were.
# cards: iso7816-15
CARD_OPTIONS=(--puk 87654321)
# shellcheck source=tests/lib/tool.sh
. "$(dirname "$0")/../lib/tool.sh"

# at_terminal PROMPT ANSWER... -- ARGUMENT...
at_terminal() {
	local talk=()
	while [ "$1" != -- ]; do
		talk+=("$1")
		shift
	done
	shift
	/usr/bin/python3 "$CA_ROOT/tests/tools/terminal.py" "${talk[@]}" -- \
		"$CA_BUILD/ca-token" "$@" >"$T/seen" 2>&1
	status=$?
}

verifies() {
	card_control 35963 counters | tr ' ' '\n' | sed -n 's/^verifies=//p'
}

at_terminal 'Old PIN' "$PIN" 'New PIN' Abcd2468 'once more' Abcd2468 -- pin change
check_equal change-status 0 "$status"
check_has change 'new PIN is set' "$T/seen"
check_has tries 'PIN: [0-9]+ tr(y|ies) left' "$T/seen"
check_has rules 'upper case' "$T/seen"
check_fails nothing-shown grep -q -e "$PIN" -e Abcd2468 "$T/seen"
check new-pin pkcs11-tool --module "$MODULE" --login --pin Abcd2468 -O

before=$(verifies)
at_terminal 'Old PIN' '^C' -- pin change
check_equal cancelled-status 130 "$status"
check_has echo 'echo is on' "$T/seen"
check_equal cancelled-cost "$before" "$(verifies)"
check still-usable ca_token list

at_terminal 'Old PIN' Abcd2468 'New PIN' Efgh1357 'once more' Efgh1358 \
	'New PIN' Efgh1357 'once more' Efgh1357 -- pin change
check_equal twice-status 0 "$status"
check_has twice 'not the same' "$T/seen"

at_terminal PUK 87654321 'New PIN' "Abcd2469" 'once more' Abcd2469 -- pin unblock
check_equal unblock-status 0 "$status"
check_fails unblock-nothing-shown grep -q -e 87654321 -e Abcd2469 "$T/seen"
check unblocked pkcs11-tool --module "$MODULE" --login --pin Abcd2469 -O
