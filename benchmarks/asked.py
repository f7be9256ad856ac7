"""Suggestions by the thousand in a store: asked, agreed with by two, remarked on, and mostly answered.

They are made by the rules of the service, with their documents and their lines of the log. Only the writing is not
theirs: it goes a thousand at a time, since each by itself would take PostgreSQL five minutes for ten thousand.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
import sqlalchemy as sa
import store
from by_hand import make_build, page

from kb_server.activity.storage import activity
from kb_server.builds import service as building
from kb_server.db import counters
from kb_server.documents import storage as documents
from kb_server.documents.models import Draft
from kb_server.people import service as people
from kb_server.people.models import Actor
from kb_server.people.secret import stamp
from kb_server.people.storage import new_id
from kb_server.suggestions import acts, answering, finding, states, storage, timing
from kb_server.suggestions.acts import Line, Told
from kb_server.suggestions.answering import Ready
from kb_server.suggestions.models import Remark, Suggestion
from kb_server.web.build import Build, load
from kb_server.writing import markdown, text
from kb_server.writing.models import By

TEAMS = {"sam": ("sales", "marketing"), "lee": ("sales", "marketing"), "mia": ("marketing", "sales")}
"""Who asks, from which team and of which."""
PAGES, AT_ONCE, SPAN = 100, 1_000, timedelta(days=200)
ACTS = ("", "", states.PLAN, states.DECLINE, states.FINISH, states.FINISH, states.ASK)
VOTERS, REMARKER, ANSWERER = 2, "otto", "lee"


def fill(ours: store.Store, texts: Sequence[Draft]) -> None:
    """Publish a wiki of some pages, and let as many suggestions be asked about it as there are `texts`."""
    served, began, drawn = _published(ours), datetime.now(UTC) - SPAN, random.Random(7)
    with ours.database.transaction() as connection:
        persons = people.people_for(connection, served.roster.people, served.roster, began)
        actors = {name: people.actor_of(connection, one, served.roster) for name, one in persons.items()}
    for start in range(0, len(texts), AT_ONCE):
        some = _Some(served, actors, drawn)
        for number, one in enumerate(texts[start : start + AT_ONCE], start):
            some.make(number + 1, one, began + number * SPAN / len(texts))
        with ours.database.transaction() as connection:
            some.write(connection)


def _published(ours: store.Store) -> Build:
    builds = ours.settings.data_dir / "builds"
    builds.mkdir(parents=True, exist_ok=True)
    live = replace(page("suggestions", url="suggestions/"), shell="suggestions")
    made = make_build(builds, live, *(page(f"measured-{number}") for number in range(PAGES)))
    building.publish(ours.database, ours.settings, made)
    return load(builds / made)


@dataclass(slots=True)
class _Some:
    """Suggestions on their way into the store, with all that came of them."""

    served: Build
    actors: Mapping[str, Actor]
    drawn: random.Random
    suggestions: list[Suggestion] = field(default_factory=list)
    votes: list[Mapping[str, object]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    def make(self, number: int, one: Draft, at: datetime) -> None:
        """Ask for something, agree with it, remark on it, and mostly answer it."""
        who = self.drawn.choice(tuple(TEAMS))
        asked = timing.begun(self._asked(number, one, who, at), self._by(who, at))
        self._log("asked", asked, who, at)
        for voter in self.drawn.sample([handle for handle in self.actors if handle != who], VOTERS):
            self.votes.append({"suggestion": number, "person_id": self.actors[voter].id, "at": stamp(at)})
            self._log("voted", asked, voter, at)
        said = [self._remark(asked, REMARKER, f"I have seen that, too: {one.title}", at)]
        self._log("remarked", asked, REMARKER, at, remark=said[0].id)
        now = asked
        if act := self.drawn.choice(ACTS):
            said.append(self._remark(asked, ANSWERER, "Because of this.", at + timedelta(hours=20), act))
            now = self._answered(asked, act, said[1], at + timedelta(hours=20))
        self.suggestions.append(now)
        self.remarks += said
        self.drafts += finding.drafts(now, said)

    def write(self, connection: sa.Connection) -> None:
        """Write them all."""
        counters.take(connection, "suggestions", len(self.suggestions))
        storage.add(connection, *self.suggestions)
        connection.execute(sa.insert(storage.votes), self.votes)
        first = counters.take(connection, "remarks", len(self.remarks))
        storage.add_remark(connection, *(replace(one, number=number) for number, one in enumerate(self.remarks, first)))
        first = counters.take(connection, "activity", len(self.lines))
        lines = [{**one, "data": json.dumps(one["data"], sort_keys=True)} for one in self.lines]
        connection.execute(sa.insert(activity), [line | {"seq": seq} for seq, line in enumerate(lines, first)])
        documents.put(connection, self.drafts, store.ENGLISH)
        storage.changed(connection)

    def _asked(self, number: int, one: Draft, who: str, at: datetime) -> Suggestion:
        body = text.checked(f"{one.title}\n\n{one.text[:600]}")
        made = markdown.rendered(body)
        from_team, to_team = TEAMS[who]
        about = self.served.pages[f"measured-{number % PAGES}"]
        return Suggestion(
            number=number,
            title=text.first_line(made.text),
            body=body,
            html=made.html,
            renderer=markdown.VERSION,
            author=self.actors[who].id,
            from_team=from_team,
            to_team=to_team,
            created_at=stamp(at),
            since=stamp(at),
            page=about.id,
            build=self.served.id,
            digest=about.sections[0].digest,
            votes=VOTERS,
        )

    def _remark(self, one: Suggestion, who: str, body: str, at: datetime, act: str = "") -> Remark:
        made, author = markdown.rendered(body), self.actors[who].id
        return Remark(new_id("r"), 0, one.number, author, body, made.html, markdown.VERSION, stamp(at), act)

    def _answered(self, asked: Suggestion, act: str, said: Remark, at: datetime) -> Suggestion:
        row, by = next(states.rows(act)), self._by(ANSWERER, at)
        day = (at + timedelta(days=9)).date().isoformat()
        given = Ready(owner=self.actors[ANSWERER].id, by_when=day) if act == states.PLAN else Ready()
        now = answering.after(by, asked, row, given)
        self._log(row.verb, now, ANSWERER, at, remark=said.id, **answering.more(asked, now, row))
        return now

    def _log(self, verb: str, one: Suggestion, who: str, at: datetime, *, remark: str = "", **more: object) -> None:
        self.lines.append(acts.line(self._by(who, at), verb, one, Told(remark), **more))

    def _by(self, who: str, at: datetime) -> By:
        return By(self.actors[who], self.served.roster, at)
