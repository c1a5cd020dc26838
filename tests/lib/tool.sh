# shellcheck shell=bash
# What every script in tests/tools begins with; the same as client.sh, and:
#
#   ca_token ARGUMENT...          build's ca-token with the module under test, in
#                                 English; output in $T/out and $T/err, status
#                                 in $status, which it also returns
#   in_vietnamese ARGUMENT...     the same in Vietnamese
#   check_json NAME FILTER WANT   what jq finds in the output
#
# shellcheck source=tests/lib/client.sh
. "$(dirname "${BASH_SOURCE[0]}")/client.sh"

export CAPKCS11_MODULE=$MODULE CAPKCS11_LOCALEDIR=$CA_BUILD/locale
unset LANGUAGE NO_COLOR
status=0

ca_token() {
	"$CA_BUILD/ca-token" "$@" >"$T/out" 2>"$T/err" </dev/null
	status=$?
	return $status
}

in_vietnamese() {
	LANGUAGE='vi' ca_token "$@"
}

check_json() {
	check_equal "$1" "$3" "$(jq -r "$2" "$T/out" 2>&1)"
}
