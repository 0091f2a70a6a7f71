#!/bin/sh
# llm-call over TLS: whom it trusts, and what a server costs that it does not.
. "$(dirname "$0")/../lib.sh"
need llm-call python3 jq openssl
python3 -c 'import ssl' 2>/dev/null || skip_all "python3 has no ssl"

# An authority of our own and what it signed, for this run alone.
authority() { # NAME
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" \
		-keyout "$1.key" -out "$1.pem" 2>>openssl.log
}
# certificate NAME AUTHORITY HOST [OPTION...]: of openssl x509
certificate() {
	cert=$1 by=$2 host=$3
	shift 3
	openssl req -new -newkey rsa:2048 -nodes -subj "/CN=$host" \
		-keyout "$cert.key" -out "$cert.csr" 2>>openssl.log &&
		printf 'subjectAltName=%s\n' "$host" >"$cert.ext" &&
		openssl x509 -req -in "$cert.csr" -CA "$by.pem" \
			-CAkey "$by.key" -CAcreateserial -out "$cert.crt" \
			-extfile "$cert.ext" "$@" 2>>openssl.log &&
		cat "$cert.key" "$cert.crt" >"$cert.pem"
}
{ authority ours && authority theirs &&
	certificate good ours IP:127.0.0.1 -days 2 &&
	certificate wronghost ours DNS:other.example -days 2 &&
	certificate expired ours IP:127.0.0.1 -days -1; } ||
	skip_all "openssl makes no certificates: $(tail -1 openssl.log)"

cat >server.py <<'PY'
"""One port for each certificate named; PORT lines go to standard output."""
import http.server, json, ssl, sys, threading

class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        out = json.dumps({"model": "m", "choices": [{
            "finish_reason": "stop",
            "message": {"content": "over tls"}}]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def log_message(self, *args):
        with open("asked", "a") as f:
            f.write("%d\n" % self.server.server_port)

class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *args):
        pass

ports = []
for name in sys.argv[1:]:
    server = Server(("127.0.0.1", 0), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(name + ".pem")
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ports.append("%s=%d\n" % (name, server.server_port))
with open("ports.new", "w") as f:
    f.writelines(ports)
import os
os.rename("ports.new", "ports")
sys.stdin.read()
PY
mkfifo hold
python3 server.py good wronghost expired <hold 2>/dev/null &
exec 9>hold
wait_for test -s ports || skip_all "the test server does not start"
port_of() { sed -n "s/^$1=//p" ports; }
good=$(port_of good)

provider() { # NAME PORT CA
	printf '{"name":"%s","base_url":"https://127.0.0.1:%s/v1","model":"m","key_env":"TLS_KEY"%s}' \
		"$1" "$2" "${3:+,\"ca_file\":\"$T/$3.pem\"}"
}
export TLS_KEY=top-secret-key
echo '{"id":1,"query":"hi"}' >in
ask() { # PROVIDER...
	printf '%s\n' "$@" | paste -sd, | sed 's/.*/{"providers":[&]}/' >route.json
	: >asked
	run llm-call --config route.json -f in -v
}
get() { jq -r "$1" out; }

ask "$(provider a "$good" ours)"
is "an authority that ca_file names is trusted" \
	"$status $(get '[.answer,.generation.provider]|tostring')" \
	'0 ["over tls","a"]'
while read -r what server ca; do
	port=$(port_of "$server")
	bad=$(provider a "$port" "${ca#none}")
	ask "$bad"
	is "$what: an error of class 'request', asked once" \
		"$status $(get '[.answer,.error.code,[.generation.attempts[].class]]|tostring')" \
		'3 [null,"remote",["request"]]'
	is "... nothing was sent" "$(cat asked)" ""
	is "... and no key is printed" "$(cat out err | grep -c top-secret)" 0
	ask "$bad" "$(provider b "$good" ours)"
	is "... the next provider is tried" \
		"$status $(get '[.answer,.generation.provider,.generation.attempts[0].class]|tostring')" \
		'0 ["over tls","b","request"]'
	ask "$bad" "$(provider b "$port" "${ca#none}")" \
		"$(provider c "$good" ours)"
	is "... once" "$status $(get '[.error.code,(.generation.attempts|length)]|tostring')" \
		'3 ["remote",2]'
done <<'CASES'
another-authority good theirs
the-system's-authorities good none
a-wrong-host-name wronghost ours
an-expired-certificate expired ours
CASES
ask "$(provider a "$good" nowhere)" "$(provider b "$good" ours)"
is "a ca_file that is not there costs the provider, and is said" \
	"$status $(get '[.answer,.generation.provider]|tostring') $(grep -c nowhere.pem err)" \
	'0 ["over tls","b"] 1'
exec 9>&-
finish
