#!/bin/bash
# What programs keep with a token: pkcs11-tool, p11tool and NSS write data
# objects and certificates, find each other's, and remove them.
# cards: vgca-chipdoc iso7816-15
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"
# shellcheck source=tests/lib/nss.sh
. "$tests/lib/nss.sh"

store=$HOME/.local/share/capkcs11/certs
tool() {
	pkcs11-tool --module "$MODULE" "$@"
}
gnutls() {
	GNUTLS_PIN=$PIN p11tool --provider "$MODULE" --batch "$@"
}
# Objects of a type, without login.
list() {
	tool -O --type "$1" 2>/dev/null
}
gone() {
	! list "$1" | grep -q "label: *'\?$2'\?$"
}
same() {
	cmp "$1" "$2"
}

tool -L >"$T/slots"
check_equal token-is-writable 0 "$(grep -c readonly "$T/slots")"
# A URI as GnuTLS writes it: bytes outside ASCII are percent-encoded.
url=$(gnutls --list-token-urls 2>/dev/null | grep -E "token=.*$CARD" | head -n 1)

# --- data objects
check data-write tool --write-object "$T/data" --type data \
	--label 'ghi chú' --application-label thu --application-id 1.2.3.4
list data >"$T/list"
check_has data-list "label: *'ghi chú'" "$T/list"
check_has data-application "application: *'thu'" "$T/list"
check_has data-id 'app_id: *1.2.3.4' "$T/list"
check data-read tool --read-object --type data --label 'ghi chú' -o "$T/back"
check data-same same "$T/data" "$T/back"
check_equal folder-mode '700 700 ' \
	"$(stat -c %a "$store" "$store"/* | tr '\n' ' ')"
check_equal file-mode 600 "$(stat -c %a "$store"/*/*.p11)"
CAPKCS11_DEBUG=2 check_fails private-data-refused tool --login --pin "$PIN" --private \
	--write-object "$T/data" --type data --label secret
check data-delete tool --delete-object --type data --label 'ghi chú'
check data-gone gone data 'ghi chú'
check_equal no-file-left 0 "$(find "$store" -type f | wc -l)"

# --- certificates of nobody here
new_authority() { # NAME
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$T/$1.key" -out "$T/$1.pem" -days 30 -utf8 \
		-subj "/C=VN/O=Cơ quan thử nghiệm/CN=$1" &&
		openssl x509 -in "$T/$1.pem" -outform DER -out "$T/$1.der"
}
for name in one two three; do
	check "new-$name" new_authority "$name"
done
check cert-write tool --write-object "$T/one.der" --type cert --id 7701 \
	--label one
check cert-read tool --read-object --type cert --id 7701 -o "$T/back"
check cert-same same "$T/one.der" "$T/back"
gnutls --list-all-certs 'pkcs11:' >"$T/list" 2>&1
check_has p11tool-finds 'Label: one$' "$T/list"

check p11tool-write gnutls --login --write --load-certificate "$T/two.pem" \
	--label two --no-mark-private "$url"
check p11tool-export gnutls --export \
	"$url;object=two;type=cert" --outfile "$T/back.pem"
check p11tool-same same <(openssl x509 -in "$T/back.pem" -outform DER) \
	"$T/two.der"
check p11tool-delete gnutls --login --delete \
	"$url;object=two;type=cert"
check p11tool-gone gone cert two

check database nss_database "$T/db" "$MODULE" ''
db=(-d "sql:$T/db" -f "$PIN_FILE")
check certutil-add certutil "${db[@]}" -A -h "$TOKEN" -n three -t ,, \
	-i "$T/three.der"
check certutil-read tool --read-object --type cert --label three -o "$T/back"
check certutil-same same "$T/three.der" "$T/back"
certutil "${db[@]}" -L -h "$TOKEN" >"$T/list" 2>&1
check_has certutil-lists "$TOKEN:three" "$T/list"
check certutil-delete certutil "${db[@]}" -D -h "$TOKEN" -n "$TOKEN:three"
check certutil-gone gone cert three
check cert-delete tool --delete-object --type cert --id 7701
check cert-gone gone cert one

# --- a certificate for the token's key, made by somebody else
tool -O --login --pin "$PIN" >"$T/all" 2>&1
id=$(sed -n '/Private Key Object/,/ID:/s/^ *ID: *//p' "$T/all" | head -n 1)
new_leaf() { # NAME DAYS
	openssl x509 -new -force_pubkey "$T/pub.pem" -CA "$T/one.pem" \
		-CAkey "$T/one.key" -days "$2" -subj "/C=VN/CN=$1" \
		-outform DER -out "$T/$1.der"
}
check new-leaf new_leaf short 1
check leaf-write tool --login --pin "$PIN" --write-object "$T/short.der" \
	--type cert --label short
list cert >"$T/list"
awk '/Object/ { label = "" } $1 == "label:" { label = $2 }
	$1 == "ID:" && label == "short" { print $2 }' "$T/list" >"$T/ids"
check_equal leaf-has-the-keys-id "$id" "$(cat "$T/ids")"
check leaf-delete tool --delete-object --type cert --label short
# Of another key, with that identifier.
check_fails false-leaf-refused tool --write-object "$T/two.der" --type cert \
	--id "$id" --label false

# The card's own cannot be removed.
check_fails card-certificate-stays tool --login --pin "$PIN" --delete-object \
	--type cert --id "$id"
# A key does not leave its file for the token.
openssl pkcs12 -export -inkey "$T/three.key" -in "$T/three.pem" -name key \
	-passout pass:p12 -out "$T/three.p12"
check_fails pk12util-refused pk12util -d "sql:$T/db" -i "$T/three.p12" -W p12 \
	-h "$TOKEN" -k "$PIN_FILE"
check_equal no-file-left-at-the-end 0 "$(find "$store" -type f | wc -l)"
