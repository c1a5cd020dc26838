#!/bin/bash
# The conformance suite on SoftHSM2: a test of the test. Makes a private token
# with an RSA key, an EC key and their certificates, and runs the suite with
# the differences of SoftHSM2 from the standard listed in expected/softhsm2.txt.
#
# usage: softhsm.sh CONFORMANCE [options of the suite ...]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
suite=$(realpath "$1")
shift
module=${SOFTHSM2_MODULE:-/usr/lib/softhsm/libsofthsm2.so}
pin=482916
so_pin=73519264

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/tokens"
export SOFTHSM2_CONF=$dir/softhsm2.conf
cat >"$SOFTHSM2_CONF" <<CONF
directories.tokendir = $dir/tokens
objectstore.backend = file
log.level = ERROR
slots.removable = false
CONF

quietly() {
	if ! "$@" >"$dir/log" 2>&1; then
		echo "softhsm.sh: failed: $*" >&2
		cat "$dir/log" >&2
		exit 2
	fi
}

tool() {
	quietly pkcs11-tool --module "$module" --token-label conformance \
	    --login --pin "$pin" "$@"
}

# make_key NAME ID SUBJECT USAGE OPTIONS-OF-OPENSSL-GENPKEY...
make_key() {
	local name=$1 id=$2 subject=$3 usage=$4
	shift 4
	quietly openssl genpkey "$@" -out "$dir/$name.pem"
	quietly openssl pkey -in "$dir/$name.pem" -outform DER \
	    -out "$dir/$name.key"
	quietly openssl req -x509 -new -key "$dir/$name.pem" -days 3650 \
	    -utf8 -subj "$subject" -outform DER -out "$dir/$name.crt"
	quietly openssl pkey -in "$dir/$name.pem" -pubout -outform DER \
	    -out "$dir/$name.pub"
	tool --write-object "$dir/$name.key" --type privkey --id "$id" \
	    --label "$name" --usage-sign "$usage"
	tool --write-object "$dir/$name.pub" --type pubkey --id "$id" \
	    --label "$name" --usage-sign "$usage"
	tool --write-object "$dir/$name.crt" --type cert --id "$id" \
	    --label "$name"
}

quietly softhsm2-util --module "$module" --init-token --free \
    --label conformance --pin "$pin" --so-pin "$so_pin"
make_key rsa 01 "/CN=Nguyễn Văn Thử/O=Sở Thử nghiệm tỉnh Ví Dụ" \
    --usage-decrypt -algorithm RSA -pkeyopt rsa_keygen_bits:2048
make_key ec 02 "/CN=Trần Thị Mẫu/O=Sở Thử nghiệm tỉnh Ví Dụ" \
    --usage-derive -algorithm EC -pkeyopt ec_paramgen_curve:P-256

# Not exec: the trap has to run.
status=0
"$suite" --module "$module" --token conformance --pin "$pin" \
    --so-pin "$so_pin" --destructive \
    --expect "${CONFORMANCE_EXPECT:-$here/expected/softhsm2.txt}" "$@" || status=$?
exit "$status"
