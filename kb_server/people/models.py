"""A person as stored, and a person as the one who acts now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in once, or whom the teams file names. ``id`` is opaque and the only thing logs hold.

    ``handle`` is the name in ``teams.yml`` ("" if none). Of an erased person only the id is left.
    """

    id: str
    name: str
    email: str = ""
    handle: str = ""
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, with the rights of this moment. ``id`` is "" for somebody who is not signed in.

    ``teams``, ``speaks_for`` and ``liaison_of`` are team ids. ``scopes`` are what a token allows; None in a browser.
    """

    id: str = ""
    name: str = ""
    handle: str = ""
    teams: frozenset[str] = frozenset()
    speaks_for: frozenset[str] = frozenset()
    liaison_of: frozenset[str] = frozenset()
    is_admin: bool = False
    reads: bool = False
    scopes: frozenset[str] | None = None


NOBODY = Actor()
"""Not signed in, in a wiki that only those who are may read."""

GUEST = Actor(reads=True)
"""Not signed in, in a wiki that everybody may read."""


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person belongs to a team, or asks to. It counts once the team's liaison has confirmed it."""

    person_id: str
    team: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is signed in. `browser` is what a person would call it: "Firefox on Linux"."""

    id: str
    person_id: str
    browser: str
    created_at: str
    expires_at: str
