"""Signing in, for tests: what a browser of ours sends, and who it then is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from by_hand import ROSTER
from flask.testing import FlaskClient

from kb_server.db import Database
from kb_server.people import sessions
from kb_server.people.models import Actor
from kb_server.people.roster import from_data
from kb_server.web.gate import COOKIE

OURS = {"Sec-Fetch-Site": "same-origin"}
Wiki = Callable[..., FlaskClient]
"""Opens a browser in a wiki with other settings."""


def sign_in(client: FlaskClient, handle: str) -> str:
    """Sign in by picking a person; gives the session's secret."""
    answer = client.post("/sign-in/", data={"handle": handle}, headers=OURS)
    assert answer.status_code == 303, answer.text
    return secret_of(client)


def secret_of(client: FlaskClient) -> str:
    """The secret of the session this browser has, or ""."""
    cookie = client.get_cookie(COOKIE)
    return cookie.value if cookie else ""


def who(client: FlaskClient, database: Database) -> Actor | None:
    """Who is signed in in this browser."""
    with database.read() as connection:
        return sessions.signed_in_by(connection, secret_of(client), from_data(ROSTER), datetime.now(UTC))
