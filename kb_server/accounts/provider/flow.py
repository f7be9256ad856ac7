"""Out to the provider and back (OpenID Connect Core 1.0, code flow with PKCE).

All that ties the way out to the way back, state, nonce and the proof of PKCE, is made from the one secret the browser
was given for it. Nothing of it is stored, and no other browser can bring the answer home.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from kb_server.accounts.provider.asking import PATIENCE, Asked, Away, fetched, required
from kb_server.accounts.provider.claims import proven_by
from kb_server.accounts.provider.tokens import Untrusted, claims_of
from kb_server.config import Settings
from kb_server.people import secret
from kb_server.people.models import Proven
from kb_server.people.roster import Roster


class Provider:
    """The provider of one wiki."""

    def __init__(self, settings: Settings) -> None:
        """Ask nothing yet."""
        self._settings = settings
        self._asked = Asked(settings.oidc_issuer)

    def way_out(self, given: str) -> str:
        """Where to send a browser that has this secret. Raises Away."""
        about = self._asked.about()
        with self._session(about) as session:
            url, _ = session.create_authorization_url(
                required(about, "authorization_endpoint"),
                state=state_of(given),
                code_verifier=secret.derived(given, "verifier"),
                nonce=secret.derived(given, "nonce"),
            )
        return str(url)

    def proven(self, given: str, answered: Mapping[str, str], roster: Roster) -> Proven:
        """Who the provider says this is; the state of the answer must have been looked at. Raises Untrusted, Away."""
        about = self._asked.about()
        self._check_answer(answered, about)
        token = self._token(given, answered["code"], about)
        claims = claims_of(token, secret.derived(given, "nonce"), self._settings, self._asked.keys, about)
        return proven_by(self._completed(claims, token, about), self._settings, roster)

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
                    required(about, "token_endpoint"), code=code, code_verifier=verifier, allow_redirects=False
                )
        except OAuthError as error:
            raise Untrusted("the code") from error
        except (requests.RequestException, ValueError) as error:
            raise Away("token endpoint") from error
        if not isinstance(token.get("id_token"), str):
            raise Untrusted("no ID token")
        return token

    def _completed(self, claims: dict[str, Any], token: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, Any]:
        """With what the provider tells of the person elsewhere, where the token itself is thin."""
        groups = self._settings.oidc_groups
        wanted = {"name", "email", *([groups.claim] if groups else [])}
        if wanted <= set(claims) or not about.get("userinfo_endpoint"):
            return claims
        more = fetched(str(about["userinfo_endpoint"]), {"Authorization": f"Bearer {token['access_token']}"})
        if more.get("sub") != claims["sub"]:  # Core 1.0, 5.3.2
            raise Untrusted("the facts are of somebody else")
        return more | claims

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


def state_of(given: str) -> str:
    """The state that belongs to the browser with this secret."""
    return secret.derived(given, "state")
