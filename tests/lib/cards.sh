# shellcheck shell=bash
# pcscd, the virtual reader and simulated cards for shell tests. Sourced, inside
# isolate(). The caller sets CA_BUILD (the folder of ca-simcard) and calls
# stop_all at its end.
#
# The virtual reader has two slots: TCP port 35963 is reader
# "Virtual PCD 00 00", port 35964 is "Virtual PCD 00 01".

: "${CA_ROOT:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${CA_BUILD:=$CA_ROOT/build/release}"
: "${CA_SIMCARD:=$CA_BUILD/ca-simcard}"

cards_dir=$(mktemp -d "${TMPDIR:-/tmp}/capkcs11-cards.XXXXXX")
cards_pcscd=
declare -A cards_pid=()

# wait_until SECONDS COMMAND...: repeats the command until it succeeds; fails
# when the time is over. For conditions that nobody can be asked to signal.
wait_until() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

cards_readers() {
	opensc-tool -l >"$cards_dir/readers" 2>/dev/null
}

cards_pcscd_answers() {
	[ -S /run/pcscd/pcscd.comm ] && cards_readers &&
		grep -q 'Virtual PCD 00 01' "$cards_dir/readers"
}

# start_pcscd: starts pcscd with the virtual reader alone, and waits until both
# slots are listed.
start_pcscd() {
	mkdir -p "$cards_dir/reader.conf.d" "$cards_dir/drop" /run/pcscd
	cp /etc/reader.conf.d/vpcd "$cards_dir/reader.conf.d/" || return 1
	# Newer ones ask polkit who may use a reader; it does not run here.
	local options=(--foreground --config "$cards_dir/reader.conf.d")
	! pcscd --help 2>&1 | grep -q -e --disable-polkit ||
		options+=(--disable-polkit)
	PCSCLITE_HP_DROPDIR="$cards_dir/drop" pcscd "${options[@]}" \
		>"$cards_dir/pcscd.log" 2>&1 &
	cards_pcscd=$!
	wait_until 15 cards_pcscd_answers || {
		echo 'pcscd with the virtual reader did not start' >&2
		return 1
	}
}

# stop_pcscd: ends it and waits until it is gone.
stop_pcscd() {
	[ -n "$cards_pcscd" ] || return 0
	kill "$cards_pcscd" 2>/dev/null
	wait "$cards_pcscd" 2>/dev/null
	cards_pcscd=
}

# reader_of PORT: the reader's name.
reader_of() {
	printf 'Virtual PCD 00 %02d\n' $(($1 - 35963))
}

cards_present() {
	cards_readers && grep -q "Yes .*$(reader_of "$1")" "$cards_dir/readers"
}

cards_absent() {
	cards_readers && grep -q "No .*$(reader_of "$1")" "$cards_dir/readers"
}

# wait_for_reader_card PORT, wait_for_no_card PORT: until pcscd has noticed.
wait_for_reader_card() {
	wait_until 15 cards_present "$1"
}

wait_for_no_card() {
	wait_until 15 cards_absent "$1"
}

# start_card TYPE PORT [OPTION OF ca-simcard...]: puts a card of this type into
# the slot and waits until pcscd has noticed. Its state is kept in
# $(card_dir PORT)/state, so that a card that is stopped and started again is
# the same card; trace and control socket lie beside it.
start_card() {
	local type=$1 port=$2 dir
	shift 2
	dir=$(card_dir "$port")
	mkdir -p "$dir/state"
	# Whoever asks for the certificates must describe the same card.
	printf '%s\0' --card "$type" --state "$dir/state" "$@" >"$dir/options"
	"$CA_SIMCARD" --card "$type" --port "$port" --state "$dir/state" \
		--trace "$dir/trace" --control "$dir/control" "$@" \
		>"$dir/out" 2>"$dir/err" &
	cards_pid[$port]=$!
	wait_for_reader_card "$port" || {
		echo "no card in $(reader_of "$port"):" >&2
		cat "$dir/out" "$dir/err" >&2
		return 1
	}
}

# card_dir PORT: folder with the state of the card in that slot.
card_dir() {
	printf '%s/%s\n' "$cards_dir" "$1"
}

# stop_card PORT: pulls the card and waits until pcscd has noticed.
stop_card() {
	[ -n "${cards_pid[$1]:-}" ] || return 0
	kill "${cards_pid[$1]}" 2>/dev/null
	wait "${cards_pid[$1]}" 2>/dev/null
	unset "cards_pid[$1]"
	[ -z "$cards_pcscd" ] || wait_for_no_card "$1"
}

# card_control PORT COMMAND...: one line to the card's control socket, the
# answer on standard output.
card_control() {
	local dir
	dir=$(card_dir "$1")
	shift
	"$CA_SIMCARD" --control "$dir/control" --send "$*"
}

# stop_all: ends cards and pcscd and removes their folder.
stop_all() {
	local port
	for port in "${!cards_pid[@]}"; do
		kill "${cards_pid[$port]}" 2>/dev/null
		wait "${cards_pid[$port]}" 2>/dev/null
	done
	cards_pid=()
	stop_pcscd
	rm -rf "$cards_dir"
}

# cards_export_ca PORT FOLDER: root.pem, sub.pem, leaf.pem of the card in that
# slot.
cards_export_ca() {
	local options
	mapfile -d '' options <"$(card_dir "$1")/options"
	"$CA_SIMCARD" "${options[@]}" --export-ca "$2"
}
