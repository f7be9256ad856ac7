"""Whatever people do in whatever order, suggestions are as they should be: held against a model of dictionaries."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from expecting import ACTS, NEXT, TEAMS, WORDED, Expected, No, One
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import on_alone
from suggesting import House, Undone

from kb_server.activity.storage import activity, events_after
from kb_server.db import Database
from kb_server.documents.storage import documents
from kb_server.errors import Conflict, Forbidden, Invalid, KbError, NotFound
from kb_server.people.secret import stamp
from kb_server.suggestions import reading, rows, service, storage
from kb_server.suggestions.faults import Stale, StaleRemark
from kb_server.suggestions.models import OPEN, STATES, Asking, Filter, Given, Suggestion
from kb_server.writing.models import Said

Step = tuple[int, int, int, int, int]
WHO = tuple(TEAMS)
BODIES = ("Say when", "Say where", "Say why, in a few words", "")
LABELS = ([], ["prices"], ["Fairs", "prices"], ["<b>"])
NEEDS = {"plan": ("owner", "by_when"), "join": ("into",)} | dict.fromkeys(WORDED, ("words",))
SPOILT: One = {"words": "", "owner": "nobody", "by_when": "", "into": 0}
FEW, MANY = 16, 30


def outcome(problem: KbError) -> str:
    """The name by which the model knows what was in the way."""
    kinds: tuple[tuple[type[KbError], str], ...] = (
        (Stale, "stale"),
        (StaleRemark, "stale"),
        (Forbidden, "forbidden"),
        (NotFound, "notfound"),
        (Invalid, "invalid"),
        (Conflict, "conflict"),
    )
    return next(name for kind, name in kinds if isinstance(problem, kind))


@dataclass
class Play:
    """A sequence of steps, done and expected side by side, all in one transaction that is forgotten in the end."""

    house: House
    connection: sa.Connection
    start: int
    model: Expected = field(init=False)
    done: list[str] = field(default_factory=list)
    sent: list[tuple[Callable[[], object], Callable[[], object], str]] = field(default_factory=list)
    legal: int = 0
    latest: int = 0

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.model = Expected(self.house.now)

    # ── One step ──────────────────────────────────────────────────────────

    def step(self, step: Step) -> None:
        """Do one thing, by numbers that anything may be."""
        kind, who, which, what, how = step
        number = which % (len(self.model.ones) + 1) + (1 if which % 7 else 0)
        acts: tuple[Callable[[str, int, int, int], None], ...] = (
            *(self._legal_act,) * 10,
            self._any_act,
            *(self._vote,) * 4,
            self._ask,
            self._wait,
            self._pass_on,
            self._edit,
            self._address,
            self._label,
            self._hide,
            self._remark,
            self._of_remark,
            self._of_remark,
        )
        if len(self.model.ones) < 3:
            self._ask(WHO[who % len(WHO)] or "sam", number, what | 3, how % 4)
        else:
            acts[kind % len(acts)](WHO[who % len(WHO)], number, what, how)

    def _both(self, said: str, expect: Callable[[], object], do: Callable[[], object]) -> None:
        """Do and expect the same, and see that the same comes of it; what fails leaves nothing behind."""
        expected, came = "done", "done"
        try:
            expect()
        except No as no:
            expected = str(no)
        try:
            with self.connection.begin_nested():
                do()
        except KbError as problem:
            came = outcome(problem)
        self.done.append(f"{said} -> {came}")
        self.legal += came == "done"
        assert came == expected, self._told(f"expected: {expected}")

    def _ask(self, who: str, _number: int, what: int, how: int) -> None:
        to = ("sales", "marketing", "marketing", "success", "", "nobody")[how % 6 if what % 4 else how % 4]
        of = (*sorted(TEAMS[who]), "", "success")[what % (len(TEAMS[who]) + 2)]
        if what % 4 == 3 and of not in TEAMS[who]:
            of = ""
        body = BODIES[how % (4 if what % 4 == 0 else 3)]
        asking = Asking(Said(body), to, of)
        self._both(
            f"{who} asks {to} for {of}: {body}",
            lambda: self.model.ask(who, to, of, body),
            lambda: service.ask(self.connection, self.house.by(who), asking),
        )

    def _legal_act(self, who: str, number: int, what: int, how: int) -> None:
        """Something that is open to somebody now, with all that it needs; now and then but for one thing."""
        ones = [one for one in self.model.ones.values() if not one["hidden"]]
        if not ones:
            return
        one = next((one for one in ones if one["number"] == self.latest and how % 3), ones[number % len(ones)])
        self.latest = one["number"]
        acts = sorted({act for who in WHO for act in self.model.open_acts(who, one)})
        if not acts:
            return
        others = [each for each in self.model.ones if each != one["number"]]
        act = acts[what % len(acts)]
        may = [who for who in WHO if act in self.model.open_acts(who, one)]
        who = next((one for one in may if one == who), may[how % len(may)])
        day = (self.house.now + timedelta(how % 9)).date().isoformat()
        given: One = {"words": "In short", "owner": WHO[1 + how % (len(WHO) - 1)], "by_when": day}
        given |= {"into": others[how % len(others)], "version": one["version"]}
        spoilt: tuple[One, ...] = tuple({name: SPOILT[name]} for name in NEEDS.get(act, ()))
        spoilt = (*spoilt, {"version": one["version"] - 1}, {}, {}, {}, {})
        self._act(who, one["number"], act, given | spoilt[(what + how) // 5 % len(spoilt)])

    def _any_act(self, who: str, number: int, what: int, how: int) -> None:
        """Anything by anybody, often with something missing, or of a suggestion as it was before."""
        one = self.model.ones.get(number)
        day = (self.house.now + timedelta(3)).date().isoformat()
        given: One = {"words": ("", "Why", "Say @mia")[how % 3], "owner": ("", "tom", "nobody")[how // 3 % 3]}
        given |= {"by_when": ("", day)[how // 9 % 2], "into": how // 18 % (len(self.model.ones) + 2)}
        version = (one["version"] if one else 1) - (what % 3 == 0)
        self._act(who, number, (*ACTS, "close")[what // 3 % (len(ACTS) + 1)], given | {"version": version})

    def _act(self, who: str, number: int, act: str, given: One) -> None:
        fields = Given(act, **given)
        self._both(
            f"{who} does {act} with {number}: {given}",
            lambda: self.model.act(who, number, act, given),
            lambda: service.act(self.connection, self.house.by(who), self._one(number), fields),
        )

    def _vote(self, who: str, number: int, what: int, how: int) -> None:
        does = what % 3 > 0
        if not does and number in self.model.ones:
            agree = [each for each in WHO if self.model.agrees(each, number)]
            who = agree[how % len(agree)] if agree else who
        self._both(
            f"{who} agrees with {number}: {does}",
            lambda: self.model.vote(who, number, does=does),
            lambda: service.vote(self.connection, self.house.by(who), self._one(number), does=does),
        )

    def _wait(self, _who: str, _number: int, what: int, how: int) -> None:
        """Minutes, hours, or days."""
        passed = timedelta(seconds=how % 60, minutes=what % 90, hours=(0, 1, 5, 30, 100)[how % 5])
        self.house.now += passed
        self.model.now += passed
        self.done.append(f"{passed} later")

    def _pass_on(self, _who: str, number: int, _what: int, _how: int) -> None:
        """What the clock does with one that is late; whether it does is tested where it runs."""
        one = self.model.ones.get(number)
        if one and one["state"] == "waiting" and one["due"] < self.house.now:
            one["passed"] = "liaison"
            storage.change(self.connection, number, passed="liaison")
            self.done.append(f"{number} is passed to the liaison")

    def _edit(self, who: str, number: int, what: int, how: int) -> None:
        one = self.model.ones.get(number)
        who = one["author"] if one and what % 4 else who
        body, version = BODIES[how % 4], (one["version"] if one else 1) - (how // 4 % 4 == 0)
        self._both(
            f"{who} edits {number}, version {version}: {body}",
            lambda: self.model.edit(who, number, body, version),
            lambda: service.edit(
                self.connection, self.house.by(who), self._one(number), "", Said(body, version=version)
            ),
        )

    def _address(self, who: str, number: int, what: int, how: int) -> None:
        one = self.model.ones.get(number)
        to, version = ("sales", "success", "nobody")[what % 3], (one["version"] if one else 1) - (how % 5 == 0)
        who = who if how % 3 else "ada"
        self._both(
            f"{who} asks {to} for {number} instead, version {version}",
            lambda: self.model.address(who, number, to, version),
            lambda: service.address(self.connection, self.house.by(who), self._one(number), to, version),
        )

    def _label(self, who: str, number: int, what: int, how: int) -> None:
        labels, who = LABELS[what % 4], who if how % 3 else "ada"
        self._both(
            f"{who} labels {number}: {labels}",
            lambda: self.model.label(who, number, labels),
            lambda: service.label(self.connection, self.house.by(who), self._one(number), labels),
        )

    def _hide(self, who: str, number: int, what: int, how: int) -> None:
        hidden = what % 3 == 0
        who = who if how % 3 else "lee"
        self._both(
            f"{who} hides {number}: {hidden}",
            lambda: self.model.hide(who, number, hidden=hidden),
            lambda: (service.hide if hidden else service.show)(self.connection, self.house.by(who), self._one(number)),
        )

    def _remark(self, who: str, number: int, what: int, _how: int) -> None:
        body = BODIES[what % 4]
        self._both(
            f"{who} says of {number}: {body}",
            lambda: self.model.remark(who, number, body),
            lambda: service.remark(self.connection, self.house.by(who), self._one(number), Said(body)),
        )

    def _of_remark(self, who: str, which: int, what: int, how: int) -> None:
        if not self.model.remarks:
            return
        which %= len(self.model.remarks)
        known = self.model.remarks[which]
        who = known["author"] if how % 3 else "lee" if how % 2 else who
        body, version = BODIES[how % 4], known["version"] - (how % 5 == 0)
        said, by = self._remarks()[which], self.house.by(who)
        model, c = self.model, self.connection
        ways: tuple[tuple[str, Callable[[], object], Callable[[], object]], ...] = (
            (
                f"edits, version {version}: {body}",
                lambda: model.edit_remark(who, which, body, version),
                lambda: service.edit_remark(c, by, said, Said(body, version=version)),
            ),
            ("deletes", lambda: model.delete_remark(who, which), lambda: service.delete_remark(c, by, said)),
            ("hides", lambda: model.hide_remark(who, which, hidden=True), lambda: service.hide_remark(c, by, said)),
            ("shows", lambda: model.hide_remark(who, which, hidden=False), lambda: service.show_remark(c, by, said)),
        )
        name, expect, do = ways[what % 4]
        self._both(f"{who} {name} remark {which}", expect, do)

    # ── As it should be ───────────────────────────────────────────────────

    def compare(self) -> None:
        """Hold everything against the model."""
        found = reading.suggestions_by_number(self.connection, list(range(20)))
        names = {actor.id: handle for handle, actor in self.house.actors.items()}
        assert {number: self._plain(one, names) for number, one in found.items()} == {
            number: self._expected(one) for number, one in self.model.ones.items()
        }, self._told()
        for number, one in found.items():
            voters = [names[each] for each in reading.voters(self.connection, number)]
            assert len(voters) == len(set(voters)) == one.votes, self._told(str(number))
            assert set(voters) == self.model.voters(number), self._told(str(number))
            for who in WHO:
                offered = service.may_act(self.house.by(who).actor, one)
                assert set(offered) == self.model.open_acts(who, self.model.ones[number]), self._told(who)
        self._compare_log(names)
        self._compare_texts(names)

    def compare_lists(self) -> None:
        """Hold the lists and counts against the model, and whether those who look agree."""
        c, shown = self.connection, [one for one in self.model.ones.values() if not one["hidden"]]
        now = stamp(self.house.now)
        for who in ("sam", "mia", "otto"):
            seen = reading.listed(c, Filter(), "new", viewer=self.house.id(who))
            assert {one.number: one.mine for one in seen} == {
                one["number"]: self.model.agrees(who, one["number"]) for one in shown
            }, self._told(who)
        orders: dict[str, Callable[[One], Any]] = {
            "due": lambda one: (stamp(one["due"]) if one["due"] else "~", one["number"]),
            "new": lambda one: -one["number"],
            "age": lambda one: one["number"],
            "votes": lambda one: (-len(self.model.voters(one["number"])), -one["number"]),
        }
        for order, key in orders.items():
            wanted = [one["number"] for one in sorted(shown, key=key)]
            assert [one.number for one in reading.listed(c, Filter(), order)] == wanted, self._told(order)
        counts = {state: sum(one["state"] == state for one in shown) for state in STATES}
        assert reading.counts(c, Filter()) == {state: count for state, count in counts.items() if count}, self._told()
        late = {one["number"] for one in shown if one["state"] == "waiting" and one["due"] < self.house.now}
        assert {one.number for one in reading.listed(c, Filter(late=now))} == late, self._told()
        for row in reading.between(c, "", now):
            theirs = [one for one in shown if (one["from"], one["to"]) == (row.from_team, row.to_team)]
            assert row.in_time == sum(one["in_time"] == "yes" for one in theirs), self._told()
            assert row.late == sum(one["in_time"] == "no" or one["number"] in late for one in theirs), self._told()
            assert row.done == sum(one["state"] == "done" for one in theirs), self._told()
            assert row.waiting == sum(one["state"] == "waiting" for one in theirs), self._told()

    def _compare_log(self, names: dict[str, str]) -> None:
        ids = [one.id for one in self._remarks()]
        lines = [event for event in events_after(self.connection, self.start, 10_000) if "suggestion." in event.verb]
        told = [
            {key: value for key, value in event.data.items() if key not in {"mentions", "teams", "page", "number"}}
            | {"verb": event.verb.removeprefix("suggestion."), "who": names[event.actor], "subject": event.subject}
            | {"at": event.at}
            for event in lines
        ]
        expected = [
            line
            | {"at": stamp(line["at"]), "remark": "" if line["remark"] is None else ids[line["remark"]]}
            | ({"owner": self.house.id(line["owner"])} if "owner" in line else {})
            for line in self.model.log
        ]
        assert told == expected, self._told()

    def _compare_texts(self, names: dict[str, str]) -> None:
        said = self._remarks()
        kept = ("number", "author", "body", "act", "state", "version")
        assert [(r.suggestion, names[r.author], r.body, r.act, r.state, r.version) for r in said] == [
            tuple(one[name] for name in kept) for one in self.model.remarks
        ], self._told()
        findable = {f"suggestion:{number}": one["body"] for number, one in self.model.ones.items()}
        findable = {ref: body for ref, body in findable.items() if not self.model.ones[int(ref[11:])]["hidden"]}
        for remark, one in zip(said, self.model.remarks, strict=True):
            if one["state"] == "shown" and not self.model.ones[one["number"]]["hidden"]:
                findable[f"remark:{remark.id}"] = one["body"]
            past = [(old.version, old.body) for old in reading.remark_versions_of(self.connection, remark.id)]
            assert past[::-1] == one["past"], self._told()
        shown = (documents.c.kind == "suggestion") & (documents.c.hidden == 0)
        found = {row.ref: row.text for row in self.connection.execute(sa.select(documents).where(shown))}
        assert found == findable, self._told()
        for number, one in self.model.ones.items():
            past_of = [(old.version, old.title, old.body) for old in reading.versions_of(self.connection, number)]
            assert past_of[::-1] == one["past"], self._told()

    def _plain(self, one: Suggestion, names: dict[str, str]) -> One:
        return {
            "author": names[one.author],
            "from": one.from_team,
            "to": one.to_team,
            "title": one.title,
            "body": one.body,
            "state": one.state,
            "since": one.since,
            "owner": names.get(one.owner, ""),
            "by_when": one.by_when,
            "due": one.due,
            "left": one.left,
            "passed": one.passed,
            "answered": one.answered_at,
            "in_time": one.in_time,
            "into": one.into,
            "before": one.before,
            "votes": one.votes,
            "hidden": one.hidden,
            "version": one.version,
            "labels": one.labels,
        }

    def _expected(self, one: One) -> One:
        plain = {name: value for name, value in one.items() if name not in {"number", "past", "votes"}}
        times = {name: stamp(one[name]) if one[name] else "" for name in ("due", "since", "answered")}
        return plain | times | {"votes": len(self.model.voters(one["number"]))}

    def _one(self, number: int) -> Suggestion:
        found = reading.suggestion(self.connection, number)
        if found is None:
            raise NotFound
        return found

    def _remarks(self) -> list[Any]:
        return rows.remarks(self.connection, sa.true())

    def _told(self, more: str = "") -> str:
        return "\n".join([*self.done, more])


def play(house: House, steps: list[Step], *, closely: bool) -> Play:
    """Play a sequence; `closely` holds everything against the model after every step."""
    begin = house.now

    def and_forget() -> None:
        with house.database.transaction() as connection:
            start = connection.scalar(sa.select(sa.func.max(activity.c.seq))) or 0
            played.append(Play(house, connection, start))
            for step in steps:
                played[0].step(step)
                if closely:
                    played[0].compare()
            played[0].compare()
            played[0].compare_lists()
            raise Undone

    played: list[Play] = []
    with pytest.raises(Undone):
        and_forget()
    house.now = begin
    return played[0]


@pytest.fixture
def crowd(database: Database) -> House:
    return House(database)


@pytest.mark.slow
def test_fifty_sequences_of_what_people_may_and_may_not_do_end_as_they_should(crowd: House) -> None:
    chance = random.Random(6)
    steps = ok = 0
    seen: set[str] = set()
    for _ in range(50):
        sequence: list[Step] = [tuple(chance.randrange(1 << 16) for _ in range(5)) for _ in range(FEW)]  # type: ignore[misc]
        played = play(crowd, sequence, closely=False)
        steps, ok = steps + len(played.done), ok + played.legal
        seen |= {line["verb"] for line in played.model.log}
    assert ok > steps / 3, "much of it is something that can be done"
    assert steps - ok > steps / 10, "and much of it is not"
    assert len(seen) > 15, sorted(seen)


NUMBERS = st.integers(0, (1 << 16) - 1)


@pytest.mark.slow
@on_alone("sqlite")
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS), min_size=5, max_size=MANY))
@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_five_hundred_sequences_are_step_by_step_as_they_should_be(crowd: House, sequence: list[Step]) -> None:
    play(crowd, sequence, closely=True)


def test_every_act_leads_to_a_state_that_there_is() -> None:
    assert set(NEXT) == set(STATES)
    assert set(OPEN) < set(STATES)
