#!/bin/bash
# OpenSSH: ssh-keygen -D shows the key, ssh-agent signs with it, ssh-keygen
# checks the signature; a login to an sshd on this machine, with the agent and
# without.
# cards: vgca-chipdoc iso7816-15+p256
# shellcheck source=tests/lib/client.sh
. "$(dirname "$0")/../lib/client.sh"

ssh-keygen -D "$MODULE" >"$T/keys" 2>"$T/err" </dev/null
sed 's/^/  | /' "$T/err"
check_has keygen-D '^(ssh-rsa|ecdsa-sha2-nistp256) ' "$T/keys"
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

# sshd wants its user, a folder of its own and an account that is not locked.
sshd_ready() {
	mkdir -p /run/sshd &&
		sed 's/^root:[^:]*:/root:*:/' /etc/shadow >"$T/shadow" &&
		mount --bind "$T/shadow" /etc/shadow &&
		ssh-keygen -q -t ed25519 -N '' -f "$T/host"
}
start_sshd() {
	cat >"$T/sshd_config" <<-END
	Port 5522
	ListenAddress 127.0.0.1
	HostKey $T/host
	PidFile $T/sshd.pid
	AuthorizedKeysFile $T/authorized
	StrictModes no
	UsePAM no
	PermitRootLogin prohibit-password
	PasswordAuthentication no
	END
	"$(command -v sshd)" -f "$T/sshd_config" -E "$T/sshd.log" &&
		wait_until 10 test -s "$T/sshd.pid"
}
# login [OPTION OF SSH]...: runs one command over there.
login() {
	ssh -F none -p 5522 -o UserKnownHostsFile="$T/known" \
		-o StrictHostKeyChecking=yes -o PreferredAuthentications=publickey \
		-o NumberOfPasswordPrompts=1 "$@" -l root 127.0.0.1 \
		echo over there >"$T/there" 2>"$T/err" </dev/null
	local status=$?
	sed 's/^/  | /' "$T/err"
	[ $status = 0 ] && grep -qx 'over there' "$T/there"
}
if [ "$CA_INSIDE" = own ] && [ -r /etc/shadow ]; then
	PATH=$PATH:/usr/sbin
	check sshd-ready sshd_ready
	cp "$T/id.pub" "$T/authorized"
	check sshd start_sshd
	printf '[127.0.0.1]:5522 %s\n' "$(cut -d ' ' -f 1,2 "$T/host.pub")" \
		>"$T/known"
	check login-agent login
	check login-key grep -F "$(ssh-keygen -l -f "$T/id.pub" |
		cut -d ' ' -f 2)" "$T/sshd.log"
	check agent-remove ssh-add -e "$MODULE"
	check_fails login-agent-empty login
	check login-module login -o PKCS11Provider="$MODULE" -o IdentityAgent=none
	: >"$T/authorized"
	check_fails login-unknown login -o PKCS11Provider="$MODULE" \
		-o IdentityAgent=none
	[ ! -s "$T/sshd.pid" ] || kill "$(cat "$T/sshd.pid")"
else
	skip login 'this machine allows no mounts of its own, or no true root'
	check agent-remove ssh-add -e "$MODULE"
fi
kill "$agent"
wait "$agent" 2>/dev/null || :
