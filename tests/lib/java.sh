# shellcheck shell=bash
# For the scripts with Java's SunPKCS11, after client.sh.

# java_run PROGRAM [ARGUMENT]...: a program of tests/clients/java with a
# configuration for the card in the first slot, the file with the PIN and the
# arguments; what it printed is in $T/out and $T/err. Check: exit.
java_run() {
	local program=$CA_ROOT/tests/clients/java/$1.java status
	shift
	cat >"$T/java.cfg" <<END
name = capkcs11
library = $MODULE
slotListIndex = 0
END
	java -Djava.io.tmpdir="$T" "$program" "$T/java.cfg" "$PIN_FILE" "$@" \
		>"$T/out" 2>"$T/err"
	status=$?
	sed 's/^/  | /' "$T/out" "$T/err"
	check_equal exit 0 "$status"
}
