"""The server follows: what has changed is found within a second, also after it was killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from allowing import within
from by_hand import page
from flask.testing import FlaskClient

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.documents import reading, storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.errors import Conflict
from kb_server.search import service, terminal
from kb_server.search.engines import Task
from kb_server.search.engines.choosing import index_of
from kb_server.search.engines.whoosh import folding
from kb_server.search.engines.whoosh.engine import WhooshEngine
from kb_server.search.expression import Wanted, Word
from kb_server.search.following import Pace, following
from kb_server.search.models import Filters, Request
from kb_server.upkeep import service as upkeep

Put = Callable[..., None]
Open = Callable[..., WhooshEngine]

TIMES = int(os.environ.get("KILLS", "5"))
PATIENCE = 120.0  # seconds, on a machine that is busy with other things
FOLLOW = """
import sys
from pathlib import Path
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.search.following import following
settings = Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2], search_engine="whoosh")
with following(Database(settings.database_url), settings):
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, search_engine="whoosh")


@pytest.fixture
def index(database: Database, settings: Settings) -> WhooshEngine:
    found = index_of(database, settings)
    assert found
    return found


def becomes(right: Callable[[], object]) -> bool:
    """Whether something becomes true before patience ends."""
    until = time.monotonic() + PATIENCE
    while not right():
        if time.monotonic() > until:
            return False
        threading.Event().wait(0.01)
    return True


@pytest.fixture
def behind(database: Database, index: WhooshEngine) -> Callable[[], int]:
    """How many changes the index is behind."""

    def run() -> int:
        with database.read() as connection:
            found: int = index.state(connection)["behind"]
            return found

    return run


@pytest.fixture
def served(database: Database, settings: Settings) -> Iterator[None]:
    with following(database, settings):
        yield


@pytest.mark.alone
@pytest.mark.usefixtures("served")
def test_a_change_is_found_within_a_second(put: Put, ask: Callable[..., object], behind: Callable[[], int]) -> None:
    put("One: a lead")
    assert becomes(lambda: not behind())
    put("Two: a lead")
    with within(1):
        assert becomes(lambda: not behind())
    assert ask("lead").total == 2  # type: ignore[attr-defined]


@pytest.mark.usefixtures("served")
def test_a_thousand_changes_are_few_commits(put: Put, behind: Callable[[], int], index: WhooshEngine) -> None:
    assert becomes(lambda: not behind())
    for start in range(0, 1_000, 50):
        put(*(f"Title {number}: a lead" for number in range(start, start + 50)))
    assert becomes(lambda: not behind())
    assert index._view
    assert index._view.count == 1_000
    assert index._view.storage.contents().generation < 20


def test_what_changed_while_nobody_followed_is_taken_in_at_the_start(
    put: Put, database: Database, settings: Settings, behind: Callable[[], int]
) -> None:
    for number in range(3):
        put(f"Title {number}: a lead")
        with following(database, settings):
            assert becomes(lambda: not behind())


def test_quiet_times_are_used_to_tidy_up(
    put: Put, database: Database, settings: Settings, index: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "SMALL", 0)
    for number in range(6):
        put(f"Title {number}: a lead")
        with database.read() as connection:
            index.apply(connection)
    assert index._view
    assert len(index._view.parts) > 4
    with following(database, settings, Pace(usual=0.001)):
        assert becomes(lambda: index._view and len(index._view.parts) == 1)


def test_a_failure_is_told_once_and_tried_again(  # noqa: PLR0913, PLR0917
    put: Put,
    database: Database,
    settings: Settings,
    behind: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    put("One: a lead")
    apply, failures = WhooshEngine.apply, iter(["no room", "no room", "no right"])

    def fail_thrice(index: WhooshEngine, *rest: object) -> None:
        if failure := next(failures, ""):
            raise OSError(failure)
        apply(index, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(WhooshEngine, "apply", fail_thrice)
    with following(database, settings, Pace(after_failure=0.001)):
        assert becomes(lambda: not behind())
    assert caplog.text.count("It will be tried again.") == 2


def test_with_the_databases_own_index_nothing_follows(database: Database, settings: Settings) -> None:
    before = threading.active_count()
    with following(database, replace(settings, search_engine="database")):
        assert threading.active_count() == before
    assert not (settings.data_dir / "search").exists()


def test_readiness_tells_how_the_index_stands(
    database: Database, settings: Settings, publish: Callable[..., str]
) -> None:
    publish(page("a", "One."))
    client: FlaskClient = create_app(settings, database).test_client()

    def state() -> dict[str, object]:
        found: dict[str, object] = client.get("/readyz").get_json()["index"]
        return found

    assert state() == {"engine": "whoosh", "documents": 1, "seq": 1, "state": "not open", "behind": 1}
    with following(database, settings):
        assert becomes(lambda: state()["state"] == "following")
        assert state()["behind"] == 0


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (OSError(28, "No space left on device", "/srv/secret"), "(No space left on device)"),
        (ValueError("/srv/secret"), "(the log tells why)"),
        (Conflict("Another process writes the index of search."), "(another process writes it)"),
    ],
)
def test_readiness_tells_when_the_index_cannot_follow_and_when_it_can_again(  # noqa: PLR0913, PLR0917
    database: Database,
    settings: Settings,
    publish: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    said: str,
) -> None:
    publish(page("a", "One."))
    client: FlaskClient = create_app(settings, database).test_client()

    def state() -> tuple[str, list[str]]:
        found = client.get("/readyz").get_json()
        return found["status"], found["problems"]

    def fail(*_: object) -> None:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(WhooshEngine, "apply", fail)
        with following(database, settings, Pace(0.001, 0.001)):
            assert becomes(lambda: state()[0] == "degraded")
            assert said in state()[1][0]
            assert "secret" not in state()[1][0]
    with following(database, settings, Pace(0.001, 0.001)):
        assert becomes(lambda: state() == ("ready", []))


