"""Which suggestions are looked for, and how many there are of them: by state, by page, from team to team."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.db.lists import among
from kb_server.db.prepared import Prepared
from kb_server.suggestions.closing.storage import changes
from kb_server.suggestions.models import DONE, MORE, NO, PLANNED, WAITING, YES, Between, Filter
from kb_server.suggestions.rows import asked, labels

MOST_LABELS = 200
_LISTS = ("to_team", "from_team", "state")
_PLAIN = ("author", "owner", "in_time")


def matching(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """What holds for the rows that a filter lets through."""
    found: list[sa.ColumnElement[bool]] = [asked.c.hidden == 0]
    found += [asked.c[name].in_(value) for name in _LISTS if (value := getattr(wanted, name))]
    found += [asked.c[name] == value for name in _PLAIN if (value := getattr(wanted, name))]
    if wanted.page:
        here = sa.select(changes.c.suggestion).where(changes.c.page == wanted.page)
        found.append((asked.c.page == wanted.page) | asked.c.number.in_(here))
    if wanted.label:
        found.append(asked.c.number.in_(sa.select(labels.c.suggestion).where(labels.c.label == wanted.label)))
    if wanted.late:
        found.append(_is_late(wanted.late))
    if wanted.owed:
        found.append((asked.c.in_time != "") | _is_late(wanted.owed))
    if wanted.since:
        found.append(asked.c.created_at >= wanted.since)
    if wanted.text:
        found.append(asked.c.title.icontains(wanted.text, autoescape=True))
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are in each state of each thing that is looked for, and the labels that there are to look by."""

    counts: Sequence[Mapping[str, int]]
    labels: Sequence[str]


def tally(connection: sa.Connection, *wanted: Filter) -> Tally:
    """What stands around board and list. One query."""
    # Each part is added up in an index of its own; asked for together, the whole table would be gone through.
    parts = [
        sa.select(sa.literal_column(str(place)), asked.c.state, sa.func.count())
        .where(*matching(one))
        .group_by(asked.c.state)
        for place, one in enumerate(wanted)
    ]
    used = sa.exists().where((asked.c.number == labels.c.suggestion) & (asked.c.hidden == 0))
    some = sa.select(labels.c.label).where(used).distinct().order_by(labels.c.label).limit(MOST_LABELS).subquery()
    named = sa.select(sa.literal_column("-1"), some.c.label, sa.literal_column("0"))
    found: list[dict[str, int]] = [{} for _ in wanted]
    offered = []
    for place, name, many in connection.execute(sa.union_all(*parts, named)):
        if place < 0:
            offered.append(name)
        else:
            found[place][name] = many
    return Tally(found, sorted(offered))


def counts(connection: sa.Connection, wanted: Filter) -> dict[str, int]:
    """How many there are in each state."""
    many = sa.select(asked.c.state, sa.func.count()).where(*matching(wanted)).group_by(asked.c.state)
    return {row[0]: row[1] for row in connection.execute(many)}


def on_page(connection: sa.Connection, page_ids: Collection[str]) -> dict[str, tuple[int, int, int]]:
    """How many suggestions about each of these pages wait, are planned, and are done; of pages that have any."""
    rows = _ON_PAGE.run(connection, pages=page_ids)
    return {page: (waiting, planned, done) for page, waiting, planned, done in rows if waiting or planned or done}


def improved(connection: sa.Connection, page_id: str) -> dict[str, int]:
    """How many suggestions of each team improved a page: those about it, and those that were put right on it."""
    return dict(_IMPROVED.run(connection, page=page_id))


def between(connection: sa.Connection, since: str, now: str) -> list[Between]:
    """How teams have answered one another what was asked since a moment, by whom it was asked of whom."""
    is_late = _is_late(now)
    query = (
        sa.select(
            asked.c.from_team,
            asked.c.to_team,
            _count(asked.c.in_time == YES),
            _count((asked.c.in_time == NO) | is_late),
            _count(asked.c.state == WAITING),
            _count(is_late),
            _count(asked.c.state == DONE),
        )
        .where((asked.c.hidden == 0) & (asked.c.created_at >= since))
        .group_by(asked.c.from_team, asked.c.to_team)
        .order_by(asked.c.from_team, asked.c.to_team)
    )
    return [Between(*row) for row in connection.execute(query)]


def _is_late(now: str) -> sa.ColumnElement[bool]:
    return (asked.c.state == WAITING) & (asked.c.due != "") & (asked.c.due < now)


def _count(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((which, 1), else_=0))


_ON_PAGE = Prepared(
    sa.select(
        asked.c.page,
        _count((asked.c.state == WAITING) | (asked.c.state == MORE)),
        _count(asked.c.state == PLANNED),
        _count(asked.c.state == DONE),
    )
    .where(among(asked.c.page, "pages"), asked.c.hidden == 0, asked.c.page != "")
    .group_by(asked.c.page)
)


def _improvements() -> sa.Select[tuple[str, int]]:
    """What was done about a page, or put right on it, by team; each part is found by an index of its own."""
    page: sa.BindParameter[str] = sa.bindparam("page", type_=sa.Text)
    done = sa.select(asked.c.number, asked.c.from_team).where(asked.c.state == DONE, asked.c.hidden == 0)
    changed = done.join(changes, changes.c.suggestion == asked.c.number).where(changes.c.page == page)
    each = done.where(asked.c.page == page).union(changed).subquery()
    return sa.select(each.c.from_team, sa.func.count()).group_by(each.c.from_team)


_IMPROVED = Prepared(_improvements())
