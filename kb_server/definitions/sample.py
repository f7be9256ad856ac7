"""The sample activity of definitions: said by the same rules as anything real, marked, and taken away as a whole.

A definition of which somebody has really said something stays as it is, and keeps its mark.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, record
from kb_server.definitions import clearing, pages, service, storage
from kb_server.definitions.apart import service as sorting
from kb_server.definitions.apart import storage as sortings
from kb_server.definitions.apart.service import Put, Sheet
from kb_server.definitions.apart.tally import digest_of as digest_of_case
from kb_server.definitions.models import AGREE, NOT_YET, Announced, Answer, Declaration, Facts, Past, Version, Wording
from kb_server.definitions.service import Said
from kb_server.definitions.stories import APART, FIRST, LEADS, OLDER, OPEN, SORTED, Older, Sorts
from kb_server.pages import binding
from kb_server.pages.manifest import Case
from kb_server.people import samples
from kb_server.people import service as people
from kb_server.people.samples import Sample, Stage, Taken, working_days_ago
from kb_server.people.secret import stamp
from kb_server.writing.models import By

NOON, LATER = "11:00", timedelta(minutes=50)
"""When somebody agrees, and how much later the next one does."""
PIECE = 800
"""Characters of a mark."""


@dataclass(frozen=True, slots=True)
class _Play:
    """What it takes to let people speak for their teams."""

    connection: sa.Connection
    stage: Stage

    def say(self, facts: Facts, at: datetime, *teams: str, own: str = "", reason: str = "") -> None:
        """Agree for these teams one after the other, or not yet, with a text of one's own."""
        for number, team in enumerate(teams):
            handle = self.stage.roster.teams[team].speakers[0]
            by = self.by(handle, at + number * LATER)
            said = Said(team, facts.digest, NOT_YET if own else AGREE, reason, own)
            service.say(self.connection, by, facts, said)

    def by(self, handle: str, at: datetime) -> By:
        """Somebody at that moment."""
        person = people.person_for(self.connection, handle, self.stage.roster, at)
        return By(people.actor_of(self.connection, person, self.stage.roster), self.stage.roster, at, posts=1_000)

    def ago(self, days: int) -> datetime:
        """A moment so many working days ago."""
        return working_days_ago(self.stage.now, days, NOON)


def _write(connection: sa.Connection, stage: Stage) -> None:
    play, older = _Play(connection, stage), {one.page: one for one in OLDER}
    differ = {one.page for one in APART}
    for number, (facts, wording) in enumerate(_played(stage)):
        storage.keep(connection, [wording])
        if facts.page in differ:
            _say_apart(play, facts)
            _sort(play, facts, stage.pages[facts.page].cases)
        elif facts.page in older:
            _reword(play, facts, wording, older[facts.page], FIRST - number)
        else:
            play.say(facts, play.ago(FIRST - number), *facts.teams)
        _mark(connection, facts.page)


def _played(stage: Stage) -> Iterator[tuple[Facts, Wording]]:
    """The definitions that take part: those for whose teams somebody speaks, with the text of now."""
    for page in stage.pages.values():
        facts, wording = pages.facts_of(page), pages.wording_of(page, stage.build, stamp(stage.now))
        teams = [stage.roster.teams.get(team) for team in facts.teams] if facts else []
        if facts and wording and page.id not in OPEN and teams and all(team and team.speakers for team in teams):
            yield replace(facts, review=None), wording


def _say_apart(play: _Play, facts: Facts) -> None:
    for one in APART:
        if one.page == facts.page and one.team in facts.teams:
            play.say(facts, play.ago(one.days), one.team, own=one.own, reason=one.reason)


def _sort(play: _Play, facts: Facts, cases: Sequence[Case]) -> None:
    """Let both teams sort the sample leads, the day after the later of them has said how it sees it."""
    known = [case for case in cases if case.id in LEADS]
    for number, one in enumerate(SORTED if known else ()):
        by = play.by(play.stage.roster.teams[one.team].speakers[0], play.ago(19) + number * LATER)
        puts = [_put(case, LEADS[case.id], one) for case in known]
        if one.team in facts.teams:
            sorting.sort(play.connection, by, facts, Sheet(one.team, cases, puts))


def _put(case: Case, name: str, one: Sorts) -> Put:
    return Put(case.id, digest_of_case(case), "yes" if name in one.ready else "no", one.why.get(name, ""))


