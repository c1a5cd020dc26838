# shellcheck shell=bash
# What tools/try does with a token: shows it, checks the PIN once, signs a PDF,
# checks the signature, and says so in English or Vietnamese. Sourced after
# common.sh and nss.sh. The caller sets $module, $work (a folder of its own),
# $pin, and $real (yes for a token that is not simulated).
# shellcheck disable=SC2154 # those four

# The language of the person; programs whose output is read here speak English,
# and no locale that is not installed is complained of.
case ${CA_LANGUAGE:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}} in
vi*) language='vi' ;;
*) language=en ;;
esac
export CA_LANGUAGE=$language LC_ALL=C.UTF-8
unset LANGUAGE

# say ENGLISH VIETNAMESE
say() {
	if [ $language = vi ]; then
		printf '%s\n' "$2"
	else
		printf '%s\n' "$1"
	fi
}

# give_up ENGLISH VIETNAMESE
give_up() {
	say "$1" "$2" >&2
	exit 1
}

# The roots of VGCA, by the SHA-256 of the certificate. A root on a token is
# trusted, for this one check, only when it is one of these.
vgca_roots="
F7BC89054CEC7F12730D7B8CD3EB7955B163835087E5EB873EDFB584763B3F90
F04BA4B459A7C9A1B971AD9B1CB833E695A80C79AEA63B174B66A70EDFE2FDB8"

tool() {
	pkcs11-tool --module "$module" "$@"
}

# of_token FIELD: what pkcs11-tool -L said of the first token.
of_token() {
	sed -n "s/^ *$1 *: *//p" "$work/slots" | head -n 1
}

# of_certificate FILE subject|issuer: the name people know it by.
of_certificate() {
	openssl x509 -inform DER -in "$1" -noout "-$2" \
		-nameopt sep_multiline,sname,utf8 | sed -n 's/^ *CN=//p'
}

# read_certificates: all on the token, to $work/certificates/N.der.
read_certificates() {
	local id n=0
	mkdir -p "$work/certificates"
	for id in $(tool -O --type cert 2>/dev/null |
		sed -nE 's/^ *ID: *([0-9a-fA-F]+)$/\1/p' | uniq); do
		n=$((n + 1))
		tool --read-object --type cert --id "$id" --output-file \
			"$work/certificates/$n.der" >/dev/null 2>&1
	done
}

# show_token: what a person wants to know of it; sets $label.
show_token() {
	local file name issuer
	tool -L >"$work/slots" 2>/dev/null
	label=$(of_token 'token label')
	[ -n "$label" ] || {
		cat "$work/slots" >&2
		give_up 'The module shows no token.' \
			'Mô-đun không thấy thiết bị nào.'
	}
	say "Token: $label, serial number $(of_token 'serial num')" \
		"Thiết bị: $label, số hiệu $(of_token 'serial num')"
	read_certificates
	for file in "$work"/certificates/*.der; do
		[ -s "$file" ] || continue
		name=$(of_certificate "$file" subject)
		issuer=$(of_certificate "$file" issuer)
		say "  certificate: $name, issued by $issuer" \
			"  chứng thư số: $name, do $issuer cấp"
	done
}

# check_pin: one login, before anything else uses the PIN. A wrong one costs one
# try here and none later.
check_pin() {
	CA_PIN=$pin tool --login --pin env:CA_PIN -O >"$work/login" 2>&1 &&
		return 0
	if grep -q CKR_PIN_LOCKED "$work/login"; then
		give_up 'The token refuses: the PIN is locked, or has one try left.
Do not try again; see "If the PIN is locked" in README.md.' \
			'Thiết bị từ chối: mã PIN đã bị khóa hoặc chỉ còn một lần thử.
Đừng thử nữa; xem mục "Khi mã PIN bị khóa" trong README.vi.md.'
	fi
	tail -n 3 "$work/login" >&2
	give_up 'The token did not accept the PIN. One try is gone.' \
		'Thiết bị không chấp nhận mã PIN. Đã mất một lần thử.'
}

# pdfsig speaks to NSS; since 23.10 it knows other libraries as well.
pdfsig_nss() {
	local backend=()
	! pdfsig -h 2>&1 | grep -q -- -backend || backend=(-backend NSS)
	pdfsig "${backend[@]}" "$@"
}

# sign_and_check PDF OUT ROOT: ROOT is a certificate to trust, or empty.
sign_and_check() {
	local nick
	nss_database "$work/db" "$module" "$3" >"$work/log" 2>&1 ||
		give_up "$(cat "$work/log")" "$(cat "$work/log")"
	nick=$(nss_nickname "$label" "$work/login")
	[ -n "$nick" ] || give_up \
		'There is no certificate with its key on the token.' \
		'Trên thiết bị không có chứng thư số nào kèm khóa.'
	say 'Signing ...' 'Đang ký ...'
	pdfsig_nss -nssdir "sql:$work/db" -nss-pwd "$pin" -add-signature \
		-nick "$nick" "$1" "$work/signed.pdf" >"$work/log" 2>&1
	[ -s "$work/signed.pdf" ] || {
		cat "$work/log" >&2
		give_up 'The file could not be signed.' 'Không ký được tệp.'
	}
	# Checked by a database without the module: as on another machine.
	nss_database "$work/other" '' "$3" >"$work/log" 2>&1
	pdfsig_nss -nssdir "sql:$work/other" "$work/signed.pdf" \
		>"$work/result" 2>&1
	cp "$work/signed.pdf" "$2" || give_up "Cannot write $2" \
		"Không ghi được $2"
	[ -z "$ca_user" ] || chown "$ca_user:" "$2"
	tell_result "$2"
}

# tell_result OUT: the last signature in the file is ours.
tell_result() {
	local signer valid trusted
	signer=$(sed -n 's/.*Signer Certificate Common Name: //p' \
		"$work/result" | tail -n 1)
	valid=$(grep 'Signature Validation:' "$work/result" | tail -n 1)
	trusted=$(grep 'Certificate Validation:' "$work/result" | tail -n 1)
	case $valid in
	*'Signature is Valid'*) ;;
	*)
		cat "$work/result" >&2
		give_up "The signature in $1 is NOT valid." \
			"Chữ ký trong $1 KHÔNG hợp lệ."
		;;
	esac
	say "
Done. $1 carries a valid signature." "
Xong. $1 có chữ ký hợp lệ."
	say "  signed by: $signer" "  người ký: $signer"
	say '  the document was not changed after signing' \
		'  văn bản không bị sửa đổi sau khi ký'
	case $trusted in
	*'Certificate is Trusted'*)
		say '  the chain of certificates ends at the trusted root' \
			'  chuỗi chứng thư kết thúc ở chứng thư gốc được tin cậy'
		;;
	*)
		say '  the issuer of the certificate is not known to this check' \
			'  nơi cấp chứng thư chưa được biết trong lần kiểm tra này'
		[ "$real" = yes ] || return 1
		;;
	esac
}

# known_root: writes the VGCA root found on the token to $work/root.pem.
known_root() {
	local file print
	for file in "$work"/certificates/*.der; do
		[ -s "$file" ] || continue
		print=$(sha256sum <"$file" | cut -d ' ' -f 1 |
			tr '[:lower:]' '[:upper:]')
		case $vgca_roots in
		*"$print"*)
			openssl x509 -inform DER -in "$file" -out "$work/root.pem"
			return
			;;
		esac
	done
	return 1
}
