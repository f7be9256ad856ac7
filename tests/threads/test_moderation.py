"""What should not stand here is flagged by anybody, hidden by few, and gone at once; and all of that is on record."""

from __future__ import annotations

from talking import TALK, As, Person, log

from kb_server.db import Database


def test_what_is_hidden_leaves_pages_counts_and_search_at_once(sam: Person, mia: Person, somebody: As) -> None:
    lee = somebody("lee")
    thread, _ = sam.start("Fine")
    rude = mia.say(thread, "Something rude about walruses")
    assert lee.post(f"{rude}hide/").status_code == 303
    for reader in (sam, somebody("")):
        assert "walruses" not in reader.get(thread).text + reader.get(TALK).text + reader.get(f"{TALK}part/").text
        assert reader.get(rude).status_code == 404
        assert reader.finds("walruses") == []
    assert "walruses" in lee.get(rude).text
    assert lee.post(f"{rude}show/").status_code == 303
    assert "walruses" in sam.get(thread).text
    assert len(sam.finds("walruses")) == 1


def test_a_conversation_that_begins_with_what_is_hidden_has_no_title_of_its_words(sam: Person, somebody: As) -> None:
    thread, first = sam.start("Rude walruses")
    sam.say(thread, "Sorry for that")
    somebody("ada").post(f"{first}hide/")
    sam.post(f"{thread}settle/", reason="Sorted out")
    pages = "".join(somebody("").get(url).text for url in (thread, TALK))
    assert "walruses" not in pages
    assert somebody("").finds("walruses") == []
    somebody("ada").post(f"{first}show/")
    assert '<h1 dir="auto">Rude walruses' in sam.get(thread).text


def test_how_it_was_settled_is_found_without_a_word_of_what_is_gone(sam: Person, mia: Person, somebody: As) -> None:
    lee = somebody("lee")
    thread, first = sam.start("Rude walruses")
    other = mia.say(thread, "Sorry for that")
    sam.post(f"{thread}settle/", reason="Sorted by the zookeeper")
    settled = f"{thread[1:]}#settled"

    def titles() -> list[str]:
        found = sam.client.get("/api/v1/search", query_string={"query": "zookeeper"}).json["hits"]
        return [hit["title"] for hit in found if hit["url"] == settled]

    assert "walruses" in str(titles())
    lee.post(f"{first}hide/")
    assert len(titles()) == 1
    assert "walruses" not in str(titles())
    assert sam.finds("walruses") == []
    lee.post(f"{other}hide/")
    assert titles() == []
    lee.post(f"{first}show/")
    assert "walruses" in str(titles())
    sam.post(first, body="Polite penguins", version="1")
    assert "penguins" in str(titles())
    assert sam.finds("walruses") == []
    sam.post(f"{first}delete/")
    assert titles() == []


def test_nothing_is_done_with_a_conversation_of_which_nothing_can_be_read(
    sam: Person, mia: Person, somebody: As
) -> None:
    thread, first = sam.start("Rude walruses")
    somebody("lee").post(f"{first}hide/")
    for person in (sam, mia):
        assert person.post(thread, body="Still here").status_code == 404
        assert person.post(f"{thread}settle/", reason="Walruses won").status_code == 404
        assert person.post(f"{thread}reopen/").status_code == 404
        assert person.post(f"{thread}move/", to="other").status_code == 404
        assert person.get(thread, **{"If-None-Match": "*"}).status_code == 404
    assert sam.finds("walruses") == []


def test_hidden_and_taken_back_cannot_be_agreed_with_edited_or_flagged(sam: Person, mia: Person, somebody: As) -> None:
    _, hidden = sam.start("Hidden")
    somebody("lee").post(f"{hidden}hide/")
    _, gone = sam.start("Gone")
    sam.say(gone.rsplit("/", 2)[0] + "/", "So that the place stays")
    sam.post(f"{gone}delete/")
    for url, status in ((hidden, 404), (gone, 409)):
        assert mia.post(f"{url}agree/").status_code == status
        assert mia.post(f"{url}flag/", reason="x").status_code == status
    assert sam.post(gone, body="Back again", version="1").status_code == 409


def test_what_is_flagged_waits_for_those_who_run_the_wiki(sam: Person, mia: Person, somebody: As) -> None:
    ada = somebody("ada")
    _, comment = sam.start("Rude")
    for _ in range(2):
        assert mia.post(f"{comment}flag/", reason="Not nice").status_code == 303
    text = ada.get("/moderation/").text
    assert text.count("Not nice") == 1
    assert "Mia" in text
    ada.post(f"{comment}show/")
    assert "Nothing waits." in ada.get("/moderation/").text
    assert "Let stand" in ada.get("/moderation/").text
    for other in ("sam", "lee", "otto"):
        assert somebody(other).get("/moderation/").status_code == 403
    assert "Not nice" not in sam.get(comment).text


def test_whoever_looks_at_what_was_flagged_goes_on_with_the_next(sam: Person, mia: Person, somebody: As) -> None:
    ada = somebody("ada")
    for step in ("hide", "show"):
        _, comment = sam.start(f"Something to {step}")
        mia.post(f"{comment}flag/")
        assert ada.post(f"{comment}{step}/", back="/moderation/").headers["Location"] == "/moderation/"


def test_each_step_is_in_the_log_by_ids_alone(sam: Person, mia: Person, somebody: As, database: Database) -> None:
    _, comment = sam.start("Rude")
    mia.post(f"{comment}flag/", reason="Not nice")
    somebody("lee").post(f"{comment}hide/")
    somebody("lee").post(f"{comment}show/")
    said = log(database, "comment.flagged", "comment.hidden", "comment.shown")
    assert [line["verb"] for line in said] == ["comment.flagged", "comment.hidden", "comment.shown"]
    assert "Not nice" not in str(said)
    assert {line["subject"] for line in said} == {comment.split("/")[3]}
