#!/bin/bash
# Whether the conformance suite can fail: it must, where SoftHSM2 differs from
# the standard and nobody said so, where an expectation is no longer true, and
# where one names no case or a token is not there. Prints "ok NAME" or "not ok
# NAME - reason" for each.
#
# usage: selftest.sh CONFORMANCE
set -u

here=$(cd "$(dirname "$0")" && pwd)
suite=$(realpath "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# check NAME WANTED-STATUS PATTERN EXPECTATION CASE...: the suite on SoftHSM2
# with this text as its list of expectations.
check() {
	local name=$1 want=$2 pattern=$3 status=0
	printf '%s\n' "$4" >"$dir/expect"
	shift 4
	CONFORMANCE_EXPECT=$dir/expect "$here/softhsm.sh" "$suite" "$@" \
		>"$dir/out" 2>&1 || status=$?
	if [ "$status" = "$want" ] && grep -q -- "$pattern" "$dir/out"; then
		echo "ok selftest/$name"
	else
		echo "not ok selftest/$name - status $status"
		sed 's/^/  | /' "$dir/out"
		failed=1
	fi
}

check good 0 '^1 passed, 0 failed' '' C_GetInfo/good
check difference 1 '^not ok C_SignInit/key-zero - got CKR_OBJECT' '' \
    C_SignInit/key-zero
check expected 0 '^ok C_SignInit/key-zero' \
    'C_SignInit/key-zero CKR_OBJECT_HANDLE_INVALID # why' C_SignInit/key-zero
check no-longer-true 1 '^not ok C_GetInfo/good .* delete the line' \
    'C_GetInfo/good CKR_FUNCTION_NOT_SUPPORTED' C_GetInfo/good
check other-difference 1 '^not ok C_SignInit/key-zero' \
    'C_SignInit/key-zero CKR_FUNCTION_FAILED' C_SignInit/key-zero
check crash 1 '^not ok C_FindObjects/null-value - got CRASH' '' \
    C_FindObjects/null-value C_GetInfo/good
check goes-on-after-a-crash 1 '^1 passed, 1 failed' '' \
    C_FindObjects/null-value C_FindObjects/null-count
check unknown-case 2 'which is no case' 'C_NoSuch/case CKR_OK' C_GetInfo/good
check bad-line 2 'want "NAME ANSWER' 'C_GetInfo/good' C_GetInfo/good
check no-case 2 'no such case' '' 'C_NoSuch/*'
check no-token 1 'the token named is not there' '' --token nowhere C_Login/good
exit "$failed"
