"""What a feature says of its events: who is to learn of one, what then waits for them, and when it stops waiting.

This is the seam for every feature. It gives a `Source`, and knows nothing of lists, mails or queues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kb_server.activity.storage import Event
from kb_server.pages.manifest import Page
from kb_server.people.models import Actor
from kb_server.people.roster import Roster

NEVER_DUE = "9999-12-31T23:59:59Z"
"""When something is due for which there is no time: after everything else."""

NOW, HOURLY, NEVER = "now", "hourly", "never"
MAILED = (NOW, HOURLY, NEVER)
"""How somebody wants their mail."""


@dataclass(frozen=True, slots=True)
class Wiki:
    """Who we are and which pages there are, by the build that is served."""

    roster: Roster
    pages: Mapping[str, Page]


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody is to learn of an event, and why. ``ref`` is the document that shows it.

    With a ``key`` it also waits for them, until something of this key or this subject ends it; another event of the
    same key takes its place. Whom it is ``direct`` to learns of it though they do not watch. ``by`` is whose doing it
    is shown as, where that is not who did it. What is ``quiet`` is never mailed.
    """

    person: str
    reason: str
    ref: str
    key: str = ""
    due: str = NEVER_DUE
    direct: bool = False
    by: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """What stops waiting: all of this subject, or what all of the other fields say as well where they say anything."""

    subject: str
    person: str = ""
    key: str = ""
    ref: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What events are about: where it began, and by whom. Kept, so that a later event finds whom it concerns."""

    id: str
    author: str
    ref: str


@dataclass(frozen=True, slots=True)
class Effects:
    """What an event brings about: first things end, then people are told, each once, by the first that names them.

    ``about`` are what people may watch, the narrowest first; with ``news`` (a document's ref) those who do are told,
    for the reason ``why``. ``watch`` are people who watch the narrowest from now on, because they took part. What waits
    by some time waits by ``due`` from now on, where that is said.
    """

    subject: Subject | str = ""
    ended: tuple[Ended, ...] = ()
    told: tuple[Told, ...] = ()
    about: tuple[str, ...] = ()
    news: str = ""
    watch: tuple[str, ...] = ()
    why: str = "watched"
    due: str = ""

    @property
    def subject_id(self) -> str:
        """What it is about."""
        return self.subject.id if isinstance(self.subject, Subject) else self.subject


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that waits, or is mailed: what was said, by whom, when and where.

    ``title``, ``text``, ``url`` (below the site's root) and ``facts`` are those of its document at this moment. A
    ``sample`` is made up for a first visitor.
    """

    key: str
    source: str
    subject: str
    reason: str
    ref: str
    actor: str
    seq: int
    at: str
    due: str
    page: str
    title: str
    url: str
    text: str
    facts: Mapping[str, object]
    sample: bool


def _nothing(*_: object) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class Source:
    """A feature whose events concern people.

    ``template`` shows a card. ``said`` tells in a line why somebody is told: of the reason, the name of who did it, and
    the titles of page and document. Of a subject, ``url_of`` gives where it stands, and ``watched`` what people watch;
    ``place_of`` where it can be answered, where that is not with what was said. ``more`` is what the cards of these
    entries show besides, by their subjects.
    """

    name: str
    verbs: frozenset[str]
    effects: Callable[[sa.Connection, Wiki, Event], Effects]
    template: str
    said: Callable[[str, str, str, str], str]
    url_of: Callable[[str], str]
    watched: Callable[[str], str]
    more: Callable[[sa.Connection, Wiki, Actor, Sequence[Entry], datetime], Mapping[str, object]] = _nothing
    place_of: Callable[[str, str], str] = lambda _reason, _subject: ""
