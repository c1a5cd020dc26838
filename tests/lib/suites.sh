# shellcheck shell=bash
# shellcheck disable=SC2317 # functions are called by name from tests/run
# One function per suite: suite_NAME. Each prints the lines of check.sh on
# standard output and returns non-zero only when it could not run at all.

# shellcheck source=tests/lib/check.sh
. "$CA_ROOT/tests/lib/check.sh"
# shellcheck source=tests/lib/pool.sh
. "$CA_ROOT/tests/lib/pool.sh"
# shellcheck source=tests/lib/coverage.sh
. "$CA_ROOT/tests/lib/coverage.sh"

release=$CA_ROOT/build/release
asan=$CA_ROOT/build/asan
jobs=${CA_JOBS:-$(nproc)}

# A leak or an error anywhere ends the program with a status of its own.
export ASAN_OPTIONS=detect_leaks=1:exitcode=99:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1

# limit SECONDS COMMAND...: asked to end when the time is over, killed when it
# does not; with unshare, all that it started goes with it.
limit() {
	timeout --foreground -k 5 "$@"
}

# isolated SECONDS COMMAND...: limit and isolate() in one.
isolated() {
	local seconds=$1
	shift
	# shellcheck disable=SC2154 # set by isolate_find
	limit "$seconds" "${ca_isolate[@]}" "$@"
}

# prefixed PREFIX COMMAND...: puts PREFIX, if any, before the name of every check
# the command prints. Adds a failed check when the command was killed, or failed
# without saying which check did, or printed no check.
prefixed() {
	local prefix=${1:+$1/} out status
	shift
	out=$(mktemp "$CA_TMP/out.XXXXXX")
	"$@" >"$out" 2>&1
	status=$?
	sed -E "s|^(ok\|not ok\|skip) |&$prefix|" "$out"
	if [ $status -ge 124 ] ||
		{ [ $status != 0 ] && ! grep -q '^not ok ' "$out"; }; then
		not_ok "${prefix}exit" "ended with status $status: $*"
	elif ! grep -Eq '^(ok|not ok|skip) ' "$out"; then
		not_ok "${prefix}exit" "no check ran: $*"
	fi
	rm -f "$out"
}

# cunit SECONDS COMMAND...: turns CUnit's basic output into check lines. A test
# that was begun and not ended is where the program died.
cunit() {
	local err status
	err=$(mktemp "$CA_TMP/err.XXXXXX")
	limit "$@" 2>"$err" | tee "$err.out" |
		awk -f "$CA_ROOT/tests/lib/cunit.awk"
	status=${PIPESTATUS[0]}
	sed 's/^/  | /' "$err.out" "$err"
	rm -f "$err" "$err.out"
	return "$status"
}

suite_lint() {
	prefixed '' limit 600 bash "$CA_ROOT/tests/lint/all.sh" "$CA_ROOT" "$release"
}

# two_builds SUITE: its CUnit program of both builds.
two_builds() {
	pool_start "$jobs"
	pool prefixed release cunit 400 "$release/tests/$1"
	pool prefixed asan cunit 600 "$asan/tests/$1"
	pool_end
}

suite_unit() {
	two_builds unit
}

suite_sim() {
	two_builds sim
}

