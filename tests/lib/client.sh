# shellcheck shell=bash
# What every script in tests/clients begins with:
#
#   # cards: vgca-chipdoc iso7816-15     the cards tests/run runs it with
#   . "$(dirname "$0")/../lib/client.sh"
#
# The script gets the card's type as its argument; TYPE+raw is such a card that
# does raw RSA as well, TYPE+p256 one with such a key ($VARIANT). Started by hand
# it isolates itself. Afterwards pcscd runs with one card in its first slot, and
# there are:
#
#   $MODULE     the PKCS#11 module under test
#   $CARD       type of the card
#   $PIN        its PIN, $PIN_FILE a file that holds it
#   $TOKEN      label of the token
#   $CA         root.pem, sub.pem, leaf.pem of the card
#   $T          an empty folder; also HOME
#
# CARD_OPTIONS, set before, are further options of ca-simcard.
#
# Another module is tried with CA_MODULE, and CA_TOKEN where that module calls
# the token by another name; another build with CA_BUILD.

set -u
[ -n "${CARD_OPTIONS+set}" ] || CARD_OPTIONS=()
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/lib/common.sh
. "$tests/lib/common.sh"
# shellcheck source=tests/lib/isolate.sh
. "$tests/lib/isolate.sh"
# shellcheck source=tests/lib/check.sh
. "$tests/lib/check.sh"

client_name=$(basename "$0" .sh)
CARD=${1:?type of card, see the line "# cards:" of this script}
check_prefix=$client_name/$CARD/
VARIANT=
case $CARD in
*+*)
	VARIANT=${CARD#*+}
	CARD=${CARD%%+*}
	;;
esac
case $VARIANT/$CARD in
/*) ;;
raw/vgca-chipdoc) CARD_OPTIONS+=(--algs '8A,02,8C') ;;
raw/*) CARD_OPTIONS+=(--algs '11,02,21,22' --token-algs '11,02,21,22') ;;
p256/* | p521/*) CARD_OPTIONS+=(--key "$VARIANT") ;;
*) die "no variant of a card: $VARIANT" ;;
esac

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

MODULE=${CA_MODULE:-$CA_BUILD/libcapkcs11.so}
PIN=24681357
label="Thử nghiệm $CARD"
TOKEN=${CA_TOKEN:-$label}
T=$(mktemp -d "${TMPDIR:-/tmp}/capkcs11-client.XXXXXX")
PIN_FILE=$T/pin
CA=$T/ca
export MODULE CARD PIN TOKEN T PIN_FILE CA
export HOME=$T/home LC_ALL=C.UTF-8
unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_RUNTIME_DIR
# The profiles in the tree, not those of an installed package.
CAPKCS11_CONF=$T/capkcs11.conf
export CAPKCS11_CONF
printf '[capkcs11]\ncards_dir = %s\ncards_d = %s\n' "$CA_ROOT/conf/cards" \
	"$T/none" >"$CAPKCS11_CONF"

# shellcheck disable=SC2317 # called by the trap
client_end() {
	stop_all
	rm -rf "$T"
}
trap client_end EXIT
mkdir -p "$HOME" "$CA"
printf '%s\n' "$PIN" >"$PIN_FILE"

# client_give_up REASON: one failed check, and the end.
client_give_up() {
	not_ok setup "$1"
	exit 1
}

client_card() {
	start_card "$CARD" 35963 --pin "$PIN" --label "$label" \
		"${CARD_OPTIONS[@]}"
}

[ -f "$MODULE" ] || client_give_up "no module at $MODULE"
start_pcscd || client_give_up 'pcscd did not start'
client_card || client_give_up 'the simulated card did not start'
cards_export_ca 35963 "$CA" || client_give_up 'no certificates of the card'

# What the certificates look like to the tools.
openssl x509 -in "$CA/leaf.pem" -noout -pubkey >"$T/pub.pem"
cat "$CA/root.pem" "$CA/sub.pem" >"$T/chain.pem"
# Data to sign, with bytes a text tool would spoil.
printf 'Xin chào, Việt Nam\0\r\n\377' >"$T/data"
export OPENSSL_CONF=${OPENSSL_CONF:-/etc/ssl/openssl.cnf}
