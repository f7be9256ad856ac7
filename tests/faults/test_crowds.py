"""Many at once: after a cold start, behind slow clients, while the store does not answer."""

from __future__ import annotations

import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from by_hand import page

from kb_server.config import Settings
from kb_server.web import site as sites
from kb_server.web.build import load
from kb_server.web.serving import PIECE, Listener
from kb_server.web.site import Site

CROWD = 60


@pytest.fixture
def store_kind() -> str:
    return "sqlite"  # the kind of store makes no difference here


def test_all_who_ask_at_once_after_a_start_are_answered_from_one_look(
    settings: Settings, make_build: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build_id, begun, loads = make_build(page("a")), threading.Event(), []

    def slowly(root: Path) -> object:
        loads.append(root)
        begun.wait()
        return load(root)

    monkeypatch.setattr(sites, "load", slowly)
    site = Site(settings.data_dir / "builds", lambda: [build_id])
    with ThreadPoolExecutor(CROWD) as crowd:
        waiting = [crowd.submit(site.current) for _ in range(CROWD)]
        begun.set()
        assert {asked.result().id for asked in waiting} == {build_id}
    assert len(loads) == 1


def test_a_store_that_does_not_answer_holds_no_reader_up(
    settings: Settings, make_build: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sites, "LOOK_EVERY", 0)
    build_id, looks, answers = make_build(page("a")), [], threading.Event()

    def published() -> list[str]:
        looks.append("begun")
        answers.wait()
        looks.append("answered")
        return [build_id]

    answers.set()
    site = Site(settings.data_dir / "builds", published)
    assert site.current().id == build_id
    answers.clear()
    looks.clear()
    assert {site.current().id for _ in range(5)} == {build_id}
    assert "answered" not in looks, "nobody has waited for what comes of it"
    answers.set()
    for looking in threading.enumerate():
        if looking.name == "kb-look":
            looking.join()


def test_a_publication_is_taken_up_before_anybody_asks(settings: Settings, make_build: Callable[..., str]) -> None:
    published, seen_by = [make_build(page("a"))], queue.SimpleQueue[tuple[str, str]]()

    def looked() -> list[str]:
        seen_by.put((published[0], threading.current_thread().name))
        return published

    site = Site(settings.data_dir / "builds", looked)
    site.look()
    assert seen_by.get() == (published[0], "MainThread")
    with site.watched():
        published[0] = make_build(page("b"))
        while seen_by.get(timeout=60)[0] != published[0]:
            pass
        assert seen_by.get(timeout=60) == (published[0], "kb-look")  # so the look before is over
        assert site.recent()[0].id == published[0]


@pytest.fixture
def listener(settings: Settings) -> Iterator[Listener]:
    listener = Listener(settings, lambda _environ, _start: [])
    yield listener
    listener._server.close()
    listener._server.task_dispatcher.shutdown()


def test_a_crowd_at_the_door_is_let_in_at_one_go(listener: Listener) -> None:
    server = listener._server
    with ExitStack() as connections:
        for _ in range(CROWD):
            connections.enter_context(socket.create_connection((server.effective_host, server.effective_port)))
        server.handle_accept()
        let_in = list(server.active_channels.values())
        assert len(let_in) == CROWD
        # The system takes twice what it is asked for. Those who read slowly would have megabytes each.
        assert max(channel.sendbuf_len for channel in let_in) <= PIECE
        assert max(channel.socket.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) for channel in let_in) <= 2 * PIECE
        for channel in let_in:
            channel.handle_close()


def test_who_says_nothing_has_to_leave_though_the_clock_was_set_back(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, now, then = listener._server, time.time, time.monotonic
    with socket.create_connection((server.effective_host, server.effective_port)):
        server.handle_accept()
        server.readable()
        (silent,) = server.active_channels.values()
        monkeypatch.setattr(time, "time", lambda: now() - 24 * 3600)
        monkeypatch.setattr(time, "monotonic", lambda: then() + 60)
        server.readable()
        assert silent.will_close
        silent.handle_close()


@pytest.mark.slow
@pytest.mark.parametrize(("soft", "most", "connections"), [(1024, 4096, 2000), (256, 1024, 724), (100, 100, 50)])
def test_a_server_asks_for_the_open_files_it_needs_and_makes_do_with_those_it_gets(
    soft: int, most: int, connections: int
) -> None:
    command = [
        *("sh", "-c", f'ulimit -Sn {soft}; ulimit -Hn {most}; exec {sys.executable} -c "$0"'),
        "from kb_server.web.serving import room_for_connections; print(room_for_connections())",
    ]
    assert int(subprocess.check_output(command)) == connections
