"""Teams sort the same cases, each for itself, and see what to talk about; on both databases, without a script."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
import sqlalchemy as sa
from by_hand import page
from flask.testing import FlaskClient
from signing import OURS, sign_in
from werkzeug.test import TestResponse

from kb_server.activity.storage import activity
from kb_server.app import create_app
from kb_server.definitions.apart.tally import digest_of
from kb_server.holdings import HELD
from kb_server.pages import slots
from kb_server.pages.manifest import Case, Page, Term
from kb_server.people import storage

SAYS = "In the last 30 days the contact asked for a demo."
TEXT = "".join(slots.slot(place, "") for place in (slots.STATE, slots.FORCE, slots.ASKED))
LEADS = tuple(Case(f"lead-{name}", f"Lead {name.upper()}", f"About {name}") for name in "abc")
TEAMS = {"sam": "sales", "mia": "marketing", "vera": "success"}


def mql(*cases: Case, **meta: object) -> Page:
    """A definition of Sales and Marketing with these cases."""
    return replace(
        page("mql", SAYS, title="Marketing qualified lead", kind="definition"),
        teams=("sales", "marketing"),
        meta={"owner": "lee", **meta},
        binding=f"1:{SAYS}",
        term=Term(f"## Definition\n\n{SAYS}", f"<p>{SAYS}</p>", SAYS),
        cases=cases,
    )


class Room:
    """The served wiki with a definition and three cases, and people who sort them."""

    def __init__(self, client: FlaskClient, publish: Callable[..., str]) -> None:
        self.client, self._publish = client, publish
        self.kb = client.application.extensions["kb"]
        self.show(*LEADS)

    def show(self, *cases: Case, **meta: object) -> None:
        self._publish(page("home", url=""), mql(*cases, **meta), **{"mql/index.html": TEXT})
        self.kb.site.look()

    def as_(self, handle: str) -> FlaskClient:
        client = self.last = self.client.application.test_client()
        if handle:
            sign_in(client, handle)
        return client

    def sees(self, handle: str, path: str = "/d/mql/cases/") -> str:
        return self.as_(handle).get(path).text

    def sort(
        self, handle: str, verdicts: str, *reasons: str, team: str = "", cases: tuple[Case, ...] = LEADS
    ) -> TestResponse:
        words = {"y": "yes", "n": "no", "?": "?"}
        form = {"team": team or TEAMS.get(handle, "sales")}
        for at, (case, sign) in enumerate(zip(cases, verdicts, strict=False)):
            form |= {f"item-{at}": case.id, f"digest-{at}": digest_of(case)}
            form |= {f"verdict-{at}": words[sign]} if sign in words else {}
            form |= {f"reason-{at}": reasons[at]} if at < len(reasons) else {}
        return self.as_(handle).post("/d/mql/cases/", data=form, headers=OURS)

    def bring(self, handle: str, title: str = "Lead Z", text: str = "About k") -> TestResponse:
        return self.as_(handle).post("/d/mql/cases/new/", data={"title": title, "text": text}, headers=OURS)

    def differ(self) -> Room:
        form = {"team": "sales", "says": "notyet", "own": "Who told us a budget.", "digest": f"1:{SAYS}"}
        assert self.as_("sam").post("/d/mql/", data=form, headers=OURS).status_code == 303
        return self

    def log(self, verb: str) -> list[dict[str, object]]:
        with self.kb.database.read() as connection:
            found = connection.scalars(sa.select(activity.c.data).where(activity.c.verb == verb))
            return [json.loads(one) for one in found]


@pytest.fixture
def room(client: FlaskClient, publish: Callable[..., str]) -> Room:
    return Room(client, publish)


def test_who_speaks_for_a_team_sorts_all_cases_in_one_form(room: Room) -> None:
    html = room.sees("sam")
    for words in ("Lead A", "About c", "Yes, it is one", "No, it is not", "Say so for Sales"):
        assert words in html
    assert html.count('type="radio"') == 6
    answer = room.sort("sam", "yn ", "Has a budget")
    assert answer.status_code == 303
    html = room.sees("sam")
    assert html.count(" checked") == 2
    assert 'value="Has a budget"' in html
    assert "Sales has sorted 2 of 3" in html
    assert "Marketing has sorted 0 of 3" in html


def test_the_words_of_the_two_answers_are_the_page_s(room: Room) -> None:
    room.show(*LEADS, verdicts=["Ready", "Not ready"])
    assert "<b>Not ready</b>" in room.sees("sam")


@pytest.mark.parametrize(
    ("handle", "team"),
    [("sam", "marketing"), ("lee", "sales"), ("ada", "sales"), ("otto", "sales"), ("vera", "success")],
)
def test_nobody_sorts_for_a_team_that_is_not_theirs(room: Room, handle: str, team: str) -> None:
    assert room.sort(handle, "yyy", team=team).status_code in (403, 422)
    assert room.log("definition.sorted") == []
    assert "Say so for" not in (room.sees(handle) if handle in ("lee", "ada", "otto") else "")


def test_nobody_sees_what_a_team_said_before_all_have_sorted_the_case(room: Room) -> None:
    room.differ().sort("sam", "yyy", "Only Sales knows", "Nor this", "Nor that")
    for handle in ("mia", "lee", "otto", "ada"):
        for path in ("/d/mql/cases/", "/mql/", "/d/mql/"):
            html = room.sees(handle, path)
            assert "Only Sales knows" not in html
            assert "kb-verdicts" not in html
    room.sort("mia", "n  ", "Came once")
    html = room.sees("mia")
    assert "Only Sales knows" in html
    assert "Nor this" not in html


def test_the_page_says_on_how_many_they_agree_and_what_to_talk_about(room: Room) -> None:
    room.differ().sort("sam", "yny", "Budget", "", "No date")
    assert "Sort the cases" in room.sees("mia", "/mql/")
    room.sort("mia", "yyn", "", "", "Came back twice")
    html = room.sees("otto", "/mql/")
    assert "1 <small>of 3</small>" in html
    assert "Talk about these 2" in html
    assert "Each team sorted them without seeing" in html
    assert html.index("Lead C") < html.index("Lead B") < html.index("The one you agree on") < html.index("Lead A")
    assert "Came back twice" in html


def test_it_ends_in_one_wording_or_in_a_talk(room: Room) -> None:
    room.differ().sort("sam", "yn ", "Has a budget")
    room.sort("mia", "nn ")
    html = room.sees("sam", "/mql/")
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    body = unescape(form.pop("body"))
    assert form == {
        "page": "mql",
        "section": "definition",
        "to_team": "marketing",
        "from_team": "sales",
        "title": "One wording for “Marketing qualified lead”",
    }
    assert body.startswith(f"**Sales**\n\n> Who told us a budget.\n\n**Marketing**\n\n> {SAYS}\n\n")
    assert "- Lead A. Sales: Yes, it is one (Has a budget); Marketing: No, it is not\n\n" in body
    assert "Lead B" not in body
    shown = room.as_("sam").post("/suggestions/", data=form | {"body": body, "preview": "1"}, headers=OURS).text
    assert "<blockquote>" in shown
    assert 'value="One wording for' in shown
    assert "/talk/mql/?section=definition&amp;to=mia#say" in html
    assert "Invite Mia to talk" in html
    assert "Propose one wording" not in room.sees("mia", "/mql/"), "who has not answered yet is asked that first"
    assert "Invite Sam and Mia to talk" in room.sees("otto", "/mql/")


def test_an_agreed_page_says_nothing_of_cases(room: Room) -> None:
    room.sort("sam", "yyy")
    room.sort("mia", "nnn")
    assert "kb-tally" not in room.sees("otto", "/mql/")


def test_an_answer_may_be_changed_and_that_is_told(room: Room) -> None:
    room.sort("sam", "nyy", "One is enough")
    room.sort("mia", "yyy")
    assert "You agree on most. Talk about this one" in room.sees("sam")
    room.sort("sam", "yyy", "You are right")
    html = room.sees("sam")
    assert "You agree on all of them" in html
    assert "some answers were changed since" in html
    assert "One is enough" not in html


def test_the_log_knows_who_and_how_many_and_no_word(room: Room) -> None:
    room.sort("sam", "yn ", "Secret")
    room.sort("sam", "yn ", "Secret")
    assert room.log("definition.sorted") == [{"page": "mql", "team": "sales", "count": 2}]


@pytest.mark.parametrize(
    ("verdicts", "reasons", "status"),
    [("   ", (), 422), ("?  ", (), 422), ("y  ", ("x" * 301,), 422), ("   ", ("Why, but not what",), 422)],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    room: Room, verdicts: str, reasons: tuple[str, ...], status: int
) -> None:
    answer = room.sort("sam", verdicts, *reasons)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert all(one in answer.text for one in reasons)
    assert room.log("definition.sorted") == []


def test_a_case_that_changed_meanwhile_is_shown_and_nothing_is_lost(room: Room) -> None:
    room.show(replace(LEADS[0], text="Now with a budget"), *LEADS[1:])
    answer = room.sort("sam", "yy ", "Because of that")
    assert answer.status_code == 409
    assert "Now with a budget" in answer.text
    assert "Because of that" in answer.text
    assert answer.text.count(" checked") == 2


def test_a_form_without_its_fields_is_refused(room: Room) -> None:
    for path, form in (("", {}), ("", {"team": "sales", "verdict-0": "yes"}), ("new/", {"title": "x"}), ("new/", {})):
        assert room.as_("sam").post(f"/d/mql/cases/{path}", data=form, headers=OURS).status_code in (400, 422)


def test_somebody_of_the_teams_brings_a_case_and_takes_it_away(room: Room) -> None:
    assert "Add a case" in room.sees("lee")
    assert room.bring("lee", text="About <k>").status_code == 303
    html = room.sees("sam")
    assert "About &lt;k&gt;" in html
    (added,) = room.log("definition.case_added")
    case = Case(str(added["case"]), "Lead Z", "About <k>")
    assert room.sort("sam", "y", cases=(case,)).status_code == 303
    path = f"/d/mql/cases/{case.id[1:]}/remove/"
    assert room.as_("sam").post(path, headers=OURS).status_code == 403
    assert room.as_("lee").post(path, headers=OURS).status_code == 303
    assert "Lead Z" not in room.sees("sam")
    assert room.as_("lee").post(path, headers=OURS).status_code == 404


@pytest.mark.parametrize(
    ("handle", "may"), [("sam", True), ("otto", True), ("lee", True), ("ada", True), ("mia", False), ("vera", False)]
)
def test_a_case_is_taken_away_by_author_owner_liaison_or_admin_and_by_nobody_else(
    room: Room, handle: str, *, may: bool
) -> None:
    """Mia speaks for one of the teams, Vera is of another; Otto owns the page and is of none."""
    room.show(*LEADS, owner="otto")
    room.bring("sam")
    (added,) = room.log("definition.case_added")
    path = f"/d/mql/cases/{str(added['case'])[1:]}/remove/"
    assert (f'action="{path}"' in room.sees(handle)) == may
    assert room.as_("").post(path, headers=OURS).status_code in (303, 401)
    assert room.as_(handle).post(path, headers=OURS).status_code == (303 if may else 403)
    assert ("Lead Z" in room.sees("mia")) == (not may)


def test_what_was_written_of_a_case_stays_when_it_goes_and_when_somebody_is_signed_out(room: Room) -> None:
    room.show(*LEADS[1:])
    answer = room.sort("sam", "yy ", "Because of that")
    assert answer.status_code == 409
    assert "Because of that" in answer.text
    for send in (lambda: room.sort("", "y  ", "Never twice"), lambda: room.bring("", text="Never twice")):
        answer = send()
        assert (answer.status_code, "Never twice" in answer.text) == (401, True)
        (draft,) = re.findall(r"definitions(?:%2F|/)draft(?:%2F|/)([\w-]+)", answer.text)
        there = room.last.get(f"/definitions/draft/{draft}/")
        assert there.status_code == 303
        sign_in(room.last, "sam")
        assert "Never twice" in room.last.get(f"/definitions/draft/{draft}/").text


def test_in_a_closed_wiki_strangers_get_back_every_field_and_read_nothing(room: Room) -> None:
    room.client = create_app(replace(room.kb.settings, public_read=False), room.kb.database).test_client()
    answer = room.sort("", "yn ", "Never twice")
    assert answer.status_code == 401
    assert re.search(r'name="reason-0"[^>]*>\s*Never twice</textarea>', answer.text)
    assert f'name="item-1" value="{LEADS[1].id}"' in answer.text, "and what it takes to send it again"
    assert LEADS[0].title not in answer.text


def test_an_outsider_brings_no_case(room: Room) -> None:
    assert room.bring("otto").status_code == 403
    assert "Add a case" not in room.sees("otto")


@pytest.mark.parametrize(("title", "text"), [("", "x"), ("x", ""), ("x" * 121, "x"), ("x", "x" * 1001), ("x", "\x01")])
def test_a_case_without_words_or_with_too_many_is_refused(room: Room, title: str, text: str) -> None:
    answer = room.bring("sam", title, text)
    assert answer.status_code == 422
    assert title in answer.text


def test_there_is_an_end_to_cases(room: Room) -> None:
    room.show(*(replace(LEADS[0], id=f"a{one}") for one in range(60)))
    assert "There are 60 cases already" in room.bring("sam").text


def test_without_cases_it_says_how_there_can_be_some(room: Room) -> None:
    room.show()
    assert "there are no cases" in room.sees("sam")
    assert "kb-tally" not in room.differ().sees("otto", "/mql/")


def test_whoever_asks_gets_what_they_said_and_of_whoever_goes_no_name_stays(room: Room) -> None:
    room.differ().sort("sam", "y  ", "As @mia said; not @mia-b")
    room.bring("sam", text="From @Mia")
    room.sees("mia")
    with room.kb.database.transaction() as connection:
        sam, mia = (storage.person_by_handle(connection, handle) for handle in ("sam", "mia"))
    held = next(one for one in HELD if one.name == "definitions")
    with room.kb.database.transaction() as connection:
        given = held.export(connection, sam, None)
        held.erase(connection, mia)
        after = held.export(connection, sam, None)
    assert given["said"][0]["own"] == "Who told us a budget."
    assert given["sorted"][0]["reason"] == "As @mia said; not @mia-b"
    assert after["sorted"][0]["reason"] == "As @somebody said; not @mia-b"
    assert after["cases"][0]["text"] == "From @somebody"


def test_an_invitation_begins_with_whom_it_means_and_with_nobody_else(room: Room) -> None:
    html = room.sees("sam", "/talk/mql/?to=mia&to=nobody&to=%3Cb%3E#say")
    assert "\n@mia </textarea>" in html
