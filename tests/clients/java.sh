#!/bin/bash
# Java's SunPKCS11: lists the key store, signs with its key, checks with the
# certificate in it.
# cards: vgca-chipdoc iso7816-15
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"
# shellcheck source=tests/lib/java.sh
. "$tests/lib/java.sh"

openssl x509 -in "$CA/leaf.pem" -outform DER -out "$T/leaf.der"
java_run KeyStoreSign "$T/leaf.der" "$T/data" "$T/sig"
check_has list '^key entry: ' "$T/out"
check_has certificate '^certificate is that of the card$' "$T/out"
for algorithm in SHA256withRSA SHA384withRSA SHA512withRSA SHA1withRSA; do
	check_has "sign-$algorithm" "^$algorithm: verified$" "$T/out"
done
check verify-openssl openssl dgst -sha256 -verify "$T/pub.pem" \
	-signature "$T/sig" "$T/data"
