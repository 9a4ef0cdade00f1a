"""An OpenID provider of our own, over real HTTP, that lies as told."""

import json
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT = "portal"
SECRET = "a client secret that is long enough to sign with"
KEY = RSAKey.generate_key(2048, {"kid": "right", "alg": "RS256", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "right", "alg": "RS256", "use": "sig"})


class Provider:
    """Answers honestly unless `claims`, `header`, `key` or `config` say otherwise."""

    def __init__(self, issuer):
        self.issuer = issuer
        self.claims, self.header, self.config = {}, {}, {}
        self.key = KEY
        self.userinfo = {}
        self.token_requests = []
        self.asked = {}

    def discovery(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | self.config

    def id_token(self):
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": self.asked.get("nonce"),
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": "right"} | self.header
        if header["alg"] == "none":
            return unsigned(header, claims)
        algorithms = [header["alg"]]
        return jwt.encode(header, claims, self.key, algorithms=algorithms)

    def answer(self, path):
        if path == "/.well-known/openid-configuration":
            return self.discovery()
        if path == "/keys":
            return KeySet([KEY]).as_dict(private=False)
        if path == "/token":
            token = self.id_token()
            return {"access_token": "access", "token_type": "Bearer", "id_token": token}
        return {"sub": "subject-1"} | self.userinfo


def unsigned(header, claims):
    """Return a token that simply says it needs no signature."""
    secret = OctKey.import_key(SECRET)
    token = jwt.encode(header | {"alg": "HS256"}, claims, secret, algorithms=["HS256"])
    body = token.split(".")[1]
    head = jwt.encode({"alg": "HS256"}, header, secret, algorithms=["HS256"]).split(".")[1]
    return f"{head}.{body}."


@contextmanager
def running():
    """Serve a provider on a free port of this machine until the test is done."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps(self.server.provider.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            data = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.server.provider.token_requests.append(dict(parse_qsl(data)))
            self.do_GET()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def parameters(url):
    """Return what the query of an address says."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
