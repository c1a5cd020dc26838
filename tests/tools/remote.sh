#!/bin/bash
# A locked PIN is set anew at a distance. The caller's machine has the card, the
# desk's has the key; between them go two codes, read out.
# cards: epass2003 iso7816-15 vgca-chipdoc
key=0102030405060708090A0B0C0D0E0F101112131415161718
puk=Puk-2468-13579
CARD_OPTIONS=(--puk "$puk")
case $1 in
iso7816-15) CARD_OPTIONS+=(--admin-key "$key" --admin-cipher 3des) ;;
esac
# shellcheck source=tests/lib/tool.sh
. "$(dirname "$0")/../lib/tool.sh"

mkdir "$T/none" "$T/desk"
if [ "$CARD" = iso7816-15 ]; then
	{
		cat "$CA_ROOT/conf/cards/iso7816-15.conf"
		printf '\n[admin key]\nreference = 80\ncipher = 3des\n'
	} >"$T/none/iso7816-15.conf"
	puk=$key
fi
printf '%s\n' "$puk" >"$T/desk/key"
printf 'Abcd2468\n' >"$T/new"
serial=$(ca_token list --json && jq -r '.tokens[0].serial' "$T/out")

# desk CODE...: the desk's machine knows its key and the serial number alone.
desk() {
	env -u CAPKCS11_CONF -u CAPKCS11_MODULE HOME="$T/desk" \
		"$CA_BUILD/ca-token" support answer --serial "$serial" \
		--key-source=file:"$T/desk/key" "$@" 2>"$T/desk/err"
}

# call: the caller begins; $challenge is what is shown. say LINE,
# hang_up: $status is how it ended.
call() {
	rm -f "$T/answers"
	mkfifo "$T/answers"
	: >"$T/out"
	"$CA_BUILD/ca-token" pin unblock --remote --token "$serial" --new-pin-source=file:"$T/new" \
		<"$T/answers" >"$T/out" 2>"$T/err" &
	caller=$!
	exec 8>"$T/answers"
	wait_until 20 shown || client_give_up 'no challenge was shown'
	challenge=$(cat "$T/out")
}

shown() {
	grep -q . "$T/out" || ! kill -0 "$caller" 2>/dev/null
}

say() {
	printf '%s\n' "$*" >&8
}

hang_up() {
	exec 8>&-
	wait "$caller"
	status=$?
}

counter() {
	card_control 35963 counters | tr ' ' '\n' | sed -n "s/^$1=//p"
}

login() {
	pkcs11-tool --module "$MODULE" --login --pin "$1" -O
}

if [ "$CARD" = vgca-chipdoc ]; then
	ca_token pin unblock --remote --new-pin-source=file:"$T/new"
	check_equal cannot-status 6 "$status"
	check_has cannot 'not known|wants the PUK itself' "$T/err"
	exit
fi

for _ in 1 2 3 4 5 6; do
	printf 'allow_last_try = yes\n' >>"$CAPKCS11_CONF"
	login 11112222 >/dev/null 2>&1
done
check_fails locked login "$PIN"
before=$(counter wrong-tries)

ca_token pin unblock --remote --token 99999 --new-pin-source=file:"$T/new"
check_equal other-name-status 3 "$status"
check_has other-name '99999' "$T/err"

# What is misheard, and what belongs to another call, costs nothing.
call
check_has challenge '^[0-9A-HJKMNP-TV-Z-]{24,}$' "$T/out"
first=$challenge
say "${challenge%?}"
say "$challenge"
hang_up
check_equal no-answer-status 130 "$status"
check_has misheard 'Characters are missing' "$T/err"
check_has echoed 'code you were to read out' "$T/err"
check_equal nothing-spent "$before" "$(counter wrong-tries)"

answer=$(desk "$first")
check_has answer '^[0-9A-HJKMNP-TV-Z-]{24,}$' <(printf '%s\n' "$answer")
call
check_fails fresh-challenge test "$challenge" = "$first"
say "$answer"
hang_up
check_has replayed 'answer to another challenge' "$T/err"
check_equal replay-spent "$before" "$(counter wrong-tries)"

# Held: another program waits until the call is over, and voids nothing.
call
timeout 60 pkcs11-tool --module "$MODULE" -O >"$T/other" 2>&1 &
other=$!
answer=$(desk "${challenge//-/ }" | tr '[:upper:]' '[:lower:]')
check "desk" test -n "$answer"
check held kill -0 "$other"
say "$answer"
hang_up
check_equal unblock-status 0 "$status"
check_has unblock 'new PIN is set' "$T/err"
wait "$other"
check unblocked login Abcd2468
check_fails silent grep -q -e "$puk" -e Abcd2468 "$T/err" "$T/out" "$T/desk/err"

# The desk notices another token, and another key is refused by the card.
call
serial=0000 desk "$challenge" >/dev/null
check_has other-token 'another token' "$T/desk/err"
printf '%s\n' "${puk//1/2}" >"$T/desk/key"
say "$(desk "$challenge")"
hang_up
check_equal other-key-status 4 "$status"
check_has other-key 'another key' "$T/err"
check_equal other-key-cost "$((before + 1))" "$(counter wrong-tries)"
check pin-kept login Abcd2468

# Killed in the middle: the card is as usable as before.
call
kill -INT "$caller"
hang_up
check after-interrupt login Abcd2468
