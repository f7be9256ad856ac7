"""Signing in by a code or a link in a mail, with a real mail server."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from every import every
from flask.testing import FlaskClient
from postbox import Postbox
from signing import OURS, Wiki, who
from werkzeug.test import TestResponse

from kb_server.accounts import mailed
from kb_server.accounts.routes import answers
from kb_server.db import Database


def ask(client: FlaskClient, email: str = "sam@example.com", **form: str) -> TestResponse:
    return client.post("/sign-in/", data={"email": email} | form, headers=OURS)


def type_in(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/sign-in/code/", data={"code": code}, headers=OURS)


def code_in(box: Postbox) -> str:
    found = re.search(r"\b\d{6}\b", box.next()["Subject"])
    assert found
    return found[0]


def link_in(box: Postbox) -> str:
    plain = box.next().get_body(("plain",))
    assert plain
    found = re.search(r"http://localhost(/sign-in/link/\S+)", plain.get_content())
    assert found
    return found[1]


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    monkeypatch.setattr(answers, "now", lambda: datetime.now(UTC) + by)


@pytest.fixture
def client(wiki: Wiki, box: Postbox) -> FlaskClient:
    return wiki(auth="email", mail_url=box.url)


def test_the_code_of_the_mail_signs_in_and_leads_on(client: FlaskClient, box: Postbox, database: Database) -> None:
    asked = ask(client, " Sam@Example.com ", to="/a/?x=1")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/sign-in/code/")
    assert "sam@example.com" in client.get("/sign-in/code/").text
    code = code_in(box)
    done = type_in(client, f"{code[:3]} {code[3:]}")
    assert (done.status_code, done.headers["Location"]) == (303, "/a/?x=1")
    sam = who(client, database)
    assert sam
    assert (sam.name, sam.handle, sam.speaks_for) == ("Sam", "sam", {"sales"})


def test_the_link_of_the_mail_does_the_same_after_a_click(
    client: FlaskClient, box: Postbox, database: Database
) -> None:
    ask(client, to="/a/")
    link = link_in(box)
    assert "sam@example.com" in client.get(link).text
    assert who(client, database) is None
    assert client.post(link, headers=OURS).headers["Location"] == "/a/"
    assert who(client, database)


def test_a_program_that_follows_the_link_changes_nothing(
    client: FlaskClient, box: Postbox, stored: Callable[[], str]
) -> None:
    ask(client)
    link, before = link_in(box), stored()
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert client.post(link).status_code == 403
    assert stored() == before


def test_code_and_link_are_worth_nothing_in_another_browser(
    wiki: Wiki, client: FlaskClient, box: Postbox, database: Database
) -> None:
    ask(client)
    code = code_in(box)
    ask(client)
    link = link_in(box)
    other = wiki(auth="email", mail_url=box.url)
    assert "another browser" in other.get(link).text
    assert other.post(link, headers=OURS).status_code == 404
    assert type_in(other, code).status_code == 422
    ask(other, "mia@example.com")
    assert type_in(other, code).status_code == 422
    assert who(other, database) is None


def test_a_code_and_a_link_work_once(client: FlaskClient, box: Postbox, database: Database) -> None:
    ask(client)
    mail = box.next()
    code = re.findall(r"\d{6}", mail["Subject"])[0]
    attempt = client.get_cookie(answers.ATTEMPT, path="/sign-in/")
    assert attempt
    type_in(client, code)
    client.post("/sign-out/", headers=OURS)
    client.set_cookie(answers.ATTEMPT, attempt.value, path="/sign-in/")
    assert type_in(client, code).status_code == 422
    assert who(client, database) is None


def test_after_a_quarter_of_an_hour_neither_works(
    client: FlaskClient, box: Postbox, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    ask(client)
    code_in(box)
    link = link_in(box)
    later(monkeypatch, mailed.LASTS)
    assert type_in(client, "000000").status_code == 422
    assert client.post(link, headers=OURS).status_code == 404
    assert who(client, database) is None


def test_after_five_wrong_codes_the_right_one_is_wrong_too(
    client: FlaskClient, box: Postbox, database: Database
) -> None:
    ask(client)
    code = code_in(box)
    wrong = str((int(code) + 1) % 10**6).zfill(6)
    said = [type_in(client, wrong).text for _ in range(mailed.TRIES)]
    assert "4 more times" in said[0]
    assert "once more" in said[3]
    assert "Ask for a new one" in said[4]
    assert type_in(client, code).status_code == 422
    assert who(client, database) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "٣٣٣٣٣٣", "\0", "\ud800", "9" * 5000], ids=lambda code: ascii(code[:9])
)
def test_what_is_no_code_is_a_wrong_one(client: FlaskClient, box: Postbox, code: str) -> None:
    ask(client)
    box.next()
    assert type_in(client, code.encode("utf-8", "surrogatepass").decode("latin-1")).status_code == 422


def test_nobody_learns_who_may_sign_in(
    wiki: Wiki, client: FlaskClient, box: Postbox, stored: Callable[[], str]
) -> None:
    stranger = wiki(auth="email", mail_url=box.url)
    known, unknown = ask(client), ask(stranger, "stranger@elsewhere.com")
    assert (known.status_code, known.text, known.headers["Location"]) == (
        unknown.status_code,
        unknown.text,
        unknown.headers["Location"],
    )
    assert "stranger@elsewhere.com" in stranger.get("/sign-in/code/").text
    box.next()
    wait_for_connections(box, 2)
    assert box.is_empty
    limits = [ask(one, email).status_code for _ in range(3) for one, email in both(client, stranger)]
    assert limits == [303, 303, 303, 303, 429, 429]
    assert stored().count("attempts:") == 2


def both(client: FlaskClient, stranger: FlaskClient) -> list[tuple[FlaskClient, str]]:
    return [(client, "sam@example.com"), (stranger, "stranger@elsewhere.com")]


def wait_for_connections(box: Postbox, count: int) -> None:
    assert box.connections == count, "the mail server is asked for both alike"


def test_a_whole_domain_may_sign_in_and_no_other(wiki: Wiki, box: Postbox, database: Database) -> None:
    client = wiki(auth="email", mail_url=box.url, email_domains=("example.org",))
    ask(client, "nia.berg@example.org")
    type_in(client, code_in(box))
    nia = who(client, database)
    assert nia
    assert (nia.name, nia.handle, nia.teams) == ("Nia Berg", "", frozenset())
    for address in ("x@sub.example.org", "x@example.org.evil.com", "x@notexample.org"):
        assert ask(wiki(auth="email", mail_url=box.url, email_domains=("example.org",)), address).status_code == 303
    ask(client, "otto@example.com")
    assert box.next()["X-To"] == "otto@example.com"
    assert box.is_empty


def test_one_browser_may_ask_so_often_in_a_row(client: FlaskClient, stored: Callable[[], str]) -> None:
    answers = [ask(client, f"one{number}@elsewhere.com") for number in range(mailed.ASKS + 1)]
    assert [answer.status_code for answer in answers] == [303] * mailed.ASKS + [429]
    assert int(answers[-1].headers["Retry-After"]) > 60
    assert f"one{mailed.ASKS}@elsewhere.com" in answers[-1].text
    assert stored().count("attempts:") == 1


def test_one_address_gets_three_mails_in_a_quarter_of_an_hour_whoever_asks(
    wiki: Wiki, box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [ask(wiki(auth="email", mail_url=box.url)) for _ in range(4)]
    assert [answer.status_code for answer in asked] == [303, 303, 303, 429]
    later(monkeypatch, mailed.LASTS + timedelta(seconds=1))
    assert ask(wiki(auth="email", mail_url=box.url)).status_code == 303


def test_one_mailbox_gets_ten_mails_a_day_however_its_address_is_written(wiki: Wiki, box: Postbox) -> None:
    opened = {"auth": "email", "mail_url": box.url, "email_domains": ("example.com",)}
    for number in range(mailed.BY_PERSON.most):
        ask(wiki(**opened), f"sam+{number}@example.com")
    for _ in range(mailed.BY_PERSON.most):
        box.next()
    for address in ("sam+more@example.com", "sam@example.com", " SAM@Example.com"):
        assert ask(wiki(**opened), address).status_code == 303
    ask(wiki(**opened), "mia+x@example.com")
    assert box.next()["X-To"] == "mia+x@example.com"
    assert box.is_empty


@pytest.mark.slow
@every(
    "email",
    [
        "",
        "sam",
        "sam@",
        "sam@example.com\r\nBcc: x@y.zz",
        "sаm@example.com",
        f"{300 * 'a'}@example.com",
        "\0",
        "\ud800",
    ],
)
def test_what_is_no_address_is_said_so_and_stays_in_the_field(client: FlaskClient, email: str) -> None:
    answer = client.post("/sign-in/", data={"email": email.encode("utf-8", "surrogatepass"), "to": "/a/"}, headers=OURS)
    assert answer.status_code == 422
    assert "name@example.com" in answer.text
    assert 'value="/a/"' in answer.text


def test_a_dead_mail_server_is_said_so_and_nothing_typed_is_lost(wiki: Wiki, stored: Callable[[], str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = wiki(auth="email", mail_url=f"smtp://127.0.0.1:{taken.getsockname()[1]}")
        for email in ("sam@example.com", "stranger@elsewhere.com") * 3:
            answer = ask(client, email, to="/a/")
            assert answer.status_code == 503
            assert f'value="{email}"' in answer.text
            assert 'value="/a/"' in answer.text
    assert "attempts:" not in stored()
    assert "allowances:" not in stored()


def test_a_mailbox_that_refuses_is_no_different_for_who_asks(wiki: Wiki) -> None:
    with Postbox(refusing=("sam@example.com",)) as box:
        assert ask(wiki(auth="email", mail_url=box.url)).status_code == 303


def test_without_a_mail_server_the_page_says_what_to_do(wiki: Wiki) -> None:
    client = wiki(auth="email")
    assert "invitation" in client.get("/sign-in/").text
    assert ask(client).status_code == 503


def test_the_store_holds_no_code_no_link_and_no_secret(
    client: FlaskClient, box: Postbox, stored: Callable[[], str]
) -> None:
    ask(client)
    mail = box.next()
    code = re.findall(r"\d{6}", mail["Subject"])[0]
    plain = mail.get_body(("plain",))
    assert plain
    link = plain.get_content().split("/sign-in/link/")[1].split("/")[0]
    attempt = client.get_cookie(answers.ATTEMPT, path="/sign-in/")
    assert attempt
    kept = stored()
    assert "attempts:" in kept
    assert not [secret for secret in (link, attempt.value) if secret in kept]
    assert f"'{code}'" not in kept


def test_signing_in_by_mail_forgets_the_attempt(client: FlaskClient, box: Postbox, stored: Callable[[], str]) -> None:
    ask(client)
    type_in(client, code_in(box))
    assert "attempts:" not in stored()
    assert client.get_cookie(answers.ATTEMPT, path="/sign-in/") is None


def test_the_link_is_on_the_wikis_own_address_whatever_host_is_asked(wiki: Wiki, box: Postbox) -> None:
    client = wiki(auth="email", mail_url=box.url, base_url="https://wiki.example.com/kb/")
    headers = {"Sec-Fetch-Site": "same-origin", "Host": "evil.example"}
    client.post("/sign-in/", data={"email": "sam@example.com"}, headers=headers)
    plain = box.next().get_body(("plain",))
    assert plain
    assert re.findall(r"https?://[^/\s]+", plain.get_content()) == ["https://wiki.example.com"]


def test_over_tls_the_cookies_go_nowhere_else(wiki: Wiki, box: Postbox) -> None:
    client = wiki(auth="email", mail_url=box.url, base_url="https://wiki.example.com/kb/")
    cookie = ask(client).headers["Set-Cookie"]
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/kb/sign-in/"))
