#!/bin/bash
# No path of somebody's machine, no unfinished marks, no mail address outside
# the domains reserved for examples, nothing generated.
# Usage: words.sh ROOT
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"
cd "$1" || exit 2

# Text files but for the list itself and the licence.
files() {
	find . \( -path ./build -o -path ./.git -o -path ./LICENSE -o \
		-path ./tests/lint/words.txt -o -path ./tests/lint/selftest.sh \) \
		-prune -o -type f -print0
}

n=$(files | tr -dc '\0' | wc -c)
if [ "$n" = 0 ]; then
	not_ok words 'no file found, so nothing was checked'
	exit 1
fi

# report NAME REASON: faults on standard input, ok when there is none.
report() {
	local fault found=no
	while read -r fault; do
		found=yes
		not_ok "$1" "$2: $fault"
	done
	[ $found = yes ] || ok "$1"
}

while IFS=$'\t' read -r pattern reason; do
	case $pattern in '' | '#'*) continue ;; esac
	k=$((${k:-0} + 1))
	files | xargs -0 grep -InP -- "$pattern" /dev/null |
		report "words/$k" "$reason"
done <"$here/words.txt"

files | xargs -0 grep -InoE \
	'[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+' /dev/null |
	grep -viE '@([a-z0-9-]+\.)*example(\.(vn|com|org|net))?$' |
	report words/mail 'mail address outside example.*'

find . \( -path ./build -o -path ./.git \) -prune -o -type f \( -name '*.o' -o \
	-name '*.so' -o -name '*.a' -o -name CMakeCache.txt -o \
	-name build.ninja -o -name '*.class' -o -name 'core' -o -name '*.orig' \) \
	-print | report words/generated 'generated file'
