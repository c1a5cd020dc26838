#!/bin/bash
# One wrong PIN costs one try, is shown by the next program, and is forgiven by
# a right one. What no card would accept never reaches the card. The last try is
# kept.
# cards: vgca-chipdoc iso7816-15
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

tool() {
	pkcs11-tool --module "$MODULE" "$@"
}

# counter NAME: what the card itself counted.
counter() {
	card_control 35963 counters | tr ' ' '\n' | sed -n "s/^$1=//p"
}

flags() {
	tool -L 2>/dev/null | sed -n 's/^ *token flags *: *//p'
}

has_flag() {
	flags | tee /dev/stderr | grep -q "$1"
}

has_no_flag() {
	! has_flag "$1"
}

login() {
	tool --login --pin "$1" -O
}

check no-flag-at-first has_no_flag 'user PIN count low'

login 11112222 >"$T/wrong" 2>&1
check_has wrong-result CKR_PIN_INCORRECT "$T/wrong"
check_equal wrong-verifies 1 "$(counter verifies)"
check_equal wrong-tries 1 "$(counter wrong-tries)"
check wrong-flag has_flag 'user PIN count low'

# Shorter and longer than any PIN of this card.
check_fails short login 123
check_fails long login 12345678901234567890
check_equal lengths-cost-nothing 1 "$(counter verifies)"

check right login "$PIN"
check right-clears-flag has_no_flag 'user PIN count low'

check_fails wrong-1 login 11112222
check_fails wrong-2 login 33334444
check last-try-flag has_flag 'final user PIN try'
before=$(counter verifies)
login "$PIN" >"$T/guarded" 2>&1
check_has last-try-result CKR_PIN_LOCKED "$T/guarded"
check_equal last-try-unspent "$before" "$(counter verifies)"

printf 'allow_last_try = yes\n' >>"$CAPKCS11_CONF"
check last-try-allowed login "$PIN"
check last-try-forgiven has_no_flag 'user PIN count low'
check_fails blocked-1 login 11112222
check_fails blocked-2 login 11112222
check_fails blocked-3 login 11112222
login "$PIN" >"$T/blocked" 2>&1
check_has blocked-result CKR_PIN_LOCKED "$T/blocked"
check blocked-flag has_flag 'user PIN locked'
