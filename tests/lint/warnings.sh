#!/bin/bash
# The second compiler has nothing to say either.
# Usage: warnings.sh ROOT [BUILD]
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"
cd "$1" || exit 2

read -ra cflags < <(pkg-config --cflags libpcsclite libcrypto zlib inih p11-kit-1 jansson)
warn=(-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow
	-Wmissing-prototypes -Wvla -Wstrict-prototypes -Wpointer-arith
	-Wwrite-strings -Werror)
# What CMake defines for some files, one value of each (a harness for each driver
# has its own); without a build, no file needs any.
defines=()
[ ! -f "${2:-}/build.ninja" ] || mapfile -t defines < <(
	sed -n 's/^  DEFINES = //p' "$2/build.ninja" | xargs -n 1 |
		grep '^-D' | sort -t = -k 1,1 -u)

n=0
while read -r file; do
	n=$((n + 1))
	check "clang/$file" clang -std=c11 -D_GNU_SOURCE -I. "${cflags[@]}" \
		"${defines[@]}" "${warn[@]}" -fsyntax-only "$file"
done < <(find pcsc module tests tools -name '*.c' 2>/dev/null | sort)
[ $n -gt 0 ] || not_ok clang 'no C file found, so nothing was checked'
