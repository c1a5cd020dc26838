# shellcheck shell=bash
# What tools/try and tests/run share: the root of the project, packages, the
# build. Sourced; sets CA_ROOT unless the caller did.

: "${CA_ROOT:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
export CA_ROOT

# The person at the keyboard, when sudo made us root.
ca_user=
if [ "$(id -u)" = 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
	ca_user=$SUDO_USER
fi

die() {
	printf '%s\n' "$*" >&2
	exit 1
}

# Runs a command as root: directly, or through sudo.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo -- "$@"
	else
		printf 'This needs root: %s\n' "$*" >&2
		return 1
	fi
}

# Runs a command as the person who called sudo, so that the build folder stays
# theirs. Where that person may not write to the tree, root does it.
as_user() {
	if [ -n "$ca_user" ] &&
		runuser -u "$ca_user" -- test -w "$CA_ROOT" &&
		{ [ ! -e "$CA_ROOT/build" ] ||
			runuser -u "$ca_user" -- test -w "$CA_ROOT/build"; }; then
		runuser -u "$ca_user" -- "$@"
	else
		"$@"
	fi
}

# packages_for KIND...: names listed in tests/lib/packages under these kinds.
packages_for() {
	awk -v kinds=" $* " '!/^#/ && NF >= 2 && index(kinds, " " $1 " ") {
		print $2 }' "$CA_ROOT/tests/lib/packages"
}

# packages_missing KIND...: those of them that are not installed.
packages_missing() {
	local p status
	for p in $(packages_for "$@"); do
		# shellcheck disable=SC2016 # a format of dpkg-query, not ours
		status=$(dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null)
		case $status in
		ii*) ;;
		*) printf '%s\n' "$p" ;;
		esac
	done
}

# packages_install NAME...: through apt.
packages_install() {
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y
		-o DPkg::Lock::Timeout=300 --no-install-recommends)
	# A machine whose package lists are old or absent gets fresh ones.
	as_root "${apt[@]}" install "$@" && return 0
	as_root "${apt[@]}" update && as_root "${apt[@]}" install "$@"
}

# build_preset PRESET [CMAKE OPTION...]: configures and builds build/PRESET.
build_preset() {
	local preset=$1
	shift
	local generator=()
	# A folder that was configured by hand keeps its generator.
	[ -e "$CA_ROOT/build/$preset/CMakeCache.txt" ] || generator=(-G Ninja)
	(cd "$CA_ROOT" &&
		as_user cmake --preset "$preset" "${generator[@]}" "$@" &&
		as_user cmake --build "build/$preset" -j "${CA_JOBS:-$(nproc)}")
}
