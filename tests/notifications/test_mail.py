"""Mail: who gets it, what stands in it, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from every import every
from notifications.telling import ASKS, ask, links, mails, part, stop_of, to_whom
from postbox import Postbox
from sqlalchemy import text
from talking import OURS, As, Person

from kb_server.db import Database
from kb_server.notifications import outbox
from kb_server.notifications.service import Teller


def test_a_question_comes_by_mail_with_what_was_said_and_one_click_to_the_place(
    teller: Teller, postbox: Postbox, otto: Person
) -> None:
    thread, comment = ask(otto)
    (mail,) = mails(teller, postbox)
    assert mail["To"] == "sam@example.com"
    assert mail["Subject"] == "Otto asks on What Sales does"
    place = f"http://localhost{thread}#{comment.split('/')[-2]}"
    assert links(mail)[0] == place
    assert f"Go there and answer: {place}" in part(mail, "plain")
    assert f"> {ASKS}" in part(mail, "plain")
    assert ASKS in part(mail, "html")


def test_an_answer_comes_to_all_who_took_part_and_never_to_whoever_gave_it(
    teller: Teller, postbox: Postbox, sam: Person, mia: Person, otto: Person
) -> None:
    thread, _ = ask(otto)
    assert to_whom(mails(teller, postbox)) == ["sam"]
    mia.say(thread, "I would like to know as well.")
    assert to_whom(mails(teller, postbox)) == ["otto", "sam"]
    sam.say(thread, "The account manager does.")
    found = mails(teller, postbox)
    assert to_whom(found) == ["mia", "otto"]
    assert [mail["Subject"] for mail in found] == [
        "Sam said something on What Sales does",
        "Sam answered you on What Sales does",
    ]


def test_a_mail_tells_programs_what_it_belongs_to_and_how_to_end_it(
    teller: Teller, postbox: Postbox, otto: Person
) -> None:
    thread, _ = ask(otto)
    (first,) = mails(teller, postbox)
    otto.say(thread, "And on holidays?")
    (second,) = mails(teller, postbox)
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == second["References"] == second["In-Reply-To"]
    assert first["References"].endswith("@example.com>")
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop_of(first).startswith("/mail/p_")


def test_a_mail_ends_by_one_click_and_by_no_look(teller: Teller, postbox: Postbox, somebody: As, otto: Person) -> None:
    ask(otto)
    address = stop_of(mails(teller, postbox)[0])
    scanner = somebody().client
    for _ in range(2):
        assert scanner.get(address).status_code == scanner.head(address).status_code == 200
    ask(otto, "Another one")
    assert to_whom(mails(teller, postbox)) == ["sam"]
    done = scanner.post(address, data={"List-Unsubscribe": "One-Click"})  # from a mail program: no session, no origin
    assert done.status_code == 200
    ask(otto, "A third one")
    assert mails(teller, postbox) == []


def test_mail_about_one_conversation_ends_alone_and_stays_ended(
    teller: Teller, postbox: Postbox, sam: Person, otto: Person
) -> None:
    thread, _ = ask(otto)
    (mail,) = mails(teller, postbox)
    (leave,) = [link for link in links(mail) if "/thread%3A" in link]
    otto.client.post(leave.removeprefix("http://localhost"))
    otto.say(thread, "And on holidays?")
    assert mails(teller, postbox) == []
    sam.say(thread, "I take part again.")
    mails(teller, postbox)
    otto.say(thread, "Good.")
    assert mails(teller, postbox) == []
    otto.say(thread, "But @sam is named.")
    assert to_whom(mails(teller, postbox)) == ["sam"]
    ask(otto, "Something else")
    assert to_whom(mails(teller, postbox)) == ["sam"]


def test_an_address_that_ends_mail_is_good_for_nothing_else(
    teller: Teller, postbox: Postbox, otto: Person, mia: Person
) -> None:
    ask(otto, "For @mia")
    sams = stop_of(mails(teller, postbox)[1])
    _, _, person, what, signature, _ = sams.split("/")
    mias = mia.get("/api/v1/me").json["id"]
    for forged in ((mias, what, signature), (person, "team:sales", signature), (person, what, "0" * len(signature))):
        assert mia.client.post(f"/mail/{'/'.join(forged)}/").status_code == 404
    ask(otto, "For @mia again")
    assert to_whom(mails(teller, postbox)) == ["mia", "sam"]


def test_before_anybody_was_sent_an_address_none_is_one_of_ours(database: Database, mia: Person) -> None:
    with database.transaction() as connection:
        connection.execute(text("DELETE FROM meta WHERE key = 'notifications.key'"))
    assert mia.client.get("/mail/x/x/x/").status_code == 404
    assert mia.client.post("/mail/x/x/x/").status_code == 404


def test_other_forms_still_have_to_come_from_the_wiki_itself(sam: Person) -> None:
    answer = sam.client.post("/waiting/settings/", data={"how": "never"})
    assert answer.status_code == 403
    answer = sam.client.post("/waiting/settings/", data={"how": "never"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_never_means_that_nothing_is_even_queued(teller: Teller, postbox: Postbox, sam: Person, otto: Person) -> None:
    ask(otto, "Before")
    teller.take_in()
    sam.post("/waiting/settings/", how="never")
    ask(otto)
    assert mails(teller, postbox) == []
    assert standing(teller) == (0, 0)
    assert sam.get("/api/v1/waiting").json["count"] == 2


def test_every_hour_means_one_mail_with_all_of_it(teller: Teller, postbox: Postbox, sam: Person, otto: Person) -> None:
    sam.post("/waiting/settings/", how="hourly")
    for number in range(3):
        ask(otto, f"Question {number}")
    assert mails(teller, postbox) == []
    assert teller.send_due(now=datetime.now(UTC) + timedelta(hours=1)) == 1
    mail = postbox.next()
    assert mail["Subject"] == "3 things said by Otto"
    assert [f"Question {number}" in part(mail, "plain") for number in range(3)] == [True] * 3
    assert "In-Reply-To" not in mail


def test_what_was_hidden_or_taken_back_in_between_is_not_sent(
    teller: Teller, postbox: Postbox, somebody: As, otto: Person
) -> None:
    _, taken_back = ask(otto, "Taken back")
    _, hidden = ask(otto, "Hidden")
    teller.take_in()
    otto.post(f"{taken_back}delete/")
    somebody("lee").post(f"{hidden}hide/")
    assert teller.send_due() == 0
    assert postbox.is_empty
    assert standing(teller) == (0, 0)


def test_what_is_mailed_is_what_it_says_now(teller: Teller, postbox: Postbox, otto: Person) -> None:
    _, comment = ask(otto, "Wrogn")
    teller.take_in()
    otto.post(comment, body="Right", version="1")
    (mail,) = mails(teller, postbox)
    assert "> Right" in part(mail, "plain")
    assert "Wrogn" not in part(mail, "plain")


def test_whoever_watches_a_page_or_a_team_hears_of_it(
    teller: Teller, postbox: Postbox, somebody: As, mia: Person, otto: Person
) -> None:
    vera = somebody("vera")
    assert vera.post("/waiting/watch/", what="team:sales", does="1").status_code == 303
    assert mia.post("/waiting/watch/", what="page:sams", does="1").status_code == 303
    ask(otto)
    assert to_whom(mails(teller, postbox)) == ["mia", "sam", "vera"]
    mia.post("/waiting/watch/", what="page:sams", does="0")
    ask(otto, "Another one")
    assert to_whom(mails(teller, postbox)) == ["sam", "vera"]
    assert "Watch" in mia.get("/waiting/settings/").text


def test_an_owner_may_stop_watching_their_page_and_still_has_it_in_the_list(
    teller: Teller, postbox: Postbox, sam: Person, otto: Person
) -> None:
    assert "You watch it" in sam.get("/waiting/watch/?page=sams").text
    sam.post("/waiting/watch/", what="page:sams", does="0")
    assert "You do not watch it" in sam.get("/waiting/watch/?page=sams").text
    ask(otto)
    assert mails(teller, postbox) == []
    assert sam.get("/api/v1/waiting").json["count"] == 1


@every(
    "what",
    ["page:nothing", "team:nothing", "nothing", "", "thread:x", "thread:th_0123456789abcdef", "thread:th_\0", "page:"],
)
def test_nobody_watches_what_is_not_there(sam: Person, what: str) -> None:
    assert sam.post("/waiting/watch/", what=what, does="1").status_code == 404


def test_without_a_mail_server_nothing_is_queued_and_the_list_is_there(
    teller: Teller, sam: Person, otto: Person
) -> None:
    plain = replace(teller, settings=replace(teller.settings, mail_url=""))
    ask(otto)
    plain.take_in()
    assert standing(teller) == (0, 0)
    assert sam.get("/api/v1/waiting").json["count"] == 1


HEADER = "Sam\r\nBcc: everybody@example.com"


def test_no_text_begins_another_header(teller: Teller, postbox: Postbox, otto: Person) -> None:
    """ATTACKS 15: a name, a page's title and a text all stand in what is sent."""
    ask(otto, "Line\n\nBcc: everybody@example.com\n.\nMAIL FROM:<a@example.com>")
    with teller.database.transaction() as connection:
        connection.execute(text("UPDATE people SET name = :name WHERE handle = 'otto'"), {"name": HEADER})
    (mail,) = mails(teller, postbox)
    assert mail["Bcc"] is None
    assert mail["X-To"] == "sam@example.com"
    assert mail["Subject"] == "Sam Bcc: everybody@example.com asks on What Sales does"
    assert "\n> MAIL FROM" in part(mail, "plain")


def test_markup_in_a_text_is_text_in_a_mail(teller: Teller, postbox: Postbox, otto: Person) -> None:
    ask(otto, "`<script>alert(1)</script>` and `<img src=x onerror=alert(1)>` and [x](https://evil.example)")
    (mail,) = mails(teller, postbox)
    html = part(mail, "html")
    assert "<script" not in html
    assert "<img" not in html
    assert all(link.startswith("http://localhost/") for link in links(mail))


def test_no_link_in_a_mail_comes_from_a_host_header(teller: Teller, postbox: Postbox, otto: Person) -> None:
    """ATTACKS 25."""
    answer = otto.client.post(
        "/talk/sams/", data={"body": ASKS, "kind": "question"}, headers=OURS | {"X-Forwarded-Host": "evil.example"}
    )
    assert answer.status_code == 303
    (mail,) = mails(teller, postbox)
    assert "evil" not in mail.as_string()


def standing(teller: Teller) -> tuple[int, int]:
    with teller.database.read() as connection:
        found = outbox.standing(connection)
    return found.waiting, found.dead
