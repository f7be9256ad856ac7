"""Somebody asks a team for something: from the board, from a page, as an idea; and no word of it is lost."""

from __future__ import annotations

import re

import pytest
from suggesting_pages import ask, chosen, value
from talking import CALLS, TALK, As, Person


def test_from_a_page_both_teams_are_proposed_and_when_the_answer_is_due(sam: Person) -> None:
    form = sam.get("/suggestions/new/?page=handing&section=when").text
    assert chosen(form, "from_team") == "sales"
    assert chosen(form, "to_team") == "marketing"
    assert "About <b><bdi>When we hand over</bdi></b>" in form
    assert re.search(r"They answer by <kb-due><time datetime=\"20\d\d-[^\"]+Z\">", form)


def test_from_the_board_somebody_in_two_teams_says_to_whom(somebody: As) -> None:
    lee = somebody("lee")
    assert chosen(lee.get("/suggestions/new/").text, "to_team") == "success"
    otto = somebody("otto").get("/suggestions/new/").text
    assert chosen(otto, "from_team") == ""
    assert chosen(otto, "to_team") == ""


def test_what_is_asked_stands_on_both_boards_and_on_its_own_page(sam: Person, mia: Person) -> None:
    url = ask(
        sam, "Name a time\n\nPeople ask *when*.", from_team="sales", page="handing", section="when", exact=CALLS[:30]
    )
    assert "Name a time" in mia.get("/suggestions/").text.split('id="l-asked"')[0]
    assert "Name a time" in sam.get("/suggestions/").text.split('id="l-asked"')[1]
    shown = mia.get(url).text
    assert "<em>when</em>" in shown
    assert f"{CALLS[:30]}</blockquote>" in shown
    assert 'href="/p/handing/when/"' in shown
    assert "What does Marketing say?" in shown
    assert "What does Marketing say?" not in sam.get(url).text


def test_an_idea_about_a_page_is_asked_to_which_team_it_goes(sam: Person) -> None:
    answer = sam.post(TALK, body="Say when", kind="idea", section="when")
    assert answer.status_code == 307
    asked = sam.post(answer.headers["Location"], body="Say when", kind="idea", section="when")
    assert asked.status_code == 200
    assert chosen(asked.text, "to_team") == "marketing"
    assert "Say when</textarea>" in asked.text
    assert value(asked.text, "page") == "handing"
    assert value(asked.text, "section") == "when"
    assert "Say when" not in sam.get(TALK).text


def test_a_script_that_knows_no_teams_is_led_to_the_same_form(sam: Person) -> None:
    part = {"KB-Part": "1"}
    answer = sam.post("/suggestions/?page=handing", part, body="Say when", kind="idea")
    assert answer.status_code == 204
    assert "Say when</textarea>" in sam.get(answer.headers["KB-At"]).text


def test_an_idea_without_a_word_is_refused(sam: Person) -> None:
    assert sam.post("/suggestions/?page=handing", body=" ", kind="idea").status_code == 422


def test_what_is_typed_before_signing_in_is_there_afterwards_in_this_browser_alone(somebody: As) -> None:
    guest = somebody()
    answer = guest.post("/suggestions/", body="A thought", to_team="marketing", title="Mine", page="handing")
    assert answer.status_code == 401
    assert "A thought</textarea>" in answer.text
    found = re.search(r"sign-in/\?to=%2Fsuggestions%2Fdraft%2F([\w-]+)%2F", answer.text) or re.search(
        r"sign-in/\?to=/suggestions/draft/([\w-]+)/", answer.text
    )
    assert found
    draft = f"/suggestions/draft/{found[1]}/"
    guest.post("/sign-in/", handle="sam")
    form = guest.get(draft).text
    assert "A thought</textarea>" in form
    assert value(form, "title") == "Mine"
    assert chosen(form, "to_team") == "marketing"
    assert somebody("mia").get(draft).status_code == 404
    sent = {"body": "A thought", "to_team": "marketing", "title": "Mine", "draft": found[1]}
    assert guest.post("/suggestions/", **sent).status_code == 303
    assert guest.get(draft).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"to_team": "nobody"}, "to_team"), ({"from_team": "success"}, "from_team"), ({"title": "x" * 200}, "title")],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    wrong: dict[str, str], field: str, sam: Person
) -> None:
    answer = sam.post(
        "/suggestions/", **{"body": "Keep <b>this</b>", "to_team": "marketing", "page": "handing"} | wrong
    )
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]* aria-invalid="true" aria-describedby="(n-\w+)-wrong"', answer.text)
    assert 'class="kb-wrong"' in answer.text
    assert "Keep &lt;b&gt;this&lt;/b&gt;</textarea>" in answer.text
    assert value(answer.text, "page") == "handing"


def test_a_form_sent_twice_asks_once(sam: Person) -> None:
    key = value(sam.get("/suggestions/new/").text, "key")
    assert key
    assert ask(sam, "Once", key=key) == ask(sam, "Once", key=key)


def test_a_preview_shows_the_text_and_keeps_the_form(sam: Person) -> None:
    shown = sam.post("/suggestions/", body="*So*", to_team="marketing", title="T", preview="1").text
    assert "<em>So</em>" in shown
    assert value(shown, "title") == "T"
    assert 'href="/s/1/"' not in sam.get("/suggestions/").text


def test_a_conversation_can_be_made_a_suggestion(sam: Person) -> None:
    thread, _ = sam.start("Could the page name a time?")
    assert "Make it a suggestion" in sam.get(thread).text
    form = sam.get(f"/suggestions/new/?page=handing&thread={thread.split('/')[2]}").text
    assert f"Could the page name a time?\n\nFrom a conversation: [Could the page name a time?]({thread})" in form
    assert sam.get("/suggestions/new/?thread=%25").status_code == 200


def test_joining_a_similar_one_agrees_and_keeps_what_was_typed_as_a_remark(sam: Person, mia: Person) -> None:
    url = ask(mia, "Name a time", to_team="sales", from_team="marketing")
    answer = sam.post(f"{url}vote/", body="Half of my calls are about that", to_team="marketing")
    assert answer.status_code == 303
    joined = sam.get(answer.headers["Location"]).text
    assert "Half of my calls are about that</textarea>" in joined
    assert "Agree, 1" in joined
    assert "Half of my calls" not in mia.get(answer.headers["Location"]).text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_nothing_is_asked_or_answered_from_another_site(site: str, sam: Person, mia: Person) -> None:
    url = ask(sam, "Name a time")
    for path, form in (
        ("/suggestions/", {"body": "Forged", "to_team": "sales"}),
        (url, {"act": "decline", "body": "Forged", "version": "1"}),
        (f"{url}vote/", {}),
        (f"{url}remarks/", {"body": "Forged"}),
    ):
        answer = mia.client.post(path, data=form, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403, path
        assert "Forged" not in answer.text
    assert "Forged" not in mia.get(url).text


def test_what_is_said_of_a_page_that_has_gone_can_be_said_all_the_same(sam: Person) -> None:
    answer = sam.post("/suggestions/", body="Kept", to_team="marketing", page="gone", section="x", exact="y")
    assert answer.status_code == 404
    assert "Kept</textarea>" in answer.text
    assert value(answer.text, "page") == ""


@pytest.mark.parametrize("number", ["9" * 30, "0", "٣"])
def test_nobody_who_is_not_signed_in_breaks_anything_by_an_address(number: str, somebody: As) -> None:
    answer = somebody().post(f"/s/{number}/", act="ask", body="Why?", version="1")
    assert answer.status_code == 401
    assert "Why?</textarea>" in answer.text
