"""Who may: the kinds of people that a right is given to, by what decides it of a thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kb_server.activity.storage import THE_BUILD
from kb_server.people.models import Actor


@dataclass(frozen=True, slots=True)
class Thing:
    """What of a thing decides who may do something with it.

    ``author`` is a person's id, ``owner`` the handle of the page's owner, ``teams`` are those of the page or whoever it
    is about.
    """

    author: str = ""
    owner: str = ""
    teams: tuple[str, ...] = ()


NOTHING = Thing()
"""What is nobody's and concerns no team."""

Check = Callable[[Actor, Thing], bool]


def anybody(_actor: Actor, _thing: Thing) -> bool:
    """Whoever asks, signed in or not."""
    return True


def reader(actor: Actor, _thing: Thing) -> bool:
    """Whoever may read the wiki."""
    return actor.reads


def signed_in(actor: Actor, _thing: Thing) -> bool:
    """Whoever has signed in, in a team or not."""
    return bool(actor.id)


def author(actor: Actor, thing: Thing) -> bool:
    """Who wrote it."""
    return bool(actor.id) and actor.id == thing.author


def owner(actor: Actor, thing: Thing) -> bool:
    """Who owns the page."""
    return bool(actor.handle) and actor.handle == thing.owner


def teammate(actor: Actor, thing: Thing) -> bool:
    """Who is in a team it concerns."""
    return not actor.teams.isdisjoint(thing.teams)


def liaison(actor: Actor, thing: Thing) -> bool:
    """Who is liaison of a team it concerns; of any team, where it concerns none."""
    return bool(actor.liaison_of) and (not thing.teams or not actor.liaison_of.isdisjoint(thing.teams))


def speaker(actor: Actor, thing: Thing) -> bool:
    """Who speaks for a team it concerns."""
    return not actor.speaks_for.isdisjoint(thing.teams)


def admin(actor: Actor, _thing: Thing) -> bool:
    """Who runs the wiki."""
    return actor.is_admin


def the_build(actor: Actor, _thing: Thing) -> bool:
    """The build that is being published, for the commits on the trusted branch; it is nobody who could sign in."""
    return actor.id == THE_BUILD
