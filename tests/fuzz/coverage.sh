#!/bin/bash
# Prints how much of pcsc/ the corpora run, file by file and in all.
# Usage: coverage.sh [BUILD], a folder of its own (build/coverage).
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${1:-$root/build/coverage}

export CC=gcc
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
	-DCMAKE_C_FLAGS='--coverage -O0' >"$build.log" 2>&1 || {
	tail "$build.log"
	exit 1
}
mapfile -t programs < <(ninja -C "$build" -t targets all |
	sed -n 's/^\(fuzz_[^:]*\): phony$/\1/p' | grep -vE '^fuzz_(seeds|harnesses)$')
ninja -C "$build" "${programs[@]}" >"$build.log" 2>&1 || {
	tail "$build.log"
	exit 1
}
find "$build" -name '*.gcda' -delete
for program in "${programs[@]}"; do
	"$build/tests/$program" "$root/tests/fuzz/corpus/${program#fuzz_}" \
		>"$build.log" 2>&1 || {
		tail "$build.log"
		exit 1
	}
done

# gcov names a file, then "Lines executed:87.50% of 40". By their .gcno, so that
# files no harness reaches are counted as well.
find "$build/pcsc" -name '*.gcno' -print0 |
	(cd "$build" && xargs -0 gcov -n 2>/dev/null) |
	awk -v root="$root/" '
	/^File / {
		file = substr($0, 7, length($0) - 7)
		sub("^" root, "", file)
	}
	/^Lines executed:/ && file ~ /^pcsc\/.*\.c$/ && !(file in lines) {
		split($2, part, /[:%]/)
		lines[file] = $NF
		run[file] = $NF * part[2] / 100
		file = ""
	}
	END {
		for (f in lines) {
			printf "%6.1f %%  %5d lines  %s\n",
			    100 * run[f] / lines[f], lines[f], f | "sort -k4"
			all += lines[f]
			hit += run[f]
		}
		close("sort -k4")
		printf "%6.1f %%  %5d lines  pcsc/ in all\n",
		    100 * hit / all, all
	}'
