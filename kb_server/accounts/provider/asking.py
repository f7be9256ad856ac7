"""Asking the provider: what it says of itself (OpenID Connect Discovery 1.0), its keys, and how either is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import requests
from joserfc.jwk import KeySet

from kb_server.errors import KbError

PATIENCE = 5  # seconds for each answer of the provider's
KEPT = 3600  # seconds for which what it says of itself is believed


class Away(KbError):  # noqa: N818  -- it reads as what the provider is
    """The provider cannot be reached, or not understood. The message is for the log."""


class Asked:
    """What the provider with this `issuer` says of itself; it is asked once an hour."""

    def __init__(self, issuer: str) -> None:
        """Ask nothing yet."""
        self._issuer = issuer
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def about(self) -> dict[str, Any]:
        """What it says of itself. Raises Away."""
        about = self._once(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") != self._issuer:
            raise Away("it calls itself by another name than KB_OIDC_ISSUER")
        return about

    def keys(self, *, afresh: bool = False) -> KeySet:
        """The keys it signs with. Raises Away."""
        keys = self._once(required(self.about(), "jwks_uri"), afresh=afresh)
        return KeySet.import_key_set(keys)  # type: ignore[arg-type]  # what is no key raises an error of its own

    def _once(self, url: str, *, afresh: bool = False) -> dict[str, Any]:
        with self._lock:
            since, known = self._kept.get(url, (0.0, {}))
            if known and not afresh and time.monotonic() - since < KEPT:
                return known
        found = fetched(url)
        with self._lock:
            self._kept[url] = time.monotonic(), found
        return found


def fetched(url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at an address of the provider's. Raises Away."""
    try:
        answer = requests.get(url, headers=headers, timeout=PATIENCE, allow_redirects=False)
        found = answer.json() if answer.status_code == requests.codes.ok else None
    except (requests.RequestException, ValueError) as error:
        raise Away(f"{type(error).__name__} at {url}") from error
    if not isinstance(found, dict):
        raise Away(f"status {answer.status_code} at {url}")
    return found


def required(about: Mapping[str, Any], name: str) -> str:
    """An address it has to name. Raises Away."""
    value = about.get(name)
    if not isinstance(value, str):
        raise Away(f"it does not say its {name}")
    return value
