"""One's own account: teams, browsers, tokens, and what is held about one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from counting import counted
from every import every
from flask.testing import FlaskClient
from signing import OURS, Wiki, secret_of, sign_in, who
from talking import log
from werkzeug.test import TestResponse

from kb_server.accounts.routes.me import WAITING
from kb_server.db import Database
from kb_server.people import sessions, storage
from kb_server.people.models import Membership, Person
from kb_server.people.permissions import scopes
from kb_server.words import day, each


@pytest.fixture
def open_as(wiki: Wiki) -> Callable[[str], FlaskClient]:
    """A browser in which somebody is signed in."""

    def opened(handle: str) -> FlaskClient:
        client = wiki()
        sign_in(client, handle)
        return client

    return opened


Open = Callable[[str], FlaskClient]


def send(client: FlaskClient, path: str, **form: str | list[str]) -> TestResponse:
    return client.post(path, data=form, headers=OURS)


def value_of(text: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]+)"', text)


# ── Teams ─────────────────────────────────────────────────────────────────


def test_a_team_is_joined_when_its_liaison_says_so(open_as: Open, database: Database) -> None:
    otto, lee = open_as("otto"), open_as("lee")
    assert send(otto, "/account/teams/ask/", team="sales").status_code == 303
    assert "waits for a liaison" in otto.get("/account/").text
    actor = who(otto, database)
    assert actor
    assert actor.teams == frozenset()

    assert "/people/" in lee.get("/account/").text
    assert "/people/" not in otto.get("/account/").text
    waiting = lee.get("/people/").text
    assert "Otto" in waiting
    (person,) = value_of(waiting, "person")
    assert send(lee, "/people/confirm/", person=person, team="sales").status_code == 303
    actor = who(otto, database)
    assert actor
    assert actor.teams == {"sales"}
    assert "confirmed by a liaison" in otto.get("/account/").text
    assert "Nobody waits" in lee.get("/people/").text


def test_a_liaison_says_no_and_takes_out_again(open_as: Open, database: Database) -> None:
    otto, lee = open_as("otto"), open_as("lee")
    for answers in (["decline"], ["confirm", "decline"]):
        send(otto, "/account/teams/ask/", team="sales")
        (person, *_) = value_of(lee.get("/people/").text, "person")
        for answer in answers:
            assert send(lee, f"/people/{answer}/", person=person, team="sales").status_code == 303
        actor = who(otto, database)
        assert actor
        assert actor.teams == frozenset()


def test_nobody_lets_themselves_in(open_as: Open, database: Database) -> None:
    ada, vera = open_as("ada"), open_as("vera")
    for client, team in ((ada, "sales"), (vera, "sales")):
        send(client, "/account/teams/ask/", team=team)
        actor = who(client, database)
        assert actor
        assert send(client, "/people/confirm/", person=actor.id, team=team).status_code == 403
        again = who(client, database)
        assert again
        assert team not in again.teams


def test_a_liaison_of_another_team_has_no_say(open_as: Open, database: Database) -> None:
    otto, vera, sam = open_as("otto"), open_as("vera"), open_as("sam")
    send(otto, "/account/teams/ask/", team="sales")
    actor = who(otto, database)
    assert actor
    for client in (vera, sam, otto):
        for path in ("/people/confirm/", "/people/decline/"):
            assert send(client, path, person=actor.id, team="sales").status_code == 403
    assert "Otto" not in vera.get("/people/").text
    assert {sam.get("/people/").status_code, otto.get("/people/").status_code} == {403}


@pytest.mark.slow
@pytest.mark.parametrize("team", ["", "nowhere", "sales' OR 1=1", "\0", "marketing"])
def test_who_cannot_be_let_in_is_not(open_as: Open, team: str, database: Database) -> None:
    otto, lee = open_as("otto"), open_as("lee")
    actor = who(otto, database)
    assert actor
    for person in (actor.id, "p_0", "", "\0"):
        assert send(lee, "/people/confirm/", person=person, team=team).status_code in {403, 404, 422}
    if team != "marketing":
        assert send(otto, "/account/teams/ask/", team=team).status_code in {404, 422}


def test_a_team_is_left_and_one_of_the_teams_file_is_not(open_as: Open, database: Database) -> None:
    sam = open_as("sam")
    assert send(sam, "/account/teams/leave/", team="sales").status_code == 404
    assert send(sam, "/account/teams/ask/", team="sales").status_code == 409
    send(sam, "/account/teams/ask/", team="marketing")
    assert send(sam, "/account/teams/ask/", team="marketing").status_code == 409
    assert send(sam, "/account/teams/leave/", team="marketing").status_code == 303
    actor = who(sam, database)
    assert actor
    assert actor.teams == {"sales"}
    assert "waits for a liaison" not in sam.get("/account/").text


def test_asking_over_and_over_comes_to_an_end(open_as: Open) -> None:
    otto = open_as("otto")
    said = [
        send(otto, f"/account/teams/{what}/", team="sales").status_code for _ in range(11) for what in ("ask", "leave")
    ]
    assert said[:20] == [303] * 20
    assert said[20] == 429


def test_who_runs_the_wiki_sees_everybody_and_a_liaison_does_not(open_as: Open) -> None:
    open_as("sam")
    lee, ada = open_as("lee"), open_as("ada")
    assert "Everybody" in ada.get("/people/").text
    assert "Sam" in ada.get("/people/?page=1").text
    assert "Sam" not in ada.get("/people/?page=2").text
    assert ada.get("/people/?page=99999999999999999999").status_code == 200
    assert "Everybody" not in lee.get("/people/").text


def test_the_list_of_who_waits_takes_as_many_queries_however_long_it_is(open_as: Open, database: Database) -> None:
    lee = open_as("lee")

    def queries(people: int) -> int:
        with database.transaction() as connection:
            for number in range(people):
                person = Person(f"p_{people}_{number}", f"Somebody {number}")
                storage.add_people(connection, [person], "2026-11-22T00:00:00Z")
                wanted = Membership(person.id, "sales", confirmed=number % 2 == 0)
                storage.add_membership(connection, wanted, "2026-11-22T00:00:00Z")
        lee.get("/people/")
        with counted(database) as asked:
            assert lee.get("/people/").text.count("Somebody") >= people
        return len(asked)

    assert queries(2) == queries(60)


# ── Browsers ──────────────────────────────────────────────────────────────


def test_a_browser_is_listed_and_signed_out_from_another(open_as: Open, database: Database) -> None:
    laptop, phone = open_as("sam"), open_as("sam")
    page = laptop.get("/account/").text
    assert page.count("this browser") == 1
    (other,) = value_of(page, "browser")
    assert send(laptop, "/account/browsers/end/", browser=other).status_code == 303
    assert who(phone, database) is None
    assert who(laptop, database)
    assert [line["subject"] for line in log(database, "session.ended")] == [other]
    assert send(laptop, "/account/browsers/end/", browser=other).status_code == 404


def test_all_other_browsers_are_signed_out_at_once(open_as: Open, database: Database) -> None:
    first, second, here, mia = open_as("sam"), open_as("sam"), open_as("sam"), open_as("mia")
    assert send(here, "/account/browsers/end-others/").status_code == 303
    assert [bool(who(client, database)) for client in (first, second, here, mia)] == [False, False, True, True]
    send(here, "/sign-out/")
    assert [line["verb"] for line in log(database, "sessions.ended", "session.ended")] == [
        "sessions.ended",
        "session.ended",
    ]


def test_nobody_signs_somebody_else_out(open_as: Open, database: Database) -> None:
    sam, mia = open_as("sam"), open_as("mia")
    with database.read() as connection:
        session = sessions.this_session(connection, secret_of(sam))
    for given in (session, "", "\0", "%"):
        assert send(mia, "/account/browsers/end/", browser=given).status_code in {404, 422}
    assert who(sam, database)


# ── Tokens ────────────────────────────────────────────────────────────────


def make(client: FlaskClient, *chosen: str, name: str = "Backup", days: str = "30") -> str:
    text = send(client, "/account/tokens/", name=name, scope=list(chosen), days=days).text
    found = re.search(r"<code>(kbt_[\w-]+)</code>", text)
    return found[1] if found else ""


def ask_with(client: FlaskClient, token: str, path: str = "/api/v1/me", **headers: str) -> TestResponse:
    return client.get(path, headers={"Authorization": f"Bearer {token}"} | headers)


def test_a_token_is_shown_once_and_acts_for_its_person(wiki: Wiki, open_as: Open, stored: Callable[[], str]) -> None:
    sam, program = open_as("sam"), wiki(public_read=False)
    token = make(sam, "read")
    assert token not in sam.get("/account/").text
    assert token not in stored()
    assert "Backup" in sam.get("/account/").text
    assert ask_with(program, token).get_json()["name"] == "Sam"
    assert ask_with(program, token, "/a/").status_code == 200
    assert ask_with(program, token, "/api/v1/search?query=a").status_code == 200


def test_a_token_never_touches_an_account(open_as: Open, wiki: Wiki) -> None:
    token, program = make(open_as("sam"), *scopes()), wiki()
    assert ask_with(program, token, "/account/").status_code == 403
    assert ask_with(program, token, "/account/export/").status_code == 403
    bearer = {"Authorization": f"Bearer {token}"}
    for path in ("/account/tokens/", "/account/browsers/end-others/", "/account/teams/ask/", "/people/confirm/"):
        assert program.post(path, headers=bearer).status_code == 403
        assert program.post(path, headers=bearer | OURS).status_code == 403


def test_a_token_without_the_scope_may_not_read(open_as: Open, wiki: Wiki) -> None:
    others = sorted(scopes() - {"read"})
    token, program = make(open_as("sam"), *others), wiki()
    assert ask_with(program, token, "/a/").status_code == 403


@pytest.mark.slow
@every("token", ["", "x", "kbt_", "kbt_" + "x" * 43, "kbt_ä", "kbt_\x7f", "a b", "kbt_" + "9" * 5000])
def test_what_is_no_token_is_refused_and_is_nobody(wiki: Wiki, token: str) -> None:
    answer = ask_with(wiki(), token)
    assert answer.status_code == 401
    assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert answer.content_type == "application/problem+json"


def test_a_token_and_a_session_together_are_refused(open_as: Open) -> None:
    sam = open_as("sam")
    token = make(sam, "read")
    assert {ask_with(sam, token, path).status_code for path in ("/api/v1/me", "/a/", "/healthz", "/sign-in/")} == {403}


def test_another_kind_of_authorization_is_for_whoever_stands_in_front(open_as: Open) -> None:
    assert open_as("sam").get("/a/", headers={"Authorization": "Basic c2FtOmhlbGxv"}).status_code == 200


def test_a_withdrawn_token_works_no_longer_and_somebody_elses_is_not_withdrawn(open_as: Open, wiki: Wiki) -> None:
    sam, mia, program = open_as("sam"), open_as("mia"), wiki()
    token = make(sam, "read")
    (token_id,) = value_of(sam.get("/account/").text, "token")
    assert send(mia, "/account/tokens/end/", token=token_id).status_code == 404
    assert ask_with(program, token).status_code == 200
    assert send(sam, "/account/tokens/end/", token=token_id).status_code == 303
    assert ask_with(program, token).status_code == 401


@pytest.mark.slow
@every(
    "name, chosen, days",
    [
        ("", ["read"], "30"),
        ("\u200b", ["read"], "30"),
        ("Backup", [], "30"),
        ("Backup", ["everything"], "30"),
        ("Backup", ["read", ""], "30"),
        ("Backup", ["read"], "0"),
        ("Backup", ["read"], "36500"),
        ("Backup", ["read"], "²"),
        ("Backup", ["read"], ""),
    ],
)
def test_a_token_that_cannot_be_made_is_said_so_and_nothing_typed_is_lost(
    open_as: Open, name: str, chosen: list[str], days: str, stored: Callable[[], str]
) -> None:
    sam = open_as("sam")
    answer = send(sam, "/account/tokens/", name=name, scope=chosen, days=days)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'value="{name}"' in answer.text
    assert "tokens: " not in stored()


def test_there_are_only_so_many_tokens(open_as: Open, database: Database) -> None:
    sam = open_as("sam")
    assert all(make(sam, "read") for _ in range(sessions.MOST_TOKENS))
    assert send(sam, "/account/tokens/", name="One more", scope="read", days="30").status_code == 409
    assert who(sam, database)


def test_a_session_that_ends_meanwhile_makes_no_token(
    open_as: Open, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam, transaction = open_as("sam"), database.transaction

    @contextmanager
    def after_the_operator() -> Iterator[sa.Connection]:
        with transaction() as connection:
            connection.exec_driver_sql("DELETE FROM sessions")
        with transaction() as connection:
            yield connection

    monkeypatch.setattr(database, "transaction", after_the_operator)
    assert send(sam, "/account/tokens/", name="Mine", scope="read", days="365").status_code == 401
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tokens").scalar() == 0


def test_every_scope_has_its_words() -> None:
    assert set(each("scope")) >= scopes()


# ── Who asks, for the header ──────────────────────────────────────────────


def test_the_header_learns_who_is_signed_in(wiki: Wiki, open_as: Open) -> None:
    nobody = wiki(public_read=False).get("/api/v1/me")
    assert nobody.get_json() == {
        "signed_in": False,
        "can_sign_in": True,
        "id": "",
        "name": "",
        "hue": "slate",
        "teams": [],
        "waiting": 0,
    }
    lee = open_as("lee")
    said = lee.get("/api/v1/me")
    assert {key: said.get_json()[key] for key in ("name", "hue", "teams")} == {
        "name": "Lee",
        "hue": "blue",
        "teams": ["sales", "marketing"],
    }
    assert "private" in said.headers["Cache-Control"]
    assert wiki(auth="none").get("/api/v1/me").get_json()["can_sign_in"] is False


def test_the_header_learns_how_much_waits(open_as: Open) -> None:
    lee = open_as("lee")
    lee.application.extensions[WAITING] = lambda _connection, actor, _roster: len(actor.name)
    assert lee.get("/api/v1/me").get_json()["waiting"] == 3


# ── What is held about me ─────────────────────────────────────────────────


def test_everything_held_about_me_comes_in_one_file(open_as: Open, stored: Callable[[], str]) -> None:
    sam = open_as("sam")
    make(sam, "read", name="My script")
    send(sam, "/account/teams/ask/", team="success")
    answer = sam.get("/account/export/")
    held = json.loads(answer.data)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert held["account"]["email"] == "sam@example.com"
    assert held["account"]["tokens"][0]["name"] == "My script"
    assert held["account"]["teams"][0]["team"] == "success"
    assert secret_of(sam) not in answer.text
    assert not re.search(r"[0-9a-f]{64}", answer.text), "a digest is of no use to anybody"
    assert "sam" in stored()


def test_the_pages_say_sign_in_first(wiki: Wiki) -> None:
    client = wiki()
    for path in ("/account/", "/people/", "/account/export/"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert (
            answer.headers["Location"].endswith(f"/sign-in/?to={path.replace('/', '%2F')}")
            or "to=" in (answer.headers["Location"])
        )
    refused = client.post("/account/teams/ask/", data={"team": "sales"}, headers=OURS)
    assert refused.status_code == 401
    assert "/sign-in/" in refused.text


# ── Being away ────────────────────────────────────────────────────────────


def test_somebody_says_until_when_they_are_away_and_that_they_are_back(open_as: Open) -> None:
    sam = open_as("sam")
    until = datetime.now(UTC).date() + timedelta(days=7)
    assert send(sam, "/account/away/", until=until.isoformat(), deputy="lee").status_code == 303
    text = sam.get("/account/").text
    assert f"You are away up to and including {day(until)}." in text
    assert '<option value="lee" selected>' in text
    assert '<option value="mia"' not in text
    assert send(sam, "/account/back/").status_code == 303
    assert "You are away" not in sam.get("/account/").text


def test_a_day_that_has_passed_is_asked_for_again(open_as: Open) -> None:
    answer = send(open_as("sam"), "/account/away/", until="2020-01-01", deputy="lee")
    assert answer.status_code == 422
    assert 'aria-describedby="kb-away-problem"' in answer.text
    assert 'value="2020-01-01"' in answer.text


def test_whoever_is_in_no_team_is_away_without_anybody_standing_in(open_as: Open) -> None:
    assert 'name="deputy"' not in open_as("otto").get("/account/").text
