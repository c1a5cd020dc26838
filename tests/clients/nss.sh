#!/bin/bash
# NSS, which Firefox, LibreOffice and poppler use: a database with the module
# in it, modutil, certutil, cmsutil and pk12util.
# cards: vgca-chipdoc iso7816-15 iso7816-15+p256
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
kind=rsa
[ "$VARIANT" != p256 ] || kind=ec
check_has certutil-keys "^< *0> *$kind" "$T/keys"

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
check cmsutil-verify cmsutil -D "${db[@]}" -i "$T/cms.der" -o "$T/content2"
check cmsutil-verify-content cmp "$T/content2" "$T/data"
cmsutil -D "${db[@]}" -n -h 0 -i "$T/cms.der" >"$T/signers" 2>&1
check_has cmsutil-signer 'signer0.id="Nguy' "$T/signers"
check_has cmsutil-signer-good 'signer0.status=GoodSignature' "$T/signers"
# A letter of many kilobytes, and its signature apart from it.
head -c 50000 /dev/zero | tr '\0' 'x' >"$T/long"
check cmsutil-sign-detached cmsutil -S "${db[@]}" -N "$nick" -f "$PIN_FILE" \
	-T -H SHA384 -i "$T/long" -o "$T/detached.der"
check cmsutil-verify-detached cmsutil -D -n "${db[@]}" -c "$T/long" \
	-i "$T/detached.der"
check_fails cmsutil-verify-other cmsutil -D -n "${db[@]}" -c "$T/data" \
	-i "$T/detached.der"

# Encrypted to the card's own certificate. cmsutil knows RSA alone here.
decrypt() {
	rm -f "$T/opened"
	cmsutil -D "${db[@]}" -f "$PIN_FILE" -i "$1" -o "$T/opened" &&
		cmp "$T/opened" "$T/long"
}
if [ "$VARIANT" != p256 ]; then
	check cmsutil-encrypt cmsutil -E "${db[@]}" -r "$nick" -f "$PIN_FILE" \
		-i "$T/long" -o "$T/letter.der"
fi
case $CARD$VARIANT in
iso7816-15)
	check cmsutil-decrypt decrypt "$T/letter.der"
	check openssl-encrypt openssl cms -encrypt -binary -aes-128-cbc \
		-in "$T/long" -outform DER -out "$T/letter2.der" "$CA/leaf.pem"
	check cmsutil-decrypt-openssl decrypt "$T/letter2.der"
	;;
vgca-chipdoc) check_fails cmsutil-decrypt-refused decrypt "$T/letter.der" ;;
esac

# The key does not leave the token.
pk12util "${db[@]}" -o "$T/key.p12" -n "$nick" -k "$PIN_FILE" -w "$PIN_FILE" \
	>"$T/export" 2>&1
check_has pk12util-refuses SEC_ERROR_PKCS12_UNABLE_TO_EXPORT_KEY "$T/export"
check_equal pk12util-no-file 0 "$(stat -c %s "$T/key.p12" 2>/dev/null || echo 0)"

check modutil-disable modutil -dbdir "sql:$T/db" -force -disable capkcs11
certutil "${db[@]}" -L -h all </dev/null >"$T/none" 2>&1
check_equal modutil-disabled 0 "$(grep -c "$TOKEN" "$T/none")"
check modutil-enable modutil -dbdir "sql:$T/db" -force -enable capkcs11
certutil "${db[@]}" -L -h all </dev/null >"$T/again" 2>&1
check_has modutil-enabled "$TOKEN" "$T/again"
check modutil-delete modutil -dbdir "sql:$T/db" -force -delete capkcs11
