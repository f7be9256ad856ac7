"""What is asked of the tables of suggestions. However long a list is, it takes the same number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from kb_server.db.lists import numbered
from kb_server.suggestions import history as past
from kb_server.suggestions import rows, tallies
from kb_server.suggestions.models import AGE, DUE, HIDDEN, NEW, SHOWN, VOTES, WAITING, Filter, Remark, Suggestion
from kb_server.suggestions.rows import ONE, asked, complete, completed, said, tree, votes
from kb_server.suggestions.storage import CHANGED

counts, tally, on_page = tallies.counts, tallies.tally, tallies.on_page
between = tallies.between
history, versions_of, remark_versions_of = past.history, past.versions_of, past.remark_versions_of

_LAST_DUE = sa.case((asked.c.due == "", "~"), else_=asked.c.due)
_ORDER: dict[str, tuple[sa.ColumnElement[Any], bool]] = {
    DUE: (_LAST_DUE, True),
    NEW: (asked.c.number, False),
    VOTES: (asked.c.votes, False),
    AGE: (asked.c.number, True),
}
"""By what a list is ordered, and whether that grows; the number decides between equals."""
_BY_NUMBER = ONE.where(numbered(asked.c.number, "numbers")).order_by(asked.c.number)
_THOSE = tree()
_BELOW = sa.select(_THOSE.c.number).order_by(_THOSE.c.number)


def _voters() -> sa.Subquery:
    """Who agrees with a suggestion or with one that joined it, or asked for one that did; but not who asked for it."""
    of: sa.BindParameter[int] = sa.bindparam("of")
    agreed = sa.select(votes.c.person_id.label("person"), votes.c.at).join(
        _THOSE, _THOSE.c.number == votes.c.suggestion
    )
    joined = sa.select(asked.c.author, asked.c.created_at).join(_THOSE, _THOSE.c.number == asked.c.number)
    whoever = sa.union_all(agreed, joined).subquery()
    author = sa.select(asked.c.author).where(asked.c.number == of).scalar_subquery()
    first = sa.select(whoever.c.person, sa.func.min(whoever.c.at).label("at")).where(whoever.c.person != author)
    return first.group_by(whoever.c.person).subquery()


_WHO = _voters()
_FIRST_VOTERS = sa.select(_WHO.c.person).order_by(_WHO.c.at, _WHO.c.person).limit(sa.bindparam("most"))
_COUNT_VOTERS = sa.select(sa.func.count()).select_from(_WHO)
_STANDING = sa.text(
    "SELECT (SELECT value FROM counters WHERE name = :changed), (SELECT value FROM counters WHERE name = 'people'), "
    "(SELECT value FROM meta WHERE key = 'instance')"
)


def standing(connection: sa.Connection) -> tuple[object, ...]:
    """What tells how suggestions stand: a number that changes with them, one with people's names, and which store."""
    return tuple(connection.execute(_STANDING, {"changed": CHANGED}).one())


# ── Suggestions ───────────────────────────────────────────────────────────


def suggestion(connection: sa.Connection, number: int, viewer: str = "") -> Suggestion | None:
    """The suggestion with this number, hidden or not."""
    return suggestions_by_number(connection, [number], viewer).get(number)


def suggestions_by_number(
    connection: sa.Connection, numbers: Collection[int], viewer: str = ""
) -> dict[int, Suggestion]:
    """These suggestions, hidden or not, in the order of their numbers."""
    found = complete(connection, _BY_NUMBER, viewer, {"numbers": list(numbers)})
    return {one.number: one for one in found}


def root(connection: sa.Connection, number: int) -> Suggestion | None:
    """What was asked, or what that was found to be the same as."""
    found = suggestion(connection, number)
    while found and found.into:
        found = suggestion(connection, found.into)
    return found


def samples(connection: sa.Connection) -> list[Suggestion]:
    """All that are made up for a first visitor."""
    return complete(connection, ONE.where(rows.IS_SAMPLE).order_by(asked.c.number))


