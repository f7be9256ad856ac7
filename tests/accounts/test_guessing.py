"""Whoever guesses gets nowhere: codes of six digits have an end to their tries, longer secrets are beyond guessing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from postbox import Postbox
from signing import OURS, Wiki, who

from kb_server.accounts import mailed
from kb_server.accounts.routes import answers
from kb_server.db import Database
from kb_server.people import secret
from kb_server.web.gate import COOKIE

A_DAY = 50
"""Guesses of a code for one mailbox, whichever browsers they come from: one chance in twenty thousand a day."""


@pytest.fixture
def store_kind() -> str:
    return "sqlite"  # what is counted is counted alike in both: tests/people/test_limits.py


@pytest.fixture
def client(wiki: Wiki, box: Postbox) -> FlaskClient:
    return wiki(auth="email", mail_url=box.url)


@pytest.mark.slow
def test_somebody_who_guesses_codes_all_day_has_fifty_tries(
    client: FlaskClient, box: Postbox, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = 0
    for quarter in range(24 * 4):
        now = datetime.now(UTC) + quarter * mailed.LASTS
        monkeypatch.setattr(answers, "now", lambda now=now: now)
        thief = client.application.test_client()
        while thief.post("/sign-in/", data={"email": "sam@example.com"}, headers=OURS).status_code == 303:
            code = box.next()["Subject"]
            wrong = ["000000" if "000000" not in code else "000001"] * (mailed.TRIES + 1)
            said = [thief.post("/sign-in/code/", data={"code": one}, headers=OURS) for one in wrong]
            assert {answer.status_code for answer in said} == {422}
            heard += mailed.TRIES
            assert "Ask for a new one" in said[mailed.TRIES - 1].text
            thief = client.application.test_client()
    assert heard == A_DAY
    assert who(thief, database) is None


@pytest.mark.slow
def test_a_made_up_session_token_link_or_draft_is_nobodys(client: FlaskClient, stored: Callable[[], str]) -> None:
    before = stored()
    for _ in range(100):
        guess = secret.new()
        assert client.get("/api/v1/me", headers={"Authorization": f"Bearer kbt_{guess}"}).status_code == 401
        assert client.get(f"/draft/{guess}/").headers["Location"].startswith("/sign-in/")
        assert client.post(f"/sign-in/link/{guess}/", headers=OURS).status_code == 404
        client.set_cookie(COOKIE, guess)
        assert client.get("/account/").headers["Location"].startswith("/sign-in/")
        client.delete_cookie(COOKIE)
    assert stored() == before


def test_every_secret_is_beyond_guessing() -> None:
    made = {secret.new() for _ in range(1000)}
    assert len(made) == 1000
    assert min(map(len, made)) >= 256 / 6  # six bits a letter
