"""What is asked of the tables of conversations. Nothing here grows with what is not shown: each is one query."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kb_server.db.prepared import Prepared
from kb_server.pages.quotes import Quote
from kb_server.people.samples import is_sample
from kb_server.threads.models import DELETED, HIDDEN, OPEN, SETTLED, SHOWN, Comment, Question, Thread, Version
from kb_server.threads.questions import OF_QUESTION, question, questions
from kb_server.threads.storage import comments, flags, reactions, threads, versions

_THREAD = sa.select(
    threads,
    is_sample(threads.c.id).label("sample"),
    *(questions.c[name].label(f"question_{name}") for name in OF_QUESTION),
).outerjoin(questions, questions.c.thread == threads.c.id)
_AGREES = (
    sa.select(sa.func.count()).select_from(reactions).where(reactions.c.comment == comments.c.id).scalar_subquery()
)
_MINE = (
    sa.select(sa.func.count())
    .select_from(reactions)
    .where((reactions.c.comment == comments.c.id) & (reactions.c.person_id == sa.bindparam("viewer")))
    .scalar_subquery()
)
_COMMENT = sa.select(comments, _AGREES.label("agrees"), _MINE.label("mine"))
_VISIBLE = comments.c.state != HIDDEN
LAST = (1 << 63) - 1
"""Greater than any number."""

# Statements that every reader asks are made once: making one takes longer than answering it.
_STANDING = sa.text(
    "SELECT (SELECT value FROM counters WHERE name = :page), (SELECT value FROM counters WHERE name = 'people'), "
    "(SELECT value FROM meta WHERE key = 'instance')"
)
_ONE_THREAD = Prepared(_THREAD.where(threads.c.id == sa.bindparam("id")))
_ONE_COMMENT = _COMMENT.where(comments.c.id == sa.bindparam("id"))
_ON_PAGE = (
    _THREAD.where(
        (threads.c.page == sa.bindparam("page"))
        & (threads.c.state == sa.bindparam("state"))
        & (threads.c.shown > 0)
        & (threads.c.number < sa.bindparam("before"))
    )
    .order_by(threads.c.number.desc())
    .limit(sa.bindparam("most"))
)
_OF_THREAD = (
    _COMMENT.where((comments.c.thread == sa.bindparam("id")) & (comments.c.number > sa.bindparam("after")) & _VISIBLE)
    .order_by(comments.c.number)
    .limit(sa.bindparam("most"))
)
_PLACES = (
    sa.select(
        comments.c.id,
        sa.func.row_number().over(partition_by=comments.c.thread, order_by=comments.c.number).label("place"),
    )
    .where(comments.c.thread.in_(sa.bindparam("ids", expanding=True)) & _VISIBLE)
    .subquery()
)
_OF_THREADS = (
    _COMMENT.join(_PLACES, _PLACES.c.id == comments.c.id)
    .where(_PLACES.c.place <= sa.bindparam("most"))
    .order_by(comments.c.number)
)


def standing(connection: sa.Connection, page: str) -> tuple[object, ...]:
    """What tells how things stand on a page.

    A number that changes with what is said there, one that changes with what people are called, and which store this
    is: one that was restored counts from an earlier number on.
    """
    return tuple(connection.execute(_STANDING, {"page": f"talk:{page}"}).one())


def thread(connection: sa.Connection, thread_id: str) -> Thread | None:
    """The conversation with this id."""
    row = _ONE_THREAD.mapping(connection, id=thread_id)
    return _thread(row) if row else None


def threads_on(connection: sa.Connection, page: str, state: str, *, before: int = 0, most: int = 50) -> list[Thread]:
    """The page's conversations in this state that have something to read, the latest first; `before` is a number."""
    wanted = {"page": page, "state": state, "before": before or LAST, "most": most}
    return [_thread(row) for row in connection.execute(_ON_PAGE, wanted).mappings()]


def threads_in_sections(connection: sa.Connection) -> list[Thread]:
    """All conversations about a passage or a section, whatever became of it or of them."""
    query = _THREAD.where((threads.c.exact != "") | (threads.c.section != "")).order_by(threads.c.number)
    return [_thread(row) for row in connection.execute(query).mappings()]


def threads_about(connection: sa.Connection, pages: Iterable[str]) -> list[Thread]:
    """All conversations about these pages as a whole."""
    is_whole = (threads.c.exact == "") & (threads.c.section == "") & threads.c.page.in_(sorted(set(pages)))
    return [_thread(row) for row in connection.execute(_THREAD.where(is_whole)).mappings()]


