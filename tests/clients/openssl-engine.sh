#!/bin/bash
# OpenSSL through its pkcs11 engine (libp11): a CMS signature and a plain one,
# both checked by OpenSSL without the engine.
# cards: vgca-chipdoc iso7816-15
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

cat >"$T/openssl.cnf" <<END
openssl_conf = init
[init]
engines = engines
[engines]
pkcs11 = pkcs11
[pkcs11]
engine_id = pkcs11
MODULE_PATH = $MODULE
PIN = $PIN
init = 0
[req]
distinguished_name = dn
[dn]
END

engine() {
	OPENSSL_CONF=$T/openssl.cnf openssl "$@"
}

id=$(pkcs11-tool --module "$MODULE" --login --pin "$PIN" -O --type privkey \
	2>/dev/null | sed -n 's/^ *ID: *//p' | head -n 1)
key="pkcs11:id=$(printf '%s' "$id" | sed 's/../%&/g');type=private"

check dgst-sign engine dgst -engine pkcs11 -keyform engine -sign "$key" \
	-sha256 -out "$T/sig" "$T/data"
check dgst-verify openssl dgst -sha256 -verify "$T/pub.pem" \
	-signature "$T/sig" "$T/data"
check_fails dgst-other-data openssl dgst -sha256 -verify "$T/pub.pem" \
	-signature "$T/sig" "$T/pub.pem"

check cms-sign engine cms -sign -engine pkcs11 -keyform engine -inkey "$key" \
	-signer "$CA/leaf.pem" -certfile "$CA/sub.pem" -md sha256 -binary \
	-nodetach -in "$T/data" -outform DER -out "$T/cms.der"
cms_verify() {
	openssl cms -verify -binary -inform DER -in "$T/cms.der" \
		-CAfile "$CA/root.pem" -purpose any -out "$T/content" &&
		cmp "$T/content" "$T/data"
}
check cms-verify cms_verify

# A detached one for a second file, in the same way as mail programs.
check smime-sign engine cms -sign -engine pkcs11 -keyform engine \
	-inkey "$key" -signer "$CA/leaf.pem" -certfile "$CA/sub.pem" \
	-in "$T/chain.pem" -out "$T/mail"
check smime-verify openssl cms -verify -in "$T/mail" -CAfile "$CA/root.pem" \
	-purpose any -out /dev/null

# A certificate request signed on the card.
check request engine req -new -engine pkcs11 -keyform engine -key "$key" \
	-config "$T/openssl.cnf" -subj /CN=example -out "$T/req.pem"
check request-verify openssl req -in "$T/req.pem" -verify -noout
