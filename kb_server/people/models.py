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


LOCAL, EMAIL, PROXY = "local", "email", "proxy"
"""The issuers of identities that are no address of a provider: a list to pick from, a mailbox, a proxy."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What a way of signing in has proved: who ``subject`` is to ``issuer``.

    ``handle`` is the person of ``teams.yml`` that stands for, "" if none. A ``name`` or ``email`` of "" is not known,
    and what is stored stays. ``teams`` are those the provider gives; None where it has no say in that.
    """

    issuer: str
    subject: str
    name: str = ""
    email: str = ""
    handle: str = ""
    teams: frozenset[str] | None = None


ASKED, GIVEN = "asked", "given"
"""Where a membership comes from: asked for and confirmed by a liaison, or given by the provider's groups."""


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person belongs to a team, or asks to. It counts once the team's liaison has confirmed it."""

    person_id: str
    team: str
    confirmed: bool
    source: str = ASKED


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is signed in. `browser` is what a person would call it: "Firefox on Linux"."""

    id: str
    person_id: str
    browser: str
    created_at: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class Token:
    """What lets a program act for a person, within its `scopes`. `name` is what the person calls it."""

    id: str
    person_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: str
    expires_at: str
