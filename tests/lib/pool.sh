# shellcheck shell=bash
# Several commands at once, their output in the order they were given.
#
#   pool_start NUMBER     how many run at the same time
#   pool COMMAND...       runs it, now or when there is room
#   pool_end              waits for all and prints what they said

pool_start() {
	pool_size=$1
	pool_running=0
	pool_count=0
	pool_dir=$(mktemp -d "${TMPDIR:-/tmp}/capkcs11-pool.XXXXXX")
}

pool() {
	if [ "$pool_running" -ge "$pool_size" ]; then
		wait -n
		pool_running=$((pool_running - 1))
	fi
	pool_count=$((pool_count + 1))
	"$@" >"$pool_dir/$pool_count" 2>&1 &
	pool_running=$((pool_running + 1))
}

pool_end() {
	local i
	wait
	for ((i = 1; i <= pool_count; i++)); do
		cat "$pool_dir/$i"
	done
	rm -rf "$pool_dir"
}
