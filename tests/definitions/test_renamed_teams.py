"""Teams are renamed, merged and dissolved: what was said for them holds for the team they have become."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import by_hand
import pytest
from by_hand import page
from flask.testing import FlaskClient
from signing import OURS, sign_in

from kb_mkdocs.who import of_teams
from kb_server import holdings
from kb_server.builds.service import published_ids
from kb_server.config import Settings
from kb_server.definitions.apart.tally import Sorting, carried, digest_of
from kb_server.pages import slots
from kb_server.pages.manifest import Case, Page, Term
from kb_server.people import storage
from kb_server.people.models import Membership
from kb_server.people.roster import from_data
from kb_server.upkeep.doctor import examine
from kb_server.upkeep.models import State
from kb_server.wiki.teams import Team, Teams

SAYS = "The contact asked for a demo."
PLACES = "".join(slots.slot(place, "") for place in (slots.STATE, slots.GROUND, slots.FORCE, slots.ASKED))
CASE = Case("lead-a", "Lead A", "About a")


def mql(teams: Teams | None = None) -> Page:
    """A definition that was written when there were Sales and Marketing."""
    made = replace(
        page("mql", SAYS, title="Qualified lead", kind="definition"),
        teams=("sales", "marketing"),
        binding=f"1:{SAYS}",
        term=Term(f"## Definition\n\n{SAYS}", f"<p>{SAYS}</p>", SAYS),
        cases=(CASE,),
    )
    return of_teams(made, teams)


class Company:
    """A wiki whose teams.yml changes, and who reads it."""

    def __init__(self, client: FlaskClient, publish: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.client, self._publish, self._patch = client, publish, monkeypatch
        self.kb = client.application.extensions["kb"]
        self.show(None)

    def show(self, teams: Teams | None) -> None:
        self._publish(page("home", url=""), mql(teams), **{"mql/index.html": PLACES})
        self.kb.site.look()

    def becomes(self, *teams: Team, dissolved: tuple[str, ...] = ()) -> None:
        """Teams.yml has these teams from now on."""
        known = {team.id: team for team in teams}
        data = Teams(teams=known, dissolved=dissolved).for_roster()
        people = {
            name: one | {"teams": [team for team in one["teams"] if team in known]}
            for name, one in by_hand.ROSTER["people"].items()
        }
        for name, value in {"teams": data["teams"], "people": people, "dissolved": list(dissolved)}.items():
            self._patch.setitem(by_hand.ROSTER, name, value)
        self.show(Teams(teams=known))

    def as_(self, handle: str) -> FlaskClient:
        client = self.client.application.test_client()
        sign_in(client, handle)
        return client

    def sees(self, handle: str = "otto", path: str = "/mql/") -> str:
        return self.as_(handle).get(path).text

    def post(self, handle: str, path: str = "/d/mql/", **form: str) -> None:
        answer = self.as_(handle).post(path, data=form | {"digest": f"1:{SAYS}"}, headers=OURS)
        assert answer.status_code == 303, answer.text

    def sort(self, handle: str, team: str, verdict: str) -> None:
        form = {"item-0": CASE.id, "digest-0": digest_of(CASE), "verdict-0": verdict}
        self.post(handle, "/d/mql/cases/", team=team, **form)

    def joined(self, handle: str, team: str) -> None:
        """Somebody was let into a team."""
        self.as_(handle)
        with self.kb.database.transaction() as connection:
            person = storage.person_by_handle(connection, handle)
            assert person
            storage.add_membership(connection, Membership(person.id, team, confirmed=True), "2026-11-01T09:00:00Z")


@pytest.fixture
def company(client: FlaskClient, publish: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Company:
    found = Company(client, publish, monkeypatch)
    found.post("sam", team="sales", says="agree")
    found.post("mia", team="marketing", says="agree")
    found.joined("otto", "sales")
    return found


MARKETING = Team("marketing", "Marketing", "plum", speakers=("mia",))
SELLING = Team("selling", "Selling", "blue", speakers=("sam",), liaisons=("lee",), was=("sales",))
REVENUE = Team("revenue", "Revenue", "blue", speakers=("sam",), was=("sales", "marketing"))


def test_a_renamed_team_has_agreed_sorted_and_its_people_under_its_new_name(company: Company) -> None:
    company.sort("sam", "sales", "yes")
    company.sort("mia", "marketing", "no")
    company.becomes(SELLING, MARKETING)
    html = company.sees()
    assert 'data-state="agreed"' in html
    assert "<b>Selling</b> agrees" in html
    assert "<b>Selling</b> agrees" in company.sees(path="/p/mql/v/1/")
    assert "Sam agreed for Selling" in company.sees(path="/d/mql/")
    cases = company.sees(path="/d/mql/cases/")
    assert "<b>Selling</b><strong>Yes, it is one</strong>" in cases
    assert company.as_("otto").get("/api/v1/me").json["teams"] == ["selling"]
    assert '"selling" selected' in company.sees(path="/d/?team=sales")
    assert "Take our agreement back" in company.sees("sam", "/d/mql/")
    company.post("otto", "/account/teams/leave/", team="selling")
    assert company.as_("otto").get("/api/v1/me").json["teams"] == []


def test_teams_that_were_merged_go_on_agreeing_as_one(company: Company) -> None:
    company.becomes(REVENUE)
    assert 'data-state="agreed"' in company.sees()
    assert company.sees().count("<b>Revenue</b> agrees") == 1
    assert company.sees(path="/p/mql/v/1/").count("<b>Revenue</b> agrees") == 1


def test_what_a_renamed_team_has_against_it_stays(company: Company) -> None:
    company.post("sam", team="sales", says="notyet", own="Who has a budget.")
    company.becomes(SELLING, MARKETING)
    assert 'data-state="differ"' in company.sees()


def test_a_merged_team_says_nothing_of_a_case_its_parts_saw_differently() -> None:
    said = [
        Sorting(number, "mql", CASE.id, digest_of(CASE), team, "p_1", "", verdict)
        for number, (team, verdict) in enumerate([("sales", "yes"), ("marketing", "no"), ("success", "no")])
    ]
    formers = {"revenue": ("sales", "marketing")}
    assert [one.team for one in carried(said, formers)] == ["success"]
    assert [one.team for one in carried(said[:1], formers)] == ["revenue"]
    assert [one.team for one in carried([*said[:2], replace(said[0], number=9, verdict="no")], formers)] == [
        "revenue"
    ] * 3


def test_a_group_of_the_old_name_leads_to_the_team_of_now() -> None:
    roster = from_data(Teams(teams={"selling": SELLING}).for_roster())
    assert roster.teams_called(["/sales", "nobody"]) == {"selling"}
    assert roster.teams_called(["all"], {"all": "sales"}) == {"selling"}


def test_the_doctor_names_a_team_that_is_gone_until_teams_yml_says_what_became_of_it(
    company: Company, settings: Settings
) -> None:
    def look() -> list[tuple[State, str]]:
        found = examine(settings, published_ids, named=holdings.teams)
        return [(check.state, check.remedy) for check in found if check.name == "teams"]

    assert look() == [(State.OK, "")]
    company.becomes(MARKETING)
    ((state, remedy),) = look()
    assert state == State.ATTENTION
    assert "`was: [sales]`" in remedy
    company.becomes(MARKETING, dissolved=("sales",))
    assert look() == [(State.OK, "")]
    company.becomes(MARKETING, SELLING)
    assert look() == [(State.OK, "")]
