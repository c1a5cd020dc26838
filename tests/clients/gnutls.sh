#!/bin/bash
# GnuTLS: p11tool's own test of a signature, and a client that shows the card's
# certificate to a server which lets nobody else in.
# cards: vgca-chipdoc vgca-chipdoc+raw iso7816-15+p256
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"
# shellcheck source=tests/lib/tls.sh
. "$tests/lib/tls.sh"

export GNUTLS_PIN=$PIN
p11() {
	p11tool --provider "$MODULE" --batch "$@"
}

url=$(p11 --list-token-urls 2>/dev/null | grep -E "token=.*$CARD" | head -n 1)
[ -n "$url" ] || client_give_up 'p11tool lists no such token'
key=$(p11 --list-privkeys --login --only-urls "$url" 2>/dev/null |
	grep -m 1 '^pkcs11:')
check test-sign p11 --test-sign --login "$key"
p11 --info --login "$key" >"$T/info" 2>&1
check_has key-flags 'CKA_NEVER_EXTRACTABLE; .*CKA_SENSITIVE' "$T/info"
p11 --list-mechanisms "$url" >"$T/mechanisms" 2>&1
check_has mechanisms '^\[0x0*(1|1041)\]' "$T/mechanisms"
check_fails key-stays p11 --export --login "$key"

check server-identity tls_server_identity
serve=(gnutls-serv --port 5556 --echo --require-client-cert
	--verify-client-cert --x509cafile "$T/chain.pem"
	--x509keyfile "$T/server.key" --x509certfile "$T/server.pem")
tls_serve 5556 "$T/server.log" "${serve[@]}"
check_equal server 0 $?

# talk VERSION [OPTION]...: the server sends back what it gets.
talk() {
	local version=$1
	shift
	printf 'Xin chào\n' | timeout 20 gnutls-cli --x509cafile "$T/server.pem" \
		--priority "NORMAL:-VERS-ALL:+VERS-$version" "$@" \
		-p 5556 localhost >"$T/talk" 2>&1
	sed 's/^/  | /' "$T/talk"
	grep -qx 'Xin chào' "$T/talk" &&
		grep -Eq "Description: \($version" "$T/talk"
}
# The certificate as well as the key come from the card; they share their id.
id=$(printf '%s\n' "$key" | tr ';' '\n' | grep '^id=')
mine=(--provider "$MODULE" --x509keyfile "$key"
	--x509certfile "$url;$id;type=cert")
check tls1.2 talk TLS1.2 "${mine[@]}"
if [ "$CARD$VARIANT" = vgca-chipdoc ]; then
	# TLS 1.3 knows RSA as PSS alone (RFC 8446, 4.2.3).
	check_fails tls1.3-needs-pss talk TLS1.3 "${mine[@]}"
else
	check tls1.3 talk TLS1.3 "${mine[@]}"
fi
check_fails tls1.2-nobody talk TLS1.2
check_fails tls1.3-nobody talk TLS1.3
tls_stop

serial=$(openssl x509 -in "$CA/leaf.pem" -noout -serial | sed 's/.*=0*//')
check_has server-saw-the-card "Serial Number.*: 0*${serial,,}$" "$T/server.log"
