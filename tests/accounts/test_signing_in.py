"""Signing in by picking a person, on one's own machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from by_hand import ROSTER, page
from every import every
from flask.testing import FlaskClient

from kb_server.accounts import browsers
from kb_server.db import Database
from kb_server.people import keys, sessions, storage
from kb_server.people.models import Actor
from kb_server.people.roster import from_data
from kb_server.web import addresses
from kb_server.web.gate import COOKIE

OURS = {"Sec-Fetch-Site": "same-origin"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture
def published(publish: Callable[..., str]) -> None:
    publish(page("home", url=""), page("a"))


def pick(client: FlaskClient, handle: str, **form: str) -> str:
    """Sign in as somebody; gives the session's secret."""
    answer = client.post("/sign-in/", data={"handle": handle} | form, headers=OURS | {"User-Agent": FIREFOX})
    assert answer.status_code == 303, answer.text
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def who(database: Database, secret: str, *, later: timedelta = timedelta(0)) -> Actor | None:
    with database.read() as connection:
        return sessions.signed_in_by(connection, secret, from_data(ROSTER), datetime.now(UTC) + later)


def test_the_page_names_everybody_with_their_teams_and_what_they_do(client: FlaskClient) -> None:
    text = client.get("/sign-in/").text
    assert all(word in text for word in ("Sam", "Mia", "Lee", "Ada", "speaks for Sales", "liaison of Marketing"))


def test_whoever_is_picked_has_the_rights_the_teams_file_gives_them(client: FlaskClient, database: Database) -> None:
    sam, lee, ada = (who(database, pick(client, handle)) for handle in ("sam", "lee", "ada"))
    assert sam
    assert lee
    assert ada
    assert (sam.name, sam.teams, sam.speaks_for) == ("Sam", {"sales"}, {"sales"})
    assert (lee.teams, lee.liaison_of) == ({"sales", "marketing"}, {"sales", "marketing"})
    assert (ada.teams, ada.is_admin) == (frozenset(), True)


def test_the_same_person_is_the_same_from_one_session_to_the_next(client: FlaskClient, database: Database) -> None:
    first, second = (who(database, pick(client, "sam")) for _ in range(2))
    assert first == second


def test_signing_in_leads_back_to_where_one_was(client: FlaskClient) -> None:
    form = {"handle": "sam", "to": "/a/?x=1#section"}
    assert client.post("/sign-in/", data=form, headers=OURS).headers["Location"] == "/a/?x=1#section"


@pytest.mark.slow
@every(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil",
        "/\t/evil",
        "/a/../..//evil",
        "a",
        "",
        "/\0",
    ],
)
def test_signing_in_leads_nowhere_else(client: FlaskClient, to: str) -> None:
    assert client.post("/sign-in/", data={"handle": "sam", "to": to}, headers=OURS).headers["Location"] == "/"
    assert addresses.local(to) == "/"


def test_nobody_can_be_who_is_not_in_the_teams_file(client: FlaskClient) -> None:
    for handle in ("", "nobody", "SAM", "sam\0"):
        answer = client.post("/sign-in/", data={"handle": handle}, headers=OURS)
        assert (answer.status_code, client.get_cookie(COOKIE)) == (404, None)


@pytest.mark.slow
@every(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Origin": "https://localhost"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Host": "evil.example"},
    ],
)
def test_what_another_site_sends_is_not_done(client: FlaskClient, database: Database, headers: dict[str, str]) -> None:
    answer = client.post("/sign-in/", data={"handle": "sam"}, headers=headers)
    assert (answer.status_code, client.get_cookie(COOKIE)) == (403, None)
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(storage.people)) == 0


def test_an_older_browser_that_names_its_origin_alone_is_let_in(client: FlaskClient) -> None:
    answer = client.post("/sign-in/", data={"handle": "sam"}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 303


def test_signing_out_ends_the_session_on_the_server(client: FlaskClient, database: Database) -> None:
    secret = pick(client, "sam")
    answer = client.post("/sign-out/", headers=OURS)
    assert (answer.status_code, client.get_cookie(COOKIE)) == (303, None)
    assert who(database, secret) is None


def test_signing_in_anew_ends_the_session_before(client: FlaskClient, database: Database) -> None:
    before = pick(client, "sam")
    after = pick(client, "mia")
    assert (who(database, before), bool(who(database, after))) == (None, True)


def test_nobody_can_choose_the_secret_of_a_session(client: FlaskClient, database: Database) -> None:
    client.set_cookie(COOKIE, "chosen-by-somebody-else")
    assert pick(client, "sam") != "chosen-by-somebody-else"
    assert who(database, "chosen-by-somebody-else") is None


def test_a_session_ends_after_ninety_days(client: FlaskClient, database: Database) -> None:
    secret = pick(client, "sam")
    assert who(database, secret, later=timedelta(days=89))
    assert who(database, secret, later=timedelta(days=91)) is None


def test_the_store_holds_no_secret_and_no_description_of_the_machine(client: FlaskClient, database: Database) -> None:
    secret = pick(client, "sam")
    with database.read() as connection:
        rows = [str(row) for table in (keys.sessions, storage.people) for row in connection.execute(sa.select(table))]
    assert not [row for row in rows if secret in row or "Gecko" in row or "127.0.0.1" in row]
    assert "Firefox on Linux" in "".join(rows)


def test_the_cookie_is_for_this_wiki_alone_and_out_of_reach_of_scripts(client: FlaskClient) -> None:
    cookie = client.post("/sign-in/", data={"handle": "sam"}, headers=OURS).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_a_right_that_is_taken_away_is_gone_with_the_next_request(client: FlaskClient, database: Database) -> None:
    secret = pick(client, "sam")
    less = ROSTER | {"teams": {"sales": {"name": "Sales", "hue": "blue", "head": "", "speakers": [], "liaisons": []}}}
    with database.read() as connection:
        actor = sessions.signed_in_by(connection, secret, from_data(less), datetime.now(UTC))
    assert actor
    assert actor.speaks_for == frozenset()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/141.0 Safari/537.36 Edg/141.0", "Edge on Windows"),
        ("", "A browser"),
        ("<script>\x00", "A browser"),
    ],
)
def test_a_browser_is_named_as_a_person_would(said: str, name: str) -> None:
    assert browsers.name(said) == name
