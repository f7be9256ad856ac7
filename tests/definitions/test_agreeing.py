"""Agreeing in the browser: what people see of a definition, and say to it, without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import pytest
import sqlalchemy as sa
from by_hand import page
from flask.testing import FlaskClient
from signing import OURS, sign_in
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.definitions.storage import declarations, versions
from kb_server.pages import slots
from kb_server.pages.manifest import Page, Term

PLACES = (slots.STATE, slots.FORCE, slots.GROUND, slots.NEW, slots.NEW_END, slots.ASKED)
TEXT = "".join(slots.slot(place, f"[{place}]") for place in (*PLACES, *map(slots.example, range(3))))
TEAMS = ("sales", "marketing")
OLD = "In the last 30 days the contact asked for a demo."
NEW = "In the last 14 days the contact asked for a demo or a call back."
REWORDED = "In the last 30 days the contact asked for a “demo”."


def mql(text: str, *examples: str) -> Page:
    """A definition of Sales and Marketing, owned by Lee."""
    html = f'<h2>Definition</h2>\n<p>{text} <a href="{{base}}p/icp/">ICP</a></p>\n<ol><li>One</li></ol>'
    return replace(
        page("mql", text, title="Marketing qualified lead", kind="definition"),
        teams=TEAMS,
        meta={"owner": "lee"},
        binding=f"1:{text}",
        term=Term(f"## Definition\n\n{text}", html, text, examples),
    )


class Wiki:
    """The served wiki, and browsers in which people are signed in."""

    def __init__(self, client: FlaskClient, publish: Callable[..., str]) -> None:
        self._client, self._publish = client, publish
        self.digest = ""

    def says(self, text: str, *examples: str, owner: str = "lee", teams: tuple[str, ...] = TEAMS) -> Wiki:
        shown = replace(mql(text, *examples), meta={"owner": owner}, teams=teams)
        self._publish(page("home", url=""), shown, **{"mql/index.html": TEXT})
        self._client.application.extensions["kb"].site.look()
        self.digest = f"1:{text}"
        return self

    def without_it(self) -> None:
        """The definition is gone."""
        self._publish(page("home", url=""))
        self._client.application.extensions["kb"].site.look()

    def as_(self, handle: str) -> FlaskClient:
        client = self._client.application.test_client()
        if handle:
            sign_in(client, handle)
        return client

    def sees(self, handle: str = "sam", path: str = "/mql/") -> str:
        return self.as_(handle).get(path).text

    def post(self, handle: str, says: str = "agree", team: str = "", **form: str) -> TestResponse:
        team = team or {"sam": "sales", "mia": "marketing"}.get(handle, "sales")
        form = {"team": team, "says": says, "digest": self.digest} | form
        return self.as_(handle).post("/d/mql/", data=form, headers=OURS)

    def both_agree(self) -> Wiki:
        for handle in ("sam", "mia"):
            assert self.post(handle).status_code == 303
        return self


@pytest.fixture
def wiki(client: FlaskClient, publish: Callable[..., str]) -> Wiki:
    return Wiki(client, publish).says(OLD, "1:a", "1:b")


def test_who_speaks_for_a_team_is_asked_on_the_page_and_nobody_else(wiki: Wiki) -> None:
    assert "Agree for Sales" in wiki.sees("sam")
    assert "Agree for Marketing" not in wiki.sees("sam")
    for handle in ("lee", "otto", "ada"):
        assert "Agree for" not in wiki.sees(handle)
        assert "[asked]" in wiki.sees(handle)


def test_whoever_is_to_agree_reads_the_text_beside_the_button(wiki: Wiki) -> None:
    html = wiki.sees("sam", "/d/mql/")
    assert html.index(OLD) < html.index("Agree for Sales")
    assert '<a href="/p/icp/">ICP</a>' in html


def test_one_click_agrees_and_leads_back_to_the_page(wiki: Wiki) -> None:
    answer = wiki.post("sam")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/mql/")
    html = wiki.sees("sam")
    assert "Agree for" not in html
    assert "<b>Sales</b> agrees" in html
    assert "Sam, " in html
    assert "<b>Marketing</b> has not answered" in html


def test_when_both_have_agreed_it_says_so_and_since_when(wiki: Wiki) -> None:
    html = wiki.both_agree().sees("otto")
    assert 'data-state="agreed"' in html
    assert "Version 1, since" in html
    assert "[force]" not in html


def test_a_newer_wording_stands_below_the_text_in_force_with_its_differences(wiki: Wiki) -> None:
    html = wiki.both_agree().says(NEW).sees("otto")
    assert 'data-state="wording"' in html
    assert "Version 1 stays in force until all teams agree" in html
    assert html.index("In force: version 1") < html.index("New wording: 1 line changed, a number among it")
    assert "<del>30</del><ins>14</ins>" in html
    assert '<p class="kb-lead kb-flat">In the last 30 days' in html
    assert 'href="/p/icp/"' in html
    assert '<ol class="kb-list kb-criteria">' in html


def test_what_was_added_since_is_not_agreed_yet(wiki: Wiki) -> None:
    html = wiki.both_agree().says(OLD, "1:a", "1:c", "1:b").sees("otto")
    assert "[example-0]" in html
    assert "Added since, not yet agreed" in html.split("[example-0]")[1].split("[example-2]")[0]
    assert 'data-state="agreed"' in html


def test_not_yet_is_said_with_a_reason_and_a_text_of_one_s_own(wiki: Wiki) -> None:
    assert wiki.post("sam", "notyet", reason="Too short", own="Who told us <b>a budget</b>.").status_code == 303
    html = wiki.sees("mia")
    assert 'data-state="differ"' in html
    assert "<b>a budget" not in html
    assert 'class="kb-own kb-hue-blue"' in html
    assert "The page’s text" in html
    assert "How Sales sees it" in html


def test_what_is_missing_is_said_and_what_was_typed_is_kept(wiki: Wiki) -> None:
    answer = wiki.post("sam", "notyet")
    assert answer.status_code == 422
    long = "x" * 301
    answer = wiki.post("sam", "notyet", reason=long)
    assert answer.status_code == 422
    assert long in answer.text


def test_who_was_signed_out_meanwhile_finds_every_word_again_after_signing_in(wiki: Wiki) -> None:
    browser = wiki.as_("")
    form = {"team": "sales", "says": "notyet", "reason": "Two weeks are few", "own": "In a month.", "back": "/waiting/"}
    answer = browser.post("/d/mql/", data=form | {"digest": wiki.digest}, headers=OURS)
    assert answer.status_code == 401
    assert "Two weeks are few" in answer.text
    assert "In a month." in answer.text
    found = re.search(r"%2Fdefinitions%2Fdraft%2F([^%\"]+)%2F|/definitions/draft/([^/\"]+)/", answer.text)
    assert found
    draft = found[1] or found[2]
    assert wiki.as_("mia").get(f"/definitions/draft/{draft}/").status_code == 404  # in another browser
    sign_in(browser, "sam")
    again = browser.get(f"/definitions/draft/{draft}/").text
    assert "Two weeks are few" in again
    assert "In a month." in again
    assert 'value="/waiting/"' in again
    sent = browser.post("/d/mql/", data=form | {"digest": wiki.digest, "draft": draft}, headers=OURS)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/waiting/")
    assert "In a month." in wiki.sees("mia", "/d/mql/")
    assert browser.get(f"/definitions/draft/{draft}/").status_code == 404


def test_what_was_typed_stays_where_its_form_does_not_stand_any_more(
    wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {"reason": "Two weeks are few"}
    for status, team, digest in ((409, "sales", "1:older"), (403, "marketing", wiki.digest)):
        wiki.post("sam")
        answer = wiki.post("sam", "notyet", team, digest=digest, **typed)  # it agreed in another tab; it is not theirs
        assert (answer.status_code, "Two weeks are few" in answer.text) == (status, True)
    with monkeypatch.context() as away:
        sam = wiki.as_("sam")
        away.setattr(Database, "read", _unreachable)
        away.setattr(Database, "transaction", _unreachable)
        answer = sam.post("/d/mql/", data={"team": "sales", "says": "notyet", "digest": "x", **typed}, headers=OURS)
        assert (answer.status_code, "Two weeks are few" in answer.text) == (503, True)
    wiki.without_it()
    answer = wiki.post("sam", "notyet", **typed)
    assert (answer.status_code, "Two weeks are few" in answer.text) == (404, True)


def _unreachable(_database: Database) -> NoReturn:
    raise OperationalError("SELECT", {}, Exception("server closed the connection"))


def test_a_wording_that_changed_meanwhile_is_shown_and_nothing_is_lost(wiki: Wiki) -> None:
    old = wiki.digest
    wiki.both_agree().says(NEW)
    answer = wiki.post("sam", "notyet", reason="Two weeks are few", digest=old)
    assert answer.status_code == 409
    assert "Two weeks are few" in answer.text
    assert "<ins>14</ins>" in answer.text


@pytest.mark.parametrize(
    ("handle", "team"), [("sam", "marketing"), ("lee", "sales"), ("ada", "sales"), ("otto", "sales")]
)
def test_nobody_speaks_for_a_team_that_is_not_theirs(wiki: Wiki, handle: str, team: str) -> None:
    assert wiki.post(handle, team=team).status_code == 403


def test_nobody_agrees_from_elsewhere(wiki: Wiki) -> None:
    answer = wiki.as_("sam").post("/d/mql/", data={"team": "sales", "says": "agree", "digest": wiki.digest})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/d/away/", "/d/home/", "/p/mql/v/1/", "/p/mql/v/0/", f"/p/mql/v/{'9' * 30}/"])
def test_what_is_not_there_is_not_found(wiki: Wiki, path: str) -> None:
    assert wiki.as_("sam").get(path).status_code == 404
    assert wiki.as_("sam").post("/d/away/", data={"team": "x"}, headers=OURS).status_code == 404


def test_a_form_without_its_fields_is_refused(wiki: Wiki) -> None:
    for form in (
        {},
        {"team": "sales"},
        {"team": "sales", "digest": "x"},
        {"team": "sales", "digest": wiki.digest, "says": "x"},
    ):
        assert wiki.as_("sam").post("/d/mql/", data=form, headers=OURS).status_code in (400, 409, 422)


def test_the_page_of_a_definition_tells_how_it_came_about(wiki: Wiki) -> None:
    wiki.post("sam", "notyet", reason="Two weeks are few")
    wiki.both_agree()
    html = wiki.sees("otto", "/d/mql/")
    for words in ("Sam for Sales: not yet", "Two weeks are few", "Mia agreed for Marketing", "Version 1 is in force"):
        assert words in html
    assert "Take our agreement back" in wiki.sees("mia", "/d/mql/")
    assert "Take our agreement back" not in html


def test_an_agreement_is_taken_back_on_its_page(wiki: Wiki) -> None:
    assert wiki.both_agree().post("sam", "back", back="/d/mql/").headers["Location"] == "/d/mql/"
    html = wiki.sees("mia")
    assert "took its agreement back" in html
    assert 'data-state="notyet"' in html


def test_each_version_keeps_an_address(wiki: Wiki) -> None:
    wiki.both_agree().says(NEW).both_agree()
    first, second = (wiki.sees("otto", f"/p/mql/v/{number}/") for number in (1, 2))
    assert OLD in first
    assert NEW in second
    assert "The latest is version 2" in first
    assert "The latest" not in second
    assert "<b>Sales</b> agrees" in first


def test_wording_only_is_declared_by_its_owner_and_objected_to_by_a_team(wiki: Wiki) -> None:
    wiki.both_agree().says(REWORDED)
    assert "Wording only, same meaning?" in wiki.sees("lee", "/d/mql/")
    assert "Wording only, same meaning?" not in wiki.sees("otto", "/d/mql/")
    declared = {"old": f"1:{OLD}"}
    assert wiki.as_("otto").post("/d/mql/wording/", data=declared, headers=OURS).status_code == 403
    assert wiki.as_("lee").post("/d/mql/wording/", data=declared, headers=OURS).status_code == 303
    assert "Wording only, same meaning, says Lee" in wiki.sees("sam")
    wiki.post("sam", "notyet", reason="14 is not 30")
    assert "same meaning, says Lee" not in wiki.sees("sam")
    assert "Sam objected" in wiki.sees("sam", "/d/mql/")


def test_a_version_that_only_reads_otherwise_says_so_and_when_it_was_agreed(wiki: Wiki, database: Database) -> None:
    wiki.both_agree().says(REWORDED)
    assert wiki.as_("lee").post("/d/mql/wording/", data={"old": f"1:{OLD}"}, headers=OURS).status_code == 303
    with database.transaction() as connection:
        connection.execute(sa.update(declarations).values(until="2026-11-02T09:00:00Z"))
        connection.execute(sa.update(versions).values(at="2026-10-01T09:00:00Z"))
    html = wiki.says(REWORDED, "1:a").sees("otto", "/p/mql/v/1/")
    assert REWORDED in html
    when = r"<kb-when><time datetime=.(.{10})"
    assert re.findall(rf"Agreed {when}|nobody objected, {when}", html) == [("2026-10-01", ""), ("", "2026-11-02")]


@pytest.mark.parametrize("is_declared", [True, False])
def test_what_a_team_does_not_agree_to_is_not_declared_to_be_wording_only(wiki: Wiki, *, is_declared: bool) -> None:
    wiki.both_agree().says(REWORDED)
    declared = {"old": f"1:{OLD}", "back": "/d/mql/"}
    if is_declared:
        assert wiki.as_("lee").post("/d/mql/wording/", data=declared, headers=OURS).status_code == 303
    wiki.post("sam", "notyet", reason="Ours is not theirs")
    html = wiki.sees("lee", "/d/mql/")
    assert '<li dir="auto">Sales does not agree yet</li>' in html
    assert 'action="/d/mql/wording/"' not in html
    answer = wiki.as_("lee").post("/d/mql/wording/", data=declared, headers=OURS)
    assert answer.status_code == 422
    assert "That is not wording only: Sales does not agree yet." in answer.text
    assert "same meaning, says Lee" not in wiki.sees("sam")


def test_saying_the_same_once_more_objects_to_what_was_declared_meanwhile(wiki: Wiki) -> None:
    wiki.both_agree().says(REWORDED).post("sam", "notyet", reason="Ours is not theirs")
    wiki.says(REWORDED, teams=("marketing", "success"))
    declared = {"old": f"1:{OLD}"}
    assert wiki.as_("lee").post("/d/mql/wording/", data=declared, headers=OURS).status_code == 303
    wiki.says(REWORDED, "1:a")
    assert "same meaning, says Lee" in wiki.sees("sam")
    wiki.post("sam", "notyet", reason="Ours is not theirs")
    assert "same meaning, says Lee" not in wiki.sees("sam")


def test_whoever_owns_the_page_declares_wording_only_without_being_of_its_teams(wiki: Wiki) -> None:
    wiki.both_agree().says(REWORDED, owner="otto")
    assert "Wording only, same meaning?" in wiki.sees("otto", "/d/mql/")
    answer = wiki.as_("otto").post("/d/mql/wording/", data={"old": f"1:{OLD}"}, headers=OURS)
    assert answer.status_code == 303
    assert "Wording only, same meaning, says Otto" in wiki.sees("sam")


def test_what_changes_a_meaning_is_not_offered_as_wording_only_and_is_refused(wiki: Wiki) -> None:
    wiki.both_agree().says(NEW)
    html = wiki.sees("lee", "/d/mql/")
    assert "30 became 14" in html
    assert 'action="/d/mql/wording/"' not in html
    answer = wiki.as_("lee").post("/d/mql/wording/", data={"old": f"1:{OLD}", "back": "/d/mql/"}, headers=OURS)
    assert answer.status_code == 422
    assert "That is not wording only: 30 became 14" in answer.text
    assert "Agreeing on Marketing qualified lead" in answer.text
    assert "same meaning, says Lee" not in wiki.sees("sam")


def test_a_new_state_is_a_new_page(wiki: Wiki) -> None:
    sam = wiki.as_("sam")
    before = sam.get("/mql/").headers["ETag"]
    wiki.post("mia")
    assert sam.get("/mql/", headers={"If-None-Match": before}).status_code == 200


def test_the_card_of_search_knows_what_was_agreed(wiki: Wiki) -> None:
    assert wiki.as_("sam").get("/api/v1/search?query=marketing+qualified+lead").json["card"]["state"] == "notyet"
    wiki.both_agree()
    assert wiki.as_("sam").get("/api/v1/search?query=marketing+qualified+lead").json["card"]["state"] == "agreed"


@pytest.mark.usefixtures("wiki")
def test_who_is_not_signed_in_reads_nothing_in_the_answer_to_a_form(settings: Settings, database: Database) -> None:
    closed = create_app(replace(settings, public_read=False), database).test_client()
    form = {"team": "sales", "digest": "1:anything", "says": "notyet", "reason": "Let me see", "case": "1"}
    for path in ("/d/mql/", "/d/mql/wording/", "/d/mql/cases/", "/d/mql/cases/add/", "/d/mql/checked/"):
        answer = closed.post(path, data=form, headers=OURS)
        assert answer.status_code in (303, 401, 404, 405), path
        assert OLD not in answer.text
        assert "Marketing qualified lead" not in answer.text
