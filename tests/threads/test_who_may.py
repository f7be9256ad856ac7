"""Who may do what in a conversation: everybody who can, and everybody who cannot, for every write there is."""

from __future__ import annotations

import re

import pytest
from talking import As, Person

EVERYBODY = ("", "otto", "sam", "mia", "lee", "vera", "ada")
"""Nobody · in no team · who said it · of a team of the page · its owner and liaison · other liaison · admin."""
SIGNED_IN = {"otto", "sam", "mia", "lee", "vera", "ada"}
WRITES = {
    "": (SIGNED_IN, {"body": "An answer"}),
    "settle/": ({"sam", "mia", "lee", "ada"}, {"reason": "Done"}),
    "reopen/": ({"sam", "mia", "lee", "ada"}, {}),
    "move/": ({"sam", "mia", "lee", "ada"}, {"to": "other"}),
    "attach/": ({"sam", "lee", "ada"}, {"section": "when", "exact": "one working day"}),
    "COMMENT/": ({"sam"}, {"body": "Changed", "version": "1"}),
    "COMMENT/delete/": ({"sam"}, {}),
    "COMMENT/agree/": (SIGNED_IN - {"sam"}, {}),
    "COMMENT/flag/": (SIGNED_IN, {"reason": "Rude"}),
    "COMMENT/hide/": ({"lee", "ada"}, {}),
    "COMMENT/show/": ({"lee", "ada"}, {}),
}


def test_every_write_of_a_conversation_is_in_this_table(sam: Person) -> None:
    rules = {rule.rule for rule in sam.client.application.url_map.iter_rules() if "POST" in (rule.methods or ())}
    found = {rule for rule in rules if rule.startswith(("/t/", "/talk/"))}
    table = {f"/t/<thread_id>/{name.replace('COMMENT', '<comment_id>')}" for name in WRITES}
    assert found == table | {"/talk/<page_id>/"}


@pytest.mark.parametrize("write", WRITES)
def test_a_write_is_open_to_these_and_nobody_else(write: str, sam: Person, somebody: As) -> None:
    may, form = WRITES[write]
    for who in EVERYBODY:
        thread, comment = sam.start()
        before = plain(sam.get(thread).text)
        answer = somebody(who).post(thread + write.replace("COMMENT", comment.split("/")[3]), **form)
        if who in may:
            assert answer.status_code == 303, answer.text
        else:
            assert answer.status_code in {401, 403} or "yourself" in answer.text, who
            assert plain(sam.get(thread).text) == before


@pytest.mark.parametrize("who", ["otto", "mia", "ada"])
def test_nobody_edits_what_somebody_else_said(who: str, sam: Person, somebody: As) -> None:
    _, comment = sam.start("As it was")
    assert somebody(who).post(comment, body="As I like it", version="1").status_code == 403
    assert "As it was" in sam.get(comment).text


def test_two_ids_that_do_not_belong_together_lead_nowhere(sam: Person) -> None:
    one, first = sam.start("One")
    other, _ = sam.start("Other")
    wrong = other + first.removeprefix(one)
    assert sam.get(wrong).status_code == 404
    for write in ("", "delete/", "agree/", "flag/"):
        assert sam.post(wrong + write, body="x", version="1").status_code == 404
    assert "One" in sam.get(first).text


def test_what_is_not_there_is_not_found(sam: Person) -> None:
    thread, _ = sam.start()
    for url in ("/talk/nowhere/", "/talk/nowhere/part/", "/t/th_none/", f"{thread}c_none/"):
        assert sam.get(url).status_code == 404
    for url in ("/talk/nowhere/", "/t/th_none/", "/t/th_none/settle/", f"{thread}c_none/", f"{thread}c_none/agree/"):
        assert sam.post(url, body="x", kind="wrong", reason="y").status_code == 404


def test_without_a_sign_that_one_of_our_pages_sends_it_nothing_is_said(sam: Person) -> None:
    thread, comment = sam.start()
    for strange in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {"Origin": "http://localhost:81"}, {}):
        for url in ("/talk/handing/", thread, f"{thread}settle/", comment, f"{comment}delete/", f"{comment}agree/"):
            form = {"body": "Forged", "kind": "wrong", "reason": "x"}
            assert sam.client.post(url, data=form, headers=strange).status_code == 403
    assert "Forged" not in sam.get("/talk/handing/").text


def plain(page: str) -> str:
    """A page without what changes by itself."""
    return re.sub(r'name="key" value="[^"]*"', "", page)
