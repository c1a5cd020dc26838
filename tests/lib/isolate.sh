# shellcheck shell=bash
# A corner of the machine of its own, so that pcscd, its socket and the virtual
# reader of a test never meet those of the user: own mounts, network, processes.
# Sourced after common.sh.

# How isolate() runs a command; empty until isolate_find has looked.
ca_isolate=()

# isolate_find: chooses a way this machine allows; fails when there is none.
# With CA_SUDO=ask, sudo may ask for a password.
isolate_find() {
	local flags=(--mount --net --pid --fork --kill-child --mount-proc)
	local inside=(bash "$CA_ROOT/tests/lib/inside.sh") sudo=(sudo -n)
	[ ${#ca_isolate[@]} = 0 ] || return 0
	[ "${CA_SUDO:-}" != ask ] || sudo=(sudo)
	sudo+=("--preserve-env=CA_ROOT,CA_BUILD,CA_MODULE,CA_VALGRIND,CA_TMP,TMPDIR"
		"--preserve-env=CA_LANGUAGE,LC_ALL")

	if unshare "${flags[@]}" "${inside[@]}" true 2>/dev/null; then
		ca_isolate=(unshare "${flags[@]}" "${inside[@]}")
	elif unshare --map-root-user "${flags[@]}" "${inside[@]}" true \
		2>/dev/null; then
		ca_isolate=(unshare --map-root-user "${flags[@]}" "${inside[@]}")
	elif [ "$(id -u)" != 0 ] && command -v sudo >/dev/null &&
		"${sudo[@]}" unshare "${flags[@]}" "${inside[@]}" true; then
		ca_isolate=("${sudo[@]}" unshare "${flags[@]}" "${inside[@]}")
	elif [ "$(id -u)" = 0 ] && [ ! -e /run/pcscd/pcscd.comm ]; then
		# In a container that allows no namespaces there is no pcscd of
		# the user's either: nothing to keep away from.
		ca_isolate=(env CA_INSIDE=shared)
	else
		return 1
	fi
}

isolate_why() {
	cat <<-END
	This machine allows no namespaces of its own (unshare), and a pcscd is
	running that a test must not disturb. Run this as root; in a container,
	allow CAP_SYS_ADMIN or stop pcscd.
	END
}

# isolate COMMAND...: runs it inside; everything it leaves running is killed
# when it ends.
isolate() {
	"${ca_isolate[@]}" "$@"
}
