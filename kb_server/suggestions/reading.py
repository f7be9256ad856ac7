"""What is asked of the tables of suggestions. However long a list is, it takes the same number of queries."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kb_server.pages.quotes import Quote
from kb_server.people.samples import is_sample
from kb_server.suggestions.models import (
    AGE,
    DELETED,
    DONE,
    DUE,
    HIDDEN,
    NEW,
    NO,
    OPEN,
    SHOWN,
    WAITING,
    YES,
    Between,
    Filter,
    Remark,
    Suggestion,
    Version,
)
from kb_server.suggestions.storage import CHANGED, labels, remark_versions, remarks, suggestions, versions, votes

_NAME = sa.literal("S-").concat(sa.cast(suggestions.c.number, sa.Text))
_COLUMNS = [column.label(column.key) for column in suggestions.c]
_ONE = sa.select(*_COLUMNS, is_sample(_NAME).label("sample"))
_REMARK = sa.select(remarks)
_LAST_DUE = sa.case((suggestions.c.due == "", "~"), else_=suggestions.c.due)
_ORDER: dict[str, tuple[sa.ColumnElement[Any], bool]] = {
    DUE: (_LAST_DUE, True),
    NEW: (suggestions.c.number, False),
    AGE: (suggestions.c.number, True),
    "votes": (suggestions.c.votes, False),
}
"""By what a list is ordered, and whether it grows; the number decides between equals."""

_STANDING = sa.text(
    "SELECT (SELECT value FROM counters WHERE name = :changed), (SELECT value FROM counters WHERE name = 'people'), "
    "(SELECT value FROM meta WHERE key = 'instance')"
)


def standing(connection: sa.Connection) -> tuple[object, ...]:
    """What tells how suggestions stand: a number that changes with them, one with people's names, and which store."""
    return tuple(connection.execute(_STANDING, {"changed": CHANGED}).one())


def suggestion(connection: sa.Connection, number: int, viewer: str = "") -> Suggestion | None:
    """The suggestion with this number, hidden or not."""
    return next(iter(suggestions_by_number(connection, [number], viewer).values()), None)


def suggestions_by_number(
    connection: sa.Connection, numbers: Collection[int], viewer: str = ""
) -> dict[int, Suggestion]:
    """These suggestions, hidden or not, in their order."""
    rows = connection.execute(_ONE.where(suggestions.c.number.in_(list(numbers))).order_by(suggestions.c.number))
    return {one.number: one for one in _complete(connection, rows.mappings().all(), viewer)}


def listed(  # noqa: PLR0913  -- what, in which order, which part, for whom
    connection: sa.Connection, wanted: Filter, order: str = DUE, *, after: int = 0, most: int = 50, viewer: str = ""
) -> list[Suggestion]:
    """The first `most` of what is looked for, or those that come after the suggestion with the number `after`."""
    by, grows = _ORDER[order]
    number = suggestions.c.number
    ordered = (by, number) if grows else (by.desc(), number.desc())
    query = sa.select(number).where(*_matching(wanted))
    if after:
        last = connection.execute(sa.select(by, number).where(number == after)).one_or_none()
        if last is None:
            return []
        here, there = sa.tuple_(by, number), sa.tuple_(*map(sa.literal, last))
        query = query.where(here > there if grows else here < there)
    page = query.order_by(*ordered).limit(most).subquery()
    rows = connection.execute(_ONE.where(number.in_(sa.select(page.c.number))).order_by(*ordered))
    return _complete(connection, rows.mappings().all(), viewer)


def counts(connection: sa.Connection, wanted: Filter) -> dict[str, int]:
    """How many there are in each state."""
    many = sa.select(suggestions.c.state, sa.func.count()).where(*_matching(wanted)).group_by(suggestions.c.state)
    return {row[0]: row[1] for row in connection.execute(many)}


def waiting_for(
    connection: sa.Connection, team_ids: Collection[str], *, after: int = 0, most: int = 50, viewer: str = ""
) -> list[Suggestion]:
    """What waits for an answer of these teams, first due first."""
    wanted = Filter(to_team=tuple(team_ids), state=(WAITING,))
    return listed(connection, wanted, DUE, after=after, most=most, viewer=viewer) if team_ids else []


def remarks_of(connection: sa.Connection, number: int, *, after: int = 0, most: int = 100) -> list[Remark]:
    """The next `most` remarks about a suggestion after a remark's number; hidden ones are left out."""
    here = (remarks.c.suggestion == number) & (remarks.c.number > after) & (remarks.c.state != HIDDEN)
    return _remarks(connection, here, most)


def remark(connection: sa.Connection, remark_id: str) -> Remark | None:
    """The remark with this id, in whatever state."""
    return next(iter(_remarks(connection, remarks.c.id == remark_id)), None)


def remarks_by_id(connection: sa.Connection, ids: Collection[str]) -> dict[str, Remark]:
    """These remarks, in whatever state."""
    return {one.id: one for one in _remarks(connection, remarks.c.id.in_(list(ids)))}


