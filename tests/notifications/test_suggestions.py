"""Who is told of a suggestion, for whom it waits and until when: by the people of three teams, on real stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from by_hand import ROSTER, page
from notifications.telling import links, mails, owned, part, stop_of, to_whom
from postbox import Postbox

from kb_server.activity.storage import THE_BUILD, record
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.notifications import conversations, storage, suggestions
from kb_server.notifications.models import Wiki
from kb_server.notifications.service import Teller
from kb_server.pages.manifest import Page
from kb_server.people import absences
from kb_server.people import service as people
from kb_server.people.models import Actor
from kb_server.people.roster import Roster, Team, from_data
from kb_server.people.secret import stamp
from kb_server.suggestions import acts, reading, service
from kb_server.suggestions.applying import service as applying
from kb_server.suggestions.closing import ending
from kb_server.suggestions.closing import storage as closing
from kb_server.suggestions.closing.models import Landing
from kb_server.suggestions.edits import storage as edits
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.suggestions.models import HEAD, LIAISON, Asking, Given, Suggestion
from kb_server.suggestions.states import DELIVER, UNDO
from kb_server.writing.models import By, Place, Said

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)  # a Monday
ASKS = "One slide on pricing for the October webinar"


@dataclass
class Company:
    """Three teams on a store, and what tells them."""

    database: Database
    roster: Roster
    pages: dict[str, Page]
    teller: Teller
    now: datetime = NOW

    def by(self, handle: str) -> By:
        with self.database.transaction() as connection:
            person = people.person_for(connection, handle, self.roster, self.now)
            return By(people.actor_of(connection, person, self.roster), self.roster, self.now, posts=10_000)

    def ask(self, handle: str, to_team: str = "sales", text: str = ASKS, page: str = "", of: str = "") -> Suggestion:
        by = self.by(handle)
        place = Place(page, self.pages[page].title, self.pages[page].url) if page else None
        of = of or next(iter(sorted(by.actor.teams)), "")
        with self.database.transaction() as connection:
            return service.ask(connection, by, Asking(Said(text), to_team, of, place=place))

    def act(self, handle: str, one: Suggestion, act: str, words: str = "", **given: object) -> Suggestion:
        by = self.by(handle)
        with self.database.transaction() as connection:
            now = reading.suggestion(connection, one.number)
            assert now
            return service.act(connection, by, now, Given(act, words, version=now.version, **given))  # type: ignore[arg-type]

    def plan(self, handle: str, one: Suggestion, owner: str) -> Suggestion:
        return self.act(handle, one, "plan", owner=owner, by_when="2026-11-30")

    def vote(self, handle: str, one: Suggestion) -> None:
        by = self.by(handle)
        with self.database.transaction() as connection:
            service.vote(connection, by, one)

    def remark(self, handle: str, one: Suggestion, text: str) -> None:
        by = self.by(handle)
        with self.database.transaction() as connection:
            service.remark(connection, by, one, Said(text))

    def pass_on(self, one: Suggestion, to: str) -> None:
        """What a tick finds when nobody has answered in time."""
        data = {"number": one.number, "page": one.page, "from": one.from_team, "to": one.to_team, "state": one.state}
        with self.database.transaction() as connection:
            data |= {"remark": "", "mentions": [], "teams": [], "passed": to}
            record(connection, actor="tick", verb="suggestion.late", subject=one.name, data=data)

    def go_away(self, handle: str, deputy: str = "") -> None:
        by = self.by(handle)
        with self.database.transaction() as connection:
            until = (self.now + timedelta(days=3)).date().isoformat()
            absences.go(connection, by.actor, self.roster, until, deputy, self.now)

    def waits(self, handle: str) -> list[tuple[str, str]]:
        """Why something waits for somebody, and which suggestion."""
        me = self.by(handle).actor
        self.teller.take_in(self.now)
        with self.database.read() as connection:
            return [(one.reason, one.subject) for one in storage.waiting_for(connection, me.id, 50)]

    def all_wait(self) -> dict[str, list[str]]:
        """For whom anything waits, and why."""
        found = {handle: [reason for reason, _ in self.waits(handle)] for handle in self.roster.people}
        return {handle: reasons for handle, reasons in found.items() if reasons}

    def with_team(self, team: str, **fields: object) -> None:
        changed: Team = replace(self.roster.teams[team], **fields)  # type: ignore[arg-type]
        self.roster = replace(self.roster, teams={**self.roster.teams, team: changed})


@pytest.fixture
def company(database: Database, settings: Settings, publish: Callable[..., str]) -> Company:
    pages = [
        page("home", url=""),
        owned("sams", "sam", "sales", title="What Sales does"),
        owned("mias", "mia", "marketing", title="What Marketing does"),
    ]
    publish(*pages)
    found = Company(database, from_data(ROSTER), {one.id: one for one in pages}, None)  # type: ignore[arg-type]
    sources = (conversations.SOURCE, suggestions.SOURCE)
    found.teller = Teller(database, settings, lambda: Wiki(found.roster, found.pages), sources)
    return found


# ── For whom it waits ─────────────────────────────────────────────────────


def test_a_suggestion_waits_for_whoever_speaks_for_the_team_and_says_when_it_is_due(company: Company) -> None:
    one = company.ask("mia")
    assert company.waits("sam") == [("asked", one.name)]
    assert company.all_wait() == {"sam": ["asked"]}
    with company.database.read() as connection:
        (entry,) = storage.waiting_for(connection, company.by("sam").actor.id, 5)
    assert entry.due == one.due
    assert entry.due > "2026-11-16"


def test_about_a_page_it_waits_for_its_owner_if_they_are_of_the_team(company: Company) -> None:
    company.with_team("sales", speakers=("lee",))
    company.ask("mia", page="sams")
    assert company.all_wait() == {"sam": ["asked"]}


def test_a_page_of_somebody_elses_changes_nothing(company: Company) -> None:
    company.ask("vera", page="mias")
    assert company.all_wait() == {"sam": ["asked"]}


def test_who_answers_for_the_team_comes_before_who_speaks_for_it(company: Company) -> None:
    company.with_team("sales", answers=("lee",))
    company.ask("mia")
    assert company.all_wait() == {"lee": ["asked"]}


def test_it_waits_for_somebody_whoever_a_team_names(company: Company) -> None:
    company.with_team("sales", speakers=(), liaisons=())
    company.ask("mia")
    assert company.all_wait() == {"sam": ["asked"]}  # the head
    company.with_team("marketing", speakers=(), liaisons=(), head="")
    company.ask("sam", "marketing")
    assert company.all_wait() == {"sam": ["asked"], "ada": ["asked"]}


def test_somebody_away_is_stood_in_for_by_their_deputy(company: Company) -> None:
    company.go_away("sam", "lee")
    company.ask("mia")
    assert company.all_wait() == {"lee": ["asked"]}


def test_where_a_deputy_of_the_team_is_away_too_the_next_ones_are_asked(company: Company) -> None:
    company.with_team("sales", answers=("sam",), deputies={"sam": ("lee",)}, speakers=("sam",), liaisons=("vera",))
    company.go_away("sam")
    company.go_away("lee")
    company.ask("mia")
    assert company.all_wait() == {"vera": ["asked"]}


def test_where_all_are_away_it_waits_for_the_one_it_is_for(company: Company) -> None:
    for handle in ("sam", "lee", "ada"):
        company.go_away(handle)
    company.ask("mia")
    assert company.all_wait() == {"sam": ["asked"]}


def test_nobody_waits_for_themselves(company: Company) -> None:
    company.ask("sam")
    assert company.all_wait() == {}


# ── Answers ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("act", "given", "reason"),
    [
        ("plan", {"owner": "lee", "by_when": "2026-11-30"}, "planned"),
        ("decline", {"words": "We have no slide."}, "notnow"),
        ("finish", {}, "done"),
    ],
)
def test_an_answer_waits_for_whoever_asked_and_the_question_for_nobody(
    company: Company, act: str, given: dict[str, str], reason: str
) -> None:
    one = company.ask("mia")
    company.act("lee", one, act, **given)  # type: ignore[arg-type]
    assert company.all_wait() == {"mia": [reason]}


def test_who_is_said_to_do_it_hears_of_it_and_watches(company: Company) -> None:
    one = company.ask("mia")
    company.plan("lee", one, "sam")
    assert company.all_wait() == {"sam": ["yours"], "mia": ["planned"]}
    with company.database.read() as connection:
        assert storage.watched_by(connection, company.by("sam").actor.id) == {f"suggestion:{one.number}": "auto"}


def test_what_somebody_else_does_is_theirs_no_more(company: Company) -> None:
    one = company.ask("mia")
    company.plan("lee", one, "sam")
    company.plan("lee", one, "lee")
    assert company.all_wait() == {"mia": ["planned"]}


def test_more_is_asked_of_whoever_asked_and_comes_back_to_whoever_answers(company: Company) -> None:
    one = company.ask("mia")
    company.act("sam", one, "ask", "Which prices?")
    assert company.all_wait() == {"mia": ["more"]}
    company.act("mia", one, "tell", "The list prices.")
    assert company.all_wait() == {"sam": ["told"]}


def test_what_was_asked_already_comes_back_when_it_was_not(company: Company) -> None:
    first, second = company.ask("mia"), company.ask("vera", text="The same slide, please")
    company.act("sam", second, "join", into=first.number)
    assert company.all_wait() == {"sam": ["asked"], "vera": ["joined"]}
    company.act("vera", second, "part")
    assert company.waits("sam") == [("asked", first.name), ("again", second.name)]
    assert company.waits("vera") == []


def test_whoever_asked_for_the_same_hears_what_becomes_of_it(company: Company) -> None:
    first, second = company.ask("mia"), company.ask("vera", text="The same slide, please")
    company.act("sam", second, "join", into=first.number)
    company.act("sam", first, "finish")
    assert company.waits("mia") == [("done", first.name)]
    assert ("done", first.name) in company.waits("vera")


def test_reopened_it_waits_for_an_answer_again(company: Company) -> None:
    one = company.ask("mia")
    company.act("sam", one, "finish")
    company.act("mia", one, "reopen", "It is on no slide.")
    assert company.all_wait() == {"sam": ["again"]}


def test_taken_back_it_waits_for_nobody(company: Company) -> None:
    one = company.ask("mia")
    company.act("mia", one, "back")
    assert company.all_wait() == {}


def test_another_team_that_is_asked_instead_has_to_answer(company: Company) -> None:
    one = company.ask("vera")
    by = company.by("sam")
    with company.database.transaction() as connection:
        service.address(connection, by, one, "marketing", one.version)
    assert company.all_wait() == {"mia": ["asked"]}


def test_what_is_hidden_waits_for_nobody_and_comes_back(company: Company) -> None:
    one, by = company.ask("mia"), company.by("ada")
    with company.database.transaction() as connection:
        service.hide(connection, by, one)
    assert company.all_wait() == {}
    with company.database.transaction() as connection:
        service.show(connection, by, one)
    assert company.all_wait() == {"sam": ["asked"]}


# ── Late ──────────────────────────────────────────────────────────────────


def test_late_it_is_passed_to_the_liaison_and_then_to_the_head(company: Company) -> None:
    company.with_team("sales", head="ada", speakers=("sam",), liaisons=("lee",))
    one = company.ask("mia")
    company.pass_on(one, LIAISON)
    assert company.all_wait() == {"sam": ["asked"], "lee": ["late"]}
    company.pass_on(one, HEAD)
    assert company.all_wait() == {"sam": ["asked"], "lee": ["late"], "ada": ["late"]}
    company.plan("lee", one, "sam")
    assert company.all_wait() == {"sam": ["yours"], "mia": ["planned"]}


def test_what_was_answered_meanwhile_is_passed_to_nobody(company: Company) -> None:
    one = company.ask("mia")
    company.act("sam", one, "finish")
    company.pass_on(one, LIAISON)
    assert company.all_wait() == {"mia": ["done"]}


# ── Who hears of it ───────────────────────────────────────────────────────


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox() as box:
        yield box


@pytest.fixture
def settings(settings: Settings, postbox: Postbox) -> Settings:
    mail = {"mail_url": postbox.url, "mail_from": "Common Ground <wiki@example.com>", "base_url": "http://localhost"}
    return replace(settings, mails_per_hour=10_000, **mail)  # type: ignore[arg-type]


def test_everybody_who_agreed_hears_of_the_answer(company: Company, postbox: Postbox) -> None:
    one = company.ask("mia")
    company.vote("vera", one)
    company.vote("otto", one)
    mails(company.teller, postbox)
    company.act("sam", one, "decline", "We have no slide.")
    found = mails(company.teller, postbox)
    assert to_whom(found) == ["mia", "otto", "vera"]
    assert {str(mail["Subject"]) for mail in found} == {f"Sam says not now: {ASKS}"}
    assert "> We have no slide." in part(found[0], "plain")


EDIT = KeptEdit("docs/a.md", "## A\n\nOld.", "## A\n\nNew.", 3, "A", page="a", section="a", build="b1")


def apply(company: Company, handle: str, one: Suggestion) -> None:
    """Have it proposed at a forge."""
    by = company.by(handle)
    with company.database.transaction() as connection:
        edits.add(connection, one.number, one.version, stamp(NOW), [EDIT])
        ready = applying.Wanted(one, edits.edits_of(connection, one.number), "Mia", "mia@example.com")
        applying.record(connection, by, ready, "https://forge.example/pulls/1")


def test_everybody_who_agreed_hears_once_that_the_change_is_proposed(company: Company, postbox: Postbox) -> None:
    one, planned = company.ask("mia"), company.ask("mia", text="Another slide")
    company.vote("vera", one)
    company.plan("sam", planned, "sam")
    mails(company.teller, postbox)
    apply(company, "sam", one)
    assert to_whom(found := mails(company.teller, postbox)) == ["mia", "vera"], "answered and proposed is one thing"
    assert {str(mail["Subject"]) for mail in found} == {f"Sam proposed the change to the text: {ASKS}"}
    apply(company, "lee", planned)
    assert to_whom(mails(company.teller, postbox)) == ["mia", "sam"], "who does it watches it"
    assert company.waits("mia") == [("applied", one.name), ("applied", planned.name)]
    company.act("sam", one, "finish")
    assert ("applied", one.name) not in company.waits("mia")


def test_whoever_asked_and_whoever_does_it_hear_that_somebody_carried_the_text_over(
    company: Company, postbox: Postbox
) -> None:
    one, by = company.plan("sam", company.ask("mia"), "sam"), company.by("lee")
    mails(company.teller, postbox)
    with company.database.transaction() as connection:
        acts.log(connection, by, "carried", one)
    assert to_whom(mails(company.teller, postbox)) == ["mia", "sam"]


def test_who_agreed_with_what_joined_it_hears_of_it_too(company: Company, postbox: Postbox) -> None:
    first, second = company.ask("mia"), company.ask("vera", text="The same slide, please")
    company.vote("otto", second)
    company.act("sam", second, "join", into=first.number)
    mails(company.teller, postbox)
    company.act("sam", first, "finish")
    assert to_whom(mails(company.teller, postbox)) == ["mia", "otto", "vera"]


def test_what_parts_again_waits_for_whom_it_waited_before(company: Company) -> None:
    first = company.ask("vera")
    asked = company.act("sam", company.ask("mia", text="The same"), "ask", "Which slide?")
    assert company.all_wait() == {"sam": ["asked"], "mia": ["more"]}
    company.act("sam", asked, "join", into=first.number)
    assert company.all_wait() == {"sam": ["asked"], "mia": ["joined"]}
    company.act("sam", asked, "part")
    assert company.all_wait() == {"sam": ["asked"], "mia": ["more"]}


def test_what_parts_again_is_not_said_to_wait_where_it_does_not(company: Company, postbox: Postbox) -> None:
    first = company.ask("vera")
    planned = company.plan("sam", company.ask("mia"), "lee")
    company.act("sam", planned, "join", into=first.number)
    assert "lee" not in company.all_wait()
    mails(company.teller, postbox)
    company.act("sam", planned, "part")
    found = {str(mail["To"]).split("@")[0]: str(mail["Subject"]) for mail in mails(company.teller, postbox)}
    assert found == {"mia": f"Sam says it was not asked before: {ASKS}", "lee": f"Sam named you to do it: {ASKS}"}
    assert company.all_wait()["lee"] == ["yours"]


def test_a_remark_reaches_those_who_watch_and_a_mention_whom_it_means(company: Company, postbox: Postbox) -> None:
    one = company.ask("mia")
    company.vote("otto", one)
    mails(company.teller, postbox)
    company.remark("sam", one, "Does @vera have one?")
    found = mails(company.teller, postbox)
    assert to_whom(found) == ["mia", "otto", "vera"]
    assert str(found[2]["Subject"]) == f"Sam mentioned you: {ASKS}"
    assert company.all_wait() == {"sam": ["asked"], "vera": ["mention"]}


def test_one_click_in_the_mail_leads_to_where_it_is_answered(company: Company, postbox: Postbox) -> None:
    one = company.ask("mia")
    (mail,) = mails(company.teller, postbox)
    assert str(mail["To"]).startswith("sam@")
    assert str(mail["Subject"]) == f"Mia suggests: {ASKS}"
    assert f"http://localhost/suggestions/answer/?first={one.number}" in links(mail)
    assert part(mail, "plain").count(ASKS) == 1, "one line is not quoted below itself"
    company.act("sam", one, "finish")
    (told,) = mails(company.teller, postbox)
    assert f"http://localhost/s/{one.number}/" in links(told)
    assert told["References"] == mail["References"]


def test_who_watches_it_no_more_hears_of_no_remark_but_is_asked_all_the_same(
    company: Company, postbox: Postbox
) -> None:
    one = company.ask("mia")
    mails(company.teller, postbox)
    for handle in ("mia", "sam"):
        me = company.by(handle).actor.id
        with company.database.transaction() as connection:
            storage.set_watching(connection, me, f"suggestion:{one.number}", storage.OFF, "2026-11-16T09:00:00Z")
    company.remark("vera", one, "Please do.")
    assert mails(company.teller, postbox) == []
    company.act("sam", one, "ask", "Which prices?")
    assert to_whom(mails(company.teller, postbox)) == ["mia", "vera"]


def test_the_mail_about_one_suggestion_can_be_ended(company: Company, postbox: Postbox) -> None:
    one = company.ask("mia")
    company.vote("vera", one)
    mails(company.teller, postbox)
    company.remark("sam", one, "We look into it.")
    found = {str(mail["To"]).partition("@")[0]: mail for mail in mails(company.teller, postbox)}
    assert any(f"suggestion%3A{one.number}" in link for link in links(found["vera"]))
    assert "/all/" in stop_of(found["vera"])


def test_an_erased_person_is_told_nothing(company: Company, postbox: Postbox) -> None:
    one = company.ask("mia")
    company.vote("vera", one)
    gone = company.by("vera").actor.id
    with company.database.transaction() as connection:
        connection.execute(sa.text("UPDATE people SET erased = 1 WHERE id = :id"), {"id": gone})
    mails(company.teller, postbox)
    company.act("sam", one, "finish")
    assert to_whom(mails(company.teller, postbox)) == ["mia"]


# ── What goes live ────────────────────────────────────────────────────────


def landed(company: Company, one: Suggestion, act: str = "") -> None:
    """A published commit of Lee's closes it, or does another act; without one it only refers to it."""
    by = replace(company.by("lee"), actor=Actor(THE_BUILD))
    told: dict[str, object] = {"commit": "c0ffee", "made_by": company.by("lee").actor.id}
    with company.database.transaction() as connection:
        if act:
            ending.deliver(connection, by, one, act, told)
        else:
            acts.log(connection, by, "referred", one, acts.Told(), **told)


