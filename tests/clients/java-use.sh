#!/bin/bash
# What Java does beyond java.sh: PSS, ECDSA, decryption and key agreement with
# the card's key, ciphers and MACs with keys of the session.
# cards: iso7816-15+raw iso7816-15+p256
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"
# shellcheck source=tests/lib/java.sh
. "$tests/lib/java.sh"

case $VARIANT in
raw) names=(RSASSA-PSS RSA/ECB/PKCS1Padding AES/CBC/NoPadding
	AES/CBC/PKCS5Padding AES/CTR/NoPadding AES/GCM/NoPadding HmacSHA1
	HmacSHA256 HmacSHA512 SHA-256 SHA3-256 PKCS11) ;;
*) names=(SHA256withECDSA SHA384withECDSA ECDH) ;;
esac

java_run KeyUse "${names[@]}"
for name in "${names[@]}"; do
	check_line "${name//\//-}" "$name: same" "$T/out"
done
