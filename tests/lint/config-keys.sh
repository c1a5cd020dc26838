#!/bin/bash
# conf/capkcs11.conf shows every key that the configuration has (the members of
# struct ca_config), and no other.
# Usage: config-keys.sh ROOT
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"
cd "$1" || exit 2

keys() {
	sed -n '/^struct ca_config {/,/^};/p' pcsc/conf/config.h |
		sed -nE 's/^[ 	]+[a-z_ ]+ ([a-z_0-9]+)(\[[A-Z_0-9]+\])?;.*/\1/p' | sort
}

documented() {
	sed -nE 's/^[#;]? ?([a-z_0-9]+) *=.*/\1/p' conf/capkcs11.conf | sort -u
}

if [ "$(keys | wc -l)" -lt 2 ]; then
	not_ok config-keys 'no keys found in pcsc/conf/config.h'
	exit 1
fi
check_equal config-keys "$(keys | xargs)" "$(documented | xargs)"
