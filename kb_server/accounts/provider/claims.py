"""What the provider's claims say of a person, as far as they prove it: address, name, teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb_server.accounts.provider.tokens import Untrusted
from kb_server.config import Settings
from kb_server.people.models import Proven
from kb_server.people.roster import Roster


def proven_by(claims: Mapping[str, Any], settings: Settings, roster: Roster) -> Proven:
    """Who it is. Raises Untrusted where their address is of no domain that may sign in."""
    email = _text(claims, "email").casefold() if claims.get("email_verified") is True else ""
    if settings.email_domains and email.partition("@")[2] not in settings.email_domains:
        raise Untrusted("no proved address of a domain that may sign in")
    handle = roster.by_subject(claims["sub"])
    listed = roster.people.get(handle)
    name = _text(claims, "name") or _text(claims, "preferred_username")
    return Proven(
        settings.oidc_issuer,
        claims["sub"],
        name=listed.name if listed else name,
        email=listed.email if listed else email,
        handle=handle,
        teams=_teams(claims, settings, roster),
    )


def _teams(claims: Mapping[str, Any], settings: Settings, roster: Roster) -> frozenset[str] | None:
    groups = settings.oidc_groups
    if groups is None:
        return None
    named = claims.get(groups.claim)
    listed = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    return roster.teams_called((group for group in listed if isinstance(group, str)), groups.teams)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
