"""The provider that signs people in (OpenID Connect Core 1.0, code flow with PKCE), and what its answer is worth.

All that ties the way out to the way back, state, nonce and the proof of PKCE, is made from the one secret the browser
was given for it. Nothing of it is stored, and no other browser can bring the answer home.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from kb_server.config import Settings
from kb_server.errors import Forbidden, KbError
from kb_server.people import secret
from kb_server.people.models import Proven
from kb_server.people.roster import Roster

PATIENCE = 5  # seconds for each answer of the provider's
KEPT = 3600  # seconds for which what it says of itself is believed
LEEWAY = 60  # seconds by which its clock may differ
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""How a token may be signed: with a key that only the provider has."""
FOREIGN_KEYS = ("jwk", "jku", "x5u", "x5c")
"""What a token says of the key it is signed with. The key is the provider's, and never what the token brings along."""
LONGEST = 255  # characters of a subject, says the standard


class Untrusted(Forbidden):
    """The answer is not what a provider gives to somebody it knows. The message is for the log."""


class Away(KbError):  # noqa: N818  -- it reads as what the provider is
    """The provider cannot be reached, or not understood. The message is for the log."""


class Provider:
    """The provider of one wiki; what it says of itself is asked for once an hour."""

    def __init__(self, settings: Settings) -> None:
        """Ask nothing yet."""
        self._settings = settings
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def way_out(self, given: str) -> str:
        """Where to send a browser that has this secret. Raises Away."""
        about = self._about()
        with self._session(about) as session:
            url, _ = session.create_authorization_url(
                _required(about, "authorization_endpoint"),
                state=state_of(given),
                code_verifier=secret.derived(given, "verifier"),
                nonce=secret.derived(given, "nonce"),
            )
        return str(url)

    def proven(self, given: str, answered: Mapping[str, str], roster: Roster) -> Proven:
        """Who the provider says this is; the state of the answer must have been looked at. Raises Untrusted, Away."""
        about = self._about()
        self._check_answer(answered, about)
        token = self._token(given, answered["code"], about)
        claims = self._claims(given, token, about)
        return self._person(self._completed(claims, token, about), roster)

    def _check_answer(self, answered: Mapping[str, str], about: Mapping[str, Any]) -> None:
        said = answered.get("iss")  # RFC 9207
        if said is None and about.get("authorization_response_iss_parameter_supported"):
            raise Untrusted("no issuer in the answer")
        if said is not None and said != self._settings.oidc_issuer:
            raise Untrusted("issuer of the answer")
        if "error" in answered or not answered.get("code"):
            raise Untrusted("the provider said no")

    def _token(self, given: str, code: str, about: Mapping[str, Any]) -> dict[str, Any]:
        verifier = secret.derived(given, "verifier")
        try:
            with self._session(about) as session:
                token: dict[str, Any] = session.fetch_token(
                    _required(about, "token_endpoint"), code=code, code_verifier=verifier, allow_redirects=False
                )
        except OAuthError as error:
            raise Untrusted("the code") from error
        except (requests.RequestException, ValueError) as error:
            raise Away("token endpoint") from error
        if not isinstance(token.get("id_token"), str):
            raise Untrusted("no ID token")
        return token

    def _claims(self, given: str, token: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, Any]:
        """What the ID token says, once everything about it is as it must be (Core 1.0, 3.1.3.7)."""
        wanted = {"iss": self._settings.oidc_issuer, "aud": self._settings.oidc_client_id}
        options = {name: {"essential": True, "value": value} for name, value in wanted.items()}
        params = {"nonce": secret.derived(given, "nonce"), "client_id": self._settings.oidc_client_id}
        try:
            read = self._read(token["id_token"], about)
            claims = CodeIDToken(read.claims, read.header, options, params | {"access_token": token["access_token"]})
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Untrusted(f"ID token: {type(error).__name__}") from error
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or not subject.isprintable():
            raise Untrusted("subject")
        return dict(claims)

    def _read(self, token: str, about: Mapping[str, Any]) -> jwt.Token:
        allowed = set(about.get("id_token_signing_alg_values_supported") or ["RS256"]) & set(SIGNED)
        registry = JWSRegistry(algorithms=sorted(allowed), strict_check_header=False)
        try:
            read = jwt.decode(token, self._keys(), registry=registry)
        except InvalidKeyIdError:  # it has changed its keys since
            read = jwt.decode(token, self._keys(afresh=True), registry=registry)
        if foreign := set(FOREIGN_KEYS) & set(read.header):
            raise ValueError(f"a key comes with it: {foreign}")
        return read

    def _completed(self, claims: dict[str, Any], token: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, Any]:
        """With what the provider tells of the person elsewhere, where the token itself is thin."""
        groups = self._settings.oidc_groups
        wanted = {"name", "email", *([groups.claim] if groups else [])}
        if wanted <= set(claims) or not about.get("userinfo_endpoint"):
            return claims
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        more = _fetched(str(about["userinfo_endpoint"]), headers)
        if more.get("sub") != claims["sub"]:  # Core 1.0, 5.3.2
            raise Untrusted("the facts are of somebody else")
        return more | claims

    def _person(self, claims: Mapping[str, Any], roster: Roster) -> Proven:
        email = _text(claims, "email").casefold() if claims.get("email_verified") is True else ""
        domains = self._settings.email_domains
        if domains and email.partition("@")[2] not in domains:
            raise Untrusted("no proved address of a domain that may sign in")
        handle = roster.by_subject(claims["sub"])
        listed = roster.people.get(handle)
        name = _text(claims, "name") or _text(claims, "preferred_username")
        return Proven(
            self._settings.oidc_issuer,
            claims["sub"],
            name=listed.name if listed else name,
            email=listed.email if listed else email,
            handle=handle,
            teams=self._teams(claims, roster),
        )

    def _teams(self, claims: Mapping[str, Any], roster: Roster) -> frozenset[str] | None:
        groups = self._settings.oidc_groups
        if groups is None:
            return None
        named = claims.get(groups.claim)
        listed = [named] if isinstance(named, str) else named if isinstance(named, list) else []
        return roster.teams_called((group for group in listed if isinstance(group, str)), groups.teams)

    def _session(self, about: Mapping[str, Any]) -> OAuth2Session:
        groups = self._settings.oidc_groups
        more = [groups.claim] if groups and groups.claim in (about.get("scopes_supported") or ()) else []
        known = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
        return OAuth2Session(
            self._settings.oidc_client_id,
            self._settings.oidc_client_secret or None,
            token_endpoint_auth_method=method if self._settings.oidc_client_secret else "none",
            scope=" ".join(["openid", "profile", "email", *more]),
            redirect_uri=f"{self._settings.base_url}sign-in/back/",
            code_challenge_method="S256",
            default_timeout=PATIENCE,
        )

    def _about(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        about = self._fetched_once(f"{self._settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") != self._settings.oidc_issuer:
            raise Away("it calls itself by another name than KB_OIDC_ISSUER")
        return about

    def _keys(self, *, afresh: bool = False) -> KeySet:
        keys = self._fetched_once(_required(self._about(), "jwks_uri"), afresh=afresh)
        return KeySet.import_key_set(keys)  # type: ignore[arg-type]  # what is no key raises an error of its own

    def _fetched_once(self, url: str, *, afresh: bool = False) -> dict[str, Any]:
        with self._lock:
            since, known = self._kept.get(url, (0.0, {}))
            if known and not afresh and time.monotonic() - since < KEPT:
                return known
        found = _fetched(url)
        with self._lock:
            self._kept[url] = time.monotonic(), found
        return found


def state_of(given: str) -> str:
    """The state that belongs to the browser with this secret."""
    return secret.derived(given, "state")


def _fetched(url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = requests.get(url, headers=headers, timeout=PATIENCE, allow_redirects=False)
        found = answer.json() if answer.status_code == requests.codes.ok else None
    except (requests.RequestException, ValueError) as error:
        raise Away(f"{type(error).__name__} at {url}") from error
    if not isinstance(found, dict):
        raise Away(f"status {answer.status_code} at {url}")
    return found


def _required(about: Mapping[str, Any], name: str) -> str:
    value = about.get(name)
    if not isinstance(value, str):
        raise Away(f"it does not say its {name}")
    return value


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
