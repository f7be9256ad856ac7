"""Killed at any point: what was published before, or what comes after, is served whole; never something between."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from by_hand import page

from kb_server.builds import service
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.documents import storage as documents
from kb_server.search.engines import Task
from kb_server.search.engines.database import database_engine
from kb_server.search.expression import Wanted, Word
from kb_server.search.models import Filters
from kb_server.web.site import Site

pytestmark = pytest.mark.slow
TIMES = int(os.environ.get("KILLS", "6"))
PAGES = 300
PUBLISH = """
import sys
from pathlib import Path
from kb_server.builds import service
from kb_server.config import Settings
from kb_server.db import Database
settings = Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2])
print("ready", flush=True)
service.publish(Database(settings.database_url), settings, sys.argv[3])
"""


def wiki(word: str) -> list[object]:
    return [page(f"p{number}", f"{word} text number {number}. " * 20, title=word) for number in range(PAGES)]


def test_a_publish_killed_anywhere_leaves_one_build_whole(
    make_build: Callable[..., str], publish: Callable[..., str], database: Database, settings: Settings
) -> None:
    current, coming = publish(*wiki("first")), make_build(*wiki("second"))
    chance = random.Random(20261121)
    for _ in range(TIMES):
        _kill_while_publishing(settings, coming, chance.uniform(0, 0.6))
        current, coming = _the_one_that_is_whole(database, settings, current, coming)
    assert service.publish(database, settings, coming).build == coming


def _kill_while_publishing(settings: Settings, build_id: str, after: float) -> None:
    command = [sys.executable, "-c", PUBLISH, str(settings.data_dir), settings.database_url, build_id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(after)  # not a wait for something: the moment of the kill is what is tried
        process.send_signal(signal.SIGKILL)


def _the_one_that_is_whole(database: Database, settings: Settings, before: str, after: str) -> tuple[str, str]:
    site = Site(settings.data_dir / "builds", lambda: service.published_ids(database))
    served = site.current()
    assert site.problems == []
    assert served.id in (before, after)
    word = served.manifest.pages[0].title
    with database.read() as connection:
        found = documents.documents_of_kind(connection, "page")
        task = Task(Wanted(Word(word)), Filters(), 1, time.monotonic() + 60)
        matches = database_engine(database.dialect).match(connection, task).total
    assert {document.title for document in found} == {word}
    assert len(found) == matches == PAGES
    return served.id, after if served.id == before else before