def _reword(play: _Play, facts: Facts, now: Wording, story: Older, days: int) -> None:
    """Agree to the older wording, and then, some of them, to the text of now."""
    first, came = play.ago(days), play.ago(story.days)
    before = _older(now, story, stamp(first - timedelta(days=3)))
    if before:
        storage.keep(play.connection, [before])
        samples.mark(play.connection, [_ref(now.page, before.digest)])
        older = replace(facts, digest=before.digest)
        service.settle(play.connection, older, first, THE_BUILD)
        play.say(older, first, *facts.teams)
        person = people.person_for(play.connection, story.by, play.stage.roster, came)
        told = (stamp(came - LATER), person.id, story.why)
        _remember(play.connection, now, clearing.retold(play.connection, now.page, now.digest, told))
        service.settle(play.connection, facts, came, THE_BUILD)
    play.say(facts, came + LATER, *(team for team in story.again if team in facts.teams))


def _remember(connection: sa.Connection, now: Wording, was: Sequence[str]) -> None:
    """Mark what was really known of a wording, in pieces: a mark is a key, and those may not be long."""
    text = json.dumps(was)
    pieces = (text[start : start + PIECE] for start in range(0, len(text), PIECE))
    samples.mark(connection, [_ref(now.page, f"{now.digest} {at:03} {piece}") for at, piece in enumerate(pieces)])


def _older(now: Wording, story: Older, at: str) -> Wording | None:
    """The wording of before; None where the page does not say any more what it is made of."""
    parts = ("source", "html", "text", "rendered")
    before = {part: getattr(now, part).replace(story.now, story.was) for part in parts}
    if any(before[part] == getattr(now, part) for part in parts):
        return None
    leads = json.loads(now.leads)
    bound = binding.again(before["rendered"], leads["links"], leads["images"])
    return Wording(now.page, binding.digest_of(bound), build=now.build, at=at, leads=now.leads, **before)


def _mark(connection: sa.Connection, page: str) -> None:
    samples.mark(connection, [page, *_all_of(connection, page)])


def _said(page: str, past: Past) -> list[str]:
    """The marks of everything that was said of a definition."""
    rows: list[Answer | Version | Declaration] = [*past.answers, *past.versions, *past.declarations]
    return [_ref(page, str(one.number)) for one in rows]


def _ref(page: str, part: str) -> str:
    return f"definition:{page} {part}"


# ── Taking it away ────────────────────────────────────────────────────────


def _remove(connection: sa.Connection) -> Taken:
    known = storage.known_wordings(connection)
    made_up = sorted({page for page, _ in known if samples.are_marked(connection, [page])})
    kept = [page for page in made_up if not samples.are_marked(connection, [page, *_all_of(connection, page)])]
    gone = [page for page in made_up if page not in kept]
    for page in gone:
        _take_away(connection, page, [digest for one, digest in known if one == page])
    counts = {"definitions with what was said of them": len(gone)} if gone else {}
    return Taken(tuple(gone), counts, tuple(f"d/{page}/" for page in kept))


def _take_away(connection: sa.Connection, page: str, digests: Collection[str]) -> None:
    older = [digest for digest in digests if samples.are_marked(connection, [_ref(page, digest)])]
    for digest in digests:
        prefix = _ref(page, f"{digest} ")
        pieces = (mark[len(prefix) + len("000 ") :] for mark in samples.marked(connection, prefix))
        if was := "".join(pieces):
            clearing.retold(connection, page, digest, json.loads(was))
    told = clearing.clear(connection, page, older)
    samples.unmark(connection, [page, *samples.marked(connection, _ref(page, ""))])
    _begin_anew(connection, told)


def _all_of(connection: sa.Connection, page: str) -> list[str]:
    numbers = [one.number for one in sortings.of_page(connection, page)]
    numbers += [one.number for one in sortings.added_to(connection, page)]
    marks = [_ref(page, str(number)) for number in numbers]
    return [*_said(page, storage.past(connection, page)), *marks]


def _begin_anew(connection: sa.Connection, told: Announced | None) -> None:
    """Nobody has agreed to it: that is told as of a first wording, which waits for its teams and mails nobody."""
    if told is None:
        return
    storage.announce(connection, Announced(told.page, "notyet", told.digest, 0, 0))
    data = {"page": told.page, "digest": told.digest, "teams": [], "state": "notyet", "was": "", "version": 0}
    record(connection, actor=THE_BUILD, verb="definition.stands", subject=told.page, data=data)


SAMPLE = Sample("definitions", _write, _remove)
