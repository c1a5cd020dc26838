#!/bin/bash
# ca-simcard itself: cards that are pulled, swapped and go wrong, the virtual
# reader and pcscd in between, and the way back to order each time.
# shellcheck source=tests/lib/opensc.sh
. "$(dirname "$0")/../lib/opensc.sh"

# What needs no reader.
"$CA_SIMCARD" --list >"$T/list"
check_has list-iso '^iso7816-15 ' "$T/list"
check_has list-chipdoc '^vgca-chipdoc ' "$T/list"
check help "$CA_SIMCARD" --help
check version "$CA_SIMCARD" --version
check_fails no-card "$CA_SIMCARD" --port 35963
check_fails unknown-card "$CA_SIMCARD" --card nothing
check_fails unknown-option "$CA_SIMCARD" --card iso7816-15 --nothing 1
check_fails bad-value "$CA_SIMCARD" --card iso7816-15 --keys many
check_fails bad-trouble "$CA_SIMCARD" --card iso7816-15 --key p256 \
	--ca-key p256 --trouble nothing
"$CA_SIMCARD" --card iso7816-15 --key p256 --ca-key p256 --port 1 \
	>"$T/out" 2>&1
check_has no-reader 'vpcd does not answer' "$T/out"
check_fails send-to-nobody "$CA_SIMCARD" --control "$T/nobody" --send state

opensc_start iso7816-15 || exit

serial() {
	pkcs15-tool -D 2>/dev/null | sed -n 's/^.*Serial number *: //p'
}

# Pulled and back again.
control() {
	card_control $PORT "$@"
}

check control-help control help
check_fails control-unknown control nonsense
check_equal state-inserted "ok inserted 0123456789ABCDEF" "$(control state)"
check remove control remove
check removed wait_for_no_card $PORT
check_fails removed-sign opensc_sign RSA-PKCS "$T/info"
check insert control insert
check inserted wait_for_reader_card $PORT
check inserted-sign opensc_sign RSA-PKCS "$T/info"

# Another card, told by its number; the old one's counters are not its own.
check swap control swap AABBCCDDEEFF0011
other_serial() {
	[ "$(serial)" = aabbccddeeff0011 ]
}
check swapped wait_until 15 other_serial
check_equal swapped-counts 'wrong-tries=0' \
	"$(control counters | tr ' ' '\n' | grep wrong-tries)"
control export-ca "$T/ca" >"$T/out" &&
	openssl x509 -in "$T/ca/leaf.pem" -noout -pubkey >"$T/pub.pem"
check swapped-sign opensc_sign RSA-PKCS "$T/info"

# A silent loss of the login in the middle of a signature.
control trouble ins2A:forget >"$T/out"
check_fails forget opensc_sign RSA-PKCS "$T/info"
check forget-over opensc_sign RSA-PKCS "$T/info"

# Everything that can come back instead of a signature; then order again.
for what in garbage badsw long trunc short empty 61 61data 6c wrongsig \
	sw=6581; do
	# Always: OpenSC tries some commands twice.
	control trouble "ins2A:$what:always" >"$T/out"
	check_fails "$what" opensc_sign RSA-PKCS "$T/info"
	control clear >"$T/out"
	# After an answer that is none pcscd may have given the card up.
	wait_for_reader_card $PORT
	check "$what-over" opensc_sign RSA-PKCS "$T/info"
done

# Pulled in the middle, before and after the command was carried out.
for what in remove remove-after; do
	control trouble "ins2A:$what" >"$T/out"
	check_fails "$what-sign" opensc_sign RSA-PKCS "$T/info"
	check "$what-gone" wait_for_no_card $PORT
	control insert >"$T/out"
	check "$what-back" wait_for_reader_card $PORT
	check "$what-over" opensc_sign RSA-PKCS "$T/info"
done

# Swapped in the middle.
before=$(serial)
control trouble ins2A:swap >"$T/out"
check_fails swap-sign opensc_sign RSA-PKCS "$T/info"
changed_serial() {
	[ -n "$(serial)" ] && [ "$(serial)" != "$before" ]
}
check swap-other wait_until 15 changed_serial

# A reset by another program is a reset for the card.
resets() {
	control counters | tr ' ' '\n' | sed -n 's/^resets=//p'
}
control clear >"$T/out"
check reset opensc-tool --reset
check reset-seen test "$(resets)" -ge 1

# It waits for the reader, and finds it again.
stop_card $PORT
check stopped test ! -e "$(card_dir $PORT)/control"
start_card iso7816-15 $PORT --wait
check_equal again 0 $?
stop_pcscd
state_is() {
	[ "$(control state | cut -d' ' -f2)" = "$1" ]
}
check waits wait_until 15 state_is waiting
start_pcscd
check_equal pcscd-again 0 $?
check found wait_for_reader_card $PORT

# Ends when told to, by a signal and by a word, and says nothing.
pid=${cards_pid[$PORT]}
kill -TERM "$pid"
wait "$pid"
check_equal sigterm 0 $?
start_card iso7816-15 $PORT
check_equal quit-start 0 $?
pid=${cards_pid[$PORT]}
check quit control quit
wait "$pid"
check_equal quit-status 0 $?
check_equal quiet '' "$(cat "$(card_dir $PORT)/err")"
