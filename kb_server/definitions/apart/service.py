"""The rules of sorting: who may say for a team what a case is, and who may bring another case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.definitions import storage
from kb_server.definitions.apart import storage as sortings
from kb_server.definitions.apart.storage import Added
from kb_server.definitions.apart.tally import VERDICTS, Sorting, Tally, carried, digest_of, latest, tally
from kb_server.definitions.models import Facts
from kb_server.errors import Conflict, Invalid, NotFound
from kb_server.pages.manifest import Case, Page
from kb_server.people.permissions import Thing, require
from kb_server.people.secret import stamp
from kb_server.words import t
from kb_server.writing import text
from kb_server.writing.models import By

MOST = 60
LONGEST_TITLE, LONGEST = 120, 1_000


@dataclass(frozen=True, slots=True)
class Put:
    """What is said of a case, which read as its digest says: "yes" or "no", and why in a line."""

    item: str
    digest: str
    verdict: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is said for a team of some of these cases."""

    team: str
    cases: Sequence[Case]
    puts: Sequence[Put]


def cases_of(connection: sa.Connection, page: Page) -> tuple[Case, ...]:
    """All cases of a definition: those of the build, then those that were typed in the browser."""
    return (*page.cases, *(Case(one.id, one.title, one.text) for one in sortings.added_to(connection, page.id)))


def tally_of(connection: sa.Connection, cases: Sequence[Case], facts: Facts) -> Tally:
    """How far the teams of a definition are with its cases."""
    return tally(cases, said_of(connection, facts), facts.teams)


def said_of(connection: sa.Connection, facts: Facts) -> tuple[Sorting, ...]:
    """What the teams said of the cases of a definition, be it that they were called otherwise then."""
    return carried(sortings.of_page(connection, facts.page), facts.formers)


def sort(connection: sa.Connection, by: By, facts: Facts, sheet: Sheet) -> int:
    """Say for a team what cases are; gives of how many that was new. Raises Forbidden, Invalid, Conflict."""
    require(by.actor, "definition.say", Thing(teams=(sheet.team,)))
    if sheet.team not in facts.teams:
        raise Invalid(t("definition.other_team"))
    if not sheet.puts:
        raise Invalid(t("sorting.nothing"))
    number = storage.next_number(connection)  # from here on nobody else sorts
    before = latest(sheet.cases, said_of(connection, facts), sheet.team)
    new = [one for one in _sortings(by, facts, sheet) if not _repeats(one, before.get(one.item))]
    for one in new:
        sortings.add(connection, one, number)
        number = storage.next_number(connection)
    if new:
        _log(connection, by, "definition.sorted", facts, team=sheet.team, count=len(new))
    return len(new)


def add(connection: sa.Connection, by: By, facts: Facts, cases: Sequence[Case], case: tuple[str, str]) -> Added:
    """Bring another case, its title and its text. Raises Forbidden, Invalid."""
    require(by.actor, "definition.add_case", Thing(owner=facts.owner, teams=facts.teams))
    if len(cases) >= MOST:
        raise Invalid(t("sorting.too_many", most=MOST))
    title, told = (_line(one, most) for one, most in zip(case, (LONGEST_TITLE, LONGEST), strict=True))
    added = Added(storage.next_number(connection), facts.page, title, told, by.actor.id, stamp(by.now))
    sortings.bring(connection, added)
    _log(connection, by, "definition.case_added", facts, case=added.id)
    return added


def remove(connection: sa.Connection, by: By, facts: Facts, number: int) -> None:
    """Take a case away that was typed in the browser, with what was said of it. Raises NotFound, Forbidden."""
    found = next((one for one in sortings.added_to(connection, facts.page) if one.number == number), None)
    if found is None:
        raise NotFound(t("sorting.no_case"))
    require(by.actor, "definition.remove_case", Thing(author=found.person, owner=facts.owner, teams=facts.teams))
    sortings.take_away(connection, found)
    _log(connection, by, "definition.case_removed", facts, case=found.id)


def _sortings(by: By, facts: Facts, sheet: Sheet) -> Iterable[Sorting]:
    known = {case.id: digest_of(case) for case in sheet.cases}
    for put in sheet.puts:
        if known.get(put.item) != put.digest:
            raise Conflict(t("sorting.changed"))
        verdict = next((one for one in VERDICTS if one == put.verdict), None)
        if verdict is None:
            raise Invalid(t("sorting.no_verdict"))
        why = text.reason(put.reason, needed=False)
        yield Sorting(0, facts.page, put.item, put.digest, sheet.team, by.actor.id, stamp(by.now), verdict, why)


def _repeats(one: Sorting, before: Sorting | None) -> bool:
    return before is not None and (before.verdict, before.reason) == (one.verdict, one.reason)


def _line(typed: str, most: int) -> str:
    said = text.line(typed)
    if not said or len(said) > most:
        raise Invalid(t("sorting.bad_case", most=LONGEST))
    return said


def _log(connection: sa.Connection, by: By, verb: str, facts: Facts, **more: object) -> None:
    data = {"page": facts.page, **more}
    record(connection, actor=by.actor.id, verb=verb, subject=facts.page, data=data, at=stamp(by.now))
