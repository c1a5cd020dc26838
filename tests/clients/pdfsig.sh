#!/bin/bash
# poppler's pdfsig signs a page made with LibreOffice in a new signature field;
# a second database, which knows the root and not the module, checks it.
# cards: vgca-chipdoc iso7816-15
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"
# shellcheck source=tests/lib/nss.sh
. "$tests/lib/nss.sh"

check database nss_database "$T/db" "$MODULE" "$CA/root.pem"
check database-verifier nss_database "$T/other" '' "$CA/root.pem"
pkcs11-tool --module "$MODULE" --login --pin "$PIN" -O >"$T/objects" 2>&1
nick=$(nss_nickname "$TOKEN" "$T/objects")
pdf=$CA_ROOT/tests/data/sample.pdf

sign() {
	pdfsig "${pdfsig_backend[@]}" -nssdir "sql:$T/db" -nss-pwd "$PIN" \
		-add-signature -nick "$nick" "$@"
}
# Since 23.10 pdfsig knows several backends.
pdfsig_backend=()
! pdfsig -h 2>&1 | grep -q -- -backend || pdfsig_backend=(-backend NSS)

pdfsig "${pdfsig_backend[@]}" -nssdir "sql:$T/db" -nss-pwd "$PIN" \
	-list-nicks >"$T/nicks" 2>&1
check_line list-nicks "$nick" "$T/nicks"

check sign sign "$pdf" "$T/signed.pdf"
# Not -no-ocsp: pdfsig 22.12 then calls every good certificate unknown. These
# certificates name no OCSP responder, and there is no network here.
verify() {
	pdfsig "${pdfsig_backend[@]}" -nssdir "sql:$T/other" "$1"
}
verify "$T/signed.pdf" >"$T/result" 2>&1
check_has verify-signature 'Signature is Valid' "$T/result"
check_has verify-certificate 'Certificate is Trusted' "$T/result"
check_has verify-digest 'SHA-256' "$T/result"
check_has verify-whole 'Total document signed' "$T/result"
name=$(openssl x509 -in "$CA/leaf.pem" -noout -subject -nameopt \
	sep_multiline,utf8,-esc_msb | sed -n 's/^ *CN *= *//p')
check_has verify-name "Signer Certificate Common Name: $name" "$T/result"

# A second signature on top leaves the first one valid.
check sign-again sign "$T/signed.pdf" "$T/twice.pdf"
verify "$T/twice.pdf" >"$T/result2" 2>&1
check_equal verify-both 2 "$(grep -c 'Signature is Valid' "$T/result2")"

# One byte of the page changed.
offset=$(grep -abo 'endobj' "$T/signed.pdf" | head -n 1 | cut -d : -f 1)
cp "$T/signed.pdf" "$T/spoilt.pdf"
printf 'E' | dd of="$T/spoilt.pdf" bs=1 seek="$offset" conv=notrunc 2>/dev/null
verify "$T/spoilt.pdf" >"$T/result3" 2>&1
check_equal spoilt-invalid 0 "$(grep -c 'Signature is Valid' "$T/result3")"

# Without the root there is a signature and no trust.
check database-stranger nss_database "$T/stranger" '' ''
pdfsig "${pdfsig_backend[@]}" -nssdir "sql:$T/stranger" \
	"$T/signed.pdf" >"$T/result4" 2>&1
check_equal stranger-untrusted 0 "$(grep -c 'Certificate is Trusted' "$T/result4")"
