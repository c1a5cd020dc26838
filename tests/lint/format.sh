#!/bin/bash
# Every C file looks as .clang-format says.
# Usage: format.sh ROOT
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"
cd "$1" || exit 2

# Versions of clang-format differ in details nobody can write around.
wanted=14
version=$(clang-format --version | sed -E 's/.*version ([0-9]+).*/\1/')
if [ "$version" != $wanted ]; then
	skip format "clang-format is version $version, the tree follows $wanted"
	exit 0
fi
n=0
while read -r file; do
	n=$((n + 1))
	check "format/$file" clang-format --dry-run -Werror "$file"
done < <(find pcsc module tests tools -name '*.[ch]' 2>/dev/null | sort)
[ $n -gt 0 ] || not_ok format 'no C file found, so nothing was checked'