def test_while_the_index_is_made_anew_the_database_answers_and_readiness_tells(
    put: Put, database: Database, settings: Settings, index: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("One: a lead")
    states: list[str] = []
    found: list[int] = []

    def entries(*_: object) -> list[object]:
        states.append(service.index_state(database, settings)["state"])
        found.append(service.search(database, settings, Request("lead")).total)
        return []

    monkeypatch.setattr("kb_server.documents.following.shown_entries", entries)
    with database.read() as connection:
        index.rebuild(connection)
    assert (states, found) == (["rebuilding"], [1])


def test_a_command_uses_the_servers_index_and_says_when_it_cannot(
    put: Put, database: Database, settings: Settings, index: WhooshEngine
) -> None:
    put("One: a lead")
    said = terminal.search(database, settings, "lead", limit=5, as_json=False)
    assert "1 result for" in said
    assert "The index of search was not used: there is none. The database answered." in said
    with database.read() as connection:
        index.apply(connection)
    assert "was not used" not in terminal.search(database, settings, "lead", limit=5, as_json=False)


def test_commands_see_an_index_that_is_of_no_use_and_make_it_anew(
    put: Put, database: Database, settings: Settings
) -> None:
    put("One: a lead")
    assert service.audit_index(database, settings) == ["The index cannot be used: there is none."]
    service.rebuild_index(database, settings)
    assert service.audit_index(database, settings) == []
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE documents SET seq = 0")
    finding = "The index holds 1 text as it was before."
    assert service.audit_index(database, settings) == [finding]
    doctor = upkeep.examine(settings, lambda _: [], lambda store: service.audit_index(store, settings))
    assert finding in next(check.finding for check in doctor if check.name == "index")


def test_searching_goes_on_while_the_index_is_written(
    put: Put, database: Database, index: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "MOST_SMALL", 1)
    put(*(f"Title {number}: a lead" for number in range(20)))
    with database.read() as connection:
        index.apply(connection)
    totals: set[int] = set()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            with database.read() as connection:
                task = Task(Wanted(Word("lead")), Filters(), 50, time.monotonic() + 60)
                totals.add(index.match(connection, task).total)

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(20):
        put(f"Title {number}: another lead")
        with database.read() as connection:
            index.apply(connection)
    over.set()
    for reader in readers:
        reader.join()
    assert totals == {20}


@pytest.mark.slow
def test_killed_at_any_moment_the_index_is_whole_afterwards(
    put: Put, opened: Open, database: Database, settings: Settings
) -> None:
    chance = random.Random(20261121)
    for time_of_it in range(TIMES):
        put(*(f"Title {number}: {time_of_it} leads" for number in range(chance.randrange(400))))
        _kill_while_following(settings, put, chance)
        _is_whole(opened, database)


def _kill_while_following(settings: Settings, put: Put, chance: random.Random) -> None:
    command = [sys.executable, "-c", FOLLOW, str(settings.data_dir), settings.database_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        for number in range(chance.randrange(4)):
            put(*(f"Title {chance.randrange(400)} {number}: leads" for number in range(100)))
            time.sleep(chance.uniform(0, 0.3))  # not a wait for something: the moment of the kill is what is tried
        process.send_signal(signal.SIGKILL)


def _is_whole(opened: Open, database: Database) -> None:
    index = opened(follow=False)
    with database.read() as connection:
        # What the kill has left is consistent, however far it goes, or there is none yet.
        assert index.audit(connection) in ([], ["The index cannot be used: there is none."])
        index.apply(connection)
        assert index.audit(connection) == []
        task = Task(Wanted(Word("lead")), Filters(), 1, time.monotonic() + 60)
        assert index.match(connection, task).total == reading.count(connection)
    assert Path(index._home.root).is_dir()


@pytest.mark.alone
@pytest.mark.slow
def test_one_changed_page_of_five_thousand_is_found_within_a_second(
    put: Put, database: Database, index: WhooshEngine
) -> None:
    texts = [
        f"Title {number}: {' '.join(f'word{(number * k) % 997}' for k in range(1, 60))}" for number in range(5_000)
    ]
    put(*texts)
    with database.read() as connection:
        index.apply(connection)
    draft = Draft("section:title-7#", "page", "title-7", "Title 7", "title-7/", "something else", (), {"lead": True})
    with database.transaction() as connection:
        storage.put(connection, [draft], analyser_for("en"))
    with within(1), database.read() as connection:
        index.apply(connection)
        assert index.match(connection, Task(Wanted(Word("someth")), Filters(), 5, time.monotonic() + 60)).total == 1
