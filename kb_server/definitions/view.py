"""A definition as a reader sees it: the text in force first, newer wording below it, what each team says of either."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from markupsafe import Markup

from kb_server.definitions import owing, storage
from kb_server.definitions.models import AGREE, Declaration, Facts, Past, Standing, TeamSays, Version, Wording
from kb_server.definitions.quoting import fact
from kb_server.definitions.standing import standing
from kb_server.pages import differences
from kb_server.people.roster import Roster, Team
from kb_server.words import day_of, each, listed, t
from kb_server.writing.differing import marked
from kb_server.writing.names import Names

_NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class Segment:
    """A team's part of the line above a text: what it says of it, who said so or could, and when."""

    team: Team
    says: str
    words: str
    who: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """A text that was agreed to, with the line of its teams."""

    label: str
    segments: tuple[Segment, ...]
    html: Markup


@dataclass(frozen=True, slots=True)
class New:
    """What is new in a wording: the lines that changed, who brought it in, when and why."""

    label: str
    changes: tuple[Markup, ...]
    by: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class Side:
    """A team's own text, where the teams see it differently."""

    segment: Segment
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """All of a definition that is shown on its page."""

    facts: Facts
    stands: Standing
    fact: str
    segments: tuple[Segment, ...]
    force: Frame | None = None
    new: New | None = None
    sides: tuple[Side, ...] = ()
    pending: str = ""
    alone: str = ""
    """That somebody else has to agree, and who may; where all agree through nobody but who proposed it."""
    added: frozenset[int] = frozenset()
    asked: tuple[Team, ...] = ()
    """The teams the viewer speaks for whose word makes a difference."""
    html: Markup = _NOTHING
    """The whole text of now."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the teams they speak for now, themselves or for somebody who is away."""

    speaks_for: frozenset[str]
    roster: Roster
    base: str = ""
    person: str = ""


def shown(connection: sa.Connection, facts: Facts, viewer: Viewer, now: datetime) -> Shown:
    """A definition as `viewer` sees it at this moment."""
    return all_shown(connection, [facts], viewer, now)[facts.page]


def all_shown(connection: sa.Connection, wanted: Sequence[Facts], viewer: Viewer, now: datetime) -> Mapping[str, Shown]:
    """Definitions as `viewer` sees them, by their pages; as many queries for one as for a hundred."""
    if not wanted:
        return {}
    pages = [one.page for one in wanted]
    pasts, kept = storage.pasts(connection, pages), storage.wordings_of(connection, pages)
    people = {one for past in pasts.values() for one in people_in(past, ())} | people_in(Past(), kept)
    teller = _Teller(viewer, Names(connection, people, viewer.roster))
    texts: dict[str, dict[str, Wording]] = {}
    for one in kept:
        texts.setdefault(one.page, {})[one.digest] = one
    return {one.page: teller.shown(one, standing(one, pasts[one.page], now), texts.get(one.page, {})) for one in wanted}


def version_shown(past: Past, version: Version, kept: Wording, names: Names, viewer: Viewer) -> Frame:
    """A version as it was agreed to."""
    said = [one for one in past.answers if one.number <= version.number and one.says == AGREE]
    agreed = _agreed_digest(past, version)
    by_team = {viewer.roster.now(one.team): one for one in said if one.digest == agreed}
    teams = [TeamSays(team, AGREE, one.number, one.person, one.at) for team, one in by_team.items()]
    teller = _Teller(viewer, names)
    return teller.frame(t("definition.version", version=version.version), teams, kept)


def _agreed_digest(past: Past, version: Version) -> str:
    """The text that was agreed to: what only reads otherwise has the agreements of the text before."""
    return next(one.digest for one in past.versions if one.version == version.version)


def people_in(past: Past, kept: Iterable[Wording]) -> set[str]:
    """The ids of everybody who said something of it, or brought a wording in."""
    said = {one.person for one in past.answers} | {one.person for one in past.declarations}
    return (said | {one.person for one in kept}) - {"", "build"}


def _added(facts: Facts, stands: Standing) -> frozenset[int]:
    """Which of the examples, counted from 0, were not there when the text in force was agreed to."""
    if stands.force is None:
        return frozenset()
    known = set(stands.force.examples.split())
    return frozenset(number for number, one in enumerate(facts.examples) if one not in known)


