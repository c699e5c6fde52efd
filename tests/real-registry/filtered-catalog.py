"""A registry that shows to each login only what it may see: filtered-catalog.py <registry> <user> <password>

It prints its port. In front of an open registry: the catalog is for logins, any login; repositories below
`m/` are for the user alone: to others they are not in the catalog, and answer 403 DENIED.
"""

import base64
import http.server
import json
import sys
import urllib.error
import urllib.request

REGISTRY, USER, PASSWORD = sys.argv[1:4]
LOGIN = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        is_user = self.headers.get("Authorization") == LOGIN
        is_private = self.path.startswith(("/v2/_catalog", "/v2/m/"))
        if is_private and "Authorization" not in self.headers:
            return self.answer(401, b"{}", [("WWW-Authenticate", 'Basic realm="filtered"')])
        if self.path.startswith("/v2/m/") and not is_user:
            return self.answer(403, b'{"errors":[{"code":"DENIED"}]}')
        if self.path.startswith("/v2/_catalog") and not is_user:
            with urllib.request.urlopen(REGISTRY + self.path) as answer:
                names = json.load(answer)["repositories"]
            shown = [name for name in names if not name.startswith("m/")]
            return self.answer(200, json.dumps({"repositories": shown}).encode())
        request = urllib.request.Request(REGISTRY + self.path, method=self.command)
        if "Accept" in self.headers:
            request.add_header("Accept", self.headers["Accept"])
        try:
            with urllib.request.urlopen(request) as answer:
                self.answer(answer.status, answer.read(), passed_on(answer.headers))
        except urllib.error.HTTPError as error:
            self.answer(error.code, error.read())

    do_HEAD = do_GET

    def answer(self, status, body, headers=()):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


def passed_on(headers):
    return [(name, headers[name]) for name in ("Content-Type", "Docker-Content-Digest", "Link") if name in headers]


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
