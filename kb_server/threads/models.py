"""A conversation, what is said in it, and where it hangs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kb_server.pages.quotes import Quote
from kb_server.people.models import Actor
from kb_server.people.permissions import Thing
from kb_server.people.roster import Roster

KINDS = ("wrong", "question", "idea")
MOST_BYTES = 10 * 1024
"""Of what somebody says at once, as UTF-8."""
LONGEST_REASON = 300
LONGEST_QUOTE = 2_000

OPEN, SETTLED = "open", "settled"
SHOWN, HIDDEN, DELETED = "shown", "hidden", "deleted"


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
class Thread:
    """A conversation. ``number`` grows with each; ``shown`` counts its comments that everybody may read.

    ``title`` is the first line of what was said first. ``fate`` is what became of the quoted passage: "here" until a
    later build says otherwise. ``settled_by`` is a person's id. A ``sample`` is made up for a first visitor.
    """

    id: str
    number: int
    page: str
    section: str
    section_title: str
    kind: str
    title: str
    author: str
    created_at: str
    state: str = OPEN
    settled_by: str = ""
    settled_at: str = ""
    reason: str = ""
    quote: Quote | None = None
    build: str = ""
    digest: str = ""
    fate: str = "here"
    shown: int = 0
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """Something said. ``html`` is ``body`` rendered by ``renderer``, with ids in place of the names of those mentioned.

    ``mentions`` gives the id of each person or team by how it was written: {"sam": "p_…"}, {"sales": "sales"}.
    """

    id: str
    number: int
    thread: str
    author: str
    body: str
    html: str
    renderer: str
    created_at: str
    mentions: Mapping[str, str] = field(default_factory=dict)
    version: int = 1
    edited_at: str = ""
    state: str = SHOWN
    agrees: int = 0
    mine: bool = False
    """Whether whoever looks agrees."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a comment said before it was edited."""

    version: int
    body: str
    at: str


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
class Topic:
    """What a new conversation is about."""

    place: Place
    kind: str
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The words a reader marked, with some of what stands around them; `before` counts the letters in front of them."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    before: int = 0
