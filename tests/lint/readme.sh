#!/bin/bash
# Both READMEs name every family that has a profile, the same families in the
# same order, and only files that are there.
# Usage: readme.sh ROOT
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"
cd "$1" || exit 2

# families FILE: first column of the table of families.
families() {
	# shellcheck disable=SC2016 # Markdown, not a command
	sed -nE 's/^\| `([a-z0-9-]+)` \|.*/\1/p' "$1"
}

# named PROFILE: the table has this family, or the one it is a model of
# ("idprime" for idprime-940).
named() {
	local family
	while read -r family; do
		case $1 in "$family" | "$family"-*) return 0 ;; esac
	done < <(families README.md)
	return 1
}

# missing_paths FILE: words that look like files of ours and are none.
missing_paths() {
	grep -oE '\b(tests|tools|conf|pcsc|module|packaging)/[A-Za-z0-9_./-]*[A-Za-z0-9_/]' "$1" |
		grep -v FAMILY | sort -u | while read -r path; do
		[ -e "$path" ] || printf '%s ' "$path"
	done
}

if [ -z "$(families README.md)" ]; then
	not_ok readme 'no table of families in README.md'
	exit 1
fi
check_equal readme-languages "$(families README.md | xargs)" \
	"$(families README.vi.md | xargs)"
for profile in conf/cards/*.conf; do
	name=$(basename "$profile" .conf)
	if named "$name"; then
		ok "readme-family/$name"
	else
		not_ok "readme-family/$name" 'README.md does not name it'
	fi
done
for file in README.md README.vi.md CONTRIBUTING.md; do
	check_equal "readme-paths/$file" '' "$(missing_paths "$file")"
done
