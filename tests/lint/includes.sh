#!/bin/bash
# Every #include in pcsc/, module/, tests/sim/ and the rooms of tools/ is one that layers.txt allows,
# and no program in tools/ reaches cards both through the module and past it.
# Usage: includes.sh ROOT
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"
cd "$1" || exit 2

list() {
	find pcsc module tests/sim tools/*/ -name '*.[ch]' -print0 2>/dev/null |
		xargs -0r grep -nHE '^[ 	]*#[ 	]*include' /dev/null
}

if [ -z "$(list)" ]; then
	not_ok includes 'no include found, so nothing was checked'
	exit 1
fi
list | awk -f "$here/includes.awk" "$here/layers.txt" - |
	while read -r fault; do
		not_ok includes "$fault"
	done | grep . || ok includes

for file in tools/*.c; do
	if grep -qs 'include.*p11-kit/pkcs11' "$file" &&
		grep -Eqs 'include "pcsc/(apdu|card|sm|token|transport)/' "$file"; then
		not_ok includes-tools "$file speaks PKCS#11 and to cards"
	else
		ok "includes-tools/$file"
	fi
done
