# shellcheck shell=bash
# The lines every check prints, and that tests/run counts:
#
#   ok NAME
#   not ok NAME - reason
#   skip NAME - why
#   figure WHAT WAS MEASURED
#
# tests/run shows the figures in its summary. Everything else a script prints is
# background for whoever reads the log.

# Put before every name: the script's own, and what it runs on.
check_prefix=

ok() {
	printf 'ok %s%s\n' "$check_prefix" "$1"
}

not_ok() {
	printf 'not ok %s%s - %s\n' "$check_prefix" "$1" "${2:-failed}"
}

skip() {
	printf 'skip %s%s - %s\n' "$check_prefix" "$1" "$2"
}

# The line of a failed command's output that tells most: the first one that
# speaks of an error, else the last.
check_reason() {
	printf '%s\n' "$1" | grep -iE -m 1 'error|fail|cannot|fatal' ||
		printf '%s\n' "$1" | tail -n 1
}

# check NAME COMMAND...: ok when the command succeeds. Its output goes to the
# log, and on failure its most telling line becomes the reason. It runs in a
# subshell, so a command that must change the shell's state is none for it.
check() {
	local name=$1 out status
	shift
	out=$("$@" 2>&1)
	status=$?
	[ -z "$out" ] || printf '%s\n' "$out" | sed 's/^/  | /'
	if [ "$status" = 0 ]; then
		ok "$name"
	else
		not_ok "$name" "exit $status: $(check_reason "$out")"
	fi
	return "$status"
}

# check_fails NAME COMMAND...: ok when the command fails by itself; a crash is
# no honest failure.
check_fails() {
	local name=$1 out status
	shift
	out=$("$@" 2>&1)
	status=$?
	[ -z "$out" ] || printf '%s\n' "$out" | sed 's/^/  | /'
	if [ "$status" = 0 ]; then
		not_ok "$name" 'succeeded, and must not'
	elif [ "$status" -ge 124 ]; then
		not_ok "$name" "exit $status: a crash or a time limit"
	else
		ok "$name"
	fi
}

# check_has NAME PATTERN FILE: ok when a line matches the extended expression.
check_has() {
	if grep -Eq -- "$2" "$3"; then
		ok "$1"
	else
		sed 's/^/  | /' "$3"
		not_ok "$1" "no line matches: $2"
		return 1
	fi
}

# check_line NAME LINE FILE: ok when this is a line of the file, but for spaces
# at its ends.
check_line() {
	if sed 's/^[[:space:]]*//; s/[[:space:]]*$//' "$3" | grep -Fxq -- "$2"; then
		ok "$1"
	else
		sed 's/^/  | /' "$3"
		not_ok "$1" "no line is: $2"
		return 1
	fi
}

# check_equal NAME WANTED GOT
check_equal() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "wanted $2, got $3"
		return 1
	fi
}
