#!/bin/bash
# The conformance suite on a simulated card, through pcscd.
# Usage: conformance.sh CARD [OPTION OF THE SUITE]...
# With CA_VALGRIND=yes under valgrind.

# A card that needs a label which says what it is.
if [ "${1:-}" = uicc ]; then
	# shellcheck disable=SC2034 # read by client.sh
	CARD_OPTIONS=(--label 'WIM 1.01 PKI')
fi
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/client.sh"
shift

# Its certificate comes from the user's store.
if [ "$CARD" = vgca-jcop4 ]; then
	store=$HOME/.local/share/capkcs11/certs/5301234567
	mkdir -p "$store"
	cp "$CA/leaf.pem" "$store/"
fi
# What logs in: the PUK is the officer's. A card that can only be recognised has
# neither.
pins=(--pin "$PIN" --so-pin 87654321)
expected=$CARD
if grep -qx 'driver = recognised' "$CA_ROOT/conf/cards/$CARD.conf" 2>/dev/null; then
	pins=()
	expected=recognised
fi
wrap=()
if [ "${CA_VALGRIND:-}" = yes ]; then
	# shellcheck source=tests/lib/valgrind.sh
	. "$CA_ROOT/tests/lib/valgrind.sh"
	wrap=("${ca_valgrind[@]}")
fi
expect=()
file=$CA_ROOT/tests/conformance/expected/$expected.txt
[ ! -f "$file" ] || expect=(--expect "$file")
suite=("${wrap[@]}" "$CA_BUILD/tests/conformance" --module "$MODULE" "${pins[@]}")

# What the token offers. CA_TABLES=FOLDER: written there, to be read and kept.
kind=$CARD${VARIANT:+"+$VARIANT"}
table=$CA_ROOT/tests/conformance/expected/$kind.table
"${suite[@]}" --table >"$T/table" || rm "$T/table"
[ -z "${CA_TABLES:-}" ] || cp "$T/table" "$CA_TABLES/$kind.table"
check table diff -u "$table" "$T/table"

"${suite[@]}" --destructive "${expect[@]}" "$@"
