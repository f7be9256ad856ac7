"""Who is told of a definition, and for whom it waits until when: by the people of three teams, on real stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from by_hand import ROSTER, page
from notifications.telling import mails, part, to_whom
from postbox import Postbox

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.definitions import publishing, service, speaking
from kb_server.definitions.models import AGREE, BACK, NOT_YET, Facts, Says
from kb_server.definitions.pages import facts_of
from kb_server.definitions.service import Said
from kb_server.notifications import definitions, storage
from kb_server.notifications.models import Entry, Wiki
from kb_server.notifications.service import Teller
from kb_server.pages.manifest import Page, Term
from kb_server.people import absences, samples
from kb_server.people import service as people
from kb_server.people.roster import Roster, Team, from_data
from kb_server.wiki.history import Change
from kb_server.writing.models import By

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)  # a Monday
BY_LEE = Change("c0ffee", "2026-11-02T09:00:00+01:00", "lee@example.com", "Fourteen days")
OLD, NEW, REWORDED = "In the last 30 days.", "In the last 14 days.", "In the last 30 “days”."


def mql(text: str, review: str = "", owner: str = "vera") -> Page:
    """A definition of Sales and Marketing."""
    meta = {"owner": owner} | ({"review": review} if review else {})
    plain: Page = page("mql", text, title="Qualified lead", kind="definition")
    term = Term(f"## Definition\n\n{text}", f"<p>{text}</p>", text, lines=(1, 3))
    return replace(plain, teams=("sales", "marketing"), meta=meta, binding=f"1:{text}", term=term)


@dataclass
class Company:
    """Three teams on a store, builds that are published a day apart, and what tells people."""

    database: Database
    roster: Roster
    page: Page
    now: datetime = NOW
    teller: Teller = field(init=False)

    @property
    def facts(self) -> Facts:
        found = facts_of(self.page)
        assert found
        return found

    def publish(self, text: str, change: Change | None = BY_LEE, **how: str) -> None:
        self.now += timedelta(days=1)
        self.page = mql(text, **how)
        with self.database.read() as connection:
            made = publishing.plan(connection, f"build-{self.now.day}", [self.page], self.roster, lambda _: change)
        with self.database.transaction() as connection:
            publishing.publish(connection, made, self.now)

    def by(self, handle: str) -> By:
        with self.database.transaction() as connection:
            person = people.person_for(connection, handle, self.roster, self.now)
            actor = people.actor_of(connection, person, self.roster)
            return By(speaking.speaking(connection, actor, self.roster, self.now), self.roster, self.now)

    def say(self, handle: str, says: Says = AGREE, reason: str = "", team: str = "", own: str = "") -> None:
        by = self.by(handle)
        self.now += timedelta(minutes=1)
        team = team or {"sam": "sales", "mia": "marketing"}[handle]
        with self.database.transaction() as connection:
            said = Said(team, self.facts.digest, says, reason or ("Why?" if says == NOT_YET and not own else ""), own)
            service.say(connection, replace(by, now=self.now), self.facts, said)

    def both_agree(self) -> None:
        self.say("sam")
        self.say("mia")

    def declare(self, handle: str, old: str) -> None:
        by = self.by(handle)
        with self.database.transaction() as connection:
            service.declare(connection, by, self.facts, f"1:{old}", "en")

    def days_later(self, days: int) -> None:
        self.now += timedelta(days=days)
        with self.database.transaction() as connection:
            service.settle(connection, self.facts, self.now)

    def go_away(self, handle: str, deputy: str = "") -> None:
        by = self.by(handle)
        with self.database.transaction() as connection:
            until = (self.now + timedelta(days=3)).date().isoformat()
            absences.go(connection, by.actor, self.roster, until, deputy, self.now)

    def with_team(self, team: str, **fields: object) -> None:
        changed: Team = replace(self.roster.teams[team], **fields)  # type: ignore[arg-type]
        self.roster = replace(self.roster, teams={**self.roster.teams, team: changed})

    def card(self, handle: str) -> definitions.Shown:
        """The definition as its card shows it to somebody."""
        actor = self.by(handle).actor
        about = ("mql", definitions.NAME, "mql", "agree", "", "", 1, "", "", "mql", "", "", "")
        wiki, entry = Wiki(self.roster, {"mql": self.page}), Entry(*about, facts={}, sample=False)
        with self.database.read() as connection:
            found = definitions.SOURCE.more(connection, wiki, actor, [entry], self.now)["mql"]
        assert isinstance(found, definitions.Shown)
        return found

    def waits(self) -> dict[str, list[str]]:
        """For whom anything waits, and why."""
        self.teller.take_in(self.now)
        found = {handle: self.by(handle).actor.id for handle in self.roster.people}
        with self.database.read() as connection:
            reasons = {
                handle: [one.reason for one in storage.waiting_for(connection, person, 50)]
                for handle, person in found.items()
            }
        return {handle: found for handle, found in reasons.items() if found}


@pytest.fixture
def company(database: Database, settings: Settings, publish: Callable[..., str]) -> Company:
    publish(page("home", url=""), page("mql", "Text", title="Qualified lead"))
    found = Company(database, from_data(ROSTER), mql(OLD))
    wiki = lambda: Wiki(found.roster, {"mql": found.page})  # noqa: E731
    found.teller = Teller(database, settings, wiki, (definitions.SOURCE,))
    return found


# ── For whom it waits ─────────────────────────────────────────────────────


def test_a_wording_waits_for_whoever_speaks_for_each_team_and_for_nobody_else(company: Company) -> None:
    company.publish(OLD)
    assert company.waits() == {"sam": ["agree"], "mia": ["agree"]}


def test_the_first_wording_of_a_definition_makes_no_mail_and_the_next_one_does(
    company: Company, postbox: Postbox
) -> None:
    company.publish(OLD)
    assert mails(company.teller, postbox) == []
    company.publish(NEW)
    found = mails(company.teller, postbox)
    assert to_whom(found) == ["mia", "sam"]
    assert found[0]["Subject"] == "A wording waits for your answer: Qualified lead"
    assert "http://localhost/d/mql/" in part(found[0], "plain")


def test_it_waits_no_more_for_a_team_that_has_answered(company: Company) -> None:
    company.publish(OLD)
    company.say("sam")
    assert company.waits() == {"mia": ["agree"]}
    company.say("mia")
    assert company.waits() == {}


def test_what_another_speaker_of_the_team_has_said_waits_no_more_for_the_first(company: Company) -> None:
    company.with_team("sales", speakers=("sam", "vera"))
    company.publish(OLD)
    assert company.waits() == {"sam": ["agree"], "mia": ["agree"], "vera": ["agree"]}
    company.say("vera", team="sales")
    assert company.waits() == {"mia": ["agree"]}


def test_who_speaks_for_both_teams_has_one_card_until_both_have_answered(company: Company) -> None:
    company.with_team("sales", speakers=("lee",))
    company.with_team("marketing", speakers=("lee",))
    company.publish(OLD, change=None)
    assert company.waits() == {"lee": ["agree"]}
    company.say("lee", team="sales")
    assert company.waits() == {"lee": ["agree"]}
    company.say("lee", team="marketing")
    assert company.waits() == {}


def test_what_its_proposer_alone_agreed_to_waits_for_everybody_else_who_speaks_for_a_team(company: Company) -> None:
    company.with_team("sales", speakers=("lee", "sam"))
    company.with_team("marketing", speakers=("lee", "mia"))
    company.publish(OLD)
    company.say("lee", team="sales")
    assert company.waits() == {"lee": ["agree"], "mia": ["agree"]}
    company.say("lee", team="marketing")
    assert company.waits() == {"sam": ["agree"], "mia": ["agree"]}
    shown = {handle: company.card(handle) for handle in ("sam", "mia", "lee")}
    assert {handle: [team.id for team in one.asked] for handle, one in shown.items()} == {
        "sam": ["sales"],
        "mia": ["marketing"],
        "lee": [],
    }
    missing = "Lee proposed it and agreed for all teams. Somebody else has to agree as well: Sam, Mia"
    assert {one.shown.alone for one in shown.values()} == {missing}
    company.say("mia")
    assert company.waits() == {}
    assert company.card("mia").shown.stands.state == "agreed"


def test_where_nobody_else_could_agree_it_waits_for_its_proposer_and_says_so(company: Company) -> None:
    company.with_team("sales", speakers=("lee",))
    company.with_team("marketing", speakers=("lee",))
    company.publish(OLD)
    company.say("lee", team="sales")
    company.say("lee", team="marketing")
    assert company.waits() == {"lee": ["agree"]}
    assert "name another speaker" in company.card("lee").shown.alone


def test_it_waits_for_the_deputy_of_somebody_away_and_ends_with_their_answer(company: Company) -> None:
    company.go_away("sam", "lee")
    company.publish(OLD)
    assert company.waits() == {"lee": ["agree"], "mia": ["agree"]}
    company.say("lee", team="sales")
    assert company.waits() == {"mia": ["agree"]}


def test_where_nobody_speaks_for_a_team_it_waits_for_nobody_of_it(company: Company) -> None:
    company.with_team("sales", speakers=())
    company.publish(OLD)
    assert company.waits() == {"mia": ["agree"]}


def test_a_newer_wording_takes_the_place_of_the_older_one_and_asks_both_again(company: Company) -> None:
    company.publish(OLD)
    company.say("sam")
    company.publish(NEW)
    assert company.waits() == {"sam": ["agree"], "mia": ["agree"]}


def test_who_had_said_not_yet_to_the_old_wording_is_asked_for_the_new_one(company: Company) -> None:
    company.publish(OLD)
    company.say("sam", NOT_YET)
    company.publish(NEW)
    assert company.waits() == {"sam": ["agree"], "mia": ["agree"]}


def test_a_wording_that_is_taken_back_to_what_was_agreed_waits_for_nobody(company: Company) -> None:
    company.publish(OLD)
    company.both_agree()
    company.publish(NEW)
    assert company.waits() == {"sam": ["agree"], "mia": ["agree"]}
    company.publish(OLD)
    assert company.waits() == {}


# ── What is said against it ───────────────────────────────────────────────


def test_not_yet_is_told_to_owner_proposer_and_whoever_speaks_for_the_others(
    company: Company, postbox: Postbox
) -> None:
    company.publish(OLD)
    company.say("sam", NOT_YET, own="Another text")
    assert company.waits() == {"mia": ["agree", "notyet"], "lee": ["notyet"], "vera": ["notyet"]}
    assert to_whom(mails(company.teller, postbox)) == ["lee", "mia", "vera"]


def test_what_was_said_of_a_wording_ends_with_the_next_one(company: Company) -> None:
    company.publish(OLD)
    company.say("sam", NOT_YET, own="Another text")
    assert company.waits() == {"mia": ["agree", "notyet"], "lee": ["notyet"], "vera": ["notyet"]}
    company.publish(NEW)
    assert company.waits() == {"sam": ["agree"], "mia": ["agree"]}


def test_an_agreement_that_is_taken_back_is_told(company: Company, postbox: Postbox) -> None:
    company.publish(OLD)
    company.both_agree()
    mails(company.teller, postbox)
    company.say("sam", BACK)
    assert company.waits() == {"mia": ["back"], "lee": ["back"], "vera": ["back"]}
    assert to_whom(mails(company.teller, postbox)) == ["lee", "mia", "vera"]


# ── In force, wording only, due ───────────────────────────────────────────


def test_what_comes_into_force_is_told_to_owner_proposer_and_watchers_and_waits_for_nobody(
    company: Company, postbox: Postbox
) -> None:
    otto = company.by("otto").actor.id
    with company.database.transaction() as connection:
        storage.set_watching(connection, otto, "page:mql", storage.CHOSEN, "2026-11-16T09:00:00Z")
    company.publish(OLD)
    mails(company.teller, postbox)
    company.both_agree()
    assert company.waits() == {}
    found = mails(company.teller, postbox)
    assert to_whom(found) == ["lee", "otto", "vera"]
    assert {str(one["Subject"]) for one in found} == {"In force, all teams agree: Qualified lead"}


def test_wording_only_is_told_to_those_who_agreed_until_the_day_by_which_they_may_object(company: Company) -> None:
    company.publish(OLD)
    company.both_agree()
    company.publish(REWORDED)
    company.declare("lee", OLD)
    assert company.waits() == {"sam": ["declared"], "mia": ["declared"]}
    with company.database.read() as connection:
        (entry,) = storage.waiting_for(connection, company.by("sam").actor.id, 5)
    assert entry.due == "2026-11-25T09:02:00Z"
    company.days_later(8)
    assert company.waits() == {}


def test_an_objection_is_told_once_and_the_wording_waits_for_the_others(company: Company) -> None:
    company.publish(OLD)
    company.both_agree()
    company.publish(REWORDED)
    company.declare("lee", OLD)
    company.say("sam", NOT_YET)
    assert company.waits() == {"mia": ["objected"], "lee": ["objected"], "vera": ["objected"]}
    company.say("mia")
    assert company.waits() == {"lee": ["objected"], "vera": ["objected"]}


def test_what_is_due_for_a_fresh_look_waits_for_each_team_until_it_has_looked(company: Company) -> None:
    company.publish(OLD, review="2026-12-01")
    company.both_agree()
    assert company.waits() == {}
    company.days_later(20)
    assert company.waits() == {"sam": ["fresh"], "mia": ["fresh"]}
    company.say("sam")
    assert company.waits() == {"mia": ["fresh"]}
    company.say("mia")
    assert company.waits() == {}


def test_a_sample_never_mails_but_for_what_somebody_really_says(company: Company, postbox: Postbox) -> None:
    company.publish(OLD)
    with company.database.transaction() as connection:
        samples.mark(connection, ["mql"])
    company.publish(NEW)
    assert mails(company.teller, postbox) == []
    company.say("sam", NOT_YET)
    assert to_whom(mails(company.teller, postbox)) == ["lee", "mia", "vera"]
