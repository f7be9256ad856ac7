"""What somebody typed, made ready: whether it can be taken as it is, what it says, whom it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, replace
from typing import Any, ClassVar, Protocol, TypeVar

import sqlalchemy as sa

from kb_server.errors import Invalid
from kb_server.people import service as people
from kb_server.people.secret import stamp
from kb_server.words import t
from kb_server.writing import markdown
from kb_server.writing.markdown import VERSION, Rendered
from kb_server.writing.models import LONGEST_REASON, MOST_BYTES, By

MOST_MENTIONS = 20
LONGEST_TITLE = 80
TEAM = "team:"
"""What tells a team from a person among those mentioned."""

_LINE_ENDS = re.compile(r"\r\n?")
_UNSEEN = ("Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp")
# Letters and marks by their category, of which nothing is seen all the same.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Saying(Protocol):
    """Something said in the words of one person, who may say it in others later."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def version(self) -> int: ...  # noqa: D102


_Saying = TypeVar("_Saying", bound=Saying)


@dataclass(frozen=True, slots=True)
class Ready:
    """A text that can be taken: as typed, as HTML and plain text, with whom it means by handle."""

    body: str
    made: Rendered
    mentions: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its first line, in short."""
        return first_line(self.made.text)

    @property
    def people(self) -> list[str]:
        """The ids of the people it means."""
        return sorted({one for one in self.mentions.values() if not one.startswith(TEAM)})

    @property
    def teams(self) -> list[str]:
        """The ids of the teams it means."""
        return sorted({one.removeprefix(TEAM) for one in self.mentions.values() if one.startswith(TEAM)})


def ready(connection: sa.Connection, by: By, typed: str) -> Ready:
    """What `by` typed, whom it means found or made. Raises Invalid, saying what is in the way."""
    body = checked(typed)
    mentions = _meant(connection, by, body)
    made = markdown.rendered(body, mentions)
    if not _is_seen(made.text):
        raise Invalid(t("talk.empty"))
    return Ready(body, made, mentions)


def reworded(by: By, before: _Saying, ready: Ready) -> _Saying:
    """What somebody asked for or said, as they say it now."""
    return replace(
        before,
        body=ready.body,
        html=ready.made.html,
        renderer=VERSION,
        mentions=ready.mentions,
        version=before.version + 1,
        edited_at=stamp(by.now),
    )


def preview(by: By, typed: str) -> Ready:
    """What `by` typed, as it would be shown; nothing is written. Raises Invalid."""
    body = checked(typed)
    roster = by.roster
    known = {name: _in_roster(by, name) for name in markdown.handles(body) if name in {*roster.people, *roster.teams}}
    return Ready(body, markdown.rendered(body, known), known)


def checked(typed: str) -> str:
    """A text with plain line ends. Raises Invalid when it is empty, too long, or has signs nobody could see."""
    body = _LINE_ENDS.sub("\n", typed).strip("\n ")
    if not _is_seen(body):
        raise Invalid(t("talk.empty"))
    if (bad := _FORBIDDEN.search(body)) is not None:
        raise Invalid(t("talk.unseen", code=f"U+{ord(bad[0]):04X}", line=str(body.count("\n", 0, bad.start()) + 1)))
    if (size := len(body.encode())) > MOST_BYTES:
        raise Invalid(t("talk.too_long", most=MOST_BYTES, count=size))
    return body


def reason(typed: str, *, needed: bool = True) -> str:
    """A reason on one line. Raises Invalid when it is too long, has signs nobody could see, or is missing."""
    said = line(typed)
    if said == "" and needed:
        raise Invalid(t("talk.no_reason"))
    if said is None or len(said) > LONGEST_REASON:
        raise Invalid(t("talk.bad_reason", most=LONGEST_REASON))
    return said


def line(typed: str) -> str | None:
    """What was typed as one line, "" where nothing of it can be seen; None where a sign in it must not be there."""
    said = " ".join(_LINE_ENDS.sub("\n", typed).split())
    if not _is_seen(said):
        return ""
    return None if _FORBIDDEN.search(said) else said


def first_line(text: str) -> str:
    """The first line of a text, of at most `LONGEST_TITLE` characters, cut between words where it can be."""
    line = next(iter(text.splitlines()), "")
    if len(line) <= LONGEST_TITLE:
        return line
    head = line[: LONGEST_TITLE - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:.") + "…"


def _is_seen(text: str) -> bool:
    return any(unicodedata.category(sign) not in _UNSEEN and not _BLANK.match(sign) for sign in text)


def _meant(connection: sa.Connection, by: By, body: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in markdown.handles(body):
        if name in by.roster.people:
            found[name] = people.person_for(connection, name, by.roster, by.now).id
        elif name in by.roster.teams:
            found[name] = TEAM + name
        if len(found) > MOST_MENTIONS:
            raise Invalid(t("talk.many_mentions", most=MOST_MENTIONS))
    return found


def _in_roster(by: By, name: str) -> str:
    return name if name in by.roster.people else TEAM + name
