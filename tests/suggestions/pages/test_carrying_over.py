"""The text changed since somebody suggested another one: by hand over to the text of today, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from by_hand import page
from flask import Flask
from stores import on_alone
from suggestions.pages.test_changing_the_text import WHEN, begun, form, wiki
from talking import As, Person

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.suggestions.carrying import service

TODAY = WHEN.replace("calls back soon", "calls back soon, by phone")
CARRIED = TODAY.replace("soon", "within a day")
Change = Callable[[str], None]


@pytest.fixture
def turn(app: Flask, publish: Callable[..., str]) -> Change:
    """Publish the wiki with another text in the section."""

    def turn(when: str) -> None:
        publish(*wiki(when))
        app.extensions["kb"].site.look()

    turn(WHEN)
    return turn


@pytest.fixture
def place(sam: Person, turn: Change) -> str:
    """Where Sam's suggestion of two texts is; one of these has changed since."""
    fields = form(sam.post("/suggestions/change/", **begun(sam), add="1", address="/p/other/").text)
    fields |= {"text-0": WHEN.replace("soon", "within a day"), "text-1": "Another *good* page."}
    sent = sam.post("/suggestions/change/", **fields, to_team="marketing", from_team="sales")
    assert sent.status_code == 303, sent.text
    turn(TODAY)
    return sent.headers["Location"]


def test_the_author_writes_what_was_suggested_into_the_text_of_today(sam: Person, mia: Person, place: str) -> None:
    assert f"{place[1:]}carry/" in sam.get(place).text
    shown = sam.get(f"{place}carry/").text
    assert re.search(r"<del>soon</del><ins>within a day</ins>", shown), "what was suggested of the text of before"
    fields = form(shown)
    assert fields["text-0"] == TODAY
    assert "text-1" not in fields, "that text still stands"
    fields["text-0"] = CARRIED
    seen = sam.post(f"{place}carry/", **fields, preview="1").text
    assert re.search(r"<del>soon</del><ins>within a day</ins>, by phone", seen), "against the text of today"
    assert form(seen)["text-0"] == CARRIED
    assert sam.post(f"{place}carry/", **fields).status_code == 303
    seen = mia.get(place).text
    assert "The text on the page has changed since" not in seen
    assert "Suggested before" in seen
    assert "carried the text over" in seen
    assert re.search(r"<ins>good ?</ins>", seen), "the other text is suggested as it was"
    assert sam.get(f"{place}carry/").status_code == 409, "there is nothing left to carry over"


@on_alone("sqlite")
def test_whoever_may_apply_it_may_carry_it_over_and_nobody_else(mia: Person, otto: Person, place: str) -> None:
    assert otto.get(f"{place}carry/").status_code == 403
    assert "carry/" not in otto.get(place).text
    fields = form(mia.get(f"{place}carry/").text)
    assert otto.post(f"{place}carry/", **fields | {"text-0": CARRIED}).status_code == 403
    assert mia.post(place, act="plan", owner="mia", by_when="2030-01-07", version=fields["version"]).status_code == 303
    fields = form(mia.get(f"{place}carry/").text) | {"text-0": CARRIED}
    assert mia.post(f"{place}carry/", **fields).status_code == 303, "also when it is planned"
    assert mia.post(place, act="decline", body="No.", version=str(int(fields["version"]) + 1)).status_code == 303
    assert mia.get(f"{place}carry/").status_code == 409


@on_alone("sqlite")
def test_what_is_typed_is_there_still_though_the_suggestion_was_hidden_meanwhile(
    sam: Person, somebody: As, place: str
) -> None:
    fields = form(sam.get(f"{place}carry/").text)
    assert somebody("ada").post(f"{place}hide/").status_code == 303
    assert sam.get(f"{place}carry/").status_code == 404
    answer = sam.post(f"{place}carry/", **fields | {"text-0": CARRIED})
    assert (answer.status_code, form(answer.text)["text-0"]) == (404, CARRIED)
    assert "carry/" not in somebody("ada").get(place).text