def shown_remarks(connection: sa.Connection, number: int) -> list[Remark]:
    """All remarks about a suggestion that everybody may read."""
    return _remarks(connection, (remarks.c.suggestion == number) & (remarks.c.state == SHOWN))


def versions_of(connection: sa.Connection, number: int) -> list[Version]:
    """What a suggestion said before, the latest first."""
    query = sa.select(versions).where(versions.c.suggestion == number).order_by(versions.c.version.desc())
    return [Version(row.version, row.body, row.at, row.title) for row in connection.execute(query)]


def remark_versions_of(connection: sa.Connection, remark_id: str) -> list[Version]:
    """What a remark said before, the latest first."""
    query = sa.select(remark_versions).where(remark_versions.c.remark == remark_id)
    found = connection.execute(query.order_by(remark_versions.c.version.desc()))
    return [Version(row.version, row.body, row.at) for row in found]


def joined_to(connection: sa.Connection, number: int) -> list[Suggestion]:
    """All that joined a suggestion, or joined one that did, without hidden ones."""
    numbers = [one for one in below(connection, number) if one != number]
    return [one for one in suggestions_by_number(connection, numbers).values() if not one.hidden] if numbers else []


def below(connection: sa.Connection, number: int) -> list[int]:
    """The numbers of a suggestion and of all that joined it, by whatever way."""
    tree = _tree([number])
    return list(connection.scalars(sa.select(tree.c.number).order_by(tree.c.number)))


def voters(connection: sa.Connection, number: int, most: int = 100) -> list[str]:
    """The ids of those who agree, who agreed first first: also with what joined it, and whoever asked for that."""
    found = _voters(number)
    return list(connection.scalars(sa.select(found.c.person).order_by(found.c.at, found.c.person).limit(most)))


def count_voters(connection: sa.Connection, number: int) -> int:
    """How many they are, each counted once."""
    return connection.scalar(sa.select(sa.func.count()).select_from(_voters(number))) or 0