def comments_of(connection: sa.Connection, thread_ids: Iterable[str], viewer: str, most: int) -> list[Comment]:
    """The first `most` comments of each of these conversations in the order they were said, without hidden ones."""
    wanted = {"viewer": viewer, "ids": list(thread_ids), "most": most}
    return [_comment(row) for row in connection.execute(_OF_THREADS, wanted).mappings()]


def comments_after(connection: sa.Connection, thread_id: str, viewer: str, *, after: int, most: int) -> list[Comment]:
    """The next `most` comments of a conversation after a number; hidden ones are left out."""
    wanted = {"viewer": viewer, "id": thread_id, "after": after, "most": most}
    return [_comment(row) for row in connection.execute(_OF_THREAD, wanted).mappings()]


def comment(connection: sa.Connection, comment_id: str, viewer: str = "") -> Comment | None:
    """The comment with this id, in whatever state."""
    row = connection.execute(_ONE_COMMENT, {"id": comment_id, "viewer": viewer}).mappings().one_or_none()
    return _comment(row) if row else None


def first_comment(connection: sa.Connection, thread_id: str) -> str:
    """The id of what a conversation began with."""
    query = sa.select(comments.c.id).where(comments.c.thread == thread_id).order_by(comments.c.number).limit(1)
    return connection.scalar(query) or ""


def questions_in(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Question]:
    """The questions among these conversations that are open and still owed an answer."""
    query = _THREAD.where(threads.c.id.in_(sorted(set(ids))) & (threads.c.state == OPEN))
    found = [_thread(row) for row in connection.execute(query).mappings()]
    return {one.id: one.question for one in found if one.question and one.question.runs}


def titles_of(connection: sa.Connection, ids: Iterable[str]) -> dict[str, str]:
    """What these conversations are called."""
    rows = connection.execute(sa.select(threads.c.id, threads.c.title).where(threads.c.id.in_(sorted(set(ids)))))
    return {row.id: row.title for row in rows}


def logged_as(*, thread: str = "", page: str = "") -> sa.CompoundSelect[tuple[str]]:
    """By what ids the log speaks of a conversation, or of all on a page, and of what in them everybody may read."""
    which = threads.c.id == thread if thread else threads.c.page == page
    ids = sa.select(threads.c.id).where(which & (threads.c.shown > 0))
    return sa.union_all(ids, sa.select(comments.c.id).where(comments.c.thread.in_(ids) & _VISIBLE))


def shown_comments(connection: sa.Connection, thread_id: str) -> list[Comment]:
    """All of a conversation that everybody may read."""
    here = (comments.c.thread == thread_id) & (comments.c.state == SHOWN)
    rows = connection.execute(_COMMENT.where(here).order_by(comments.c.number), {"viewer": ""}).mappings()
    return [_comment(row) for row in rows]


def said_by(connection: sa.Connection, person_id: str) -> list[Comment]:
    """All that somebody said and has not taken back, in the order they said it."""
    theirs = (comments.c.author == person_id) & (comments.c.state != DELETED)
    rows = connection.execute(_COMMENT.where(theirs).order_by(comments.c.number), {"viewer": person_id}).mappings()
    return [_comment(row) for row in rows]


def mentioning(connection: sa.Connection, person_id: str) -> list[Comment]:
    """All comments that mean somebody."""
    rows = connection.execute(
        _COMMENT.where(_place_in(connection, comments.c.mentions, f'"{person_id}"') > 0).order_by(comments.c.number),
        {"viewer": ""},
    ).mappings()
    return [_comment(row) for row in rows]


def reactions_of(connection: sa.Connection, person_id: str) -> Sequence[sa.RowMapping]:
    """The comments somebody agrees with, and since when."""
    query = sa.select(reactions.c.comment, reactions.c.at).where(reactions.c.person_id == person_id)
    return connection.execute(query.order_by(reactions.c.at, reactions.c.comment)).mappings().all()


def flags_of(connection: sa.Connection, person_id: str) -> Sequence[sa.RowMapping]:
    """The comments somebody flagged, and why."""
    query = sa.select(flags.c.comment, flags.c.reason, flags.c.at).where(flags.c.person_id == person_id)
    return connection.execute(query.order_by(flags.c.at, flags.c.comment)).mappings().all()


def versions_of(connection: sa.Connection, comment_id: str) -> list[Version]:
    """What a comment said before, the latest first."""
    query = sa.select(versions).where(versions.c.comment == comment_id).order_by(versions.c.version.desc())
    return [Version(row.version, row.body, row.at) for row in connection.execute(query)]


