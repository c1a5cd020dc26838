#!/bin/bash
# OpenSSH: ssh-keygen -D shows the key, ssh-agent signs with it, ssh-keygen
# checks the signature.
# cards: vgca-chipdoc iso7816-15
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

ssh-keygen -D "$MODULE" >"$T/keys" 2>"$T/err" </dev/null
sed 's/^/  | /' "$T/err"
check_has keygen-D '^ssh-rsa ' "$T/keys"
head -n 1 "$T/keys" | cut -d ' ' -f 1,2 >"$T/id.pub"
check_equal keygen-D-is-the-card \
	"$(ssh-keygen -i -m PKCS8 -f "$T/pub.pem")" "$(cat "$T/id.pub")"

# The agent asks for the PIN through a program.
cat >"$T/askpass" <<'END'
#!/bin/sh
cat "$PIN_FILE"
END
chmod +x "$T/askpass"
export SSH_ASKPASS=$T/askpass SSH_ASKPASS_REQUIRE=force DISPLAY=:none

# Agents load modules from the places of packages alone, unless told otherwise.
ssh-agent -D -a "$T/agent" -P "$(realpath "$MODULE")" >"$T/agent.log" 2>&1 &
agent=$!
export SSH_AUTH_SOCK=$T/agent
wait_until 10 test -S "$SSH_AUTH_SOCK"
check agent-add ssh-add -s "$MODULE"
check agent-sign ssh-keygen -Y sign -n file -f "$T/id.pub" "$T/data"
printf 'official@example.vn %s\n' "$(cat "$T/id.pub")" >"$T/allowed"
verify() {
	ssh-keygen -Y verify -n file -I official@example.vn -f "$T/allowed" \
		-s "$T/data.sig" <"$1"
}
check agent-verify verify "$T/data"
check_equal agent-verify-other 255 "$(verify "$T/pub.pem" 2>/dev/null >&2; echo $?)"
check agent-remove ssh-add -e "$MODULE"
kill "$agent"
wait "$agent" 2>/dev/null || :
