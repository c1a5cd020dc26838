#!/bin/bash
# OpenSC 0.23 has no driver for bit4id's own system either: it probes the card
# and gives up, as it was seen to do with a TokenME's answer to reset.
# shellcheck source=tests/lib/opensc.sh
. "$(dirname "$0")/../lib/opensc.sh"

if ! start_pcscd || ! start_card bit4id-own $PORT; then
	not_ok setup 'no pcscd, or no simulated card'
	exit 1
fi
opensc-tool --reader 0 --name >"$T/out" 2>&1
check_line unsupported 'Unsupported card' "$T/out"
check_has probed '^> 00 ?A4' "$(card_dir $PORT)/trace"
