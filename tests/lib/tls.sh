# shellcheck shell=bash
# A TLS server on this machine that asks for a certificate of the card. Sourced
# by client tests.

# tls_server_identity: makes $T/server.key and
# $T/server.pem, a certificate of its own for localhost.
tls_server_identity() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj /CN=localhost -addext subjectAltName=DNS:localhost -days 2 \
		-keyout "$T/server.key" -out "$T/server.pem"
}

tls_port_open() {
	ss -Hltn "sport = :$1" | grep -q LISTEN
}

# tls_serve PORT LOG COMMAND...: runs a server until tls_stop, and waits until it
# listens.
tls_serve() {
	local port=$1 log=$2
	shift 2
	"$@" >"$log" 2>&1 </dev/null &
	tls_pid=$!
	wait_until 10 tls_port_open "$port"
}

tls_stop() {
	kill "$tls_pid" 2>/dev/null
	wait "$tls_pid" 2>/dev/null || :
}
