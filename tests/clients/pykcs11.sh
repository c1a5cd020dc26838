#!/bin/bash
# Python's PyKCS11: information, sessions, PINs, objects, digests, secret keys of
# the session, and the card's key.
# cards: iso7816-15+raw iso7816-15+p256
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

# The one the package is for, whatever else is first in PATH.
python=/usr/bin/python3
"$python" -B "$tests/clients/python/use_token.py" >"$T/out" 2>&1
status=$?
sed 's/^/  | /' "$T/out"
check_equal exit 0 "$status"
while read -r name class dots result why; do
	case $name in
	test_*) ;;
	*) continue ;;
	esac
	class=${class#(__main__.}
	class=${class%)}
	name=${class%%.*}-${name#test_}
	case $dots$result in
	...ok) ok "$name" ;;
	...skipped) skip "$name" "$why" ;;
	*) not_ok "$name" "$result $why" ;;
	esac
done <"$T/out"
check_has number '^Ran [12][0-9] tests' "$T/out"
if [ "$VARIANT" = p256 ]; then
	# r and s, each 32 bytes, as the DER that OpenSSL wants.
	rs=$(od -An -tx1 -v "$T/sig" | tr -d ' \n')
	printf 'asn1=SEQUENCE:s\n[s]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' \
		"${rs:0:64}" "${rs:64}" >"$T/asn1"
	openssl asn1parse -genconf "$T/asn1" -noout -out "$T/sig"
fi
check verify openssl dgst -sha256 -verify "$T/pub.pem" -signature "$T/sig" \
	"$T/data"
