# shellcheck shell=bash
# shellcheck disable=SC2317,SC2154 # called by name, with the variables of tests/run
# The suite "coverage": which lines of module/ run in the tests that reach them,
# counted by gcov over a build of its own. Sourced by suites.sh.

# Per cent of the lines of module/ that must run.
coverage_goal=90

# coverage_report BUILD: what gcov says of each source of module/, as the lines
# of coverage.awk.
coverage_report() {
	find "$1/module" -name '*.gcda' -print0 | sort -z |
		xargs -0 gcov --stdout --branch-probabilities \
			2>/dev/null |
		awk -v root="$CA_ROOT/" -f "$CA_ROOT/tests/lib/coverage.awk"
}

# The programs whose counts make the figure. Counts of other runs are gone first.
coverage_run() {
	local build=$1 program cards
	find "$build" -name '*.gcda' -delete
	pool_start "$jobs"
	for program in unit trouble families; do
		pool prefixed "" cunit 900 "$build/tests/$program"
	done
	pool check corpus limit 300 "$build/tests/fuzz_module" \
		"$CA_ROOT/tests/fuzz/corpus/module"
	pool_end
	pool_start "$card_jobs"
	mapfile -t cards < <("$build/ca-simcard" --list | awk '{ print $1 }')
	conformance_cards "$build" 900 "${cards[@]}" iso7816-15+p256
	pool_end
}

suite_coverage() {
	local build=$CA_ROOT/build/coverage percent
	local report=$log_dir/coverage-lines.txt
	isolate_ready || return 1
	coverage_run "$build"
	coverage_report "$build" >"$report"
	sed 's/^/  | /' "$report"
	percent=$(sed -n 's/^total .* \([0-9.]*\) %$/\1/p' "$report")
	printf 'figure lines of module/ that run: %s %%, goal %s; the others: %s\n' \
		"${percent:-none}" $coverage_goal "${report#"$CA_ROOT/"}"
	if awk -v p="${percent:-0}" -v g=$coverage_goal \
		'BEGIN { exit p >= g ? 0 : 1 }'; then
		ok "lines ($percent % of module/)"
	else
		not_ok lines "${percent:-nothing} %, and $coverage_goal are wanted"
	fi
}
