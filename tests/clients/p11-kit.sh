#!/bin/bash
# The module as it is installed: cmake --install into a folder, which stands in
# for /usr in this mount namespace; p11-kit finds it by its own file.
# cards: vgca-chipdoc iso7816-15
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

install_module() {
	DESTDIR=$T/dest cmake --install "$CA_BUILD" >"$T/install.log" 2>&1 || {
		cat "$T/install.log"
		return 1
	}
}
check install install_module || exit 1

installed=$(cd "$T/dest" && find . -type f | sed 's/^\.//' | sort)
printf '%s\n' "$installed" | sed 's/^/  | /'
has_installed() {
	printf '%s\n' "$installed" | grep -Eq "$1"
}
check install-module has_installed '^/usr/lib/.*pkcs11/libcapkcs11\.so$'
check install-registration has_installed \
	'^/usr/share/p11-kit/modules/capkcs11\.module$'
check install-profiles has_installed \
	"^/usr/share/capkcs11/cards/$CARD\.conf$"
check install-configuration has_installed '^/etc/capkcs11/capkcs11\.conf$'

# show FOLDER: the installed folder, and only it, becomes visible at its place.
# What was there before stays, for the modules of others.
show() {
	[ -d "$1" ] || return 1
	mkdir -p "$T/view$1"
	cp -a "$1/." "$T/view$1/"
	cp -a "$T/dest$1/." "$T/view$1/"
	mount --bind "$T/view$1" "$1"
}
if [ "$CA_INSIDE" != own ]; then
	skip list-modules 'this machine allows no mounts of its own'
	exit 0
fi
libdir=$(dirname "$(printf '%s\n' "$installed" | grep 'libcapkcs11\.so$')")
check show-module show "$libdir"
check show-registration show /usr/share/p11-kit/modules

p11-kit list-modules >"$T/modules" 2>&1
# Since 0.25 the line is "module: capkcs11".
check_has list-modules '^(capkcs11:|module: capkcs11$)' "$T/modules"
check_has list-modules-token "token: $TOKEN" "$T/modules"

# A URI as GnuTLS writes it: bytes outside ASCII are percent-encoded.
p11tool --list-token-urls >"$T/urls" 2>/dev/null
url=$(grep -E "token=.*$CARD" "$T/urls" | head -n 1)
check_has p11tool-token-urls "token=.*$CARD" "$T/urls"
[ -n "$url" ] || client_give_up 'p11tool lists no such token'
p11tool --list-tokens >"$T/tokens" 2>/dev/null
check_has p11tool-tokens "Label: $TOKEN" "$T/tokens"
check_has p11tool-module 'Module: .*libcapkcs11\.so' "$T/tokens"

p11tool --list-all --batch "$url" >"$T/public" 2>&1
check_has p11tool-certificate 'Type: X.509 Certificate' "$T/public"
export GNUTLS_PIN=$PIN
p11tool --list-all --login "$url" >"$T/all" 2>&1
check_has p11tool-private-key 'Type: Private key' "$T/all"
p11tool --list-privkeys --login --only-urls "$url" >"$T/keys" 2>/dev/null
check_equal p11tool-one-key 1 "$(grep -c '^pkcs11:' "$T/keys")"
check p11tool-test-sign p11tool --test-sign --login \
	"$(grep '^pkcs11:' "$T/keys" | head -n 1)"

# p11tool's export, against the card's own certificate.
leaf=$(p11tool --list-all-certs --only-urls "$url" 2>/dev/null |
	while read -r u; do
		p11tool --export "$u" 2>/dev/null |
			openssl x509 -outform DER 2>/dev/null |
			cmp -s - <(openssl x509 -in "$CA/leaf.pem" -outform DER) &&
			echo "$u"
	done | head -n 1)
check p11tool-export test -n "$leaf"
