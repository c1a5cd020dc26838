#!/bin/bash
# p11-kit between the program and the module: its proxy, which shows the modules
# of all vendors as one, and its remoting, where the module runs in a process of
# its own and the program speaks to it through a socket.
# cards: vgca-chipdoc iso7816-15+p256
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

libdir=$(pkg-config --variable=libdir p11-kit-1)
proxy=$(pkg-config --variable=proxy_module p11-kit-1)
client=$libdir/pkcs11/p11-kit-client.so
check proxy-module test -f "$proxy"
check client-module test -f "$client"

# Remoting hides the mechanisms that p11-kit does not know, and of ECDSA it knows
# the plain one.
openssl dgst -sha256 -binary "$T/data" >"$T/hash"
case $VARIANT in
p256) sign=(-m ECDSA --signature-format openssl --input-file "$T/hash") ;;
*) sign=(-m SHA256-RSA-PKCS --input-file "$T/data") ;;
esac

# works NAME MODULE: finds the token, signs on it, refuses a wrong PIN, and
# passes pkcs11-tool's own tests.
works() {
	local tool=(pkcs11-tool --module "$2" --token-label "$TOKEN")
	pkcs11-tool --module "$2" -L >"$T/slots" 2>&1
	check_has "$1-token" "token label +: $TOKEN" "$T/slots"
	"${tool[@]}" -O >"$T/public" 2>&1
	check_has "$1-certificate" 'Certificate Object' "$T/public"
	rm -f "$T/sig"
	check "$1-sign" "${tool[@]}" --login --pin "$PIN" --sign \
		"${sign[@]}" --output-file "$T/sig"
	check "$1-verify" openssl dgst -sha256 -verify "$T/pub.pem" \
		-signature "$T/sig" "$T/data"
	check_fails "$1-wrong-pin" "${tool[@]}" --login --pin 11112222 -O
	# The good one afterwards gives the tries back.
	check "$1-test" "${tool[@]}" --test --login --pin "$PIN"
}

# The proxy, with a second module beside ours. Root's own configuration does not
# count for p11-kit, so this folder takes the place of the system's.
if [ "$CA_INSIDE" = own ]; then
	modules=$(pkg-config --variable=p11_module_configs p11-kit-1)
	softhsm=$(find /usr/lib /usr/local/lib -name libsofthsm2.so 2>/dev/null |
		head -n 1)
	mkdir "$T/modules.d" "$T/tokens"
	printf 'module: %s\n' "$MODULE" >"$T/modules.d/capkcs11.module"
	printf 'module: %s\n' "$softhsm" >"$T/modules.d/other.module"
	printf 'directories.tokendir = %s\n' "$T/tokens" >"$T/softhsm.conf"
	export SOFTHSM2_CONF=$T/softhsm.conf
	softhsm2-util --module "$softhsm" --init-token --free --label other \
		--pin 1234 --so-pin 12345678 >"$T/other" 2>&1
	check proxy-registration mount --bind "$T/modules.d" "$modules"
	pkcs11-tool --module "$proxy" -L >"$T/slots" 2>&1
	check_has proxy-other-token 'token label +: other$' "$T/slots"
	works proxy "$proxy"
else
	skip proxy 'this machine allows no mounts of its own'
fi

# Remoting. The server ends by itself after its last client.
export XDG_RUNTIME_DIR=$T/runtime
mkdir -m 700 "$XDG_RUNTIME_DIR"
p11-kit server --sh --provider "$MODULE" --name "$T/socket" pkcs11: \
	>"$T/server" 2>"$T/server.err"
sed 's/^/  | /' "$T/server" "$T/server.err"
address=$(sed -n "s/.*P11_KIT_SERVER_ADDRESS=\([^;]*\);.*/\1/p" "$T/server")
pid=$(sed -n 's/.*P11_KIT_SERVER_PID=\([0-9]*\).*/\1/p' "$T/server")
check_equal remote-address "unix:path=$T/socket" "$address"
export P11_KIT_SERVER_ADDRESS=$address
works remote "$client"
check remote-server-alive kill -0 "$pid"
kill "$pid"
gone() {
	! kill -0 "$pid" 2>/dev/null
}
check remote-server-ends wait_until 10 gone
check_fails remote-without-server pkcs11-tool --module "$client" \
	--token-label "$TOKEN" -O
