#!/bin/bash
# Every message of the tools has a translation in every language, none of them a
# guess, and each fits its format.
# Usage: po.sh ROOT
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"
cd "$1" || exit 2
pot=$(mktemp "${TMPDIR:-/tmp}/capkcs11-pot.XXXXXX")
trap 'rm -f "$pot"' EXIT

check po/template env CA_PO_ROOT=. bash "$here/../../po/update" "$pot"
for po in po/*.po; do
	check "$po/complete" msgcmp "$po" "$pot"
	check "$po/formats" msgfmt --check-format -o /dev/null "$po"
	check_fails "$po/guesses" grep -q '^#, fuzzy' "$po"
done