@on_alone("sqlite")
def test_nothing_is_carried_over_once_it_is_answered_be_that_this_very_moment(
    sam: Person, mia: Person, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = form(sam.get(f"{place}carry/").text) | {"text-0": CARRIED}
    assert mia.post(place, act="decline", body="No.", version=fields["version"]).status_code == 303
    monkeypatch.setattr(service, "refuse", lambda *_: None)  # it was open when that was looked at
    answer = sam.post(f"{place}carry/", **fields | {"version": str(int(fields["version"]) + 1)})
    assert (answer.status_code, "not open any more" in answer.text) == (409, True)


@on_alone("sqlite")
def test_no_word_is_lost_where_the_text_or_the_suggestion_changes_while_somebody_writes(
    sam: Person, mia: Person, turn: Change, place: str
) -> None:
    one, other = form(sam.get(f"{place}carry/").text), form(mia.get(f"{place}carry/").text)
    assert mia.post(f"{place}carry/", **other | {"text-0": TODAY.replace("soon", "at once")}).status_code == 303
    faster = sam.post(f"{place}carry/", **one | {"text-0": CARRIED})
    assert faster.status_code == 409, "somebody was faster, and all of it stands on the page of today now"
    turn(TODAY.replace("phone", "mail"))
    again = sam.post(f"{place}carry/", **one | {"text-0": CARRIED})
    assert again.status_code == 409
    assert "by mail" in again.text
    assert "at once" in again.text, "what was suggested meanwhile"
    kept = form(again.text)
    assert kept["text-0"] == CARRIED
    assert sam.post(f"{place}carry/", **kept).status_code == 409, "the other has changed it, too"
    refused = form(sam.get(f"{place}carry/").text) | {"text-0": "<script>"}
    assert sam.post(f"{place}carry/", **refused).status_code == 422


@on_alone("sqlite")
def test_what_is_written_of_a_section_that_another_has_left_out_meanwhile_is_not_dropped_unseen(
    sam: Person, mia: Person, app: Flask, publish: Callable[..., str], place: str
) -> None:
    home, handing, _ = wiki(TODAY)
    publish(home, handing, page("other", "Another page, longer by now.", title="Other"))
    app.extensions["kb"].site.look()
    mine, theirs = form(sam.get(f"{place}carry/").text), form(mia.get(f"{place}carry/").text)
    left = form(mia.post(f"{place}carry/", **theirs | {"text-1": "Another good page, longer."}, drop="0").text)
    assert mia.post(f"{place}carry/", **left).status_code == 303
    publish(home, handing, page("other", "Another page, once more.", title="Other"))
    app.extensions["kb"].site.look()
    mine = mine | {"text-0": CARRIED, "text-1": "Another good page, once more."}
    for status in (409, 422):  # the other text is another one by now; then, this one is no part of it
        answer = sam.post(f"{place}carry/", **mine)
        mine = form(answer.text)
        assert (answer.status_code, mine["text-0"]) == (status, CARRIED)
    assert "not part of the suggestion any more" in answer.text
    mine = form(sam.post(f"{place}carry/", **mine, drop="0").text)
    mine = form(sam.post(f"{place}carry/", **mine).text)
    assert sam.post(f"{place}carry/", **mine).status_code == 303


@on_alone("sqlite")
def test_what_is_typed_before_signing_in_again_is_there_afterwards(sam: Person, somebody: As, place: str) -> None:
    guest, fields = somebody(), form(sam.get(f"{place}carry/").text)
    asked = guest.post(f"{place}carry/", **fields | {"text-0": CARRIED})
    assert asked.status_code == 401
    back = unescape(re.findall(r"sign-in/\?to=([^\"]+)", asked.text)[0]).replace("%2F", "/")
    assert guest.post("/sign-in/", handle="sam").status_code == 303
    shown = guest.get(back).text
    assert form(shown)["text-0"] == CARRIED
    assert "<del>soon</del><ins>within a day</ins>" in shown
    assert guest.post(f"{place}carry/", **form(shown)).status_code == 303
    assert CARRIED not in guest.get(back).text, "what was sent is not kept besides"


@on_alone("sqlite")
def test_a_section_that_is_gone_is_left_out_and_its_text_kept(
    sam: Person, app: Flask, publish: Callable[..., str], place: str
) -> None:
    home, handing, other = wiki(TODAY)
    publish(home, replace(handing, sections=handing.sections[:1]), other)
    app.extensions["kb"].site.look()
    assert "carry/" not in sam.get(place).text, "there is no text of today"
    nowhere = sam.get(f"{place}carry/")
    assert nowhere.status_code == 409
    assert "not there any more" in nowhere.text
    changed = page("other", "Another page, longer by now.", title="Other")
    publish(home, replace(handing, sections=handing.sections[:1]), changed)
    app.extensions["kb"].site.look()
    shown = sam.get(f"{place}carry/").text
    assert "left out when you save" in shown
    assert "<ins>within a day</ins>" in shown
    sent = form(shown) | {"text-0": "Another good page, longer by now."}
    assert sam.post(f"{place}carry/", **sent).status_code == 303
    assert [one["page"] for one in sam.get(f"/api/v1/suggestions/{place[3:-1]}/edits").json["edits"]] == ["other"]


@on_alone("sqlite")
def test_a_section_of_which_only_the_heading_is_another_one_is_found(
    sam: Person, app: Flask, publish: Callable[..., str], place: str
) -> None:
    home, handing, other = wiki()
    renamed = WHEN.replace("When we hand over", "At which time")
    first, when, *rest = handing.sections
    when = replace(when, anchor="at-which-time", title="At which time", source=renamed)
    publish(home, replace(handing, sections=(first, when, *rest)), other)
    app.extensions["kb"].site.look()
    fields = form(sam.get(f"{place}carry/").text)
    assert (fields["text-0"], fields["section-0"]) == (renamed, "at-which-time")
    fields["text-0"] = renamed.replace("soon", "within a day")
    assert sam.post(f"{place}carry/", **fields).status_code == 303
    assert "has changed since" not in sam.get(place).text


@on_alone("sqlite")
def test_programs_read_the_texts_of_now_and_of_before(sam: Person, somebody: As, place: str) -> None:
    path = f"/api/v1/suggestions/{place.strip('/').removeprefix('s/')}"
    assert sam.get(path).json["edits"] == 2
    read = sam.get(f"{path}/edits").json
    assert [(one["page"], one["section"], one["stands"]) for one in read["edits"]] == [
        ("handing", "when", False),
        ("other", "", True),
    ]
    first = read["edits"][0]
    assert (first["before"], first["path"], first["new_page"]) == (WHEN, "docs/practices/handing.md", False)
    fields = form(sam.get(f"{place}carry/").text) | {"text-0": CARRIED}
    assert sam.post(f"{place}carry/", **fields).status_code == 303
    now = sam.get(f"{path}/edits").json
    assert [one["version"] for one in now["versions"]] == [2, 1]
    assert (now["edits"][0]["before"], now["edits"][0]["after"]) == (TODAY, CARRIED)
    assert sam.get(f"{path}/edits?version=1").json["edits"][0]["before"] == WHEN
    assert sam.get(f"{path}/edits?version=3").status_code == 404
    assert somebody("ada").post(f"{place}hide/").status_code == 303
    assert sam.get(f"{path}/edits").status_code == 404


@on_alone("sqlite")
@pytest.mark.usefixtures("turn")
def test_where_a_page_is_by_now_at_the_place_of_a_new_one_it_is_said_what_to_do(
    sam: Person, app: Flask, publish: Callable[..., str]
) -> None:
    shown = sam.get("/suggestions/new-page/?kind=practice&title=Calling%20back&team=sales&team=marketing")
    sent = sam.post("/suggestions/change/", **form(shown.text), to_team="marketing", from_team="sales")
    assert sent.status_code == 303, sent.text
    address = sent.headers["Location"]
    assert "is not live yet" in sam.get(f"{address}carry/").text
    (path,) = [one["path"] for one in sam.get(f"/api/v1/suggestions/{address[3:-1]}/edits").json["edits"]]
    publish(*wiki(), replace(page("mine", "Mine.", title="Mine"), source_path=path))
    app.extensions["kb"].site.look()
    refused = sam.get(f"{address}carry/")
    assert (refused.status_code, "There is such a page by now" in refused.text) == (409, True)


@on_alone("sqlite")
def test_in_a_closed_wiki_strangers_get_back_what_they_typed_and_read_nothing(
    settings: Settings, database: Database, place: str
) -> None:
    closed = create_app(replace(settings, public_read=False), database)
    closed.testing = False
    stranger = Person(closed.test_client())
    section = {"page": "handing", "section": "when", "page-0": "handing", "section-0": "when", "act": "plan"}
    known = ("calls back", "day", "Handing", "When we hand over", "Sales", "Marketing", "Sam", "Another")
    for path in (
        *("/suggestions/change/", "/suggestions/change/?page=handing", f"{place}carry/", f"{place}change/", place),
        *("/suggestions/", f"{place}edit/", f"{place}remarks/", "/talk/handing/"),
    ):
        for name in ("text-0", "body"):
            answer = stranger.post(path, **section, **{name: "What I typed"})
            assert answer.status_code == 401, path
            assert not [word for word in known if word in answer.text], path
            is_typed = "carry/" not in path if name == "body" else "talk/" not in path
            assert ("What I typed</textarea>" in answer.text) is is_typed, path
    once_more = form(
        stranger.post("/suggestions/change/", **section, **{"text-0": "What I typed", "name-0": "New"}).text
    )
    assert once_more == {**section, "text-0": "What I typed", "name-0": "New"}
    database.is_writable = False
    answer = stranger.post("/suggestions/change/", **section, **{"text-0": "What I typed"})
    assert (answer.status_code, "What I typed</textarea>" in answer.text, "draft" in answer.text) == (401, True, False)
