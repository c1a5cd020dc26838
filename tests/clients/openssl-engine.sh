#!/bin/bash
# OpenSSL through its pkcs11 engine (libp11): a CMS signature and a plain one,
# both checked by OpenSSL without the engine; mail for the card opened; a TLS
# client with the card's certificate.
# cards: vgca-chipdoc vgca-chipdoc+raw iso7816-15 iso7816-15+p256
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"
# shellcheck source=tests/lib/tls.sh
. "$tests/lib/tls.sh"

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

check server-identity tls_server_identity

# A letter to the card, made without it: opened with RSA or, on a card with an EC
# key, with ECDH.
can() {
	pkcs11-tool --module "$MODULE" -M 2>/dev/null | grep -Eq "^ *$1"
}
decrypt() {
	rm -f "$T/opened"
	engine cms -decrypt -engine pkcs11 -keyform engine -inkey "$key" \
		-recip "$CA/leaf.pem" -inform DER -in "$1" -out "$T/opened" &&
		cmp "$T/opened" "$T/data"
}
check cms-encrypt openssl cms -encrypt -binary -aes-256-cbc -in "$T/data" \
	-outform DER -out "$T/letter.der" "$CA/leaf.pem"
# What the card does; the module does more for keys of the session.
if can 'RSA-PKCS,.* hw,.* decrypt' || can 'ECDH1-DERIVE,.* hw,.* derive'; then
	check cms-decrypt decrypt "$T/letter.der"
else
	check_fails cms-decrypt-refused decrypt "$T/letter.der"
fi

tls_serve 5557 "$T/server.log" openssl s_server -accept 5557 -rev \
	-key "$T/server.key" -cert "$T/server.pem" \
	-Verify 3 -verify_return_error -CAfile "$T/chain.pem"
check_equal server 0 $?
# talk VERSION [OPTION]...: the server sends each line back reversed, and ends at
# the line CLOSE.
talk() {
	local version=$1
	shift
	printf 'xin chao\nCLOSE\n' | OPENSSL_CONF=$T/openssl.cnf timeout 20 \
		openssl s_client -connect localhost:5557 -quiet \
		-CAfile "$T/server.pem" -verify_return_error "-$version" "$@" \
		>"$T/talk" 2>"$T/talk.err"
	sed 's/^/  | /' "$T/talk.err" "$T/talk"
	grep -qx 'oahc nix' "$T/talk"
}
mine=(-engine pkcs11 -keyform engine -key "$key" -cert "$CA/leaf.pem")
check tls1.2 talk tls1_2 "${mine[@]}" -sigalgs RSA+SHA256:ECDSA+SHA256
if [ "$CARD$VARIANT" = vgca-chipdoc ] || [ "$CARD$VARIANT" = iso7816-15 ]; then
	# TLS 1.3 knows RSA as PSS alone (RFC 8446, 4.2.3).
	check_fails tls1.3-needs-pss talk tls1_3 "${mine[@]}"
else
	check tls1.3 talk tls1_3 "${mine[@]}"
fi
check_fails tls-nobody talk tls1_2
tls_stop
