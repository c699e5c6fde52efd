"""A token server for a registry that verifies its tokens:
token-server.py <key.pem> <certificate.pem> <user> <password> <log>

It prints its port, and grants `pull` for every scope asked for; to the user also what begins with
`m/`. Each request is a line of the log: whether a login came along, and the scopes.
"""

import base64
import http.server
import json
import subprocess
import sys
import time
import urllib.parse

KEY, CERTIFICATE, USER, PASSWORD, LOG = sys.argv[1:6]
LOGIN = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(claims):
    lines = open(CERTIFICATE).read().splitlines()
    chain = ["".join(line for line in lines if not line.startswith("-----"))]
    header = {"typ": "JWT", "alg": "RS256", "x5c": chain}
    text = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    sign = ["openssl", "dgst", "-sha256", "-sign", KEY]
    signature = subprocess.run(sign, input=text.encode(), capture_output=True, check=True).stdout
    return f"{text}.{encoded(signature)}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        login = self.headers.get("Authorization")
        scopes = query.get("scope", [])
        with open(LOG, "a") as log:
            log.write(f"{'login' if login else 'anonymous'} {' '.join(scopes)}\n")
        if login not in (None, LOGIN):
            return self.answer(401, {"errors": [{"code": "UNAUTHORIZED"}]})
        access = []
        for scope in scopes:
            kind, name, actions = scope.split(":", 2)
            if login or not name.startswith("m/"):
                access.append({"type": kind, "name": name, "actions": actions.split(",")})
        now = int(time.time())
        claims = {
            "iss": "harness-images tests", "sub": USER if login else "", "aud": query["service"][0],
            "exp": now + 300, "nbf": now - 10, "iat": now, "jti": str(time.time_ns()), "access": access,
        }
        self.answer(200, {"token": signed(claims), "expires_in": 300})

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
