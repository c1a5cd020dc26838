#!/bin/bash
# OpenSC's own driver for IAS-ECC cards, an independent client, uses the
# simulated VGCA token of type B through pcscd. What that driver cannot do on
# such a card with OpenSSL 3 (a hash finished on the card) is not asked for.
# shellcheck source=tests/lib/opensc.sh
. "$(dirname "$0")/../lib/opensc.sh"

opensc_start vgca-chipdoc --token-algs 02,1A || exit

opensc_lists '^IAS-ECC'
opensc_certificates 01 11 12
opensc_chain
check sign-RSA-PKCS opensc_sign RSA-PKCS "$T/info"
check sign-by-internal-authenticate grep -q '^> 00 88 00 00 33' "$TRACE"
check decrypt opensc_decrypts
check decrypt-chained grep -q '^> 10 2A 80 86' "$TRACE"
check read-at-most-231 opensc_reads_in_pieces
opensc_wrong_pin
opensc_change_pin
opensc_unblock
opensc_stays_blocked

# No chain, no public key directory, no PUK.
opensc_again vgca-chipdoc bare --chain 0 --pukdf no --puk '' || exit
check bare-sign opensc_sign RSA-PKCS "$T/info"

check trace-without-pin opensc_trace_is_clean