def listed(  # noqa: PLR0913  -- what, in which order, which part, for whom
    connection: sa.Connection, wanted: Filter, order: str = DUE, *, after: int = 0, most: int = 50, viewer: str = ""
) -> list[Suggestion]:
    """The first `most` of what is looked for, or those that come after the suggestion with the number `after`."""
    by, grows = _ORDER[order]
    query = sa.select(asked.c.number).where(*tallies.matching(wanted))
    if after:
        last = connection.execute(sa.select(by, asked.c.number.label("last")).where(asked.c.number == after))
        here, there = sa.tuple_(by, asked.c.number), last.one_or_none()
        if there is None:
            return []
        behind = sa.tuple_(*map(sa.literal, there))
        query = query.where(here > behind if grows else here < behind)
    # The numbers come first, so that the texts of what is left out need not be moved about.
    part = query.order_by(*_ordered(order)).limit(most).subquery()
    found = ONE.where(asked.c.number.in_(sa.select(part.c.number))).order_by(*_ordered(order))
    return complete(connection, found, viewer)


def side_by_side(
    connection: sa.Connection, wanted: Sequence[Filter], order: str, *, most: int, viewer: str = ""
) -> list[list[Suggestion]]:
    """The first `most` of each of these. Two queries, however many lists."""
    parts = [
        sa.select(sa.literal_column(str(place)).label("place"), asked.c.number)
        .where(*tallies.matching(one))
        .order_by(*_ordered(order))
        .limit(most)
        .subquery()
        for place, one in enumerate(wanted)
    ]
    which = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    query = ONE.add_columns(which.c.place).join(which, which.c.number == asked.c.number).order_by(*_ordered(order))
    rows = connection.execute(query).mappings().all()
    found = list(zip((row["place"] for row in rows), completed(connection, rows, viewer), strict=True))
    return [[one for at, one in found if at == place] for place in range(len(wanted))]


def waiting_for(
    connection: sa.Connection, team_ids: Collection[str], *, after: int = 0, most: int = 50, viewer: str = ""
) -> list[Suggestion]:
    """What waits for an answer of these teams, first due first."""
    wanted = Filter(to_team=tuple(team_ids), state=(WAITING,))
    return listed(connection, wanted, DUE, after=after, most=most, viewer=viewer) if team_ids else []


# ── What joined them, and who agrees ──────────────────────────────────────


def joined_to(connection: sa.Connection, number: int) -> list[Suggestion]:
    """All that joined a suggestion, or joined one that did, without hidden ones."""
    numbers = [one for one in below(connection, number) if one != number]
    return [one for one in suggestions_by_number(connection, numbers).values() if not one.hidden] if numbers else []


def below(connection: sa.Connection, number: int) -> list[int]:
    """The numbers of a suggestion and of all that joined it, by whatever way."""
    return list(connection.scalars(_BELOW, {"numbers": [number]}))


def voters(connection: sa.Connection, number: int, most: int = 100) -> list[str]:
    """The ids of those who agree, who agreed first first: also with what joined it, and whoever asked for that."""
    return list(connection.scalars(_FIRST_VOTERS, {"numbers": [number], "of": number, "most": most}))


def count_voters(connection: sa.Connection, number: int) -> int:
    """How many they are, each counted once."""
    return connection.scalar(_COUNT_VOTERS, {"numbers": [number], "of": number}) or 0


# ── Remarks ───────────────────────────────────────────────────────────────


def remarks_of(connection: sa.Connection, number: int, *, after: int = 0, most: int = 100) -> list[Remark]:
    """The next `most` remarks about a suggestion after a remark's number; hidden ones are left out."""
    return rows.remarks(connection, _about(number) & (said.c.number > after) & (said.c.state != HIDDEN), most)


def shown_remarks(connection: sa.Connection, number: int) -> list[Remark]:
    """All remarks about a suggestion that everybody may read."""
    return rows.remarks(connection, _about(number) & (said.c.state == SHOWN))


def remark(connection: sa.Connection, remark_id: str) -> Remark | None:
    """The remark with this id, in whatever state."""
    return next(iter(rows.remarks(connection, said.c.id == remark_id)), None)


def _ordered(order: str) -> tuple[sa.ColumnElement[Any], ...]:
    by, grows = _ORDER[order]
    return (by, asked.c.number) if grows else (by.desc(), asked.c.number.desc())


def _about(number: int) -> sa.ColumnElement[bool]:
    return said.c.suggestion == number
