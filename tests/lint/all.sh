#!/bin/bash
# Runs every lint check, and shows that each of them can fail.
# Usage: all.sh ROOT BUILD
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/pool.sh
. "$here/../lib/pool.sh"

pool_start "${CA_JOBS:-$(nproc)}"
pool bash "$here/warnings.sh" "$1" "$2"
pool bash "$here/headers.sh" "$1"
pool bash "$here/selftest.sh"
for check in shell format includes words config-keys readme po; do
	pool bash "$here/$check.sh" "$1"
done
pool bash "$here/exports.sh" "$1" "$2/libcapkcs11.so"
pool_end
