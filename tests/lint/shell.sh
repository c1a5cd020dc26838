#!/bin/bash
# Every shell script parses, and shellcheck finds nothing in it.
# Usage: shell.sh ROOT
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"
cd "$1" || exit 2

scripts() {
	find . -path ./build -prune -o -path ./.git -prune -o -type f -print |
		while read -r f; do
			case $f in
			*.sh) echo "$f" ;;
			*) head -n 1 "$f" | tr -d '\0' |
				grep -Eq '^#!.*\b(bash|sh)$' && echo "$f" ;;
			esac
		done | sort
}

lint() {
	bash -n "$1" && shellcheck -x "$1"
}

n=0
while read -r file; do
	n=$((n + 1))
	check "shell/${file#./}" lint "$file"
done < <(scripts)
[ $n -gt 0 ] || not_ok shell 'no script found, so nothing was checked'
