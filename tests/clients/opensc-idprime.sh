#!/bin/bash
# OpenSC's driver for IDPrime cards, an independent client, uses the simulated
# eToken 5110 CC and the same applet as a smart card (T=0) through pcscd. What
# that driver takes from the CPLC data alone (key reference 56) is asked for;
# the files of newer models that it does not read are not proved here.
# shellcheck source=tests/lib/opensc.sh
. "$(dirname "$0")/../lib/opensc.sh"

# It knows the smart card by its ATR, not the token.
opensc_config 'card_atr 3b:ff:96:00:00:81:31:fe:43:80:31:80:65:b0:85:59:56:fb:12:0f:fe:82:90:00:00 {
			driver = "idprime";
		}'
ID=0001
AUTH=11

opensc_start idprime --key-ref 0x56 --pin-tries 3 || exit

opensc_lists '^Gemalto IDPrime \(OSv4\)'
check_line list-label 'token label        : CA Test IDPrime' "$T/slots"
check certificate opensc_same "$ID" "$T/ca/leaf.pem"
check sign-RSA-PKCS opensc_sign RSA-PKCS "$T/info"
check sign-SHA256-RSA-PKCS opensc_sign SHA256-RSA-PKCS "$T/data"
check sign-in-two-steps \
	grep -Eq '^> 00 2A 90 A0 22 90 20( ..){32} 20$' "$TRACE"
for hash in SHA256 SHA384 SHA512; do
	check "sign-$hash-RSA-PKCS-PSS" opensc_sign_pss $hash
done
check decrypt opensc_decrypts
check decrypt-chained grep -q '^> 10 2A 80 86 FF 81' "$TRACE"
for hash in SHA256 SHA384 SHA512; do
	check "decrypt-OAEP-$hash" opensc_decrypts_oaep $hash
done
check random tool --generate-random 24
opensc_wrong_pin
opensc_change_pin
opensc_unblock
opensc_stays_blocked

# The smart card: its ATR is known, T=0.
opensc_again idprime t0 --key-ref 0x56 --t0 yes --t1 no || exit
opensc_lists '^Gemalto IDPrime \(OSv4\)'
check t0-certificate opensc_same "$ID" "$T/ca/leaf.pem"
check t0-sign opensc_sign SHA256-RSA-PKCS "$T/data"
check t0-sign-get-response grep -q '^> 00 C0 00 00 20' "$TRACE"
check t0-decrypt opensc_decrypts

# Two keys: a signature key and an exchange key, both behind the token PIN.
opensc_again idprime two --key-ref 0x56 --keys 2 --pin2-keys 0 || exit
check two-sign opensc_sign SHA256-RSA-PKCS "$T/data"
ID=0002
check_fails two-other-key opensc_sign SHA256-RSA-PKCS "$T/data"
check two-other-key-signed \
	grep -q '^> 00 22 41 B6 06 80 01 42 84 01 57' "$TRACE"

# Models by the rules that this release knows them by, and container numbers that
# do not begin with 0. PINs of the first two go as typed.
ID=0001
opensc_again idprime 3810 --model 3810 --t0 yes --t1 no --container 3 || exit
opensc-tool -n >"$T/name" 2>&1
check_has 3810-driver '^Gemalto IDPrime \(OSv1\)' "$T/name"
check 3810-sign opensc_sign SHA256-RSA-PKCS "$T/data"
check 3810-key grep -q '^> 00 22 41 B6 06 80 01 42 84 01 34' "$TRACE"
opensc_again idprime 830 --model 830 --t0 yes --t1 no --container 2 \
	--cplc 2 --key-ref 0x13 || exit
opensc-tool -n >"$T/name" 2>&1
check_has 830-driver '^Gemalto IDPrime \(OSv2\)' "$T/name"
check 830-sign opensc_sign SHA256-RSA-PKCS "$T/data"
opensc_again idprime 840 --model 840 --t0 yes --t1 no --container 1 || exit
opensc_lists '^Gemalto IDPrime \(OSv3\)'
check 840-sign opensc_sign SHA256-RSA-PKCS "$T/data"
check 840-key grep -q '^> 00 22 41 B6 06 80 01 42 84 01 F8' "$TRACE"

# An index in another order, with a certificate that has no key, and without
# what this release does without.
ID=0002
opensc_again idprime odd --key-ref 0x56 --keys 1 \
	--bad index-reversed,orphan,no-cmap,no-keymap,no-tinfo || exit
check odd-certificate opensc_same "$ID" "$T/ca/leaf.pem"
check odd-certificate-alone opensc_same 0001 "$T/ca/sub.pem"
check odd-sign opensc_sign SHA256-RSA-PKCS "$T/data"

check trace-without-pin opensc_trace_is_clean
