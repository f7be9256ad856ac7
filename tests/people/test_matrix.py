"""Every route, asked as everybody: the table of permissions says what `matrix` says it must."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from by_hand import ROSTER, page
from flask import Flask
from flask.testing import FlaskClient
from matrix import WHO, rows
from signing import OURS, sign_in
from stores import on_alone
from werkzeug.test import TestResponse

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.people import permissions, sessions
from kb_server.people.roster import from_data
from kb_server.web.gate import COOKIE

# Signing out comes last: nobody would be who they are afterwards.
ORDER = {"accounts.sign_out": 1}


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an address of every route."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (ORDER.get(rule.endpoint, 0), rule.rule)):
        path = re.sub(r"<(?:(\w+):)?(\w+)>", example, rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, path


def example(found: re.Match[str]) -> str:
    """Something that a part of an address could be."""
    return "1" if found[1] == "int" else "a" if found[2] in {"path", "page_id"} else "x"


def answer(response: TestResponse) -> str:
    """What was answered, in the words of the table."""
    assert response.status_code != 500, response.text
    if response.status_code == 401 or "/sign-in/?to=" in response.headers.get("Location", ""):
        return "sign"
    return "no" if response.status_code == 403 else "yes"


@pytest.fixture
def ask(settings: Settings, database: Database, publish: Callable[..., str]) -> Callable[..., TestResponse]:
    """Ask as one of `WHO`."""
    publish(page("home", url=""), page("a"))
    open_wiki, closed = (create_app(replace(settings, public_read=public), database) for public in (True, False))
    open_wiki.testing = closed.testing = False
    secret: dict[str, str] = {}

    def asked(who: str, method: str, path: str) -> TestResponse:
        client = (open_wiki if who == "guest" else closed).test_client()
        is_token = who in {"reader", "writer"}
        if who not in secret and (is_token or who in ROSTER["people"]):
            secret[who] = token(closed, who, database) if is_token else sign_in(closed.test_client(), who)
        if who in secret and not is_token:
            client.set_cookie(COOKIE, secret[who])
        headers = {"Authorization": f"Bearer {secret[who]}"} if is_token else OURS
        form = {"team": "sales"} if method == "POST" else None
        return client.open(path, method=method, headers=headers, data=form)

    return asked


def token(app: Flask, who: str, database: Database) -> str:
    """A token of Sam's."""
    now, roster = datetime.now(UTC), from_data(ROSTER)
    secret = sign_in(app.test_client(), "sam")
    with database.transaction() as connection:
        sam = sessions.signed_in_by(connection, secret, roster, now)
        assert sam
        chosen = {"read"} if who == "reader" else permissions.scopes()
        return sessions.make_token(connection, sam, who, chosen, 30, now)


@on_alone("sqlite")
@pytest.mark.parametrize("who", WHO)
def test_every_route_answers_everybody_as_it_must(
    who: str, ask: Callable[..., TestResponse], client: FlaskClient
) -> None:
    expected = {key: answers[WHO.index(who)] for key, answers in rows().items()}
    found = {
        (endpoint, method): answer(ask(who, method, path)) for endpoint, method, path in routes(client.application)
    }
    assert not set(found) ^ set(expected), "tests/matrix.py has a row for each route, and for no other"
    assert {key: (found[key], expected[key]) for key in found if found[key] != expected[key]} == {}


@on_alone("sqlite")
def test_nobody_is_told_anything_of_a_closed_wiki(ask: Callable[..., TestResponse], client: FlaskClient) -> None:
    for endpoint, method, path in routes(client.application):
        response = ask("nobody", method, path)
        if answer(response) == "sign":
            assert b"<h1>a</h1>" not in response.data, endpoint
            assert "no-store" in response.headers["Cache-Control"], endpoint
