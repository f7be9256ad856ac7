"""A definition as the teams see it: its wordings, what each team says of one, and the versions that were agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

State = Literal["notyet", "agreed", "wording", "differ"]
"""As in the catalogue of words. That of a page without a server, "unchecked", is none of ours to claim."""

Says = Literal["agree", "notyet", "back"]
"""What somebody says for a team: that it agrees, that it does not yet, that it takes its agreement back."""
AGREE: Says = "agree"
NOT_YET: Says = "notyet"
BACK: Says = "back"

AGREED, WORDING_ONLY, RENEWED = "agreed", "wording", "renewed"
"""How a text came into force, or stayed there: every team agreed to it; it was declared to say the same and nobody
objected; every team looked at it afresh, with the examples of that day."""

LONGEST_OWN = 4_000
"""Characters of the text a team would rather have."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the served build says of a definition: which text binds (by its digest), and whom it concerns.

    ``review`` is the day from which it is due for a fresh look, ``owner`` the handle of who sees to the page.
    ``formers`` are, by team, the teams that have become it. ``examples`` are the digests of the examples and
    counter-examples that stand on the page.
    """

    page: str
    digest: str
    teams: tuple[str, ...]
    review: date | None = None
    formers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of a definition as it was first published: its Markdown, HTML and plain words, and how it came about.

    ``person`` is the id of who brought it in, "" where nobody knows; ``why`` is what they said of it in the commit.
    ``rendered`` is the content of which the digest was taken, and ``leads`` where that led (JSON): by these it can be
    taken again.
    """

    page: str
    digest: str
    source: str
    html: str
    text: str
    build: str
    at: str
    commit: str = ""
    person: str = ""
    why: str = ""
    rendered: str = ""
    leads: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said for a team of one wording. ``own`` is the text that team would rather have, or "".

    ``number`` grows with everything that is said or comes into force, so that of two the later one is known whatever
    the clocks say.
    """

    number: int
    page: str
    team: str
    digest: str
    person: str
    at: str
    says: Says
    reason: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A text that is or was in force. ``version`` is what people call it: one that only reads otherwise keeps it.

    ``examples`` are the digests of the examples that stood beside it, parted by spaces: others were added since.
    """

    number: int
    page: str
    version: int
    digest: str
    at: str
    how: str = AGREED
    examples: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """That ``new`` says the same as ``old`` in other words. It holds from ``until`` on, unless somebody objects."""

    number: int
    page: str
    old: str
    new: str
    person: str
    at: str
    until: str
    objected_by: str = ""
    objected_at: str = ""


@dataclass(frozen=True, slots=True)
class TeamSays:
    """What a team says of the wording that counts now; ``says`` is "" where it has not answered."""

    team: str
    says: Says | Literal[""] = ""
    number: int = 0
    person: str = ""
    at: str = ""
    reason: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """Everything that was ever said of a definition and came into force, each in the order it happened.

    ``proposers`` are the ids of the people who brought its wordings in, by digest, as far as they are known.
    """

    answers: tuple[Answer, ...] = ()
    versions: tuple[Version, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    proposers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Announced:
    """What was last told of how a definition stands; ``due`` is 1 where it is due for a fresh look."""

    page: str
    state: State
    digest: str
    version: int
    due: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a definition stands.

    ``force`` is the version in force, or None, and ``since`` the time since which it is, however it read at first;
    ``is_current`` whether the build's text is that version's. ``teams`` say what they say of the build's text, ``kept``
    of the one in force where that is another. ``pending`` is a declaration that may still be objected to. ``alone`` is
    who proposed it, where all teams agree but through nobody else; else "".
    """

    state: State
    force: Version | None
    is_current: bool
    teams: tuple[TeamSays, ...]
    kept: tuple[TeamSays, ...] = ()
    pending: Declaration | None = None
    alone: str = ""
    is_due: bool = False
    since: str = ""

    @property
    def is_apart(self) -> bool:
        """Whether some team would rather have a text of its own."""
        return self.state == "differ"

    @property
    def is_complete(self) -> bool:
        """Whether every team agrees to the build's text, and not by its proposer alone."""
        return bool(self.teams) and not self.alone and all(one.says == AGREE for one in self.teams)

    @property
    def missing(self) -> tuple[str, ...]:
        """The teams that have not answered."""
        return tuple(one.team for one in self.teams if not one.says)
