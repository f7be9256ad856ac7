"""What a change would bring about, a list for each kind of thing that people rely on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kb_server.links.models import Broken, Move

Comes = Literal["closes", "reopens", "asks", "unknown"]
"""A suggestion ends, is open again, is asked about, or there is none of this number."""
Meaning = Literal["new", "reworded", "teams", "removed"]


@dataclass(frozen=True, slots=True)
class Closing:
    """What comes of a suggestion, by which commit, "" for the title of the pull request.

    ``title`` is that of the suggestion, "" where no store could be asked.
    """

    number: int
    what: Comes
    commit: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A definition that says something else, or concerns others.

    ``teams`` are the ids of those whose word is wanted then. ``declared``: a commit says that it means the same;
    ``against`` is what stands against that, in words. ``before`` and ``after`` are how it stands, as in
    `definitions.models.State`, "" where no store could be asked. ``asks``: pages that use it are to be checked, once
    it is agreed.
    """

    page: str
    title: str
    what: Meaning
    teams: tuple[str, ...] = ()
    declared: bool = False
    against: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation whose passage is another then. ``fate`` is as in `threads.models.Thread`, ``was`` the one now.

    One about a section or a page is ``gone`` with that, and ``moved`` with another heading. ``page`` is the title of
    the page it hangs at then, or did last; ``before`` and ``now`` are the passage, "" where it is about no words.
    """

    thread: str
    title: str
    page: str
    was: str
    fate: str
    before: str
    now: str
    state: str


@dataclass(frozen=True, slots=True)
class Use:
    """A page that uses definitions which mean something else then, by their titles."""

    page: str
    title: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """All that a change would do. ``unseen`` says in sentences what could not be looked at."""

    base: str
    head: str
    closings: tuple[Closing, ...] = ()
    terms: tuple[Term, ...] = ()
    broken: tuple[Broken, ...] = ()
    moved: tuple[Move, ...] = ()
    talks: tuple[Talk, ...] = ()
    uses: tuple[Use, ...] = ()
    unseen: tuple[str, ...] = field(default=())