def on_page(connection: sa.Connection, page_ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """How many suggestions about each of these pages are open, and how many are done; of pages that have any."""
    here = suggestions.c.page.in_(sorted(page_ids)) & (suggestions.c.hidden == 0) & (suggestions.c.page != "")
    query = sa.select(suggestions.c.page, _count(suggestions.c.state.in_(OPEN)), _count(suggestions.c.state == DONE))
    rows = connection.execute(query.where(here).group_by(suggestions.c.page))
    return {page: (is_open, done) for page, is_open, done in rows if is_open or done}


def between(connection: sa.Connection, since: str, now: str) -> list[Between]:
    """How teams have answered one another what was asked since a moment, by whom it was asked of whom."""
    c = suggestions.c
    is_late = (c.state == WAITING) & (c.due != "") & (c.due < now)
    query = (
        sa.select(
            c.from_team,
            c.to_team,
            _count(c.in_time == YES),
            _count((c.in_time == NO) | is_late),
            _count(c.state == WAITING),
            _count(is_late),
            _count(c.state == DONE),
        )
        .where((c.hidden == 0) & (c.created_at >= since))
        .group_by(c.from_team, c.to_team)
        .order_by(c.from_team, c.to_team)
    )
    return [Between(*row) for row in connection.execute(query)]


def labels_in_use(connection: sa.Connection, most: int = 200) -> list[str]:
    """The labels that liaisons have given."""
    return list(connection.scalars(sa.select(labels.c.label).distinct().order_by(labels.c.label).limit(most)))


def asked_by(connection: sa.Connection, person_id: str) -> list[Suggestion]:
    """All that somebody has asked for, in the order they did."""
    rows = connection.execute(_ONE.where(suggestions.c.author == person_id).order_by(suggestions.c.number))
    return _complete(connection, rows.mappings().all(), person_id)


def said_by(connection: sa.Connection, person_id: str) -> list[Remark]:
    """All remarks somebody made and has not taken back."""
    return _remarks(connection, (remarks.c.author == person_id) & (remarks.c.state != DELETED))


def votes_of(connection: sa.Connection, person_id: str) -> Sequence[sa.RowMapping]:
    """What somebody agrees with, and since when."""
    query = sa.select(votes.c.suggestion, votes.c.at).where(votes.c.person_id == person_id)
    return connection.execute(query.order_by(votes.c.suggestion)).mappings().all()


def mentioning(connection: sa.Connection, person_id: str) -> tuple[list[Suggestion], list[Remark]]:
    """All suggestions and remarks that mean somebody."""
    asked = _ONE.where(_place_in(connection, suggestions.c.mentions, f'"{person_id}"') > 0)
    rows = connection.execute(asked.order_by(suggestions.c.number)).mappings().all()
    said = _remarks(connection, _place_in(connection, remarks.c.mentions, f'"{person_id}"') > 0)
    return _complete(connection, rows, ""), said


def versions_naming(connection: sa.Connection, handle: str) -> list[tuple[int, Version]]:
    """What suggestions said before in which somebody's handle may stand, with their numbers."""
    both = sa.func.lower(versions.c.title.concat(" ").concat(versions.c.body))
    rows = connection.execute(sa.select(versions).where(_place_in(connection, both, f"@{handle}") > 0))
    return [(row.suggestion, Version(row.version, row.body, row.at, row.title)) for row in rows]


def remark_versions_naming(connection: sa.Connection, handle: str) -> list[tuple[str, Version]]:
    """The same of remarks, with their ids."""
    named = _place_in(connection, sa.func.lower(remark_versions.c.body), f"@{handle}") > 0
    rows = connection.execute(sa.select(remark_versions).where(named))
    return [(row.remark, Version(row.version, row.body, row.at)) for row in rows]


def samples(connection: sa.Connection) -> list[Suggestion]:
    """All suggestions that are made up for a first visitor."""
    rows = connection.execute(_ONE.where(is_sample(_NAME)).order_by(suggestions.c.number)).mappings().all()
    return _complete(connection, rows, "")


def _matching(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    c = suggestions.c
    found: list[sa.ColumnElement[bool]] = [c.hidden == 0]
    found += [c[name].in_(value) for name in ("to_team", "from_team", "state") if (value := getattr(wanted, name))]
    found += [c[name] == value for name in ("page", "author", "owner", "in_time") if (value := getattr(wanted, name))]
    if wanted.label:
        found.append(c.number.in_(sa.select(labels.c.suggestion).where(labels.c.label == wanted.label)))
    if wanted.late:
        found.append((c.state == WAITING) & (c.due != "") & (c.due < wanted.late))
    if wanted.since:
        found.append(c.created_at >= wanted.since)
    if wanted.text:
        found.append(c.title.icontains(wanted.text, autoescape=True))
    return found


def _tree(numbers: Collection[int]) -> sa.CTE:
    """These suggestions as roots, each with itself and all that joined it, by whatever way."""
    begin = sa.select(suggestions.c.number.label("root"), suggestions.c.number.label("number"))
    tree = begin.where(suggestions.c.number.in_(list(numbers))).cte("tree", recursive=True)
    further = sa.select(tree.c.root, suggestions.c.number).where(suggestions.c.into == tree.c.number)
    return tree.union(further)


def _voters(number: int) -> sa.Subquery:
    tree = _tree([number])
    agreed = sa.select(votes.c.person_id.label("person"), votes.c.at).join(tree, tree.c.number == votes.c.suggestion)
    joined = sa.select(suggestions.c.author, suggestions.c.created_at).join(
        tree, (tree.c.number == suggestions.c.number) & (tree.c.number != number)
    )
    whoever = sa.union_all(agreed, joined).subquery()
    root = sa.select(suggestions.c.author).where(suggestions.c.number == number).scalar_subquery()
    person = whoever.c.person
    first = sa.select(person, sa.func.min(whoever.c.at).label("at")).where(person != root)
    return first.group_by(person).subquery()


def _complete(connection: sa.Connection, rows: Sequence[sa.RowMapping], viewer: str) -> list[Suggestion]:
    """The suggestions of these rows, with their labels and whether whoever looks agrees."""
    numbers = [row["number"] for row in rows]
    if not numbers:
        return []
    found: dict[int, list[str]] = {}
    given = sa.select(labels).where(labels.c.suggestion.in_(numbers)).order_by(labels.c.label)
    for row in connection.execute(given):
        found.setdefault(row.suggestion, []).append(row.label)
    mine: set[int] = set()
    if viewer:
        tree = _tree(numbers)
        agreed = sa.select(tree.c.root).join(votes, votes.c.suggestion == tree.c.number)
        mine = set(connection.scalars(agreed.where(votes.c.person_id == viewer)))
    return [_suggestion(row, found.get(row["number"], ()), mine) for row in rows]


def _suggestion(row: sa.RowMapping, names: Iterable[str], mine: Collection[int]) -> Suggestion:
    values: dict[str, Any] = dict(row)
    exact, prefix, suffix, position = (values.pop(name) for name in ("exact", "prefix", "suffix", "position"))
    values |= {"hidden": bool(values["hidden"]), "sample": bool(values["sample"])}
    values |= {"mentions": _loaded(values["mentions"]), "labels": tuple(names), "mine": values["number"] in mine}
    return Suggestion(**values, quote=Quote(exact, prefix, suffix, position) if exact else None)


def _remarks(connection: sa.Connection, which: sa.ColumnElement[bool], most: int | None = None) -> list[Remark]:
    rows = connection.execute(_REMARK.where(which).order_by(remarks.c.number).limit(most)).mappings()
    return [Remark(**{**row, "mentions": _loaded(row["mentions"])}) for row in rows]


def _loaded(mentions: str) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(mentions) if mentions != "{}" else {}
    return found


def _count(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((which, 1), else_=0))


def _place_in(connection: sa.Connection, column: sa.ColumnElement[str], text: str) -> sa.Function[int]:
    """Where `text` begins in a column, letter by letter; 0 if it is not there."""
    return (sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos)(column, text)
