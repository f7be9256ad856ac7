"""A suggestion, what is said about it, what somebody asks for, and what is looked for in lists of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kb_server.pages.quotes import Quote
from kb_server.writing.models import Marked, Place, Said

WAITING, MORE, PLANNED, DONE = "waiting", "more", "planned", "done"
NOT_NOW, ASKED, TAKEN_BACK = "notnow", "asked", "back"
STATES = (WAITING, MORE, PLANNED, DONE, NOT_NOW, ASKED, TAKEN_BACK)
OPEN = (WAITING, MORE)
"""States in which there is no answer yet; everywhere, to people and to programs, "open" means these."""
TO_COME = (*OPEN, PLANNED)
"""States in which something is still to come."""

SHOWN, HIDDEN, DELETED = "shown", "hidden", "deleted"

LIAISON, HEAD = "liaison", "head"
"""To whom a late suggestion was passed."""
YES, NO = "yes", "no"
"""Whether it was answered in time."""
OWED = "due"
"""What is asked for besides: all that was answered, or should have been by now."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one team asks of another. ``number`` is its id, shown as "S-12".

    ``from_team`` is "" where the author is in no team. ``since`` is when it came into its ``state``. ``due`` is when an
    answer is due, "" while the clock stands still; ``left`` are the working seconds that are left then, and those that
    were left at ``since`` while it runs. ``in_time`` is "" until it is answered. ``into`` is the number of the one it
    joined, 0 for none, and ``before`` the state it was in then. ``votes`` counts who agrees, also with those that
    joined it. ``version`` grows with what is said of it and with what becomes of it, not with votes, labels or remarks.
    ``mine`` is whether whoever looks agrees; ``wants`` is what the team that was asked needs to know, as HTML, as long
    as it does.
    """

    number: int
    title: str
    body: str
    html: str
    renderer: str
    author: str
    from_team: str
    to_team: str
    created_at: str
    state: str = WAITING
    since: str = ""
    page: str = ""
    section: str = ""
    section_title: str = ""
    quote: Quote | None = None
    build: str = ""
    digest: str = ""
    mentions: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    by_when: str = ""
    due: str = ""
    left: int = 0
    passed: str = ""
    answered_at: str = ""
    in_time: str = ""
    into: int = 0
    before: str = ""
    votes: int = 0
    hidden: bool = False
    version: int = 1
    edited_at: str = ""
    labels: tuple[str, ...] = ()
    sample: bool = False
    mine: bool = False
    wants: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """What people and the log call it."""
        return f"S-{self.number}"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about a suggestion. ``act`` is the act it came with, "" for none."""

    id: str
    number: int
    suggestion: int
    author: str
    body: str
    html: str
    renderer: str
    created_at: str
    act: str = ""
    mentions: Mapping[str, str] = field(default_factory=dict)
    edited_at: str = ""
    version: int = 1
    state: str = SHOWN


@dataclass(frozen=True, slots=True)
class Version:
    """What a suggestion or a remark said before it was edited; a remark has no title."""

    version: int
    body: str
    at: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody asks of a team. Without a ``title`` its first line is one."""

    said: Said
    to_team: str
    from_team: str = ""
    title: str = ""
    place: Place | None = None
    marked: Marked | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An act, and what goes with it.

    ``owner`` is the handle or the id of who does it, ``by_when`` an ISO date, ``into`` the number of what was asked
    already. ``version`` is the suggestion's that was read. ``key`` tells a repeated sending from a second act; a
    ``strict`` one is refused for another. ``applied`` is what is done by applying the change that it carries.
    """

    act: str
    words: str = ""
    owner: str = ""
    by_when: str = ""
    into: int = 0
    version: int = 0
    key: str = ""
    strict: bool = False
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Which suggestions are looked for; what is left empty does not matter.

    ``late`` is the present moment, where only those are wanted whose answer was due before it, and ``owed`` where those
    that were answered are wanted as well; ``since`` is the moment they were asked at the earliest; ``text`` stands
    somewhere in the title. Hidden ones are never found.
    """

    to_team: tuple[str, ...] = ()
    from_team: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    page: str = ""
    label: str = ""
    author: str = ""
    owner: str = ""
    late: str = ""
    owed: str = ""
    in_time: str = ""
    since: str = ""
    text: str = ""


DUE, NEW, VOTES, AGE = "due", "new", "votes", "age"
ORDERS = (DUE, NEW, VOTES, AGE)
"""First due first · latest first · most agreed with first · oldest first."""


@dataclass(frozen=True, slots=True)
class Between:
    """How one team has answered another: of what was asked, in numbers."""

    from_team: str
    to_team: str
    in_time: int
    late: int
    """Answered late, or not yet and due before now."""
    waiting: int
    waiting_late: int
    done: int


def ids_in(suggestions: Iterable[Suggestion], remarks: Iterable[Remark] = ()) -> set[str]:
    """The ids of all who said, do, or are meant by these."""
    asked = {one for this in suggestions for one in (this.author, this.owner, *this.mentions.values())}
    said = {one for this in remarks for one in (this.author, *this.mentions.values())}
    return (asked | said) - {""}
