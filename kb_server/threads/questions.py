"""The answer clock of a question: a team of its page owes an answer until one of its people gives it, or it is settled.

It runs once: who asks on in a conversation that was answered has been answered. Opening it again, or moving it to a
page of another team, begins anew.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb_server import clock
from kb_server.db.schema import Number, Text, metadata
from kb_server.people import storage as people
from kb_server.people.roster import Roster
from kb_server.people.secret import stamp
from kb_server.people.service import teams_of
from kb_server.threads.models import NO, YES, Question, Thread
from kb_server.writing import dues
from kb_server.writing.dues import Owed
from kb_server.writing.models import By, Place

KIND = "question"

questions = sa.Table(
    "questions",
    metadata,
    sa.Column("thread", Text, primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in ("team", "since", "due", "passed", "answered_at", "in_time")),
    sa.Column("left_over", Number, key="left", nullable=False),
)
OF_QUESTION = ("team", "due", "passed", "in_time")


def begin(connection: sa.Connection, by: By, thread: Thread, place: Place) -> str:
    """Let the clock of a question run from now on; gives when an answer is due, "" where nobody owes one."""
    team = receiving(by.roster, place, _asking(connection, by, thread)) if thread.kind == KIND else ""
    if not team:
        return ""
    calendar = by.roster.teams[team].calendar
    due = stamp(clock.due(calendar, by.now, calendar.allowance))
    row = {"thread": thread.id, "team": team, "since": stamp(by.now), "due": due, "left": calendar.allowance}
    connection.execute(_BEGIN, row)
    return due


def said(connection: sa.Connection, by: By, thread: Thread, place: Place) -> dict[str, object]:
    """Somebody has said something: stop the clock if that is the answer; gives what the log tells of the question."""
    if not thread.question or not thread.question.runs:
        return {}
    is_answer = by.actor.id != thread.author and _is_answer(connection, by, thread, place)
    return {"answers": True} if is_answer and stop(connection, thread, by.now) else {"due": thread.question.due}


def stop(connection: sa.Connection, thread: Thread, now: datetime) -> bool:
    """Stop the clock of a question, if it runs; gives whether it did."""
    if not thread.question or not thread.question.runs:
        return False
    in_time = YES if stamp(now) <= thread.question.due else NO
    values = {"answered_at": stamp(now), "in_time": in_time}
    return bool(connection.execute(sa.update(questions).where(_runs(thread.id)).values(values)).rowcount)


def move(connection: sa.Connection, by: By, thread: Thread, to: Place) -> str:
    """It hangs on another page now: where another team owes the answer, its time begins; gives when it is due."""
    if not thread.question or not thread.question.runs:
        return ""
    if receiving(by.roster, to, _asking(connection, by, thread)) == thread.question.team:
        return thread.question.due
    connection.execute(sa.delete(questions).where(_runs(thread.id)))
    return begin(connection, by, thread, to)


def forget(connection: sa.Connection, thread_id: str) -> None:
    """Take a question's clock away with it."""
    connection.execute(sa.delete(questions).where(questions.c.thread == thread_id))


def receiving(roster: Roster, place: Place, asking: Collection[str]) -> str:
    """Which team of a page owes an answer: that of its owner, else the first with somebody who speaks for it.

    The teams that are `asking` owe themselves none, unless there is no other.
    """
    there = [roster.teams[key] for key in place.teams if key in roster.teams]
    teams = [team for team in there if team.id not in asking] or there
    owner = roster.people.get(place.owner)
    owners = [team.id for team in teams if owner and team.id in owner.teams]
    speaking = [team.id for team in teams if team.speakers]
    return next(iter([*owners, *speaking, *(team.id for team in teams)]), "")


def _is_answer(connection: sa.Connection, by: By, thread: Thread, place: Place) -> bool:
    """Whether somebody speaks for those who were asked: the page's owner or its teams, but for the asker's own."""
    theirs = by.actor.teams | by.actor.liaison_of
    is_owner = bool(place.owner) and by.actor.handle == place.owner
    if is_owner or (thread.question and thread.question.team in theirs):
        return True
    of_page = theirs.intersection(place.teams)
    return bool(of_page) and not of_page <= _asking(connection, by, thread)


def _asking(connection: sa.Connection, by: By, thread: Thread) -> frozenset[str]:
    """The teams of whoever asked."""
    if by.actor.id == thread.author:
        return by.actor.teams
    asker = people.person(connection, thread.author)
    return teams_of(asker, people.memberships_of(connection, asker.id), by.roster) if asker else frozenset()


def owed(asked: Question, roster: Roster, now: datetime) -> Owed:
    """How the clock of a question stands that is owed an answer."""
    return dues.owed(roster, asked.team, asked.due, now)


def question(row: dict[str, Any]) -> Question | None:
    """The question in a row of a conversation, whose columns are taken out of it."""
    values = {name: row.pop(f"question_{name}") for name in OF_QUESTION}
    return Question(**values) if values["team"] is not None else None


def _runs(thread_id: str) -> sa.ColumnElement[bool]:
    return (questions.c.thread == thread_id) & (questions.c.answered_at == "")


_BEGIN = sa.text(
    "INSERT INTO questions (thread, team, since, due, left_over, passed, answered_at, in_time) "
    "VALUES (:thread, :team, :since, :due, :left, '', '', '') "
    "ON CONFLICT (thread) DO UPDATE SET team = excluded.team, since = excluded.since, due = excluded.due, "
    "left_over = excluded.left_over, passed = '', answered_at = '', in_time = ''"
)