class _Teller:
    """Says who said what, with the names of now."""

    def __init__(self, viewer: Viewer, names: Names) -> None:
        self._viewer, self._names, self._roster = viewer, names, viewer.roster

    def shown(self, facts: Facts, stands: Standing, kept: Mapping[str, Wording]) -> Shown:
        return Shown(
            facts=facts,
            stands=stands,
            fact=self.fact(stands),
            segments=tuple(map(self.segment, stands.teams)),
            force=self.force(stands, kept),
            new=self.new(stands, kept, facts.digest),
            sides=tuple(self.sides(stands)) if stands.is_apart else (),
            pending=self.pending(stands.pending) if stands.pending else "",
            added=_added(facts, stands),
            asked=self.asked(facts, stands),
            alone=self.alone(stands) if stands.alone else "",
            html=dressed(kept[facts.digest].html, self._viewer.base) if facts.digest in kept else _NOTHING,
        )

    def fact(self, stands: Standing) -> str:
        return fact(stands.state, stands.force, is_current=stands.is_current) if stands.force else ""

    def force(self, stands: Standing, kept: Mapping[str, Wording]) -> Frame | None:
        """The text in force, where the page has another."""
        if stands.force is None or stands.is_current or stands.force.digest not in kept:
            return None
        label = t("definition.in_force", version=stands.force.version)
        return self.frame(label, stands.kept, kept[stands.force.digest])

    def frame(self, label: str, teams: Sequence[TeamSays], kept: Wording) -> Frame:
        return Frame(label, tuple(map(self.segment, teams)), dressed(kept.html, self._viewer.base))

    def new(self, stands: Standing, kept: Mapping[str, Wording], digest: str) -> New | None:
        """What is new in the page's text against the one in force."""
        force, now = kept.get(stands.force.digest) if stands.force else None, kept.get(digest)
        if force is None or now is None or stands.is_current:
            return None
        lines = differences.lines(force.text, now.text)
        label = t("definition.new", count=len(lines))
        if any(line.has_number for line in lines):
            label = t("definition.new_number", new=label)
        by = self._names.name(now.person) if now.person else ""
        return New(label, tuple(marked(line.pieces) for line in lines), by, now.at, now.why)

    def sides(self, stands: Standing) -> Iterable[Side]:
        for one in stands.teams:
            if one.own:
                yield Side(self.segment(one, t("definition.says")), one.own, one.reason)

    def asked(self, facts: Facts, stands: Standing) -> tuple[Team, ...]:
        if stands.alone and stands.alone == self._viewer.person:
            return ()
        open_ = [key for key in owing.open_to(facts, stands) if key in self._viewer.speaks_for]
        return tuple(self._roster.teams[key] for key in open_ if key in self._roster.teams)

    def alone(self, stands: Standing) -> str:
        """Who has to agree besides who proposed it: nobody else has said anything for any of the teams."""
        name = self._names.name(stands.alone)
        handles = [one for said in stands.teams for one in self._roster.team(said.team).speakers]
        others = dict.fromkeys(self._roster.people[one].name for one in handles if one in self._roster.people)
        others.pop(name, None)
        if not others:
            return t("definition.alone.nobody", name=name)
        return t("definition.alone", name=name, others=", ".join(others))

    def pending(self, declared: Declaration) -> str:
        name = self._names.name(declared.person) if declared.person.startswith("p_") else t("definition.a_commit")
        return t("definition.pending", name=name, day=day_of(declared.until))

    def segment(self, one: TeamSays, words: str = "") -> Segment:
        team = self._roster.team(one.team)
        said = words or each("definition.says_of")[one.says or "nothing"]
        who = f"{self._names.name(one.person)}, {day_of(one.at)}" if one.person else self._speaks(team)
        return Segment(team, one.says or "", said, who, is_open=one.says != AGREE)

    def _speaks(self, team: Team) -> str:
        names = [self._roster.people[handle].name for handle in team.speakers if handle in self._roster.people]
        return t("term.speaks", count=len(names), names=listed(names)) if names else t("term.speaks.nobody")


_HEADING, _FIRST, _ORDERED = re.compile(r"<h([1-6])\b"), re.compile(r"<p>"), re.compile(r"<ol>")


def dressed(html: str, base: str) -> Markup:
    """A kept text as it stands in its frame. It was written by our own plugin and kept as it was."""
    html = html.replace("{base}", base)
    html = _HEADING.sub(r'<h\1 class="kb-label"', html)
    html = _FIRST.sub('<p class="kb-lead kb-flat">', html, count=1)
    return Markup(_ORDERED.sub('<ol class="kb-list kb-criteria">', html))  # noqa: S704
