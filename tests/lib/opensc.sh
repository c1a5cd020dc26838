# shellcheck shell=bash
# What the tests of the simulated cards with Debian's OpenSC share. Sourced by
# tests/clients/opensc-*.sh; started by hand, such a script isolates itself.
#
# Afterwards: $T an empty folder, $TRACE the commands the card got, $PIN, $PUK,
# $T/info a DigestInfo and $T/data the data it is of.

set -u
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/lib/common.sh
. "$tests/lib/common.sh"
# shellcheck source=tests/lib/isolate.sh
. "$tests/lib/isolate.sh"
# shellcheck source=tests/lib/check.sh
. "$tests/lib/check.sh"

if [ -z "${CA_INSIDE:-}" ]; then
	isolate_find || {
		isolate_why
		exit 1
	}
	isolate bash "$0" "$@"
	exit
fi

# shellcheck source=tests/lib/cards.sh
. "$tests/lib/cards.sh"

PIN=24681357
PUK=87654321
PORT=35963
# How OpenSC names the first key and its PIN.
ID=01
AUTH=01
T=$(mktemp -d "${TMPDIR:-/tmp}/capkcs11-opensc.XXXXXX")
export HOME=$T/home LC_ALL=C.UTF-8 OPENSC_CONF=$T/opensc.conf
mkdir -p "$HOME"

opensc_end() {
	stop_all
	rm -rf "$T"
}
trap opensc_end EXIT

opensc_module=
for m in /usr/lib/*/opensc-pkcs11.so /usr/lib*/opensc-pkcs11.so \
	/usr/lib*/pkcs11/opensc-pkcs11.so; do
	[ ! -e "$m" ] || opensc_module=$m
done

tool() {
	pkcs11-tool --module "$opensc_module" "$@"
}

# opensc_config [LINES]: what OpenSC has to be told about a card, in the words
# of its configuration file. Nothing read before may stand in for what the card
# says now.
opensc_config() {
	cat >"$OPENSC_CONF" <<-END
	app default {
		$1
		framework pkcs15 {
			use_file_caching = false;
			use_pin_caching = false;
		}
	}
	END
}
opensc_config ''

printf 'Xin chào, Việt Nam\0\r\n\377' >"$T/data"
# RFC 8017, 9.2, note 1: the DigestInfo of SHA-256.
printf '\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20' \
	>"$T/info"
openssl dgst -sha256 -binary "$T/data" >>"$T/info"

# opensc_legacy: OpenSSL with its legacy provider, for drivers that need DES.
opensc_legacy() {
	cat >"$T/openssl.cnf" <<-'END'
	openssl_conf = init
	[init]
	providers = providers
	[providers]
	default = on
	legacy = on
	[on]
	activate = 1
	END
	export OPENSSL_CONF=$T/openssl.cnf
}

# opensc_insert TYPE OPTION...: a card, its certificates, its public key.
opensc_insert() {
	local type=$1
	shift
	start_card "$type" $PORT --pin $PIN --puk $PUK "$@" || return 1
	TRACE=$(card_dir $PORT)/trace
	cards_export_ca $PORT "$T/ca" >/dev/null &&
		openssl x509 -in "$T/ca/leaf.pem" -noout -pubkey >"$T/pub.pem"
}

# opensc_start TYPE OPTION OF ca-simcard...
opensc_start() {
	[ -n "$opensc_module" ] && start_pcscd && opensc_insert "$@" && return 0
	not_ok setup 'no OpenSC, no pcscd, or no simulated card'
	return 1
}

# opensc_again TYPE NAME OPTION...: another card in place of the one before;
# NAME goes before the names of its checks where they would repeat.
opensc_again() {
	local type=$1
	check_prefix=
	stop_card $PORT
	rm -rf "$(card_dir $PORT)"
	check_prefix=$2/
	shift 2
	opensc_insert "$type" "$@" && return 0
	not_ok setup 'the simulated card did not start'
	return 1
}

# opensc_lists DRIVER: card, PIN rules and key as OpenSC sees them.
opensc_lists() {
	opensc-tool -n >"$T/name" 2>&1
	check_has list-driver "$1" "$T/name"
	pkcs15-tool -D >"$T/dump" 2>&1
	check_has list-key 'Private RSA Key' "$T/dump"
	check_has list-pin-rules 'min_len:4, max_len:16, stored_len:(8|16)' \
		"$T/dump"
	tool -L >"$T/slots" 2>&1
	check_has list-pin-initialized 'token flags.*PIN initialized' "$T/slots"
	tool --login --pin $PIN -O --type privkey >"$T/keys" 2>&1
	check_has list-private-key 'Usage:.*sign' "$T/keys"
}

