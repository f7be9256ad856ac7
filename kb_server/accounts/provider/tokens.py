"""ID tokens: what they say, once everything about them is as it must be (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from kb_server.config import Settings
from kb_server.errors import Forbidden

LEEWAY = 60  # seconds by which the provider's clock may differ
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""How a token may be signed: with a key that only the provider has."""
FOREIGN_KEYS = ("jwk", "jku", "x5u", "x5c")
"""What a token says of the key it is signed with. The key is the provider's, and never what the token brings along."""
LONGEST = 255  # characters of a subject, says the standard

Keys = Callable[..., KeySet]
"""The provider's keys; `afresh=True` asks for them once more."""


class Untrusted(Forbidden):
    """The answer is not what a provider gives to somebody it knows. The message is for the log."""


def claims_of(
    token: Mapping[str, Any], nonce: str, settings: Settings, keys: Keys, about: Mapping[str, Any]
) -> dict[str, Any]:
    """What the ID token among these says; `about` is what the provider says of itself. Raises Untrusted, Away."""
    wanted = {"iss": settings.oidc_issuer, "aud": settings.oidc_client_id}
    options = {name: {"essential": True, "value": value} for name, value in wanted.items()}
    params = {"nonce": nonce, "client_id": settings.oidc_client_id}
    try:
        read = _read(token["id_token"], keys, about)
        claims = CodeIDToken(read.claims, read.header, options, params | {"access_token": token["access_token"]})
        claims.validate(leeway=LEEWAY)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Untrusted(f"ID token: {type(error).__name__}") from error
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or not subject.isprintable():
        raise Untrusted("subject")
    return dict(claims)


def _read(token: str, keys: Keys, about: Mapping[str, Any]) -> jwt.Token:
    allowed = set(about.get("id_token_signing_alg_values_supported") or ["RS256"]) & set(SIGNED)
    registry = JWSRegistry(algorithms=sorted(allowed), strict_check_header=False)
    try:
        read = jwt.decode(token, keys(), registry=registry)
    except InvalidKeyIdError:  # it has changed its keys since
        read = jwt.decode(token, keys(afresh=True), registry=registry)
    if foreign := {*FOREIGN_KEYS} & {*read.header}:
        raise ValueError(f"a key comes with it: {foreign}")
    return read
