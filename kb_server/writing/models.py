"""Who writes, about which place in the wiki, and what is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kb_server.people.models import Actor
from kb_server.people.permissions import Thing
from kb_server.people.roster import Roster

MOST_BYTES = 10 * 1024
"""Of what somebody says at once, as UTF-8."""
LONGEST_REASON = 300
LONGEST_QUOTE = 2_000


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, when, and whom the wiki knows. ``posts`` is how often in a minute they may say something."""

    actor: Actor
    roster: Roster
    now: datetime
    posts: int = 30


@dataclass(frozen=True, slots=True)
class Place:
    """A page, or a section of it, as the build has it that somebody reads now.

    ``section`` is the section's anchor, "" for the page as a whole; ``text`` and ``digest`` are the section's.
    """

    page: str
    title: str
    url: str
    build: str = ""
    teams: tuple[str, ...] = ()
    owner: str = ""
    section: str = ""
    section_title: str = ""
    text: str = ""
    digest: str = ""

    def thing(self, author: str = "") -> Thing:
        """What decides who may do something here; `author` is whoever began it or said it."""
        return Thing(author, self.owner, self.teams)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody sends.

    ``key`` tells a repeated sending from a second remark; a ``strict`` one is refused for another text. ``version`` is
    the one that was changed, where something said before is edited.
    """

    body: str
    key: str = ""
    strict: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """The words a reader marked, with some of what stands around them; `before` counts the letters in front of them."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    before: int = 0