# opensc_certificates LEAF SUB ROOT: ids; what OpenSC reads is what was made.
opensc_certificates() {
	local name
	for name in leaf sub root; do
		check "certificate-$name" opensc_same "$1" "$T/ca/$name.pem"
		shift
	done
}

opensc_same() {
	tool --read-object --type cert --id "$1" --output-file "$T/c.der" &&
		openssl x509 -inform DER -in "$T/c.der" -out "$T/c.pem" &&
		cmp "$T/c.pem" "$2"
}

opensc_chain() {
	check chain openssl verify -CAfile "$T/ca/root.pem" \
		-untrusted "$T/ca/sub.pem" "$T/ca/leaf.pem"
	openssl x509 -in "$T/ca/leaf.pem" -noout -subject \
		-nameopt utf8,sep_comma_plus >"$T/subject"
	check_has subject-utf8 'Nguyễn Văn Thử Nghiệm' "$T/subject"
}

# opensc_sign MECHANISM FILE: of the data itself, or of its DigestInfo.
opensc_sign() {
	rm -f "$T/sig"
	tool --login --pin $PIN --sign -m "$1" --id "$ID" --input-file "$2" \
		--output-file "$T/sig" &&
		openssl dgst -sha256 -verify "$T/pub.pem" -signature "$T/sig" \
			"$T/data"
}

# opensc_sign_pss SHA256|SHA384|SHA512: salt as long as the hash.
opensc_sign_pss() {
	local hash=${1,,}
	rm -f "$T/sig"
	tool --login --pin $PIN --sign -m "$1-RSA-PKCS-PSS" --id "$ID" \
		--input-file "$T/data" --output-file "$T/sig" &&
		openssl dgst "-$hash" -verify "$T/pub.pem" \
			-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1 \
			-sigopt "rsa_mgf1_md:$hash" -signature "$T/sig" "$T/data"
}

# The one ECDSA mechanism that OpenSC offers with this card.
opensc_sign_ec() {
	rm -f "$T/sig"
	tool --login --pin $PIN --sign -m ECDSA-SHA1 \
		--signature-format openssl --id "$ID" --input-file "$T/data" \
		--output-file "$T/sig" &&
		openssl dgst -sha1 -verify "$T/pub.pem" \
			-signature "$T/sig" "$T/data"
}

# opensc_stores: a certificate more, by OpenSC's own means; the first one stays.
opensc_stores() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/other.key" \
		-out "$T/other.pem" -days 30 -subj /CN=example.vn 2>/dev/null
	check store-certificate pkcs15-init --store-certificate \
		"$T/other.pem" --id 77 --label other --auth-id "$AUTH" \
		--pin "$PIN"
	check stored-certificate opensc_same 77 "$T/other.pem"
	check first-certificate opensc_same "$ID" "$T/ca/leaf.pem"
}

# Our own module, with the profiles in the tree.
ours() {
	printf '[capkcs11]\ncache = no\ncards_dir = %s\ncards_d = %s\n' \
		"$CA_ROOT/conf/cards" "$T/none" >"$T/capkcs11.conf"
	CAPKCS11_CONF=$T/capkcs11.conf pkcs11-tool \
		--module "$CA_BUILD/libcapkcs11.so" "$@"
}

# ours_signs: our module signs, and OpenSSL agrees.
ours_signs() {
	rm -f "$T/sig"
	ours --login --pin "$PIN" --sign -m SHA256-RSA-PKCS --id "$ID" \
		--input-file "$T/data" --output-file "$T/sig" &&
		openssl dgst -sha256 -verify "$T/pub.pem" -signature "$T/sig" \
			"$T/data"
}

# opensc_ours_reads: what OpenSC stored, certificate and data, by our module.
opensc_ours_reads() {
	check store-data pkcs15-init --store-data "$T/data" --label letter \
		--application-name example --auth-id "$AUTH" --pin "$PIN"
	rm -f "$T/c.der" "$T/d"
	check ours-certificate ours --read-object --type cert --id 77 \
		--output-file "$T/c.der"
	openssl x509 -in "$T/other.pem" -outform DER -out "$T/other.der"
	check ours-same-certificate cmp "$T/c.der" "$T/other.der"
	check ours-data ours --login --pin "$PIN" --read-object --type data \
		--label letter --output-file "$T/d"
	check ours-same-data cmp "$T/d" "$T/data"
	check ours-signs ours_signs
}

