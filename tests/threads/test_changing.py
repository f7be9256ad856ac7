"""What was said can be edited, taken back, agreed with, settled and moved; nothing is lost, nothing counts twice."""

from __future__ import annotations

import threading

import pytest
from talking import TALK, As, Person, addresses, insisting, log

from kb_server.db import Database


def test_an_edited_comment_is_found_by_its_new_words_and_keeps_the_old_ones(sam: Person, mia: Person) -> None:
    thread, comment = sam.start("About walruses")
    assert sam.post(comment, body="About seals", version="1").status_code == 303
    assert "About seals" in mia.get(thread).text
    assert "edited" in mia.get(thread).text
    assert mia.finds("walruses") == []
    assert len(mia.finds("seals")) == 1
    history = mia.get(comment).text
    assert "What it said before, 1 time" in history
    assert "About walruses" in history


def test_a_stale_edit_is_refused_and_both_texts_are_shown(sam: Person) -> None:
    _, comment = sam.start("First")
    sam.post(comment, body="Second", version="1")
    answer = sam.post(comment, body="Third", version="1")
    assert answer.status_code == 409
    assert "Second" in answer.text
    assert "Third</textarea>" in answer.text
    assert '<input type="hidden" name="version" value="2">' in answer.text
    problem = sam.post(comment, {"KB-Part": "1"}, body="Third", version="1").json
    assert (problem["current"], problem["version"]) == ("Second", 2)
    assert sam.post(comment, body="Third", version="2").status_code == 303


def test_an_edit_sent_twice_is_one_edit(sam: Person, database: Database) -> None:
    _, comment = sam.start("First")
    for _ in range(2):
        assert sam.post(comment, body="Second", version="1").status_code == 303
    assert len(log(database, "comment.edited")) == 1


def test_an_edit_tells_only_those_who_were_not_mentioned_before(sam: Person, database: Database) -> None:
    _, comment = sam.start("@mia")
    sam.post(comment, body="@mia and @lee", version="1")
    (started,), (edited,) = log(database, "thread.started"), log(database, "comment.edited")
    assert len(started["mentions"]) == len(edited["mentions"]) == 1
    assert started["mentions"] != edited["mentions"]


def test_what_is_taken_back_leaves_its_place_and_not_a_word(sam: Person, mia: Person, database: Database) -> None:
    thread, first = sam.start("About walruses")
    sam.post(first, body="About many walruses", version="1")
    mia.say(thread, "Which ones?")
    assert sam.post(f"{first}delete/").status_code == 303
    text = mia.get(thread).text
    assert "Taken back by the author" in text
    assert "Which ones?" in text
    assert "walruses" not in text + mia.get(first).text + mia.get(TALK).text
    assert mia.finds("walruses") == []
    with database.read() as connection:
        for table in ("comments", "comment_versions", "threads", "documents"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert "walruses" not in str(rows), table


def test_a_conversation_of_which_everything_is_taken_back_is_gone(sam: Person, mia: Person) -> None:
    thread, first = sam.start("Never mind")
    sam.post(f"{thread}settle/", reason="Solved by penguins")
    assert len(mia.finds("penguins")) == 1
    assert sam.post(f"{first}delete/").headers["Location"] == TALK
    assert mia.get(thread).status_code == 404
    assert "Nobody has said anything here yet" in mia.get(TALK).text
    assert mia.finds("penguins") == []


def test_one_agrees_once_and_may_think_better_of_it(sam: Person, mia: Person, database: Database) -> None:
    thread, comment = sam.start()
    for _ in range(3):
        assert mia.post(f"{comment}agree/").status_code == 303
    assert "Agree, 1" in mia.get(thread).text
    assert 'aria-pressed="true"' in mia.get(thread).text
    assert "1 agrees" in sam.get(thread).text
    assert len(log(database, "comment.agreed")) == 1
    for _ in range(2):
        mia.post(f"{comment}agree/", undo="1")
    assert len(log(database, "comment.unagreed")) == 1
    assert "Agree, 1" not in mia.get(thread).text
    assert sam.post(f"{comment}agree/").status_code == 422


def test_a_settled_conversation_is_folded_and_says_how(sam: Person, mia: Person) -> None:
    thread, _ = sam.start("Solved soon")
    assert mia.post(f"{thread}settle/", reason="The text was changed by penguins").status_code == 303
    text = sam.get(TALK).text
    assert "1 conversation settled" in text
    assert "Settled by <bdi>Mia</bdi>: <bdi>The text was changed by penguins</bdi>" in text
    assert len(sam.finds("penguins")) == 1
    assert mia.post(f"{thread}settle/", reason="The text was changed by penguins").status_code == 303
    assert sam.post(f"{thread}settle/", reason="By me").status_code == 409
    assert sam.post(f"{thread}reopen/").status_code == 303
    assert sam.finds("penguins") == []
    assert "conversation settled" not in sam.get(TALK).text


def test_a_moved_conversation_is_on_the_other_page_and_its_address_lasts(
    sam: Person, mia: Person, database: Database
) -> None:
    thread, first = sam.start("About walruses", section="when", exact="within one working day")
    assert mia.post(f"{thread}move/", to="https://example.com/wiki/p/other/").status_code == 303
    assert "walruses" in sam.get("/talk/other/").text
    assert "walruses" not in sam.get(TALK).text
    assert "within one working day" in sam.get(thread).text
    assert "The text this was about is gone" in sam.get(thread).text
    assert sam.client.get("/api/v1/search?query=walruses+in:other").json["total"] == 1
    assert log(database, "thread.moved")[0]["page"] == "other"
    assert mia.post(f"{thread}move/", to="/p/handing/when/").status_code == 403  # she has no say on that page
    assert sam.post(f"{thread}move/", to="nowhere").status_code == 404
    assert first


def test_a_form_sent_twice_says_it_once(sam: Person, database: Database) -> None:
    form = {"body": "Once", "kind": "wrong", "key": "k"}
    said = {addresses(sam.post(TALK, **form)) for _ in range(3)}
    assert len(said) == 1
    thread = next(iter(said))[0]
    answers = {addresses(sam.post(thread, body="Me too", key="k")) for _ in range(3)}
    assert len(answers) == 1
    assert [line["verb"] for line in log(database)] == ["thread.started", "comment.posted"]


def test_the_same_words_of_somebody_else_or_in_another_form_are_another_remark(sam: Person, mia: Person) -> None:
    thread, _ = sam.start()
    said = {sam.say(thread, "Yes"), mia.say(thread, "Yes"), addresses(sam.post(thread, body="Yes", key="2"))[1]}
    assert len(said) == 3


def test_of_many_who_edit_at_once_exactly_one_wins(sam: Person, somebody: As) -> None:
    _, comment = sam.start("First")
    windows = [somebody("sam") for _ in range(12)]
    answers: list[int] = []

    def edit(number: int) -> None:
        said = insisting(lambda: windows[number].post(comment, body=f"Text {number}", version="1"))
        answers.append(said.status_code)

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(len(windows))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [303] + [409] * 11


def test_twenty_agreeing_at_once_count_once(mia: Person, sam: Person) -> None:
    thread, comment = sam.start()
    threads = [threading.Thread(target=insisting, args=(lambda: mia.post(f"{comment}agree/"),)) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert "Agree, 1<" in mia.get(thread).text


@pytest.mark.parametrize("kind", ["wrong", "question"])
def test_a_conversation_says_of_what_kind_it_is(kind: str, sam: Person) -> None:
    thread, _ = sam.start(kind=kind)
    assert f'data-kind="{kind}"' in sam.get(thread).text
