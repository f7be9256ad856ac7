"""What must not be seen: secrets, names and addresses in logs, addresses of machines in the store, both in errors."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from by_hand import page
from every import every
from postbox import Postbox
from signing import OURS, Wiki, secret_of, sign_in

from kb_server.accounts.routes import answers
from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database

MACHINE = "203.0.113.77"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0 canary-of-agents"


def test_no_secret_no_name_and_no_address_comes_into_the_log(
    wiki: Wiki, box: Postbox, caplog: pytest.LogCaptureFixture, stored: Callable[[], str]
) -> None:
    caplog.set_level(logging.DEBUG)
    canaries = {"canary.person@example.org", "Canary", MACHINE, "canary-of-agents"}
    client = wiki(auth="email", mail_url=box.url, email_domains=("example.org",))
    asked = {"environ_base": {"REMOTE_ADDR": MACHINE}, "headers": OURS | {"User-Agent": AGENT}}
    client.post("/sign-in/", data={"email": "canary.person@example.org"}, **asked)
    attempt = client.get_cookie(answers.ATTEMPT, path="/sign-in/")
    mail = box.next()
    plain = mail.get_body(("plain",))
    assert attempt
    assert plain
    link = plain.get_content().split("/sign-in/link/")[1].split("/")[0]
    code = re.findall(r"\d{6}", mail["Subject"])[0]
    canaries |= {attempt.value, link}
    client.get(f"/sign-in/link/{link}/", **asked)
    client.post("/sign-in/code/", data={"code": "000000"}, **asked)
    client.post("/sign-in/code/", data={"code": code}, **asked)
    made = client.post("/account/tokens/", data={"name": "Canary", "scope": "read", "days": "7"}, **asked)
    token = re.findall(r"kbt_[\w-]+", made.text)[0]
    canaries |= {secret_of(client), token}
    wiki().get("/a/", headers={"Authorization": f"Bearer {token}"})
    wiki().get("/a/", headers={"Authorization": "Bearer kbt_canary-token"})
    wiki().get("/nowhere/canary-path/?query=canary-query")
    canaries |= {"canary-token", "canary-path", "canary-query"}

    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log")  # aiosmtpd's own
    assert "POST" in logged
    assert sorted(canary for canary in canaries if canary and canary in logged) == []
    kept = stored()
    assert not [canary for canary in (MACHINE, "canary-of-agents", link, token, attempt.value) if canary in kept]


def test_a_mail_that_cannot_be_delivered_is_logged_without_its_address(
    wiki: Wiki, caplog: pytest.LogCaptureFixture
) -> None:
    with Postbox(refusing=("sam@example.com",)) as box:
        client = wiki(auth="email", mail_url=box.url)
        client.post("/sign-in/", data={"email": "sam@example.com"}, headers=OURS)
        wait_for_mail_threads()
    assert "answer 550" in caplog.text
    assert "sam@" not in caplog.text


def wait_for_mail_threads() -> None:
    for thread in threading.enumerate():
        if thread.name == "kb-mail":
            thread.join(120)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/account/", "/people/", "/sign-in/invitation/x/", "/sign-in/link/x/", "/api/v1/me"])
def test_what_one_person_sees_nobody_keeps(wiki: Wiki, path: str) -> None:
    client = wiki(public_read=False)
    sign_in(client, "ada")
    kept = client.get(path).headers["Cache-Control"]
    assert "no-store" in kept or "private" in kept


def test_a_page_of_an_account_obeys_the_sites_policy(wiki: Wiki) -> None:
    client = wiki()
    sign_in(client, "sam")
    assert "script-src 'self'" in client.get("/account/").headers["Content-Security-Policy"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "</bdi><img src=x onerror=alert(1)>", "{{ 7*7 }}", "'\"><b>"]
)
def test_a_name_is_text_wherever_it_is_shown(wiki: Wiki, name: str) -> None:
    client = wiki()
    sign_in(client, "sam")
    shown = client.post("/account/tokens/", data={"name": name, "scope": "read", "days": "7"}, headers=OURS).text
    assert name not in shown or name == "{{ 7*7 }}"
    assert "<script>alert" not in shown
    assert "onerror=alert(1)>" not in shown
    assert "49" not in re.sub(r"kbt_[\w-]+|value=\"[^\"]*\"", "", shown)


@pytest.mark.slow
@every(
    "path, form",
    [
        ("/account/teams/ask/", {"team": "\ud800".encode("utf-8", "surrogatepass")}),
        ("/account/teams/leave/", {"team": "\0"}),
        ("/account/browsers/end/", {"browser": "x" * 100_000}),
        ("/account/tokens/end/", {"token": "\0"}),
        ("/account/tokens/", {"name": "\0", "scope": "\0", "days": str(2**63)}),
        ("/account/tokens/", {"name": "x", "scope": "read", "days": "NaN"}),
        ("/people/confirm/", {"person": "\0", "team": "sales"}),
        ("/sign-in/", {"handle": "\0"}),
    ],
)
def test_bad_input_has_a_clear_answer(wiki: Wiki, path: str, form: dict[str, str | bytes]) -> None:
    client = wiki()
    sign_in(client, "ada")
    answer = client.post(path, data=form, headers=OURS)
    assert answer.status_code in {404, 409, 422}
    assert "Traceback" not in answer.text


def test_the_page_that_asks_people_in_has_all_it_is_made_of_and_no_word_of_the_wiki(
    settings: Settings, database: Database, publish: Callable[..., str]
) -> None:
    open_to_all = {
        "assets/kb-0123abcd/words.js": "1",
        "assets/javascripts/lunr/min/lunr.de.min.js": "2",
        "search/search_index.json": '{"config":{},"docs":[]}',
    }
    secret = {
        "assets/plan.js": "3",
        "assets/plan.pdf": "4",
        "search/search_index.full.json": '{"docs":[{"text":"lanterns"}]}',
        "assets/javascripts/plan.html": "5",
    }
    publish(page("home", url=""), **open_to_all | secret)
    client = create_app(replace(settings, public_read=False), database).test_client()
    assert {client.get(f"/{name}").status_code for name in open_to_all} == {200}
    assert {client.get(f"/{name}").status_code for name in secret} == {303}


def test_an_index_with_words_in_it_is_not_open(
    settings: Settings, database: Database, publish: Callable[..., str]
) -> None:
    publish(page("home", url=""), **{"search/search_index.json": '{"docs":[{"text":"lanterns"}]}'})
    client = create_app(replace(settings, public_read=False), database).test_client()
    assert client.get("/search/search_index.json").status_code == 303


def test_a_script_that_may_not_read_is_told_so_and_led_nowhere(wiki: Wiki) -> None:
    client = wiki(public_read=False)
    assert client.get("/a/", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
    assert client.get("/a/", headers={"Sec-Fetch-Mode": "navigate"}).status_code == 303


def test_who_may_not_read_does_not_learn_what_the_pages_are_called(
    settings: Settings, database: Database, publish: Callable[..., str]
) -> None:
    """The menu of the usual pages names every page; those who are asked in see one without."""
    publish(page("home", url=""), **{"_kb/shells/door.html": "<i>door</i>{% block content %}{% endblock %}"})
    closed, public = (create_app(replace(settings, public_read=public), database) for public in (False, True))
    client = closed.test_client()
    for path in ("/sign-in/", "/sign-in/invitation/x/", "/sign-in/?to=x"):
        assert "<i>door</i>" in client.get(path).text
    assert "<i>door</i>" in client.post("/account/teams/ask/", headers=OURS).text
    assert "<i>door</i>" not in public.test_client().get("/sign-in/").text
    sign_in(client, "sam")
    assert "<i>door</i>" not in client.get("/account/").text
    assert "<i>door</i>" not in client.get("/nowhere/").text
