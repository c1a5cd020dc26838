#!/bin/bash
# Commands to the card against the budgets, and times as information.
# Usage: bench.sh vgca-chipdoc
# shellcheck disable=SC2034 # read by client.sh
# The budgets are for one key and one certificate of at most 1,024 bytes.
CARD_OPTIONS=(--chain 0 --cert-max 1024)
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

bench=$CA_BUILD/tests/bench

# measure MODE [ARGUMENT]...: figures into $T/MODE, and to the log.
measure() {
	local mode=$1
	shift
	"$bench" "$mode" --module "$MODULE" --pin "$PIN" \
		--control "$(card_dir 35963)/control" "$@" >"$T/$mode" || {
		not_ok "$mode" 'the measurement failed'
		return 1
	}
	sed 's/^/  | /' "$T/$mode"
}

figure() {
	sed -n "s/^$2 //p" "$T/$1"
}

# budget NAME GOT ALLOWED: counts; a rise is a failure.
budget() {
	if [ -n "$2" ] && [ "$2" -le "$3" ]; then
		ok "$1 ($2 of $3)"
	else
		not_ok "$1" "${2:-nothing} of $3"
	fi
}

# inform NAME GOT UNIT GOAL: times depend on the machine.
inform() {
	printf 'figure %s: %s %s, goal %s\n' "$1" "$2" "$3" "$4"
}

if measure first; then
	budget first-signature "$(figure first first)" 24
	inform first-signature "$(figure first first-us)" us '-'
fi
if measure first; then
	# The aim is 12. It would mean believing a PIN directory from the disk;
	# only what the card proves anew is believed, and this must not rise.
	budget first-signature-cached "$(figure first first)" 19
	inform first-signature-cached "$(figure first first)" APDUs 12
fi
if measure sign; then
	budget further-signature-x100 "$(figure sign further-x100)" 200
	inform signature "$(figure sign signature-us)" us '-'
	inform signature-by-the-card "$(figure sign signature-card-us)" us '-'
	inform signature-host "$(figure sign signature-host-us)" us '150 us'
	inform resident-memory "$(figure sign resident-kib)" KiB '3072 KiB'
fi
if measure poll; then
	budget slot-info "$(figure poll slot-info)" 0
	budget token-info-x10 "$(figure poll token-info-x10)" 10
	inform slot-info "$(figure poll slot-info-us)" us '150 us'
fi
if measure made; then
	inform session-open "$(figure made sessions-open-us)" us '-'
	inform session-close "$(figure made sessions-close-ns)" ns '-'
	inform session-memory "$(figure made sessions-bytes)" bytes '4096 bytes'
	inform close-10000-sessions "$(figure made sessions-close-all-us)" us \
		'100 ms'
	inform find-in-10000-sessions "$(figure made sessions-find-us)" us '-'
	inform session-key-made "$(figure made keys-create-us)" us '-'
	inform session-key-destroyed "$(figure made keys-destroy-us)" us '-'
	inform small-encryption "$(figure made aes-ns)" ns '10 us'
	inform small-hmac "$(figure made hmac-ns)" ns '10 us'
fi

# The same card, and profiles that do not know it.
mkdir -p "$T/cards"
cp "$CA_ROOT"/conf/cards/*.conf "$T/cards/"
rm -f "$T/cards/$CARD.conf"
stop_card 35963 && start_card "$CARD" 35963 --pin "$PIN"
check_equal start-again 0 $?
printf '[capkcs11]\ncards_dir = %s\ncards_d = %s\n' "$T/cards" "$T/none" \
	>"$CAPKCS11_CONF"
if measure unknown; then
	budget unknown-card "$(figure unknown unknown)" 3
	check_equal unknown-is-no-token 0 "$(figure unknown unknown-tokens)"
	check_equal unknown-is-a-slot 1 "$(figure unknown unknown-slots)"
	check_equal unknown-no-token-info 0 "$(figure unknown unknown-accepted)"
fi

stop_card 35963
check_equal stop 0 $?
if measure load; then
	inform load "$(figure load load-us)" us '2500 us'
fi
