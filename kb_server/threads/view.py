"""What conversations look like to somebody, ready for the templates: names, addresses, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa
from markupsafe import Markup

from kb_server.people import absences
from kb_server.people.models import Actor
from kb_server.people.permissions import may
from kb_server.people.roster import Roster, Team
from kb_server.threads import questions, reading
from kb_server.threads.became import Became, became
from kb_server.threads.models import DELETED, OPEN, SETTLED, SHOWN, Comment, Thread, ids_in
from kb_server.words import listed
from kb_server.writing import markdown
from kb_server.writing.dues import Owed
from kb_server.writing.models import Place
from kb_server.writing.names import Names, Who
from kb_server.writing.text import TEAM, Ready

PER_PAGE = 20  # conversations
AT_ONCE = 50  # comments of a conversation


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, by which teams file, and when."""

    actor: Actor
    roster: Roster
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as it is shown. ``answers_for`` is the team whose answer it is, if it is one."""

    id: str
    thread: str
    who: Who
    at: str
    html: Markup
    answers_for: Team | None
    agrees: int
    mine: bool
    is_own: bool
    is_gone: bool
    is_edited: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as it is shown; ``more`` counts what is left after the one with the number ``last``."""

    thread: Thread
    remarks: Sequence[Remark]
    last: int
    more: int
    settled_by: str
    may_settle: bool
    may_move: bool
    may_say: bool
    may_attach: bool
    became: Became | None = None
    owed: Owed | None = None


@dataclass(frozen=True, slots=True)
class Talks:
    """What is said on a page, a part of it at a time: ``older`` is the number to go on from, 0 at the end.

    ``older_settled`` is the same for those that are settled. Where nothing is said, ``owner`` is the name of whoever
    sees to the page, and ``deputies`` are the names of those who stand in while that person is away.
    """

    place: Place
    open: Sequence[Talk]
    settled: Sequence[Talk]
    older: int
    older_settled: int = 0
    owner: str = ""
    deputies: str = ""


def on_page(
    connection: sa.Connection, viewer: Viewer, place: Place, *, before: int = 0, settled_before: int = 0
) -> Talks:
    """The page's conversations, the latest first; settled ones by their titles. Five queries at most, however many.

    From a number on either the open ones are given, or those that are settled.
    """
    shown, older = ([], 0) if settled_before else _some(connection, place, OPEN, before)
    settled, older_settled = ([], 0) if before else _some(connection, place, SETTLED, settled_before)
    said = reading.comments_of(connection, [thread.id for thread in shown], viewer.actor.id, AT_ONCE) if shown else []
    if not shown and not settled:
        return Talks(place, [], [], 0, 0, *_who_sees_to(connection, viewer, place))
    people = {thread.settled_by for thread in settled} | {thread.author for thread in shown} | ids_in(said)
    names = Names(connection, people, viewer.roster)
    other = became(connection, shown)
    return Talks(
        place,
        [_talk(viewer, thread, place, _of(thread, said), names, other.get(thread.id)) for thread in shown],
        [_talk(viewer, thread, place, [], names) for thread in settled],
        older,
        older_settled,
    )


def _who_sees_to(connection: sa.Connection, viewer: Viewer, place: Place) -> tuple[str, str]:
    """The name of a page's owner, and the names of those who stand in for them just now."""
    people = viewer.roster.people
    if place.owner not in people:
        return "", ""
    there = absences.standing_in(connection, viewer.roster, [place.owner], viewer.now, place.teams)
    deputies = [people[handle].name for handle in there if handle != place.owner]
    return people[place.owner].name, listed(deputies) if deputies else ""


def _some(connection: sa.Connection, place: Place, state: str, before: int) -> tuple[list[Thread], int]:
    found = reading.threads_on(connection, place.page, state, before=before, most=PER_PAGE + 1)
    return found[:PER_PAGE], found[PER_PAGE - 1].number if len(found) > PER_PAGE else 0


