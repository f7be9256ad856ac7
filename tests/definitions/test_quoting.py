"""Where another page uses a term, and on the card of search: the text in force, and how it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from by_hand import page
from flask.testing import FlaskClient
from signing import OURS, sign_in

from kb_server.definitions.models import Wording
from kb_server.definitions.quoting import _said
from kb_server.pages import binding
from kb_server.pages.manifest import Page, Section, Term

OLD, NEW = "A contact who asked us in the last 30 days.", "A contact who asked us in the last 14 days."
HTML = (
    '<h2 id="criteria">Criteria</h2><ol><li>One</li></ol><h2 id="definition">Definition</h2><p>{}</p><p>And more.</p>'
)


def mql(text: str) -> Page:
    said = Section("definition", "Definition", 2, f"{text}\nAnd more.", "", None, f"1:{text}")
    bare = page("mql", "", title="Marketing qualified lead", kind="definition")
    return replace(
        bare,
        teams=("sales", "marketing"),
        binding=f"1:{text}",
        sections=(*bare.sections, said),
        term=Term("", f"<p>{text}</p>", f"One\n{text}\nAnd more.", rendered=HTML.format(text)),
    )


class Wiki:
    """A definition, and what is quoted of it."""

    def __init__(self, client: FlaskClient, publish: Callable[..., str]) -> None:
        self.client, self._publish, self._text = client, publish, ""

    def says(self, text: str) -> None:
        self._publish(page("home", "Words.", url=""), mql(text))
        self.client.application.extensions["kb"].site.look()
        self._text = text

    def answer(self, handle: str, team: str, **form: str) -> None:
        person = self.client.application.test_client()
        sign_in(person, handle)
        form = {"team": team, "digest": f"1:{self._text}", "says": "agree"} | form
        assert person.post("/d/mql/", data=form, headers=OURS).status_code == 303

    @property
    def quoted(self) -> str:
        answer = self.client.get("/d/mql/quote/")
        assert answer.status_code == 200
        return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())

    @property
    def card(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("/api/v1/search?query=marketing+qualified+lead").get_json()["card"]
        return found


@pytest.fixture
def wiki(client: FlaskClient, publish: Callable[..., str]) -> Wiki:
    wiki = Wiki(client, publish)
    wiki.says(OLD)
    return wiki


def test_the_last_agreed_text_is_quoted_until_a_newer_one_is_agreed(wiki: Wiki) -> None:
    assert wiki.quoted == f"Not agreed yet {OLD}"
    for handle, team in (("sam", "sales"), ("mia", "marketing")):
        wiki.answer(handle, team)
    assert wiki.quoted.startswith("Agreed Version 1, since ")
    assert wiki.quoted.endswith(OLD)
    assert wiki.card["text"] == f"{OLD}\nAnd more."

    wiki.says(NEW)
    assert wiki.quoted == f"New wording, not agreed yet Version 1 stays in force until all teams agree {OLD}"
    assert (wiki.card["text"], wiki.card["state"], wiki.card["version"]) == (f"{OLD}\nAnd more.", "wording", 1)
    card = wiki.client.get("/search/?query=marketing+qualified+lead").text.partition('class="kb-answer"')[2]
    assert OLD in card
    assert "Version 1 stays in force" in card

    wiki.answer("mia", "marketing", says="notyet", own="Whoever asked us at all.")
    assert wiki.quoted.startswith("The teams see it differently Version 1 stays in force")
    assert wiki.quoted.endswith(OLD)

    for handle, team in (("sam", "sales"), ("mia", "marketing")):
        wiki.answer(handle, team)
    assert wiki.quoted.startswith("Agreed Version 2, since ")
    assert wiki.quoted.endswith(NEW)
    wiki.answer("mia", "marketing", says="back", reason="We were too quick.")
    assert wiki.quoted.startswith("Not agreed yet Version 2, agreed on ")
    assert (wiki.card["text"], wiki.card["state"]) == (f"{NEW}\nAnd more.", "notyet")


def test_a_quote_is_sent_again_only_when_something_has_changed(wiki: Wiki) -> None:
    first = wiki.client.get("/d/mql/quote/")
    assert first.headers["Cache-Control"] == "private, no-cache"
    same = {"If-None-Match": first.headers["ETag"]}
    assert wiki.client.get("/d/mql/quote/", headers=same).status_code == 304
    wiki.answer("sam", "sales")
    wiki.answer("mia", "marketing")
    assert wiki.client.get("/d/mql/quote/", headers=same).status_code == 200


def test_only_of_a_definition_there_is_something_to_quote(wiki: Wiki) -> None:
    assert wiki.client.get("/d/home/quote/").status_code == 404
    assert wiki.client.get("/d/nothing/quote/").status_code == 404


def test_a_wording_that_was_kept_without_its_content_is_quoted_by_its_first_line() -> None:
    assert _said(Wording("mql", "1:a", "", "", f"{OLD}\nOne", "b", "")) == OLD


def test_a_definition_is_quoted_by_its_first_paragraph_and_a_long_one_is_cut_between_words() -> None:
    assert binding.sentence(f" {OLD} \nMore") == OLD
    long = binding.sentence("word " * 200)
    assert long.endswith("word …")
    assert len(long) <= binding.LONGEST_SENTENCE + 2
