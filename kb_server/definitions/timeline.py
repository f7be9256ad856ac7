"""How a definition came to say what it says: who brought which wording in, who agreed, who did not, when and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.activity.storage import events_about
from kb_server.definitions import storage
from kb_server.definitions.declaring import NOT_WORDING
from kb_server.definitions.models import NOT_YET, Answer, Declaration, Past, Version, Wording
from kb_server.definitions.rewording import against, reasons
from kb_server.definitions.view import people_in
from kb_server.pages.manifest import Page
from kb_server.people.roster import Roster
from kb_server.words import day_of, each, t
from kb_server.writing.names import Names

MOST_REFUSED = 20
"""Of the commits that said "wording only" and were not, so many are told."""
_EVER = 2**62


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened: when, in words, and what was said with it. ``version`` is the one it brought, or 0."""

    at: str
    words: str
    said: str = ""
    version: int = 0


def told(connection: sa.Connection, page: Page, roster: Roster, language: str) -> list[Told]:
    """Everything that happened to a definition, the latest first; what comes of something stands above it."""
    past, kept = storage.past(connection, page.id), storage.wordings_of(connection, [page.id])
    teller = _Teller(roster, Names(connection, people_in(past, kept), roster))
    lines = [*map(teller.worded, kept), *teller.of(past), *_refused(connection, page.id, language)]
    return sorted(lines, key=lambda one: one.at)[::-1]


def _refused(connection: sa.Connection, page: str, language: str) -> Iterable[Told]:
    """What commits said was wording only, and was not; worked out again, for the log holds no prose."""
    for event in events_about(connection, [page], [NOT_WORDING], _EVER, MOST_REFUSED):
        found = against(connection, page, str(event.data["old"]), str(event.data["digest"]), language)
        yield Told(event.at, t("wording.commit_refused", reasons="; ".join(reasons(found))))


class _Teller:
    """Says what happened, with the names of now."""

    def __init__(self, roster: Roster, names: Names) -> None:
        self._roster, self._names = roster, names

    def of(self, past: Past) -> Iterable[Told]:
        """What was said and what came of it, in that order."""
        yield from map(self._declared, past.declarations)
        yield from map(self._answered, past.answers)
        yield from map(self._objected, filter(_is_objected_to, past.declarations))
        yield from map(self._came, past.versions)

    def worded(self, one: Wording) -> Told:
        words = t("definition.told.worded", name=self._name(one.person)) if one.person else t("definition.told.written")
        return Told(one.at, words, one.why)

    def _answered(self, one: Answer) -> Told:
        words = each("definition.told_of", name=self._name(one.person), team=self._team(one.team))[one.says]
        said = "\n\n".join(part for part in (one.reason, one.own) if part) if one.says == NOT_YET else ""
        return Told(one.at, words, said)

    def _came(self, one: Version) -> Told:
        return Told(one.at, each("definition.told_how", version=one.version)[one.how], version=one.version)

    def _declared(self, one: Declaration) -> Told:
        return Told(one.at, t("definition.told.declared", name=self._name(one.person), day=day_of(one.until)))

    def _objected(self, one: Declaration) -> Told:
        return Told(one.objected_at, t("definition.told.objected", name=self._name(one.objected_by)))

    def _name(self, person: str) -> str:
        return self._names.name(person) if person.startswith("p_") else t("definition.a_commit")

    def _team(self, key: str) -> str:
        return self._roster.team(key).name


def _is_objected_to(one: Declaration) -> bool:
    """Whether a person objected; a declaration that ended with its text needs no word."""
    return one.objected_by.startswith("p_")
