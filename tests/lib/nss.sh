# shellcheck shell=bash
# An NSS database of one's own, with the module in it. Sourced by tools/try and
# by client tests.

# nss_database FOLDER MODULE ROOT: makes a database without a password that
# loads MODULE (none when empty) and trusts the certificate in ROOT (none when
# empty) to sign certificates of people.
nss_database() {
	mkdir -p "$1" || return 1
	certutil -d "sql:$1" -N --empty-password || return 1
	if [ -n "$2" ]; then
		modutil -dbdir "sql:$1" -force -add capkcs11 -libfile "$2" \
			</dev/null || return 1
	fi
	if [ -n "$3" ]; then
		certutil -d "sql:$1" -A -n 'root of the test' -t C,C,C -i "$3" ||
			return 1
	fi
}

# nss_nickname TOKEN LISTING: "token label:certificate label", NSS's name for the
# certificate that has its private key on the token. LISTING is what pkcs11-tool
# -O says after login. (The column u,u,u of certutil -L does not tell it: a CA
# certificate on a token can have it as well.)
nss_nickname() {
	awk -v token="$1" '
	/^[A-Z].* Object/ { kind = $1; label = "" }
	$1 == "label:" { sub(/^ *label: */, ""); label = $0 }
	$1 == "ID:" && kind == "Private" && key == "" { key = $2 }
	$1 == "ID:" && kind == "Certificate" && !($2 in name) {
		name[$2] = label
	}
	END { if (key in name) print token ":" name[key] }' "$2"
}
