#!/bin/bash
# The conformance suite on a simulated card, through pcscd.
# Usage: conformance.sh CARD [OPTION OF THE SUITE]...
# With CA_VALGRIND=yes under valgrind.
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/client.sh"
shift

wrap=()
if [ "${CA_VALGRIND:-}" = yes ]; then
	# shellcheck source=tests/lib/valgrind.sh
	. "$CA_ROOT/tests/lib/valgrind.sh"
	wrap=("${ca_valgrind[@]}")
fi
expect=()
for file in "$CA_ROOT/tests/conformance/expected/$CARD.txt" \
	"$CA_ROOT/tests/conformance/expected/not-built-yet.txt"; do
	[ ! -f "$file" ] || expect+=(--expect "$file")
done
"${wrap[@]}" "$CA_BUILD/tests/conformance" --module "$MODULE" --pin "$PIN" \
	--token "$TOKEN" --destructive "${expect[@]}" "$@"
