#!/bin/bash
# Every header compiles alone, and twice in one file.
# Usage: headers.sh ROOT
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"
cd "$1" || exit 2

read -ra cflags < <(pkg-config --cflags libpcsclite libcrypto zlib inih p11-kit-1 jansson)
compile() {
	printf '#include "%s"\n#include "%s"\n' "$1" "$1" |
		gcc -std=c11 -D_GNU_SOURCE -I. "${cflags[@]}" -Wall -Wextra -Werror \
			-Wmissing-prototypes -Wstrict-prototypes -fsyntax-only -x c -
}

n=0
while read -r header; do
	n=$((n + 1))
	check "header/$header" compile "$header"
done < <(find pcsc module tests tools -name '*.h' 2>/dev/null | sort)
[ $n -gt 0 ] || not_ok header 'no header found, so nothing was checked'
