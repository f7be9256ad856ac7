"""The one table of what may become of a suggestion: who, from which state, to which, and what must be said with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb_server.people.models import Actor
from kb_server.people.permissions import Thing, may
from kb_server.suggestions.models import ASKED, DONE, MORE, NOT_NOW, PLANNED, TAKEN_BACK, WAITING, Suggestion

ANSWERING, ASKING, AUTHOR = "suggestion.answer", "suggestion.go_on", "suggestion.own"
"""By which right somebody acts: for the team that was asked, for the one that asks, or as who asked."""
DELIVERING = "suggestion.deliver"
"""The right of a build that is published, by its commits."""

BEFORE = "before"
"""The state it was in before it joined another."""

PLAN, DECLINE, ASK, JOIN, PART = "plan", "decline", "ask", "join", "part"
TELL, FINISH, REOPEN, BACK = "tell", "finish", "reopen", "back"
DELIVER, UNDO = "deliver", "undo"


@dataclass(frozen=True, slots=True)
class Row:
    """That any of ``who`` may bring a suggestion from one of the states ``of`` to the state ``to``.

    ``needs`` are the fields of `Given` without which they may not. ``verb`` is what the log says of it.
    """

    act: str
    who: tuple[str, ...]
    of: tuple[str, ...]
    to: str
    verb: str
    needs: tuple[str, ...] = ()


TABLE = (
    Row(PLAN, (ANSWERING,), (WAITING, MORE, NOT_NOW, PLANNED), PLANNED, "planned", ("owner", "by_when")),
    Row(DECLINE, (ANSWERING,), (WAITING, MORE, PLANNED), NOT_NOW, "declined", ("words",)),
    Row(ASK, (ANSWERING,), (WAITING,), MORE, "asked_more", ("words",)),
    Row(JOIN, (ANSWERING,), (WAITING, MORE, PLANNED, NOT_NOW), ASKED, "joined", ("into",)),
    Row(PART, (ANSWERING, AUTHOR), (ASKED,), BEFORE, "parted"),
    Row(TELL, (ASKING,), (MORE,), WAITING, "told_more", ("words",)),
    Row(FINISH, (ANSWERING,), (WAITING, MORE, PLANNED), DONE, "finished"),
    Row(REOPEN, (ASKING, ANSWERING), (DONE, NOT_NOW), WAITING, "reopened", ("words",)),
    Row(REOPEN, (AUTHOR,), (TAKEN_BACK,), WAITING, "reopened", ("words",)),
    Row(BACK, (AUTHOR,), (WAITING, MORE, PLANNED), TAKEN_BACK, "taken_back"),
    Row(DELIVER, (DELIVERING,), (WAITING, MORE, PLANNED, NOT_NOW), DONE, "finished"),
    Row(UNDO, (DELIVERING,), (DONE,), WAITING, "reopened"),
)
ACTS = tuple(dict.fromkeys(row.act for row in TABLE))


def rows(act: str) -> Iterator[Row]:
    """What the table says of an act."""
    return (row for row in TABLE if row.act == act)


def is_open(row: Row, actor: Actor, suggestion: Suggestion) -> bool:
    """Whether this row is open to somebody, with a suggestion as it is now."""
    return not suggestion.hidden and suggestion.state in row.of and has_right(row, actor, suggestion)


def has_right(row: Row, actor: Actor, suggestion: Suggestion) -> bool:
    """Whether somebody is one of those whom this row is about, whatever the state."""
    return any(may(actor, right, thing(right, suggestion)) for right in row.who)


def thing(right: str, suggestion: Suggestion) -> Thing:
    """What decides who has a right: answering lies with the team that was asked, going on with the one that asks."""
    team = suggestion.from_team if right == ASKING else suggestion.to_team
    return Thing(suggestion.author, teams=(team,) if team else ())


def may_act(actor: Actor, suggestion: Suggestion) -> tuple[str, ...]:
    """The acts that are open to this person now, in the table's order."""
    return tuple(dict.fromkeys(row.act for row in TABLE if is_open(row, actor, suggestion)))
