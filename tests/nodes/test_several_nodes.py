"""Several servers and a publisher on one PostgreSQL, as real processes, over HTTP."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import postgres
import pytest
from allowing import Span, within
from by_hand import page
from processes import KB, PATIENCE, start, stop
from sqlalchemy.exc import SQLAlchemyError
from stores import Stores, on_alone

from kb_server.activity.storage import Event, events_after, record
from kb_server.builds import service
from kb_server.config import Settings
from kb_server.db import Database, migrate
from kb_server.pages import layout

pytestmark = [pytest.mark.slow, on_alone("postgresql")]

Make = Callable[..., str]
Nodes = Callable[..., "Node"]


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    retry_after: str | None


@dataclass(frozen=True)
class Node:
    """A running server with a data folder of its own."""

    data: Path
    address: str

    def get(self, path: str) -> Answer:
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE)
        try:
            connection.request("GET", f"/{path}")
            response = connection.getresponse()
            return Answer(response.status, response.read().decode(), response.headers["Retry-After"])
        finally:
            connection.close()

    def finds(self, word: str) -> list[str]:
        hits = json.loads(self.get(f"api/v1/search?query={word}&exact=1").text)["hits"]
        return [hit["page_id"] for hit in hits]

    def state(self) -> tuple[str, str, list[str]]:
        state = json.loads(self.get("readyz").text)
        return state["status"], state["build"], state["problems"]


@pytest.fixture
def nodes(tmp_path: Path, database_url: str) -> Iterator[Nodes]:
    """Start a server named so; with `builds` it has them in common with whoever else uses that folder."""
    running: list[subprocess.Popen[str]] = []

    def run(name: str, builds: Path | None = None) -> Node:
        data = tmp_path / name
        data.mkdir(mode=0o700)
        if builds:
            (data / "builds").symlink_to(builds)
        process, address = start(data, KB_DATABASE_URL=database_url)
        running.append(process)
        return Node(data, address)

    yield run
    for process in running:
        stop(process)


def publish(settings: Settings, build_id: str) -> subprocess.CompletedProcess[str]:
    """Publish as an operator does."""
    environment = os.environ | {"KB_DATA_DIR": str(settings.data_dir), "KB_DATABASE_URL": settings.database_url}
    return subprocess.run(
        [*KB, "publish", build_id], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def until(there: Callable[[], bool]) -> None:
    """Wait until it is so."""
    started = time.monotonic()
    while not there():
        assert time.monotonic() - started < PATIENCE


def events(database: Database) -> list[Event]:
    with database.read() as connection:
        return events_after(connection, 0, limit=10_000)


@pytest.mark.alone
def test_a_publication_reaches_every_node_with_its_texts(
    settings: Settings, database: Database, make_build: Make, nodes: Nodes
) -> None:
    service.publish(database, settings, make_build(page("lamps", "Lanterns hang in every doorway.", title="Old")))
    several = [nodes(name, settings.data_dir / "builds") for name in ("first", "second")]
    assert [node.finds("lanterns") for node in several] == [["lamps"], ["lamps"]]
    fresh = make_build(page("lamps", "Candles only.", title="New"))
    assert publish(settings, fresh).returncode == 0
    # The texts are in the database that all of them ask; a build is taken up by whoever looks next.
    assert [node.finds("candles") for node in several] == [["lamps"], ["lamps"]]
    assert [node.finds("lanterns") for node in several] == [[], []]
    for node in several:
        with within(3):
            until(lambda node=node: "New" in node.get("lamps/").text)  # type: ignore[misc]
        assert node.state() == ("ready", fresh, [])


def test_a_node_without_the_files_serves_the_last_good_build_and_says_so(
    settings: Settings, database: Database, make_build: Make, nodes: Nodes, tmp_path: Path
) -> None:
    builds = settings.data_dir / "builds"
    first = make_build(page("lamps", "Lanterns.", title="Old"))
    service.publish(database, settings, first)
    shutil.copytree(builds, tmp_path / "copied")
    near, far = nodes("near", builds), nodes("far", tmp_path / "copied")
    second = make_build(page("lamps", "Candles.", title="New"))
    assert publish(settings, second).returncode == 0
    until(lambda: near.state()[1] == second)
    status, build, problems = far.state()
    assert (status, build) == ("degraded", first)
    assert second in problems[0]
    assert str(tmp_path) not in problems[0]
    assert "Old" in far.get("lamps/").text
    shutil.copytree(builds / second, tmp_path / "copied" / second)
    until(lambda: far.state() == ("ready", second, []))
    assert "New" in far.get("lamps/").text


def test_a_node_that_has_no_build_at_all_is_not_ready(
    settings: Settings, database: Database, make_build: Make, nodes: Nodes
) -> None:
    build_id = make_build(page("lamps"))
    service.publish(database, settings, build_id)
    empty = nodes("empty")
    answer = empty.get("readyz")
    assert answer.status == 503
    assert build_id in json.loads(answer.text)["problems"][0]
    assert empty.get("").status == 503
    assert empty.get("healthz").status == 200


def test_a_publication_is_applied_once_however_many_publish_it_at_the_same_moment(
    settings: Settings, database: Database, make_build: Make, tmp_path: Path
) -> None:
    pages = [page(f"p{number}", f"Lantern number {number}. " * 30) for number in range(200)]
    build_id = make_build(*pages, kb__css="p { color: green }\n" * 100)
    machines = [replace(settings, data_dir=tmp_path / f"machine{number}") for number in range(4)]
    for machine in machines:
        shutil.copytree(settings.data_dir, machine.data_dir)
    with ThreadPoolExecutor(len(machines)) as several:
        done = list(several.map(lambda machine: publish(machine, build_id), machines))
    assert [command.stdout for command in done] == [f"Build {build_id} is current (publication 1).\n"] * 4
    assert [(event.verb, event.subject) for event in events(database)] == [("build.published", build_id)]
    # Each machine has prepared its own files.
    assert all((machine.data_dir / "builds" / build_id / layout.GZIP / "kb.css").is_file() for machine in machines)


def test_two_publications_at_the_same_moment_follow_one_another(
    settings: Settings, database: Database, make_build: Make, tmp_path: Path
) -> None:
    ids = [make_build(*(page(f"p{number}", f"{word} {number}.") for number in range(100))) for word in ("One", "Two")]
    machines = [replace(settings, data_dir=tmp_path / f"machine{number}") for number in range(2)]
    for machine in machines:
        shutil.copytree(settings.data_dir, machine.data_dir)
    with ThreadPoolExecutor(2) as several:
        done = list(several.map(publish, machines, ids))
    assert [command.returncode for command in done] == [0, 0]
    subjects = [event.subject for event in events(database)]
    assert sorted(subjects) == sorted(ids)
    assert service.published_ids(database)[0] == subjects[-1]
    with database.read() as connection:
        texts = connection.exec_driver_sql("SELECT DISTINCT split_part(text, ' ', 1) FROM documents").scalars().all()
    assert texts == ["One" if subjects[-1] == ids[0] else "Two"]


@dataclass
class Traffic:
    """Readers of every node and one who writes, until told to stop."""

    nodes: list[Node]
    database: Database
    going: threading.Event = field(default_factory=threading.Event)
    answers: dict[str, Counter[int]] = field(default_factory=dict)
    without_retry_after: int = 0
    slowest: float = 0.0
    acknowledged: list[str] = field(default_factory=list)

    def read(self, node: Node, path: str) -> None:
        while not self.going.is_set():
            started = time.monotonic()
            answer = node.get(path)
            self.slowest = max(self.slowest, time.monotonic() - started)
            self.answers.setdefault(path, Counter())[answer.status] += 1
            self.without_retry_after += answer.status == 503 and answer.retry_after is None

    def write(self) -> None:
        number = 0
        while not self.going.is_set():
            number += 1
            while not self.going.is_set():
                try:
                    self._write_once(str(number))
                except SQLAlchemyError:
                    continue
                self.acknowledged.append(str(number))
                break

    def _write_once(self, key: str) -> None:
        """Nobody knows what became of a commit whose answer was lost: the key tells."""
        with self.database.transaction() as connection:
            known = "SELECT count(*) FROM activity WHERE subject = %s"
            if not connection.exec_driver_sql(known, (key,)).scalar_one():
                record(connection, actor="build", verb="tested", subject=key, data={})


@pytest.mark.alone
def test_a_restart_of_postgresql_costs_no_acknowledged_write_and_no_page(
    settings: Settings, make_build: Make, tmp_path: Path
) -> None:
    with postgres.running() as server:
        Stores(server).execute("CREATE DATABASE restarted")
        settings = replace(settings, database_url=server.url("restarted"))
        database = Database(settings.database_url)
        migrate(database, tmp_path)
        build_id = make_build(page("lamps", "Lanterns.", title="Lamps"), page("home", url=""))
        service.publish(database, settings, build_id)
        started = []
        for name in ("first", "second"):
            (tmp_path / name).mkdir(mode=0o700)
            (tmp_path / name / "builds").symlink_to(settings.data_dir / "builds")
            started.append(start(tmp_path / name, KB_DATABASE_URL=settings.database_url))
        traffic = Traffic([Node(tmp_path, address) for _, address in started], database)
        for node in traffic.nodes:
            assert node.finds("lanterns") == ["lamps"]
            assert node.get("lamps/").status == 200
        span = Span()
        _restart_in_traffic(server, traffic)
        for node in traffic.nodes:  # with the first request, as if nothing had been
            assert node.finds("lanterns") == ["lamps"]
        subjects = Counter(event.subject for event in events(database))
        for process, _ in started:
            stop(process)
        database.close()
    assert set(traffic.acknowledged) <= set(subjects)
    assert max(subjects.values()) == 1
    assert set(traffic.answers["lamps/"]) == {200}
    assert set(traffic.answers["api/v1/search?query=lanterns"]) == {200, 503}
    assert traffic.without_retry_after == 0
    assert traffic.slowest < span.allows(6)


def _restart_in_traffic(server: postgres.Server, traffic: Traffic) -> None:
    readers = [(node, path) for node in traffic.nodes for path in ("lamps/", "api/v1/search?query=lanterns")]
    with ThreadPoolExecutor(len(readers) + 1) as several:
        work = [several.submit(traffic.read, *reader) for reader in readers] + [several.submit(traffic.write)]
        try:
            for mode in ("immediate", "fast"):
                before = len(traffic.acknowledged)
                until(lambda before=before: len(traffic.acknowledged) > before + 20)  # type: ignore[misc]
                server.stop(mode)
                missed = traffic.answers["api/v1/search?query=lanterns"][503]
                until(lambda missed=missed: traffic.answers["api/v1/search?query=lanterns"][503] > missed + 2)  # type: ignore[misc]
                server.start()
            before = len(traffic.acknowledged)
            until(lambda: len(traffic.acknowledged) > before + 20)
        finally:
            traffic.going.set()
        for one in work:
            one.result()
