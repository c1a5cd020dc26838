#!/bin/bash
# NSS, which Firefox, LibreOffice and poppler use: a database with the module
# in it, certutil and cmsutil.
# cards: vgca-chipdoc iso7816-15
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"
# shellcheck source=tests/lib/nss.sh
. "$tests/lib/nss.sh"

check database nss_database "$T/db" "$MODULE" "$CA/root.pem"
db=(-d "sql:$T/db")

modutil -dbdir "sql:$T/db" -list capkcs11 >"$T/module" 2>&1
check_line modutil-token "Token Name: $TOKEN" "$T/module"

# Public certificates show without a PIN.
certutil "${db[@]}" -L -h all </dev/null 2>&1 |
	sed -E 's/ +([A-Za-z]*,[A-Za-z]*,[A-Za-z]*) *$/ \1/' >"$T/certs"
pkcs11-tool --module "$MODULE" --login --pin "$PIN" -O >"$T/objects" 2>&1
nick=$(nss_nickname "$TOKEN" "$T/objects")
check_line certutil-own-certificate "$nick u,u,u" "$T/certs"
check nickname test -n "$nick"

certutil "${db[@]}" -K -h "$TOKEN" -f "$PIN_FILE" >"$T/keys" 2>&1
check_has certutil-keys '^< *0> *rsa' "$T/keys"

# The certificate is valid for signing mail up to the root in the database.
check certutil-valid certutil "${db[@]}" -V -u S -n "$nick" -f "$PIN_FILE"

check cmsutil-sign cmsutil -S "${db[@]}" -N "$nick" -f "$PIN_FILE" -G \
	-H SHA256 -i "$T/data" -o "$T/cms.der"
cms_verify() {
	openssl cms -verify -binary -inform DER -in "$T/cms.der" \
		-CAfile "$CA/root.pem" -purpose any -out "$T/content" &&
		cmp "$T/content" "$T/data"
}
check cmsutil-verify-openssl cms_verify