def versions_naming(connection: sa.Connection, handle: str) -> list[tuple[str, Version]]:
    """What comments said before in which somebody's handle may stand, with the comments' ids."""
    named = _place_in(connection, sa.func.lower(versions.c.body), f"@{handle}") > 0
    rows = connection.execute(sa.select(versions).where(named))
    return [(row.comment, Version(row.version, row.body, row.at)) for row in rows]


def settled_by(connection: sa.Connection, person_id: str) -> list[Thread]:
    """The conversations somebody has settled."""
    rows = connection.execute(_THREAD.where(threads.c.settled_by == person_id).order_by(threads.c.number))
    return [_thread(row) for row in rows.mappings()]


def flagged(connection: sa.Connection, most: int) -> Sequence[sa.RowMapping]:
    """What somebody objects to and nobody has seen to yet, the oldest first."""
    query = (
        sa.select(flags.c.comment, flags.c.person_id, flags.c.reason, flags.c.at, comments.c.thread, comments.c.author)
        .join(comments, comments.c.id == flags.c.comment)
        .where((flags.c.open == 1) & (comments.c.state == SHOWN))
        .order_by(flags.c.at)
        .limit(most)
    )
    return connection.execute(query).mappings().all()


def samples(connection: sa.Connection) -> list[Thread]:
    """All conversations that are made up for a first visitor."""
    query = _THREAD.where(is_sample(threads.c.id)).order_by(threads.c.number)
    return [_thread(row) for row in connection.execute(query).mappings()]


def comments_in(connection: sa.Connection, thread_id: str) -> list[Comment]:
    """All of a conversation, in whatever state."""
    query = _COMMENT.where(comments.c.thread == thread_id).order_by(comments.c.number)
    return [_comment(row) for row in connection.execute(query, {"viewer": ""}).mappings()]


def is_written_in(connection: sa.Connection, made_up: Thread, reasons: Collection[str]) -> bool:
    """Whether there is a word in a made-up conversation that somebody has really written, and not taken back.

    Something said or edited, how it was settled (none of the `reasons` made up), or why something was flagged.
    """
    here, words = comments.c.thread == made_up.id, comments.c.state != DELETED
    said = sa.select(comments.c.id).where(here & words & (~is_sample(comments.c.id) | (comments.c.version > 1)))
    objected = sa.select(flags.c.comment).join(comments, comments.c.id == flags.c.comment)
    is_said = sa.exists(said) | sa.exists(objected.where(here & (flags.c.reason != "")))
    is_settled = made_up.state == SETTLED and made_up.reason not in reasons
    return is_settled or bool(connection.scalar(sa.select(is_said)))


def asked_by(connection: sa.Connection, person_id: str, pages: Collection[str]) -> str:
    """When somebody first began a conversation on one of these pages that is not made up; "" if never."""
    real = threads.c.page.in_(sorted(pages)) & (threads.c.author == person_id) & ~is_sample(threads.c.id)
    return connection.scalar(sa.select(sa.func.min(threads.c.created_at)).where(real)) or ""


def answered_by(connection: sa.Connection, asker_id: str, pages: Collection[str], person_id: str) -> str:
    """When somebody first answered such a conversation of the asker's; "" if never."""
    asked = threads.c.page.in_(sorted(pages)) & (threads.c.author == asker_id) & ~is_sample(threads.c.id)
    answers = sa.select(sa.func.min(comments.c.created_at)).join(threads, threads.c.id == comments.c.thread)
    return connection.scalar(answers.where(asked & (comments.c.author == person_id))) or ""


def _place_in(connection: sa.Connection, column: sa.ColumnElement[str], text: str) -> sa.Function[int]:
    """Where `text` begins in a column, letter by letter; 0 if it is not there."""
    return (sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos)(column, text)


def _thread(row: Mapping[Any, Any]) -> Thread:
    values: dict[str, Any] = dict(row)
    exact, prefix, suffix, position = (values.pop(name) for name in ("exact", "prefix", "suffix", "position"))
    values["sample"] = bool(values["sample"])
    asked = question(values)
    return Thread(**values, question=asked, quote=Quote(exact, prefix, suffix, position) if exact else None)


def _comment(row: sa.RowMapping) -> Comment:
    mentions = json.loads(row["mentions"]) if row["mentions"] != "{}" else {}
    return Comment(**{**row, "mentions": mentions, "mine": bool(row["mine"])})
