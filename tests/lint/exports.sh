#!/bin/bash
# The module exports three names and nothing else, and has no SONAME.
# Usage: exports.sh ROOT LIBRARY
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"

if [ ! -f "$2" ]; then
	not_ok exports "no file $2"
	exit 1
fi
got=$(nm -D --defined-only "$2" | awk '{ print $NF }' | sort | xargs)
check_equal exports 'C_GetFunctionList C_GetInterface C_GetInterfaceList' "$got"
check_equal exports-no-soname '' \
	"$(readelf -d "$2" | sed -n 's/.*(SONAME).*\[\(.*\)\].*/\1/p')"