def test_whoever_asked_and_whoever_agreed_hear_that_it_is_live(company: Company, postbox: Postbox) -> None:
    one = company.ask("mia")
    company.vote("vera", one)
    mails(company.teller, postbox)
    landed(company, one, DELIVER)
    found = mails(company.teller, postbox)
    assert to_whom(found) == ["mia", "vera"]
    assert str(found[0]["Subject"]) == f"Done, and live: {ASKS}"
    assert company.all_wait() == {"mia": ["live"]}
    landed(company, one, UNDO)
    assert company.all_wait() == {"sam": ["again"]}


def test_whoever_does_it_is_asked_whether_a_change_finishes_it(company: Company, postbox: Postbox) -> None:
    one = company.plan("sam", company.ask("mia"), "lee")
    mails(company.teller, postbox)
    landed(company, one)
    assert str(mails(company.teller, postbox)[0]["Subject"]) == f"A change names it. Does that finish it? {ASKS}"
    assert company.waits("lee") == [("refers", one.name)]
    by = company.by("sam")
    with company.database.transaction() as connection:
        closing.add(connection, [Landing(one.number, "refs", ("c0ffee",))])
        service.keep_open(connection, by, one)
    assert company.waits("lee") == [("yours", one.name)]
    assert mails(company.teller, postbox) == []
    landed(company, one)
    company.act("sam", one, "finish")
    assert company.all_wait() == {"mia": ["done"]}
