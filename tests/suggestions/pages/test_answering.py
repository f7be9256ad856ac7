"""The four plain answers over HTTP, and what may be done besides: in forms that need no script."""

from __future__ import annotations

import re

import pytest
from every import every
from suggesting_pages import ask, chosen, value
from talking import As, Person

FUTURE = "2031-05-06"


def test_from_asking_to_done(sam: Person, mia: Person, somebody: As) -> None:
    url = ask(sam, "Name a time", from_team="sales")
    assert mia.post(url, act="ask", body="On which form?", version="1").status_code == 303
    assert "Marketing needs to know more" in (waiting := sam.get(url).text)
    assert "What Marketing needs to know" in waiting
    assert sam.post(url, act="tell", body="On both.", version="2").status_code == 303
    assert mia.post(url, act="plan", owner="lee", by_when=FUTURE, version="3", body="Gladly").status_code == 303
    assert "Who does it: <bdi>Lee</bdi>, by 6 May" in sam.get(url).text
    assert somebody("lee").post(url, act="finish", version="4", body="").status_code == 303
    done = sam.get(url).text
    assert "Answered in time" in done
    assert "Not solved? Reopen it" in done
    told = re.findall(r"<li[^>]*><b>([^<]*)</b>", done.split("What happened")[1])
    assert told == ["Done", "Yes, we’ll do it", "Sam answered", "Need to know more", "Sam asked"]


