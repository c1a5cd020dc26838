#!/bin/bash
# Help, mistakes on the command line, and how each ends.
# cards: vgca-chipdoc
# shellcheck source=tests/lib/tool.sh
. "$(dirname "$0")/../lib/tool.sh"

# fails NAME STATUS PATTERN ARGUMENT...
fails() {
	local name=$1 want=$2 pattern=$3
	shift 3
	ca_token "$@"
	check_equal "$name-status" "$want" "$status"
	check_has "$name" "$pattern" "$T/err"
}

check help ca_token --help
check_has help-list '^  list ' "$T/out"
check version ca_token --version
mapfile -t commands < <(ca_token --help && sed -n '/^Commands:/,/^$/s/^  \([a-z ]*[a-z]\)  .*/\1/p' "$T/out")
check_fails commands-named test ${#commands[@]} = 0
for c in "${commands[@]}"; do
	read -ra words <<<"$c"
	check "help/$c" ca_token "${words[@]}" --help
	check_has "help-json/$c" '--json' "$T/out"
	check_fails "help-wide/$c" grep -q '.\{81\}' "$T/out"
	check "vietnamese/$c" in_vietnamese "${words[@]}" --help
	check_has "vietnamese-words/$c" 'Tùy chọn' "$T/out"
done
fails nothing 2 'ca-token --help'
fails command 2 'no command "lsit"' lsit
fails half-a-command 2 'no command "pin"' pin
fails option 2 'no option --colour' list --colour
fails value 2 'option --token wants a value' list --token
fails argument 2 '"more"' list more
fails only-an-option 2 'No command' --json
fails no-module 3 'could not be loaded' --module /nowhere/module.so list
CAPKCS11_MODULE='' fails not-registered 3 'not registered' list