opensc_decrypts() {
	rm -f "$T/plain"
	printf 'bí mật' >"$T/secret"
	openssl pkeyutl -encrypt -pubin -inkey "$T/pub.pem" -in "$T/secret" \
		-out "$T/cipher" &&
		tool --login --pin $PIN --decrypt -m RSA-PKCS --id "$ID" \
			--input-file "$T/cipher" --output-file "$T/plain" &&
		cmp "$T/plain" "$T/secret"
}

# opensc_decrypts_oaep SHA256|SHA384|SHA512
opensc_decrypts_oaep() {
	local hash=${1,,}
	rm -f "$T/plain"
	printf 'bí mật' >"$T/secret"
	openssl pkeyutl -encrypt -pubin -inkey "$T/pub.pem" -in "$T/secret" \
		-pkeyopt rsa_padding_mode:oaep -pkeyopt "rsa_oaep_md:$hash" \
		-pkeyopt "rsa_mgf1_md:$hash" -out "$T/cipher" &&
		tool --login --pin $PIN --decrypt -m RSA-PKCS-OAEP \
			--hash-algorithm "$1" --mgf "MGF1-$1" --id "$ID" \
			--input-file "$T/cipher" --output-file "$T/plain" &&
		cmp "$T/plain" "$T/secret"
}

# The card's READ BINARY never gives more than 231 bytes.
opensc_reads_in_pieces() {
	awk '$1 == ">" { read = $3 == "B0" }
		$1 == "<" && read && NF > max { max = NF }
		END { exit max - 3 != 231 }' "$TRACE"
}

opensc_tries() {
	card_control $PORT tries
}

# One wrong PIN, one try; the right one gives it back.
opensc_wrong_pin() {
	local before
	before=$(opensc_tries)
	check_fails wrong-pin tool --login --pin 11112222 -O --type privkey
	check_equal wrong-pin-one-try \
		"${before/pin=3/pin=2}" "$(opensc_tries)"
	check right-pin tool --login --pin $PIN -O --type privkey
	check_equal right-pin-tries "$before" "$(opensc_tries)"
}

opensc_change_pin() {
	check change-pin tool --login --pin $PIN --change-pin \
		--new-pin 13572468
	check change-pin-new tool --login --pin 13572468 -O --type privkey
	check change-pin-back tool --login --pin 13572468 --change-pin \
		--new-pin $PIN
}

opensc_block() {
	local _
	for _ in 1 2 3; do
		tool --login --pin 11112222 -O --type privkey >"$T/block" 2>&1
	done
	[ "$(opensc_tries | sed 's/ puk.*//')" = 'ok pin=0' ]
}

# The PUK gives a blocked PIN its tries and a new value.
opensc_unblock() {
	check block opensc_block
	check_fails blocked tool --login --pin $PIN -O --type privkey
	check unblock pkcs15-tool --unblock-pin --auth-id "$AUTH" --puk $PUK \
		--new-pin $PIN
	check unblocked tool --login --pin $PIN -O --type privkey
}

opensc_pull_and_insert() {
	card_control $PORT remove && wait_for_no_card $PORT &&
		card_control $PORT insert && wait_for_reader_card $PORT
}

# A card that was pulled and came back is no way around the counter.
opensc_stays_blocked() {
	local was
	check block-again opensc_block
	was=$(opensc_tries)
	check pull-and-insert opensc_pull_and_insert
	check_equal stays-blocked "$was" "$(opensc_tries)"
	check_fails stays-blocked-login tool --login --pin $PIN -O --type privkey
}

# No PIN or PUK in the trace, in any form a command could carry it.
opensc_trace_is_clean() {
	local value hex
	grep -q '^> 00 20 00 .. .. \*\*' "$TRACE" || return 1
	for value in $PIN $PUK 11112222 13572468; do
		hex=$(printf %s "$value" | od -An -tx1 | tr 'a-f' 'A-F')
		! grep -F "${hex# }" "$TRACE" || return 1
	done
}