@pytest.mark.parametrize(
    ("form", "field", "says"),
    [
        ({"act": "plan", "owner": "nobody", "by_when": FUTURE}, "owner", "Say who does it"),
        ({"act": "plan", "owner": "mia", "by_when": ""}, "by_when", "Say by when"),
        ({"act": "plan", "owner": "mia", "by_when": "2001-01-01"}, "by_when", "That day is over"),
        ({"act": "decline", "body": ""}, "body", "There is nothing in it yet"),
        ({"act": "join", "into": "S-99"}, "into", "by its number"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_everything_typed_is_kept(
    form: dict[str, str], field: str, says: str, sam: Person, mia: Person
) -> None:
    url = ask(sam, "Name a time")
    answer = mia.post(url, **{"body": "Kept <i>", "version": "1", "key": "k", "back": "/waiting/"} | form)
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]* aria-invalid="true" aria-describedby="([\w-]+)"', answer.text)
    beside = re.search(r'class="kb-wrong" id="a-\w+-wrong">([^<]*)', re.sub("<svg.*?</svg>", "", answer.text))
    assert beside
    assert says in beside[1]
    assert f'value="{form["act"]}" required checked' in answer.text
    assert value(answer.text, "back") == "/waiting/"
    if "body" not in form:
        assert "Kept &lt;i&gt;</textarea>" in answer.text
    if form.get("into"):
        assert value(answer.text, "into") == form["into"]


def test_of_two_who_answer_at_once_the_second_is_told_and_keeps_the_text(
    sam: Person, mia: Person, somebody: As
) -> None:
    url, lee = ask(sam, "Name a time"), somebody("lee")
    assert mia.post(url, act="plan", owner="mia", by_when=FUTURE, version="1").status_code == 303
    late = lee.post(url, act="decline", body="Not before spring", version="1")
    assert late.status_code == 409
    assert "Mia answered a moment before you. Your text is not lost." in late.text
    assert "Planned: Mia, by 6 May" in late.text
    assert "Not before spring</textarea>" in late.text
    again = {"act": "decline", "body": "Not before spring", "version": value(late.text, "version")}
    assert lee.post(url, **again).status_code == 303
    assert "Not before spring" in sam.get(url).text


def test_a_script_is_told_as_much(sam: Person, mia: Person) -> None:
    url, part = ask(sam, "Name a time"), {"KB-Part": "1"}
    wrong = mia.post(url, part, act="plan", owner="mia", by_when="", version="1")
    assert (wrong.status_code, wrong.json["field"]) == (422, "by_when")
    assert mia.post(url, part, act="ask", body="Why?", version="1").headers["KB-At"] == url
    late = mia.post(url, part, act="decline", body="No", version="1")
    assert late.status_code == 409
    assert late.json["version"] == 2
    assert late.json["current"] == "Marketing needs to know more"
    assert "a moment before you" in late.json["detail"]


def test_one_joins_another_by_what_people_call_it_and_comes_out_again(sam: Person, mia: Person) -> None:
    first, second = ask(sam, "Name a time"), ask(sam, "Say when we call")
    assert mia.post(second, act="join", into="S-1 Name a time", version="1").status_code == 303
    joined = mia.get(second).text
    assert 'Already asked: <a href="/s/1/">S-1 <bdi>Name a time</bdi></a>' in joined
    assert "Say when we call" in sam.get(first).text
    assert mia.post(second, act="part", version="2").status_code == 303
    assert "Waiting for an answer" in mia.get(second).text
    assert "Say when we call" not in sam.get(first).text


def test_who_asked_takes_it_back_says_it_better_and_opens_it_again(sam: Person, mia: Person) -> None:
    url = ask(sam, "Name a tiem")
    form = sam.get(f"{url}edit/").text
    assert value(form, "title") == "Name a tiem"
    better = {"title": "Name a time", "body": "Name a time", "version": value(form, "version")}
    assert sam.post(f"{url}edit/", **better).status_code == 303
    assert "What it said before, 1 time" in mia.get(url).text
    stale = sam.post(f"{url}edit/", title="Other", body="Other", version="1")
    assert stale.status_code == 409
    assert "Other</textarea>" in stale.text
    assert "Name a time" in stale.text
    assert mia.get(f"{url}edit/").status_code == 403
    assert sam.post(url, act="back", version="2").status_code == 303
    assert "Taken back by the author" in mia.get(url).text
    assert sam.post(url, act="reopen", body="After all", version="3").status_code == 303
    assert "Waiting for an answer" in mia.get(url).text


def test_the_liaison_labels_it_and_sends_it_to_another_team(sam: Person, mia: Person, somebody: As) -> None:
    url, lee = ask(sam, "Name a time"), somebody("lee")
    assert "Labels" not in mia.get(url).text
    assert lee.post(f"{url}labels/", labels="Forms, phone ,").status_code == 303
    assert "Name a time" in sam.get("/suggestions/?view=list&label=forms").text
    assert chosen(lee.get(url).text.split('id="s-to"')[0] + lee.get(url).text, "to_team") in {"sales", "success"}
    assert lee.post(f"{url}to/", to_team="success", version="1").status_code == 303
    assert "Sent to Customer Success" in sam.get(url).text
    assert "What does Marketing say?" not in mia.get(url).text


def test_something_is_added_changed_and_taken_back(sam: Person, mia: Person, somebody: As) -> None:
    url = ask(sam, "Name a time")
    at = mia.post(f"{url}remarks/", body="Good *point*").headers["Location"]
    remark = at.replace("#", "") + "/"
    assert "<em>point</em>" in sam.get(url).text
    assert 'name="body"' in mia.get(remark).text
    assert 'name="body"' not in sam.get(remark).text
    assert mia.post(remark, body="Good point!", version="1").status_code == 303
    assert "What it said before, 1 time" in mia.get(remark).text
    assert somebody("lee").post(f"{remark}hide/").status_code == 303
    assert "Good point!" not in sam.get(url).text
    assert sam.get(remark).status_code == 404
    assert somebody("lee").post(f"{remark}show/").status_code == 303
    assert mia.post(f"{remark}delete/").status_code == 303
    assert "Good point!" not in sam.get(url).text


def test_a_hidden_one_is_there_for_liaisons_alone(sam: Person, mia: Person, somebody: As) -> None:
    url, lee = ask(sam, "Something rude"), somebody("lee")
    assert lee.post(f"{url}hide/").status_code == 303
    assert mia.get(url).status_code == 404
    assert "Something rude" not in mia.get("/suggestions/").text
    assert "Only liaisons" in lee.get(url).text
    assert mia.post(f"{url}vote/").status_code == 404


@every("name", ["0", "99", "x", "1e3", "١", "9" * 40, "-1"])
def test_what_is_not_there_is_not_there(name: str, sam: Person) -> None:
    ask(sam, "Name a time")
    assert sam.get(f"/s/{name}/").status_code == 404
    assert sam.post(f"/s/{name}/vote/").status_code == 404
