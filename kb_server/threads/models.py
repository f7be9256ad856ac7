"""A conversation, what is said in it, and where it hangs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kb_server.pages.quotes import Quote
from kb_server.writing.models import Marked, Place

KINDS = ("wrong", "question", "idea")

OPEN, SETTLED = "open", "settled"
SHOWN, HIDDEN, DELETED = "shown", "hidden", "deleted"


YES, NO = "yes", "no"
"""Whether a question was answered in time."""


@dataclass(frozen=True, slots=True)
class Question:
    """That a ``team`` owes an answer by ``due``; ``in_time`` is "" until there is one.

    ``passed`` is to whom it was passed when it was late: "", "liaison" or "head".
    """

    team: str
    due: str
    passed: str = ""
    in_time: str = ""

    @property
    def runs(self) -> bool:
        """Whether the answer is still owed."""
        return not self.in_time


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
    question: Question | None = None


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
class Topic:
    """What a new conversation is about."""

    place: Place
    kind: str
    passage: Marked | None = None


def ids_in(comments: Iterable[Comment]) -> set[str]:
    """The ids of all who said or are meant by these comments."""
    return {one for comment in comments for one in (comment.author, *comment.mentions.values())}
