"""People with browsers who talk about a page, for the tests of conversations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from by_hand import page
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb_server.activity.storage import activity
from kb_server.db import Database
from kb_server.pages.manifest import Page, Section

OURS = {"Sec-Fetch-Site": "same-origin"}
LEAD = "How a lead goes from one team to the other."
CALLS = "Sales calls back within one working day and says in the first sentence what the person asked for."
TALK = "/talk/handing/"


def handing(when: str = CALLS) -> Page:
    """A page of Sales and Marketing, owned by Lee, with a section to talk about."""
    plain = page("handing", LEAD, title="Handing a lead to Sales")
    section = Section("when", "When we hand over", 2, when, when, (3, 4), f"1:{len(when)}")
    return Page(
        **{name: getattr(plain, name) for name in Page.__slots__ if name not in {"teams", "meta", "sections"}},
        teams=("marketing", "sales"),
        meta={"owner": "lee"},
        sections=(*plain.sections, section),
    )


@dataclass
class Person:
    """Somebody with a browser."""

    client: FlaskClient

    def get(self, url: str, **headers: str) -> TestResponse:
        return self.client.get(url, headers=headers)

    def post(self, url: str, headers: dict[str, str] | None = None, **form: str) -> TestResponse:
        return self.client.post(url, data=form, headers=OURS | (headers or {}))

    def start(self, body: str = "Does a call-back count?", **form: str) -> tuple[str, str]:
        """Begin a conversation; gives its address and that of what was said first."""
        return addresses(self.post(TALK, **{"body": body, "kind": "question"} | form))

    def say(self, thread: str, body: str) -> str:
        """Say something in a conversation; gives its address."""
        return addresses(self.post(thread, body=body))[1]

    def finds(self, words: str) -> list[str]:
        """The addresses a search leads to."""
        return [hit["url"] for hit in self.client.get("/api/v1/search", query_string={"query": words}).json["hits"]]


def browsers(app: Flask) -> As:
    """Opens a browser for somebody by their handle, signed in; for nobody known without one."""

    def come(handle: str = "") -> Person:
        person = Person(app.test_client())
        if handle:
            assert person.post("/sign-in/", handle=handle).status_code == 303
        return person

    return come


def insisting(send: Callable[[], TestResponse]) -> TestResponse:
    """What comes of it for somebody who was told that others were in the way for too long, and to come back."""
    while (answer := send()).status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        assert answer.headers["Retry-After"]
    return answer


def log(database: Database, *verbs: str) -> list[dict[str, Any]]:
    """What the log tells of conversations, or of these verbs alone, oldest first."""
    with database.read() as connection:
        rows = connection.execute(sa.select(activity).order_by(activity.c.seq)).mappings().all()
    wanted = [row for row in rows if (row["verb"] in verbs if verbs else row["verb"].startswith(("thread", "comment")))]
    return [json.loads(row["data"]) | {"verb": row["verb"], "subject": row["subject"]} for row in wanted]


def addresses(answer: TestResponse) -> tuple[str, str]:
    """The conversation, and the comment in it, that an answer leads to."""
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"(/t/th_\w+/)#(c_\w+)", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return found[1], f"{found[1]}{found[2]}/"


As = Callable[..., Person]
