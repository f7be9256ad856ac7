"""A real OpenID Connect provider for tests: Authlib's own server parts in a small Flask app, over HTTP.

A test says who is signed in there (`user`), and may change what the provider tells: of itself (`about`), in the ID
token (`claims`, None takes one out; `header`; `sign`), and besides it (`facts`).
"""

# ruff: noqa: ANN401  -- Authlib has no types

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "the-wiki", "hush-hush-hush"


@dataclass
class User:
    sub: str
    claims: dict[str, Any]


class Client(ClientMixin):
    """The wiki, as the provider knows it."""

    def __init__(self, back: str) -> None:
        self.back = back

    def get_client_id(self) -> str:
        return CLIENT

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.back

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None
    user: User

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Provider:
    """A provider on a free port, which knows one client."""

    def __init__(self, back: str) -> None:
        self.user = User("248289", {"name": "Sam Somebody"})
        self.key = self.served = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.about: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.facts: dict[str, Any] | None = None
        self.sign: Callable[[dict[str, Any], dict[str, Any]], str] = self._signed
        self.asked: list[str] = []
        self._codes: dict[str, Code] = {}
        self._client = Client(back)
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def settings(self) -> dict[str, Any]:
        """What the wiki needs to know of it."""
        return {
            "auth": "oidc",
            "oidc_issuer": self.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
        }

    def _signed(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        return str(jwt.encode(header, claims, self.key, [header["alg"]]))

    def _app(self) -> Flask:
        app = Flask("provider")
        server = AuthorizationServer(app, lambda _id: self._client, lambda _token, _request: None)
        server.register_grant(_grant(self._codes), [CodeChallenge(required=True), _openid(self)])

        @app.get("/.well-known/openid-configuration")
        def about() -> Response:
            said = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
            if self.facts is not None:
                said["userinfo_endpoint"] = f"{self.issuer}/facts"
            return jsonify(said | self.about)

        @app.get("/keys")
        def keys() -> Response:
            self.asked.append("keys")
            return jsonify({"keys": [self.served.as_dict(private=False)]})

        @app.get("/facts")
        def facts() -> Response:
            return jsonify(self.facts)

        @app.get("/authorize")
        def authorize() -> Any:
            grant = server.get_consent_grant(end_user=self.user)
            return server.create_authorization_response(grant_user=self.user, grant=grant)

        @app.post("/token")
        def token() -> Any:
            self.asked.append(request.form["code_verifier"])
            return server.create_token_response()

        return app


def _grant(codes: dict[str, Code]) -> type[AuthorizationCodeGrant]:
    class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            said = request.payload.data
            named = {name: said.get(name) for name in ("nonce", "code_challenge", "code_challenge_method")}
            codes[code] = Code(code, said["redirect_uri"], request.payload.scope, user=request.user, **named)

        def query_authorization_code(self, code: str, _client: Any) -> Code | None:
            return codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> User:
            return authorization_code.user

    return Grant


def _openid(provider: Provider) -> OpenIDCode:
    class OpenID(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, _nonce: str, _request: Any) -> bool:
            return False

        def resolve_client_private_key(self, _client: Any) -> Any:
            return provider.key

        def get_client_claims(self, _client: Any) -> dict[str, Any]:
            return {"iss": provider.issuer, "aud": [CLIENT]}

        def generate_user_info(self, user: User, _scope: str) -> Any:
            return UserInfo(sub=user.sub, **user.claims)

        def encode_id_token(self, token: Any, request: Any) -> str:
            plain = super().encode_id_token(token, request)
            claims = _part(plain, 1) | provider.claims
            header = _part(plain, 0) | {"kid": provider.key.kid} | provider.header
            return provider.sign(header, {name: value for name, value in claims.items() if value is not None})

    return OpenID()


def _part(token: str, number: int) -> dict[str, Any]:
    text = token.split(".")[number]
    part: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return part
