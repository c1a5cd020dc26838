#!/bin/bash
# A PIN is changed and unblocked, by a person at a terminal and by a script, and
# the card counts what each cost.
# cards: vgca-chipdoc iso7816-15 epass2003 bit4id-cns uicc
CARD_OPTIONS=(--puk 87654321)
case $1 in uicc) CARD_OPTIONS+=(--label 'WIM 1.01 PKI') ;; esac
# shellcheck source=tests/lib/tool.sh
. "$(dirname "$0")/../lib/tool.sh"

# counter NAME: what the card itself counted.
counter() {
	card_control 35963 counters | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# pin_file NAME PIN: a file that holds it.
pin_file() {
	printf '%s\n' "$2" >"$T/$1"
	printf 'file:%s\n' "$T/$1"
}

change() {
	ca_token pin change --pin-source="$(pin_file old "$1")" \
		--new-pin-source="$(pin_file new "$2")" "${@:3}"
}

unblock() {
	ca_token pin unblock --puk-source="$(pin_file puk "$1")" \
		--new-pin-source="$(pin_file new "$2")" "${@:3}"
}

login() {
	pkcs11-tool --module "$MODULE" --login --pin "$1" -O
}

# refused NAME STATUS PATTERN COMMAND...: and nothing was sent that has a PIN.
refused() {
	local name=$1 want=$2 pattern=$3 before
	before=$(counter verifies)
	shift 3
	"$@"
	check_equal "$name-status" "$want" "$status"
	check_has "$name" "$pattern" "$T/err"
	check_equal "$name-nothing-sent" "$before" "$(counter verifies)"
}

good=Abcd2468
case $CARD in uicc) good=13572468 ;; esac

refused short 8 'too short' change "$PIN" Ab1 --any-pin
case $CARD in
uicc) ;;
*)
	refused no-upper 8 'upper case' change "$PIN" abcd2468
	refused no-lower 8 'lower case' change "$PIN" ABCD2468
	refused no-digit 8 'no digit' change "$PIN" Abcdefgh
	refused policy-short 8 'too short' change "$PIN" Abc123
	;;
esac
refused same 8 'is the old one' change "$PIN" "$PIN" --any-pin
refused no-file 8 'can be read' ca_token pin change --pin-source=file:/nowhere

no_terminal() {
	setsid --wait "$CA_BUILD/ca-token" pin change >"$T/out" 2>"$T/err" \
		</dev/null
	status=$?
}
refused no-terminal 8 'no terminal' no_terminal

check_equal intact 0 "$(counter wrong-tries)"
change 11112222 "$good" --any-pin
check_equal wrong-status 4 "$status"
check_has wrong 'old PIN is wrong' "$T/err"
check_has wrong-left '[0-9]+ tr(y|ies) left' "$T/err"
check_equal wrong-cost 1 "$(counter wrong-tries)"

change "$PIN" "$good" --any-pin
check_equal change-status 0 "$status"
check_has change 'new PIN is set' "$T/err"
check new-pin login "$good"
check_fails silent grep -q -e "$good" -e "$PIN" "$T/err" "$T/out"

# Down to the last try, which is kept, and then spent by order.
left() {
	ca_token pin status --json && jq .pin.tries_left "$T/out"
}
change 11112222 "$PIN" --any-pin
while [ "$(left)" -gt 1 ]; do
	change 11112222 "$PIN" --any-pin
	check_equal "wrong-status" 4 "$status"
done
refused guarded 5 'One try of the PIN is left' change "$good" "$PIN" --any-pin
check_has guard-way-out 'spend-last-try' "$T/err"
change "$good" "$PIN" --any-pin --spend-last-try
check_equal last-try-status 0 "$status"
check last-try login "$PIN"

# Locked, and unlocked by the PUK.
while [ "$(left)" -gt 0 ]; do
	change 11112222 "$good" --any-pin --spend-last-try
done
check_equal locked-status 5 "$status"
refused locked-change 5 'PIN is locked' change "$PIN" "$good" --any-pin
check_has locked-way-out 'pin unblock' "$T/err"
check locked-list ca_token list
check_has locked-shown 'PIN: *locked' "$T/out"
in_vietnamese pin change
check_equal vietnamese-status 5 "$status"
check_has vietnamese 'Mã PIN đã bị khóa' "$T/err"

if ca_token pin status --json && [ "$(jq .puk.tries_left "$T/out")" != null ]; then
	before=$(jq .puk.tries_left "$T/out")
	unblock 11112222 "$good" --any-pin
	check_equal wrong-puk-status 4 "$status"
	check_has wrong-puk 'PUK is wrong' "$T/err"
	ca_token pin status --json
	check_json wrong-puk-cost .puk.tries_left "$((before - 1))"
fi
unblock 87654321 "$good" --any-pin
check_equal unblock-status 0 "$status"
check_has unblock 'new PIN is set' "$T/err"
check unblocked login "$good"
check_fails puk-silent grep -q -e 87654321 -e "$good" "$T/err" "$T/out"
