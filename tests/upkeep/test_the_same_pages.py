"""Whichever database it is, every page says the same: the sample wiki with sample activity, and a copy of its store.

But for search, where the two may order differently what they both find.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from guide.first_visit import begin
from processes import publish
from stores import Stores
from turns import made_once

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.db.copying import copy_rows
from kb_server.documents import postings

pytestmark = pytest.mark.slow
PAGES = (
    "/",
    "/waiting/",
    "/d/",
    "/definitions/export.json",
    "/suggestions/answer/",
    *(f"/suggestions/?{query}" for query in ("", "team=marketing", "state=done", "view=list", "in_time=due&query=a")),
    *(f"/suggestions/?view=list&state=all&order={order}" for order in ("new", "due", "votes", "age")),
    "/suggestions/export.csv?state=all",
    "/api/v1/suggestions",
)
LINK = re.compile(r'href="(/(?:(?:d|s|t|talk)/[^"#?]+|p/[a-z0-9-]+/v/\d+/))')
OF_THE_MOMENT = re.compile(r'\b[0-9a-f]{24}\b|(?<=")(?:w-)?[\w-]{16}(?=")|[\w-]{40,}')
"""What tells one answer from the next, and a sending from another."""


@pytest.fixture
def both(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, stores: Stores) -> Iterator[list[FlaskClient]]:
    """The browsers of one person at two servers, the second on a copy of the first one's store."""
    data = shutil.copytree(made_once(tmp_path_factory, "sample", publish), tmp_path / "data")
    settings = Settings(data_dir=data, database_url=f"sqlite:///{data / 'kb.sqlite3'}", posts_per_minute=1_000)
    with stores.one() as url, closing(Database(settings.database_url)) as ours, closing(Database(url)) as theirs:
        app = create_app(settings, ours)
        begin(ours, settings, app.extensions["kb"].site)
        client = app.test_client()
        client.get("/waiting/")  # whoever asks first lets people be told
        with ours.read() as source, theirs.transaction() as target:
            copy_rows(source, target, postings.is_of_the_index)
            postings.rebuild(target)
        yield [client, create_app(replace(settings, database_url=url), theirs).test_client()]


def test_every_page_says_the_same_on_both_databases(both: list[FlaskClient]) -> None:
    for client in both:
        client.post("/sign-in/", data={"handle": "lee"}, headers={"Sec-Fetch-Site": "same-origin"})
    seen, wanted = set[str](), [*PAGES]
    while wanted:
        path = wanted.pop()
        seen.add(path)
        answers = [client.get(path) for client in both]
        assert [answer.status_code for answer in answers] == [200, 200], path
        said = [OF_THE_MOMENT.sub("", answer.text) for answer in answers]
        assert said[0] == said[1], path
        wanted += sorted({*LINK.findall(said[0])} - seen - {*wanted})
    assert len(seen) > 50
    assert {path.split("/")[1] for path in seen} >= {"d", "s", "t", "p"}