# The inputs that fuzzers found, once each: see tests/fuzz/README.md.
suite_corpus() {
	local program name
	for program in "$release"/tests/fuzz_* "$asan"/tests/fuzz_*; do
		name=${program##*/fuzz_}
		[ "$name" != seeds ] || continue
		check "${program%/tests/*}/$name" limit 300 "$program" \
			"$CA_ROOT/tests/fuzz/corpus/$name" | sed "s|$CA_ROOT/build/||"
	done
}

# fuzz_one PROGRAM SECONDS: on from the corpus, which is not written to.
fuzz_one() {
	local name=${1##*/fuzz_} found
	found=$(mktemp -d "$CA_TMP/fuzz.XXXXXX")
	check "$name" limit $(($2 + 300)) "$1" -max_total_time="$2" -timeout=25 \
		-rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$CA_ROOT/build/fuzz/$name-" "$found" \
		"$CA_ROOT/tests/fuzz/corpus/$name"
}

# CA_FUZZ_SECONDS: how long each harness runs.
suite_fuzz() {
	local program
	(cd "$CA_ROOT" && as_user cmake --preset fuzz -G Ninja &&
		as_user cmake --build build/fuzz -j "$jobs" \
			--target fuzz_harnesses) || return 1
	pool_start "$jobs"
	for program in "$CA_ROOT"/build/fuzz/tests/fuzz_*; do
		[ "${program##*/}" != fuzz_seeds ] || continue
		pool fuzz_one "$program" "${CA_FUZZ_SECONDS:-5}"
	done
	pool_end
}

suite_trouble() {
	two_builds trouble
}

suite_families() {
	two_builds families
}

# on_card CARD BUILD SECONDS [OPTION]...: the conformance suite on a card.
on_card() {
	local card=$1 seconds=$3
	export CA_BUILD=$2
	shift 3
	isolated "$seconds" bash "$CA_ROOT/tests/lib/conformance.sh" "$card" "$@"
}

# conformance_cards BUILD SECONDS CARD...: the suite on each, in the pool.
conformance_cards() {
	local build=$1 seconds=$2 card
	shift 2
	for card in "$@"; do
		[ -f "$CA_ROOT/tests/conformance/expected/$card.table" ] || {
			skip "$card" 'no driver uses this card yet: no table'
			continue
		}
		pool prefixed "$card/$(basename "$build")" on_card "$card" \
			"$build" "$seconds"
	done
}

# Every type of card with the release; with the sanitizers one of each kind of
# key, of login and of life: what cards differ in beyond that, families runs with
# the sanitizers on all of them.
suite_conformance() {
	local cards
	isolate_ready || return 1
	mapfile -t cards < <("$release/ca-simcard" --list | awk '{ print $1 }')
	pool_start "$card_jobs"
	pool prefixed softhsm2 limit 300 bash \
		"$CA_ROOT/tests/conformance/softhsm.sh" "$release/tests/conformance"
	conformance_cards "$asan" 600 vgca-chipdoc iso7816-15 \
		iso7816-15+p256 uicc bit4id-own
	conformance_cards "$release" 400 "${cards[@]}" iso7816-15+p256
	pool_end
}

suite_clients() {
	local script name card cards
	isolate_ready || return 1
	pool_start "$card_jobs"
	for script in "$CA_ROOT"/tests/clients/*.sh; do
		name=$(basename "$script" .sh)
		case $name in
		opensc-*)
			# What other versions do with these cards is not known.
			case $(opensc-tool --info 2>/dev/null) in
			'OpenSC 0.23.'*) ;;
			*)
				skip "$name" 'it was measured with OpenSC 0.23'
				continue
				;;
			esac
			pool prefixed "$name" isolated 180 bash "$script"
			continue
			;;
		esac
		read -ra cards < <(sed -n 's/^# cards: //p' "$script")
		[ ${#cards[@]} -gt 0 ] ||
			not_ok "$name" 'it has no line "# cards:"'
		for card in "${cards[@]}"; do
			pool prefixed '' isolated 180 bash "$script" "$card"
		done
	done
	pool_end
}

# The tools, each script with the cards it names.
suite_tools() {
	local script card cards
	isolate_ready || return 1
	pool_start "$card_jobs"
	for script in "$CA_ROOT"/tests/tools/*.sh; do
		read -ra cards < <(sed -n 's/^# cards: //p' "$script")
		[ ${#cards[@]} -gt 0 ] || not_ok "$(basename "$script" .sh)" \
			'it has no line "# cards:"'
		for card in "${cards[@]}"; do
			pool prefixed '' isolated 180 bash "$script" "$card"
		done
	done
	pool_end
}

suite_bench() {
	isolate_ready || return 1
	prefixed '' isolated 180 bash "$CA_ROOT/tests/bench/bench.sh" \
		vgca-chipdoc
}

# Threads under the thread sanitizer, and in the release for figures. With
# CA_SOAK_SECONDS the mix goes on for so long in each of its ten forms.
suite_tsan() {
	local tsan=$CA_ROOT/build/tsan seconds=$((400 + 10 * ${CA_SOAK_SECONDS:-0}))
	isolate_ready || return 1
	export TSAN_OPTIONS=suppressions=$CA_ROOT/tests/lib/tsan.supp
	pool_start "$card_jobs"
	pool prefixed tsan cunit $seconds "$tsan/tests/trouble" mix many waiting
	pool prefixed tsan cunit 400 "$tsan/tests/unit" locked
	pool prefixed tsan/conformance on_card vgca-chipdoc "$tsan" 400 \
		'threads/*' 'C_WaitForSlotEvent/*' 'fork/*'
	[ -z "${CA_SOAK_SECONDS:-}" ] ||
		pool prefixed release cunit $seconds "$release/tests/trouble" mix
	pool_end
}

suite_valgrind() {
	local t
	isolate_ready || return 1
	# shellcheck source=tests/lib/valgrind.sh
	. "$CA_ROOT/tests/lib/valgrind.sh"
	pool_start "$card_jobs"
	for t in unit sim trouble families; do
		pool prefixed "$t" cunit 1800 "${ca_valgrind[@]}" \
			"$release/tests/$t"
	done
	export CA_VALGRIND=yes
	pool prefixed conformance on_card vgca-chipdoc "$release" 1800 \
		--in-process --sessions 200
	pool_end
}

# Also says how many tests with pcscd may run at once: without namespaces there
# is room for one.
isolate_ready() {
	isolate_find || {
		isolate_why
		return 1
	}
	card_jobs=$jobs
	[ "${ca_isolate[0]}" != env ] || card_jobs=1
}
