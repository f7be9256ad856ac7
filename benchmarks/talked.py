"""What is measured of conversations: the sample wiki with more pages, people who talk about them, and a server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
import sqlalchemy as sa
import wiki
from client import Server
from processes import KB, ROOT

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.notifications import storage as notifications
from kb_server.people import service as people
from kb_server.threads import reading, service
from kb_server.threads.models import KINDS, Topic
from kb_server.web.build import Build, load
from kb_server.writing import places
from kb_server.writing.models import By, Said

PAGES, TALKS, ANSWERS = 100, 10, 4
"""Pages, conversations on each, and answers to what each of those began with."""
SPEAKERS = ("sam", "nia", "mia", "tom", "lee", "otto")
PLAIN = (
    "Does a call-back count when nobody picks up? I have seen both answers this week.",
    "For webinars we always waited two days, because people need time to look at what they signed up for.",
    "Agreed. Let us write it down before the next quarter, so that nobody has to ask a second time.",
    "We had three of these last month, and each went to somebody else.",
)
MARKED = (
    "The list says **who asked** and *what for*, but not `by when`: see [the page](https://wiki.example.com/calls)."
)


def text(number: int) -> str:
    """What somebody says, each time another text: two or three plain sentences, and some Markdown in every fifth."""
    some = [PLAIN[(number + one) % len(PLAIN)] for one in range(1 + number % 2)]
    return " ".join((*some, MARKED if number % 5 == 0 else "", f"So much for number {number}.")).replace("  ", " ")


@dataclass(frozen=True)
class Wiki:
    """A published wiki: its settings, and the conversations on each of its pages."""

    settings: Settings
    talks: list[list[str]]

    def log(self) -> Path:
        """What its server says."""
        return self.settings.data_dir.parent / "kb.log"


def made(folder: Path) -> Wiki:
    """Build and publish the wiki, and let people talk."""
    source, data = folder / "wiki", folder / "data"
    shutil.copytree(ROOT / "docs", source / "docs")
    for name in ("mkdocs.yml", "teams.yml"):
        shutil.copyfile(ROOT / name, source / name)
    for number in range(PAGES):
        head = f"---\nid: {_page(number)}\ntitle: Measured {number}\nteams: [sales, marketing]\nowner: lee\n---\n"
        (source / "docs" / f"{_page(number)}.md").write_text(
            f"{head}\nWhat page {number} says.\n\n## A section\n\nMore.\n"
        )
    environment, config = os.environ | {"KB_DATA_DIR": str(data)}, ("-f", str(source / "mkdocs.yml"))
    build = wiki.kb(environment, "build", "--no-strict", *config)
    wiki.kb(environment, "publish", *config, build)
    settings = Settings(
        config_file=source / "mkdocs.yml", data_dir=data, database_url=f"sqlite:///{data / 'kb.sqlite3'}"
    )
    with closing(Database(settings.database_url)) as database:
        served = load(data / "builds" / build)
        return Wiki(settings, [_talk(database, served, number) for number in range(PAGES)])


def _page(number: int) -> str:
    return f"measured-{number}"


def _talk(database: Database, served: Build, page: int) -> list[str]:
    """Let people talk about a page; gives the ids of its conversations."""
    place, found = places.place(served.pages[_page(page)], served.id), []
    with database.transaction() as connection:
        speakers = [_by(connection, served, handle) for handle in SPEAKERS]
        for talk in range(TALKS):
            number = (page * TALKS + talk) * (ANSWERS + 1)
            topic = Topic(place, KINDS[talk % len(KINDS)])
            began = service.start(connection, speakers[talk % len(speakers)], topic, Said(text(number)))
            thread = reading.thread(connection, began.thread)
            assert thread
            found.append(thread.id)
            for answer in range(1, ANSWERS + 1):
                by = speakers[(talk + answer) % len(speakers)]
                service.answer(connection, by, thread, place, Said(text(number + answer)))
    return found


def _by(connection: sa.Connection, served: Build, handle: str) -> By:
    now = datetime.now(UTC)
    person = people.person_for(connection, handle, served.roster, now)
    return By(people.actor_of(connection, person, served.roster), served.roster, now, 1_000_000)


@contextmanager
def serving(made: Wiki) -> Iterator[Server]:
    """A server of the wiki that has told people of all that was said."""
    environment = os.environ | {
        "KB_DATA_DIR": str(made.settings.data_dir),
        "KB_PORT": "0",
        "KB_POSTS_PER_MINUTE": "1000000",
    }
    command = [*KB, "serve", "-f", str(made.settings.config_file)]
    with made.log().open("a") as log:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the server did not start"
            _wait_until_told(made.settings)
            yield Server(found[0], process.pid)
        finally:
            process.terminate()
            process.wait(20)


def _wait_until_told(settings: Settings) -> None:
    with closing(Database(settings.database_url, checkpoints=False)) as database:
        while True:
            with database.read() as connection:
                if not notifications.is_behind(connection):
                    return
            time.sleep(0.1)