def one(connection: sa.Connection, viewer: Viewer, thread: Thread, place: Place, *, after: int = 0) -> tuple[Talk, int]:
    """A conversation, a part of it at a time, and the number to go on from, 0 at the end."""
    found = reading.comments_after(connection, thread.id, viewer.actor.id, after=after, most=AT_ONCE + 1)
    said, on = found[:AT_ONCE], found[AT_ONCE - 1].number if len(found) > AT_ONCE else 0
    names = Names(connection, ids_in(said) | {thread.author, thread.settled_by}, viewer.roster)
    return _talk(viewer, thread, place, said, names, became(connection, [thread]).get(thread.id)), on


def remark(viewer: Viewer, thread: Thread, comment: Comment, place: Place, names: Names) -> Remark:
    """A comment as it is shown."""
    who = names.who(comment.author)
    return Remark(
        id=comment.id,
        thread=thread.id,
        who=who,
        at=comment.created_at,
        html=markdown.named(_html(comment), names.name),
        answers_for=_answers_for(thread, comment, place, names),
        agrees=comment.agrees,
        mine=comment.mine,
        is_own=bool(viewer.actor.id) and comment.author == viewer.actor.id,
        is_gone=comment.state == DELETED,
        is_edited=bool(comment.edited_at),
    )


def rights(actor: Actor, comment: Comment, place: Place) -> dict[str, bool]:
    """What somebody may do with a comment."""
    thing, shown = place.thing(comment.author), comment.state == SHOWN
    found = {name: shown and may(actor, f"comment.{name}", thing) for name in ("edit", "delete", "flag")}
    return found | {"hide": may(actor, "comment.hide", thing)}


def previewed(ready: Ready, roster: Roster) -> Markup:
    """How a text will look."""
    names = {handle: one.name for handle, one in roster.people.items()}
    names |= {TEAM + key: team.name for key, team in roster.teams.items()}
    return markdown.named(ready.made.html, lambda one: names.get(one, one))


def _talk(  # noqa: PLR0913, PLR0917  -- all that is shown of one
    viewer: Viewer, thread: Thread, place: Place, said: Sequence[Comment], names: Names, other: Became | None = None
) -> Talk:
    thing = place.thing(thread.author)
    visible = [comment for comment in said if comment.state != DELETED or len(said) > 1]
    return Talk(
        thread,
        [remark(viewer, thread, comment, place, names) for comment in visible],
        said[-1].number if said else 0,
        max(0, thread.shown - sum(comment.state != DELETED for comment in said)),
        names.name(thread.settled_by) if thread.settled_by else "",
        may(viewer.actor, "thread.settle" if thread.state == OPEN else "thread.reopen", thing),
        may(viewer.actor, "thread.move", thing),
        viewer.actor.id == "" or may(viewer.actor, "comment.post", thing),
        thread.quote is not None and may(viewer.actor, "thread.attach", thing),
        other,
        _owed(viewer, thread),
    )


def _owed(viewer: Viewer, thread: Thread) -> Owed | None:
    """How the clock stands while an answer is owed."""
    runs = thread.state == OPEN and thread.question and thread.question.runs
    return questions.owed(thread.question, viewer.roster, viewer.now) if runs and thread.question else None


def _of(thread: Thread, said: Iterable[Comment]) -> list[Comment]:
    return [comment for comment in said if comment.thread == thread.id]


def _html(comment: Comment) -> str:
    """What is stored, or rendered anew where an older version of the program rendered it."""
    if comment.renderer == markdown.VERSION or comment.state == DELETED:
        return comment.html
    return markdown.rendered(comment.body, comment.mentions).html


def _answers_for(thread: Thread, comment: Comment, place: Place, names: Names) -> Team | None:
    """The team of the page for which somebody answers whoever asked; nobody answers their own team."""
    if comment.author == thread.author:
        return None
    asking = {team.id for team in names.who(thread.author).teams}
    teams = names.who(comment.author).teams
    return next((team for team in teams if team.id in place.teams and team.id not in asking), None)
