"""A small identity provider on loopback: honest, until a test tells it how to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote_plus, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey
from tests.accounts.house import Clock


class Directory:
    """OpenID Connect with one client. `lie` changes the claims, `header` the token's header, `status` the answer's."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.key = ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"})
        self.signing_key = self.key
        self.lie: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.description: dict[str, Any] = {}
        self.status, self.raw = 200, b""
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        directory = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                directory._answer(self, "")

            def do_POST(self) -> None:
                directory._answer(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def visit(self, url: str, subject: str) -> dict[str, str]:
        """A person signs in there; what their browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked | {"sub": subject}
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def _answer(self, to: BaseHTTPRequestHandler, body: str) -> None:
        self.asked.append(to.path)
        status, made = self.status, self.raw
        if not made:
            match to.path:
                case "/.well-known/openid-configuration":
                    made = json.dumps({
                        "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                        "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
                    } | self.description).encode()  # fmt: skip
                case "/keys":
                    made = json.dumps({"keys": [self.key.as_dict(private=False)]}).encode()
                case "/token":
                    status, made = self._token(to.headers.get("Authorization", ""), body)
                case _:
                    status = 404
        to.send_response(status)
        to.send_header("Content-Length", str(len(made)))
        to.end_headers()
        to.wfile.write(made)

    def _token(self, authorization: str, body: str) -> tuple[int, bytes]:
        form = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self._codes.pop(form.get("code", ""), None)
        client = [form.get("client_id", ""), form.get("client_secret", "")]
        if authorization:
            basic = base64.b64decode(authorization.partition(" ")[2]).decode()
            client = [unquote_plus(part) for part in basic.split(":")]
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        if (
            asked is None
            or client != ["comity", "s:e c+ret"]
            or challenge.rstrip("=") != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, b'{"error":"invalid_grant"}'
        now = int(self.clock.now.timestamp())
        claims = {
            "iss": self.issuer, "aud": "comity", "sub": asked["sub"], "iat": now, "exp": now + 300,
            "nonce": asked["nonce"],
        } | self.lie  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode({"alg": "ES256", "kid": "one"} | self.header, claims, self.signing_key)
        return 200, json.dumps({"id_token": signed, "access_token": "x", "token_type": "Bearer"}).encode()
