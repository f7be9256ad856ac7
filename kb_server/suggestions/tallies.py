"""Which suggestions are looked for, and how many there are of them: by state, by page, from team to team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

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


@dataclass(frozen=True, slots=True)
class OnPage:
    """How many suggestions about a page wait and are planned; and how many of each team improved it."""

    waiting: int
    planned: int
    improved: Mapping[str, int]


def on_page(connection: sa.Connection, page_id: str) -> OnPage:
    """What there is to say of a page's suggestions; it was improved by those about it and those put right on it."""
    found: Counter[str] = Counter()
    improved = {}
    for state, team, many in _ON_PAGE.run(connection, page=page_id):
        found[state] += many
        if state == DONE:
            improved[team] = many
    return OnPage(found[WAITING] + found[MORE], found[PLANNED], improved)


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


def _of_page() -> sa.Select[tuple[str, str, int]]:
    """What is about a page and what was put right on it, by state and team; each part is found by its own index."""
    page: sa.BindParameter[str] = sa.bindparam("page", type_=sa.Text)
    some = sa.select(asked.c.number, asked.c.from_team, asked.c.state).where(asked.c.hidden == 0)
    about = some.where(asked.c.page == page)
    changed = some.join(changes, changes.c.suggestion == asked.c.number)
    each = about.union(changed.where(changes.c.page == page, asked.c.state == DONE)).subquery()
    return sa.select(each.c.state, each.c.from_team, sa.func.count()).group_by(each.c.state, each.c.from_team)


_ON_PAGE = Prepared(_of_page())
