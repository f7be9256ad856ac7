"""All definitions at once: how each stands, for whom it waits, and what can be taken away of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from by_hand import page
from every import every
from flask.testing import FlaskClient
from signing import OURS, sign_in

from kb_server.definitions.listing import Listed
from kb_server.definitions.models import Answer, Facts, Past, Version
from kb_server.definitions.standing import standing
from kb_server.pages.manifest import Page, Term
from kb_server.writing.tables import MARK

CSV, JSON = "/definitions/export.csv", "/definitions/export.json"


def term(page_id: str, text: str, *teams: str) -> Page:
    return replace(
        page(page_id, text, title=page_id.upper(), kind="definition"),
        teams=teams,
        binding=f"1:{text}",
        term=Term(text, f"<p>{text}</p>", text),
    )


class Wiki:
    """Three definitions: of Sales and Marketing, of Sales, and of Sales again, which stays as nobody has answered."""

    def __init__(self, client: FlaskClient, publish: Callable[..., str]) -> None:
        self._app, self._publish = client.application, publish
        self.says()

    def says(self, mql: str = "A contact.") -> Wiki:
        terms = (
            term("mql", mql, "sales", "marketing"),
            term("sql", "A lead.", "sales"),
            term("icp", "=1+1", "sales"),
        )
        self._publish(page("home", url=""), *terms)
        self._app.extensions["kb"].site.look()
        return self

    def agree(self, handle: str, team: str, term: str, text: str) -> Wiki:
        form = {"team": team, "says": "agree", "digest": f"1:{text}"}
        assert self._as(handle).post(f"/d/{term}/", data=form, headers=OURS).status_code == 303
        return self

    def get(self, path: str, handle: str = "otto") -> str:
        answer = self._as(handle).get(path)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def rows(self, query: str = "") -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.get(f"{CSV}{query}").removeprefix(MARK))))

    def ids(self, query: str = "") -> list[str]:
        return [one["definition"] for one in json.loads(self.get(f"{JSON}{query}"))]

    def _as(self, handle: str) -> FlaskClient:
        client = self._app.test_client()
        sign_in(client, handle)
        return client


@pytest.fixture
def wiki(client: FlaskClient, publish: Callable[..., str]) -> Wiki:
    return Wiki(client, publish).agree("sam", "sales", "mql", "A contact.").agree("sam", "sales", "sql", "A lead.")


def test_the_list_says_how_each_stands_and_for_whom_it_waits(wiki: Wiki) -> None:
    html = wiki.get("/d/")
    assert "3 definitions, 1 agreed" in html
    mql = html[html.index(">MQL<") : html.index("</li>", html.index(">MQL<"))]
    assert "<b>Sales</b> agrees" in mql
    assert "<b>Marketing</b> has not answered" in mql
    assert "Waits for Marketing" in mql
    assert 'data-state="notyet"' in mql
    assert html.index(">MQL<") < html.index(">SQL<")
    assert 'href="/p/sql/v/1/"' in html


@every(
    "query, shown",
    [
        ("", {"mql", "sql", "icp"}),
        ("?team=marketing", {"mql"}),
        ("?team=sales&waiting=1", {"icp"}),
        ("?waiting=1", {"mql", "icp"}),
        ("?state=agreed", {"sql"}),
        ("?state=differ", set()),
        ("?team=nobody&state=nothing", {"mql", "sql", "icp"}),
    ],
)
def test_what_is_chosen_is_what_is_shown_and_taken_away(wiki: Wiki, query: str, shown: set[str]) -> None:
    html = wiki.get(f"/d/{query}")
    assert {one for one in ("mql", "sql", "icp") if f">{one.upper()}<" in html} == shown
    assert set(wiki.ids(query)) == shown
    assert {row["Definition"] for row in wiki.rows(query)} == shown
    assert ("No definition is like that" in html) == (not shown)


def test_what_is_due_waits_for_every_team_that_has_not_looked_again() -> None:
    facts = Facts("mql", "1:x", ("sales", "marketing"), review=date(2026, 6, 1))
    answers = (
        Answer(1, "mql", "sales", "1:x", "p_sam", "2026-07-01T09:00:00Z", "agree"),
        Answer(2, "mql", "marketing", "1:x", "p_mia", "2026-03-01T09:00:00Z", "agree"),
    )
    past = Past(answers, (Version(3, "mql", 1, "1:x", "2026-03-01T09:00:00Z"),))
    stands = standing(facts, past, datetime(2026, 8, 1, tzinfo=UTC))
    one = Listed(page("mql", kind="definition"), facts, stands)
    assert (one.stands.state, one.waits_for) == ("agreed", ("marketing",))


def test_what_its_proposer_alone_agreed_to_waits_for_any_other_voice() -> None:
    facts = Facts("mql", "1:x", ("sales", "marketing"))
    said = [
        Answer(n, "mql", team, "1:x", "p_lee", "2026-07-01T09:00:00Z", "agree") for n, team in enumerate(facts.teams, 1)
    ]
    stands = standing(facts, Past(tuple(said), proposers={"1:x": "p_lee"}), datetime(2026, 8, 1, tzinfo=UTC))
    assert Listed(page("mql"), facts, stands).waits_for == ("sales", "marketing")


def test_the_list_is_new_when_a_team_has_answered(wiki: Wiki) -> None:
    assert "Waits for Marketing" in wiki.get("/d/")
    wiki.agree("mia", "marketing", "mql", "A contact.")
    assert "Waits for Marketing" not in wiki.get("/d/")


def test_a_table_has_a_row_for_each_team_and_no_formula(wiki: Wiki) -> None:
    rows = {(row["Definition"], row["Team"]): row for row in wiki.rows()}
    assert set(rows) == {("mql", "Sales"), ("mql", "Marketing"), ("sql", "Sales"), ("icp", "Sales")}
    mine = rows["sql", "Sales"]
    assert (mine["State"], mine["Version in force"], mine["Says"], mine["Said by"]) == ("Agreed", "1", "agrees", "Sam")
    assert (mine["Text"], mine["Digest"], mine["Digest in force"]) == ("A lead.", "1:A lead.", "1:A lead.")
    assert mine["Address"].endswith("/p/sql/")
    assert rows["icp", "Sales"]["Text"] == "'=1+1"


def test_data_has_every_text_version_and_answer(wiki: Wiki) -> None:
    wiki.agree("mia", "marketing", "mql", "A contact.").says("A person.")
    mql = next(one for one in json.loads(wiki.get(JSON)) if one["definition"] == "mql")
    assert (mql["state"], mql["version"], mql["text"]) == ("wording", 1, "A person.")
    assert [(one["version"], one["text"], one["digest"]) for one in mql["versions"]] == [
        (1, "A contact.", "1:A contact.")
    ]
    assert {(one["team"], one["person"], one["digest"]) for one in mql["answers"]} == {
        ("Sales", "Sam", "1:A contact."),
        ("Marketing", "Mia", "1:A contact."),
    }
    assert {one["text"] for one in mql["wordings"]} == {"A contact.", "A person."}
    assert mql["waits_for"] == ["Sales", "Marketing"]


@pytest.mark.usefixtures("wiki")
def test_what_is_taken_away_is_a_file_that_nobody_keeps(client: FlaskClient) -> None:
    sign_in(client, "otto")
    for path, kind in ((CSV, "text/csv; charset=utf-8"), (JSON, "application/json")):
        answer = client.get(path)
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == "no-store"
        assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get(CSV).data.startswith(b"\xef\xbb\xbfDefinition,Title,State,")
